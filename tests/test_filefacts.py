"""What is known of files, from build to build."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from labsite.model.store import FileFacts

if TYPE_CHECKING:
    from pathlib import Path


class _Reader:
    """Finds the length of a text, and remembers what it has looked at."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def __call__(self, path: Path, text: str) -> str:
        self.seen.append(path.name)
        return str(len(text))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a", "b"):
        (tmp_path / name).write_text(f"text of {name}", encoding="utf-8")
    return tmp_path


def ask(folder: Path, *names: str) -> tuple[list[str], list[str]]:
    """Return what is found in the files, and which of them were read for it."""
    read = _Reader()
    facts = FileFacts(read, folder / "record")
    found = [facts.of(folder / name) for name in names]
    facts.save()
    return found, read.seen


def test_file_that_is_as_before_is_not_read_again(folder: Path) -> None:
    assert ask(folder, "a", "b") == (["9", "9"], ["a", "b"])
    assert ask(folder, "a", "b") == (["9", "9"], [])


def test_changed_file_is_read_again_and_no_other(folder: Path) -> None:
    ask(folder, "a", "b")
    (folder / "a").write_text("longer text of a", encoding="utf-8")
    assert ask(folder, "a", "b") == (["16", "9"], ["a"])


def test_file_of_the_same_size_is_told_by_its_time(folder: Path) -> None:
    ask(folder, "a")
    status = (folder / "a").stat()
    later = status.st_mtime_ns + 1_000_000
    os.utime(folder / "a", ns=(status.st_atime_ns, later))
    assert ask(folder, "a") == (["9"], ["a"])


def test_file_that_is_no_longer_asked_for_is_forgotten(folder: Path) -> None:
    ask(folder, "a", "b")
    ask(folder, "a")
    assert ask(folder, "b") == (["9"], ["b"])


def test_file_that_is_gone_cannot_be_asked_for(folder: Path) -> None:
    ask(folder, "a")
    (folder / "a").unlink()
    with pytest.raises(OSError, match="a"):
        ask(folder, "a")


def test_nothing_is_written_without_a_record(folder: Path) -> None:
    facts = FileFacts(_Reader())
    facts.of(folder / "a")
    facts.save()
    assert sorted(path.name for path in folder.iterdir()) == ["a", "b"]
