"""Files of the output that are made again when what they are made from has changed."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING

import pytest

from labsite.rebuild.outputs import Output, share, write_outputs

if TYPE_CHECKING:
    from pathlib import Path


class Folder:
    """A folder of outputs, and which of them were made."""

    def __init__(self, path: Path) -> None:
        self.path = path / "output"
        self.record = path / "record.json"

    def write(self, **texts: str) -> list[str]:
        """Make the folder these files; return which were made."""
        made: list[str] = []

        def output(name: str, text: str) -> Output:
            def make() -> str:
                made.append(name)
                return text

            return Output(made_from=f"from {text}", make=make)

        outputs = {name: output(name, text) for name, text in texts.items()}
        write_outputs(self.path, self.record, outputs)
        return made

    @property
    def files(self) -> dict[str, str]:
        """Name and text of every file but the list of them."""
        files = [p for p in sorted(self.path.iterdir()) if p.is_file()]
        return {p.name: p.read_text("utf-8") for p in files}


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def test_output_is_made_once(folder: Folder) -> None:
    assert folder.write(a="1", b="2") == ["a", "b"]
    assert folder.write(a="1", b="2") == []
    assert folder.files == {"a": "1", "b": "2"}


def test_only_what_comes_from_something_else_is_made_again(folder: Folder) -> None:
    folder.write(a="1", b="2")
    assert folder.write(a="1", b="3") == ["b"]
    assert folder.files == {"a": "1", "b": "3"}


def test_output_that_somebody_has_removed_is_made_again(folder: Folder) -> None:
    folder.write(a="1")
    (folder.path / "a").unlink()
    assert folder.write(a="1") == ["a"]


def test_output_that_is_no_longer_wanted_goes_and_others_stay(folder: Folder) -> None:
    folder.write(a="1", b="2")
    (folder.path / "page").write_text("not ours", encoding="utf-8")
    folder.write(b="2")
    assert folder.files == {"b": "2", "page": "not ours"}


def test_everything_is_made_anew_without_the_record(folder: Folder) -> None:
    folder.write(a="1", b="2")
    folder.record.unlink()
    assert folder.write(b="2", c="3") == ["b", "c"]
    assert folder.files == {"b": "2", "c": "3"}


def test_unchanged_text_keeps_its_time(folder: Folder) -> None:
    folder.write(a="1")
    os.utime(folder.path / "a", ns=(0, 10**18))
    folder.record.unlink()
    assert folder.write(a="1") == ["a"]
    assert (folder.path / "a").stat().st_mtime_ns == 10**18


@pytest.mark.parametrize("processes", [0, 1, 2])
def test_any_number_of_processes_makes_the_same(folder: Folder, processes: int) -> None:
    names = [*(f"{n}.html" for n in range(600)), "list.bib"]
    outputs = {name: Output("1", partial(str, name)) for name in names}
    write_outputs(folder.path, folder.record, outputs, processes=processes)
    assert folder.files == {name: name for name in names}


@pytest.mark.parametrize("processes", [0, 1, 2])
def test_work_is_shared_out_and_its_results_are_returned(processes: int) -> None:
    done: list[str] = []
    results = share(sum, range(600), processes, meanwhile=lambda: done.append("other"))
    assert (sum(results), len(results), done) == (179_700, max(processes, 1), ["other"])
