"""What data say is shown as they say it."""

from __future__ import annotations

from docutils import nodes
from sphinx.transforms import SphinxTransform


class ExactTextTransform(SphinxTransform):
    """Keep typographic quotes out of text that comes from data.

    Such text is marked ``translatable=False`` already. A title must be the same on its
    page, in the metadata and in every export; quotes that Sphinx curls on pages alone
    would make it two.
    """

    # Before SphinxSmartQuotes at 750.
    default_priority = 740

    def apply(self, **_kwargs: object) -> None:
        """Mark every element of such text."""
        for element in self.document.findall(_is_data):
            for part in element.findall(nodes.TextElement):
                part["support_smartquotes"] = False


def _is_data(node: nodes.Node) -> bool:
    return isinstance(node, nodes.TextElement) and node.get("translatable") is False
