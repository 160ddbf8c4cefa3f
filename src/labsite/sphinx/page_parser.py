"""Parse pages as data: front matter has no settings."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any, cast

from markdown_it.token import Token
from myst_parser.config.main import (
    TopmatterReadError,
    merge_file_level,
    read_topmatter,
)
from myst_parser.mdit_to_docutils.sphinx_ import SphinxRenderer
from myst_parser.parsers.mdit import create_md_parser
from myst_parser.parsers.sphinx_ import MystParser
from myst_parser.warnings_ import MystWarnings, create_warning
from sphinx.util.parsing import nested_parse_to_nodes

from labsite.model.problems import Rule, quote
from labsite.pages.front_matter import REFUSED_FIELDS, parse_page, refused_fields
from labsite.sphinx.domain import get_domain
from labsite.sphinx.logging import warn, warn_problem
from labsite.sphinx.page_limits import attempt, failed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docutils import nodes
    from docutils.parsers.rst.states import RSTState
    from docutils.statemachine import StringList
    from sphinx.environment import BuildEnvironment

    from labsite.pages.yaml_lines import Document
    from labsite.site.site import SiteRecords

#: Characters of a title that Markdown or MyST could read as markup.
_MARKUP = re.compile(r"[\\`*_{}\[\]<>!&$#^~|]")
#: Names of front matter fields; some are written into the page's head.
_FIELD = re.compile(r"[A-Za-z][\w:. -]*")


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
        found, source = parse_page(inputstring, file)
        fields = _read_fields(env, found, inputstring)
        for key, title in _record_titles(get_domain(env).site, env.docname):
            if key in fields:
                fields["title"] = _MARKUP.sub(r"\\\g<0>", title)
        _render("\n" * (source.body_line - 1) + source.body, fields, document)


def _read_fields(env: BuildEnvironment, found: Document, text: str) -> dict[str, Any]:
    """Return the front matter that the page may have, and warn of what is wrong."""
    values: dict[str, Any] | None = None
    if env.config.labsite_trust_pages:
        with suppress(TopmatterReadError):
            values = read_topmatter(text) or {}
    if values is None:
        for problem in [*refused_fields(found), *found.problems]:
            if problem not in get_domain(env).problems:
                warn_problem(problem)
        values = found.value if isinstance(found.value, dict) else {}
        values = {k: v for k, v in values.items() if k not in REFUSED_FIELDS}
    for name in [name for name in values if not _FIELD.fullmatch(str(name))]:
        del values[name]
        message = "front matter has the field %s; use letters, digits, '_' and '-'"
        warn(Rule.REFUSED_CONTENT, message, quote(name), location=env.docname)
    return values


def _record_titles(site: SiteRecords, docname: str) -> Iterator[tuple[str, str]]:
    """Yield the field and the value of the title if the page belongs to a record."""
    yield from (("name", p.name) for p in site.people if p.docname == docname)
    yield from (("title", t.title) for t in site.topics if t.docname == docname)


def _render(text: str, fields: dict[str, Any], document: nodes.document) -> None:
    """Parse Markdown. MyST's own parser would read the front matter itself."""

    def warn_of(kind: MystWarnings, message: str) -> None:
        create_warning(document, message, kind, line=1, append_to=document)

    # MyST sets "myst_config", which the type of the environment does not have.
    env: Any = document.settings.env
    config = merge_file_level(env.myst_config, fields, warn_of)
    parser = create_md_parser(config, SphinxRenderer)
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
