from __future__ import annotations

import cProfile
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from labsite.bibtex.parser import BibtexText
from labsite.bibtex.reader import read_library
from labsite.checks import check_library
from labsite.model.dates import PartialDate
from labsite.model.problems import Rule
from labsite.model.records import Kind, Venue
from labsite.pages.topics import read_topics

if TYPE_CHECKING:
    from collections.abc import Callable

    from labsite.model.records import Library, Publication

    Read = Callable[[str], Library]

ROOT = Path(__file__).parents[1]
HOSTILE = Path(__file__).parent / "data" / "hostile.bib"
#: What every entry needs; a test says what is special about its own.
NEEDED = {"title": "{T}", "author": "{A}", "year": "2026"}


def entry(entry_type: str = "misc", key: str = "k", **fields: str | None) -> str:
    """Return an entry; ``None`` leaves a field out, ``__`` stands for ``+``."""
    written = [(n.replace("__", "+"), v) for n, v in (NEEDED | fields).items() if v]
    lines = [f"  {name} = {value},\n" for name, value in written]
    return f"@{entry_type}{{{key},\n{''.join(lines)}}}\n"


@pytest.fixture
def one(read: Read) -> Callable[[str], Publication]:
    """Return a function that reads one entry that has nothing wrong."""

    def read_one(text: str) -> Publication:
        library = read(text)
        assert [str(problem) for problem in library.problems] == []
        (publication,) = library.publications
        return publication

    return read_one


@pytest.fixture
def complaints(read: Read) -> Callable[[str], list[tuple[Rule, int]]]:
    """Return a function that tells the problems of a text: rules and lines."""
    return lambda text: [(p.rule, p.line) for p in read(text).problems]


# Fields and their synonyms

SAME = {
    "journaltitle": (
        "article", {"journaltitle": "{J}"}, {"journal": "{J}"}, "venue",
    ),
    "date for year": ("misc", {"year": None, "date": "{2026}"}, {}, "issued"),
    "date for year and month": (
        "misc", {"year": None, "date": "{2026-03}"}, {"month": "mar"}, "issued",
    ),
    "eprinttype": (
        "misc",
        {"eprint": "{2403.06664}", "eprinttype": "{arxiv}"},
        {"eprint": "{2403.06664}", "archiveprefix": "{arXiv}"},
        "arxiv",
    ),
    "arxiv": (
        "misc",
        {"arxiv": "{2403.06664}"},
        {"eprint": "{2403.06664}", "archiveprefix": "{arXiv}"},
        "arxiv",
    ),
    "award_name": (
        "misc", {"award_name": "{Best}"}, {"award": "{Best}"}, "award",
    ),
    "shortjournal": (
        "article",
        {"journal": "{Journal}", "shortjournal": "{J}"},
        {"journal": "{Journal}", "abbr": "{J}"},
        "venue",
    ),
    "fjournal": (
        "article",
        {"journal": "{J. Ex.}", "fjournal": "{Journal}", "abbr": "{J}"},
        {"journal": "{Journal}", "abbr": "{J}"},
        "venue",
    ),
    "DOI as an address": (
        "misc", {"doi": "{https://doi.org/10.1145/1}"}, {"doi": "{10.1145/1}"}, "doi",
    ),
    "arXiv as an address": (
        "misc",
        {"arxiv": "{https://arxiv.org/abs/2403.06664}"},
        {"arxiv": "{2403.06664}"},
        "arxiv",
    ),
    "keywords with semicolons": (
        "misc", {"keywords": "{a; b}"}, {"keywords": "{a, b}"}, "topics",
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("entry_type", "fields", "usual", "attribute"),
    [pytest.param(*row, id=name) for name, row in SAME.items()],
)
def test_names_of_other_tools_mean_the_same(
    one: Callable[[str], Publication],
    entry_type: str,
    fields: dict[str, Any],
    usual: dict[str, Any],
    attribute: str,
) -> None:
    found = getattr(one(entry(entry_type, **fields)), attribute)
    assert found == getattr(one(entry(entry_type, **usual)), attribute)
    assert found


WHOLE = r"""@inproceedings{k,
  author    = {Kim, A and {Team B} and others},
  author+an = {1=equal},
  title     = {{GPU}s \& Caf{\'e}s: $O(n^2)$},
  booktitle = {Design \& Test},
  year      = 2026,
  month     = "~5 " # feb,
  keywords  = {b, a, b},
  award     = {Best Paper},
  note      = {Industry \emph{Track}},
  abstract  = {We
               study.},
  doi       = {10.1145/1},
  selected  = {true},
  preview   = {a.png},
  ids       = {old, older},
  publisher = {ACM},
}
"""


def test_each_field_reaches_the_record(one: Callable[[str], Publication]) -> None:
    paper = one(WHOLE)
    assert str(paper.title) == "GPUs & Cafés: O(n²)"
    assert [creator.name for creator in paper.creators] == ["A Kim", "Team B"]
    assert [creator.equal for creator in paper.creators] == [True, False]
    assert paper.more_creators
    assert paper.venue == Venue("Design & Test")
    assert paper.issued == PartialDate(2026, 2, 5)
    assert paper.topics == ("b", "a")
    assert paper.award == "Best Paper"
    assert str(paper.note) == "Industry Track"
    assert str(paper.abstract) == "We study."
    assert paper.selected
    assert paper.preview == "a.png"
    assert paper.aliases == ("old", "older")
    assert paper.field("isbn", "publisher") == "ACM"
    assert [link.name for link in paper.links] == ["doi"]


def test_what_is_not_said_is_none(one: Callable[[str], Publication]) -> None:
    paper = one(entry(note="{}", abstract="{ {} }", award="{}", doi="{}"))
    optional = (
        paper.venue, paper.award, paper.note, paper.abstract, paper.doi, paper.arxiv,
        paper.preview, paper.field("isbn"),
    )  # fmt: skip
    assert set(optional) == {None}
    assert (paper.topics, paper.aliases, paper.links) == ((), (), ())
    assert not paper.selected


@pytest.mark.parametrize(
    "text",
    [
        "@set{k, entryset = {a, b}}",
        "@IEEEtranBSTCTL{k, CTLdash_repeated_names = {no}}",
        "@Control{achemso-control, ctrl-article-title = {yes}}",
    ],
)
def test_data_for_entries_and_for_styles_is_no_publication(
    read: Read, text: str
) -> None:
    library = read(text)
    assert (library.entries, library.publications, library.problems) == (0, (), ())


def test_a_field_twice_is_reported_and_the_first_counts(read: Read) -> None:
    library = read("@misc{k,\n title={A},\n author={A},\n year=2026,\n title={B},\n}\n")
    assert [str(p.title) for p in library.publications] == ["A"]
    assert [(p.rule, p.line) for p in library.problems] == [(Rule.DUPLICATE_FIELD, 5)]


@pytest.mark.parametrize(
    "fields",
    [
        {"address": "{New York, NY, USA}", "location": "{Seoul, Republic of Korea}"},
        {"date": "{2026-03-05}", "month": "mar"},
        {"url": "{https://example.org/a}", "html": "{https://example.org/a}"},
    ],
    ids=["ACM's addresses", "date and year", "the same link twice"],
)
def test_what_publishers_export_is_accepted(
    one: Callable[[str], Publication], fields: dict[str, str]
) -> None:
    assert one(entry(**fields)).key == "k"


def test_a_place_counts_without_an_address(one: Callable[[str], Publication]) -> None:
    for fields in ({"place": "{A}"}, {"place": "{B}", "address": "{A}"}):
        assert one(entry(**fields)).text("address") == "A"


# Dates

DATES = {
    "only a year": ({}, PartialDate(2026)),
    "macro": ({"month": "sep"}, PartialDate(2026, 9)),
    "name": ({"month": "{September}"}, PartialDate(2026, 9)),
    "abbreviation": ({"month": "{Sept.}"}, PartialDate(2026, 9)),
    "number": ({"month": "9"}, PartialDate(2026, 9)),
    "number with a zero": ({"month": "{09}"}, PartialDate(2026, 9)),
    "macro and day": ({"month": 'sep # "~14"'}, PartialDate(2026, 9, 14)),
    "day and macro": ({"month": '"14~" # sep'}, PartialDate(2026, 9, 14)),
    "range of months": ({"month": 'sep # "--" # oct'}, PartialDate(2026, 9)),
    "range of numbers": ({"month": "{9--10}"}, PartialDate(2026, 9)),
    "season": ({"month": "{Summer}"}, PartialDate(2026)),
    "day": ({"year": None, "date": "{2026-09-14}"}, PartialDate(2026, 9, 14)),
    "range": (
        {"year": None, "date": "{2026-09-14/2026-09-18}"},
        PartialDate(2026, 9, 14),
    ),
    "date over year": ({"year": "2025", "date": "{2026-09}"}, PartialDate(2026, 9)),
}


@pytest.mark.parametrize(
    ("fields", "issued"), [pytest.param(*row, id=name) for name, row in DATES.items()]
)
def test_a_date_is_understood(
    one: Callable[[str], Publication],
    fields: dict[str, Any],
    issued: PartialDate,
) -> None:
    assert one(entry(**fields)).issued == issued


BAD_DATES = {
    "no year": ({"year": None}, PartialDate(), Rule.INCOMPLETE_ENTRY),
    "year in words": ({"year": "{soon}"}, PartialDate(), Rule.BAD_DATE),
    "quarter": ({"month": "{Second Quarter}"}, PartialDate(2026), Rule.BAD_DATE),
    "thirteenth month": ({"month": "13"}, PartialDate(2026), Rule.BAD_DATE),
    "huge month": ({"month": "9" * 5000}, PartialDate(2026), Rule.BAD_DATE),
    "day that is not": (
        {"month": "{February 30}"},
        PartialDate(2026, 2),
        Rule.BAD_DATE,
    ),
    "day in words": (
        {"month": "feb", "day": "{Monday}"},
        PartialDate(2026, 2),
        Rule.BAD_DATE,
    ),
    "day too late": (
        {"month": "feb", "day": "{30}"},
        PartialDate(2026, 2),
        Rule.BAD_DATE,
    ),
    "date in words": ({"date": "{next May}"}, PartialDate(2026), Rule.BAD_DATE),
    "date that is not": ({"date": "{2026-02-30}"}, PartialDate(2026), Rule.BAD_DATE),
}


@pytest.mark.parametrize(
    ("fields", "issued", "rule"),
    [pytest.param(*row, id=name) for name, row in BAD_DATES.items()],
)
def test_a_bad_date_is_reported_and_what_is_known_is_kept(
    read: Read, fields: dict[str, Any], issued: PartialDate, rule: Rule
) -> None:
    library = read(entry(**fields))
    assert [problem.rule for problem in library.problems] == [rule]
    assert [publication.issued for publication in library.publications] == [issued]


@pytest.mark.parametrize(
    ("state", "forthcoming"),
    [("inpress", True), ("forthcoming", True), ("submitted", True), ("In Press", True),
     ("inpreparation", True), ("prepublished", False), ("published", False)],
)  # fmt: skip
def test_the_entry_may_say_that_it_is_to_appear(
    one: Callable[[str], Publication], state: str, *, forthcoming: bool
) -> None:
    assert one(entry(pubstate=f"{{{state}}}")).forthcoming is forthcoming


# Kinds and venues

KINDS = {
    "article": Kind.JOURNAL, "inproceedings": Kind.CONFERENCE, "book": Kind.BOOK,
    "conference": Kind.CONFERENCE, "inbook": Kind.BOOK, "incollection": Kind.BOOK,
    "phdthesis": Kind.THESIS, "mastersthesis": Kind.THESIS, "thesis": Kind.THESIS,
    "techreport": Kind.REPORT, "report": Kind.REPORT, "patent": Kind.PATENT,
    "software": Kind.SOFTWARE, "dataset": Kind.SOFTWARE, "misc": Kind.OTHER,
    "online": Kind.OTHER, "unpublished": Kind.OTHER, "InProceedings": Kind.CONFERENCE,
    "unheardof": Kind.OTHER,
}  # fmt: skip


@pytest.mark.parametrize(("entry_type", "kind"), KINDS.items())
def test_the_type_of_the_entry_gives_the_kind(
    one: Callable[[str], Publication], entry_type: str, kind: Kind
) -> None:
    paper = one(entry(entry_type))
    assert (paper.kind, paper.entry_type) == (kind, entry_type.lower())


@pytest.mark.parametrize("kind", Kind)
def test_the_entry_may_name_its_kind(
    one: Callable[[str], Publication], kind: Kind
) -> None:
    assert one(entry("inproceedings", entrysubtype=f"{{{kind}}}")).kind is kind


def test_a_kind_of_biblatex_says_nothing(one: Callable[[str], Publication]) -> None:
    assert one(entry("article", entrysubtype="{magazine}")).kind is Kind.JOURNAL


def test_an_unknown_kind_is_reported(complaints: Callable[[str], object]) -> None:
    assert complaints(entry(entrysubtype="{poster}")) == [(Rule.UNKNOWN_KIND, 5)]


@pytest.mark.parametrize(
    ("entry_type", "name"),
    [("inproceedings", "booktitle"), ("article", "journal"), ("phdthesis", "school"),
     ("techreport", "institution"), ("book", "publisher"), ("misc", "howpublished")],
)  # fmt: skip
def test_a_macro_is_the_short_name_of_a_venue(
    one: Callable[[str], Publication], entry_type: str, name: str
) -> None:
    macros = '@string{A_BC = "Annals of \\& {B} and {C}"}\n'
    wanted = Venue("Annals of & B and C", "A BC")
    assert one(macros + entry(entry_type, **{name: "A_BC"})).venue == wanted
    written = one(macros + entry(entry_type, **{name: r"{Annals of \& {B} and {C}}"}))
    assert written.venue == wanted


def test_a_venue_without_a_macro_has_no_short_name(
    one: Callable[[str], Publication],
) -> None:
    venue = one(entry("article", journal="{Nature}")).venue
    assert venue == Venue("Nature")
    assert venue.label == "Nature"


def test_a_macro_in_small_letters_is_no_short_name(
    one: Callable[[str], Publication],
) -> None:
    text = '@string{jnat = "Nature"}\n' + entry("article", journal="jnat")
    assert one(text).venue == Venue("Nature")


# arXiv

ARXIV = {
    "eprint": {"eprint": "{2403.06664}", "archiveprefix": "{arXiv}"},
    "eprint with a prefix": {
        "eprint": "{arXiv:2403.06664}",
        "archiveprefix": "{arXiv}",
    },
    "eprint alone": {"eprint": "{2403.06664}"},
    "arxiv field": {"arxiv": "{2403.06664}"},
    "arxiv field and prefix": {"arxiv": "{2403.06664}", "archiveprefix": "{arXiv}"},
    "Google Scholar": {"journal": "{arXiv preprint arXiv:2403.06664}"},
    "with its class": {"journal": "{arXiv preprint arXiv:2403.06664 [cs.LG]}"},
    "Semantic Scholar": {"journal": "{ArXiv}", "volume": "{abs/2403.06664}"},
    "DBLP": {"journal": "{CoRR}", "volume": "{abs/2403.06664}"},
    "ADS": {"journal": "{arXiv e-prints}", "eid": "{arXiv:2403.06664}"},
    "DOI": {"doi": "{10.48550/arXiv.2403.06664}"},
}


@pytest.mark.parametrize(
    "fields", [pytest.param(fields, id=name) for name, fields in ARXIV.items()]
)
def test_a_preprint_is_known_however_it_is_written(
    one: Callable[[str], Publication], fields: dict[str, str]
) -> None:
    paper = one(entry("article" if "journal" in fields else "misc", **fields))
    assert (paper.arxiv, paper.kind) == ("2403.06664", Kind.PREPRINT)


@pytest.mark.parametrize(
    "server",
    [
        "bioRxiv",
        "medRxiv (preprint)",
        "SSRN Electronic Journal",
        "Available at SSRN 3456789",
        "IACR Cryptol. ePrint Arch.",
        "OSF Preprints",
        "CoRR",
    ],
)
def test_a_server_of_preprints_is_no_journal(
    one: Callable[[str], Publication], server: str
) -> None:
    for paper in (
        one(entry("article", journal=f"{{{server}}}")),
        one(entry("online", eprint="{2020.01.01}", eprinttype=f"{{{server}}}")),
    ):
        assert (paper.kind, paper.venue) == (Kind.PREPRINT, Venue(server))
    for journal in ("{Approxiv Letters}", "{OSF Letters}"):
        assert one(entry("article", journal=journal)).kind is Kind.JOURNAL


def test_a_paper_of_a_venue_is_no_preprint(one: Callable[[str], Publication]) -> None:
    paper = one(entry("inproceedings", booktitle="{ICML}", arxiv="{2403.06664}"))
    assert (paper.arxiv, paper.kind) == ("2403.06664", Kind.CONFERENCE)
    assert paper.venue == Venue("ICML")


def test_another_archive_is_not_arxiv(one: Callable[[str], Publication]) -> None:
    paper = one(entry(eprint="{12345}", eprinttype="{pubmed}"))
    assert paper.arxiv is None


# What is wrong with single entries

WRONG = {
    "no title": ({"title": None}, Rule.MISSING_FIELD, 1),
    "slip for a title": ({"title": None, "titel": "{T}"}, Rule.MISSING_FIELD, 4),
    "subtitle alone": ({"title": None, "subtitle": "{T}"}, Rule.MISSING_FIELD, 1),
    "empty title": ({"title": "{ {} }"}, Rule.MISSING_FIELD, 1),
    "no author": ({"author": None}, Rule.INCOMPLETE_ENTRY, 1),
    "too many commas": ({"author": "{A, B, C, D}"}, Rule.BAD_NAME, 3),
    "annotation of nobody": ({"author__an": "{2=equal}"}, Rule.BAD_ANNOTATION, 5),
    "huge annotation": (
        {"author__an": f"{{{'9' * 5000}=equal}}"}, Rule.BAD_ANNOTATION, 5,
    ),
    "DOI": ({"doi": "{n/a}"}, Rule.BAD_DOI, 5),
    "arXiv": ({"arxiv": "{n/a}"}, Rule.BAD_ARXIV, 5),
    "script": ({"code": "{javascript:alert(1)}"}, Rule.BAD_URL, 5),
    "script in a button": ({"url_talk": "{data:text/html,x}"}, Rule.BAD_URL, 5),
    "unknown parent": ({"crossref": "{p}"}, Rule.UNKNOWN_CROSSREF, 5),
    "parent with the year": (
        {"crossref": "{p}", "year": None}, Rule.UNKNOWN_CROSSREF, 4,
    ),
    "own parent": ({"crossref": "{k}"}, Rule.UNKNOWN_CROSSREF, 5),
}  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "rule", "line"),
    [pytest.param(*row, id=name) for name, row in WRONG.items()],
)
def test_a_mistake_is_reported_at_its_line(
    complaints: Callable[[str], object],
    fields: dict[str, Any],
    rule: Rule,
    line: int,
) -> None:
    assert complaints(entry(**fields)) == [(rule, line)]


def test_an_entry_without_a_title_is_left_out_and_no_other(read: Read) -> None:
    library = read(entry(title=None) + entry(key="good"))
    assert [p.key for p in library.publications] == ["good"]
    assert library.entries == 2


def test_messages_name_field_and_remedy(read: Read) -> None:
    (problem,) = read(entry(doi="{n/a}")).problems
    assert str(problem) == (
        "lab.bib:5:9: error: k: doi: 'n/a' is not a DOI; write it bare, like "
        "10.1145/3589258 [bad-doi]"
    )


@pytest.mark.parametrize("key", ["k", "K"])
def test_a_repeated_key_costs_the_entry_above_which_is_the_newer(
    read: Read, key: str
) -> None:
    library = read(entry(key=key, title="{Second}") + entry() + entry(key="other"))
    assert {p.key: str(p.title) for p in library.publications} == {
        "k": "T",
        "other": "T",
    }
    (problem,) = library.problems
    assert (problem.rule, problem.line) == (Rule.DUPLICATE_KEY, 1)
    assert "lab.bib:6" in problem.message
    assert library.entries == 3


def test_a_key_of_another_file_is_repeated_too() -> None:
    library = read_library([("a.bib", entry()), ("b.bib", entry())])
    assert [p.source.file for p in library.publications] == ["b.bib"]
    assert [p.file for p in library.problems] == ["a.bib"]


def test_problems_stand_in_the_order_of_the_file(read: Read) -> None:
    text = entry(doi="{x}", arxiv="{y}") + entry(key="b", title=None)
    lines = [problem.line for problem in read(text).problems]
    assert lines == sorted(lines)
    assert len(lines) == 3


@pytest.mark.parametrize(
    "title",
    [r"{\begin{a}}" * 1500, r"{\verb}", r"{\sqrt}", "{" * 99 + "T" + "}" * 99],
    ids=["environments", "verbatim", "root", "99 braces"],
)
def test_no_latex_stops_the_reading(read: Read, title: str) -> None:
    library = read(entry(title=f"{{{title}}}") + entry(key="good"))
    assert "good" in {publication.key for publication in library.publications}


# Inheritance

PARENT = """@proceedings{p,
  title = {The Proceedings},
  year = {2025},
  month = jun,
  editor = {Editor, E},
  publisher = {ACM},
  note = {Of the parent},
  keywords = {parent},
  doi = {10.1145/1},
  url = {https://example.org/p},
  website = {https://example.org/conference},
  code = {https://example.org/code},
  arxiv = {2403.06664},
  ids = {q},
  selected = {true},
  url_photos = {https://example.org/photos},
}
"""


def test_a_child_inherits_what_it_lacks(one: Callable[[str], Publication]) -> None:
    paper = one(entry("inproceedings", crossref="{P}", year=None) + PARENT)
    assert paper.venue == Venue("The Proceedings")
    assert paper.issued == PartialDate(2025, 6)
    assert paper.field("publisher") == "ACM"
    assert paper.field("editor") == "Editor, E"


def test_a_child_keeps_what_it_says(one: Callable[[str], Publication]) -> None:
    own = entry("inproceedings", crossref="{p}", booktitle="{Own}", publisher="{IEEE}")
    paper = one(own + PARENT)
    assert paper.venue == Venue("Own")
    assert paper.field("publisher") == "IEEE"
    assert str(paper.title) == "T"


def test_a_child_takes_over_nothing_that_is_the_parents_own(
    one: Callable[[str], Publication],
) -> None:
    paper = one(entry("inproceedings", crossref="{p}") + PARENT)
    assert paper.links == ()
    assert (paper.doi, paper.arxiv, paper.note) == (None, None, None)
    assert (paper.topics, paper.aliases, paper.selected) == ((), (), False)


@pytest.mark.parametrize("date", ["  year = {2025}", "  date = {2025-06}"])
def test_a_child_keeps_its_own_year(
    one: Callable[[str], Publication], date: str
) -> None:
    parent = f"@proceedings{{p,\n  title = {{P}},\n{date},\n}}\n"
    paper = one(entry("inproceedings", crossref="{p}", year="2026") + parent)
    assert paper.issued == PartialDate(2026)


def test_a_paper_without_an_author_is_not_by_the_editors_of_its_volume(
    complaints: Callable[[str], object],
) -> None:
    child = entry("inproceedings", crossref="{p}", author=None)
    assert complaints(child + PARENT) == [(Rule.MISSING_FIELD, 1)]


def test_a_parent_may_stand_first(one: Callable[[str], Publication]) -> None:
    paper = one(PARENT + entry("inproceedings", crossref="{p}"))
    assert paper.venue == Venue("The Proceedings")


def test_entries_that_inherit_from_each_other_end(read: Read) -> None:
    first = entry("inproceedings", "a", crossref="{b}", publisher="{ACM}")
    second = entry("inproceedings", "b", crossref="{a}", booktitle="{B}")
    library = read(first + second)
    assert library.problems == ()
    assert {p.venue for p in library.publications} == {Venue("B")}


def test_what_only_holds_others_is_no_publication(read: Read) -> None:
    library = read(PARENT + entry("inproceedings", crossref="{p}"))
    assert [publication.key for publication in library.publications] == ["k"]
    assert library.entries == 1


# Size


def repeated(written: str, joint: str = "") -> Callable[[int], str]:
    return lambda times: "{" + joint.join([written] * times) + "}"


LONG = {
    "authors": ("author", repeated("Kim, Jinho", " and ")),
    "accented authors": ("author", repeated("Kim, J{\\'e}", " and ")),
    "abstract": ("abstract", repeated("Words and {More}. ")),
    "abstract with LaTeX": ("abstract", repeated("Caf{\\'e} \\& $x^2$. ")),
    "keywords": ("keywords", repeated("topic", ", ")),
    "links": ("pdf", repeated("https://example.org/")),
}


def work(text: str) -> int:
    """Return how many calls the reading of *text* takes."""
    profile = cProfile.Profile(builtins=True)
    profile.runcall(read_library, [("lab.bib", text)])
    return sum(call.callcount for call in profile.getstats())


@pytest.mark.parametrize(
    ("name", "value"), [pytest.param(*row, id=title) for title, row in LONG.items()]
)
def test_a_long_field_takes_work_in_proportion(
    name: str, value: Callable[[int], str]
) -> None:
    small, large = (work(entry(**{name: value(200 * times)})) for times in (1, 2))
    assert large < 2.5 * small


def test_a_long_file_takes_work_in_proportion() -> None:
    def file(length: int) -> str:
        return "".join(entry(key=f"k{number}") for number in range(length))

    small, large = work(file(50)), work(file(100))
    assert large < 2.5 * small


def test_two_thousand_authors_and_a_long_abstract_are_all_there(
    one: Callable[[str], Publication],
) -> None:
    authors = " and ".join(f"Kim{number}, Jinho" for number in range(2000))
    abstract = "Words and more. " * 6250
    paper = one(entry(author=f"{{{authors}}}", abstract=f"{{{abstract}}}"))
    assert [creator.family for creator in paper.creators] == [
        f"Kim{number}" for number in range(2000)
    ]
    assert str(paper.abstract) == abstract.strip()


def test_the_hostile_file_is_read_to_its_end() -> None:
    library = read_library([("hostile.bib", HOSTILE.read_text(encoding="utf-8"))])
    keys = {publication.key for publication in library.publications}
    assert {f"good{number}" for number in range(1, 11)} < keys
    assert library.entries == 23
    assert all(problem.file == "hostile.bib" for problem in library.problems)


# The real file


def test_the_real_file_has_nothing_wrong(library: Library, entries: int) -> None:
    topics, problems = read_topics(ROOT / "research", "research")
    assert len(library.publications) == library.entries == entries
    assert library.problems == ()
    assert problems == []
    assert list(check_library(library, topics)) == []


def test_the_real_file_stands_in_the_order_it_documents(library: Library) -> None:
    in_file = sorted(library.publications, key=lambda p: p.source.line)
    assert [p.key for p in in_file] == [p.key for p in library.publications]


def test_the_real_file_has_one_layout(bibliography: str) -> None:
    bibtex = BibtexText()
    bibtex.add_file(bibliography, "publications.bib")
    written = []
    for found in bibtex.entries:
        fields = [f"  {f.name:<13} = {f.verbatim},\n" for f in found.source.fields]
        written.append(f"@{found.entry_type}{{{found.key},\n{''.join(fields)}}}\n")
    head = bibliography[: bibliography.index(written[0])]
    assert bibliography == head + "\n".join(written)
    assert bibliography.isascii()


def test_the_fields_of_the_real_file_follow_one_order(bibliography: str) -> None:
    bibtex = BibtexText()
    bibtex.add_file(bibliography, "publications.bib")
    rows = [[field.name for field in e.source.fields] for e in bibtex.entries]
    before = {pair for row in rows for pair in combinations(row, 2)}
    assert sorted(pair for pair in before if pair[::-1] in before) == []


def test_venues_of_the_real_file_are_macros(library: Library) -> None:
    # A full name without a short one would be spelt again by the next paper.
    missing = [
        publication.key
        for publication in library.publications
        if publication.kind not in {Kind.PREPRINT, Kind.THESIS}
        and (publication.venue is None or publication.venue.short is None)
    ]
    assert missing == []


def test_of_two_definitions_of_a_macro_the_first_counts(read: Read) -> None:
    text = '@string{HERE = "First Venue"}\n@string{HERE = "Second Venue"}\n' + entry(
        "article", journal=None
    ).replace("{k,", "{k,\n  journal = HERE,")
    library = read(text)
    assert [(p.rule, p.line) for p in library.problems] == [(Rule.DUPLICATE_MACRO, 2)]
    assert library.publications[0].venue == Venue("First Venue", "HERE")
