"""The site's own bibliography with mistakes in it: the others stay, lines are named.

That one character less costs one entry at most is shown with the parser; here the whole
check is at work, on what members do: a brace gone, a key pasted, a year cut.
"""

from __future__ import annotations

import json
import re
import shutil
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from labsite.__main__ import main
from labsite.bibtex.reader import read_library
from labsite.checks import check_library, load
from labsite.model.dates import PartialDate
from labsite.model.problems import Rule, Severity
from labsite.pages.topics import read_topics
from labsite.site.configuration import read_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from labsite.model.problems import Problem
    from labsite.model.records import Library, Publication

ROOT = Path(__file__).parents[1]
TODAY = PartialDate(2026, 11, 23)
TITLE_END = re.compile(r"^  title .*(\}),$", re.MULTILINE)
YEAR = re.compile(r"^  year .*\n", re.MULTILINE)
#: Warnings that are true of the file as it is.
EXPECTED = {Rule.MISSING_DOI}


class Mistake(NamedTuple):
    """The file with one mistake."""

    text: str
    key: str  #: of the entry with the mistake
    lines: set[int]  #: where it may be said to be
    rules: set[Rule]  #: what it may be called
    lost: bool  #: whether the entry cannot be listed


def line_at(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def in_file(library: Library) -> list[Publication]:
    return sorted(library.publications, key=lambda p: p.source.line)


def some(library: Library) -> list[Publication]:
    """Return every fourth publication, and the last, in the order of the file."""
    papers = in_file(library)
    return [*papers[::4], papers[-1]]


def lost_braces(text: str, library: Library) -> Iterator[Mistake]:
    """Take away the brace that closes the entry's title."""
    for paper in some(library):
        found = TITLE_END.search(text, text.index(paper.source.text))
        assert found
        broken = text[: found.start(1)] + text[found.end(1) :]
        lines = {line_at(text, found.start(1))}
        yield Mistake(broken, paper.key, lines, {Rule.SYNTAX}, lost=True)


def repeated_keys(text: str, library: Library) -> Iterator[Mistake]:
    """Give an entry the key of the one below it, or the first one that of the last."""
    papers = in_file(library)
    pairs = [*[*pairwise(papers)][::4], (papers[0], papers[-1])]
    for first, second in pairs:
        head = first.source.text.partition("\n")[0]
        copied = text.replace(head, head.replace(first.key, second.key))
        lines = {first.source.line}
        yield Mistake(copied, first.key, lines, {Rule.DUPLICATE_KEY}, lost=True)


def pasted_twice(text: str, library: Library) -> Iterator[Mistake]:
    """Paste an entry once more, under another key, at the end."""
    for paper in some(library):
        again = paper.source.text.replace(f"{{{paper.key},", "{again,", 1)
        last = line_at(text, len(text)) + 1
        lines = set(range(last, last + again.count("\n") + 1))
        rules = {Rule.DUPLICATE_PAPER}
        yield Mistake(f"{text}\n{again}\n", "again", lines, rules, lost=False)


def short_years(text: str, library: Library) -> Iterator[Mistake]:
    """Take away the last digit of the year."""
    for paper in some(library):
        start = text.index(paper.source.text)
        found = YEAR.search(text, start)
        assert found
        at = text.rindex("}", found.start(), found.end()) - 1
        cut, line = text[:at] + text[at + 1 :], line_at(text, at)
        yield Mistake(cut, paper.key, {line}, {Rule.BAD_DATE}, lost=False)


def as_listed(publication: Publication) -> tuple[object, ...]:
    """Return all that visitors see of a publication, wherever it stands."""
    return publication.key, repr(publication)


@pytest.mark.parametrize(
    "make",
    [lost_braces, repeated_keys, pasted_twice, short_years],
    ids=lambda make: make.__name__,
)
def test_a_mistake_in_an_entry_is_named_and_costs_no_other(
    bibliography: str,
    library: Library,
    make: Callable[[str, Library], Iterator[Mistake]],
) -> None:
    topics, _ = read_topics(ROOT / "research", "research")
    faults = []
    listed = {paper.key: as_listed(paper) for paper in library.publications}
    mistakes = list(make(bibliography, library))
    assert len(mistakes) >= len(listed) // 4
    for text, key, lines, rules, lost in mistakes:
        found = read_library([("publications.bib", text)])
        others = [as_listed(p) for p in found.publications if p.key != key]
        wanted = [paper for each, paper in listed.items() if each != key]
        if others != wanted:
            faults.append(f"{key}: another entry is lost or changed")
        if (key in {p.key for p in found.publications}) is lost:
            faults.append(f"{key}: is {'listed' if lost else 'lost'}")
        problems = [*found.problems, *check_library(found, topics, TODAY)]
        told = {(p.rule, p.line) for p in problems if p.rule not in EXPECTED}
        if {rule for rule, _ in told} != rules or not {at for _, at in told} <= lines:
            faults.append(f"{key}: {sorted(told)} instead of {rules} in {lines}")
    assert faults == []


# Mistakes that were made

SMART_INFINITY_VENUE = (
    "{2024 IEEE International Symposium on High-Performance Computer Architecture "
    "(HPCA) <b>(Best Paper Award - Honorable Mention)</b>}"
)
PACT_VENUE = (
    "{31st International Conference on Parallel Architectures and Compilation "
    "Techniques (PACT), Best Paper Award}"
)
ARXIV_DOI = "{10.48550/arXiv.2406.15635}"
MADE = {
    # name: the key, what stands there and what was written, the rules
    "a hyphen and a capital in a name": (
        "hong2026localut", "Park, Seongyeon", "Park, Seong-yeon", {Rule.NEAR_MISS_NAME},
    ),
    "a mark at a name": (
        "noh2024pidcomm", "Noh, Si Ung", "Noh, Si Ung<sup>1</sup>", {Rule.MARK_IN_NAME},
    ),
    "an award in the venue, in HTML": (
        "jang2024smartinfinity", "= HPCA", f"= {SMART_INFINITY_VENUE}",
        {Rule.MISPLACED_REMARK, Rule.HTML_TAG},
    ),
    "an award in the venue": (
        "yoo2022sliceandforge", "= PACT", f"= {PACT_VENUE}", {Rule.MISPLACED_REMARK},
    ),
    "the venue as a publisher has it": (
        "jung2023dbac", "= DAC", "= {2023 60th ACM/IEEE Design Automation Conference}",
        {Rule.SPELT_OUT_VENUE},
    ),
    "the DOI of the preprint": (
        "lee2024datafreeshield", "  eprint", f"  doi = {ARXIV_DOI},\n  eprint",
        {Rule.ARXIV_DOI},
    ),
    "an address for a DOI": (
        "zhu2021autorecon", "  url", "  doi = {https://www.ijcai.org/2021/478},\n  url",
        {Rule.BAD_DOI},
    ),
    "a link relative to another site": (
        "jang2024smartinfinity", "{https://github.com/AIS-SNU/smart-infinity/blob",
        "{AIS-SNU/smart-infinity/blob", {Rule.MISSING_FILE},
    ),
    "a file that is not there": (
        "shin2024scattergather", "  keywords", "  slides = {a/b.pptx},\n  keywords",
        {Rule.MISSING_FILE},
    ),
    "slides for editing": (
        "jung2024peeraid", "  video",
        "  slides = {https://docs.google.com/presentation/d/1/edit},\n  video",
        {Rule.PRIVATE_LINK},
    ),
    "a superscript without dollars": (
        "han2025g3sa", "{G$^3$SA}", "{G^3SA}", {Rule.UNESCAPED_CHARACTER},
    ),
    "no braces round an acronym": (
        "lim2025dmodb", "{GPU}-A", "GPU-A", {Rule.UNPROTECTED_CAPITALS},
    ),
    "a tag for a topic": (
        "song2023optimuscc", "{distributed-deep-learning}", "{AI/ML}",
        {Rule.UNKNOWN_TOPIC},
    ),
    "a month in words that is none": (
        "song2023optimuscc", "= jan", "= {Quarter}", {Rule.BAD_DATE},
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the site's data, whose bibliography tests may write."""
    folder = tmp_path_factory.mktemp("mistakes")
    for name in ("conf.py", "publications.bib"):
        shutil.copy(ROOT / name, folder)
    for name in ("research", "team", "news", "teaching"):
        shutil.copytree(ROOT / name, folder / name)
    return folder


def new_problems(site: Path, text: str) -> list[Problem]:
    """Return the problems of the site with another bibliography."""
    (site / "publications.bib").write_text(text, encoding="utf-8")
    problems = load(read_settings(site)).problems
    return [problem for problem in problems if problem.rule not in EXPECTED]


@pytest.mark.parametrize(
    ("key", "edit", "rules"),
    [pytest.param(k, (a, b), r, id=title) for title, (k, a, b, r) in MADE.items()],
)
def test_a_mistake_that_was_made_is_found_at_its_line(
    site: Path, bibliography: str, key: str, edit: tuple[str, str], rules: set[Rule]
) -> None:
    right, wrong = edit
    start = bibliography.index(f"{{{key},")
    at = bibliography.index(right, start, bibliography.index("\n}\n", start))
    text = bibliography[:at] + wrong + bibliography[at + len(right) :]
    problems = new_problems(site, text)
    assert {(p.key, p.rule) for p in problems} == {(key, rule) for rule in rules}
    changed = {line_at(text, at + i) for i in range(len(wrong.rstrip()))}
    assert {p.line for p in problems} <= changed


def test_a_paper_that_was_entered_twice_is_found(site: Path, bibliography: str) -> None:
    again = """
@inproceedings{optimus,
  author    = {Song, Jaeyong and Yim, Jinkyu},
  title     = {{Optimus-CC}: Efficient Large {NLP} Model Training with {3D} Parallelism
               Aware Communication Compression},
  booktitle = ASPLOS,
  year      = {2023},
  keywords  = {distributed-deep-learning},
}
"""
    (problem,) = new_problems(site, bibliography + again)
    assert (problem.rule, problem.key) == (Rule.DUPLICATE_PAPER, "optimus")
    assert problem.message.startswith("song2023optimuscc (publications.bib:")


# The site as it is


def test_the_data_of_the_site_have_no_error() -> None:
    problems = load(read_settings(ROOT)).problems
    errors = [str(p) for p in problems if p.severity is Severity.ERROR]
    assert errors == []


def test_the_bibliography_has_nothing_wrong_for_anybody(
    entries: int, capsys: pytest.CaptureFixture[str]
) -> None:
    path = ROOT / "publications.bib"
    assert main(["check", "--strict", "--format", "json", str(path)]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found == {"entries": entries, "problems": []}
