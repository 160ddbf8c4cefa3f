"""The records as JSON, for scripts and other sites; see ``docs/exports.md``.

Pages do not have the lines of entries, which change often: the script behind "report a
mistake" reads them from a file of their own.
"""

from __future__ import annotations

import re
from typing import Any

from labsite.exports.bibtex import render_entry
from labsite.exports.collection import Collection, Site, dump, dump_array
from labsite.model.records import Publication
from labsite.site.site import SiteRecords

#: The file with the lines of entries, in the folder of the publications' pages.
LINES = "lines.json"
_VERSION = 1
_FRAGMENT_WITH_LINE = re.compile(r"#.*\{line\}.*")
#: Attributes that are exported unchanged.
_PLAIN = ("key", "entry_type", "award", "selected", "doi", "arxiv", "forthcoming")
_OF_AUTHORS = ("name", "family", "given", "particle", "suffix", "equal")


def render(collection: Collection) -> str:
    """Return the records of the publications as JSON."""
    site = collection.site
    records = collection.write_items("json", lambda p, s: dump(_record(p, s)))
    values = {
        "version": dump(_VERSION),
        "title": dump(collection.title),
        "url": dump(site.find_url(collection.page)),
        "publications": dump_array(records),
    }
    members = ",\n".join(f"{dump(name)}: {text}" for name, text in values.items())
    return f"{{{members}}}\n"


def _record(publication: Publication, site: Site) -> dict[str, Any]:
    issued, venue = publication.issued, publication.venue
    note, abstract = publication.note, publication.abstract
    return {
        **{name: getattr(publication, name) for name in _PLAIN},
        "kind": publication.kind.value,
        "title": str(publication.title),
        "authors": [
            {n: getattr(c, n) for n in _OF_AUTHORS} for c in publication.creators
        ],
        "editors": bool(publication.creators) and not publication.people("author"),
        "more_authors": publication.more_creators,
        "venue": {"name": venue.name, "short": venue.short} if venue else None,
        "year": issued.year or None,
        "month": issued.month or None,
        "date": issued.isoformat() or None,
        "topics": [
            {"slug": s, "title": site.topic_title(s)} for s in publication.topics
        ],
        "note": str(note) if note else None,
        "abstract": str(abstract) if abstract else None,
        "links": [
            {"name": link.name, "label": link.label, "url": site.find_url(link.url)}
            for link in publication.links
        ],
        "url": site.find_url(site.publication_path(publication)),
        "bibtex": render_entry(publication),
    }


def render_lines(site: SiteRecords) -> str:
    """Return the pattern of a line's address, and file and line of each entry.

    The entries are by the names of their pages.
    """
    found = [(site.slugs[p.key], p.source) for p in site.library.publications]
    entries = {name: [source.file, source.line] for name, source in found}
    return dump({"address": site.settings.source_url, "entries": entries}) + "\n"


def file_address(pattern: str, file: str) -> str:
    """Return the address of a whole file by the pattern of the address of a line."""
    address = _FRAGMENT_WITH_LINE.sub("", pattern).replace("{line}", "1")
    return address.replace("{file}", file)
