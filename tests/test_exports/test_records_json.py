"""The records as JSON, read back as a script does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from labsite.exports.bibtex import render_entry
from labsite.exports.records_json import render

if TYPE_CHECKING:
    from collections.abc import Callable

    from labsite.exports import Collection


def inverted(author: dict[str, str | None]) -> str:
    family = f"{author['particle'] or ''} {author['family']}".strip()
    return ", ".join(filter(None, (family, author["given"], author["suffix"])))


def test_every_publication_comes_back(
    each: Collection, essentials: Callable[[Collection], list[tuple[Any, ...]]]
) -> None:
    data = json.loads(render(each))
    assert [
        (
            p["title"],
            tuple(map(inverted, p["authors"])),
            p["year"],
            p["venue"] and p["venue"]["name"],
            p["doi"],
        )
        for p in data["publications"]
    ] == essentials(each)


def test_a_full_record(collect: Callable[[str], Collection]) -> None:
    collection = collect(
        '@string{DAC = "Design Automation Conference"}\n'
        "@inproceedings{k, title = {{T} $x^2$}, author = {de Bo, Al and others},"
        " author+an = {1=equal}, booktitle = DAC, date = {2024-02}, keywords = {pim},"
        " award = {Best}, selected = {true}, note = {Oral}, abstract = {Long},"
        " doi = {10.1000/x}, eprint = {2402.00001}, archiveprefix = {arXiv},"
        " pdf = {files/t.pdf}, pubstate = {inpress}}"
    )
    assert json.loads(render(collection)) == {
        "version": 1,
        "title": "Publications",
        "url": "https://lab.example/en/publications/index.html",
        "publications": [
            {
                "key": "k",
                "kind": "conference",
                "entry_type": "inproceedings",
                "title": "T x²",
                "authors": [
                    {
                        "name": "Al de Bo",
                        "family": "Bo",
                        "given": "Al",
                        "particle": "de",
                        "suffix": None,
                        "equal": True,
                    }
                ],
                "editors": False,
                "more_authors": True,
                "venue": {"name": "Design Automation Conference", "short": "DAC"},
                "year": 2024,
                "month": 2,
                "date": "2024-02",
                "forthcoming": True,
                "topics": [{"slug": "pim", "title": "Processing in memory"}],
                "award": "Best",
                "selected": True,
                "note": "Oral",
                "abstract": "Long",
                "doi": "10.1000/x",
                "arxiv": "2402.00001",
                "links": [
                    {
                        "name": "pdf",
                        "label": "PDF",
                        "url": "https://lab.example/en/files/t.pdf",
                    },
                    {
                        "name": "doi",
                        "label": "DOI",
                        "url": "https://doi.org/10.1000/x",
                    },
                    {
                        "name": "arxiv",
                        "label": "arXiv",
                        "url": "https://arxiv.org/abs/2402.00001",
                    },
                ],
                "url": "https://lab.example/en/publications/k.html",
                "bibtex": render_entry(collection.publications[0]),
            }
        ],
    }


def test_every_record_has_every_name(collect: Callable[[str], Collection]) -> None:
    (bare,) = json.loads(render(collect("@misc{k, title = {T}}")))["publications"]
    assert bare["authors"] == bare["topics"] == bare["links"] == []
    unknown = {name for name, value in bare.items() if value is None}
    assert unknown == {
        "venue", "year", "month", "date", "award", "note", "abstract", "doi", "arxiv",
    }  # fmt: skip


def test_the_documentation_names_what_is_there(real: Collection) -> None:
    docs = Path(__file__).parents[2] / "docs" / "exports.md"
    documented = docs.read_text(encoding="utf-8")
    data = json.loads(render(real))
    names = {*data, *data["publications"][0], *data["publications"][0]["authors"][0]}
    assert [name for name in sorted(names) if f"`{name}`" not in documented] == []
