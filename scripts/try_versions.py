"""Try the engine with other versions of Python and of what it is made with.

    python scripts/try_versions.py [--python 3.13] [--resolution lowest-direct] [TEST …]

An environment of its own, in ``_build/versions``, gets the versions that the resolution
chooses; in it the site is built strictly and tests are run, those named or all that
versions can break. The exit status is 0 if both succeed. The workflow runs the same
rows.

Resolutions: ``pinned`` takes the versions of ``requirements/``, ``lowest-direct`` the
lowest that ``pyproject.toml`` allows of what it names, ``highest`` the newest of all.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
_UV = (sys.executable, "-m", "uv")
#: Tests of the engine's own rules alone: of prose, of figures, of time in proportion to
#: input, and of random edits. "test_exactness.py" tries each kind of edit.
_LEFT_OUT = (
    "tests/test_docs.py",
    "tests/test_benchmarks.py",
    "tests/test_hostile/test_growth.py",
    "tests/test_sphinx/test_edits.py",
    "tests/test_sphinx/test_broken_off.py",
)


def main() -> int:
    """Try one row, and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", default="3.11", help="a version or a path")
    parser.add_argument(
        "--resolution",
        choices=("pinned", "lowest-direct", "highest"),
        default="lowest-direct",
    )

    options, tests = parser.parse_known_args()
    row = f"{options.python.replace('/', '-')}-{options.resolution}"
    folder = ROOT / "_build/versions" / row
    shutil.rmtree(folder, ignore_errors=True)
    python = folder / "bin/python"
    began = time.monotonic()
    left_out = (f"--ignore={name}" for name in _LEFT_OUT)
    chosen = ("-n", "auto", "--dist", "worksteal", *left_out)
    steps = {
        "environment": (*_UV, "venv", "--quiet", "--seed", "--python", options.python,
                        folder),
        **_install(python, folder, options.resolution),
        "versions": (*_UV, "pip", "list", "--quiet", "--python", python),
        "site": (python, "-m", "sphinx", "-n", "-W", "-q", "-b", "html", ROOT,
                 "-d", folder / "doctrees", folder / "html"),
        "tests": (python, "-m", "pytest", "-q", *(tests or chosen)),
    }  # fmt: skip
    for name, command in steps.items():
        status = _run(command)
        if status:
            print(f"{row}: {name} failed with {status}")
            return 1
    print(f"{row}: site and tests succeed, {time.monotonic() - began:.0f} s")
    return 0


def _install(
    python: Path, folder: Path, resolution: str
) -> dict[str, tuple[object, ...]]:
    """Return the commands that install the engine and what its tests need."""
    install = (*_UV, "pip", "install", "--quiet", "--python", python)
    if resolution == "pinned":
        return {
            "installation": (
                *install,
                "-r",
                "requirements/build.txt",
                "-r",
                "requirements/dev.txt",
            ),
            "engine": (*install, "--no-deps", "--editable", "."),
        }
    chosen = folder / "chosen.txt"
    return {
        "resolution": (*_UV, "pip", "compile", "--quiet", "--python", python,
                       "--resolution", resolution, "pyproject.toml", "-o", chosen),
        # What the tests need is the newest that fits: a bound of it is of no use.
        "installation": (*install, "-c", chosen, "--group", "dev", "--group", "build",
                         "--editable", "."),
    }  # fmt: skip


def _run(command: tuple[object, ...]) -> int:
    words = [str(word) for word in command]
    print("+", *words, flush=True)
    environment = {k: v for k, v in os.environ.items() if k != "VIRTUAL_ENV"}
    return subprocess.run(words, cwd=ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
