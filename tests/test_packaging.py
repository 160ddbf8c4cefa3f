"""What the package says of itself: all that it imports is declared, no more."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).parents[1]
#: Extensions of Sphinx and Markdown that are named, and not imported.
NAMED = {"sphinx-notfound-page"}


def normalize(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def imported_modules() -> set[str]:
    """Return the modules of other packages that the engine imports."""
    found: set[str] = set()
    for path in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                found.add(node.module)
    own = {*sys.stdlib_module_names, "labsite"}
    return {name for name in found if name.partition(".")[0] not in own}


def test_what_is_imported_is_declared_and_the_other_way_round() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    words = (re.match(r"[\w.-]+", line) for line in project["dependencies"])
    declared = {normalize(word[0]) for word in words if word}
    known = packages_distributions()
    imported = set()
    for module in imported_modules():
        top, _, rest = module.partition(".")
        if top == "sphinxcontrib":  # shared by many packages
            imported.add(normalize(f"{top}-{rest.partition('.')[0]}"))
        else:
            imported |= {normalize(name) for name in known[top]}
    assert imported - declared == set()
    assert declared - imported <= NAMED
