"""The files that are made from records: pages, redirects, exports, search index."""

from __future__ import annotations

from collections.abc import Iterator, Set
from functools import partial
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.environment import BuildEnvironment

from labsite.exports import FORMATS, Collection, records_json
from labsite.exports.bibtex import render_entry
from labsite.model.digests import digest_text
from labsite.model.files import write_if_changed
from labsite.model.records import Publication
from labsite.model.store import stamp
from labsite.rebuild.last_build import get_state, makes_pages, record_path
from labsite.rebuild.outputs import Output, are_current, expected_files, write_outputs
from labsite.site.groups import Group
from labsite.site.settings import PUBLICATIONS
from labsite.site.site import SiteRecords
from labsite.sphinx.addresses import (
    find_redirects,
    make_site,
    plan_redirects,
    plan_sitemap,
)
from labsite.sphinx.domain import PublicationDomain, get_domain, page_title
from labsite.sphinx.items import ItemWriter, get_writer, shared_state
from labsite.sphinx.mentions import index_mentions
from labsite.sphinx.news import news_feed
from labsite.sphinx.page_limits import attempt
from labsite.sphinx.record_pages import PageWriter
from labsite.sphinx.search import SYNONYMS, plan_index

_RECORD = "outputs.pickle"


def write_record_files(app: Sphinx, exception: Exception | None) -> None:
    """Write what is made from records; remove the files of what is gone."""
    builder, domain, items = app.builder, get_domain(app.env), get_writer(app.env)
    if exception or not items or not makes_pages(builder):
        return
    redirects = find_redirects(builder)  # every build warns of them
    folder, record = Path(builder.outdir), record_path(builder, _RECORD)
    keep, synonyms = set(expected_files(builder)), repr(stamp(app.confdir / SYNONYMS))
    # What the files depend on, besides documents that are read.
    state = digest_text(*shared_state(builder), domain.loaded.digest, synonyms)
    if not get_state(app.env).due and are_current(folder, record, state, keep):
        return
    outputs = dict(plan_exports(builder))
    outputs |= _plan_pages(builder, domain, items)
    outputs |= {name: _ready(text) for name, text in plan_index(builder)}
    ready = (*plan_redirects(builder, redirects), *plan_sitemap(builder))
    # A robots.txt of the site's own stays.
    outputs |= {name: _ready(text) for name, text in ready if name not in keep}
    write_outputs(
        folder, record, outputs, keep=keep, state=state, processes=app.parallel
    )
    items.save()


def write_first(
    docname: str, app: Sphinx, env: BuildEnvironment, added: Set[str], *_: Set[str]
) -> tuple[()]:
    """Write the page of a paper or a group that somebody looks at before all others."""
    builder, domain, items = app.builder, get_domain(env), get_writer(env)
    if makes_pages(builder) and items and docname in domain.pages and not added:
        builder.prepare_writing(set())
        render = partial(PageWriter(builder, items).render, docname)
        if html := attempt(render, docname, ""):
            write_if_changed(Path(builder.get_output_path(docname)), html.encode())
        index_mentions.cache_clear()  # documents may change them, and the frame
        domain.item_writer = ItemWriter(builder)
    return ()


def plan_exports(builder: StandaloneHTMLBuilder) -> Iterator[tuple[str, Output]]:
    """Yield path, relative to the output folder, and what to write, of every export."""
    site, titles = get_domain(builder.env).site, builder.env.titles
    exported = make_site(builder, site)
    shared = exported.title, exported.base_url, exported.language, exported.topics
    for group in site.exported.values():
        papers, path = site.select(group.query), group.exports
        page, title = builder.get_target_uri(group.docname), titles.get(group.docname)
        name = group.title or (title and title.astext()) or exported.title
        collection = Collection(
            title=name, path=path, page=page, publications=papers, site=exported
        )
        made_from = digest_text(
            repr((*shared, name, path, page)),
            *map(exported.publication_path, papers),
            *map(site.digest, papers),
        )
        for known in FORMATS:
            output = Output(made_from, partial(known.render, collection))
            yield collection.path + known.suffix, output
    for publication in site.library.publications:
        entry = Output(site.digest(publication), partial(render_entry, publication))
        yield f"{site.docname(publication)}.bib", entry
    if news := news_feed(builder, site):
        yield news.address, _ready(news.render())
    if "{line}" in site.settings.source_url:
        path = f"{PUBLICATIONS}/{records_json.LINES}"
        yield path, _ready(records_json.render_lines(site))


def _plan_pages(
    builder: StandaloneHTMLBuilder, domain: PublicationDomain, items: ItemWriter
) -> Iterator[tuple[str, Output]]:
    """Yield path and content of every page that is made from a record."""
    writer, shared = PageWriter(builder, items), shared_state(builder)
    for docname, record in domain.pages.items():
        shown = [page_title(record), digest_page(record, domain.site)]
        if isinstance(record, Publication):
            shown.append(repr(index_mentions(domain).get(record.key)))
        path = builder.get_output_path(docname).relative_to(builder.outdir)
        output = Output(digest_text(*shared, *shown), partial(writer.render, docname))
        yield path.as_posix(), output


def digest_page(record: Publication | Group, site: SiteRecords) -> str:
    """Return a digest of what the page of a paper or a group shows."""
    if isinstance(record, Group):
        return digest_text(*map(site.appearance, site.select(record.query)))
    # The line is not on the page: see "exports/records_json.py".
    place = record.source.file if site.settings.source_url else ""
    titles = [site.topics_by_slug.get(topic) for topic in record.topics]
    shown = map(site.appearance, (record, *site.index.find_related(record)))
    return digest_text(place, repr(titles), site.digest(record), *shown)


def _ready(text: str) -> Output:
    """Return an output that costs less to make than to say what it is made from."""
    return Output(digest_text(text), lambda: text)
