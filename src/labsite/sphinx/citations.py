"""sphinxcontrib-bibtex on our records: the same entries, cited where they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes
from pybtex.richtext import Text
from pybtex.style import FormattedEntry
from pybtex.style.formatting.unsrt import Style as UnsrtStyle
from pybtex.style.template import field, sentence
from sphinx import addnodes
from sphinxcontrib.bibtex.bibfile import BibData, BibFile, get_mtime
from sphinxcontrib.bibtex.citation_target import CitationTarget, parse_citation_targets
from sphinxcontrib.bibtex.domain import BibtexDomain
from sphinxcontrib.bibtex.style.referencing import BracketStyle, format_references
from sphinxcontrib.bibtex.style.referencing.author_year import (
    AuthorYearReferenceStyle,
)
from sphinxcontrib.bibtex.style.template import SphinxReferenceInfo

from labsite.model.problems import Rule
from labsite.site.views import CitationView
from labsite.sphinx.bibtex_entries import RecordBibliography
from labsite.sphinx.domain import PublicationDomain, get_domain
from labsite.sphinx.logging import warn

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from docutils.nodes import Element
    from pybtex.database import Entry
    from sphinx.addnodes import pending_xref
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment

    from labsite.model.records import Library

#: What conf.py writes for ``bibtex_default_style`` and ``bibtex_reference_style``.
STYLE_NAME = "labsite"


class CaseKeepingStyle(UnsrtStyle):  # type: ignore[misc]  # pybtex carries no types
    """pybtex's unsrt, without its lower-casing of titles.

    It takes ``$O(n^2)$`` to ``$o(n^2)$`` and undoes capitals that our titles keep.
    """

    def format_title(
        self, e: Entry, which_field: str, as_sentence: bool = True
    ) -> object:
        """Format a title as it is written."""
        title = field(which_field)
        return sentence[title] if as_sentence else title


def _round_brackets() -> BracketStyle:
    return BracketStyle(left="(", right=")")


class RoundAuthorYearStyle(AuthorYearReferenceStyle):
    """References by author and year in round brackets, as prose has them."""

    def __init__(self) -> None:
        super().__init__(
            bracket_textual=_round_brackets(), bracket_parenthetical=_round_brackets()
        )


class RecordCitationDomain(BibtexDomain):
    """The domain behind ``{cite}``, which also knows the papers' own pages.

    A paper listed by a ``bibliography`` directive of the same page is cited there, as
    ever; any other is cited at its own page, which every publication has.
    """

    tracks_targets = True  #: by views; see :mod:`labsite.rebuild.exactness`

    def fill(self, library: Library, files: Sequence[Path], encoding: str) -> None:
        """Take the library's entries for what the files hold.

        sphinxcontrib-bibtex then finds its data up to date and does not read the files
        with its own parser, which stops at the first mistake.
        """
        data = RecordBibliography(library.publications)
        keys = dict.fromkeys(data.entries.keys())
        bibfiles = {
            path: BibFile(mtime=get_mtime(path), keys=keys if i == 0 else {})
            for i, path in enumerate(files)
        }
        self.data["bibdata"] = BibData(encoding=encoding, bibfiles=bibfiles, data=data)

    def resolve_xref(  # type: ignore[override]  # several references, as it always did
        self,
        env: BuildEnvironment,
        fromdocname: str,
        builder: Builder,
        typ: str,
        target: str,
        node: pending_xref,
        contnode: Element,
    ) -> Element:
        """Replace a citation by references, one for each of its keys."""
        references = []
        for wanted in parse_citation_targets(target):
            found = self._find(env, fromdocname, wanted)
            if found is None:
                message = "there is no publication '%s' to cite; use a key of the .bib"
                warn(Rule.UNKNOWN_KEY, message, wanted.key, location=node)
                continue
            entry, formatted, docname, anchor, tooltip = found
            info = SphinxReferenceInfo(
                builder=builder,
                fromdocname=fromdocname,
                todocname=docname,
                citation_id=anchor,
                title=tooltip,
                pre_text=wanted.pre,
                post_text=wanted.post,
            )
            references.append((entry, formatted, info))
        result = nodes.inline(target, classes=["bibtex-citation"])
        text = format_references(self.reference_style, typ, references)
        result += text.render(self.backend)
        return result

    def _find(
        self, env: BuildEnvironment, fromdocname: str, wanted: CitationTarget
    ) -> tuple[Entry, FormattedEntry, str, str, str | None] | None:
        site = get_domain(env).site
        publication = site.library.by_key.get(wanted.key)
        listed = [c for c in self.citations if c.key == wanted.key]
        local = [c for c in listed if c.bibliography_key.docname == fromdocname]
        if publication and not local:
            entry = self.bibdata.data.entries[wanted.key]
            formatted = FormattedEntry(wanted.key, Text(), wanted.key)
            docname = site.docname(publication)
            return entry, formatted, docname, "", str(publication.title)
        for citation in [*local, *listed]:
            docname = citation.bibliography_key.docname
            anchor = citation.citation_id
            return citation.entry, citation.formatted_entry, docname, anchor, None
        return None


def note_citations(
    env: BuildEnvironment, docname: str, doctree: nodes.document
) -> None:
    """Note which publications a document's prose cites, or names by their titles."""
    domain = get_domain(env)
    for key in _cited_keys(doctree):
        domain.note_view(docname, CitationView(key))


def _cited_keys(doctree: nodes.document) -> Iterator[str]:
    for node in doctree.findall(addnodes.pending_xref):
        domain = node.get("refdomain")
        if domain == RecordCitationDomain.name:
            yield from (t.key for t in parse_citation_targets(node["reftarget"]))
        elif domain == PublicationDomain.name and not node.get("refexplicit"):
            yield node["reftarget"]
