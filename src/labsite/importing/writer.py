"""Write the new site of a conversion, and build it strictly."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from labsite.checks import load
from labsite.importing.documents import BIBFILE, TOPICS_FIELD, convert
from labsite.importing.markup import as_literal
from labsite.importing.records import Source
from labsite.model.problems import Severity
from labsite.scaffold import Identity
from labsite.scaffold import write_site as write_new
from labsite.site.configuration import read_settings

if TYPE_CHECKING:
    from labsite.importing.conversion import Conversion

_ATTEMPTS = 4  #: builds, each with more pages as literal text
_WARNING = re.compile(
    r"^(.+?)\.md(?::(\d+))?: (?:WARNING|ERROR|CRITICAL|SEVERE): (.*)", re.MULTILINE
)
#: Rules that imported data may break.
_POLICIES = {"audit", "bad-preview", "bad-query", "empty-topic", "missing-topic"}
_FENCE = 8  #: tildes
_LITERAL = re.compile(rf"(~{{{_FENCE},}})text\n(?:(?!\1).)*\n\1", re.DOTALL)


def write_site(made: Conversion, into: Path) -> tuple[int, str]:
    """Write a site into a folder, and build it strictly.

    Return the number of problems of ``labsite check``, and the output of a build that
    failed.

    :raises OSError: if a file cannot be written
    """
    convert(made)
    identity = Identity(name=made.name or "Our Lab", language=made.language)
    url = f"https://{made.domain}" if made.domain else made.address
    identity = replace(identity, base_url=url or identity.base_url)
    write_new(into, identity, extra_settings=settings_of(made), example=False)
    for name, source in made.copies.items():
        (into / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, into / name)
    files = {f"{docname}.md": str(page) for docname, page in made.pages.items()}
    guide = (into / "CONTRIBUTING.md").read_text(encoding="utf-8")
    files["CONTRIBUTING.md"] = guide.replace("`keywords`", f"`{TOPICS_FIELD}`")
    files |= {"_extra/CNAME": f"{made.domain}\n"} if made.domain else {}
    for name, text in {BIBFILE: made.bibliography, **files}.items():
        (into / name).parent.mkdir(parents=True, exist_ok=True)
        (into / name).write_text(text, encoding="utf-8")
    problems = load(read_settings(into)).problems
    broken = {p.rule.value for p in problems if p.severity is Severity.ERROR}
    rules = dict.fromkeys(sorted(_POLICIES | broken), "warning")
    with (into / "conf.py").open("a", encoding="utf-8") as file:
        file.write("# Rules that the data of the earlier site break.\n")
        file.write(_assignments({"labsite_rules": rules}))
    return len(problems), _build(made, into)


def settings_of(made: Conversion) -> str:
    """Return the lines of conf.py for the data of the old site."""
    labels = {p.front["role"]: p.label for p in made.people if p.label}
    return _assignments(
        {
            "html_extra_path": ["_extra"] if made.domain else [],
            "labsite_topics_field": TOPICS_FIELD,
            "labsite_roles": {
                role: {"name": label, "plural": label + "s" * label.isascii()}
                for role, label in labels.items()
            },
            "labsite_redirects": made.redirects,
        }
    )


def _assignments(settings: dict[str, object]) -> str:
    """Return the settings that are not empty, as Python."""
    said = {name: value for name, value in settings.items() if value}
    return "".join(
        f"{name} = {json.dumps(value, indent=4, ensure_ascii=False)}\n"
        for name, value in said.items()
    )


def _build(made: Conversion, into: Path) -> str:
    """Build the site; pages with warnings become literal text."""
    options = ["-n", "-W", "--keep-going", "-q", "--no-color", "-b", "html"]
    for _attempt in range(_ATTEMPTS):
        done = subprocess.run(  # noqa: S603 -- Sphinx, with options of our own
            [sys.executable, "-m", "sphinx", *options, ".", "_build/html"],
            cwd=into,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode == 0 or not _mark_pages(made, into, done.stderr):
            break
    return done.stderr if done.returncode else ""


def _mark_pages(made: Conversion, into: Path, output: str) -> bool:
    """Make pages with warnings literal text; tell whether there are any."""
    marked = False
    for found in _WARNING.finditer(output):
        docname = Path(os.path.relpath(found[1], into.resolve())).as_posix()
        page = made.pages.get(docname)
        literal = page and replace(
            page,
            body=as_literal_page(page.body),
            sections=as_literal_page(page.sections),
        )
        if literal and literal != page:
            made.pages[docname] = literal
            (into / f"{docname}.md").write_text(str(literal), encoding="utf-8")
            source = Source(file=f"{docname}.md", line=int(found[2] or 1))
            made.tree.note(source, f"left as text: {found[3][:120]}")
            marked = True
    return marked


def as_literal_page(text: str) -> str:
    """Return a text as literal text, unless it is that already."""
    return text if not text or _LITERAL.fullmatch(text) else as_literal(text, _FENCE)
