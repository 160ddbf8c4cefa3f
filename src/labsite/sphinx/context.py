"""Add the data of the site and of a page to the context of its templates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from textwrap import shorten
from typing import Any
from urllib.parse import quote

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.environment import BuildEnvironment
from sphinx.locale import _
from sphinx.util.osutil import relative_uri

from labsite.exports import FORMATS, Site
from labsite.exports.highwire import citation_tags
from labsite.exports.json_ld import (
    dump_script,
    organization_json_ld,
    person_json_ld,
    publication_json_ld,
)
from labsite.model.records import Person, Publication
from labsite.pages.people import has_left
from labsite.rebuild.last_build import makes_pages
from labsite.site.news import news_text
from labsite.site.query import Query
from labsite.site.settings import PUBLICATIONS
from labsite.site.site import SiteRecords
from labsite.sphinx.addresses import alternates, make_site, page_address
from labsite.sphinx.domain import RecordPage, get_domain
from labsite.sphinx.languages import current_language, load_translations, locale_name
from labsite.sphinx.news import news_feed
from labsite.sphinx.people import list_creators, role_labels
from labsite.sphinx.theme import add_frame
from labsite.theme import scripts_version


def add_page_context(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Add scripts, and the data of the site and of a document, to the context."""
    if "theme_footer_pages" in context:  # not with another theme, such as EPUB's
        add_frame(app, pagename, context)
    shown = [name for text, name in _SCRIPTS.items() if text in context.get("body", "")]
    data: dict[str, Any] = {"data-all": PUBLICATIONS, "data-version": scripts_version()}
    for script in context.get("labsite_scripts", shown):
        more = data if script == LISTS else {}
        app.add_js_file(script, loading_method="defer", **more)
    # Other pages, such as "not found", have no place to count addresses from; the pages
    # of a book have no address, and are XHTML.
    builder = app.builder
    if doctree is None or not makes_pages(builder):
        return
    site = get_domain(app.env).site
    context["pageurl"] = page_address(builder, pagename)
    context["labsite_alternates"] = [*alternates(builder, pagename)]
    exported = make_site(builder, site)
    details: dict[str, str] = app.config.labsite_organization
    summary = (context.get("meta") or {}).get("summary")
    head = {
        "title": title_of(app.env, pagename),
        "description": summary,
        "feeds": find_feeds(builder, site, pagename),
    }
    person = next((p for p in site.people if p.docname == pagename), None)
    if person:
        address = builder.get_target_uri(pagename)
        head["description"] = summary or _describe(person, site, app.config.html_title)
        head["json_ld"] = person_json_ld(person, address, details, exported)
    elif pagename == app.config.root_doc and details:
        head["json_ld"] = organization_json_ld(details, exported, description=summary)
    tags = render_head(builder, pagename, head)
    context["metatags"] = (context.get("metatags") or "") + tags


def render_head(
    builder: StandaloneHTMLBuilder, pagename: str, head: Mapping[str, Any]
) -> str:
    """Return the tags of a page's head that the records and settings give.

    :param head: ``title`` and, where they are known, ``description``, ``feeds``,
        ``tags`` (names and contents of further ``meta``) and ``json_ld``
    """
    config = builder.config
    context = {
        "head": head,
        "site_name": config.html_title,
        "locale": locale_name(current_language()),
        "base_url": config.html_baseurl,
        "page_url": page_address(builder, pagename),
        "json_ld": dump_script(head["json_ld"]) if "json_ld" in head else None,
        "preview": config.labsite_preview_image,
    }
    # The package's template; a site may put its own in its place.
    text: str = builder.templates.render("labsite-head.html", context)
    return text


#: The script of lists of papers, which loads further ones.
LISTS = "labsite-list.js"
#: A class in the body of a page -> the script that it needs.
_SCRIPTS = {"labsite-publications": LISTS, '"labsite-contact"': "labsite-copy.js"}
#: How many authors a description names, and how long it may be, in characters.
_NAMED = 3
_LONGEST = 160
#: How many people of a role the tags for search engines name.
_MOST_NAMED = 100


def record_head(page: RecordPage, site: SiteRecords, exported: Site) -> dict[str, Any]:
    """Return the head of a page that is made from a record."""
    record, title = page.record, page.title
    if isinstance(record, Publication):
        # Some papers have thousands of authors; the exports name them all.
        people = [replace(c, names=c.names[:_MOST_NAMED]) for c in record.contributors]
        shown = replace(record, contributors=tuple(people))
        return {
            "title": title,
            "description": summarize(record),
            "tags": citation_tags(shown, exported),
            "json_ld": publication_json_ld(shown, exported),
        }
    if isinstance(record, tuple):
        translate = load_translations(site.language).gettext
        listed, newest = title, [news_text(i, site, translate) for i in record[:3]]
    else:
        found = site.select(record.query)
        listed = f"{title} ({len(found)})"
        newest = [str(publication.title) for publication in found[:3]]
    return {"title": title, "description": _shorten(f"{listed}: {'; '.join(newest)}")}


def _shorten(*parts: str) -> str:
    """Join sentences to a text that is no longer than search engines show."""
    return shorten(". ".join(filter(None, parts)), _LONGEST, placeholder=" …")


def _describe(person: Person, site: SiteRecords, lab: str) -> str:
    """Return a line on a person: role, interests and newest papers."""
    role = person.position or role_labels(person.role, site)[0]
    if has_left(person, site.today):
        role = _("Former member")
    papers = site.papers_of(person)
    titles = "; ".join(str(paper.title) for paper in papers[:2])
    return _shorten(
        f"{person.name}, {role}, {lab}", ", ".join(person.interests), titles
    )


def summarize(publication: Publication) -> str:
    """Return a line of plain text: summary if known, authors, venue and year."""
    who = list_creators(publication, _NAMED)
    about = publication.text("summary") or str(publication.abstract or "")
    venue = publication.venue
    name = (venue.label if about else venue.name) if venue else ""
    where = " ".join(filter(None, (name, str(publication.issued.year or ""))))
    known = (about.rstrip("."), f"{who} ({where})" if where else who)
    return _shorten(". ".join(filter(None, known)) + ".")


def find_feeds(
    builder: StandaloneHTMLBuilder, site: SiteRecords, pagename: str
) -> Iterator[dict[str, str]]:
    """Yield title, type and address of each feed that belongs to a page."""
    atom = next(known for known in FORMATS if known.name == "atom")
    name = builder.config.html_title
    queries = {name: Query()}
    for topic in site.topics:
        if topic.docname == pagename:
            queries[f"{name}: {topic.title}"] = Query(topic=topic.slug)
    feeds = {t: f"{site.export_path(q)}{atom.suffix}" for t, q in queries.items()}
    if news := news_feed(builder, site):
        feeds[f"{name}: {news.title}"] = news.address
    for title, path in feeds.items():
        href = relative_uri(builder.get_target_uri(pagename), quote(path))
        yield {"title": title, "media_type": atom.media_type, "href": href}


def title_of(env: BuildEnvironment, docname: str) -> str:
    """Return the title of a document as plain text."""
    return env.titles[docname].astext() if docname in env.titles else docname
