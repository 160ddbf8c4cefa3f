"""What publishers export becomes what the lab's own bibliography says.

Each sample is a paper of the lab in the format of a publisher. The paper is taken out
of the bibliography, added from the sample, and compared with the entry that was there.
What the lab's list does not say, such as numbers of pages, is noughts and ones.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from labsite.bibtex.reader import read_library
from labsite.editing.add import Status, add_papers, read_records
from labsite.editing.pastes import read_pastes
from labsite.model.dates import PartialDate

if TYPE_CHECKING:
    from collections.abc import Callable

    from labsite.editing.house_style import HouseStyle
    from labsite.model.records import Library, Publication

SAMPLES = Path(__file__).parent / "publishers"
#: What no publisher knows.
OWN = {
    "summary",
    "author+an",
    "code",
    "poster",
    "video",
    "slides",
    "artifact",
    "selected",
    "award",
}
TODAY = PartialDate(2026, 11, 23)
ARXIV = ("eprint", "archiveprefix")
PAGES = (("pages", "{1--1}"),)


@dataclass(frozen=True)
class Sample:
    """A publisher's export of a paper."""

    name: str
    key: str
    unknown: tuple[str, ...] = ()  #: fields of the lab's entry that it does not have
    more: tuple[tuple[str, str], ...] = ()  #: fields that the lab's entry does not have
    differs: tuple[tuple[str, str], ...] = field(default=())


CASES = [
    Sample("acm-conference", "kim2025crossbit", unknown=("month",), more=PAGES),
    Sample(
        "acm-journal",
        "lim2023pidjoin",
        # Other entries of the venue say it; this one is the only one.
        unknown=("entrysubtype",),
        more=(("volume", "{1}"), ("number", "{2}"), ("eid", "{113}")),
    ),
    Sample("ieee-conference", "shin2025piccolo", more=PAGES),
    Sample(
        "ieee-journal",
        "lee2013mapping",
        more=(("volume", "{32}"), ("number", "{11}"), *PAGES),
    ),
    Sample("usenix", "kim2025pathweaver", unknown=ARXIV, more=PAGES),
    Sample("springer-article", "fang2019fpgasurvey"),
    Sample("dblp-conference", "song2024granndis", unknown=ARXIV, more=PAGES),
    Sample(
        "dblp-crossref", "yoo2023sgcn", unknown=("month", *ARXIV, "url"), more=PAGES
    ),
    Sample(
        "dblp-corr",
        "tanase2018systemg",
        differs=(("title", "{System {G} Distributed Graph Database}"),),
    ),
    Sample("arxiv", "hwang2020simex"),
    Sample("scholar-arxiv", "hwang2020simex"),
    Sample(
        "openreview",
        "choi2021qimera",
        unknown=("month", *ARXIV),
        more=(("url", "{https://openreview.net/forum?id=ejo1_Weiart}"),),
    ),
    Sample(
        "scholar-conference",
        "choi2021dance",
        unknown=("month", "doi", *ARXIV),
        more=PAGES,
        # Scholar lowers the capitals; nobody can guess them back.
        differs=(
            ("title", "{{Dance}: Differentiable accelerator/network co-exploration}"),
        ),
    ),
    Sample(
        "pmlr",
        "lee2024datafreeshield",
        unknown=ARXIV,
        more=(
            ("volume", "{235}"),
            *PAGES,
            ("url", "{https://proceedings.mlr.press/v235/lee24x.html}"),
        ),
    ),
    Sample("cvf", "jung2024peeraid", unknown=ARXIV, more=PAGES),
    Sample(
        "aaai",
        "choi2025mimiq",
        unknown=ARXIV,
        more=(
            *PAGES,
            ("url", "{https://ojs.aaai.org/index.php/AAAI/article/view/33761}"),
        ),
    ),
    Sample("ads", "kim2026sevendt"),
    Sample(
        "elsevier",
        "kim2018weightedspikes",
        unknown=("month",),
        more=(("volume", "{311}"), *PAGES),
    ),
    Sample("crossref", "song2023optimuscc", unknown=ARXIV, more=PAGES),
    Sample(
        "semantic-scholar",
        "lee2025agis",
        unknown=("month",),
        more=(("volume", "{19}"), *PAGES),
    ),
]


def fields_of(publication: Publication) -> dict[str, str]:
    return {field.name: field.verbatim for field in publication.source.fields}


@pytest.mark.parametrize("sample", CASES, ids=lambda sample: sample.name)
def test_a_publishers_export_becomes_the_labs_own_entry(
    sample: Sample,
    library: Library,
    without: Callable[[str], str],
    house_of: Callable[[str], HouseStyle],
) -> None:
    own = library.by_key[sample.key]
    before = without(sample.key)
    text = (SAMPLES / f"{sample.name}.bib").read_text("utf-8")
    files = [("publications.bib", before.encode())]
    house = house_of(before)
    ((_, bibtex),) = read_pastes(text)
    records, left = read_records(str(bibtex), house)
    assert left == []
    batch, outcomes = add_papers(
        records,
        house,
        files,
        topics=own.topics,
        today=TODAY,
        key=sample.key,
    )
    (added,) = outcomes
    assert added.status is Status.ADDED
    assert added.publication
    expected = {
        name: value
        for name, value in fields_of(own).items()
        if name not in {*OWN, *sample.unknown}
    }
    expected |= dict(sample.more) | dict(sample.differs)
    assert fields_of(added.publication) == expected
    assert added.publication.entry_type == own.entry_type
    start = added.publication.source.line - 1
    count = added.publication.source.text.count("\n") + 2
    lines = batch.after.decode().splitlines()
    assert lines[:start] + lines[start + count :] == before.splitlines()
    after = read_library([("publications.bib", batch.after.decode())])
    assert after.problems == ()
    if "month" not in sample.unknown:
        order = [p.key for p in library.publications]
        in_file = sorted(after.publications, key=lambda p: p.source.line)
        assert [p.key for p in in_file] == order
