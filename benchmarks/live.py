"""How long it takes from a saved file to the reloaded page in a browser.

``labsite live`` shows a copy of the site to Chromium, which Playwright steers; a page
and an entry are changed by turns, and the time is that until the change is to be seen.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.measure import environment
from benchmarks.sites import LabSite, count_entries

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_RUNS = 20
_PATIENCE = 120_000  # milliseconds, for the first build, too
_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/")


def measure_live(original: Path, folder: Path) -> str:
    """Return the medians in words, or why there are none."""
    try:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415 -- may be absent
    except ImportError:
        return "labsite live: not measured without the packages for developers"
    browser = shutil.which("chromium")
    if browser is None:
        return "labsite live: not measured without Chromium"
    site = LabSite(original, folder, count_entries(original))
    page_file = site.place.source / "contact.md"
    text = page_file.read_text("utf-8")
    found: dict[str, list[float]] = {"page": [], "entry": []}
    with _serving(site) as said, sync_playwright() as playwright:
        address = next(address[0] for address in map(_ADDRESS.search, said) if address)
        next(said)  # the first build
        # Chromium has no sandbox for an administrator, as in a container.
        options = ["--no-sandbox"] if os.getuid() == 0 else []
        chromium = playwright.chromium.launch(executable_path=browser, args=options)
        view = chromium.new_page()
        view.set_default_timeout(_PATIENCE)
        for number in range(_RUNS):
            for kind, path in (("page", "contact"), ("entry", site.changed_page)):
                view.goto(f"{address}{path}.html")
                time.sleep(0.5)  # as somebody looks at it
                start = time.monotonic()
                if kind == "page":
                    page_file.write_text(f"{text}\nRevision {number}.\n", "utf-8")
                else:
                    site.change_entry(number)
                view.get_by_text(f"Revision {number}").first.wait_for()
                found[kind].append(time.monotonic() - start)
                next(said)  # the page is shown before the build ends
        chromium.close()
    middle = {kind: f"{median(seconds):.2f} s" for kind, seconds in found.items()}
    return (
        f"labsite live, from a saved file to the page, medians of {_RUNS}: "
        f"a page {middle['page']}, an entry {middle['entry']} (bound 1 s)"
    )


@contextmanager
def _serving(site: LabSite) -> Iterator[Iterator[str]]:
    """Show a site while the block runs; give the lines that the command prints."""
    command = [sys.executable, "-m", "labsite", "live", "--port", "0"]
    process = subprocess.Popen(
        command,
        cwd=site.place.source,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        yield iter(process.stdout or ())
    finally:
        process.terminate()
        process.wait()
