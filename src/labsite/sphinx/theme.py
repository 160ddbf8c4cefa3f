"""Register the theme ``labsite`` and the Sphinx extensions that any site needs."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.config import Config
from sphinx.errors import ConfigError

from labsite.site.configuration import THEME, fill_in
from labsite.site.settings import PUBLICATIONS, ConfigurationError
from labsite.sphinx.domain import get_domain
from labsite.sphinx.languages import counterpart, page_language
from labsite.sphinx.news import news_feed
from labsite.sphinx.search import add_results_page
from labsite.sphinx.stylesheet import register_stylesheet
from labsite.theme import FOLDER, scripts_version

#: The Sphinx extensions that any site needs.
EXTENSIONS = (
    "myst_parser",
    "sphinx_design",
    "sphinxcontrib.bibtex",
    "notfound.extension",
)
#: Before those in ``html_css_files``, which may say otherwise, after all others.
_PRIORITY = 700


def register_theme(app: Sphinx) -> None:
    """Register the theme; set missing values of ``conf.py``; set up the extensions.

    :raises sphinx.errors.ConfigError: if a value of ``conf.py`` has the wrong type
    """
    # Sphinx has no public way to set a default of a setting that others register.
    given = app.config._raw_config  # noqa: SLF001
    try:
        filled = fill_in(Path(app.confdir), {**given, **app.config.overrides})
    except ConfigurationError as error:
        raise ConfigError(str(error)) from error
    given.update((name, filled[name]) for name in filled.keys() - app.config.overrides)
    for name in EXTENSIONS:
        app.setup_extension(name)
    app.add_html_theme(THEME, str(FOLDER / THEME))
    app.connect("config-inited", add_package_paths)
    app.connect("builder-inited", add_styles)
    if app.config.html_theme != THEME:
        return
    app.add_js_file("labsite/mode.js", priority=_PRIORITY)
    app.add_js_file("labsite/frame.js", priority=_PRIORITY, loading_method="defer")
    app.connect("html-collect-pages", add_results_page)
    register_stylesheet(app)


def add_styles(app: Sphinx) -> None:
    """Add the style sheets of our theme, or one for any theme, as that of a book.

    With our theme the index of words of Sphinx's search is turned off.
    """
    builder = app.builder
    if not isinstance(builder, StandaloneHTMLBuilder) or builder.theme.name != THEME:
        app.add_css_file("labsite-base.css")
        return
    builder.search = False
    for name in ("colors.css", "tokens.css", "frame.css", "pages.css"):
        app.add_css_file(f"labsite/{name}", priority=_PRIORITY)


def add_package_paths(app: Sphinx, config: Config) -> None:
    """Add the lab's name, and the package's templates and scripts after the site's.

    The theme's components come before those of the same names that the theme it
    inherits from adds when it is loaded.
    """
    parts = [FOLDER / "templates"]
    if config.html_theme == THEME:
        parts.insert(0, FOLDER / THEME / "components")
    config.templates_path = [*config.templates_path, *map(str, parts)]
    name = config.labsite_organization.get("name", config.html_title)
    config.html_context = {**config.html_context, "labsite_name": name}
    # The site's own files are copied later, over those of the same names.
    config.html_static_path = [str(FOLDER / "static"), *config.html_static_path]


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
        "labsite_publications": PUBLICATIONS,
        "labsite_news": feed and feed.address,
    }
