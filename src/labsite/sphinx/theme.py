"""The theme ``labsite``, and what any site needs of Sphinx's extensions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from a11y_pygments.a11y_high_contrast_light.style import Theme as LightStyle
from a11y_pygments.github_dark_high_contrast.style import Theme as DarkStyle
from docutils import nodes
from pygments.formatters.html import HtmlFormatter
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.environment.adapters.toctree import document_toc
from sphinx.errors import ConfigError
from sphinx.writers.html5 import HTML5Translator

from labsite.model.files import write_if_changed
from labsite.site.defaults import THEME, fill_in
from labsite.site.settings import ConfigurationError
from labsite.sphinx.domain import get_domain
from labsite.sphinx.languages import counterpart, page_language
from labsite.sphinx.logging import logger
from labsite.sphinx.news import news_feed
from labsite.sphinx.search import register_search
from labsite.sphinx.stylesheet import register_stylesheet
from labsite.theme import FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sphinx.application import Sphinx
    from sphinx.config import Config

_EXTENSIONS = (
    "myst_parser",
    "sphinx_design",
    "sphinxcontrib.bibtex",
    "notfound.extension",
)
#: Before those in ``html_css_files``, which may say otherwise, after all others.
_PRIORITY = 700


def register_theme(app: Sphinx) -> None:
    """Register the theme; set what ``conf.py`` leaves out; set up the extensions.

    :raises sphinx.errors.ConfigError: if a value of ``conf.py`` has the wrong type
    """
    # Sphinx has no public way to set a default for what others have registered.
    given = app.config._raw_config  # noqa: SLF001
    try:
        filled = fill_in(Path(app.confdir), {**given, **app.config.overrides})
    except ConfigurationError as error:
        raise ConfigError(str(error)) from error
    given.update((name, filled[name]) for name in filled.keys() - app.config.overrides)
    for name in _EXTENSIONS:
        app.setup_extension(name)
    app.add_html_theme(THEME, str(FOLDER / THEME))
    app.connect("config-inited", add_package_paths)
    if app.config.html_theme != THEME:
        app.add_css_file("labsite-base.css")
        return
    for name in ("colors.css", "tokens.css", "frame.css", "pages.css"):
        app.add_css_file(f"labsite/{name}", priority=_PRIORITY)
    app.add_js_file("labsite/mode.js", priority=_PRIORITY)
    app.add_js_file("labsite/frame.js", priority=_PRIORITY, loading_method="defer")
    register_search(app)
    register_stylesheet(app)
    app.add_node(nodes.table, override=True, html=(_open_table, _close_table))
    app.connect("html-page-context", add_frame)
    app.connect("build-finished", write_code_colors)


def add_package_paths(app: Sphinx, config: Config) -> None:
    """Let Sphinx find the package's own templates and scripts after the site's."""
    parts = [FOLDER / "templates"]
    if config.html_theme == THEME:
        parts.insert(0, FOLDER / THEME / "components")
        config.html_context["labsite_logos"] = list(
            _find_logos(Path(app.confdir), config)
        )
    config.templates_path = [*config.templates_path, *map(str, parts)]
    # The site's own files are copied later, over those of the same names.
    config.html_static_path = [str(FOLDER / "static"), *config.html_static_path]


def add_frame(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Tell the frame of a page what the site has, so that it links to nothing else."""
    env = app.env
    site = get_domain(env).site
    builder = cast("StandaloneHTMLBuilder", app.builder)
    feed = news_feed(builder, site)
    context["labsite_name"] = app.config.labsite_organization.get(
        "name", context["docstitle"]
    )
    menu = [
        (docname, env.titles[docname].astext())
        for docname in env.toctree_includes.get(context["root_doc"], ())
        if docname in env.titles
    ]
    context["labsite_menu"] = menu
    section = find_section(pagename, [name for name, _ in menu])
    context["labsite_section"] = section
    context["labsite_siblings"] = [
        (docname, env.titles[docname].astext())
        for docname in env.toctree_includes.get(section or "", ())
        if docname in env.titles
    ]
    if any(name.startswith("page-toc") for name in context["sidebars"] or ()):
        context["labsite_headings"] = _render_headings(builder, pagename)
    own = page_language(app.config, "")
    context["labsite_footer"] = [
        counterpart(env, docname, context["language"])[0]
        for docname in context["theme_footer_pages"]
        if context["language"] != own
    ] or context["theme_footer_pages"]
    context["labsite_publications"] = site.publications_dir
    context["labsite_news"] = feed and feed.address


def write_code_colors(app: Sphinx, exception: Exception | None) -> None:
    """Write the colours of code for both modes in the place of Sphinx's for one."""
    if exception or not isinstance(app.builder, StandaloneHTMLBuilder):
        return
    rules = [
        HtmlFormatter(style=style).get_style_defs(
            f'html[data-theme="{mode}"] .highlight'
        )
        for mode, style in (("light", LightStyle), ("dark", DarkStyle))
    ]
    path = Path(app.outdir, "_static", "pygments.css")
    write_if_changed(path, "\n".join(rules).encode())


def _find_logos(folder: Path, config: Config) -> Iterator[tuple[str, str]]:
    """Yield mode and address of the logo for light and for dark pages.

    A file outside of ``html_static_path`` is added to it.
    """
    logo = config.html_theme_options.get("logo") or {}
    light, dark = logo.get("image_light"), logo.get("image_dark")
    for mode, name in (("light", light or dark), ("dark", dark or light)):
        if not name or "://" in name:
            yield from [(mode, name)] if name else []
        elif (folder / name).is_file():
            places = (folder / place for place in config.html_static_path)
            inside = (p for p in places if (folder / name).is_relative_to(p))
            place = next(inside, None)
            if place is None:
                config.html_static_path = [*config.html_static_path, name]
            path = (folder / name).relative_to(place or (folder / name).parent)
            yield mode, f"_static/{path.as_posix()}"
        else:
            message = (
                "html_theme_options: there is no logo '%s'; write the path of a file"
            )
            logger.warning(message, name)


def _render_headings(builder: StandaloneHTMLBuilder, docname: str) -> str:
    """Return the list of the headings below a page's title."""
    if docname not in builder.env.tocs:
        return ""
    contents = document_toc(builder.env, docname, builder.tags)
    lists = list(contents.findall(nodes.bullet_list))
    if lists and len(lists[0]) == 1:
        lists = lists[1:]
    return builder.render_partial(lists[0])["fragment"] if lists else ""


def _open_table(self: HTML5Translator, node: nodes.table) -> None:
    """Let a table scroll that is wider than the page."""
    self.body.append('<div class="pst-scrollable-table-container">')
    HTML5Translator.visit_table(self, node)


def _close_table(self: HTML5Translator, node: nodes.table) -> None:
    HTML5Translator.depart_table(self, node)
    self.body.append("</div>\n")


def find_section(pagename: str, menu: Sequence[str]) -> str | None:
    """Return the document of the menu that a page is, or in whose folder it stands."""
    folders = (name.removesuffix("index") for name in menu if name.endswith("/index"))
    found = [folder for folder in folders if pagename.startswith(folder)]
    return f"{max(found)}index" if found else pagename if pagename in menu else None
