"""What the templates are told about a page."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from sphinx.util.osutil import relative_uri

from labsite.exports import FORMATS
from labsite.exports.highwire import citation_tags
from labsite.exports.json_ld import (
    dump_script,
    organization_json_ld,
    person_json_ld,
    publication_json_ld,
)
from labsite.site.query import Query
from labsite.site.views import PublicationView
from labsite.sphinx.domain import get_domain
from labsite.sphinx.exporting import make_site
from labsite.sphinx.news import news_feed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.builders.html import StandaloneHTMLBuilder

    from labsite.model.records import Person, Publication
    from labsite.site.site import SiteRecords

#: The package's template for the head; a site may put its own in its place.
_HEAD_TEMPLATE = "labsite-head.html"


def add_page_context(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Tell the templates what the page shows, and where it stands on the site."""
    domain = get_domain(app.env)
    builder: StandaloneHTMLBuilder = app.builder  # type: ignore[assignment]  # HTML only
    head: dict[str, Any] = {"labsite_feeds": []}
    if doctree is not None:
        # Other pages, such as "not found", have no place to count addresses from.
        head["labsite_feeds"] = list(_feeds(builder, domain.site, pagename))
    publication = _publication_of(domain.views.get(pagename, {}), domain.site)
    description = _description(context, publication)
    description = description or _description_of_record(pagename, domain.site)
    if publication:
        site = make_site(builder, domain.site)
        head["labsite_tags"] = citation_tags(publication, site)
        head["labsite_json_ld"] = dump_script(publication_json_ld(publication, site))
    else:
        known = _json_ld(app, builder, pagename, description)
        head["labsite_json_ld"] = dump_script(known) if known else None
    if description:
        head["labsite_description"] = description
        # A copy: the original belongs to the environment. opengraph reads it.
        context["meta"] = {"og:description": description, **context["meta"]}
    if _is_generated(pagename, domain.site):
        # These pages are in no table of contents, which would tell what is above.
        above = f"{domain.site.publications_dir}/index"
        link = builder.get_relative_uri(pagename, above)
        # Themes take this title for HTML, as Sphinx gives it for other pages.
        context["parents"] = [{"link": link, "title": escape(_title(app, above))}]
    # metatags is None on pages without a doctree.
    tags = builder.templates.render(_HEAD_TEMPLATE, {**context, **head})
    context["metatags"] = (context.get("metatags") or "") + tags
    for script, wanted in _scripts(doctree):
        if wanted:
            app.add_js_file(script, loading_method="defer")


def _description(
    context: dict[str, Any], publication: Publication | None
) -> str | None:
    """Return what search results and previews should say of the page, if known."""
    if context.get("meta") is None:
        return None
    summary = context["meta"].get("summary")
    return summarize(publication) if publication else summary


def _description_of_record(pagename: str, site: SiteRecords) -> str | None:
    """Return what to say of a person's page or a group's, if this is one."""
    person = _person_of(pagename, site)
    if person:
        about = (person.name, person.position, ", ".join(person.interests))
        return ". ".join(part for part in about if part)
    group = site.groups.get(pagename.removeprefix(f"{site.publications_dir}/"))
    if group is None:
        return None
    found = site.select(group.query)
    newest = "; ".join(str(publication.title) for publication in found[:3])
    return f"{group.title} ({len(found)}): {newest}"


def _person_of(pagename: str, site: SiteRecords) -> Person | None:
    return next((p for p in site.people if p.docname == pagename), None)


def _json_ld(
    app: Sphinx,
    builder: StandaloneHTMLBuilder,
    pagename: str,
    description: str | None,
) -> dict[str, Any] | None:
    """Return what a page is about, if it is the lab as a whole or a person of it."""
    records = get_domain(app.env).site
    details: dict[str, str] = app.config.labsite_organization
    site = make_site(builder, records)
    if pagename == app.config.root_doc and details:
        return organization_json_ld(details, site, description=description)
    person = _person_of(pagename, records)
    path = builder.get_target_uri(pagename)
    return person_json_ld(person, path, details, site) if person else None


def summarize(publication: Publication) -> str:
    """Return one line of plain text: who, where and when, and the abstract if any."""
    who = ", ".join(creator.name for creator in publication.creators)
    venue = publication.venue.label if publication.venue else None
    where = " ".join(
        part for part in (venue, str(publication.issued.year or "")) if part
    )
    abstract = str(publication.abstract) if publication.abstract else None
    return ". ".join(part for part in (who, where, abstract) if part)


def _publication_of(views: dict[Any, str], site: SiteRecords) -> Publication | None:
    shown = [view.key for view in views if isinstance(view, PublicationView)]
    return site.library.by_key.get(shown[0]) if shown else None


def _is_generated(pagename: str, site: SiteRecords) -> bool:
    folder = f"{site.publications_dir}/"
    return pagename.startswith(folder) and pagename != f"{folder}index"


def _feeds(
    builder: StandaloneHTMLBuilder, site: SiteRecords, pagename: str
) -> Iterator[dict[str, str]]:
    atom = next(known for known in FORMATS if known.name == "atom")
    lists = [(builder.config.html_title, Query())]
    lists += [
        (f"{builder.config.html_title}: {topic.title}", Query(topic=topic.slug))
        for topic in site.topics
        if topic.docname == pagename
    ]
    for title, query in lists:
        path = site.export_path(query)
        if path:
            href = _relative_to(builder, pagename, path + atom.suffix)
            yield {"title": title, "media_type": atom.media_type, "href": href}
    news = news_feed(builder, site)
    if news:
        title = f"{builder.config.html_title}: {news.title}"
        href = _relative_to(builder, pagename, news.address)
        yield {"title": title, "media_type": atom.media_type, "href": href}


def _relative_to(builder: StandaloneHTMLBuilder, pagename: str, path: str) -> str:
    return relative_uri(builder.get_target_uri(pagename), path)


def _title(app: Sphinx, docname: str) -> str:
    title = app.env.titles.get(docname)
    return title.astext() if title is not None else docname


def _scripts(doctree: nodes.document | None) -> Iterator[tuple[str, bool]]:
    classes = {
        name
        for node in (doctree.findall() if doctree is not None else ())
        for name in getattr(node, "attributes", {}).get("classes", ())
    }
    for script in ("labsite-text.js", "labsite-filter.js"):
        yield script, "labsite-filterable" in classes
    yield "labsite-copy.js", "labsite-bibtex" in classes
    yield "labsite-report.js", "labsite-to-line" in classes
