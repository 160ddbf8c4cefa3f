"""The rules that hold for any bibliography: what an entry has, and what text is."""

from __future__ import annotations

import cProfile
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labsite.bibtex.reader import read_library
from labsite.checks import check_entries, check_library
from labsite.model.dates import PartialDate
from labsite.model.problems import Rule, Severity
from labsite.model.records import Topic

if TYPE_CHECKING:
    from collections.abc import Callable

    from labsite.model.problems import Problem
    from labsite.model.records import Library

    Check = Callable[..., list[Problem]]

TODAY = PartialDate(2026, 11, 23)
NEEDED = {"title": "{A Title}", "author": "{Roe, Jane}", "year": "2026"}


@pytest.fixture
def check(read: Callable[[str], Library]) -> Check:
    """Return a function that tells the problems of an entry with the given fields."""

    def check_entry(entry_type: str = "misc", **fields: str | None) -> list[Problem]:
        own = {name.replace("__", "+"): value for name, value in fields.items()}
        written = {n: v for n, v in (NEEDED | own).items() if v is not None}
        lines = "".join(f"  {name} = {value},\n" for name, value in written.items())
        library = read(f"@{entry_type}{{k,\n{lines}}}\n")
        return list(check_entries(library, TODAY))

    return check_entry


WRONG: dict[str, tuple[Rule, str, str, str]] = {
    # name: rule, field, value, what the problem points at
    "tag": (Rule.HTML_TAG, "title", "{Water<sub>2</sub> Now}", "<sub>"),
    "tag with attributes": (Rule.HTML_TAG, "note", '{<a href="x">y</a>}', "<a"),
    "tag of a publisher": (Rule.HTML_TAG, "abstract", "{<jats:p>We</jats:p>}", "<jats"),
    "tag of a formula": (Rule.HTML_TAG, "title", "{A <mml:math>x</mml:math>}", "<mml"),
    "comment": (Rule.HTML_TAG, "title", "{A <!-- b -->}", "<!--"),
    "entity": (Rule.HTML_ENTITY, "title", "{Design &amp; Test}", "&amp;"),
    "entity after an escape": (Rule.HTML_ENTITY, "title", r"{A {\&}lt; b}", r"{\&}lt;"),
    "numbered entity": (Rule.HTML_ENTITY, "title", "{It&#39;s}", "&#39;"),
    "entity in hexadecimal": (Rule.HTML_ENTITY, "note", "{Pe&#xF1;a}", "&#xF1;"),
    "entity in an address": (
        Rule.HTML_ENTITY, "url", "{https://example.org/?a&amp;b}", "&amp;",
    ),
    "soft hyphen": (Rule.INVISIBLE_CHARACTER, "title", "{A\u00adb}", "\u00ad"),
    "zero-width space": (Rule.INVISIBLE_CHARACTER, "doi", "{10.5/1\u200b}", "\u200b"),
    "lost character": (Rule.INVISIBLE_CHARACTER, "author", "{M\ufffdr, A}", "\ufffd"),
    "mark of direction": (Rule.INVISIBLE_CHARACTER, "note", "{a\u202eb}", "\u202e"),
    "private character": (Rule.INVISIBLE_CHARACTER, "title", "{A \ue001 b}", "\ue001"),
    "ligature": (Rule.LIGATURE, "title", "{An eﬃcient way}", "eﬃcient"),
    "ligature in a name": (Rule.LIGATURE, "author", "{Grifﬁn, A}", "Grifﬁn"),
    "broken word": (Rule.LINE_WRAP_HYPHEN, "title", "{An archi- tecture}", "archi-"),
    "word broken in the file": (
        Rule.LINE_WRAP_HYPHEN, "abstract", "{An archi-\n    tecture}", "archi-",
    ),
    "ampersand": (Rule.UNESCAPED_CHARACTER, "publisher", "{Taylor & Francis}", "&"),
    "per cent": (Rule.UNESCAPED_CHARACTER, "title", "{Up by 10%}", "%"),
    "caret": (Rule.UNESCAPED_CHARACTER, "title", "{{G^3SA}}", "^"),
    "underscore": (Rule.UNESCAPED_CHARACTER, "title", "{The a_b way}", "_"),
    "lone dollar": (Rule.UNESCAPED_CHARACTER, "title", "{A $ sign}", "$"),
    "shouting": (Rule.SHOUTING_TITLE, "title", "{A STUDY OF LARGE THINGS}", ""),
    "acronym": (Rule.UNPROTECTED_CAPITALS, "title", "{Fast GPU Graphs}", "GPU"),
    "plural acronym": (Rule.UNPROTECTED_CAPITALS, "title", "{Fast LLMs}", "LLMs"),
    "camel case": (Rule.UNPROTECTED_CAPITALS, "title", "{GraNNDis at Work}", "GraNN"),
    "small first letter": (Rule.UNPROTECTED_CAPITALS, "title", "{The iPad}", "iPad"),
    "number and capital": (Rule.UNPROTECTED_CAPITALS, "title", "{Fast 3D Chips}", "3D"),
    "half protected": (Rule.UNPROTECTED_CAPITALS, "title", "{{DRAM}-PIM}", "PIM"),
    "in quotes": (Rule.UNPROTECTED_CAPITALS, "title", '"A GPU"', "GPU"),
    "award in a title": (
        Rule.MISPLACED_REMARK, "title", "{A Title (Best Paper Award)}", "(Best Paper",
    ),
    "fate in a title": (
        Rule.MISPLACED_REMARK, "title", "{A Title (to appear)}", "(to appear)",
    ),
    "state in a title": (
        Rule.MISPLACED_REMARK, "title", "{(Under Journal Review) A}", "(Under Journal",
    ),
    "Markdown": (Rule.MARKUP, "title", "{A **bold** Title}", "**"),
    "link": (Rule.MARKUP, "title", r"{\href{https://x.org}{A}}", r"\href"),
    "unknown command": (Rule.BAD_LATEX, "title", r"{A \strange{b} c}", r"\strange"),
    "unknown command in pages": (
        Rule.BAD_LATEX, "pages", r"{1\strange 5}", r"\strange",
    ),
    "citation": (Rule.BAD_LATEX, "note", r"{See \cite{roe}}", r"\cite"),
    "formula that nobody can draw": (
        Rule.BAD_LATEX, "title", r"{On $\strange x$}", r"\strange",
    ),
    "percent sign behind an escaped one": (
        Rule.UNESCAPED_CHARACTER, "title", r"{Half, 50\% of 10% more}", "% more",
    ),
    "index behind a formula": (
        Rule.UNESCAPED_CHARACTER, "title", r"{$a_1$, \ce{Fe^{3+}}, a_2}", "_2",
    ),
    "misspelt field of an annotation": (
        Rule.MISSPELT_FIELD, "authr+an", "{1=equal}", "",
    ),
    "tag in escapes": (Rule.HTML_TAG, "title", r"{A $<$i$>$b$<$/i$>$}", ""),
    "tag in commands": (Rule.HTML_TAG, "title", r"{A $\less$i$\greater$b}", ""),
    "address of a DOI": (
        Rule.DOI_ADDRESS, "doi", "{https://doi.org/10.1145/1}", "",
    ),
    "prefix of a DOI": (Rule.DOI_ADDRESS, "doi", "{doi:10.1145/1}", ""),
    "end of a sentence": (Rule.BAD_DOI, "doi", "{10.1145/1.}", "10.1145/1."),
    "address on arXiv": (
        Rule.ARXIV_ADDRESS, "eprint", "{https://arxiv.org/abs/2403.06664}", "",
    ),
    "prefix on arXiv": (Rule.ARXIV_ADDRESS, "arxiv", "{arXiv:2403.06664}", ""),
    "thirteenth month on arXiv": (Rule.BAD_ARXIV, "arxiv", "{2413.06664}", "2413"),
    "DOI as an address": (
        Rule.IDENTIFIER_IN_URL, "url", "{https://doi.org/10.1145/1}", "",
    ),
    "DOI alone as an address": (Rule.IDENTIFIER_IN_URL, "url", "{10.1145/1}", ""),
    "preprint as an address": (
        Rule.IDENTIFIER_IN_URL, "pdf", "{https://arxiv.org/pdf/2403.06664}", "",
    ),
    "address on arXiv as the paper's": (
        Rule.IDENTIFIER_IN_URL, "url", "{https://arxiv.org/abs/2403.06664}", "",
    ),
    "page for editing": (
        Rule.PRIVATE_LINK, "slides",
        "{https://docs.google.com/presentation/d/x/edit#slide=1}", "",
    ),
    "own machine": (Rule.PRIVATE_LINK, "code", "{http://localhost:8000/x}", ""),
    "project": (Rule.PRIVATE_LINK, "url_tex", "{https://overleaf.com/project/1}", ""),
    "year apart": (Rule.CONFLICTING_DATE, "date", "{2025-03}", ""),
    "misspelt field": (Rule.MISSPELT_FIELD, "jounral", "{J}", ""),
    "plural of a field": (Rule.MISSPELT_FIELD, "publishers", "{ACM}", ""),
    "wrong letter of a field": (Rule.MISSPELT_FIELD, "auther", "{A}", ""),
    "slip beside the field": (Rule.MISSPELT_FIELD, "titel", "{Another}", ""),
    "singular of a field": (Rule.MISSPELT_FIELD, "keyword", "{graphs}", ""),
    "singular of a button": (Rule.MISSPELT_FIELD, "slide", "{https://x.org}", ""),
}  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "name", "value", "words"),
    [pytest.param(*row, id=title) for title, row in WRONG.items()],
)
def test_a_mistake_is_named_where_it_stands(
    check: Check, rule: Rule, name: str, value: str, words: str
) -> None:
    (problem,) = check(**{name: value})
    assert problem.rule is rule
    assert problem.severity is rule.severity
    assert "; " in problem.message
    lines = [f"  {n} = {v}," for n, v in (NEEDED | {name: value}).items()]
    text = "\n".join(["@misc{k,", *lines]).split("\n")
    at = text[problem.line - 1][problem.column - 1 :]
    if rule is Rule.CONFLICTING_DATE:
        assert at.startswith("2026")
    elif rule is Rule.MISSPELT_FIELD:
        assert at.startswith(name)
    else:
        assert at.startswith(words or value[0])
        assert text[problem.line - 1].startswith((f"  {name} = ", "    "))


RIGHT: dict[str, dict[str, str | None]] = {
    "grave accents": {"title": r"{Lumi{\`e}re et m{\`e}re}", "author": r"{B{\`e}l, A}"},
    "LaTeX's quotation marks": {"title": "{``Air'' and `sea'}", "note": "{O`ahu}"},
    "commands of packages": {"title": r"{\enquote{Air} of \SI{2}{\meter}}"},
    "formulas of chemistry, and code": {"title": r"{\ce{SO4^2-}, \verb+a_b+}"},
    "for sorting only": {"sorttitle": "{A & B}"},
    "a formula of every day": {"title": r"{$\frac12$, $\|x\|$ and ${\rm Re}\,z$}"},
    "comparison": {"title": "{When $a<b$ and $c>d$}"},
    "less than": {"title": "{When x < y}"},
    "escaped ampersand": {"publisher": r"{Taylor \& Francis}"},
    "name with an ampersand": {"note": r"{A\&B; C}"},
    "suspended hyphen": {"title": "{Pre- and Post-Training}"},
    "range": {"title": "{From Mid- to Long-Term}"},
    "formula": {"title": "{In $O(n^2)$ and $x_i$}"},
    "formula in brackets": {"title": r"{In \(x_i\)}"},
    "address in a command": {"howpublished": r"{\url{https://a.org/b_c%20d#e}}"},
    "address": {"url": "{https://a.org/b_c%20d#e&f}"},
    "abstract as it stands": {"abstract": "{Up by 10% & more_or_less.}"},
    "protected": {"title": "{{GPU}s, {NoCs} and {DRAM-PIM}}"},
    "wholly protected": {"title": "{{GPU and NoC}}"},
    "title case": {"title": "{My Being to Your Place: A Study of I/O}"},
    "single capitals": {"title": "{Q-Learning, Plan B and Type-C Connectors}"},
    "ordinary title": {"title": "{It's All In the Teacher}"},
    "emphasis": {"title": r"{The \emph{Right} Way}"},
    "acronyms alone": {"title": "{{MUTE} and {CRISP}}"},
    "prize in a title": {"title": "{How the Best Paper Is Chosen}"},
    "accent": {"author": r"{Pe{\~n}a, Carlos}"},
    "Korean": {"author": "{이진호}", "title": "{그래프 처리}"},
    "zero-width joiner": {"title": "{می\u200cخواهم}"},
    "bare identifiers": {"doi": "{10.1145/1}", "arxiv": "{2403.06664v3}"},
    "old arXiv": {"arxiv": "{hep-th/9901001}"},
    "escaped DOI": {"doi": r"{10.1007/978-3\_4}"},
    "both addresses": {"doi": "{10.1145/1}", "url": "{https://doi.org/10.1145/1}"},
    "arXiv in a note": {
        "note": "{arXiv:2403.06664}",
        "url": "{https://arxiv.org/abs/2403.06664}",
    },
    "public host": {"slides": "{https://10.1.example.org/t.pdf}"},
    "shared slides": {"slides": "{https://docs.google.com/presentation/d/x/pub}"},
    "date and month": {"date": "{2026-03-05}", "year": "2026", "month": "mar"},
    "Darwin": {"year": "1859"},
    "JabRef": {"file": "{:x.pdf:PDF}", "timestamp": "{2024}", "groups": "{x}"},
    "JabRef beside a picture": {"preview": "{a.png}", "review": "{good}"},
    "MathSciNet": {"number": "{1}", "mrnumber": "{2}", "fjournal": "{J}"},
    "biblatex": {"booktitle": "{B}", "booksubtitle": "{S}", "xdata": "{x}"},
    "numbered fields": {"note": "{a}", "note2": "{b}", "author2": "{Doe, J}"},
    "Zotero": {"langid": "{english}", "urldate": "{2024-01-01}", "shorttitle": "{A}"},
    "BibDesk": {"bdsk-url-1": "{https://x.org}", "date-added": "{2024-01-01}"},
    "ACM": {
        "numpages": "{15}",
        "articleno": "{3}",
        "acmid": "{1}",
        "issue_date": "{x}",
    },
    "DBLP": {"biburl": "{https://dblp.org}", "bibsource": "{dblp}"},
    "unheard-of field": {"mood": "{good}"},
    "fields that Emacs leaves out": {"OPTpublisher": "{ACM}"},
    "names made of another": {"idnumber": "{1}", "title-alt": "{A}", "xmldata": "{x}"},
    "an ordinal": {"booktitle": r"{The 4\textsuperscript{th} Estate Workshop}"},
    "own button": {"url_auther": "{https://x.org}"},
    "plural beside the field": {"number": "{1}", "numbers": "{1, 2}"},
}


@pytest.mark.parametrize(
    "fields", [pytest.param(fields, id=title) for title, fields in RIGHT.items()]
)
def test_what_is_right_is_left_alone(
    check: Check, fields: dict[str, str | None]
) -> None:
    # That nobody sees some of these fields is said, and is no fault of the entry.
    found = [p for p in check(**fields) if p.rule is not Rule.UNUSED_FIELD]
    assert [str(problem) for problem in found] == []


# Types and what they need


def test_an_empty_doi_beside_its_address_is_no_identifier(check: Check) -> None:
    (problem,) = check(doi="{}", url="{https://doi.org/10.1145/1}")
    assert problem.message == "url: this is a DOI; write doi = {10.1145/1}"


@pytest.mark.parametrize(
    ("entry_type", "name"),
    [
        ("article", "journal"),
        ("inproceedings", "booktitle"),
        ("conference", "booktitle"),
        ("phdthesis", "school"),
        ("techreport", "institution"),
    ],
)
def test_a_paper_says_where_it_appeared(
    check: Check, entry_type: str, name: str
) -> None:
    (problem,) = check(entry_type)
    assert (problem.rule, problem.line, problem.column) == (Rule.MISSING_VENUE, 1, 1)
    assert f"write {name} = {{…}}" in problem.message
    assert check(entry_type, **{name: "{Somewhere}"}) == []
    assert [p.rule for p in check(entry_type, **{name: "{}"})] == [Rule.MISSING_VENUE]


@pytest.mark.parametrize(
    ("entry_type", "fields", "missing"),
    [
        ("book", {}, "publisher"),
        ("incollection", {"booktitle": "{B}"}, "publisher"),
        ("inbook", {"publisher": "{P}"}, "chapter"),
        ("unpublished", {}, "note"),
        ("inproceedings", {"journal": "{J}"}, "booktitle"),
        ("article", {"arxiv": "{2403.06664}"}, "journal"),
    ],
)
def test_what_bibtex_asks_for_besides_is_a_warning(
    check: Check, entry_type: str, fields: dict[str, str], missing: str
) -> None:
    (problem,) = check(entry_type, **fields)
    assert (problem.rule, problem.severity) == (
        Rule.INCOMPLETE_ENTRY, Severity.WARNING,
    )  # fmt: skip
    assert problem.message.startswith(f"no {missing}, which BibTeX asks of")


@pytest.mark.parametrize(
    ("entry_type", "fields"),
    [
        ("article", {"journaltitle": "{J}"}),
        ("thesis", {"institution": "{I}"}),
        ("inbook", {"publisher": "{P}", "pages": "{1--2}"}),
        ("inbook", {"publisher": "{P}", "booktitle": "{B}"}),
        ("online", {}),
        ("manual", {"author": None, "organization": "{O}"}),
        ("software", {}),
    ],
)
def test_names_of_biblatex_will_do(
    check: Check, entry_type: str, fields: dict[str, str | None]
) -> None:
    assert check(entry_type, **fields) == []


@pytest.mark.parametrize(
    ("entry_type", "fields"),
    [
        ("article", {"title": "{Voices (Oral History)}", "journal": "{First Day}"}),
        ("article", {"title": "{Both (Best of Two)}", "journal": "{Third Sector}"}),
        ("article", {"title": "{Mid- as Well as Late}", "journal": "{J}"}),
        ("article", {"title": "{The Best New Candidates}", "journal": "{J}"}),
        (
            "incollection",
            {"booktitle": "{Handbook of the First Age}", "publisher": "{P}"},
        ),
    ],
)
def test_what_looks_like_a_remark_or_a_number_may_be_a_name(
    check: Check, entry_type: str, fields: dict[str, str]
) -> None:
    assert check(entry_type, **fields) == []


def test_a_child_has_what_it_inherits(read: Callable[[str], Library]) -> None:
    text = (
        "@inproceedings{k, title={T}, author={Roe, Jane}, crossref={p}}\n"
        "@proceedings{p, title={Things}, year=2026}\n"
    )
    assert list(check_entries(read(text), TODAY)) == []


def test_a_command_is_reported_once(read: Callable[[str], Library]) -> None:
    entry = "@misc{{{0}, title={{A\\strange way of {0}}}, author={{R, J}}, year=2026}}"
    library = read("\n".join(map(entry.format, ("walking", "reading", "building"))))
    found = check_entries(library, TODAY)
    (problem,) = (p for p in found if p.rule is Rule.BAD_LATEX)
    assert problem.key == "building"
    assert problem.message.startswith("title: the command '\\strange' is not known")
    assert problem.message.endswith("; the same in 2 more")


def test_a_slip_is_one_mistake_and_not_two(check: Check) -> None:
    (problem,) = check("inproceedings", booktitel="{B}")
    assert (problem.rule, problem.message) == (
        Rule.MISSPELT_FIELD,
        "there is no field 'booktitel'; did you mean 'booktitle'?",
    )


def test_a_slip_is_reported_beside_the_right_field(check: Check) -> None:
    fields = {"slides": "{https://x.org/a}", "slide": "{https://x.org/b}"}
    (problem,) = check(**fields, keywords="{a}")
    assert problem.message == "there is no field 'slide'; did you mean 'slides'?"
    assert problem.line == 6


def test_an_undefined_macro_is_one_mistake_and_not_two(check: Check) -> None:
    assert check("inproceedings", booktitle="HPAC") == []


def test_a_missing_parent_is_one_mistake_and_not_two(check: Check) -> None:
    assert check("inproceedings", crossref="{none}") == []


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("inprocedings", "inproceedings"),
        ("artcle", "article"),
        ("masterthesis", "masters"),
    ],
)
def test_a_slip_in_the_type_is_reported(check: Check, written: str, meant: str) -> None:
    (problem,) = check(written)
    assert problem.rule is Rule.MISSPELT_TYPE
    assert f"did you mean '@{meant}" in problem.message


@pytest.mark.parametrize("entry_type", ["misc", "online", "dataset", "recipe"])
def test_a_type_of_anybodys_is_accepted(check: Check, entry_type: str) -> None:
    assert check(entry_type) == []


def test_a_year_ahead_is_impossible_in_any_file(check: Check) -> None:
    assert [p.rule for p in check(year="2062")] == [Rule.IMPOSSIBLE_YEAR]


@pytest.mark.parametrize(
    ("kind", "fields", "wrong"),
    [
        ("inproceedings", {"booktitle": "{V}"}, True),
        ("article", {"journal": "{J}"}, True),
        ("misc", {}, False),
        ("article", {"journal": "{arXiv preprint}"}, False),
    ],
    ids=["conference", "journal", "preprint", "preprint as an article"],
)
def test_a_published_paper_has_not_the_doi_of_its_preprint(
    check: Check, kind: str, fields: dict[str, str], *, wrong: bool
) -> None:
    found = check(kind, doi="{10.48550/arXiv.2406.15635}", **fields)
    assert [p.rule for p in found] == ([Rule.ARXIV_DOI] if wrong else [])
    if wrong:
        assert "eprint = {2406.15635}, archiveprefix = {arXiv}" in found[0].message


# Any number of mistakes


def test_one_entry_does_not_fill_the_screen(check: Check) -> None:
    fields = {f"field{number}": "{&amp;}" for number in range(500)}
    assert len(check(**fields)) < 20


def test_names_are_quoted_shortly(check: Check) -> None:
    authors = " and ".join(f"Roe{number}, {'J' * 100}" for number in range(50))
    found = check(author=f"{{{authors}}}")
    (message,) = [p.message for p in found if p.rule is Rule.MARK_IN_NAME]
    assert "and 47 more" in message
    assert len(message) < 400


# Anything at all

ALPHABET = "{}$\\&%#_^~\"'*†ﬁ<>bé -\u00ad.,;:/1AZaz|`[]()=@+\n이\u2028"
NAMES = ["title", "author", "booktitle", "doi", "eprint", "url", "note", "date",
         "month", "year", "booktitel", "keywords", "ids", "editor", "pdf"]  # fmt: skip


@given(
    st.dictionaries(
        st.sampled_from(NAMES), st.text(ALPHABET, max_size=60), min_size=3, max_size=8
    ),
    st.sampled_from(["article", "inproceedings", "misc", "boook"]),
)
@settings(max_examples=300, deadline=None)
def test_nothing_that_can_be_read_stops_the_check(
    fields: dict[str, str], entry_type: str
) -> None:
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
    text = f'@string{{V = "Venue"}}\n@{entry_type}{{k,\n{lines}}}\n'
    library = read_library([("lab.bib", text + WITH_MACRO)])
    count = text.count("\n") + WITH_MACRO.count("\n") + 1
    for problem in check_library(library, today=TODAY):
        assert 1 <= problem.line <= count
        assert problem.column >= 1
        assert "\n" not in str(problem)


WITH_MACRO = """@inproceedings{m,
  title = {About the Macro}, author = {Roe, Jane}, year = 2026, booktitle = V}
"""


def work(entries: int) -> int:
    """Return how many calls the check of a file with mistakes takes."""
    text = '@string{V = "Conference on Things"}\n' + "".join(
        f"@inproceedings{{k{i}, title={{A Thing with GPUs, Number {i} of Them}}, "
        f"author={{Roe{i}, J and Doe, Ann}}, year={1990 + i % 30}, doi={{10.5/{i}}}, "
        f"booktitle={{Conference on Things of Sort {i * 7919}}}, keywords={{x{i}}}}}\n"
        for i in range(entries)
    )
    library = read_library([("lab.bib", text + WITH_MACRO)])
    topics = [Topic(slug="graphs", title="Graphs", docname="graphs")]
    profile = cProfile.Profile(builtins=True)
    profile.runcall(lambda: list(check_library(library, topics, TODAY)))
    return sum(call.callcount for call in profile.getstats())


def test_the_work_is_in_proportion_to_the_number_of_entries() -> None:
    assert work(200) < 2.5 * work(100)


@pytest.mark.parametrize(("entries", "found"), [(3, 3), (30, 0)])
def test_what_most_entries_of_a_file_do_is_no_slip(entries: int, found: int) -> None:
    entry = (
        "@article{{k{0}, title = {{Chips {0} for GPU}}, author = {{Roe, J}}, "
        "year = 2020, journal = {{J}}}}\n"
    )
    library = read_library([("a.bib", "".join(map(entry.format, range(entries))))])
    rules = [p.rule for p in check_entries(library)]
    assert rules.count(Rule.UNPROTECTED_CAPITALS) == found


@pytest.mark.parametrize(
    "text",
    [
        "@article{k, auhtor = {Roe, Jane}, title = {T}, year = 2026, journal = {J}}",
        "@article{k, author = roe, title = {T}, year = 2026, journal = {J}}",
        "@article{k, author = {Roe, Jane}, title = name, year = 2026, journal = {J}}",
        "@article{k, author = {Roe, Jane}, title = {T}},\n year = 2026, journal = {J}}",
        "@article{k, author = {Roe, Jane}, title = {T}, crossref = {none}}",
        "@misc{k, author = {Roe, Jane}, title = {T}, year = 2026, month = my}",
        "@misc{k, author = {Roe, Jane}, title = T}, year = 2026}",
    ],
)
def test_what_follows_from_a_mistake_is_not_reported(text: str) -> None:
    library = read_library([("lab.bib", text)])
    assert len([*library.problems, *check_entries(library)]) == 1


def test_another_mistake_beside_an_undefined_macro_is_reported() -> None:
    text = "@misc{k, title = {T}, author = {Roe, J}, year = 2026, month = 13, note = n}"
    rules = {problem.rule for problem in read_library([("lab.bib", text)]).problems}
    assert rules == {Rule.BAD_DATE, Rule.UNDEFINED_MACRO}
