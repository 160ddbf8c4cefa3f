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

    @property
    def needs_site(self) -> bool:
        """Whether it says nothing without the site's addresses."""
        return self.name == "atom"

    def path(self, collection: Collection) -> str:
        """Return the address of the list in this form, relative to the site's root."""
        return collection.path + self.suffix


_RIS = "application/x-research-info-systems"
_CSL = "application/vnd.citationstyles.csl+json"
_ROWS: tuple[tuple[str, str, str, str, Callable[[Collection], str]], ...] = (
    ("bibtex", "BibTeX", ".bib", "application/x-bibtex", bibtex.render),
    ("ris", "RIS", ".ris", _RIS, ris.render),
    ("csl-json", "CSL-JSON", ".csl.json", _CSL, csl_json.render),
    ("json", "JSON", ".json", "application/json", records_json.render),
    ("atom", "Atom feed", feeds.SUFFIX, feeds.MEDIA_TYPE, feeds.render),
)
#: In the order in which they are offered.
FORMATS = tuple(
    Format(name=name, label=label, suffix=suffix, media_type=media_type, render=render)
    for name, label, suffix, media_type, render in _ROWS
)
