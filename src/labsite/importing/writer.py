"""Write the new site of a conversion, and build it strictly."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from labsite.checks import load
from labsite.importing.documents import BIBFILE, TOPICS_FIELD, convert
from labsite.importing.records import Source
from labsite.model.problems import Severity
from labsite.model.records import Role
from labsite.scaffold import Identity
from labsite.scaffold import write_site as write_new
from labsite.site.configuration import read_settings

if TYPE_CHECKING:
    from labsite.importing.conversion import Conversion

_WARNING = re.compile(
    r"^(.+?)\.md(?::(\d+))?: (?:WARNING|ERROR|CRITICAL|SEVERE): (.*)", re.MULTILINE
)
#: Rules that imported data may break.
_POLICIES = {"audit", "bad-preview", "bad-query", "empty-topic", "missing-topic"}


def write_site(made: Conversion, into: Path) -> tuple[int, str]:
    """Write a site into a folder, and build it strictly.

    Return the number of problems of ``labsite check``, and the output of a build that
    failed.

    :raises OSError: if a file cannot be written
    """
    convert(made)
    url = f"https://{made.domain}" if made.domain else made.address
    name = made.name or "Our Lab"
    identity = Identity(name=name, language=made.language, base_url=url)
    files = {f"{docname}.md": str(page) for docname, page in made.pages.items()}
    files |= {BIBFILE: made.bibliography}
    files |= {"_extra/CNAME": f"{made.domain}\n"} if made.domain else {}
    write_new(into, identity, _settings_of(made), files)
    for name, source in made.copies.items():
        (into / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, into / name)
    guide = into / "CONTRIBUTING.md"
    text = guide.read_text(encoding="utf-8")
    guide.write_text(text.replace("`keywords`", f"`{TOPICS_FIELD}`"), encoding="utf-8")
    problems = load(read_settings(into)).problems
    broken = {p.rule.value for p in problems if p.severity is Severity.ERROR}
    rules = dict.fromkeys(sorted(_POLICIES | broken), "warning")
    with (into / "conf.py").open("a", encoding="utf-8") as file:
        file.write("# Rules that the data of the earlier site break.\n")
        file.write(_assignments({"labsite_rules": rules}))
    return len(problems), _build(made, into)


def _settings_of(made: Conversion) -> str:
    """Return the lines of conf.py for the data of the old site."""
    roles = dict.fromkeys(person.front["role"] for person in made.people)
    labels = {r: r.replace("-", " ").capitalize() for r in roles if r not in {*Role}}
    return _assignments(
        {
            "html_extra_path": ["_extra"] if made.domain else [],
            "labsite_topics_field": TOPICS_FIELD,
            # Pygments may not know the language of code.
            "suppress_warnings": ["misc.highlighting_failure"],
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
    """Build the site until no more page has a warning; those become literal text."""
    options = ["-n", "-W", "--keep-going", "-q", "--no-color", "-b", "html"]
    command = [sys.executable, "-m", "sphinx", *options, ".", "_build/html"]
    pages = dict(made.pages)
    while True:
        done = subprocess.run(  # noqa: S603 -- Sphinx, with options of our own
            command, cwd=into, capture_output=True, text=True, check=False
        )
        faults = 0
        for file, line, message in _WARNING.findall(done.stderr):
            docname = Path(os.path.relpath(file, into.resolve())).as_posix()
            page = pages.pop(docname, None)
            if page:
                faults += 1
                source = Source(file=f"{docname}.md", line=int(line or 1))
                made.tree.note(source, f"left as text: {message[:120]}")
                (into / source.file).write_text(page.literal, encoding="utf-8")
        if done.returncode == 0 or not faults:
            return done.stderr if done.returncode else ""
