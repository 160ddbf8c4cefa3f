"""News as a site shows it: generated items, selections, plain text and anchors."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

from labsite.bibtex.reporting import find_place
from labsite.model.dates import parse_edtf
from labsite.model.records import Kind, Library, NewsItem, Publication
from labsite.model.repository import is_plain_name, plain_name
from labsite.model.sources import PageSource
from labsite.site.site import SiteRecords
from labsite.text.latex import decode
from labsite.text.markup import CITED, Role, plain_text

#: Returns a text in the language of a page.
Translate: TypeAlias = "Callable[[str], str]"
#: The field of an entry with the date on which the paper was accepted.
_ACCEPTED = "accepted"
#: The ends of roles for citations within a sentence, which have no brackets.
_TEXTUAL = (":t", ":ts", ":ct", ":cts")


def anchor(item: NewsItem) -> str:
    """Return the permanent id of an item on its page."""
    slug = item.slug
    return f"news-{slug if is_plain_name(slug) else plain_name(slug)}"


def announcement(publication: Publication, _: Translate = str) -> str:
    """Return the sentence that follows the title of an accepted paper.

    A meeting has a year, "at HPCA 2026"; a journal has none, "by IEEE CAL".
    """
    venue, year = publication.venue, publication.issued.year
    if venue is None:
        return " " + _("has been accepted.")
    if publication.kind is Kind.JOURNAL:
        return " " + _("has been accepted by %s.") % venue.label
    dated = f" {year}" if year and str(year) not in venue.label else ""
    return " " + _("has been accepted at %s.") % f"{venue.label}{dated}"


def news_text(item: NewsItem, site: SiteRecords, translate: Translate = str) -> str:
    """Return the text of an item without markup.

    :param translate: translates the words of a generated item
    """
    if item.drafted:
        known = site.library.by_key
        papers = [known[key] for key in item.papers if key in known]
        return " ".join(f"{p.title}{announcement(p, translate)}" for p in papers)
    return plain_text(item.text, lambda role: render_role(role, site))


def render_role(role: Role, site: SiteRecords) -> str:
    """Return the text for a role: for a citation, the titles of the papers."""
    name, papers = role.name, site.library.by_key
    if name == "math":
        return str(decode(f"${role.content}$"))
    if name.partition(":")[0] in {"cite", "footcite"}:
        keys = [cited["key"] for cited in CITED.finditer(role.content)]
        titles = ", ".join(str(papers[k].title) if k in papers else k for k in keys)
        return titles if name.endswith(_TEXTUAL) else f"({titles})"
    if role.title:
        return role.title
    if name == "pub:ref" and role.target in papers:
        return str(papers[role.target].title)
    person = site.people_by_name.get(role.target)
    return person.name if name == "person" and person else role.target


def drafted_news(library: Library, items: Sequence[NewsItem]) -> Iterator[NewsItem]:
    """Yield the items generated from entries.

    An entry with ``accepted = {2026-06-18}`` is news of that day, unless an item of the
    kind "paper" cites it. Such an item has no text; :func:`announcement` makes it. The
    reader has reported what is no date.

    :param items: the news that somebody wrote
    """
    cited = {key for item in items if item.kind == "paper" for key in item.papers}
    for publication in library.publications:
        date = parse_edtf(publication.field(_ACCEPTED) or "")
        if not date or not cited.isdisjoint((publication.key, *publication.aliases)):
            continue
        line, _column = find_place(publication.source, _ACCEPTED)
        yield NewsItem(
            slug=f"{_ACCEPTED}-{publication.key}",
            issued=date.start,
            text="",
            kind="paper",
            papers=(publication.key,),
            drafted=True,
            source=PageSource(file=publication.source.file, body_line=line),
        )
