"""Read the identifiers of people at other sites, and make links of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import quote, unquote

from labsite.model.problems import Rule
from labsite.model.records import Link
from labsite.model.tables import read_table
from labsite.pages.front_matter import Fields
from labsite.text.values import parse_address


class Site(NamedTuple):
    """A site that has a page for each person."""

    name: str  #: the field of the front matter
    label: str
    address: str  #: a page's address, with ``{}`` for the identifier
    prefix: re.Pattern[str]  #: before the identifier in an address
    identifier: re.Pattern[str]
    example: str


def _read_sites() -> Iterator[Site]:
    flags = re.IGNORECASE | re.ASCII
    for name, row in read_table(__file__, "profiles.toml").items():
        prefix = re.compile(rf"(?:https?://)?(?:www\.)?{row['prefix']}", flags)
        identifier = re.compile(row["identifier"])
        yield Site(**{**row, "name": name, "prefix": prefix, "identifier": identifier})


#: In the order of a person's links, after the homepage.
SITES = tuple(_read_sites())
#: An address in the Fediverse: "@name@mastodon.example".
_FEDIVERSE = re.compile(r"@?([\w.-]+)@([A-Za-z0-9.-]+)")


def read_profiles(fields: Fields) -> Iterator[Link]:
    """Yield the links of a person: the homepage, pages at known sites, others."""
    yield from read_link(fields, "homepage", "Homepage", fields.text("homepage"))
    for site in SITES:
        text = fields.text(site.name)
        identifier = parse_identifier(site, text) if text else None
        if identifier:
            url = site.address.format(quote(identifier, safe="/=@:"))
            yield Link(name=site.name, label=site.label, url=url)
        elif text:
            form = f"the identifier, like {site.example}, or the page's address"
            form += " (a digit may be wrong)" if site.name == "orcid" else ""
            message = f"'{text}' is not a valid {site.label} identifier; write {form}"
            fields.report(Rule.BAD_PROFILE, message, site.name)
    for label, text in fields.pairs("links", "GitLab: https://…"):
        yield from read_link(fields, "links", label, text)


def read_link(
    fields: Fields, name: str, label: str, text: str | None
) -> Iterator[Link]:
    """Yield a link with an absolute address, if any; report another one."""
    url = parse_address(text or "") or ""
    if url.lower().startswith(("http://", "https://")):
        yield Link(name=name, label=label, url=url)
    elif text:
        message = f"'{text}' is not an address; write https://…"
        fields.report(Rule.BAD_URL, message, name)


def parse_identifier(site: Site, text: str) -> str | None:
    """Return the identifier in *text*, which may be a page's address; else ``None``."""
    if site.name == "mastodon":
        text = _FEDIVERSE.sub(r"\2/@\1", text)
    address, bare = site.prefix.match(text), text
    if address:
        bare = unquote(re.split("[?&#]", text[address.end() :])[0])
        bare = bare.rstrip("/").removesuffix(".html")
    bare = bare.upper() if site.name == "orcid" else bare.removeprefix("@")
    known = site.identifier.fullmatch(bare)
    return bare if known and (site.name != "orcid" or _is_orcid(bare)) else None


def _is_orcid(identifier: str) -> bool:
    """Check the last character by ISO/IEC 7064, MOD 11-2, with "X" for ten."""
    digits = map("0123456789X".index, reversed(identifier.replace("-", "")))
    return sum(digit << place for place, digit in enumerate(digits)) % 11 == 1
