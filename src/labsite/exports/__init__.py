"""Export formats, all made from the same records.

:data:`FORMATS` are those of lists; a format is a module with the function ``render``.
:func:`labsite.exports.bibtex.render_entry`, :mod:`labsite.exports.json_ld` and
:mod:`labsite.exports.highwire` export a single publication.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from labsite.exports import bibtex, csl_json, feeds, records_json, ris
from labsite.exports.collection import Collection, Site
from labsite.site.site import SiteRecords

__all__ = ["FORMATS", "Collection", "Format", "Site", "made_files"]


class Format(NamedTuple):
    """An export format of lists of publications."""

    name: str  #: in ``labsite export --format``
    label: str  #: of links
    suffix: str  #: added to :attr:`Collection.path`
    media_type: str
    meaning: str  #: for the documentation
    render: Callable[[Collection], str]
    #: Matches each citation key in a file; ``None`` if it has the newest ones only, so
    #: that ``labsite export`` does not write it.
    key_pattern: str | None = None


#: In the order of links. ``docs/exports.md`` has a table of them.
FORMATS = (
    Format("bibtex", "BibTeX", ".bib", "application/x-bibtex",
           "each entry on its own: macros and inherited fields are written out",
           bibtex.render, r"^@[\w:.+-]+\{([^\s,]+),$"),
    Format("ris", "RIS", ".ris", "application/x-research-info-systems",
           "RIS, for reference managers; `ID` is the citation key",
           ris.render, "^ID  - (.*)$"),
    Format("csl-json", "CSL-JSON", ".csl.json", csl_json.MEDIA_TYPE,
           "CSL-JSON, for citation processors; `id` is the citation key",
           csl_json.render, '"id": "([^"]+)"'),
    Format("json", "JSON", ".json", "application/json",
           "the records of this engine: see [JSON](#json)",
           records_json.render, '"key": "([^"]+)"'),
    Format("atom", "Atom feed", feeds.SUFFIX, feeds.MEDIA_TYPE,
           "a feed of the newest publications", feeds.render),
)  # fmt: skip


def made_files(site: SiteRecords) -> frozenset[str]:
    """Return the paths of the pages and exports that a build makes from records."""
    papers = [site.docname(p) for p in site.library.publications]
    pages = [*site.pages, *(page for page, _paper in site.earlier_pages())]
    exported = site.exported.values()
    lists = [f"{each.exports}{form.suffix}" for each in exported for form in FORMATS]
    found = [f"{page}.html" for page in pages]
    return frozenset([*found, *lists, *(f"{paper}.bib" for paper in papers)])
