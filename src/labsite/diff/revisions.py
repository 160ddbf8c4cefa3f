"""Read the files of a revision from the git repository of a site."""

from __future__ import annotations

import io
import shutil
import subprocess
import tarfile
from typing import TYPE_CHECKING

from labsite.model.problems import LabsiteError

if TYPE_CHECKING:
    from pathlib import Path


class GitError(LabsiteError):
    """A revision cannot be read; the message gives the reason."""


def check_out(source: Path, revision: str, into: Path) -> list[str]:
    """Write the files of a revision into a folder; return their paths in it.

    Only those in *source* and below are written, wherever in the repository that is;
    links are not, since they could lead out of the folder.

    :param source: a folder of the working tree
    :raises GitError: if there is no git, no repository or no such revision
    """
    _git(source, "rev-parse", "--is-inside-work-tree")
    data = _git(source, "archive", "--format=tar", _resolve(source, revision))
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        members = [member for member in archive if member.isreg()]
        archive.extractall(into, members, filter="data")
    return [member.name for member in members]


def list_working_files(source: Path) -> list[str]:
    """Return the paths of the working tree's files, but links and what git ignores."""
    listed = _git(
        source, "ls-files", "-z", "--cached", "--others", "--exclude-standard"
    )
    paths = sorted({path.decode() for path in listed.split(b"\0") if path})
    found = ((path, source / path) for path in paths)
    return [name for name, path in found if path.is_file() and not path.is_symlink()]


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


def _git(folder: Path, *arguments: str) -> bytes:
    program = shutil.which("git")
    if program is None:
        msg = "git is not installed; install it to compare revisions"
        raise GitError(msg)
    done = subprocess.run(  # noqa: S603 -- git itself, with arguments of our own
        [program, "-C", str(folder), *arguments],
        capture_output=True,
        check=False,
    )
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().removeprefix("fatal: ")
        raise GitError(said or f"git {arguments[0]} failed")
    return done.stdout
