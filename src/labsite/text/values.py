"""Parse the values of fields: identifiers, addresses, pages, languages, tokens.

A parser returns ``None`` for an invalid value; the caller reports it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from urllib.parse import quote, unquote, urlsplit

from babel import Locale
from babel.core import get_global

from labsite.model.dates import LANGUAGES
from labsite.model.records import Publication
from labsite.model.tables import by_name, read_table
from labsite.text.latex import decode_plain, decode_verbatim

#: The DOI Handbook, 2.2: a prefix "10." and a registrant, a slash, any suffix; or a
#: short DOI of https://shortdoi.org.
_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/[^\s\\{}\x00-\x1f\x7f]+|10/[a-z0-9]{3,10}")
_DOI_ADDRESS = re.compile(
    r"(?:(?:https?://)?[\w.-]{0,99}\bdoi\b[\w.-]{0,99}/|(?:(?:info|urn):)?doi[:/]?\s*)",
    re.IGNORECASE,
)
#: A DOI and no more: what follows "?" or "#" is not of it, unless it has "<" in it.
_DOI_LINK = re.compile(
    r"(?i)\s*(?:https?://(?:dx\.|www\.)?doi\.org/|doi:)?10\.\d(?:[^?#]*|[^<]*<.*)\Z"
)
#: A page at a publisher, as https://dl.acm.org/doi/10.1145/3589258.
_DOI_PAGE = re.compile(
    r"\Ahttps?://[\w.-]{1,99}/doi/(?:(?:abs|book)/)?"
    r"(10\.[^/]+/[^/?#]+)(?<!\.full)(?<!\.pdf)(?:[?#].*)?\Z"
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
#: A link in HTML, copied from a list of publications.
_ANCHOR = re.compile(
    r"""[^<>]{0,20}<a\s[^<>]*?href=["']([^"'<>]+)["'][^<>]*>.*""", re.DOTALL
)
#: Another address, or another DOI, in the same field.
_SECOND = re.compile(r"[;,]?\s{1,9}https?://.*", re.DOTALL)
_SECOND_DOI = re.compile(
    r"(?<=\S)[;,]?\s{1,9}(?:https?://|doi:|10\.\d).*|(?<![.,;])[.,;]+$"
)
#: White space, control and direction characters, delimiters: not in addresses.
_FORBIDDEN = re.compile(
    r"[\x00-\x20\x7f-\xa0\\<>\"{}|^`\u2000-\u200f\u2028-\u202f\u2066-\u2069]"
)
#: What separates languages, and ranges of pages.
_LIST_ENDS = re.compile(r"\s*(?:[,;&]|\band\b)\s*")
#: In Korean and Japanese: 117~125. LaTeX reads it as a space. Other hyphens of
#: {A-1}-{A-5} are parts of the numbers.
_DASH = re.compile(r"(?<=\d)\s*(?:~|\$\\sim\$|\\sim\b)\s*(?=\d)|(?<=\})-(?=\{)")
#: In English and German; the Astrophysics Data System repeats an arXiv identifier.
_PREFIX = re.compile(
    r"^(?:(?:pp?\.|S\.(?!.*S\.))\s*|pages?\s+|arXiv:.*)", re.IGNORECASE
)
#: Two pages, or one; a single hyphen can be part of one page number: "A-12".
_RANGE = re.compile(
    r"([A-Za-z]{0,2}\d[\w:.]*)\s*[-\u2010\u2011]\s*([A-Za-z]{0,2}\d[\w:.]*)|"
    r"(.*?)\s*(?:-{2,}|[\u2012-\u2015\u2212\u223c\u301c\uff5e])\s*(.*)|(.+)"
)
_CODE = 3  #: letters of a language's code in ISO 639-2
_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2}(?:[-_][A-Za-z0-9]{2,8})*")
#: Names of languages in babel -> their tags.
_LANGUAGES = by_name(read_table(__file__, "languages.toml"))
#: Letters of scripts other than Latin and Greek, and languages that are written so.
_OTHER_SCRIPTS = "[\u0400-\u1cff\u2e80-\ud7ff]"  # takes long to compile
_NOT_LATIN = {"ar", "bg", "fa", "he", "hi", "ja", "ko", "ru", "sr", "th", "uk", "zh"}
#: Characters that addresses have percent-encoded (RFC 3986, 2.1).
_ENCODED = str.maketrans({"|": "%7C", "^": "%5E"})


def parse_doi(text: str) -> str | None:
    """Return the bare DOI in *text*, which can be an address; the first of several."""
    bare = _DOI_PAGE.sub(r"\1", decode_verbatim(text))
    address = _DOI_ADDRESS.match(bare)
    if address:
        bare, _, _query = bare[address.end() :].partition("?")
    bare = _SECOND_DOI.sub("", unquote(bare))
    return bare if _DOI.fullmatch(bare) else None


def find_doi(url: str) -> str | None:
    """Return the bare DOI if a field of addresses has no more than that."""
    return parse_doi(url) if _DOI_LINK.match(url) else None


def doi_address(doi: str) -> str:
    """Return the address of a bare DOI."""
    return f"https://doi.org/{quote(doi, '/:;()')}"


def parse_arxiv(text: str) -> str | None:
    """Return the bare arXiv identifier in *text*, which can be an address."""
    bare = _ARXIV_CLASS.sub("", decode_verbatim(text))
    address = _ARXIV_ADDRESS.match(bare)
    bare = bare[address.end() :].removesuffix(".pdf") if address else bare
    return bare if _ARXIV.fullmatch(bare) else None


def without_version(arxiv: str) -> str:
    """Return an arXiv identifier without its version."""
    return _ARXIV_VERSION.sub("", arxiv)


def parse_address(text: str) -> str | None:
    """Return the address in *text* if a page may link to it.

    That is an address with ``http`` or ``https``, or the path of a file below the root
    of the site. Other schemes (``javascript:``, ``data:``) are refused. Of several
    addresses, the first one is returned. A DOI has "<" in it, which addresses have not.
    """
    if doi := find_doi(text):
        return doi_address(doi)
    url = decode_verbatim(_SECOND.sub("", _ANCHOR.sub(r"\1", text)))
    url = re.sub(r"^(?=www\.)", "http://", url.strip("<>")).translate(_ENCODED)
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
    refused = not local or url.startswith("//") or escapes
    return None if refused else url.lstrip("/")


def parse_pages(latex: str) -> tuple[tuple[str, ...], ...]:
    """Return the first and the last page of each range, or a single page."""
    text = _PREFIX.sub("", decode_plain(_DASH.sub("--", latex)))
    ranges = filter(None, map(_RANGE.fullmatch, _LIST_ENDS.split(text)))
    return tuple(tuple(filter(None, found.groups())) for found in ranges)


def parse_tokens(text: str) -> tuple[str, ...]:
    """Return the tokens of a comma-separated field, without duplicates."""
    tokens = (token.strip() for token in re.split(r"[,;]", text))
    return tuple(dict.fromkeys(token for token in tokens if token))


def parse_flag(text: str) -> bool:
    """Return the value of a flag such as ``selected``."""
    return text.strip().lower() in {"true", "yes", "1"}


@cache
def language_tag(name: str) -> str | None:
    """Return the tag of a language by its name in it, in English, babel or biblatex."""
    name = name.strip()
    word = name.lower().removeprefix("lang")
    tag = name.replace("_", "-") if _LANGUAGE_TAG.fullmatch(name) else None
    # Libraries have codes of three letters, such as "kor".
    code = get_global("language_aliases").get(word) if len(word) == _CODE else None
    known = _LANGUAGES.get(word) or _english_names().get(word) or code or tag
    return known or _own_names().get(word)


def find_language(*lists: str | None) -> str | None:
    """Return the tag of the first known language in lists of names."""
    names = filter(None, _LIST_ENDS.split(", ".join(filter(None, lists))))
    return next(filter(None, map(language_tag, names)), None)


def language_of(publication: Publication, usual: str) -> str | None:
    """Return the language tag of a publication; the *usual* one if it names none.

    It is ``None`` if the publication names an unknown language, or if its title is not
    in the script of the usual language.
    """
    if publication.language or publication.field("langid", "language"):
        return publication.language
    title = str(publication.title)
    is_latin = title.isascii() or not re.search(_OTHER_SCRIPTS, title)
    return usual if is_latin != (usual[:2] in _NOT_LATIN) else None


@cache
def _english_names() -> Mapping[str, str]:
    names: Mapping[str, str] = Locale("en").languages
    return {name.lower(): code.replace("_", "-") for code, name in names.items()}


@cache
def _own_names() -> Mapping[str, str]:
    locales = map(Locale.parse, LANGUAGES)
    return {str(each.language_name).lower(): each.language for each in locales}
