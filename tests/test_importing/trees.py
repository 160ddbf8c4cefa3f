"""Small sites in the layouts of other systems, made up for the tests."""

from __future__ import annotations

import shutil
from io import BytesIO
from pathlib import Path

from PIL import Image

_FOLDER = Path(__file__).parents[1] / "data/old"
#: The folders of the sites, as the command calls the systems.
SYSTEMS = ("al-folio", "greenelab", "hugoblox", "bibtex")


def make_tree(folder: Path, system: str) -> Path:
    """Copy the old site of a system; where "picture" stands comes a picture."""
    shutil.copytree(_FOLDER / system, folder)
    buffer = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(buffer, "PNG")
    for path in folder.rglob("*"):
        if path.is_file() and path.read_bytes() == b"picture":
            path.write_bytes(buffer.getvalue())
    return folder
