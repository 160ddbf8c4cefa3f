"""What processes that read in parallel hand back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx.testing.util import SphinxTestApp

from labsite.sphinx.domain import OF_DOCUMENTS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinx.environment import BuildEnvironment
    from tests.test_sphinx.conftest import Site


def test_a_reading_process_hands_back_its_own_documents_alone(site: Site) -> None:
    site.build()
    site.edit("research/graphs.md", "title: Graphs", "title: Graphs and trees")
    app = SphinxTestApp(
        "html", site.source, builddir=site.source / "_build", parallel=2
    )
    foreign: list[set[str]] = []

    def look(
        _app: object,
        _env: object,
        docnames: Iterable[str],
        other: BuildEnvironment,
    ) -> None:
        notes = [other.domaindata["pub"][name] for name in OF_DOCUMENTS]
        tables = [other.tocs, other.toc_num_entries, other.longtitles, *notes]
        foreign.append({name for table in tables for name in table} - set(docnames))

    app.connect("env-merge-info", look)
    try:
        app.build()
        assert foreign
        assert set().union(*foreign) == set()
        assert app.env.tocs.keys() == app.env.found_docs
    finally:
        app.cleanup()
