"""Pages made from records: papers, years, venues, awards.

They are not documents: the body is made from the records, and put into a frame that
the theme renders once for all pages of a folder, with placeholders for what differs.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from copy import copy
from functools import cache, partial
from html import escape
from typing import Any, TypeAlias
from urllib.parse import quote

from docutils import nodes
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.locale import _
from sphinx.util.osutil import relative_uri

from labsite.exports import records_json, ris
from labsite.exports.bibtex import render_entry
from labsite.exports.citations import format_references
from labsite.model.records import Publication
from labsite.pictures.pictures import FIGURE
from labsite.pictures.rasters import PictureError
from labsite.rebuild.last_build import record_path
from labsite.site.settings import PUBLICATIONS
from labsite.site.site import SiteRecords
from labsite.sphinx.addresses import make_site
from labsite.sphinx.context import LISTS, find_feeds, record_head, render_head, title_of
from labsite.sphinx.domain import PAGE_ANCHOR, get_domain, page_title
from labsite.sphinx.items import ItemWriter
from labsite.sphinx.languages import language_class
from labsite.sphinx.lists import group_page
from labsite.sphinx.mentions import index_mentions
from labsite.sphinx.nodes import (
    bullet_list,
    contribution_legend,
    format_issued,
    inline,
    line,
    link_line,
    paragraph,
    publication_facts,
    publication_list,
    rich_text,
)
from labsite.sphinx.people import list_creators, person_reference
from labsite.sphinx.pictures import read_drawing, record_picture
from labsite.sphinx.topics import topic_line

#: Maximum length of an entry on its page; a longer one can only be downloaded.
_LONGEST_ENTRY = 20_000
_MOST_MENTIONS = 50  #: sentences
_MOST_NAMED = 50  #: authors in a line of Markdown, members in that of the lab's people
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

    def __init__(self, builder: StandaloneHTMLBuilder, items: ItemWriter) -> None:
        self._builder, self._items = builder, items
        domain = get_domain(builder.env)
        self._site, self._pages = domain.site, domain.pages
        self._exported = make_site(builder, self._site)
        self._frame = cache(self._render_frame)
        self._drawing = cache(partial(read_drawing, builder.env, decorative=True))
        bridge = self._highlighter = copy(builder.highlighter)
        # A formatter takes as long as an entry.
        vars(bridge)["get_formatter"] = cache(bridge.get_formatter)

    def render(self, docname: str) -> str:
        """Return the HTML of a page."""
        record, (folder, _mark, name) = self._pages[docname], docname.rpartition("/")
        parts, feeds = self._frame(folder, is_paper=isinstance(record, Publication))
        self._builder.current_docname = docname
        # Sphinx sets these for each document that it writes.
        self._builder.secnumbers, self._builder.fignumbers = {}, {}
        plain = title = escape(page_title(record))
        if isinstance(record, Publication):
            context = self._paper_context(record)
            title = context["title"]
            body = self._builder.templates.render("labsite-paper.html", context)
        else:
            made = self._items.make([group_page(record, self._site)])
            body = self._items.place(made)
        head = record_head(record, self._site, self._exported) | {"feeds": feeds}
        values = {
            _NAME: quote(name),
            _TITLE: plain,
            _TITLE_HTML: title,
            _HEAD: render_head(self._builder, docname, head),
            _BODY: body,
        }
        return "".join(values.get(part, part) for part in parts)

    def _paper_context(self, paper: Publication) -> dict[str, Any]:
        """Return the values that ``labsite-paper.html`` describes."""
        site, builder, items = self._site, self._builder, self._items
        docname, related = site.docname(paper), site.index.find_related(paper)
        topics = [*filter(None, map(site.topics_by_slug.get, paper.topics))]
        versions = [_version(version, paper, site) for version in paper.versions]
        mentions = index_mentions(get_domain(builder.env))
        alt, title = _("Figure from %s") % paper.title, rich_text(paper.title)
        people = map(person_reference, site.authors[paper.key][:_MOST_NAMED])
        language = language_class(paper, site)
        motif, drawing = next((t.image for t in topics if t.image), None), ""
        with suppress(PictureError):  # which the page of the topic reports
            if motif and not site.pictures.of(paper):
                drawing = self._drawing(f"/{motif}")
        shown: dict[str, Iterable[nodes.Node]] = {
            "title": [inline(language, *title)] if language else title,
            "legend": contribution_legend([paper]),
            "topics": topic_line(topics),
            "people": line("labsite-names", people, ", "),
            "figure": record_picture(paper, site, FIGURE, alt),
            "abstract": rich_text(paper.abstract, links=True) if paper.abstract else (),
            "versions": [bullet_list("labsite-versions", versions)][: len(versions)],
            "related": [publication_list(related)][: len(related)],
        }
        config, relative = builder.config, builder.get_relative_uri
        source = site.settings.source_url
        return {
            **{k: items.place(items.make(v)) for k, v in shown.items()},
            **self._citation_context(paper),
            "paper": paper,
            "anchor": PAGE_ANCHOR,
            "permalink": config.html_permalinks and config.html_permalinks_icon,
            "facts": items.place(items.part(publication_facts, paper.key)),
            "summary": paper.text("summary"),
            "mentions": [
                (m.sentence, m.where, relative(docname, m.docname) + m.fragment)
                for m in mentions.get(paper.key, ())[:_MOST_MENTIONS]
            ],
            "motif": drawing,
            "talk": next(
                (link.url for link in paper.links if link.name == "video"), ""
            ),
            "report_href": source
            and records_json.file_address(source, paper.source.file),
            "report_line": "{line}" in source,
        }

    def _citation_context(self, paper: Publication) -> dict[str, Any]:
        """Return the values of the part that shows how to cite the paper."""
        docname, exported = self._site.docname(paper), self._exported
        address, entry = self._builder.get_target_uri(docname), render_entry(paper)
        entry = entry if len(entry) <= _LONGEST_ENTRY else ""
        made_from, highlight = self._site.digest(paper), self._highlighter
        references = partial(format_references, paper, exported)
        return {
            "citations": self._items.keep(made_from, "citations", references),
            "bibtex": entry and highlight.highlight_block(entry, "bibtex", force=True),
            "bibtex_href": relative_uri(address, f"{docname}.bib"),
            "ris": entry and ris.render_entry(paper, exported),
            "markdown": self._markdown(paper),
            "address": exported.publication_url(paper),
        }

    def _markdown(self, paper: Publication) -> str:
        """Return a reference in Markdown."""
        title = re.sub(r"([\\`*_\[\]<>])", r"\\\1", str(paper.title))
        address = f"https://doi.org/{paper.doi}" if paper.doi else ""
        address = address or self._exported.publication_url(paper)
        who = list_creators(paper, _MOST_NAMED)
        parts = f"[{title}]({address})", who, paper.where
        return ". ".join(filter(None, parts)) + "."

    def _render_frame(self, folder: str, *, is_paper: bool) -> _Frame:
        """Return the frame of all pages of a folder and kind."""
        builder, site = self._builder, self._site
        name, above, scripts = f"{folder}/{_NAME}", f"{PUBLICATIONS}/index", [LISTS]
        if is_paper:
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
        # Split at the placeholders, each of which is a part of its own.
        parts = re.split(f"({_PLACEHOLDER})", text)
        return parts, tuple(find_feeds(builder, name))


def _version(
    version: Publication, lead: Publication, site: SiteRecords
) -> Iterator[nodes.paragraph]:
    """Yield title if it differs, venue and date, and links of another version."""
    if str(version.title) != str(lead.title):
        classes = f"labsite-title {language_class(version, site)}"
        yield paragraph(classes, *rich_text(version.title))
    venue = version.venue.name if version.venue else ""
    issued = format_issued(version.issued, site.language)
    yield paragraph("labsite-venue", ", ".join(filter(None, (venue, issued))))
    yield from link_line(version.links)
