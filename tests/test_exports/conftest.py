from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from labsite.bibtex.reader import read_library
from labsite.exports import Collection, Site
from labsite.model.records import Topic

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from labsite.model.records import Publication

BIBLIOGRAPHY = Path(__file__).parents[2] / "publications.bib"

#: Titles that are dangerous in one format or another; names that have every part.
HOSTILE_TITLES = (
    r'{Ampersand {\&} \& <b>tags</b> "quotes" ' + r"``more'' --- and 'less'}",
    "{</script><script>alert(1)</script>}",
    "{]]> <!-- comment --> &amp; &lt;i&gt; <![CDATA[x]]>}",
    r"{$O(n^2)$ where $a < b$, H$_2$O \& {\"U}ber {\ss} {\^o}}",
    "{First line\n  ER  - \nTY  - JOUR\nTI  - Forged}",
    r"{100\% of \#1, 50% of #2: @misc{forged, title={x}} \_ ~ ^}",
    "{한국어 제목, 日本語, עברית, 🎉, \u200b and \u2028 end}",
    r"{{\LaTeX} \texttt{a_b} \emph{c} \textsuperscript{d} C:\textbackslash{}e}",
)
HOSTILE_NAMES = (
    r"""O'Neil, Sh{\'e}a "Q" <s@x.org> and {Barnes \& Noble, Inc.} and """
    r"""de la Cruz, Jr., Mar{\'\i}a Ana and 홍, 길동 and {Plato}"""
)


class Essentials(NamedTuple):
    """What every form must agree on."""

    title: str
    names: tuple[str, ...]  #: Family, Given, Suffix
    year: int | None
    venue: str | None
    doi: str | None


@pytest.fixture(scope="session")
def site() -> Site:
    topics = (
        Topic(slug="gpus", title="GPUs & <friends>", docname="research/gpus"),
        Topic(slug="pim", title="Processing in memory", docname="research/pim"),
    )
    return Site(
        title="Lab <of> Tests & Co.",
        base_url="https://lab.example/en/",
        publication_path=lambda publication: f"publications/{publication.key}.html",
        topics=topics,
    )


@pytest.fixture(scope="session")
def make_collection(site: Site) -> Callable[[Sequence[Publication]], Collection]:
    def make(publications: Sequence[Publication]) -> Collection:
        return Collection(
            title="Publications",
            path="publications",
            page="publications/index.html",
            publications=publications,
            site=site,
        )

    return make


@pytest.fixture(scope="session")
def collect(
    make_collection: Callable[[Sequence[Publication]], Collection],
) -> Callable[[str], Collection]:
    """Return a function that reads BibTeX into a collection."""

    def make(text: str) -> Collection:
        return make_collection(read_library([("x.bib", text)]).publications)

    return make


@pytest.fixture(scope="session")
def read_one(collect: Callable[[str], Collection]) -> Callable[[str], Publication]:
    """Return a function that reads a text with one publication."""

    def read(text: str) -> Publication:
        (publication,) = collect(text).publications
        return publication

    return read


@pytest.fixture(scope="session")
def real(collect: Callable[[str], Collection]) -> Collection:
    collection = collect(BIBLIOGRAPHY.read_text(encoding="utf-8"))
    assert len(collection.publications) >= 83
    return collection


@pytest.fixture(scope="session")
def hostile(collect: Callable[[str], Collection]) -> Collection:
    entries = (
        f"@inproceedings{{key{number}, title = {title}, author = {{{HOSTILE_NAMES}}},"
        r" booktitle = {Design \& Test <in> {Europe}}, year = 2024, month = feb,"
        " doi = {10.1000/a;b<c>(d)}, keywords = {gpus, unknown & topic},"
        f" abstract = {title}}}"
        for number, title in enumerate(HOSTILE_TITLES)
    )
    collection = collect("\n".join(entries))
    assert len(collection.publications) == len(HOSTILE_TITLES)
    return collection


@pytest.fixture(scope="session", params=["real", "hostile"])
def each(request: pytest.FixtureRequest) -> Collection:
    """Every paper of the lab's own file, then every hostile one."""
    collection: Collection = request.getfixturevalue(request.param)
    return collection


@pytest.fixture(scope="session")
def essentials() -> Callable[[Collection], list[Essentials]]:
    def name(parts: tuple[str | None, ...]) -> str:
        return ", ".join(part for part in parts if part)

    def essentials_of(collection: Collection) -> list[Essentials]:
        return [
            Essentials(
                title=str(p.title),
                names=tuple(
                    name((f"{c.particle or ''} {c.family}".strip(), c.given, c.suffix))
                    for c in p.creators
                ),
                year=p.issued.year or None,
                venue=p.venue.name if p.venue else None,
                doi=p.doi,
            )
            for p in collection.publications
        ]

    return essentials_of
