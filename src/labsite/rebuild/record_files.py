"""Where the engine keeps, beside Sphinx's environment, what it knows of an output."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from labsite.model.digests import digest_text

if TYPE_CHECKING:
    from sphinx.builders import Builder

#: Ends the names of records of what was found in files; see ``file_facts``.
_FACTS = "facts.json"


def record_path(builder: Builder, name: str) -> Path:
    """Return the path of a record.

    Several builders, and several output folders of one, may share an environment; what
    is true of one of them need not be of another.
    """
    folder = digest_text(str(builder.outdir))[:8]
    return Path(builder.doctreedir) / f"labsite-{builder.name}-{folder}-{name}"


def facts_path(builder: Builder, name: str) -> Path:
    """Return the path of a record of what was found in files."""
    return record_path(builder, f"{name}-{_FACTS}")


def forget_facts(builder: Builder) -> None:
    """Remove all records of what was found in files of the output."""
    pattern = record_path(builder, f"*-{_FACTS}")
    for path in pattern.parent.glob(pattern.name):
        path.unlink()
