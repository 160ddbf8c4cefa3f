"""The records themselves as JSON, for scripts and for other sites.

The file is an object:

``version``
    1. It grows when a reader of the old form would go wrong; new names may be added
    without that.
``title``, ``url``
    What the list is called, and the page that shows it.
``publications``
    An array of objects, newest first. Every name is always there: what is unknown is
    ``null``, none of many is ``[]``. Text is plain Unicode, addresses are absolute.

A publication has ``key``, ``kind``, ``entry_type``, ``title``, ``authors`` (each with
``name``, ``family``, ``given``, ``particle``, ``suffix``, ``equal``), ``editors`` (true
if these are editors), ``more_authors`` (true if the list is not complete), ``venue``
(``name``, ``short``), ``year``, ``month``, ``date`` (ISO 8601 with the known parts),
``forthcoming`` (the entry says that it is still to appear), ``topics`` (``slug``,
``title``), ``award``, ``selected``, ``note``, ``abstract``, ``doi``, ``arxiv``,
``links`` (``name``, ``label``, ``url``), ``url`` (its page) and ``bibtex``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from labsite.exports.bibtex import render_entry
from labsite.exports.collection import dump, dump_array

if TYPE_CHECKING:
    from typing import Any

    from labsite.exports.collection import Collection, Site
    from labsite.model.records import Publication

_VERSION = 1
#: What is given as the record has it.
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
            {name: getattr(creator, name) for name in _OF_AUTHORS}
            for creator in publication.creators
        ],
        "editors": bool(publication.creators) and not publication.people("author"),
        "more_authors": publication.more_creators,
        "venue": {"name": venue.name, "short": venue.short} if venue else None,
        "year": issued.year or None,
        "month": issued.month or None,
        "date": issued.isoformat() or None,
        "topics": [
            {"slug": slug, "title": site.topic_title(slug)}
            for slug in publication.topics
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
