"""The files of a site as a revision of its git repository has them."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_REGULAR_FILES = {"100644", "100755"}


class GitError(Exception):
    """Git cannot give what was asked for; the message says why."""


@dataclass(frozen=True, slots=True)
class _Blob:
    path: str
    object_id: str


def check_out(source: Path, revision: str, into: Path) -> list[str]:
    """Write the files of a revision into a folder; return their paths in it.

    Only those in *source* and below are written, wherever in the repository that is.
    What is written is what the repository holds: attributes do not apply.

    :param source: a folder of the working tree
    :raises GitError: if there is no git, no repository or no such revision
    """
    _git(source, "rev-parse", "--is-inside-work-tree")
    commit = _resolve(source, revision)
    blobs = list(_list_blobs(source, commit))
    contents = _read_blobs(source, blobs)
    for blob, content in zip(blobs, contents, strict=True):
        path = into / blob.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return [blob.path for blob in blobs]


def list_working_files(source: Path) -> list[str]:
    """Return the paths of the working tree's files, without those git ignores."""
    listed = _git(
        source, "ls-files", "-z", "--cached", "--others", "--exclude-standard"
    )
    paths = sorted({path.decode() for path in listed.split(b"\0") if path})
    return [path for path in paths if (source / path).is_file()]


def _resolve(source: Path, revision: str) -> str:
    command = ("rev-parse", "--verify", "--quiet", "--end-of-options")
    try:
        found = _git(source, *command, f"{revision}^{{commit}}")
    except GitError as error:
        msg = (
            f"there is no revision '{revision}' here; in a shallow clone, fetch it "
            "first (git fetch origin …)"
        )
        raise GitError(msg) from error
    return found.decode().strip()


def _list_blobs(source: Path, commit: str) -> Iterator[_Blob]:
    for line in _git(source, "ls-tree", "-r", "-z", commit).split(b"\0"):
        facts, tab, path = line.decode().partition("\t")
        if not tab:
            continue
        mode, _kind, object_id = facts.split()
        parts = PurePosixPath(path).parts
        if mode in _REGULAR_FILES and ".." not in parts and not path.startswith("/"):
            yield _Blob(path, object_id)


def _read_blobs(source: Path, blobs: list[_Blob]) -> Iterator[bytes]:
    asked = "".join(f"{blob.object_id}\n" for blob in blobs).encode()
    answer = _git(source, "cat-file", "--batch", stdin=asked)
    position = 0
    for _blob in blobs:
        head = answer.index(b"\n", position)
        size = int(answer[position:head].split()[2])
        yield answer[head + 1 : head + 1 + size]
        position = head + 1 + size + 1


def _git(folder: Path, *arguments: str, stdin: bytes = b"") -> bytes:
    program = shutil.which("git")
    if program is None:
        msg = "git is not installed; install it to compare revisions"
        raise GitError(msg)
    done = subprocess.run(  # noqa: S603 -- git itself, with arguments of our own
        [program, "-C", str(folder), *arguments],
        input=stdin,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().removeprefix("fatal: ")
        raise GitError(said or f"git {arguments[0]} failed")
    return done.stdout
