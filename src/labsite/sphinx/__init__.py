"""The Sphinx side of the engine; ``setup_extension`` is its table of contents."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from docutils.nodes import Element, document
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ConfigError
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

import labsite
from labsite.checks import load
from labsite.checks.audit import audit
from labsite.model.digests import digest_text, number_engine
from labsite.model.files import resolve_conflicts
from labsite.model.repository import repository_of
from labsite.model.store import look, note_state, recall, remember
from labsite.rebuild import register_rebuild
from labsite.rebuild.last_build import get_state, makes_pages
from labsite.site.loading import SiteFilesRead
from labsite.site.settings import (
    PREFIX,
    ConfigurationError,
    Settings,
    default_of,
    known_settings,
    make_settings,
)
from labsite.sphinx import (
    addresses,
    checking,
    citations,
    items,
    languages,
    lists,
    mathml,
    news,
    overviews,
    people,
    pictures,
    theme,
    topics,
    untrusted,
)
from labsite.sphinx.context import add_page_context
from labsite.sphinx.directives import RecordsRole, record_content, records_directive
from labsite.sphinx.domain import (
    PublicationDomain,
    find_outdated,
    get_domain,
    resolve_page,
)
from labsite.sphinx.languages import page_language, temporary_language
from labsite.sphinx.logging import set_severities, warn_problems
from labsite.sphinx.mentions import note_references
from labsite.sphinx.menu import join_menu, join_team
from labsite.sphinx.nodes import filterable_list, publication_item
from labsite.sphinx.outputs import write_record_files
from labsite.sphinx.search import note_sections

#: Directives by their names.
_DIRECTIVES: dict[str, type[SphinxDirective]] = {
    "collaborators": overviews.CollaboratorsDirective,
    "exports": records_directive(overviews.list_exports),
    "figures": overviews.FiguresDirective,
    "gallery": pictures.GalleryDirective,
    "honours": records_directive(people.list_honours),
    "inline-svg": pictures.InlineSvgDirective,
    "news": news.NewsDirective,
    "projects": records_directive(overviews.list_projects),
    "publication-chart": records_directive(topics.draw_chart),
    "publication-groups": records_directive(
        overviews.list_groups, required_arguments=1
    ),
    "publication-table": records_directive(topics.make_table),
    "publications": lists.PublicationListDirective,
    "teaching": overviews.TeachingDirective,
    "team": records_directive(people.list_people),
    "timeline": records_directive(topics.show_timeline),
    "topic-cards": topics.TopicCardsDirective,
    "topic-people": records_directive(
        overviews.list_topic_people, optional_arguments=1
    ),
}


#: Nodes of the engine, and what writes them as HTML.
_NODES: dict[type[Element], tuple[Any, Any]] = {
    document: (languages.visit_document, None),
    filterable_list: (lists.visit_filterable_list, HTML5Translator.depart_compound),
    pictures.picture: (pictures.visit_picture, None),
    publication_item: (items.visit_item, HTML5Translator.depart_list_item),
    record_content: (items.visit_content, None),
}


def setup_extension(app: Sphinx) -> dict[str, Any]:
    """Register everything."""
    theme.register_theme(app)
    register_rebuild(app)
    for name, setting in known_settings().items():
        if name.startswith(PREFIX):
            default = default_of(setting)
            types = [list, tuple] if isinstance(default, tuple) else [type(default)]
            app.add_config_value(name, default, setting.metadata["rebuild"], types)
    app.add_domain(PublicationDomain)
    citations.register_citations(app)
    untrusted.register_untrusted(app)
    for node, visitors in _NODES.items():
        app.add_node(node, override=True, html=visitors)
    formulas = mathml.visit_math, None
    app.add_html_math_renderer(mathml.RENDERER_NAME, formulas, formulas)
    app.add_builder(checking.PageCheckBuilder)
    app.add_config_value(checking.STATE, "", "env", [str])
    for name, directive in _DIRECTIVES.items():
        app.add_directive(name, directive)
    app.add_role("publication-count", RecordsRole(lists.count_publications))
    app.add_role("person", people.person_role)
    app.add_role("contact", RecordsRole(people.show_contact))
    app.add_role("office", RecordsRole(people.show_contact))
    app.add_post_transform(items.ItemTransform)
    _connect_handlers(app)
    return {
        "version": labsite.__version__,
        "env_version": number_engine(),
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }


def _connect_handlers(app: Sphinx) -> None:
    """Connect the handlers, in the order in which a build calls them."""
    for event in ("config-inited", "builder-inited", "env-updated", "build-finished"):
        app.connect(event, languages.set_site_language, priority=1)
    # Before sphinxcontrib-bibtex's handler at 500, which would read the files itself.
    app.connect("builder-inited", load_records, priority=400)
    app.connect("builder-inited", languages.translate_templates)
    # Before the handlers that look at all documents.
    app.connect("env-get-outdated", news.add_news_pages, priority=400)
    app.connect("env-get-outdated", find_outdated)
    app.connect("source-read", languages.set_document_language, priority=1)
    app.connect("source-read", news.write_news_page)
    app.connect("source-read", end_conflicts)
    # Before Sphinx's own handler at 500, which collects the entries of toctrees.
    app.connect("doctree-read", people.join_person, priority=400)
    app.connect("doctree-read", join_menu, priority=400)
    app.connect("doctree-read", join_team, priority=400)
    app.connect("doctree-read", pictures.replace_images)
    app.connect("doctree-read", note_references)
    app.connect("doctree-read", note_sections)
    app.connect("env-updated", pictures.write_pictures)
    app.connect("env-updated", note_digests)
    app.connect("env-updated", addresses.check_links)
    app.connect("missing-reference", resolve_page)
    app.connect("html-page-context", languages.set_page_language, priority=1)
    app.connect("html-page-context", items.prepare_items)
    app.connect("html-page-context", add_page_context)
    app.connect("build-finished", write_record_files)
    # After all files have been written.
    app.connect("build-finished", audit_output, priority=900)


def load_records(app: Sphinx) -> None:
    """Read the data files, and give the records to the domains."""
    values = {value.name: value.value for value in app.config}
    # With those that Sphinx leaves out without a word, since their names are unknown.
    values = {**app.config._raw_config, **values}  # noqa: SLF001 -- nothing public
    try:
        settings = make_settings(Path(app.srcdir), values)
    except ConfigurationError as error:
        raise ConfigError(str(error)) from None
    set_severities(settings.rules)
    domain = get_domain(app.env)
    domain.loaded = loaded = _read_records(app, settings)
    warn_problems(loaded.problems)
    builder = app.builder
    domain.item_writer = items.ItemWriter(builder) if makes_pages(builder) else None
    cite = cast("citations.RecordCitationDomain", app.env.get_domain("cite"))
    cite.fill(loaded.site.library, app)


def _read_records(app: Sphinx, settings: Settings) -> SiteFilesRead:
    """Read the data files, or return what an earlier build read of the same files."""
    source, record = settings.source, Path(app.doctreedir, "records.pickle")
    # What a build writes may be in the repository, but not around the source.
    folders = (f for f in (app.outdir, app.doctreedir) if not source.is_relative_to(f))
    # Bibliographies may be outside the repository, or in a hidden folder.
    bibliographies = [(source / name).resolve() for name in settings.bibfiles]
    files = look(repository_of(source), bibliographies)
    stamps = [files[str(path)] for path in bibliographies]
    left_out = {*map(str, (*folders, *bibliographies))}
    state = digest_text(note_state(source, files, left_out), repr(settings))
    stored = None if app.fresh_env_used else recall(record, state)
    if stored and stored[0] == stamps:
        return cast("SiteFilesRead", stored[1])
    loaded = load(settings, stored and stored[1])
    # After an edit another one may follow: the next build stores what it reads.
    seen = record.with_name("seen.pickle")
    if not stored or recall(seen) == stamps:
        remember(record, state, (stamps, loaded))
    remember(seen, state, stamps)
    return loaded


def end_conflicts(_app: Sphinx, docname: str, content: list[str]) -> None:
    """Keep one version of each reported conflict of a merge in a page."""
    content[0] = resolve_conflicts(content[0], docname)[0]


def audit_output(app: Sphinx, exception: Exception | None) -> None:
    """Compare the built site with the records."""
    if exception or app.builder.name != "html":
        return
    warn_problems(audit(get_domain(app.env).site, Path(app.outdir)))


def note_digests(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Note the state of the records; return the documents to write for it.

    Their texts for the search and for papers' pages may contain changed titles.
    """
    domain = get_domain(env)
    domain.data["digest"] = domain.loaded.digest
    domain.data["views"] |= domain.outdated
    for docname in domain.outdated:
        env.prepare_settings(docname)
        with temporary_language(page_language(app.config, docname)):
            note_sections(app, env.get_doctree(docname))
    env.current_document.clear()
    get_state(env).due += domain.outdated
    return [*domain.outdated]
