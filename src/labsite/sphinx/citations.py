"""Citations by sphinxcontrib-bibtex, with the records in place of its own entries.

A citation, a bibliography and a list of publications thus write names and titles alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property, partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from docutils import nodes
from docutils.nodes import Element
from pybtex.database import BibliographyData, Entry, Person
from pybtex.plugin import PluginNotFound, find_plugin, register_plugin
from pybtex.richtext import BaseText, Tag, Text
from pybtex.style import FormattedEntry
from pybtex.style.formatting.unsrt import Style as UnsrtStyle
from pybtex.style.template import field, sentence
from pybtex_docutils import Backend
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.environment import BuildEnvironment
from sphinx.writers.html5 import HTML5Translator
from sphinxcontrib.bibtex import plugin as bibtex_plugin
from sphinxcontrib.bibtex import roles
from sphinxcontrib.bibtex.bibfile import BibData, BibFile, get_mtime
from sphinxcontrib.bibtex.citation_target import CitationTarget
from sphinxcontrib.bibtex.directives import BibliographyDirective, BibliographyKey
from sphinxcontrib.bibtex.domain import BibtexDomain
from sphinxcontrib.bibtex.style.referencing import BracketStyle, format_references
from sphinxcontrib.bibtex.style.referencing.author_year import AuthorYearReferenceStyle
from sphinxcontrib.bibtex.style.template import SphinxReferenceInfo

from labsite.model.problems import Rule, quote
from labsite.model.records import Creator, Library, Publication, east_asian_name
from labsite.model.rich_text import RichText, Style
from labsite.sphinx.domain import get_domain
from labsite.sphinx.logging import warn
from labsite.sphinx.page_limits import attempt
from labsite.text.formulas import find_fault
from labsite.text.latex import decode
from labsite.text.markup import CITED

#: The value of ``bibtex_default_style`` and ``bibtex_reference_style``.
STYLE_NAME = "labsite"
# docutils has a node of the same name for each style but that of plain text.
Backend.tags |= {style.value: getattr(nodes, style, nodes.inline) for style in Style}
#: In place of that of a reference to a paper's page, which our domain links.
_NO_BUILDER: Any = SimpleNamespace(name="")
#: Characters of a bibliography's filter. Sphinx cannot store one of many levels.
_MOST_FILTER = 200
_ROUND = BracketStyle(left="(", right=")")


def register_citations(app: Sphinx) -> None:
    """Register the styles, and the domain in the place of sphinxcontrib-bibtex's."""
    register_plugin("pybtex.style.formatting", STYLE_NAME, CaseKeepingStyle)
    # pybtex leaves the names of commands in the text of fields.
    Text.from_latex = lambda latex: to_pybtex(decode(latex))
    group = "sphinxcontrib.bibtex.style.referencing"
    style = partial(
        AuthorYearReferenceStyle, bracket_textual=_ROUND, bracket_parenthetical=_ROUND
    )
    bibtex_plugin.register_plugin(group, STYLE_NAME, style)  # type: ignore[arg-type]  # only called
    roles.parse_citation_targets = find_targets  # type: ignore[assignment,attr-defined]  # only called
    app.add_domain(RecordCitationDomain, override=True)
    app.add_directive("bibliography", BoundedBibliographyDirective, override=True)
    entry = visit_citation, HTML5Translator.depart_citation
    app.add_node(nodes.citation, override=True, html=entry)


def find_targets(text: str) -> list[CitationTarget]:
    """Return the keys of a citation with their notes, as far as they can be read.

    sphinxcontrib-bibtex fails at keys without a comma, and no page would be built.
    """
    found = [CitationTarget(**m.groupdict(default="")) for m in CITED.finditer(text)]
    return found or [CitationTarget(text, "", "")]


def visit_citation(self: HTML5Translator, node: nodes.citation) -> None:
    """Start an entry of a bibliography as an item; ARIA 1.2 has no role for it."""
    HTML5Translator.visit_citation(self, node)
    self.body[-1] = self.body[-1].replace("doc-biblioentry", "listitem")


class CaseKeepingStyle(UnsrtStyle):  # type: ignore[misc]  # pybtex carries no types
    """pybtex's unsrt without lower-case titles, which make ``$O(n)$`` ``$o(n)$``."""

    def format_title(
        self, e: Entry, which_field: str, as_sentence: bool = True
    ) -> object:
        """Format a title as it is written."""
        title = field(which_field)
        return sentence[title] if as_sentence else title


class BoundedBibliographyDirective(BibliographyDirective):
    """The directive ``bibliography`` without filters that may take unlimited time.

    The operator ``%`` searches for a regular expression in fields of an entry.
    """

    def run(self) -> Sequence[nodes.Node]:
        """Ignore, and report, an unknown style, and a filter with ``%`` or too long."""
        text = self.options.get("filter", "")
        style = self.options.get("style", STYLE_NAME)
        place, trusted = self.get_location(), self.config.labsite_trust_pages
        if not trusted and ("%" in text or len(text) > _MOST_FILTER):
            message = (
                "':filter:' may not have '%%' or more than %d characters; use 'in'"
            )
            warn(Rule.REFUSED_CONTENT, message, _MOST_FILTER, location=place)
            del self.options["filter"]
        try:
            find_plugin("pybtex.style.formatting", style)
        except (PluginNotFound, ValueError):  # the latter for a name as '.x'
            message = "there is no style %s; leave out ':style:'"
            warn(Rule.BAD_VALUE, message, quote(style), location=place)
            del self.options["style"]
        return super().run()


class RecordCitationDomain(BibtexDomain):
    """The domain of ``{cite}``, whose citations lead to the papers' own pages.

    A paper that a ``bibliography`` directive of the same page lists is cited there.
    """

    tracks_targets = True  #: by views; see :mod:`labsite.rebuild.last_build`

    def fill(self, library: Library, app: Sphinx) -> None:
        """Fill the domain with the library's entries, all under the first file.

        sphinxcontrib-bibtex then finds its data up to date and does not read the files
        with its own parser, which stops at the first mistake.
        """
        self._shown: dict[tuple[str, ...], BaseText] = {}
        files, data = app.config.bibtex_bibfiles, BibliographyData()
        entries = ((key, RecordEntry(key, p)) for key, p in library.by_key.items())
        data.entries = _Entries(entries)
        keys = dict.fromkeys(
            k for p in library.publications for k in (p.key, *p.aliases)
        )
        bibfiles = {
            path: BibFile(mtime=get_mtime(path), keys={} if number else keys)
            for number, path in enumerate(Path(app.confdir, f).resolve() for f in files)
        }
        self.data["bibdata"] = BibData(app.config.bibtex_encoding, bibfiles, data)

    def get_formatted_entries(
        self,
        bibliography_key: BibliographyKey,
        *arguments: Any,  # noqa: ANN401 -- the base's
    ) -> Iterable[tuple[Entry, FormattedEntry, FormattedEntry | None]]:
        """Return the entries of a bibliography; none if its filter or style fails."""
        entries = super().get_formatted_entries(bibliography_key, *arguments)
        line = self.bibliographies[bibliography_key].line
        place = f"{self.env.doc2path(bibliography_key.docname)}:{line}"
        return attempt(lambda: [*entries], place, [])

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
        references, library = [], get_domain(env).site.library
        for wanted in find_targets(target):
            if found := self._find(wanted, typ, builder, fromdocname):
                references.append(found)
            elif not node.get("reported") and wanted.key not in library.keys:
                message = "there is no publication '%s' to cite; use a key of the .bib"
                warn(Rule.UNKNOWN_KEY, message, wanted.key, location=node)
        if not references:
            return contnode
        result = nodes.inline(target, classes=["bibtex-citation"])
        pages = {info.citation_id for *_, info in references if not info.todocname}
        # What leads to papers' pages alone is the same in all documents.
        name = typ, target, *(fromdocname for *_, i in references if i.todocname)
        if name not in self._shown:
            shown = format_references(self.reference_style, typ, references)
            self._shown[name] = shown
        result += self._shown[name].render(self.backend)
        for link in [*result.findall(nodes.reference)]:
            if (page := link.get("refid")) in pages:
                made = get_domain(env).link(builder, fromdocname, page, *link.children)
                if title := link.get("reftitle"):
                    made["reftitle"] = title
                link.replace_self(made)
        return result

    def _find(
        self, wanted: CitationTarget, typ: str, builder: Builder, docname: str
    ) -> tuple[Entry, FormattedEntry, SphinxReferenceInfo] | None:
        """Return what makes a reference, to a bibliography or else to a paper's page.

        A page is in place of the anchor, and the target has no document.
        """
        site, key = get_domain(self.env).site, wanted.key
        paper = site.library.by_key.get(key)
        listed = [c for c in self.citations if c.key == key]
        local = [c for c in listed if c.bibliography_key.docname == docname]
        texts = wanted.pre, wanted.post
        if at := next(iter(local if paper else local + listed), None):
            place = at.bibliography_key.docname, at.citation_id, None
            info = SphinxReferenceInfo(builder, docname, *place, *texts)
            return at.entry, at.formatted_entry, info
        if not paper:
            return None
        page, title = site.docname(paper), str(paper.title) or None
        info = SphinxReferenceInfo(_NO_BUILDER, "", "", page, title, *texts)
        # Of three names or more it shows the first, unless all are asked for.
        entry = RecordEntry(key, paper, None if typ.endswith("s") else 3)
        return entry, FormattedEntry(key, Text(), key), info


class _Entries(dict[str, "RecordEntry"]):
    """Entries by key, which are not stored in Sphinx's environment."""

    def __reduce__(self) -> tuple[type[_Entries], tuple[()]]:
        """Store nothing: each build fills them in."""
        return _Entries, ()


class RecordEntry(Entry):  # type: ignore[misc]  # pybtex carries no types
    """An entry whose fields are made from the record when they are first read."""

    def __init__(
        self, key: str, publication: Publication, most: int | None = None
    ) -> None:
        self.key, self._publication, self._most = key, publication, most
        self.type = self.original_type = publication.entry_type

    @cached_property
    def fields(self) -> dict[str, str]:
        """The fields without names, with a year and a venue."""
        paper = self._publication
        fields = {k: v for k, v in paper.fields if k not in Person.valid_roles}
        fields["year"] = str(paper.issued.year) if paper.issued else "n.d."
        if paper.venue and "journal" not in fields:
            fields.setdefault("booktitle", paper.venue.name)
        return fields

    @cached_property
    def persons(self) -> dict[str, list[Person]]:
        """The authors, up to as many as are asked for."""
        creators = self._publication.creators[: self._most]
        return {"author": [*map(RecordPerson, creators)]}


class RecordPerson(Person):  # type: ignore[misc]  # pybtex carries no types
    """A name in the record's parts, which are plain text and no LaTeX to be decoded."""

    def __init__(self, creator: Creator) -> None:
        super().__init__()
        whole = east_asian_name(creator.family, creator.given)
        given = "" if whole else creator.given or ""
        self.first_names, self.middle_names = given.split()[:1], given.split()[1:]
        self.prelast_names = (creator.particle or "").split()
        family = whole or creator.family
        self.last_names = [family] if creator.literal else family.split()
        self.lineage_names = [creator.suffix] if creator.suffix else []

    def __getattribute__(self, name: str) -> object:
        """Return a part as rich text where pybtex would decode it."""
        if name.startswith("rich_"):
            return list(map(Text, getattr(self, name.removeprefix("rich_"))))
        return super().__getattribute__(name)


def to_pybtex(rich: RichText) -> Text:
    """Return *rich* as pybtex's rich text; formulas that fail stay plain text."""
    parts = []
    for span in rich.spans:
        faulty = span.style is Style.MATH and find_fault(span.text)
        plain = faulty or span.style is Style.TEXT
        parts.append(str(span) if plain else Tag(span.style.value, span.text))
    return Text(*parts)
