"""Reading and resolving all pages as a build does, without writing any of them."""

from __future__ import annotations

import io
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from itertools import chain
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders.dummy import DummyBuilder
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.environment import BuildEnvironment
from sphinx.highlighting import PygmentsBridge
from sphinx.util.docutils import docutils_namespace, patch_docutils

from labsite.model.digests import digest_text
from labsite.model.problems import Problem, Rule
from labsite.model.repository import leads_outside, source_files
from labsite.model.store import FOLDER, look
from labsite.model.tables import read_table
from labsite.pages.yaml_lines import read_source
from labsite.site.settings import NEWS, TEAM, TOPICS
from labsite.sphinx.addresses import find_redirects
from labsite.sphinx.domain import get_domain
from labsite.sphinx.logging import NO_FAILURE
from labsite.sphinx.mathml import RENDERER_NAME, convert_formula

#: A setting with what the others are read from: Sphinx reads pages again after some
#: changes of settings, and a check after each.
STATE = "check_state"
_ESCAPE = re.compile(r"\x1b\[[0-9;]*m")
#: What Sphinx writes for a warning.
_WARNING = re.compile(
    r"(?:(?:(?P<file>.+?)(?::(?P<line>\d+))?(?::\d+)?:?: )?"
    r"(?:WARNING|ERROR|CRITICAL|warning): )?"
    rf"(?P<message>.*?)(?: \[(?P<type>[\w.-]+)\])*(?: {re.escape(NO_FAILURE)})?\n?",
    re.DOTALL,
)
_RECORDS = {NEWS, TEAM, TOPICS}  #: folders
#: A condition of a list, written as an option or in a role.
_ASKED_FIELD = re.compile(r"\bfield[\s=',]+([^\s=',;]+)")
#: What to do about a warning, by the beginning of its type or of its message.
_REMEDIES = read_table(__file__, "remedies.toml")


class PageCheckBuilder(DummyBuilder):
    """Resolves each page as for HTML, and writes no file."""

    name = "labsite-check"
    format = StandaloneHTMLBuilder.format
    supported_image_types = StandaloneHTMLBuilder.supported_image_types
    supported_remote_images = StandaloneHTMLBuilder.supported_remote_images
    math_renderer_name = StandaloneHTMLBuilder.math_renderer_name  # Sphinx asks for it
    allow_parallel = False

    def get_outdated_docs(self) -> set[str]:
        """Return no page: those that were read are resolved, and what they change."""
        return set()

    def write_doc(self, docname: str, doctree: nodes.document) -> None:
        """Report code and formulas that the writer of HTML reports."""
        for kind in (nodes.math, nodes.math_block):
            for formula in doctree.findall(kind):
                if self.config.html_math_renderer == RENDERER_NAME:
                    convert_formula(formula)
        for node in doctree.findall(nodes.Element):
            if _is_coloured(node):
                name, force = node.get("language", "default"), node.get("force", False)
                options = self.config.highlight_options.get(name)
                highlight = PygmentsBridge().highlight_block
                highlight(node.astext(), name, options, force, location=node)


def _is_coloured(node: nodes.Element) -> bool:
    """Return whether Sphinx colours a node as code."""
    if isinstance(node, nodes.literal):
        return "code" in node["classes"] and bool(node.get("language"))
    return isinstance(node, nodes.literal_block) and node.rawsource == node.astext()


def check_pages(source: Path) -> tuple[list[Problem], list[str], set[str]]:
    """Return the problems that a strict build reports of pages, and what pages use.

    This is: the files outside the source, and the fields that lists ask for. Doctrees
    are stored for the next check, which reads only pages that have changed.

    :param source: the site's source directory, absolute
    """
    home = source / FOLDER
    with suppress(OSError):
        home.mkdir(parents=True, exist_ok=True)
    writable = home if os.access(home, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="sphinx-", dir=writable) as name:
        stored, own = home / "sphinx", Path(name, "stored")
        out = (writable or Path(name)) / "out"  # of the same name for every check
        with suppress(OSError):  # there is none, or another check uses it
            stored.rename(own)
        # The stored files may be of another version or damaged.
        for folder in (own, Path(name, "new")):
            try:
                found = _check(source, folder, out)
            except Exception as error:
                reason = f"the build fails: {type(error).__name__}: {error}"
                reason += "" if ";" in reason else "; correct it"
                found = [Problem(Rule.BROKEN_PAGE, reason, "conf.py")], [], set()
            else:
                with suppress(OSError):
                    folder.rename(stored)
                break
        return found


def _check(
    source: Path, folder: Path, outdir: Path
) -> tuple[list[Problem], list[str], set[str]]:
    said, noted = list[str](), list[str]()
    stream, status = io.StringIO(), io.StringIO()
    vars(stream)["write"] = said.append  # each warning by itself
    vars(status)["write"] = noted.append
    # conf.py and the modules that it may import
    code = sorted(file for file in look(source).items() if file[0].endswith(".py"))
    settings: dict[str, object] = {"nitpicky": True, "show_warning_types": True}
    settings[STATE] = digest_text(repr(code))
    with patch_docutils(source), docutils_namespace():
        folders, name = (outdir, folder / "doctrees"), PageCheckBuilder.name
        app = Sphinx(source, source, *folders, name, settings, status, stream)
        app.build()
        find_redirects(app.builder)  # reports wrong ones
    known = {(p.rule, p.file, p.line) for p in get_domain(app.env).loaded.problems}
    said += [text for text in noted if text.rstrip().endswith(NO_FAILURE)]
    problems = [*(_read_warning(text, source) for text in said), *_without_page(app)]
    found = dict.fromkeys(problems)  # an item of news is on several pages
    new = [p for p in found if (p.rule, p.file, p.line) not in known]
    views = chain(*get_domain(app.env).data["views"].values())
    asked = repr([view.arguments for view in views]).lower()
    return new, _outside(app.env), {*_ASKED_FIELD.findall(asked)}


def _outside(env: BuildEnvironment) -> list[str]:
    """Return the absolute paths of files outside the source that pages use."""
    paths = [*env.images, *env.dlfiles, *chain(*env.dependencies.values())]
    used = {os.path.normpath(env.srcdir / path) for path in paths}
    return sorted(path for path in used if not path.startswith(f"{env.srcdir}{os.sep}"))


def _without_page(app: Sphinx) -> Iterator[Problem]:
    """Yield a problem for each Markdown file, or record without '.md', without a page.

    Those in capitals, such as README.md, are for readers of the repository.
    """
    written = [item for item in get_domain(app.env).site.news if not item.drafted]
    if written and f"{NEWS}/index" not in app.env.found_docs:
        message = f"no page has this; write {NEWS}/index.md, with the directive 'news'"
        yield Problem(Rule.UNUSED_PAGE, message, written[0].source.file)
    for path in source_files(Path(app.srcdir), app.config.exclude_patterns):
        docname = path.with_suffix("").as_posix()
        is_page = path.suffix == ".md"
        shown = docname in app.env.found_docs or (is_page and path.parent.name == NEWS)
        lost, file = path.suffix.lower() == ".md" and not shown, Path(app.srcdir, path)
        if path.suffix in {"", ".txt"} and path.parent.as_posix() in _RECORDS:
            text = "" if leads_outside(file) else read_source(file, "")[0]
            lost = text.startswith("---\n")
        remedy = "name it in include_patterns of conf.py, or in exclude_patterns"
        remedy = remedy if is_page else f"name it {path.stem.removesuffix('.md')}.md"
        if lost and not path.name.split(".")[0].isupper():
            message = f"nothing makes a page of this file; {remedy}"
            yield Problem(Rule.UNUSED_PAGE, message, path.as_posix())


def _read_warning(text: str, source: Path) -> Problem:
    """Return the problem of which Sphinx has warned."""
    found = _WARNING.fullmatch(_ESCAPE.sub("", text))
    assert found is not None  # noqa: S101 -- each text matches
    message = " ".join(found["message"].split()).rstrip(".")
    file, line = found["file"] or "conf.py", int(found["line"] or 1)
    if Path(file).is_relative_to(source):
        file = Path(file).relative_to(source).as_posix()
    kind = found["type"] or message
    rule = kind.removeprefix("labsite.")
    if rule in list(Rule):
        return Problem(Rule(rule), message, file, line)
    if ";" not in message:
        kind += "" if file.endswith("/index.md") else f" {file}"
        remedies = (text for start, text in _REMEDIES.items() if kind.startswith(start))
        message = f"{message}; {next(remedies, 'correct it')}"
    return Problem(Rule.BROKEN_PAGE, message, file, line)
