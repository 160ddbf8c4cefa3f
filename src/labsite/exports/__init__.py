"""The forms other programs read, each made from the same records.

:data:`FORMATS` are those of a whole list. A single publication's forms are
:func:`labsite.exports.bibtex.render_entry`, :mod:`labsite.exports.json_ld` and
:mod:`labsite.exports.highwire`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from labsite.exports import bibtex, csl_json, feeds, records_json, ris
from labsite.exports.collection import Collection, Site

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["FORMATS", "Collection", "Format", "Site"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A form in which a list of publications can be had."""

    name: str  #: short and stable, for configuration
    label: str  #: what a reader sees
    suffix: str  #: follows :attr:`Collection.path`; begins with a dot
    media_type: str
    render: Callable[[Collection], str]
    needs_site: bool = False  #: says nothing without the site's addresses

    def path(self, collection: Collection) -> str:
        """Return the address of the list in this form, relative to the site's root."""
        return collection.path + self.suffix


#: In the order in which they are offered.
FORMATS = (
    Format(
        name="bibtex",
        label="BibTeX",
        suffix=".bib",
        media_type="application/x-bibtex",
        render=bibtex.render,
    ),
    Format(
        name="ris",
        label="RIS",
        suffix=".ris",
        media_type="application/x-research-info-systems",
        render=ris.render,
    ),
    Format(
        name="csl-json",
        label="CSL-JSON",
        suffix=".csl.json",
        media_type="application/vnd.citationstyles.csl+json",
        render=csl_json.render,
    ),
    Format(
        name="json",
        label="JSON",
        suffix=".json",
        media_type="application/json",
        render=records_json.render,
    ),
    Format(
        name="atom",
        label="Atom feed",
        suffix=feeds.SUFFIX,
        media_type=feeds.MEDIA_TYPE,
        render=feeds.render,
        needs_site=True,
    ),
)
