"""Lists of news: written items, and items made from publications."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx import addnodes
from sphinx.builders import Builder
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.locale import _
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import OptionSpec
from sphinx.writers.html5 import HTML5Translator

from labsite.exports.feeds import NewsFeed
from labsite.model.dates import PartialDate
from labsite.model.files import write_if_changed
from labsite.model.problems import Rule
from labsite.model.records import NewsItem
from labsite.rebuild.last_build import record_path
from labsite.site.news import anchor, announcement, news_text, people_named
from labsite.site.settings import NEWS
from labsite.site.site import SiteRecords
from labsite.sphinx.addresses import make_site
from labsite.sphinx.directives import claim_ids, show_records
from labsite.sphinx.domain import get_domain
from labsite.sphinx.languages import current_language, language_tag
from labsite.sphinx.lists import linked_list
from labsite.sphinx.logging import warn
from labsite.sphinx.nodes import (
    format_issued,
    inline,
    make_section,
    news_page,
    paragraph,
    publication_reference,
)
from labsite.sphinx.page_parser import parse_part

#: Matches the start of an address relative to the page.
_RELATIVE = re.compile(r'(\s(?:href|src|srcset)=")(?![\w.+-]+:|[#/])')
_SRCSET = re.compile(r'(?<=\ssrcset=")[^"]+')


class NewsDirective(SphinxDirective):
    """News, newest first: grouped by year, or a limited number of items."""

    option_spec: ClassVar[OptionSpec] = {"limit": directives.positive_int}

    def run(self) -> list[nodes.Node]:
        """Return the list, grouped by year unless it has a limit."""
        site, limit = get_domain(self.env).site, self.options.get("limit")
        files = {Path(self.env.srcdir, item.source.file) for item in site.news}
        if Path(self.state.document["source"]) in files:
            message = "an item of news may not list the news; take the directive out"
            warn(Rule.REFUSED_CONTENT, message, location=self.get_location())
            return []
        # The page depends on records that the parser of Markdown does not know.
        show_records(self.env, _news_records, limit)
        if limit:
            return [self._list(site.news[:limit])] if site.news else []
        index, earlier = f"{NEWS}/index", site.news_pages
        content: list[nodes.Element] = []
        shown = (item for item in site.news if site.news_page(item) == index)
        for year, members in groupby(shown, lambda item: item.issued.year):
            listed = self._list(members, targets=True)
            made = make_section(f"year-{year}", str(year), listed, number=len(listed))
            content.append(made)
        claim_ids(content, self.state.document)
        if earlier:
            pages = ((d, d.rpartition("/")[2], len(i)) for d, i in earlier.items())
            content.append(linked_list(pages))
        for docname, items in earlier.items() if self.env.docname == index else ():
            listed = self._list(items, targets=True)
            content.append(news_page("", listed, docname=docname))
        return [*content]

    def _list(
        self, items: Iterable[NewsItem], *, targets: bool = False
    ) -> nodes.bullet_list:
        """Return a list of items.

        :param targets: whether an item gets its id, to which the feed leads
        """
        result = nodes.bullet_list(classes=["labsite-news"])
        before, ids = PartialDate(), self.state.document.ids
        for item in items:
            classes = ["labsite-news-item", f"labsite-news-of-{item.kind}"]
            entry, name = nodes.list_item(classes=classes), anchor(item)
            if targets and name not in ids:
                entry["ids"], ids[name] = [name], entry
            # The day is often not exact, so the month is shown.
            month = PartialDate(item.issued.year, item.issued.month)
            if month == before:
                entry["classes"].append("labsite-news-same-month")
            before = month
            words = format_issued(month, get_domain(self.env).site.language)
            entry += _facts(item, words, entry["ids"])
            drafted = item.drafted and show_records(self.env, _draft, *item.papers)
            entry += drafted or self._text(item)
            result += entry
        return result

    def _text(self, item: NewsItem) -> nodes.container:
        """Return a written item, parsed as part of the current page."""
        source, page = item.source, self.state.document
        path = str(Path(self.env.srcdir) / source.file)
        content = parse_part(page, source.body, path, source.body_line)
        result = nodes.container("", *content, classes=["labsite-news-text"])
        own = self.config.language
        if current_language() != own:  # docutils makes it the attribute "lang"
            result["classes"].append(f"language-{language_tag(own)}")
        # Pages show the text of a reference without a target, which has been reported.
        for reference in result.findall(addnodes.pending_xref):
            reference["reported"] = reference.get("refdomain") in {"cite", "pub"}
        return result


def _news_records(site: SiteRecords, limit: int | None) -> Iterator[nodes.Text]:
    """Yield the items, and the papers and people that they refer to, as text."""
    known = site.library.by_key.keys()
    for item in site.news[:limit]:
        papers = [*filter(known.__contains__, item.papers)]
        yield nodes.Text(repr((item, papers, people_named(item, site))))


def _facts(item: NewsItem, month: str, targets: list[str]) -> nodes.paragraph:
    """Return the month, as a permanent link to the item, and the kind."""
    date: nodes.Element = inline("labsite-news-date", month)
    for target in targets:
        date = nodes.reference("", month, refid=target, classes=date["classes"])
    label = kind_labels().get(item.kind)
    kind = (" ", inline("labsite-news-kind", label)) if label else ()
    return paragraph("labsite-news-facts", date, *kind)


def _draft(site: SiteRecords, *keys: str) -> Iterator[nodes.container]:
    """Yield the text of an item that is made from papers."""
    text = nodes.container(classes=["labsite-news-text"])
    for paper in filter(None, map(site.library.by_key.get, keys)):
        title = publication_reference(paper, site)
        text += paragraph(None, title, announcement(paper, _))
    yield text


def read_news_page(builder: StandaloneHTMLBuilder, docname: str) -> str:
    """Return the HTML stored for a page of earlier news."""
    path = _aside(builder, docname)
    html = path.read_text("utf-8") if path.is_file() else ""
    index = f"{docname.rpartition('/')[0]}/index"
    up = builder.get_relative_uri(docname, index).rpartition("/")[0]
    if not up:
        return html
    html = _SRCSET.sub(lambda found: found[0].replace(", ", f", {up}/"), html)
    return _RELATIVE.sub(rf"\1{up}/", html)


def visit_news_page(self: HTML5Translator, node: nodes.Element) -> None:
    """Start the content of another page in the same folder."""
    node["start"] = len(self.body)


def depart_news_page(self: HTML5Translator, node: nodes.Element) -> None:
    """Store the HTML for the page that shows it."""
    html = "".join(self.body[node["start"] :])
    del self.body[node["start"] :]
    write_if_changed(_aside(self.builder, node["docname"]), html.encode())


def _aside(builder: Builder, docname: str) -> Path:
    return record_path(builder, f"{docname.replace('/', '-')}.html")


def kind_labels() -> dict[str, str]:
    """Return the label of each kind of news that has one."""
    return {"paper": _("Paper"), "award": _("Award"), "member": _("Member")}


def news_feed(builder: StandaloneHTMLBuilder, site: SiteRecords) -> NewsFeed | None:
    """Return the feed of all news, if the site has a page of news."""
    page = f"{NEWS}/index"
    if page not in builder.env.found_docs:
        return None
    title = builder.env.titles.get(page)
    return NewsFeed(
        title=title.astext() if title else NEWS,
        path=NEWS,
        page=builder.get_target_uri(page),
        items=site.news,
        describe=lambda item: news_text(item, site, _),
        page_of=lambda item: builder.get_target_uri(site.news_page(item)),
        site=make_site(builder, site),
    )
