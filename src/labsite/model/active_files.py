"""Files that are code where they are published: browsers or servers run them."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

from labsite.model.files import decode_text

if TYPE_CHECKING:
    from pathlib import Path

#: Suffixes of documents that browsers show with their scripts, and of what some servers
#: run, or obey.
PROGRAMS = {
    ".htm", ".html", ".shtml", ".xht", ".xhtml", ".mht", ".mhtml", ".svgz", ".xsl",
    ".xslt", ".hta", ".asp", ".aspx", ".cgi", ".jsp", ".phar", ".php", ".phtml",
}  # fmt: skip
SETTINGS = {".htaccess", ".user.ini"}
#: Suffixes of XML, which browsers show with its scripts.
MARKUP = {
    ".atom", ".gpx", ".kml", ".mml", ".rdf", ".rss", ".smil", ".svg", ".wsdl", ".xml",
    ".xsd", ".xspf",
}  # fmt: skip
#: Elements and attributes that run scripts, other formats, and what a document type
#: declares, which may be either, but for the names of namespaces of Illustrator.
_ACTIVE = re.compile(
    r"<(?:[^\s<>/:]+:)?(?:script|foreignObject|iframe|html)\b|\son\w+\s*=|"
    r"<\?xml-stylesheet|<!ATTLIST|"
    r"<!ENTITY\s(?!\s*[\w.-]+\s+(?:\"https?://[\w./-]*\"|'https?://[\w./-]*')\s*>)",
    re.IGNORECASE,
)

#: Parts of addresses that run scripts, and of the namespace of HTML.
_ADDRESSES = ("javascript:", "www.w3.org/1999/xhtml")


def is_active(path: Path) -> bool:
    """Return whether a browser or a server runs what is in a file.

    :raises OSError: if it cannot be read
    """
    suffix = path.suffix.lower()
    if suffix not in MARKUP:
        return suffix in PROGRAMS or path.name in SETTINGS
    data = path.read_bytes()
    text = decode_text(data, "")[0]
    # Browsers ignore white space in addresses.
    address = re.sub(r"\s", "", unescape(text)).lower()
    return (
        bool(_ACTIVE.search(text))
        or any(word in address for word in _ADDRESSES)
        or b"\x1b" in data  # ISO-2022-JP, where it may split a word
    )
