"""The Sphinx side of the engine; ``setup_extension`` is its table of contents."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from sphinx.errors import ConfigError

import labsite
from labsite.checks import load
from labsite.checks.audit import audit
from labsite.model.digests import digest_text, number_engine
from labsite.model.files import resolve_conflicts
from labsite.model.problems import Severity, printable
from labsite.rebuild.extension import register_rebuild
from labsite.rebuild.last_build import note_change
from labsite.rebuild.last_check import note_state, recall, remember
from labsite.rebuild.state import record_path
from labsite.site.settings import (
    PREFIX,
    ConfigurationError,
    default_of,
    known_settings,
    make_settings,
)
from labsite.sphinx.charts import draw_chart, make_table
from labsite.sphinx.checking import PageCheckBuilder
from labsite.sphinx.citations import (
    RecordCitationDomain,
    note_citations,
    register_citations,
)
from labsite.sphinx.collaborators import CollaboratorsDirective
from labsite.sphinx.context import add_page_context
from labsite.sphinx.directives import records_directive
from labsite.sphinx.domain import (
    PublicationDomain,
    find_record_pages,
    get_domain,
    resolve_page,
)
from labsite.sphinx.items import register_items
from labsite.sphinx.languages import (
    page_language,
    register_languages,
    temporary_language,
)
from labsite.sphinx.link_check import check_links
from labsite.sphinx.lists import PublicationCountRole, PublicationListDirective
from labsite.sphinx.logging import logger, set_severities, warn_problem
from labsite.sphinx.mathml import register_renderer
from labsite.sphinx.mentions import note_mentions
from labsite.sphinx.menu import join_menu
from labsite.sphinx.news import NewsDirective, register_news_pages
from labsite.sphinx.outputs import write_record_files
from labsite.sphinx.overviews import (
    FiguresDirective,
    GroupsDirective,
    TeachingDirective,
    list_exports,
    list_honours,
    list_projects,
    show_timeline,
)
from labsite.sphinx.people import ContactRole, TopicPeopleDirective, person_role
from labsite.sphinx.pictures import (
    GalleryDirective,
    InlineSvgDirective,
    register_pictures,
)
from labsite.sphinx.record_pages import remove_old_pages
from labsite.sphinx.search_pages import note_sections
from labsite.sphinx.shared_settings import share_settings
from labsite.sphinx.team import PersonPageTransform, list_people
from labsite.sphinx.theme import register_theme
from labsite.sphinx.topics import TopicCardsDirective
from labsite.sphinx.untrusted import register_untrusted

if TYPE_CHECKING:
    from collections.abc import Set

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinx.util.docutils import SphinxDirective

    from labsite.site.loading import SiteFilesRead


#: Directives by their names.
_DIRECTIVES: dict[str, type[SphinxDirective]] = {
    "collaborators": CollaboratorsDirective,
    "exports": records_directive(list_exports),
    "figures": FiguresDirective,
    "gallery": GalleryDirective,
    "honours": records_directive(list_honours),
    "inline-svg": InlineSvgDirective,
    "news": NewsDirective,
    "projects": records_directive(list_projects),
    "publication-chart": records_directive(draw_chart),
    "publication-groups": GroupsDirective,
    "publication-table": records_directive(make_table),
    "publications": PublicationListDirective,
    "teaching": TeachingDirective,
    "team": records_directive(list_people),
    "timeline": records_directive(show_timeline),
    "topic-cards": TopicCardsDirective,
    "topic-people": TopicPeopleDirective,
}


def setup_extension(app: Sphinx) -> dict[str, Any]:
    """Register everything."""
    share_settings()
    register_theme(app)
    register_languages(app)
    register_rebuild(app)
    register_config(app)
    app.add_domain(PublicationDomain)
    register_citations(app)
    register_untrusted(app)
    register_items(app)
    register_pictures(app)
    register_news_pages(app)
    register_renderer(app)
    app.add_builder(PageCheckBuilder)
    for name, directive in _DIRECTIVES.items():
        app.add_directive(name, directive)
    app.add_role("publication-count", PublicationCountRole())
    app.add_role("person", person_role)
    app.add_role("contact", ContactRole())
    app.add_transform(PersonPageTransform)
    _connect_handlers(app)
    return {
        "version": labsite.__version__,
        "env_version": number_engine(),
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }


def register_config(app: Sphinx) -> None:
    """Register every setting with its type and what it rebuilds."""
    for name, setting in known_settings().items():
        if name.startswith(PREFIX):
            default = default_of(setting)
            types = [list, tuple] if isinstance(default, tuple) else [type(default)]
            app.add_config_value(name, default, setting.metadata["rebuild"], types)


def _connect_handlers(app: Sphinx) -> None:
    """Connect the handlers, in the order in which a build calls them."""
    # Before sphinxcontrib-bibtex's handler at 500, which would read the files itself.
    app.connect("builder-inited", load_records, priority=400)
    app.connect("env-get-outdated", find_outdated)
    app.connect("source-read", prepare_page)
    # Before Sphinx's own handler at 500, which collects the entries of toctrees.
    app.connect("doctree-read", join_menu, priority=400)
    app.connect("doctree-read", note_citations)
    app.connect("doctree-read", note_mentions)
    app.connect("doctree-read", note_sections)
    app.connect("env-updated", note_digests)
    app.connect("env-updated", check_links)
    app.connect("missing-reference", resolve_page)
    app.connect("html-page-context", add_page_context)
    app.connect("build-finished", write_record_files)
    # After all files have been written.
    app.connect("build-finished", audit_output, priority=900)
    app.connect("build-finished", repeat_problems, priority=960)


def load_records(app: Sphinx) -> None:
    """Read the data files, and give the records to the domains."""
    values = {value.name: value.value for value in app.config}
    try:
        settings = make_settings(Path(app.srcdir), values)
    except ConfigurationError as error:
        raise ConfigError(str(error)) from None
    set_severities(settings.rules)
    domain, record = get_domain(app.env), Path(app.doctreedir, "records.pickle")
    state = digest_text(note_state(settings.source), repr(settings))
    loaded: SiteFilesRead | None = recall(record, state)
    if loaded is None:
        loaded = load(settings)
        # After an edit another one may follow: the next build stores what it reads.
        if domain.data["digest"] in {"", loaded.digest}:
            remember(record, state, loaded)
    for problem in loaded.problems:
        warn_problem(problem)
    remove_old_pages(settings.source / settings.publications_dir)
    domain.sites, domain.digest = loaded.site.by_language, loaded.digest
    domain.problems = loaded.problems
    citations = cast("RecordCitationDomain", app.env.get_domain("cite"))
    citations.fill(loaded.site.library, app)


def prepare_page(app: Sphinx, docname: str, content: list[str]) -> None:
    """Report conflict markers of a merge in a page."""
    file = Path(app.env.doc2path(docname)).relative_to(app.srcdir).as_posix()
    content[0], problems = resolve_conflicts(content[0], file)
    for problem in problems:
        if problem not in get_domain(app.env).problems:
            warn_problem(problem)


def find_outdated(
    app: Sphinx,
    env: BuildEnvironment,
    added: Set[str],
    changed: Set[str],
    removed: Set[str],
) -> list[str]:
    """Return the documents that show changed records."""
    domain = get_domain(env)
    # A document takes the place of a page of a record.
    pages = find_record_pages(domain.site)
    domain.pages = {p.docname: p for p in pages if p.docname not in env.found_docs}
    return sorted({*domain.find_outdated()} - removed)


def repeat_problems(app: Sphinx, exception: Exception | None) -> None:
    """Repeat the errors of the data files at the end of the log."""
    known = get_domain(app.env).problems
    errors = [p for p in known if p.severity is not Severity.WARNING]
    if errors and exception is None:
        lines = "\n".join(printable(str(problem)) for problem in errors)
        message = "\nThe site is in %s, but for what is wrong here:\n%s"
        logger.info(message, Path(app.outdir), lines)


def audit_output(app: Sphinx, exception: Exception | None) -> None:
    """Compare the built site with the records."""
    if exception or app.builder.name != "html":
        return
    record = record_path(app.builder, "lists-facts.json")
    for problem in audit(get_domain(app.env).site, Path(app.outdir), record):
        warn_problem(problem)


def note_digests(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Note the state of the records; return the documents to write for it.

    Their texts for the search and for papers' pages may contain changed titles.
    """
    changed = get_domain(env).update_digests()
    for docname in changed:
        env.prepare_settings(docname)
        with temporary_language(page_language(app.config, docname)):
            doctree = env.get_doctree(docname)
            note_mentions(app, doctree)
            note_sections(app, doctree)
    env.current_document.clear()
    return note_change(env, changed)
