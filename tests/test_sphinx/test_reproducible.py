"""The same sources make the same bytes, wherever, whenever and by whomever."""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.test_sphinx.conftest import Lab

#: Imported by Python before anything else: no address is looked up, nobody called.
#: An attempt is noted as well, because whoever makes it may not mind that it fails.
NO_NETWORK = """\
import pathlib
import sys

attempts = pathlib.Path(__file__).with_name("attempts.txt")

def refuse(event, args):
    lookup = event in {"socket.getaddrinfo", "socket.gethostbyname"}
    # Processes of one machine speak to each other by sockets with a path.
    call = event == "socket.connect" and isinstance(args[1], tuple)
    if lookup or call:
        with attempts.open("a", encoding="utf-8") as file:
            file.write(f"{event} {args}\\n")
        raise OSError("there is no network")

sys.addaudithook(refuse)
"""
#: Two days between which nothing of the sources changes, in seconds since 1970.
DAYS = ("1795000000", "1796500000")
PLACES = {
    "here": {
        "PYTHONHASHSEED": "0",
        "TZ": "UTC",
        "LC_ALL": "C.UTF-8",
        "SOURCE_DATE_EPOCH": DAYS[0],
    },
    "far east": {
        "PYTHONHASHSEED": "1",
        "TZ": "Pacific/Kiritimati",
        "LC_ALL": "C",
        "SOURCE_DATE_EPOCH": DAYS[1],
    },
    "far west": {
        "PYTHONHASHSEED": "random",
        "TZ": "Pacific/Niue",
        "LC_ALL": "POSIX",
        "LANGUAGE": "ko",
        "SOURCE_DATE_EPOCH": DAYS[1],
    },
}


def copy_in_any_order(source: Path, target: Path, seed: int) -> None:
    """Copy a folder; the system lists files as they were made, or otherwise."""
    paths = sorted(path for path in source.rglob("*") if path.is_file())
    random.Random(seed).shuffle(paths)  # noqa: S311 -- no secret
    for path in paths:
        place = target / path.relative_to(source)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, place)


def cut_off(folder: Path) -> Path:
    """Make a folder of modules that keep Python from the network.

    :return: the file in which attempts are noted; it is there if there was one
    """
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(NO_NETWORK, "utf-8")
    return folder / "attempts.txt"


def build(source: Path, place: str, umask: int, jobs: str) -> dict[str, bytes]:
    """Build with the command line, as in that place, and return what it made."""
    top = source.parent
    attempts = cut_off(top / "python")
    env = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG"))}
    env |= PLACES[place] | {"PYTHONPATH": str(top / "python"), "HOME": str(top)}
    options = ["-q", "-j", jobs, "-d", str(top / "doctrees")]
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", *options, str(source), str(top / "html")],
        env=env,
        cwd=top,
        umask=umask,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert not attempts.exists(), attempts.read_text("utf-8")
    files = sorted(path for path in (top / "html").rglob("*") if path.is_file())
    return {str(path.relative_to(top / "html")): path.read_bytes() for path in files}


def test_the_output_does_not_depend_on_where_and_when(
    make_lab: Callable[..., Lab], tmp_path: Path
) -> None:
    lab = make_lab()
    outputs = []
    for number, place in enumerate(PLACES):
        source = tmp_path / f"{number} 안녕" / "/".join("deeper"[:number]) / "site"
        copy_in_any_order(lab.source, source, number)
        outputs.append(
            build(source, place, (0o022, 0o077, 0o002)[number], "122"[number])
        )
    assert outputs[0]
    for output in outputs[1:]:
        assert output.keys() == outputs[0].keys()
        assert [k for k in output if output[k] != outputs[0][k]] == []


def test_an_attempt_to_reach_the_network_is_noted_though_nobody_minds(
    tmp_path: Path,
) -> None:
    attempts = cut_off(tmp_path / "python")
    careless = """
import contextlib, socket
with contextlib.suppress(OSError):
    socket.create_connection(("127.0.0.1", 9))
"""
    env = {**os.environ, "PYTHONPATH": str(tmp_path / "python")}
    done = subprocess.run([sys.executable, "-c", careless], env=env, check=False)
    assert done.returncode == 0
    assert "socket.getaddrinfo ('127.0.0.1', 9" in attempts.read_text("utf-8")


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_entries_does_not_matter(
    make_lab: Callable[..., Lab], seed: int
) -> None:
    lab = make_lab()
    # With a line in the address, pages differ in that alone.
    lab.configure(labsite_source_url="https://code.example/{file}")
    same_day = re.findall(r"(?ms)^@misc.*?^\}\n", lab.read("publications.bib"))[0]
    bib = lab.read("publications.bib")
    for key in ("poe2022last", "poe2022again"):
        bib += "\n" + same_day.replace("poe2022other", key).replace(
            "2201.0000", "2201.1"
        )
    lab.write("publications.bib", bib)
    before = lab.build_clean()
    head, *entries = re.split(r"(?m)^(?=@(?!string|proceedings))", bib)
    random.Random(seed).shuffle(entries)  # noqa: S311 -- no secret
    lab.write("publications.bib", head + "\n".join(entries))
    assert lab.build_clean().differences(before) == []
