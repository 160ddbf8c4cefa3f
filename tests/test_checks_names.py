"""The rules on names and venues."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from labsite.checks import check_entries, check_library
from labsite.model.problems import Rule
from labsite.site.venues import VenueMacro, Venues, dated_part

if TYPE_CHECKING:
    from collections.abc import Callable

    from labsite.model.problems import Problem
    from labsite.model.records import Library

    Read = Callable[[str], Library]

# Names


def of_names(read: Read, author: str, field: str = "author") -> list[Problem]:
    text = (
        f"@misc{{k,\n  title = {{A Title}},\n  {field} = {{{author}}},\n  year = 2026}}"
    )
    return list(check_entries(read(text)))


BAD_NAMES = {
    "digit": ("Roe, Jane1 and Doe, John", Rule.MARK_IN_NAME, "Roe, Jane1"),
    "superscript": ("Doe, John and Roe, Jane$^{1}$", Rule.MARK_IN_NAME, "Roe, Jane$"),
    "superscript of HTML": ("Roe, Jane<sup>1</sup>", Rule.MARK_IN_NAME, "Roe, Jane<"),
    "superscript of Unicode": ("Roe, Jane¹", Rule.MARK_IN_NAME, "Roe, Jane¹"),
    "number of DBLP": (
        "Roe, Jane and John Doe 0001",
        Rule.MARK_IN_NAME,
        "John Doe 0001",
    ),
    "superscript behind braces": (
        r"{\'E}tienne Roe$^1$",
        Rule.MARK_IN_NAME,
        r"{\'E}tienne Roe$",
    ),
    "asterisk": ("Doe, John*", Rule.MARK_IN_NAME, "Doe, John*"),
    "dagger": (r"Doe, John$^\dagger$", Rule.MARK_IN_NAME, "Doe, John$"),
    "address": ("Doe, John john@doe.org", Rule.MARK_IN_NAME, "Doe, John john"),
    "et al.": ("Roe, Jane et al.", Rule.ET_AL, "Roe, Jane et al."),
    "et al. alone": ("Roe, Jane and et al.", Rule.ET_AL, "et al."),
    "et al. in Korean": ("김진호 외 2인", Rule.ET_AL, "김진호 외 2인"),
    "dots": ("Roe, Jane and ...", Rule.ET_AL, "..."),
    "others with a capital": ("Roe, Jane and Others", Rule.ET_AL, "Others"),
    "semicolon": ("Roe, Jane; Doe, John", Rule.BAD_NAME, "Roe, Jane; Doe, John"),
    "commas": ("Jane Roe, John Doe, Ann Lee", Rule.BAD_NAME, "Jane Roe, John Doe"),
    "ampersand": (r"Roe, Jane \& Doe", Rule.BAD_NAME, r"Roe, Jane \& Doe"),
    "suffix at the end": ("Jane K. Roe Jr.", Rule.BAD_NAME, "Jane K. Roe Jr."),
    "suffix for a given name": ("Jane Roe, Jr.", Rule.BAD_NAME, "Jane Roe, Jr."),
    "suffix for a family name": ("Jr., Jane Roe", Rule.BAD_NAME, "Jr., Jane Roe"),
    "suffix behind it": ("Roe, Jane {Sr}", Rule.BAD_NAME, "Roe, Jane {Sr}"),
    "number at the end": ("Jane Roe II", Rule.BAD_NAME, "Jane Roe II"),
    "degree": ("Jane Roe, Ph.D.", Rule.BAD_NAME, "Jane Roe, Ph.D."),
    "title": ("Prof. Dr. Jane Roe", Rule.BAD_NAME, "Prof. Dr. Jane Roe"),
    "title behind it": ("Roe, Dr Jane", Rule.BAD_NAME, "Roe, Dr Jane"),
    "two in Korean": ("홍길동, 김철수", Rule.BAD_NAME, "홍길동, 김철수"),
    "two in Korean with a point": ("홍길동·김철수", Rule.BAD_NAME, "홍길동·김철수"),
    "two in Chinese": ("王小明，李小红", Rule.BAD_NAME, "王小明，李小红"),
    "two with initials": ("J. K. Roe, A. Doe", Rule.BAD_NAME, "J. K. Roe, A. Doe"),
    "two with accents": (r"J. R\"oe, A. Doe", Rule.BAD_NAME, r"J. R\"oe, A. Doe"),
    "others": ("Roe, Jane and others", Rule.AND_OTHERS, "others"),
    "given name alone": ("Doe, John and Jane", Rule.SINGLE_NAME, "Jane"),
    "family name alone": ("Roe", Rule.SINGLE_NAME, "Roe"),
    "award": ("Roe, Jane (Best Paper)", Rule.MISPLACED_REMARK, "(Best Paper)"),
    "bold": (r"\textbf{Roe}, Jane", Rule.MARKUP, r"\textbf{Roe}, Jane"),
    "Markdown": ("**Roe**, Jane", Rule.MARK_IN_NAME, "**Roe**, Jane"),
}


@pytest.mark.parametrize(
    ("author", "rule", "words"),
    [pytest.param(*row, id=title) for title, row in BAD_NAMES.items()],
)
@pytest.mark.parametrize("field", ["author", "editor"])
def test_a_name_that_is_none_is_pointed_at(
    read: Read, author: str, rule: Rule, words: str, field: str
) -> None:
    (problem,) = of_names(read, author, field)
    assert problem.rule is rule
    assert problem.message.startswith(f"{field}: ")
    line = f"  {field} = {{{author}}},"
    assert (problem.line, line[problem.column - 1 :][: len(words)]) == (3, words)


@pytest.mark.parametrize(
    "author",
    [
        "Roe, Jane and Doe, John",
        "Jane Roe and J. K. Doe",
        "Lee, JH and Li, X. and Wu, Y",
        "van der Waals, J. D. and de la Cruz, Ann",
        "King, Jr., Martin and Gates, III, Bill",
        "O'Neil, Sean and Al-Ars, Zaid",
        r"Pe{\~n}a, Carlos and {\"O}zg{\"u}r, {\c S}. and M\"uller, K.",
        "{OpenAI} and {The 7DT Team} and {3GPP} and {Barnes \\& Noble}",
        "이진호 and 홍길동 and 王, 小明",
        "홍, 길동 and 남궁, 길동 and 슈뢰딩거, 에르빈 and 山田, 太郎",
        "Petrov, IV and Rao, SR and Iyer, Raman V and Rahman, Md. and Vi Ii",
        "Jane {Roe Jr.} and Doe Jr., John and M., Kumar and K. S., Sreeja R.",
        "Contreras Pe{\\~n}a, Carlos Alberto",
        "McDonald, R. and DeVito, Z.",
        "Roe, Jane and Roe, John",
        "7UP Company and 4D Research Institute and Society of 42",
        "family=Sukarno and family=Roe, given=Jane",
        "useprefix=true and xdata=names-author-2 and Roe, Jane",
    ],
)
def test_names_of_people_and_groups_are_accepted(read: Read, author: str) -> None:
    assert [str(problem) for problem in of_names(read, author)] == []


def test_a_name_in_a_long_list_is_found_on_its_own_line(read: Read) -> None:
    author = "Roe, Jane and\n            Doe, John2 and\n            Lee, Ann"
    (problem,) = of_names(read, author)
    assert (problem.line, problem.column) == (4, 13)


def test_an_entry_on_one_line_has_columns_too(read: Read) -> None:
    text = "  @misc{k, title={A Title}, author={Doe, John and Roe1, Jane}, year=2026}"
    (problem,) = check_entries(read(text))
    assert (problem.line, problem.column) == (1, text.index("Roe1") + 1)


# Venues

MACROS = {
    "HPCA": "IEEE International Symposium on High-Performance Computer Architecture",
    "MICRO": "IEEE/ACM International Symposium on Microarchitecture",
    "DAC": "ACM/IEEE Design Automation Conference",
    "DATE": "Design, Automation and Test in Europe Conference",
    "CVPR": "IEEE/CVF Conference on Computer Vision and Pattern Recognition",
    "CVPRW": "IEEE/CVF Conference on Computer Vision and Pattern Recognition Workshops",
    "NeurIPS": "Conference on Neural Information Processing Systems",
    "USENIX_ATC": "USENIX Annual Technical Conference",
    "IEEE_TC": "IEEE Transactions on Computers",
    "IEEE_D&T": "IEEE Design \\& Test",
    "VLDB": "Proceedings of the VLDB Endowment",
    "ICS": "ACM International Conference on Supercomputing",
}
JOURNALS = {"IEEE_TC", "IEEE_D&T", "VLDB"}


def uses() -> str:
    """Return macros and an entry that uses each."""
    strings = "".join(f'@string{{{n} = "{v}"}}\n' for n, v in MACROS.items())
    entries = ""
    for macro in MACROS:
        journal = macro in JOURNALS
        entry_type, field = ("article", "journal") if journal else (
            "inproceedings", "booktitle",
        )  # fmt: skip
        entries += (
            f"@{entry_type}{{in{macro}, title = {{Of {macro[0]}}}, "
            f"author = {{Roe, {macro[0]} {macro}}}, year = 2020, {field} = {macro}}}\n"
        )
    return strings + entries


def of_venue(
    read: Read, venue: str, field: str = "booktitle", before: str = ""
) -> list[Problem]:
    entry_type = "article" if field == "journal" else "inproceedings"
    entry = (
        f"@{entry_type}{{k,\n  title = {{A Title}},\n  author = {{Roe, Jane}},\n"
        f"  year = 2026,\n  {field} = {{{venue}}},\n}}\n"
    )
    library = read(before + entry)
    check = check_library if before else check_entries
    return [
        p for p in check(library) if p.key == "k" and p.rule is not Rule.ENTRY_ORDER
    ]


HPCA, MICRO, DAC, DATE = (MACROS[name] for name in ("HPCA", "MICRO", "DAC", "DATE"))
SPELT_OUT = {
    "as the macro has it": (HPCA, "HPCA"),
    "in other capitals": (HPCA.lower(), "HPCA"),
    "braces for capitals": ("ACM/IEEE {D}esign {A}utomation {C}onference", "DAC"),
    "IEEE": (f"2026 {HPCA} (HPCA)", "HPCA"),
    "ACM": (f"Proceedings of the 58th {MICRO}", "MICRO"),
    "ACM, annual": (
        "Proceedings of the 50th Annual International Symposium on Microarchitecture",
        "MICRO",
    ),
    "other sponsors": (
        "The 55th ACM International Symposium on Microarchitecture",
        "MICRO",
    ),
    "DBLP": (f"58th {{{DAC}}}, {{DAC}} 2021, San Francisco, December 5-9, 2021", "DAC"),
    "OpenReview": (
        "The Thirty-ninth Annual Conference on Neural Information Processing Systems",
        "NeurIPS",
    ),
    "USENIX": ("2025 USENIX Annual Technical Conference (USENIX ATC 25)", "USENIX_ATC"),
    "with a volume": (f"Proceedings of the {MACROS['ICS']}, Volume 3", "ICS"),
    "comma in the name": (f"{DATE.replace('and', '&')} (DATE), 2026", "DATE"),
    "short name": ("HPCA", "HPCA"),
    "short name and year": ("Proc. HPCA 2026", "HPCA"),
    "short name, year in two digits": ("MICRO '58", "MICRO"),
    "short name with a space": ("USENIX ATC", "USENIX_ATC"),
    "workshop": (f"2020 {MACROS['CVPRW']} (CVPRW)", "CVPRW"),
}


@pytest.mark.parametrize(
    ("venue", "macro"),
    [pytest.param(*row, id=title) for title, row in SPELT_OUT.items()],
)
def test_a_venue_is_known_however_a_publisher_spells_it(
    read: Read, venue: str, macro: str
) -> None:
    (problem,) = of_venue(read, venue.replace("&", r"\&"), before=uses())
    assert problem.rule is Rule.SPELT_OUT_VENUE
    assert problem.message.endswith(f"; write {macro}, without braces")


@pytest.mark.parametrize(
    ("journal", "macro"),
    [
        ("IEEE Transactions on Computers", "IEEE_TC"),
        ("IEEE Trans. on Computers", "IEEE_TC"),
        (r"{IEEE} Design \& Test", "IEEE_D&T"),
        ("IEEE Design and Test", "IEEE_D&T"),
        ("Proc. VLDB Endowment", "VLDB"),
    ],
)
def test_a_journal_is_known_too(read: Read, journal: str, macro: str) -> None:
    (problem,) = of_venue(read, journal, "journal", uses())
    assert problem.rule is Rule.SPELT_OUT_VENUE
    assert f"write {macro}," in problem.message


@pytest.mark.parametrize(
    ("field", "venue", "near"),
    [
        ("journal", "IEEE Transactions on Computrs", "IEEE_TC"),
        (
            "booktitle",
            "International Symposium on High-Performance Computer Architectur",
            "HPCA",
        ),
        ("journal", "IEEE Micro", None),
        ("journal", "ACM Transactions on Computer Systems", None),
        ("booktitle", "Symposium on Cloud Computing", None),
        (
            "booktitle",
            "ACM International Conference on Supercomputing, Workshops",
            "ICS",
        ),
    ],
)
def test_an_unknown_venue_is_a_warning_with_the_nearest_known(
    read: Read, field: str, venue: str, near: str | None
) -> None:
    (problem,) = of_venue(read, venue, field, uses())
    assert problem.rule is Rule.UNKNOWN_VENUE
    if near:
        assert f"did you mean {near}, " in problem.message
    else:
        assert "@string{NAME" in problem.message


def test_venues_are_nobodys_business_where_there_are_no_macros(read: Read) -> None:
    assert of_venue(read, "Symposium on Cloud Computing") == []
    text = of_venue(read, "Symposium on Cloud Computing", before="@comment{no macro}\n")
    assert text == []


def test_a_preprint_needs_no_macro(read: Read) -> None:
    found = of_venue(read, "arXiv preprint arXiv:2403.06664", "journal", uses())
    assert found == []


CONTENT = {
    "award": ("Symposium (Best Paper Award)", Rule.MISPLACED_REMARK),
    "honourable mention": ("Symposium, Honorable Mention", Rule.MISPLACED_REMARK),
    "track": ("Symposium (Oral)", Rule.MISPLACED_REMARK),
    "candidate": ("Symposium - Best Student Paper Candidate", Rule.MISPLACED_REMARK),
    "bold": (r"Symposium \textbf{x}", Rule.MARKUP),
    "Markdown": ("[Symposium](https://x.org)", Rule.MARKUP),
    "HTML": ("Symposium <b>x</b>", Rule.HTML_TAG),
    "year": ("2026 Symposium on Things", Rule.DATE_IN_VENUE),
    "year in two digits": ("Things '26", Rule.DATE_IN_VENUE),
    "number": ("53rd Symposium on Things", Rule.DATE_IN_VENUE),
    "number in words": ("Twenty-First Symposium on Things", Rule.DATE_IN_VENUE),
}


@pytest.mark.parametrize(
    ("venue", "rule"), [pytest.param(*row, id=title) for title, row in CONTENT.items()]
)
def test_nothing_but_the_name_stands_in_a_venue(
    read: Read, venue: str, rule: Rule
) -> None:
    (problem,) = of_venue(read, venue)
    assert (problem.rule, problem.line) == (rule, 5)


@pytest.mark.parametrize(
    "venue",
    [
        "Symposium on 3D Integration",
        "Workshop on First-Order Methods",
        "Lecture Notes in Computer Science 2026",
        "Late-Breaking/Demo Session",
        "IFIP TC10 Conference",
    ],
)
def test_numbers_of_a_name_stay(read: Read, venue: str) -> None:
    assert of_venue(read, venue) == []


def test_the_number_of_a_preprint_is_no_year(read: Read) -> None:
    entry = "@article{a, title={T}, author={Roe, Jane}, year=2020, journal={%s}}\n"
    for venue in ("arXiv preprint arXiv:2003.01234", "Available at SSRN 2013"):
        found = {problem.rule for problem in check_library(read(entry % venue))}
        assert Rule.DATE_IN_VENUE not in found


def test_what_a_macro_says_is_asked_about_once(read: Read) -> None:
    entry = (
        "@inproceedings{{{0}, title={{About {0}}}, author={{Roe, Jane}}, year=2026, "
        "booktitle=V}}\n"
    )
    text = '@string{V = "2026 Venue"}\n' + entry.format("a") + entry.format("b")
    found = [p.rule for p in check_library(read(text))]
    assert found == [Rule.DATE_IN_VENUE]


def test_two_macros_of_one_name_mean_neither() -> None:
    venues = Venues((VenueMacro("The Venue", "A"), VenueMacro("ACM Venue", "B")))
    assert venues.meaning("Venue") is None
    assert venues.meaning("B") == VenueMacro("ACM Venue", "B")


@pytest.mark.parametrize(
    ("name", "part"),
    [("HPCA 2024", "2024"), ("the 51st", "51st"), ("The Thirty-ninth", "Thirty-ninth"),
     ("MICRO'57", "'57"), ("B2024a", None), ("Room 1234", None)],
)  # fmt: skip
def test_the_dated_part_of_a_name(name: str, part: str | None) -> None:
    assert dated_part(name) == part
