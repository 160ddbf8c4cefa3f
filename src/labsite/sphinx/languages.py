"""Pages in several languages, with labels in the language of each page.

Pages in a folder named after a language of ``labsite_languages`` are in that language,
all others in the site's own. Sphinx's function ``_`` looks labels up in one global
object, which is replaced before a page is read or written.
"""

from __future__ import annotations

import gettext
import io
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

import pydata_sphinx_theme
import sphinx
from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.locale import _, translators
from sphinx.writers.html5 import HTML5Translator

import labsite
from labsite.exports.json_ld import dump_script
from labsite.model.records import Publication
from labsite.site.site import SiteRecords
from labsite.text.values import language_of

_KEY = "general", "sphinx"  #: of the object in which "_" looks labels up
_CATALOGUES = Path(labsite.__file__).parent / "locale"
#: The gettext context of the labels of scripts.
SCRIPT_CONTEXT = "script"
#: A bracket before a Korean particle, as in "(2026)은", where a line may end even with
#: the style `keep-all`; not in code or an address. The limit is for the time it takes.
_BEFORE_PARTICLE = re.compile(
    r"[)\]%](?:</\w+>)*(?=[가-힣][^<>]{0,2000}<(?!/(?:code|pre|span)))"
)


class Translations(gettext.GNUTranslations):
    """The labels in one language: the engine's, then Sphinx's and the theme's.

    Labels without a translation stay English.
    """

    def __init__(self, language: str) -> None:
        path, data = _CATALOGUES / f"{language}.po", io.BytesIO()
        catalogue = read_po(io.BytesIO(path.read_bytes() if path.is_file() else b""))
        write_mo(data, catalogue)
        data.seek(0)
        super().__init__(data)
        self.language = language
        labels = {  # of scripts, by the English label
            str(message.id): str(message.string)
            for message in catalogue
            if message.context == SCRIPT_CONTEXT and message.string
        }
        element = '<script type="application/json" id="labsite-labels">{}</script>\n'
        self.script_element = element.format(dump_script(labels)) if labels else ""
        for package in (sphinx, pydata_sphinx_theme):
            folder = Path(package.__path__[0], "locale")
            others = gettext.translation("sphinx", folder, [language], fallback=True)
            super().add_fallback(others)

    def add_fallback(self, _fallback: gettext.NullTranslations) -> None:
        """Ignore the language that Sphinx adds for the next build of a process."""


load_translations = cache(Translations)


def set_language(language: str) -> None:
    """Set the language of labels."""
    translators[_KEY] = load_translations(language)


@contextmanager
def temporary_language(language: str) -> Iterator[None]:
    """Set the language of labels within a block."""
    before = current_language()
    set_language(language)
    try:
        yield
    finally:
        set_language(before)


def current_language() -> str:
    """Return the language of labels."""
    return getattr(translators.get(_KEY), "language", "en")


def locale_name(language: str) -> str:
    """Return a language with its country, or the most likely one: "ko_KR"."""
    parts = get_global("likely_subtags").get(language, language).split("_")
    return f"{parts[0]}_{parts[-1]}" if len(parts) > 1 else language


def language_tag(language: str) -> str:
    """Return a language as HTML names it: "pt-BR" for "pt_BR"."""
    return language.replace("_", "-")


def language_class(publication: Publication, site: SiteRecords) -> str:
    """Return the class that names the language of a title, if it is not the page's."""
    language = language_of(publication, language_tag(site.settings.language))
    here = language_tag(site.language)
    return f"language-{language}" if language not in {None, here} else ""


def plural_label(singular: str, plural: str, number: int) -> str:
    """Return the label of a number of things, without the number."""
    return translators[_KEY].ngettext(singular, plural, number)


def count_label(singular: str, plural: str, number: int) -> str:
    """Return the label of a number; both forms contain ``%d``."""
    return plural_label(singular, plural, number) % number


def page_language(config: Config, docname: str) -> str:
    """Return the language of a page."""
    folder = docname.partition("/")[0]
    language: str = config.language
    return folder if folder in config.labsite_languages else language


def home_page(config: Config, language: str) -> str:
    """Return the home page in a language."""
    root: str = config.root_doc
    return root if language == config.language else f"{language}/index"


def counterpart(env: BuildEnvironment, docname: str, language: str) -> tuple[str, bool]:
    """Return the page in another language, and whether it is a translation.

    If there is no translation, it is the index page of the nearest folder that has one.
    """
    config, known = env.config, env.found_docs
    own = page_language(config, docname)
    path = docname if own == config.language else docname.partition("/")[2]
    prefix = "" if language == config.language else f"{language}/"
    found = name = prefix + path
    while path and found not in known:
        path = path.rpartition("/")[0]
        found = f"{prefix}{path}/index"
    return found if found in known else home_page(config, language), name in known


def set_site_language(app: Sphinx, *_arguments: object) -> None:
    """Set the site's own language."""
    set_language(app.config.language)


def translate_templates(app: Sphinx) -> None:
    """Look labels of templates up in the current language, as "_" does."""
    environment: Any = getattr(getattr(app.builder, "templates", 0), "environment", 0)
    if environment:
        environment.install_gettext_callables(_, plural_label)


def set_document_language(app: Sphinx, docname: str, _source: list[str]) -> None:
    """Set the language of a document before it is read."""
    set_language(page_language(app.config, docname))


def visit_document(self: HTML5Translator, node: nodes.document) -> None:
    """Set the language of a document before its body is written."""
    docname = getattr(self.builder, "current_docname", "")
    set_language(page_language(self.config, docname))
    HTML5Translator.visit_document(self, node)


def set_page_language(
    app: Sphinx, pagename: str, _template: str, context: dict[str, Any], *_: object
) -> None:
    """Set the language of a page before its template is rendered; add its context."""
    language = page_language(app.config, pagename)
    set_language(language)
    context["language"] = language_tag(language)
    element = load_translations(language).script_element
    context["metatags"] = (context.get("metatags") or "") + element
    context["root_doc"] = home_page(app.config, language)
    context["labsite_switches"] = list(_switches(app.env, pagename, language))
    # A word joiner, where no line ends.
    context["body"] = _BEFORE_PARTICLE.sub("\\g<0>\u2060", context.get("body", ""))


def versions(env: BuildEnvironment, docname: str) -> list[tuple[str, str, bool]]:
    """Return each language with its counterpart of a page."""
    languages = dict.fromkeys((env.config.language, *env.config.labsite_languages))
    return [(code, *counterpart(env, docname, code)) for code in languages]


def _switches(
    env: BuildEnvironment, pagename: str, language: str
) -> Iterator[Mapping[str, object]]:
    """Yield a link to each other language, and what translates labels into it."""
    for code, docname, same in versions(env, pagename):
        if code != language:
            tag, name, catalogue = language_tag(code), code, load_translations(code)
            with suppress(ValueError, UnknownLocaleError):
                name = Locale.parse(tag, sep="-").get_display_name() or code
            yield {
                "language": tag,
                "name": name,
                "docname": docname,
                "same": same,
                "offer": catalogue.gettext("Read this site in English"),
                "translate": catalogue.gettext,
            }
