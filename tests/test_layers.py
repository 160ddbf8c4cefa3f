from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src"
PACKAGE = SOURCE / "labsite"
CORE = [
    ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__")
    for path in sorted(PACKAGE.rglob("*.py"))
    if path.relative_to(PACKAGE).parts[0] != "sphinx"
]
#: What reading, checking and exporting must do without.
FRAMEWORK = {"sphinx", "docutils", "jinja2", "myst_parser"}


@pytest.mark.parametrize("module", CORE)
def test_the_core_is_imported_without_sphinx(module: str) -> None:
    # A fresh interpreter: this one may have imported anything. It also shows that no
    # module needs another to have been imported first.
    program = (
        f"import sys; sys.path.insert(0, {str(SOURCE)!r}); import {module}; "
        f"print(*sorted(set(sys.modules) & {FRAMEWORK!r}))"
    )
    found = subprocess.run(
        [sys.executable, "-I", "-c", program],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (found.returncode, found.stdout.split()) == (0, []), found.stderr


def imports(path: Path) -> set[str]:
    """Return the modules that a module imports, those for types only as well."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


# "labsite" itself hands over to the extension, when Sphinx asks for it.
@pytest.mark.parametrize("module", [name for name in CORE if name != "labsite"])
def test_the_core_does_not_know_the_extension(module: str) -> None:
    path = SOURCE.joinpath(*module.split("."))
    path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    roots = {name.split(".")[0] for name in imports(path)}
    assert not roots & FRAMEWORK
    assert not {name for name in imports(path) if name.startswith("labsite.sphinx")}


@pytest.mark.parametrize(
    "path",
    sorted(PACKAGE.rglob("*.py")),
    ids=lambda path: str(path.relative_to(PACKAGE)),
)
def test_nothing_imports_the_command_line(path: Path) -> None:
    assert "labsite.__main__" not in imports(path)


def test_the_engine_says_nothing_of_the_laboratory_that_uses_it() -> None:
    words = ("aisys", "snu.ac.kr", "seoul national")
    written = [p for p in PACKAGE.rglob("*.*") if p.suffix in {".py", ".js", ".html"}]
    texts = {path.name: path.read_text(encoding="utf-8").lower() for path in written}
    assert texts
    assert [name for name, text in texts.items() if any(w in text for w in words)] == []
