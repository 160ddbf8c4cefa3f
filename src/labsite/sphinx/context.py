"""Add the data of the site and of a page to the context of its templates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from html import escape
from textwrap import shorten
from typing import Any
from urllib.parse import quote

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.environment import BuildEnvironment
from sphinx.util.osutil import relative_uri

from labsite.exports import Site
from labsite.exports.feeds import MEDIA_TYPE, SUFFIX
from labsite.exports.highwire import citation_tags
from labsite.exports.json_ld import (
    dump_script,
    organization_json_ld,
    person_json_ld,
    publication_json_ld,
)
from labsite.model.records import Person, Publication
from labsite.rebuild.last_build import makes_pages
from labsite.site.groups import Group
from labsite.site.settings import PUBLICATIONS
from labsite.site.site import SiteRecords
from labsite.sphinx.addresses import alternates, make_site, page_address
from labsite.sphinx.domain import get_domain, page_title
from labsite.sphinx.languages import (
    counterpart,
    current_language,
    locale_name,
    page_language,
)
from labsite.sphinx.news import news_feed
from labsite.sphinx.people import list_creators, roles_of
from labsite.theme import scripts_version

#: The script of lists of papers, which loads further ones.
LISTS = "labsite-list.js"
#: A class in the body of a page -> the script that it needs.
_SCRIPTS = {"labsite-publications": LISTS, '"labsite-contact"': "labsite-copy.js"}
#: How many authors a description names, and how long it may be, in characters.
_NAMED = 3
_LONGEST = 160
#: How many people of a role the tags for search engines name.
_MOST_NAMED = 100


def add_page_context(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Add scripts, and the data of the site and of a document, to the context."""
    builder = app.builder
    if "theme_footer_pages" in context:  # not with another theme, such as EPUB's
        add_frame(app, pagename, context)
    if not makes_pages(builder):  # joined pages, or the XHTML of a book
        return
    shown = [name for text, name in _SCRIPTS.items() if text in context.get("body", "")]
    data: dict[str, Any] = {"data-all": PUBLICATIONS, "data-version": scripts_version()}
    for script in context.get("labsite_scripts", shown):
        more = data if script == LISTS else {}
        app.add_js_file(script, loading_method="defer", **more)
    if doctree is None:  # such as "not found", which may be shown at any address
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
        "feeds": find_feeds(builder, pagename),
    }
    if person := site.people_by_page.get(pagename):
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


def record_head(
    record: Publication | Group, site: SiteRecords, exported: Site
) -> dict[str, Any]:
    """Return the head of a page that is made from a record."""
    title = page_title(record)
    if isinstance(record, Publication):
        # Some papers have thousands of authors; the exports name them all.
        people = [c._replace(names=c.names[:_MOST_NAMED]) for c in record.contributors]
        shown = replace(record, contributors=tuple(people))
        return {
            "title": title,
            "description": summarize(record),
            "tags": citation_tags(shown, exported),
            "json_ld": publication_json_ld(shown, exported),
        }
    found = site.select(record.query)
    newest = "; ".join(str(publication.title) for publication in found[:3])
    description = _shorten(f"{title} ({len(found)}): {newest}")
    return {"title": title, "description": description}


def _shorten(*parts: str) -> str:
    """Join sentences to a text that is no longer than search engines show."""
    return shorten(". ".join(filter(None, parts)), _LONGEST, placeholder=" …")


def _describe(person: Person, site: SiteRecords, lab: str) -> str:
    """Return a line on a person: role, interests and newest papers."""
    role, papers = next(roles_of(person, site)), site.papers_of(person)
    titles = "; ".join(str(paper.title) for paper in papers[:2])
    who = f"{person.name}, {role}, {lab}"
    return _shorten(who, ", ".join(person.interests), titles)


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
    builder: StandaloneHTMLBuilder, pagename: str
) -> Iterator[dict[str, str]]:
    """Yield title, type and address of each feed that belongs to a page."""
    site, name = get_domain(builder.env).site, builder.config.html_title
    feeds = {name: f"{PUBLICATIONS}{SUFFIX}"}
    for group in site.exported.values():
        if group.query.topic and group.docname == pagename:
            feeds[f"{name}: {group.title}"] = f"{group.exports}{SUFFIX}"
    if news := news_feed(builder, site):
        feeds[f"{name}: {news.title}"] = news.address
    for title, path in feeds.items():
        href = relative_uri(builder.get_target_uri(pagename), quote(path))
        yield {"title": title, "media_type": MEDIA_TYPE, "href": href}


def title_of(env: BuildEnvironment, docname: str) -> str:
    """Return the title of a document as plain text."""
    return env.titles[docname].astext() if docname in env.titles else docname


def add_frame(app: Sphinx, pagename: str, context: dict[str, Any]) -> None:
    """Add the data of the site to the context, so that all links of the frame exist."""
    env, site = app.env, get_domain(app.env).site
    builder: StandaloneHTMLBuilder = app.builder  # type: ignore[assignment]  # HTML only
    feed, pages = news_feed(builder, site), context["theme_footer_pages"]
    menu = {
        docname: env.titles[docname].astext()
        for docname in env.toctree_includes.get(context["root_doc"], ())
        if docname in env.titles
    }
    language = page_language(app.config, pagename)
    folders = (name.removesuffix("index") for name in menu if name.endswith("/index"))
    around = [f"{folder}index" for folder in folders if pagename.startswith(folder)]
    section = max(around, key=len) if around else pagename if pagename in menu else None
    if language != app.config.language:
        pages = [counterpart(env, docname, language)[0] for docname in pages]
        if section not in {None, pagename}:
            # Sphinx knows only what is below the site's own home page.
            above = {"link": context["pathto"](section), "title": escape(menu[section])}
            context["parents"] = context.get("parents") or [above]
    context |= {
        "labsite_menu": [*menu.items()],
        "labsite_section": section,
        "labsite_footer": pages,
        "labsite_version": scripts_version(),
        "labsite_publications": makes_pages(builder) and PUBLICATIONS,
        "labsite_news": feed and feed.address,
    }
