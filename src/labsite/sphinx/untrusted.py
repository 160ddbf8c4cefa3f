"""Keep pages data: no code, no template, no file or address of elsewhere.

Anybody may propose a change to a page, and a host builds it before somebody has read
it. ``labsite_trust_pages = True`` gives pages all that Sphinx and MyST can do.
"""

from __future__ import annotations

import math
import re
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from docutils import nodes
from markdown_it.token import Token
from myst_parser.config.main import TopmatterReadError, read_topmatter
from myst_parser.mdit_to_docutils.sphinx_ import SphinxRenderer
from myst_parser.parsers.mdit import create_md_parser
from myst_parser.parsers.sphinx_ import MystParser
from sphinx.addnodes import download_reference
from yaml import safe_dump

from labsite.model.problems import Rule, quote
from labsite.model.repository import (
    belongs_to,
    is_utf8,
    leads_outside,
    repository_of,
    source_files,
    wrong_name,
)
from labsite.pages.front_matter import REFUSED_FIELDS, parse_page, refused_fields
from labsite.sphinx.domain import get_domain
from labsite.sphinx.logging import warn, warn_problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment

    from labsite.site.site import SiteRecords

#: Schemes of addresses to which a page may link.
_SCHEMES = {"http", "https", "mailto", "tel", "ftp"}
#: What separates a scheme from the rest (RFC 3986, section 3.1); browsers leave out
#: white space and control characters.
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_IGNORED = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029]")
#: Endings of static files that Sphinx fills in as templates.
_TEMPLATE_ENDINGS = (".jinja", "_t")
#: What a ``meta`` element may have; ``http-equiv`` leads a browser elsewhere.
_META = {"name", "property", "lang", "content"}
#: What could be more than text to Markdown and MyST within a heading.
_MARKUP = re.compile(r"[\\`*_{}\[\]<>!&$#^~|]")
#: How front matter is written so that it takes one line, whatever is in it.
_ONE_LINE: dict[str, Any] = {
    "default_flow_style": True,
    "default_style": '"',
    "width": math.inf,
}
#: Names of fields in front matter, some of which stand in a page's head.
_FIELD = re.compile(r"[A-Za-z][\w:. -]*")


def register_untrusted(app: Sphinx) -> None:
    """Connect what restricts pages, before anything reads one."""
    app.add_source_parser(PageParser, override=True)
    app.connect("config-inited", restrict_sources)
    app.connect("builder-inited", restrict_directives, priority=100)
    # Before Sphinx's collectors at 500, which note images and downloads to copy.
    app.connect("doctree-read", restrict_document, priority=400)


class PageParser(MystParser):
    """MyST's parser, which is given the front matter as the engine reads it.

    A setting of MyST in it can turn on templates, which run code; and the page of a
    person or a topic has the name or title of the record, which is no Markdown.
    """

    def parse(self, inputstring: str, document: nodes.document) -> None:
        """Parse a page; its body stays in its lines."""
        env = document.settings.env
        found, source = parse_page(inputstring, env.doc2path(env.docname, base=False))
        if env.config.labsite_trust_pages:
            try:
                fields = (read_topmatter(inputstring) or {}) if found.readable else {}
            except TopmatterReadError:
                fields = {}
            if not fields:
                super().parse(inputstring, document)  # which says what is wrong
                return
        else:
            hidden = [p for p in found.problems if p.rule is Rule.INVISIBLE_CHARACTER]
            for problem in [*refused_fields(found), *hidden]:
                if problem not in get_domain(env).problems:
                    warn_problem(problem)
            # MyST's reader would expand references without bound.
            values = found.value if isinstance(found.value, dict) else {}
            fields = {k: v for k, v in values.items() if k not in REFUSED_FIELDS}
        for name in [name for name in fields if not _FIELD.fullmatch(str(name))]:
            del fields[name]
            message = "front matter has the field %s; use letters, digits, '_' and '-'"
            warn(Rule.REFUSED_CONTENT, message, quote(name), location=env.docname)
        for key, title in _record_titles(get_domain(env).site, env.docname):
            if key in fields:
                fields["title"] = _MARKUP.sub(r"\\\g<0>", title)
        lines = [""] * (source.body_line - 1)
        if env.config.labsite_trust_pages:
            lines[:3] = "---", safe_dump(fields, **_ONE_LINE).strip(), "---"
            super().parse("\n".join((*lines, source.body)), document)
            return
        # Not MyST's own: it takes more for front matter, and settings from there.
        parser = create_md_parser(env.myst_config, SphinxRenderer)
        parser.options["document"] = document
        names: dict[str, Any] = {}
        tokens = parser.parse("\n".join((*lines, source.body)), names)
        if fields:
            matter = Token(
                "front_matter", "", 0, map=[0, 1], content=cast("str", fields)
            )
            tokens.insert(0, matter)
        parser.renderer.render(tokens, parser.options, names)


def _record_titles(site: SiteRecords, docname: str) -> Iterator[tuple[str, str]]:
    """Yield field and value of the title of a page that is a record's."""
    yield from (("name", p.name) for p in site.people if p.docname == docname)
    yield from (("title", t.title) for t in site.topics if t.docname == docname)


def restrict_sources(app: Sphinx, config: Config) -> None:
    """Make HTML in Markdown text; leave out templates and links to elsewhere."""
    if config.labsite_trust_pages:
        return
    refused = ["html_block", "html_inline"]
    config.myst_disable_syntax = [*config.myst_disable_syntax, *refused]
    left_out = _left_out(Path(app.srcdir), config.exclude_patterns)
    for setting in ("html_static_path", "html_extra_path"):
        names = [
            name for name in config[setting] if not leads_outside(app.confdir / name)
        ]
        config[setting] = names
        for name in names:
            left_out += _left_out(Path(app.confdir, name))
    # Sphinx matches a pattern with the path from the folder that it looks through, or
    # copies, where the path begins with "./".
    paths = {path.as_posix() for path in left_out}
    paths |= {unicodedata.normalize("NFC", path) for path in paths}
    patterns = [re.sub(r"([*?\[])", r"[\1]", path) for path in sorted(paths)]
    patterns += [f"./{pattern}" for pattern in patterns]
    config.exclude_patterns = [*config.exclude_patterns, *patterns]


def _left_out(folder: Path, excluded: Sequence[str] = ()) -> list[Path]:
    """Return what is not part of the site, though it is in its folder.

    A link may lead elsewhere; a template can read any file of the machine; and a name
    or text that is not UTF-8 ends the build in an error that names no file.
    """
    return [
        path
        for path in source_files(folder, excluded)
        if leads_outside(folder / path)
        or path.name.endswith(_TEMPLATE_ENDINGS)
        or wrong_name(path)
        or (path.suffix == ".md" and not is_utf8(folder / path))
    ]


def restrict_directives(app: Sphinx) -> None:
    """Refuse directives that put in files, or HTML."""
    trusted = app.config.labsite_trust_pages
    app.env.settings["file_insertion_enabled"] = trusted
    app.env.settings["raw_enabled"] = trusted


def restrict_document(app: Sphinx, doctree: nodes.document) -> None:
    """Take out of a page what would publish, fetch or run something of elsewhere."""
    if app.config.labsite_trust_pages:
        return
    for node, reason in list(_refused(app.env, doctree)):
        warn(Rule.REFUSED_CONTENT, "%s", reason, location=node)
        text = nodes.inline(text=node.get("alt") or node.astext())
        node.replace_self([] if isinstance(node, nodes.meta) else text)


def _refused(
    env: BuildEnvironment, doctree: nodes.document
) -> Iterator[tuple[nodes.Element, str]]:
    for image in doctree.findall(nodes.image):
        yield from _refused_file(env, image, image["uri"])
    for download in doctree.findall(download_reference):
        yield from _refused_file(env, download, download["reftarget"])
    for reference in doctree.findall(nodes.reference):
        address = reference.get("refuri", "")
        scheme = _SCHEME.match(_IGNORED.sub("", address))
        if scheme and scheme[1].lower() not in _SCHEMES:
            reason = f"{quote(address)} is not an address to link to; write https://…"
            yield reference, reason
    for meta in doctree.findall(nodes.meta):
        if not meta.non_default_attributes().keys() <= _META:
            reason = "a page may not instruct the browser; write 'name' and 'content'"
            yield meta, reason


def _refused_file(
    env: BuildEnvironment, node: nodes.Element, target: str
) -> Iterator[tuple[nodes.Element, str]]:
    if target.startswith("data:"):
        return
    if "://" in target:
        if isinstance(node, nodes.image):
            reason = f"the picture {quote(target)} is on another site; put it into this"
            yield node, reason
    elif not may_read(env, target):
        reason = f"{quote(target)} is outside the repository; put the file into it"
        yield node, reason


def may_read(env: BuildEnvironment, target: str) -> bool:
    """Tell whether a page may use the file *target*, relative to the page."""
    if env.config.labsite_trust_pages:
        return True
    path = Path(env.relfn2path(target)[1])
    return belongs_to(path, repository_of(Path(env.srcdir)))
