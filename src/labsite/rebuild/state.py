"""What a build knows of the one before it, and does itself."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from sphinx.domains import Domain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence, Set

    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment

#: Begins the names of records beside Sphinx's environment, for :func:`record_path`.
_PREFIX = "labsite-"


@dataclass(frozen=True, slots=True, kw_only=True)
class LastBuild:
    """What a build leaves to the next one, if it has finished."""

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
        #: Nothing, if everything has to be read and written: see ``last_build``.
        self.last: LastBuild | None = None
        self.due: tuple[str, ...] = ()  #: the documents whose pages have to be written
        self.reading: tuple[str, ...] = ()  #: the documents that are read
        self.reading_since = 0  #: in nanoseconds since 1970
        self.stamps: dict[str, Sequence[int]] = {}
        self.frame = ""

    def merge_domaindata(self, docnames: Set[str], otherdata: dict[str, Any]) -> None:
        """Take nothing over: processes that read note nothing here."""

    def resolve_any_xref(self, *_arguments: Any, **_named: Any) -> list[Any]:  # noqa: ANN401 -- Sphinx's
        """Return no target; MyST warns of a domain without this method."""
        return []


def get_state(env: BuildEnvironment) -> RebuildState:
    """Return the state of the build."""
    return cast("RebuildState", env.get_domain(RebuildState.name))


def record_path(builder: Builder, name: str) -> Path:
    """Return the path of a record that is kept while the same is built."""
    return Path(builder.doctreedir, f"{_PREFIX}{name}")


def forget_records(builder: Builder) -> None:
    """Remove all records."""
    for path in Path(builder.doctreedir).glob(f"{_PREFIX}*"):
        if path.is_file():  # an older engine had folders of that name
            path.unlink()
