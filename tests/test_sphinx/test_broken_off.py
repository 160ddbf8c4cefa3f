"""A build that was killed is made good by the next one.

What a killed build leaves behind is what it has done to files until then. So it is
killed at each of its calls that change one: before the call, and after the file was
opened, when it is still empty.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tests.test_sphinx.conftest import Lab

#: How many of some 300 moments are tried: see HYPOTHESIS_PROFILE.
MOMENTS = {"long": 50, "deep": 1000}.get(os.environ.get("HYPOTHESIS_PROFILE", ""), 3)
DEEP = MOMENTS > 3
_CHANGES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.utime"}
_NEVER = sys.maxsize


def run(lab: Lab, kill_at: int, *, jobs: int = 0) -> int:
    """Build in a process of its own, and kill that at the given change of a file.

    :param kill_at: counts from 0, twice for each file that is opened for writing
    :return: how many changes there were if the build came to its end, else -1
    """
    read_end, write_end = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.setsid()
        try:
            changes = _watch(lab.folder, kill_at)
            lab.build(jobs=jobs)
            os.write(write_end, str(next(changes)).encode())
        finally:
            os._exit(0)
    os.close(write_end)
    with open(read_end, "rb") as pipe:  # noqa: PTH123 -- a descriptor, no path
        said = pipe.read()  # until the last process of the build has gone
    os.waitpid(pid, 0)
    return int(said) if said else -1


def _watch(folder: Path, kill_at: int) -> count[int]:
    changes = count()

    def watch(event: str, args: tuple[object, ...]) -> None:
        opened = event == "open" and isinstance(args[2], int) and args[2] & os.O_ACCMODE
        if not (opened or event in _CHANGES) or not isinstance(args[0], str | Path):
            return
        path = Path(args[0])
        if not path.is_relative_to(folder):
            return
        if next(changes) == kill_at:
            os.killpg(0, signal.SIGKILL)
        if opened and next(changes) == kill_at:
            path.write_bytes(b"")
            os.killpg(0, signal.SIGKILL)

    sys.addaudithook(watch)
    return changes


def moments(total: int) -> Iterable[int]:
    """Return the moments to try, from the first to the last."""
    assert total > 0
    return range(0, total, max(1, total // MOMENTS))


def edit(lab: Lab) -> None:
    """Change records, a page, a picture and a style sheet; add and remove files."""
    lab.edit("publications.bib", "{GPU} Graphs", "{GPU} Trees")
    lab.edit("publications.bib", "@phdthesis{roe2020thesis", "@misc{roe2020other")
    lab.edit("publications.bib", "  ids       = {roe2023graphs},\n", "")
    lab.edit("contact.md", "Come in.", "Come in, please.")
    lab.edit("static/lab.css", "color", "background")
    lab.path("static/notes.txt").unlink()
    lab.write("about.md", "---\norphan: true\n---\n# About\n")
    lab.paint("figures/graphs.png", 77)


def nothing(lab: Lab) -> None:
    """Leave everything as it is."""


def put_back(lab: Lab) -> None:
    """Bring back the sources as they were before :func:`edit`, as git does."""
    saved = lab.folder.with_name("saved") / "site"
    for path in saved.rglob("*"):
        name = path.relative_to(saved).as_posix()
        if path.is_file():
            now = lab.path(name)
            if not now.is_file() or now.read_bytes() != path.read_bytes():
                lab.write(name, path.read_bytes())
    lab.path("about.md").unlink()


def save(lab: Lab) -> None:
    """Note the site with everything that it was built into."""
    saved = lab.folder.with_name("saved")
    shutil.rmtree(saved, ignore_errors=True)
    shutil.copytree(lab.folder, saved)


def restore(lab: Lab) -> None:
    """Make everything as it was saved, with its times of change."""
    shutil.rmtree(lab.folder)
    shutil.copytree(lab.folder.with_name("saved"), lab.folder)


CASES = [(nothing, 2, True), (nothing, 0, False), (put_back, 0, True)]
if DEEP:
    CASES += [(nothing, 0, True), (put_back, 2, True), (put_back, 0, False)]


@pytest.mark.parametrize(("then", "jobs", "light"), CASES)
def test_an_edit_whose_build_was_killed(
    make_lab: Callable[..., Lab],
    then: Callable[[Lab], None],
    jobs: int,
    light: bool,
) -> None:
    lab = make_lab(light=light, built=True)
    save(lab)
    edit(lab)
    total = run(lab, _NEVER, jobs=jobs)
    then(lab)
    clean = lab.build_clean()
    differing = {}
    for moment in moments(total):
        restore(lab)
        edit(lab)
        run(lab, moment, jobs=jobs)
        then(lab)
        differing[moment] = lab.build().differences(clean)
    assert {k: v for k, v in differing.items() if v} == {}


@pytest.mark.parametrize("light", [True, False] if DEEP else [False])
def test_a_first_build_that_was_killed(
    make_lab: Callable[..., Lab], light: bool
) -> None:
    lab = make_lab(light=light)
    save(lab)
    clean = lab.build_clean()
    total = run(lab, _NEVER)
    differing = {}
    for moment in moments(total):
        restore(lab)
        run(lab, moment)
        differing[moment] = lab.build().differences(clean)
    assert {k: v for k, v in differing.items() if v} == {}
