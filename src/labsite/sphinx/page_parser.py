"""Parse pages as data: front matter without settings, and no page ends the build."""

from __future__ import annotations

import math
import re
import signal
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

from docutils.parsers.rst.directives import unchanged_required
from markdown_it.token import Token
from myst_parser.config.main import TopmatterReadError, read_topmatter
from myst_parser.mdit_to_docutils.sphinx_ import SphinxRenderer
from myst_parser.parsers.mdit import create_md_parser
from myst_parser.parsers.sphinx_ import MystParser
from sphinx.errors import ConfigError, ExtensionError, SphinxWarning
from sphinx.util.parsing import nested_parse_to_nodes
from yaml import safe_dump

from labsite.model.problems import Rule, quote
from labsite.pages.front_matter import REFUSED_FIELDS, parse_page, refused_fields
from labsite.sphinx.domain import get_domain
from labsite.sphinx.logging import logger, warn, warn_problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Set

    from docutils import nodes
    from docutils.parsers.rst.states import RSTState
    from docutils.statemachine import StringList
    from sphinx.application import Sphinx
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment

    from labsite.pages.yaml_lines import Document
    from labsite.site.site import SiteRecords

_failed: set[str] = set()  #: the document to replace by an empty one
#: A fault of the setup, or a warning that the user wants to end the build.
_FATAL = (ConfigError, ExtensionError, SphinxWarning)
#: The time limit of one page; a page of ordinary length takes a thousandth of it.
_MOST_SECONDS = 120.0
#: Characters of a list of lines, and lines of which one is too many digits.
_MOST_RANGES, _MANY_LINES = 200, re.compile(r"\d{6}")
#: Characters of a title that Markdown or MyST could read as markup.
_MARKUP = re.compile(r"[\\`*_{}\[\]<>!&$#^~|]")
#: Options of YAML that put any front matter on one line.
_ONE_LINE: dict[str, Any] = {
    "default_flow_style": True,
    "default_style": '"',
    "width": math.inf,
}
#: Names of front matter fields; some are written into the page's head.
_FIELD = re.compile(r"[A-Za-z][\w:. -]*")


def check_lines(text: str) -> str:
    """Return a list of lines; raise ``ValueError`` if it could name many millions.

    Sphinx makes a list of all of them before it compares them with the text.
    """
    text = unchanged_required(text)
    if len(text) > _MOST_RANGES or _MANY_LINES.search(text):
        msg = f"lines beyond 99999, or more than {_MOST_RANGES} characters"
        raise ValueError(msg)
    return text


class _PageRenderer(SphinxRenderer):
    """Renders Markdown with bounded lists of lines in attributes."""

    @staticmethod
    def _parse_linenos(emphasize_lines: str, num_lines: int) -> list[int]:
        checked = check_lines(emphasize_lines)
        return SphinxRenderer._parse_linenos(checked, num_lines)  # noqa: SLF001 -- of the base


class TooLongError(BaseException):
    """A page exceeds the time limit. Handlers of ``Exception`` do not catch it."""


class PageParser(MystParser):
    """Parse Markdown with the front matter that the engine has read.

    MyST settings in front matter can turn on templates, which run code. The page of a
    person or topic gets the name or title of the record, which is plain text.
    """

    def parse(self, inputstring: str, document: nodes.document) -> None:
        """Parse a page, and keep the line numbers of its body."""
        env: BuildEnvironment = document.settings.env
        if env.docname in _failed:
            _render(f"# {env.docname}\n", {}, document)
            return
        trusted = env.config.labsite_trust_pages
        file = str(env.doc2path(env.docname, base=False))
        found, source = parse_page(inputstring, file)
        if trusted:
            fields = _all_fields(inputstring, found)
            if not fields:
                super().parse(inputstring, document)  # which reports what is wrong
                return
        else:
            fields = _allowed_fields(env, found)
        for name in [name for name in fields if not _FIELD.fullmatch(str(name))]:
            del fields[name]
            message = "front matter has the field %s; use letters, digits, '_' and '-'"
            warn(Rule.REFUSED_CONTENT, message, quote(name), location=env.docname)
        for key, title in _record_titles(get_domain(env).site, env.docname):
            if key in fields:
                fields["title"] = _MARKUP.sub(r"\\\g<0>", title)
        lines = [""] * (source.body_line - 1)
        if trusted:
            lines[:3] = "---", safe_dump(fields, **_ONE_LINE).strip(), "---"
        text = "\n".join((*lines, source.body))
        if trusted:
            super().parse(text, document)
        else:
            _render(text, fields, document)


def _all_fields(text: str, found: Document) -> dict[str, Any]:
    """Return the front matter as MyST reads it; nothing if it cannot be read."""
    try:
        return (read_topmatter(text) or {}) if found.readable else {}
    except TopmatterReadError:
        return {}


def _allowed_fields(env: BuildEnvironment, found: Document) -> dict[str, Any]:
    """Return the front matter without refused fields, and warn of these."""
    hidden = [p for p in found.problems if p.rule is Rule.INVISIBLE_CHARACTER]
    for problem in [*refused_fields(found), *hidden]:
        if problem not in get_domain(env).problems:
            warn_problem(problem)
    # MyST's reader would expand YAML aliases without limit.
    values = found.value if isinstance(found.value, dict) else {}
    return {k: v for k, v in values.items() if k not in REFUSED_FIELDS}


def _record_titles(site: SiteRecords, docname: str) -> Iterator[tuple[str, str]]:
    """Yield the field and the value of the title if the page belongs to a record."""
    yield from (("name", p.name) for p in site.people if p.docname == docname)
    yield from (("title", t.title) for t in site.topics if t.docname == docname)


def guard_pages(app: Sphinx) -> None:
    """Continue with an empty page, or none, where building a page fails."""
    builder = app.builder
    read, write = builder.read_doc, builder.write_doc
    index, write_all = builder.write_doc_serialized, builder.write_documents

    def read_doc(docname: str, **options: bool) -> None:
        if not attempt(lambda: read(docname, **options), docname):
            _failed.add(docname)
            try:
                read(docname, **options)
            finally:
                _failed.discard(docname)

    def write_doc(docname: str, doctree: nodes.document) -> None:
        attempt(lambda: write(docname, doctree), docname)

    def write_doc_serialized(docname: str, doctree: nodes.document) -> None:
        attempt(lambda: index(docname, doctree), docname)

    def write_documents(docnames: Set[str]) -> None:
        with _guard_resolving(app.env):
            write_all(docnames)

    if not app.config.labsite_trust_pages:
        guards = (read_doc, write_doc, write_doc_serialized, write_documents)
        vars(builder).update({guard.__name__: guard for guard in guards})


@contextmanager
def _guard_resolving(env: BuildEnvironment) -> Iterator[None]:
    """Continue with an empty page where a post-transform fails.

    The environment has the guard only while pages are written: it is not stored then.
    """
    resolve = env.get_and_resolve_doctree

    def get_and_resolve_doctree(
        docname: str,
        builder: Builder,
        **options: Any,  # noqa: ANN401 -- as Sphinx's own
    ) -> nodes.document:
        found: list[nodes.document] = []
        if not attempt(
            lambda: found.append(resolve(docname, builder, **options)), docname
        ):
            found.append(env.get_doctree(docname))
            found[0].clear()
        return found[0]

    vars(env)["get_and_resolve_doctree"] = get_and_resolve_doctree
    try:
        yield
    finally:
        del vars(env)["get_and_resolve_doctree"]


def attempt(act: Callable[[], None], location: str) -> bool:
    """Call *act*; return False, and warn, if it fails or takes too long."""
    try:
        with limit_time():
            act()
    except (Exception, TooLongError) as error:  # from any directive; deep nesting
        # Sphinx wraps the error of a handler.
        if isinstance(error, ExtensionError) and error.orig_exc:
            error = error.orig_exc
        if isinstance(error, _FATAL):
            raise
        reason = quote(str(error) or repr(error))
        message = "the page cannot be built (%s); simplify what it has there"
        warn(Rule.REFUSED_CONTENT, message, reason, location=location)
        logger.debug("%s", reason, exc_info=error)  # for "sphinx-build -vv"
        return False
    return True


def _render(text: str, fields: dict[str, Any], document: nodes.document) -> None:
    """Parse Markdown. MyST's own parser would take settings from front matter."""
    # MyST sets "myst_config", which the type of the environment does not have.
    env: Any = document.settings.env
    parser = create_md_parser(env.myst_config, _PageRenderer)
    parser.options["document"] = document
    names: dict[str, Any] = {}
    tokens = parser.parse(text, names)
    if fields:
        content = cast("str", fields)  # MyST takes front matter that is parsed, too
        tokens.insert(0, Token("front_matter", "", 0, map=[0, 1], content=content))
    parser.renderer.render(tokens, parser.options, names)


def parse_part(
    state: RSTState, lines: StringList, offset: int, location: str
) -> list[nodes.Node]:
    """Parse a part of a page; if that fails, return nothing and keep the rest.

    :param offset: the number of lines before the part
    """
    found: list[nodes.Node] = []

    def parse() -> None:
        found.extend(
            nested_parse_to_nodes(
                state, lines, offset=offset, allow_section_headings=False
            )
        )

    # MyST has no public name for its renderer, whose state an error leaves changed.
    renderer = getattr(state, "_renderer", None)
    before = dict(vars(renderer)) if renderer else {}
    if not attempt(parse, location) and renderer:
        vars(renderer).update(before)
        renderer.md_env.pop("temp_root_node", None)
    return found


@contextmanager
def limit_time() -> Iterator[None]:
    """Raise :class:`TooLongError` at the time limit, where signals are available."""
    in_main = threading.current_thread() is threading.main_thread()
    if sys.platform == "win32" or not in_main:
        yield
        return

    def stop(_signal: int, _frame: object) -> None:
        msg = f"it takes more than {_MOST_SECONDS:g} seconds"
        raise TooLongError(msg)

    handler = signal.signal(signal.SIGALRM, stop)
    outer, _interval = signal.setitimer(signal.ITIMER_REAL, _MOST_SECONDS)
    try:
        yield
    finally:
        signal.signal(signal.SIGALRM, handler)
        signal.setitimer(signal.ITIMER_REAL, outer)
