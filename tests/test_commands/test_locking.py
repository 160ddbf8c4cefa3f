"""Commands that change a site do so one after the other."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def test_what_is_added_at_once_is_all_there(site: Path) -> None:
    entries = [
        f"@article{{x, title={{Study of the Matter {word}}}, author={{Roe, Jane}}, "
        f"journal={{Journal of Matters}}, year={{2024}}, doi={{10.5555/{word}}}}}"
        for word in ("alpha", "beta", "gamma", "delta")
    ]
    command = [sys.executable, "-m", "labsite", "add", "--source", str(site)]
    running = [
        subprocess.Popen(
            [*command, "--topic", "graphs", entry],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
        )
        for entry in entries
    ]
    said = [process.communicate()[0] for process in running]
    text = (site / "publications.bib").read_text("utf-8")
    for entry, process, output in zip(entries, running, said, strict=True):
        assert process.returncode == 0, output
        assert entry.partition("10.5555/")[2].rstrip("}") in text
