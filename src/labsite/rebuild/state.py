"""What an incremental build has to know of the builds before it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from sphinx.domains import Domain

if TYPE_CHECKING:
    from collections.abc import Set

    from sphinx.environment import BuildEnvironment

_OF_DOCUMENTS = ("stamps", "referring")


class RebuildState(Domain):
    """The state of the build, kept with the environment as domains are."""

    name = "rebuild"
    label = "Incremental builds"
    initial_data = {  # noqa: RUF012 -- Sphinx's way
        "stamps": {},  # of each document's files, when they were read
        "referring": {},  # to what each document refers that other pages say
        "targets": "",  # a digest of all that can be referred to
        "listed": 0,  # and of how many documents that was
        "changed": 0,  # when the environment last changed, nanoseconds since 1970
    }
    data_version = 1

    due: tuple[str, ...] = ()  #: the documents whose pages this build has to write
    reading: tuple[str, ...] = ()  #: the documents that this build reads
    reading_since: int = 0  #: in nanoseconds since 1970
    written_from: str = ""  #: what the last build has noted of the pages it wrote
    frame: str = ""  #: a digest of what this build writes round every document

    def clear_doc(self, docname: str) -> None:
        """Forget what is known of a document."""
        for name in _OF_DOCUMENTS:
            self.data[name].pop(docname, None)

    def merge_domaindata(self, docnames: Set[str], otherdata: dict[str, Any]) -> None:
        """Take over what a reading process noted of its own documents."""
        for name in _OF_DOCUMENTS:
            for docname in docnames & otherdata[name].keys():
                self.data[name][docname] = otherdata[name][docname]


def get_state(env: BuildEnvironment) -> RebuildState:
    """Return the state of the build."""
    return cast("RebuildState", env.get_domain(RebuildState.name))
