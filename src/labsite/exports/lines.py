"""The places of entries, for the script behind "report a mistake", as JSON.

``address`` is the pattern of the address of a line, and ``entries`` has the file and
the line by the name of the page. Pages do not have the lines, which change often.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from labsite.exports.collection import dump

if TYPE_CHECKING:
    from labsite.site.site import SiteRecords

#: In the folder of the publications' pages.
NAME = "lines.json"
_FRAGMENT_WITH_LINE = re.compile(r"#.*\{line\}.*")


def render(site: SiteRecords) -> str:
    """Return the places of all entries as JSON."""
    entries = {
        site.slugs[publication.key]: [publication.source.file, publication.source.line]
        for publication in site.library.publications
    }
    return dump({"address": site.settings.source_url, "entries": entries}) + "\n"


def file_address(pattern: str, file: str) -> str:
    """Return the address of a whole file by the pattern of the address of a line."""
    address = _FRAGMENT_WITH_LINE.sub("", pattern).replace("{line}", "1")
    return address.replace("{file}", file)
