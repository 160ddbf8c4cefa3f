"""Detect the format of pasted records, and convert them to BibTeX.

Formats other than BibTeX are converted to CSL-JSON first, and that to BibTeX by
:mod:`labsite.editing.csl`. Identifiers and addresses are looked up by the caller.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import unescape
from typing import Any

from labsite.editing import csl
from labsite.editing.csl import at, list_at, read_date, text_at
from labsite.editing.identifiers import Identifiers, parse_identifier
from labsite.text.values import parse_doi

#: In round brackets only with a key, unlike "jane@lab (office)".
_ENTRY = r"@[ \t]*(?!(?:string|comment|preamble)\b)[A-Za-z]+\s*(?:\{|\((?=[^\s()]*,))"
_BEGINNING = re.compile(_ENTRY, re.IGNORECASE)
_IDENTIFIER = re.compile(
    r"https?://[^\s\"<>{}|]+|(?<![\w.-])(?:[\w-]+\.)*(?:doi|arxiv)\.org/[^\s\"<>{}|]+"
    r"|arxiv:\s*[\w./-]+|(?<![\w.])10\.\d{4,9}/[^\s\"<>{}|]+",
    re.IGNORECASE,
)
#: An address that leads deeper than the home page of a lab or a person.
_DEEP = re.compile(r"https?://[^/]+/[^~]")
#: A word with a letter or a number of arXiv, unlike the mark of an item of a list.
_WORD = re.compile(r"[^\W\d_]|\d{4}")
_BEHIND = ".,;:'\u2019\u201d)]"  #: what follows an address in a text
#: A meta element, and its attributes.
_META = re.compile(r"<meta\s[^<>]*>", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    r"\b(name|content)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'<>]+))", re.IGNORECASE
)
#: Property of CSL -> the tags of RIS, EndNote and PubMed for it, and the names of meta
#: tags by which pages describe their papers to search engines (Highwire's).
_NAMES = {
    "type": ("TY", "0", "PMID", ""),
    "author": ("AU A1", "A", "FAU CN", "author authors"),
    "editor": ("ED A2", "E", "FED ED", "editor"),
    "translator": ("A4", "?", "", ""),
    "title": ("TI T1", "T", "TI", "title"),
    "container-title": ("T2 JO JF BT", "B J", "JT",
                        "journal_title conference_title conference inbook_title"),
    "chapter-number": ("SE", "&", "", ""),
    "collection-title": ("T3", "S", "", ""),
    "collection-number": ("SV", "", "", ""),
    "edition": ("ET", "7", "", ""),
    "genre": ("M3", "9", "", ""),
    "language": ("LA", "G", "LA", "language"),
    "issued": ("PY Y1", "D", "DP", "publication_date date year"),
    "day": ("DA", "8", "", "online_date cover_date"),
    "volume": ("VL", "V", "VI", "volume"),
    "issue": ("IS", "N", "IP", "issue"),
    "number": ("C7 AR", "", "", "technical_report_number"),
    "page": ("SP", "P", "PG", "firstpage"),
    "last": ("EP", "", "", "lastpage"),
    "DOI": ("DO ID", "R", "LID AID", "doi"),
    "abstract": ("AB N2", "X", "AB", "abstract"),
    "publisher": ("PB", "I", "",
                  "publisher dissertation_institution technical_report_institution"),
    "URL": ("UR", "U", "", ""),
}  # fmt: skip
_ROLES = ("author", "editor", "translator")
_RIS, _ENDNOTE, _PUBMED, _HIGHWIRE = (
    {name: prop for prop, columns in _NAMES.items() for name in columns[n].split()}
    for n in range(4)
)
_HIGHWIRE_TYPES = {"journal_title": "jour", "dissertation_institution": "thes",
                   "technical_report_institution": "rprt"}  # fmt: skip
#: Format, the beginning of a record, a tag, and the property of each tag.
_TAGGED = (
    ("RIS", r"TY {1,2}-", r"^([A-Z][A-Z0-9]) {1,2}-", _RIS),
    ("EndNote", r"%0 ", r"^%(\S)", _ENDNOTE),
    ("PubMed", r"PMID ?-", r"^([A-Z]{2,4}) *-", _PUBMED),
)
#: Empty lines, also before fields, but not within an abstract.
_BETWEEN_RECORDS = re.compile(r"\n[ \t]*\n(?=%\S |[A-Z][A-Z0-9]{1,3} *-)")
_DOI_IN_SCRIPT = re.compile(r'"doi"\s*:\s*"(10\.[^"\\\s]+)"', re.IGNORECASE)


def read_pastes(text: str) -> list[tuple[str, str | Identifiers]]:
    r"""Return BibTeX of the records, or the identifiers, in *text*.

    Before each is the format that was detected, e.g. "RIS". Lines end in ``\n``.
    """
    if _BEGINNING.search(text):
        return [("BibTeX", text)]
    if items := _read_json(text):
        return [("CSL-JSON", _bibtex(items))]
    for what, beginning, tag, tags in _TAGGED:
        if re.search(f"^{beginning}", text, re.MULTILINE):
            return [(what, _bibtex(_read_tagged(text, tag, tags)))]
    return [(wanted.what, wanted) for wanted in _find_wanted(text)]


def _find_wanted(text: str) -> list[Identifiers]:
    """Return the DOIs, arXiv identifiers and addresses of papers in any text.

    In lines that have nothing else they need no mark, such as "arXiv:". Beside others,
    an address is that of a paper only in such a line.
    """
    certain: dict[Identifiers, bool] = {}
    for line in text.split("\n"):
        words = [*filter(_WORD.search, re.split(r"[\s,;<>]+", line))]
        is_list = all(parse_identifier(w) or w.startswith("http") for w in words)
        if not is_list:
            words = [found[0] for found in _IDENTIFIER.finditer(line)]
        for word in map(_without_end, words):
            if found := parse_identifier(word):
                certain[found] = True
            elif "://" in word:
                certain[Identifiers(address=word)] = bool(is_list and _DEEP.match(word))
    return [each for each, sure in certain.items() if sure or len(certain) == 1]


def _without_end(address: str) -> str:
    """Return an address in a text without the signs behind it."""
    bare = address.rstrip(_BEHIND)
    # A DOI such as 10.1016/0000-0000(90)90000-0.
    unclosed = bare.count("(") > bare.count(")")
    return bare + ")" * (unclosed and address[len(bare) :].startswith(")"))


def _read_json(text: str) -> Sequence[Mapping[str, Any]]:
    """Return the items of CSL-JSON, or of an answer of Crossref."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return []
    found = at(found, "message") or found
    items = [i for i in list_at(at(found, "items") or found) if isinstance(i, dict)]
    # Data of other schemas may still have a DOI.
    usual = {"author", "editor", "issued"}
    return items if any(item.keys() & usual for item in items) else []


def _bibtex(items: Iterable[Mapping[str, Any]]) -> str:
    return "\n\n".join(
        csl.to_bibtex(item, f"record{number}") for number, item in enumerate(items, 1)
    )


def _read_tagged(
    text: str, tag: str, names: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    """Yield records as items of CSL; *names* has the property of each tag."""
    records: list[defaultdict[str, list[str]]] = []
    for block in _BETWEEN_RECORDS.split(text):
        _, *parts = re.split(tag, block, flags=re.MULTILINE)
        found = [names.get(mark, "") for mark in parts[::2]]
        fields = [*zip(found, parts[1::2], strict=True)]
        if names is _ENDNOTE and "type" in found:  # it need not be the first
            fields.insert(0, fields.pop(found.index("type")))
        for name, value in fields:
            if name == "type":
                records.append(defaultdict(list))
            if records:
                records[-1][name].append(value)
    return (_make_item(record, inverted=names is not _ENDNOTE) for record in records)


def _make_item(
    record: Mapping[str, Sequence[str]], *, inverted: bool = False
) -> dict[str, Any]:
    """Return the values of each property as an item of CSL; see :func:`_names`."""
    texts = {name: text_at([*map(str.strip, v)]) for name, v in record.items()}
    dois = (text.replace("[doi]", "").strip() for text in record.get("DOI", ()))
    pages = (texts.get(name) for name in ("page", "last"))
    dates = (*record.get("issued", ()), *record.get("day", ()))
    # PubMed has a number instead of a type.
    word = "jour" if texts["type"].isdecimal() else texts["type"].casefold()
    return {
        **texts,
        "type": word,
        "DOI": next(filter(None, map(parse_doi, dois)), ""),
        "page": "-".join(filter(None, pages)),
        **{role: [*_names(record.get(role, ()), inverted)] for role in _ROLES},
        "issued": {"date-parts": [read_date(*dates)]},
    }


def _names(texts: Sequence[str], inverted: bool) -> Iterator[str | dict[str, str]]:
    """Yield names as in BibTeX, and those of organizations as in CSL.

    In RIS, which has *inverted* names, one without a comma is an organization's, but
    for tools that write people "Given Family" throughout. EndNote marks an organization
    by a comma at the end.
    """
    names = [" ".join(name.split()) for name in ";".join(texts).split(";")]
    names = [*filter(None, names)]
    inverted &= len(names) == 1 or any("," in name[:-1] for name in names)
    for name in names:
        if (inverted and "," not in name[:-1]) or name.endswith(","):
            yield {"literal": name.rstrip(" ,")}
        else:
            yield name


def read_web_page(page: str, address: str) -> dict[str, Any]:
    """Return the paper that the page at an address describes as an item of CSL."""
    texts: defaultdict[str, list[str]] = defaultdict(list)
    for element in _META.findall(page):
        found = {n.lower(): "".join(v) for n, *v in _ATTRIBUTE.findall(element)}
        name = found.get("name", "").lower().removeprefix("citation_")
        if name in _HIGHWIRE and (content := unescape(found.get("content", ""))):
            texts[name].append(content)
    # It says the year of a meeting, but not its month.
    texts["online_date"] = [text[:4] for text in texts["online_date"]]
    record: dict[str, list[str]] = {}
    for name, values in texts.items():
        record.setdefault(_HIGHWIRE[name], values)
    types = (word for name, word in _HIGHWIRE_TYPES.items() if name in texts)
    item = _make_item({**record, "type": [next(types, "conf")]})
    in_script = _DOI_IN_SCRIPT.search(page)
    item["DOI"] = item["DOI"] or (in_script[1] if in_script else "")
    return {**item, "URL": address}
