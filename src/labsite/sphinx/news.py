"""Lists of news: written items, and items made from publications."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from textwrap import shorten
from typing import ClassVar

import yaml
from docutils import nodes
from docutils.parsers.rst import directives
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.environment import BuildEnvironment
from sphinx.locale import _
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import OptionSpec

from labsite.exports.feeds import NewsFeed
from labsite.model.dates import PartialDate
from labsite.model.problems import Rule
from labsite.model.records import NewsItem
from labsite.site.news import anchor, announcement, news_text
from labsite.site.settings import NEWS
from labsite.site.site import SiteRecords
from labsite.sphinx.addresses import make_site
from labsite.sphinx.directives import claim_ids, show_records
from labsite.sphinx.domain import get_domain
from labsite.sphinx.languages import current_language, language_tag
from labsite.sphinx.lists import linked_list
from labsite.sphinx.logging import warn
from labsite.sphinx.menu import hidden_toctree
from labsite.sphinx.nodes import (
    format_issued,
    inline,
    make_section,
    paragraph,
    publication_reference,
)
from labsite.sphinx.page_parser import parse_part

_INDEX = f"{NEWS}/index"
#: The text of a page of earlier news.
_PAGE = """---
orphan: true
summary: {summary}---
# {title}

```{{news}}
```
"""


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
        here, pages = self.env.docname, site.news_pages
        # The page depends on records that the parser of Markdown does not know.
        show_records(self.env, _news_records, here, limit)
        if limit:
            return [self._list(site.news[:limit])] if site.news else []
        if here in pages and here != _INDEX:
            return [self._list(pages[here], targets=True)]
        content: list[nodes.Element] = []
        for year, members in groupby(pages[_INDEX], lambda item: item.issued.year):
            listed = self._list(members, targets=True)
            made = make_section(f"year-{year}", str(year), listed, number=len(listed))
            content.append(made)
        claim_ids(content, self.state.document)
        if earlier := [page for page in pages if page != _INDEX]:
            linked = ((d, d.rpartition("/")[2], len(pages[d])) for d in earlier)
            content.append(linked_list(linked))
            content += [hidden_toctree(here, earlier)] if here == _INDEX else []
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
            if item.month == before:
                entry["classes"].append("labsite-news-same-month")
            before = item.month
            words = format_issued(before, get_domain(self.env).site.language)
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


def _news_records(
    site: SiteRecords, docname: str, limit: int | None
) -> Iterator[nodes.Text]:
    """Yield the items as text; a page notes by itself what their text refers to."""
    pages = {**site.news_pages, _INDEX: site.news}  # it counts those of the others
    items = pages.get(docname, site.news)[:limit]
    yield from (nodes.Text(repr(item)) for item in items)


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


def add_news_pages(
    _app: Sphinx, env: BuildEnvironment, *changes: set[str]
) -> list[str]:
    """Add a document for each page of earlier news; its file is that of all news."""
    added, _changed, removed = changes
    pages = get_domain(env).site.news_pages.keys() - env.found_docs
    for docname in pages if _INDEX in env.found_docs else ():
        env.found_docs.add(docname)
        # There is no public way to name the file.
        env.project._docname_to_path[docname] = env.doc2path(_INDEX, base=False)  # noqa: SLF001 -- see above
        if docname in env.all_docs:
            removed.remove(docname)
        else:
            added.add(docname)
    return []


def write_news_page(app: Sphinx, docname: str, content: list[str]) -> None:
    """Write the text of a page of earlier news."""
    site = get_domain(app.env).site
    if docname != _INDEX and app.env.doc2path(docname) == app.env.doc2path(_INDEX):
        title = ", ".join((_("News"), docname.rpartition("/")[2]))
        newest = (news_text(item, site, _) for item in site.news_pages[docname][:3])
        about = shorten(f"{title}: {'; '.join(newest)}", 160, placeholder=" …")
        # In ASCII: what is wrong with a character has been said of its item.
        summary = yaml.safe_dump(about, default_style='"', width=sys.maxsize)
        content[0] = _PAGE.format(summary=summary, title=title)


def kind_labels() -> dict[str, str]:
    """Return the label of each kind of news that has one."""
    return {"paper": _("Paper"), "award": _("Award"), "member": _("Member")}


def news_feed(builder: StandaloneHTMLBuilder, site: SiteRecords) -> NewsFeed | None:
    """Return the feed of all news, if the site has a page of news."""
    if _INDEX not in builder.env.found_docs:
        return None
    title = builder.env.titles.get(_INDEX)
    return NewsFeed(
        title=title.astext() if title else NEWS,
        path=NEWS,
        page=builder.get_target_uri(_INDEX),
        items=site.news,
        describe=lambda item: news_text(item, site, _),
        page_of=lambda item: builder.get_target_uri(site.page_of_news[item.slug]),
        site=make_site(builder, site),
    )
