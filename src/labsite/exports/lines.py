"""Where each publication's entry stands, for the script behind "report a mistake".

The file is an object: ``address`` is the address of a line of a data file, with
``{file}`` and ``{line}`` in it, and ``entries`` gives file and line (1-based) by the
name of the publication's page. The pages do not say it themselves, since an entry that
is added moves all that stand below.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from labsite.exports.collection import dump

if TYPE_CHECKING:
    from labsite.site.site import SiteRecords

#: Beside the publications' pages.
NAME = "lines.json"
_FRAGMENT_WITH_LINE = re.compile(r"#.*\{line\}.*")


def render(site: SiteRecords) -> str:
    """Return the place of every entry."""
    entries = {
        site.slugs[publication.key]: [publication.source.file, publication.source.line]
        for publication in site.library.publications
    }
    return dump({"address": site.source_url, "entries": entries}) + "\n"


def leads_to_line(pattern: str) -> bool:
    """Tell whether addresses of this pattern say the line."""
    return "{line}" in pattern


def file_address(pattern: str, file: str) -> str:
    """Return the address of a data file as a whole.

    :param pattern: the address of a line, with ``{file}`` and ``{line}``
    """
    address = _FRAGMENT_WITH_LINE.sub("", pattern).replace("{line}", "1")
    return address.replace("{file}", file)
