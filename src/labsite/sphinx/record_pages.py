"""Pages made from records: papers, years, venues, awards, earlier news.

They are no documents. Nothing of them is parsed, pickled or resolved: the body is made
from the records, and put into a frame that the theme renders once for all pages of a
folder, with placeholders for what differs.
"""

from __future__ import annotations

import os
import re
from html import escape
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import quote

from labsite.model.records import Publication
from labsite.rebuild.last_build import record_path
from labsite.site.groups import Group
from labsite.site.settings import NEWS, PUBLICATIONS
from labsite.sphinx.addresses import make_site
from labsite.sphinx.context import LISTS, find_feeds, record_head, render_head, title_of
from labsite.sphinx.lists import group_page
from labsite.sphinx.news import read_news_page
from labsite.sphinx.paper import paper_context

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sphinx.builders.html import StandaloneHTMLBuilder

    from labsite.site.site import SiteRecords
    from labsite.sphinx.domain import RecordPage
    from labsite.sphinx.items import ItemWriter

#: Placeholders in a frame. A tag in the title shows where the theme writes the title as
#: HTML, and where as plain text, without the tag.
_NAME, _TITLE, _HEAD, _BODY = (
    f"labsite-frame-{n}" for n in ("name", "title", "head", "body")
)
_TITLE_HTML = f"<i>{_TITLE}</i>"
_PLACEHOLDER = "|".join((_NAME, _TITLE_HTML, _TITLE, _HEAD, _BODY))
#: Text and placeholders by turns, and the feeds, of all pages of a folder and kind.
_Frame: TypeAlias = "tuple[list[str], tuple[Mapping[str, str], ...]]"


class PageWriter:
    """Renders the pages of records; the theme renders one frame for each folder."""

    def __init__(
        self, builder: StandaloneHTMLBuilder, site: SiteRecords, items: ItemWriter
    ) -> None:
        self._builder = builder
        self._site = site
        self._items = items
        self._exported = make_site(builder, site)
        self._frames: dict[tuple[str, type], _Frame] = {}

    def render(self, page: RecordPage) -> str:
        """Return the HTML of a page."""
        parts, feeds = self._frame(page)
        self._builder.current_docname = page.docname
        # Sphinx sets these for each document that it writes.
        self._builder.secnumbers, self._builder.fignumbers = {}, {}
        record, title = page.record, escape(page.title)
        if isinstance(record, Publication):
            context = paper_context(record, self._site, self._builder, self._items)
            title = context["title"]
            body = self._builder.templates.render("labsite-paper.html", context)
        elif isinstance(record, Group):
            made = self._items.make([group_page(page, self._site)])
            body = self._items.place(made, page.docname)
        else:
            listed = read_news_page(self._builder, page.docname)
            body = f'<section id="news"><h1>{title}</h1>\n{listed}</section>'
        head = record_head(page, self._site, self._exported) | {"feeds": feeds}
        values = {
            _NAME: quote(page.docname.rpartition("/")[2]),
            _TITLE: escape(page.title),
            _TITLE_HTML: title,
            _HEAD: render_head(self._builder, page.docname, head),
            _BODY: body,
        }
        return "".join(values.get(part, part) for part in parts)

    def _frame(self, page: RecordPage) -> _Frame:
        """Return the frame of all pages of a folder and kind."""
        folder = page.docname.rpartition("/")[0]
        key = folder, type(page.record)
        if key not in self._frames:
            name = f"{folder}/{_NAME}"
            feeds = tuple(find_feeds(self._builder, self._site, name))
            text = self._render_frame(name, page)
            # Split at the placeholders, each of which is a part of its own.
            self._frames[key] = re.split(f"({_PLACEHOLDER})", text), feeds
        return self._frames[key]

    def _render_frame(self, name: str, page: RecordPage) -> str:
        builder, site = self._builder, self._site
        is_news = isinstance(page.record, tuple)
        above = f"{NEWS if is_news else PUBLICATIONS}/index"
        scripts = [] if is_news else [LISTS]
        if isinstance(page.record, Publication):
            scripts.append("labsite-copy.js")
            if "{line}" in site.settings.source_url:
                scripts.append("labsite-report.js")
        context = {
            "title": _TITLE_HTML,
            "body": _BODY,
            "metatags": _HEAD,
            # The pages are in no table of contents, which gives the parents.
            "parents": [
                {
                    "link": builder.get_relative_uri(name, above),
                    "title": escape(title_of(builder.env, above)),
                }
            ][: above in builder.env.found_docs],
            "toc": "",
            "labsite_scripts": scripts,
        }
        path = record_path(builder, f"frame-{os.getpid()}.html")
        builder.handle_page(name, context, outfilename=path)
        text = path.read_text(builder.config.html_output_encoding)
        path.unlink()
        return text
