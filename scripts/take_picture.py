"""Take the picture of the site in README.md: ``make picture``.

The home page of the site that ``make html`` has built, in light and in dark beside one
another, by the Chromium of this machine.
"""

from __future__ import annotations

import io
import shutil
import sys
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import ViewportSize, sync_playwright

ROOT = Path(__file__).parents[1]
PICTURE = ROOT / "docs/site.webp"
#: Of each half, in CSS pixels, and what it is scaled down to.
VIEW: ViewportSize = {"width": 1180, "height": 1000}
HALF = (708, 600)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


def main() -> str | None:
    """Write the picture; return why not, if that cannot be."""
    browser_path = shutil.which("chromium") or shutil.which("google-chrome")
    if browser_path is None:
        return "there is no Chromium on this machine"
    page_address = (ROOT / "_build/html/index.html").as_uri()
    result = Image.new("RGB", (2 * HALF[0], HALF[1]))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=browser_path, args=["--no-sandbox"]
        )
        page = browser.new_page()
        page.set_viewport_size(VIEW)
        page.goto(page_address)
        for place, scheme in enumerate(SCHEMES):
            page.emulate_media(color_scheme=scheme)
            shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
            half = shot.resize(HALF, Image.Resampling.LANCZOS)
            result.paste(half, (place * HALF[0], 0))
        browser.close()
    result.save(PICTURE, quality=82, method=6)
    return None


if __name__ == "__main__":
    sys.exit(main())
