"""The values of single fields: identifiers, addresses, lists of tokens.

Every function takes the text of a field and returns its meaning, or ``None`` where it
has none that can be used; saying so to the author is the caller's task.
"""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from labsite.text.latex import decode_verbatim

#: The DOI Handbook, 2.2: a prefix "10." and a registrant, a slash, any suffix; or a
#: short DOI of https://shortdoi.org.
_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/[^\s\\{}]+|10/[a-z0-9]{3,10}")
_DOI_ADDRESS = re.compile(
    r"(?:(?:https?://)?(?:dx\.|www\.)?doi\.org/|doi:\s*)", re.IGNORECASE
)
#: Both schemes of https://info.arxiv.org/help/arxiv_identifier.html.
_ARXIV = re.compile(
    r"(?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?", re.ASCII
)
_ARXIV_VERSION = re.compile(r"v\d+$", re.ASCII)
_ARXIV_CLASS = re.compile(r"\s*\[[\w.-]+\]$")
_ARXIV_ADDRESS = re.compile(
    r"(?:(?:https?://)?(?:[\w-]+\.)*(?:arxiv\.org/(?:abs|pdf|html)|alphaxiv\.org/abs"
    r"|huggingface\.co/papers)/|abs/"
    r"|(?:https?://doi\.org/)?10\.48550/arxiv\.|arxiv:\s*)",
    re.IGNORECASE,
)
#: A link in HTML, which pages of publications leave.
_ANCHOR = re.compile(
    r"""[^<>]{0,20}<a\s[^<>]*?href=["']([^"'<>]+)["'][^<>]*>.*""", re.DOTALL
)
#: What no address may hold: white space, controls, signs of direction, delimiters.
_FORBIDDEN = re.compile(
    r"[\x00-\x20\x7f-\xa0\\<>\"{}|^`\u2000-\u200f\u2028-\u202f\u2066-\u2069]"
)
#: What stands in an address only as its percent-encoding (RFC 3986, 2.1).
_ENCODED = str.maketrans({"|": "%7C", "^": "%5E"})


def parse_doi(text: str) -> str | None:
    """Return the bare DOI in *text*, which may be written as an address."""
    bare = decode_verbatim(text)
    address = _DOI_ADDRESS.match(bare)
    bare = unquote(bare[address.end() :]) if address else bare
    return bare if _DOI.fullmatch(bare) else None


def parse_arxiv(text: str) -> str | None:
    """Return the bare arXiv identifier in *text*, which may be an address."""
    bare = _ARXIV_CLASS.sub("", decode_verbatim(text))
    address = _ARXIV_ADDRESS.match(bare)
    bare = bare[address.end() :].removesuffix(".pdf") if address else bare
    return bare if _ARXIV.fullmatch(bare) else None


def without_version(arxiv: str) -> str:
    """Return a bare arXiv identifier without the version of the preprint."""
    return _ARXIV_VERSION.sub("", arxiv)


def parse_address(text: str) -> str | None:
    """Return *text* as an address a page may link to.

    That is an absolute ``http`` or ``https`` address, or the path of a file below the
    site's root. Any other scheme (``javascript:``, ``data:``) is refused, and so is a
    path that leaves the site.
    """
    url = decode_verbatim(_ANCHOR.sub(r"\1", text)).translate(_ENCODED)
    if _FORBIDDEN.search(url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme.lower() in {"http", "https"}:
        return url if parts.hostname else None
    local = not parts.scheme and not parts.netloc and parts.path
    escapes = ".." in unquote(parts.path).split("/") or ":" in url
    return (
        url.lstrip("/") if local and not url.startswith("//") and not escapes else None
    )


def parse_tokens(text: str) -> tuple[str, ...]:
    """Return the tokens of a comma-separated field, in order, each once."""
    tokens = (token.strip() for token in re.split(r"[,;]", text))
    return tuple(dict.fromkeys(token for token in tokens if token))


def parse_flag(text: str) -> bool:
    """Return the truth of a field such as ``selected``."""
    return text.strip().lower() in {"true", "yes", "1"}
