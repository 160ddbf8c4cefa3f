"""Reading and resolving all pages as a build does, without writing any of them."""

from __future__ import annotations

import io
import logging
import os
import re
import tempfile
from contextlib import suppress
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.application import Sphinx
from sphinx.builders.dummy import DummyBuilder
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.util.docutils import docutils_namespace, patch_docutils
from sphinx.util.logging import NAMESPACE, WarningStreamHandler

from labsite.model.digests import digest_text
from labsite.model.problems import Problem, Rule, Severity
from labsite.model.repository import source_files
from labsite.model.store import FOLDER, look
from labsite.site.settings import NEWS
from labsite.sphinx.domain import get_domain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.environment import BuildEnvironment

#: A setting with what the others are read from: Sphinx reads pages again after some
#: changes of settings, and a check after each.
STATE = "check_state"
_ESCAPE = re.compile(r"\x1b\[[0-9;]*m")
_TYPE = re.compile(r"(?: \[[\w.-]+\])+$")
#: A condition of a list, written as an option or in a role.
_ASKED_FIELD = re.compile(r"\bfield[\s=',]+([^\s=',;]+)")
_LOCATION = re.compile(r"(?P<file>.+?)(?::(?P<line>\d+))?:?")
#: What to do about a warning, by the beginning of its type.
_REMEDIES = {
    "myst.xref_missing": "write the path of a page or a file that is there, or a label",
    "myst.directive_option": "use an option of the directive's documentation",
    "myst": "see MyST's documentation for what a page may have",
    "image": "write the path of a picture that is there",
    "download": "write the path of a file that is there",
    "ref": "write the name of one that is there",
    "toc": "write 'menu: 40' in its front matter, which puts it into the menu, or "
    "'orphan: true', or name it in a toctree",
    "bibtex.key_not_found": "write a key of the bibliography",
    "bibtex.missing_field": "add this field to the entry",
    "None.empty_glob": "take the toctree out until there is a page in the folder",
}


_problem = partial(Problem, rule=Rule.BROKEN_PAGE, severity=Severity.ERROR)


class PageCheckBuilder(DummyBuilder):
    """Resolves each page as for HTML, and writes nothing."""

    name = "labsite-check"
    format = StandaloneHTMLBuilder.format
    supported_image_types = StandaloneHTMLBuilder.supported_image_types
    supported_remote_images = StandaloneHTMLBuilder.supported_remote_images
    math_renderer_name = StandaloneHTMLBuilder.math_renderer_name  # Sphinx asks for it
    allow_parallel = False

    def get_outdated_docs(self) -> set[str]:
        """Return no page: those that were read are resolved, and what they change."""
        return set()


def check_pages(source: Path) -> tuple[list[Problem], list[str], set[str]]:
    """Return the problems that a strict build reports of pages, and what pages use.

    This is: the files outside the source, and the fields that lists ask for.

    Doctrees are stored for the next check, which reads only pages that have changed.

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
                reason = f"the build fails: {type(error).__name__}: {error}; correct it"
                found = [_problem(message=reason, file="conf.py", line=1)], [], set()
            else:
                with suppress(OSError):
                    folder.rename(stored)
                break
        return found


def _check(
    source: Path, folder: Path, outdir: Path
) -> tuple[list[Problem], list[str], set[str]]:
    said, records = io.StringIO(), list[logging.LogRecord]()
    # conf.py and the modules that it may import
    code = sorted(file for file in look(source).items() if file[0].endswith(".py"))

    def collect(record: logging.LogRecord) -> bool:
        records.append(record)
        return False

    with patch_docutils(source), docutils_namespace():
        app = Sphinx(
            source,
            source,
            outdir,
            folder / "doctrees",
            PageCheckBuilder.name,
            confoverrides={"nitpicky": True, STATE: digest_text(repr(code))},
            status=None,
            warning=said,
        )
        early = [_ESCAPE.sub("", line) for line in said.getvalue().splitlines()]
        # After Sphinx's own filters it collects what a strict build counts.
        for handler in logging.getLogger(NAMESPACE).handlers:
            if isinstance(handler, WarningStreamHandler):
                handler.addFilter(collect)
        app.build()
    known = {*map(_said, get_domain(app.env).problems)}
    problems = [
        _problem(message=f"{line}; correct it", file="conf.py", line=1)
        for line in early
        if not any(message in line for message in known)
    ]
    problems += [_from_record(record, source) for record in records]
    problems += _without_page(app)
    new = [problem for problem in problems if _said(problem) not in known]
    views = chain(*get_domain(app.env).data["views"].values())
    asked = repr([view.arguments for view in views]).lower()
    return new, _outside(app.env), {*_ASKED_FIELD.findall(asked)}


def _outside(env: BuildEnvironment) -> list[str]:
    """Return the absolute paths of files outside the source that pages use."""
    paths = [*env.images, *env.dlfiles, *chain(*env.dependencies.values())]
    used = {os.path.normpath(env.srcdir / path) for path in paths}
    return sorted(path for path in used if not path.startswith(f"{env.srcdir}{os.sep}"))


def _without_page(app: Sphinx) -> Iterator[Problem]:
    """Yield a problem for each Markdown file that becomes no page.

    Those in capitals, such as README.md, are for readers of the repository.
    """
    for path in source_files(Path(app.srcdir), app.config.exclude_patterns):
        docname = path.with_suffix("").as_posix()
        shown = docname in app.env.found_docs or path.parent.name == NEWS
        if path.suffix == ".md" and not shown and not path.name.split(".")[0].isupper():
            message = (
                "nothing makes a page of this file; name it in include_patterns of "
                "conf.py, or in exclude_patterns"
            )
            rule, file = Rule.UNUSED_PAGE, path.as_posix()
            yield Problem(rule=rule, message=message, file=file, line=1)


def _said(problem: Problem) -> str:
    return f"{problem.key}: {problem.message}" if problem.key else problem.message


def _from_record(record: logging.LogRecord, source: Path) -> Problem:
    kind, subtype = getattr(record, "type", None), getattr(record, "subtype", None)
    name = f"{kind}.{subtype}"
    # Sphinx's own kind of record puts the place before the message.
    text = _ESCAPE.sub("", logging.LogRecord.getMessage(record))
    message = " ".join(_TYPE.sub("", text).split()).rstrip(".")
    file, line = _place(str(getattr(record, "location", None) or ""), source)
    if kind == "labsite" and subtype in list(Rule):
        return Problem(rule=Rule(subtype), message=message, file=file, line=line)
    remedies = (text for start, text in _REMEDIES.items() if name.startswith(start))
    whole = message if ";" in message else f"{message}; {next(remedies, 'correct it')}"
    return _problem(message=whole, file=file, line=line)


def _place(location: str, source: Path) -> tuple[str, int]:
    """Return file and line of what Sphinx writes before a warning."""
    place = _LOCATION.fullmatch(location)
    if place is None:
        return "conf.py", 1
    path = Path(place["file"])
    inside = path.is_absolute() and path.is_relative_to(source)
    file = path.relative_to(source).as_posix() if inside else place["file"]
    return file, int(place["line"] or 1)
