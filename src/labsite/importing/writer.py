"""A site of the files of a conversion, built strictly."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from labsite.checks.site import load
from labsite.importing.conversion import Draft, convert
from labsite.model.problems import Severity
from labsite.site.configuration import read_settings

if TYPE_CHECKING:
    from labsite.importing.records import OldSite
    from labsite.importing.tree import Tree

_ATTEMPTS = 4  #: builds, each with more pages as literal text than the one before
_WARNING = re.compile(r"^(.+?\.md)(?::(\d+))?: (?:WARNING|ERROR|CRITICAL|SEVERE): (.*)", re.MULTILINE)
#: Rules of builds that a site of other people's data may break.
_POLICIES = ("audit", "bad-query", "empty-topic", "missing-topic")


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What has become of an old site."""

    counts: dict[str, int]
    notes: tuple[str, ...]
    problems: int  #: of the data, which ``labsite check`` tells of
    failure: str = ""  #: what the build says, if it does not pass


def write_site(old: OldSite, tree: Tree, into: Path) -> Imported:
    """Write a site with all of *old* into a folder, and build it strictly.

    :raises OSError: if a file cannot be written
    """
    draft = convert(old, tree)
    for name, source in draft.copies.items():
        _target(into, name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, _target(into, name))
    (into / "_static").mkdir(parents=True, exist_ok=True)
    for name, text in draft.texts.items():
        _write(into, name, text)
    for name, parts in draft.pages.items():
        _write(into, name, "".join(parts))
    _write_settings(old, draft, into, {})
    problems = load(read_settings(into)).problems
    strict = {p.rule.value for p in problems if p.severity is Severity.ERROR}
    _write_settings(old, draft, into, dict.fromkeys(sorted({*_POLICIES, *strict}), "warning"))
    failure = _build(draft, tree, into)
    return Imported(counts=draft.counts, notes=tuple(dict.fromkeys(tree.notes)), problems=len(problems), failure=failure)


def _target(into: Path, name: str) -> Path:
    return into / name


def _write(into: Path, name: str, text: str) -> None:
    path = _target(into, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _write_settings(old: OldSite, draft: Draft, into: Path, rules: dict[str, str]) -> None:
    name = old.name or "Our Lab"
    roles = {role: {"name": label, "plural": f"{label}s"} for role, label in old.roles.items()}
    host = re.sub(r"^https?://", "", old.address).partition("/")[0]
    settings = {
        "project": name,
        "html_title": name,
        "html_baseurl": f"{old.address.rstrip('/')}/" if old.address else "",
        "labsite_topics_field": "topics",
        "labsite_roles": roles,
        "labsite_redirects": draft.redirects,
        "labsite_rules": rules,
    }
    if tree_has_domain(old):
        _write(into, "_extra/CNAME", f"{host}\n")
        settings["html_extra_path"] = ["_extra"]
    lines = [f"{key} = {_python(value)}" for key, value in settings.items() if value]
    _write(into, "conf.py", _CONF + "\n".join(lines) + "\n")


def _python(value: object) -> str:
    """Return a value of the settings as Python; a mapping has a line for each item."""
    if not isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    lines = (f"    {_python(k)}: {json.dumps(v, ensure_ascii=False)},\n" for k, v in value.items())
    return f"{{\n{''.join(lines)}}}"


def tree_has_domain(old: OldSite) -> bool:
    return bool(old.address)


def _build(draft: Draft, tree: Tree, into: Path) -> str:
    """Build the site; pages that a strict build does not take become literal text."""
    output = ""
    for _attempt in range(_ATTEMPTS):
        command = [sys.executable, "-m", "sphinx", "-n", "-W", "--keep-going", "-q", "-b", "html", ".", "_build/html"]
        done = subprocess.run(command, cwd=into, capture_output=True, text=True, check=False)  # noqa: S603 -- ours
        if done.returncode == 0:
            return ""
        output = done.stderr
        if not _mark_pages(draft, tree, into, output):
            break
    return output


def _mark_pages(draft: Draft, tree: Tree, into: Path, output: str) -> bool:
    """Set the texts that warnings are about as literal text; tell whether any is."""
    marked = False
    for found in _WARNING.finditer(output):
        path = Path(found[1])
        name = path.relative_to(into.resolve()).as_posix() if path.is_absolute() and path.is_relative_to(into.resolve()) else found[1]
        parts = draft.pages.get(name)
        if parts and parts[1] and not parts[1].startswith("~~~~"):
            fence = "~" * 8
            draft.pages[name] = (parts[0], f"{fence}text\n{parts[1]}\n{fence}", parts[2])
            _write(into, name, "".join(draft.pages[name]))
            tree.note(name, f"left as text: {found[3][:120]}", int(found[2] or 1))
            marked = True
    return marked


_CONF = '''\
"""Settings of the site; "Configuration" in Sphinx's manual explains its own."""

extensions = ["labsite"]
html_theme = "labsite"
html_static_path = ["_static"]
'''
