"""Register the theme ``labsite`` and the Sphinx extensions that any site needs."""

from __future__ import annotations

from pathlib import Path

from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.config import Config
from sphinx.errors import ConfigError

from labsite.site.configuration import THEME, fill_in
from labsite.site.settings import ConfigurationError
from labsite.sphinx import stylesheet
from labsite.sphinx.search import add_results_page
from labsite.theme import FOLDER

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
    app.connect("builder-inited", stylesheet.leave_out_files)
    # After the handlers that add stylesheets to a page.
    app.connect("html-page-context", stylesheet.add_address, priority=900)
    # After the theme's handler at 500, which writes the colours of code.
    app.connect("build-finished", stylesheet.write_static_files, priority=700)


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
