"""Parse pages as data: front matter has no settings.

Docutils' settings, which Sphinx and MyST compute anew for each document, are computed
once for a build.
"""

from __future__ import annotations

import re
from contextlib import suppress
from copy import copy
from functools import cache, lru_cache
from typing import Any, cast

from docutils import nodes
from docutils.frontend import Values
from docutils.parsers.rst import roles
from docutils.transforms.references import Footnotes
from docutils.utils import DependencyList
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode
from myst_parser.config.main import TopmatterReadError, merge_file_level, read_topmatter
from myst_parser.mdit_to_docutils import base
from myst_parser.mdit_to_docutils.base import token_line
from myst_parser.mdit_to_docutils.sphinx_ import SphinxRenderer
from myst_parser.mdit_to_docutils.transforms import (
    CollectFootnotes,
    ResolveAnchorIds,
    SortFootnotes,
)
from myst_parser.parsers.mdit import create_md_parser
from myst_parser.parsers.sphinx_ import MystParser
from myst_parser.warnings_ import MystWarnings, create_warning
from sphinx.directives import code
from sphinx.environment import BuildEnvironment
from sphinx.transforms import UnreferencedFootnotesDetector
from sphinx.util import _lines
from sphinx.util import docutils as sphinx_docutils
from sphinx.util._lines import parse_line_num_spec
from sphinx.util.docutils import LoggingReporter

from labsite.model.problems import Rule, quote
from labsite.pages.front_matter import REFUSED_FIELDS, parse_page
from labsite.pages.yaml_lines import Document
from labsite.sphinx.domain import get_domain
from labsite.sphinx.logging import warn, warn_problems
from labsite.sphinx.page_limits import attempt, failed

_NUMBER = re.compile(r"\d+")
#: Characters of a title that Markdown or MyST could read as markup.
_MARKUP = re.compile(r"[\\`*_{}\[\]<>!&$#^~|]")
#: Names of front matter fields; some are written into the page's head.
_FIELD = re.compile(r"[A-Za-z][\w:. -]*")
#: Signs of a role, a link, a picture or a formula in what was read as text.
_UNREAD = re.compile(
    r"\{[a-z][\w:.+-]*\}(?: ?`[^\s`]*| \Z)"
    r"|\$(?=\S)[^$\\^_]*[\\^_][^$]*(?<=\S)\$(?![A-Za-z0-9{])"
    r"|(?:\]\(|(?<![\s\d])\] \((?=https?:|\.?\.?/)|\)\[(?=https?:))[^()\[\]]*"
)
_FORMS = "{name}`text`, [text](address) with %20 for a space, or {math}`x^2`"

#: What resolves labels in a part of a page.
_TRANSFORMS = (
    SortFootnotes,
    Footnotes,
    UnreferencedFootnotesDetector,
    CollectFootnotes,
    ResolveAnchorIds,
)
# There is no public way to these functions.
_myst: Any = base
_code: Any = code
_compute = sphinx_docutils._get_settings  # noqa: SLF001
_computed: dict[str, Values] = {}


def _parse_lines(spec: str, total: int) -> list[int]:
    """Parse a list of lines without making lines behind the last by the million.

    Sphinx makes them in one step, which no other limit interrupts.
    """
    spec = _NUMBER.sub(lambda found: str(min(int(found[0][:9]), total + 1)), spec)
    return parse_line_num_spec(spec, total)


class _PageRenderer(SphinxRenderer):
    """Renders Markdown of a page, or of another file that a page shows."""

    def create_warning(
        self,
        *message: Any,  # noqa: ANN401 -- as MyST's
        line: int | None = None,
        **options: Any,  # noqa: ANN401 -- as MyST's
    ) -> nodes.system_message | None:
        """Warn of a line of the file; MyST would name the page that shows it."""
        place = nodes.comment()
        place.source, place.line = self.document["source"], line
        return create_warning(self.document, *message, node=place, **options)

    def render_image(self, token: SyntaxTreeNode) -> None:
        """Render a picture; Sphinx forgets the line of one without source text."""
        super().render_image(token)
        picture = cast("nodes.image", self.current_node[-1])
        picture.rawsource = str(token.attrGet("src"))

    def render_text(self, token: SyntaxTreeNode) -> None:
        """Render text, and warn of what looks like markup in it and is not escaped."""
        source, where = token, (self.language_module_rst, 0, self.reporter)
        while source.type != "inline" and source.parent:
            source = source.parent
        for found in _UNREAD.finditer(token.content):
            written = found[0]
            if written.endswith("} "):  # before code; what is no role is text there
                if not roles.role(written[1:-2], *where)[0]:
                    continue
                written += "`"
            before, there, _ = source.content.partition(written)
            if there and not before.endswith("\\"):
                line = token_line(token, 0) + before.count("\n")
                said = f"{quote(found[0])} is shown as it stands; write {_FORMS}"
                place = f"{self.document['source']}:{line}"
                warn(Rule.UNREAD_MARKUP, "%s", said, location=place)
        super().render_text(token)


class PageParser(MystParser):
    """Parse Markdown with the front matter that the engine has read.

    MyST settings in front matter can turn on templates, which run code. The page of a
    person or topic gets the name or title of the record, which is plain text.
    """

    def parse(self, inputstring: str, document: nodes.document) -> None:
        """Parse a page, and keep the line numbers of its body."""
        env: BuildEnvironment = document.settings.env
        if env.docname in failed:
            _render(f"# {env.docname}\n", {}, document)
            return
        file = str(env.doc2path(env.docname, base=False))
        found = Document(file=file)
        source = parse_page(inputstring, found)
        fields = _read_fields(env, found, inputstring)
        site, here = get_domain(env).site, env.docname
        names = [("name", p.name) for p in site.people if p.docname == here]
        names += [("title", t.title) for t in site.topics if t.docname == here]
        for key, name in names:
            if key in fields:
                fields["title"] = _MARKUP.sub(r"\\\g<0>", name)
        _render("\n" * (source.body_line - 1) + source.body, fields, document)


def _read_fields(env: BuildEnvironment, found: Document, text: str) -> dict[str, Any]:
    """Return the allowed front matter of a page, and warn of mistakes."""
    values: dict[str, Any] | None = None
    if env.config.labsite_trust_pages:
        with suppress(TopmatterReadError):
            values = read_topmatter(text) or {}
    if values is None:
        values = dict(found.value) if isinstance(found.value, dict) else {}
        for name in sorted(REFUSED_FIELDS & values.keys()):
            del values[name]
            remedy = "write its text in the page, or 'description: …'"
            message = f"a page may not have the field '{name}'; {remedy}"
            found.report(Rule.REFUSED_CONTENT, message, name)
        warn_problems(found.problems, get_domain(env).loaded.problems)
    for name in [name for name in values if not _FIELD.fullmatch(str(name))]:
        del values[name]
        message = "front matter has the field %s; use letters, digits, '_' and '-'"
        warn(Rule.REFUSED_CONTENT, message, quote(name), location=env.docname)
    return values


def _render(text: str, fields: dict[str, Any], document: nodes.document) -> None:
    """Parse Markdown. MyST's own parser would read the front matter itself."""

    def warn_of(kind: MystWarnings, message: str) -> None:
        create_warning(document, message, kind, line=1, append_to=document)

    # MyST sets "myst_config", which the type of the environment does not have.
    env: Any = document.settings.env
    config = merge_file_level(env.myst_config, fields, warn_of)
    parser = create_md_parser(config, _PageRenderer)
    parser.options["document"] = document
    names: dict[str, Any] = {}
    tokens = parser.parse(text, names)
    if fields:
        content = cast("str", fields)  # MyST takes front matter that is parsed, too
        tokens.insert(0, Token("front_matter", "", 0, map=[0, 1], content=content))
    parser.renderer.render(tokens, parser.options, names)
    _check_escapes(document, text)


def _check_escapes(tree: nodes.Node, text: str) -> None:
    """Raise ``UnicodeError`` if an option has half of a character by an escape."""
    if "\\u" in text.lower():
        tree.pformat().encode()


def parse_part(
    page: nodes.document, text: str, file: str, line: int
) -> list[nodes.Node]:
    """Parse Markdown of another file that a page shows, with labels of its own.

    If that fails, return nothing.

    :param line: the line of *file* where the text begins
    """
    settings = copy(page.settings)
    part = nodes.document(settings, LoggingReporter.from_reporter(page.reporter))
    part["source"] = part.reporter.source = file
    # Ids are those of the page.
    part.ids, part.id_counter = page.ids, page.id_counter
    parser = _part_parser(settings.env)
    parser.options["document"] = part
    renderer, content = cast("_PageRenderer", parser.renderer), nodes.container()
    renderer.setup_render({**parser.options}, {})

    def parse() -> list[nodes.Node]:
        with renderer.current_node_context(content):  # where headings make no sections
            renderer.nested_render_text(text, line - 1)
        renderer._render_finalise()  # noqa: SLF001 -- nothing public
        _check_escapes(content, text)
        part.current_line = None  # as after a page: nodes have the lines of those above
        settings.myst_footnote_transition = False  # only sections may have a line
        part.extend(content.children)
        part.transformer.add_transforms(_TRANSFORMS)
        part.transformer.apply_transforms()
        for link in part.findall(nodes.reference):
            link.attributes.pop("id_link", None)  # it is resolved
        for node in part.findall():
            node.document = page  # which Sphinx stores without the environment
        return part.children

    return attempt(parse, f"{file}:{line}", [])


@lru_cache(maxsize=1)  # of the environment, hence of one build
def _part_parser(env: BuildEnvironment) -> MarkdownIt:
    """Return the parser of all parts, which have no parts of their own."""
    return create_md_parser(cast("Any", env).myst_config, _PageRenderer)


def share_settings() -> None:
    """Replace the functions of Sphinx and MyST."""
    sphinx_docutils._get_settings = _get_settings  # noqa: SLF001
    _code.parse_line_num_spec = _lines.parse_line_num_spec = _parse_lines
    if not hasattr(_myst.get_default_settings, "cache_clear"):
        _myst.get_default_settings = cache(_myst.get_default_settings)


def _get_settings(*components: Any, **options: Any) -> Values:  # noqa: ANN401 -- as Sphinx's
    """Return a copy of the settings that were computed for equal arguments."""
    classes = [c if isinstance(c, type) else type(c) for c in components]
    key = f"{classes} {options}"
    if key not in _computed:
        _computed[key] = _compute(*components, **options)
    settings = copy(_computed[key])
    settings.record_dependencies = DependencyList()  # the files of one document
    return settings
