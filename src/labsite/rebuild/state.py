"""The state of a build, and its record for the next one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from sphinx.domains import Domain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence, Set

    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment

#: Prefix of the names of records in Sphinx's folder of doctrees.
_PREFIX = "labsite-"


@dataclass(frozen=True, slots=True, kw_only=True)
class LastBuild:
    """The record of a finished build for the next one."""

    builder: Sequence[str]  #: its name, and its folder of the output
    frame: str  #: a digest of what stood round every document
    stamps: Mapping[str, Sequence[int]]  #: of each document's files, as it was read
    warned: Sequence[str]  #: the files that it warned of, from the source's folder


class RebuildState(Domain):
    """The state of this build; a domain, since those hang on the environment."""

    name = "rebuild"
    label = "Incremental builds"

    def __init__(self, env: BuildEnvironment) -> None:
        super().__init__(env)
        #: None if everything has to be read and written; see ``last_build``.
        self.last: LastBuild | None = None
        self.due: tuple[str, ...] = ()  #: the documents whose pages have to be written
        self.reading: tuple[str, ...] = ()  #: the documents that are read
        self.reading_since = 0  #: in nanoseconds since 1970
        self.stamps: dict[str, Sequence[int]] = {}
        self.frame = ""

    def merge_domaindata(self, docnames: Set[str], otherdata: dict[str, Any]) -> None:
        """Merge nothing: reading processes store nothing here."""

    def resolve_any_xref(self, *_arguments: Any, **_named: Any) -> list[Any]:  # noqa: ANN401 -- Sphinx's
        """Return no target; MyST warns of a domain without this method."""
        return []


def get_state(env: BuildEnvironment) -> RebuildState:
    """Return the state of the build."""
    return cast("RebuildState", env.get_domain(RebuildState.name))


def record_path(builder: Builder, name: str) -> Path:
    """Return the path of a record for the next build of the same output."""
    return Path(builder.doctreedir, f"{_PREFIX}{name}")


def forget_records(builder: Builder) -> None:
    """Remove all records."""
    for path in Path(builder.doctreedir).glob(f"{_PREFIX}*"):
        if path.is_file():  # an older engine had folders of that name
            path.unlink()
