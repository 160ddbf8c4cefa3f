from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from labsite.bibtex.parser import BibtexText, Entry
from labsite.model.problems import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from labsite.model.sources import FieldSource

HOSTILE = Path(__file__).parent / "data" / "hostile.bib"


def parse(text: str, file: str = "lab.bib") -> BibtexText:
    result = BibtexText()
    result.add_file(text, file)
    return result


def only_entry(text: str) -> Entry:
    result = parse(text)
    assert [str(problem) for problem in result.problems] == []
    (entry,) = result.entries
    return entry


def fields_of(entry: Entry) -> dict[str, str]:
    return {field.name: field.value for field in entry.source.fields}


def keys_of(result: BibtexText) -> list[str]:
    return [entry.key for entry in result.entries]


# Where everything stands

PLACED = """% A comment.
@string{ICML = "International Conference"}

@InProceedings{kim2026,
  Title = {A {Nested} Title},
\tauthor={Kim, A and
          Lee, B},
  year  = 2026 , booktitle = ICML # " Workshops",
  month = jan,
}
"""


def field(name: str) -> FieldSource:
    entry = only_entry(PLACED)
    return next(field for field in entry.source.fields if field.name == name)


def test_an_entry_knows_its_line_and_its_text() -> None:
    entry = only_entry(PLACED)
    assert (entry.entry_type, entry.key) == ("inproceedings", "kim2026")
    assert (entry.source.file, entry.source.line) == ("lab.bib", 4)
    assert entry.source.text == PLACED[PLACED.index("@InP") :].rstrip("\n")


@pytest.mark.parametrize(
    ("name", "line", "column"),
    [("title", 5, 3), ("author", 6, 2), ("year", 8, 3), ("booktitle", 8, 18)],
)
def test_a_field_knows_its_place(name: str, line: int, column: int) -> None:
    assert only_entry(PLACED).source.place(field(name).name_at) == (line, column)


@pytest.mark.parametrize(
    ("name", "verbatim", "value"),
    [
        ("title", "{A {Nested} Title}", "A {Nested} Title"),
        ("author", "{Kim, A and\n          Lee, B}", "Kim, A and Lee, B"),
        ("year", "2026", "2026"),
        ("booktitle", 'ICML # " Workshops"', "International Conference Workshops"),
        ("month", "jan", "January"),
    ],
)
def test_a_field_keeps_what_is_written(name: str, verbatim: str, value: str) -> None:
    assert (field(name).verbatim, field(name).value) == (verbatim, value)


def test_only_macros_of_the_file_make_a_value_depend_on_it() -> None:
    literal = {field.name: field.literal for field in only_entry(PLACED).source.fields}
    assert literal == {
        "title": True, "author": True, "year": True, "booktitle": False, "month": True,
    }  # fmt: skip


# Ways of writing an entry

WANTED = {"title": "T", "author": "A", "year": "2026"}
NOTATIONS = {
    "braces": "@misc{k, title={T}, author={A}, year={2026}}",
    "quotes": '@misc{k, title="T", author="A", year="2026"}',
    "parentheses": "@misc(k, title={T}, author={A}, year={2026})",
    "no comma at the end": "@misc{k,\n title={T},\n author={A},\n year=2026\n}",
    "comma at the end": "@misc{k,\n title={T},\n author={A},\n year=2026,\n}",
    "commas in front": "@misc{k\n , title={T}\n , author={A}\n , year=2026\n}",
    "wide": "@Misc { k , TITLE = {T} , Author = {A} , Year = 2026 , }",
    "tabs": "@misc{k,\n\ttitle\t=\t{T},\n\tauthor\t=\t{A},\n\tyear\t=\t2026,\n}",
    "indented": "  @misc{k,\n    title={T},\n    author={A},\n    year=2026}",
    "closing brace on the last line": "@misc{k,\ntitle={T},\nauthor={A},\nyear=2026}",
    "at sign apart": "@ misc{k, title={T}, author={A}, year=2026}",
    "brace on the next line": "@misc\n{k, title={T}, author={A}, year=2026}",
    "value on the next line": "@misc{k, title=\n{T}, author={A}, year=2026}",
    "concatenated": '@misc{k, title="" # {T}, author={A}, year="20" # 26}',
    "folded": "@misc{k, title={\n   T\n  }, author={A}, year=2026}",
    "after text": "Some prose, 100%.\n@misc{k, title={T}, author={A}, year=2026}",
    "after prose on its line": "prose @misc{k, title={T}, author={A}, year=2026}",
    "after a comment": "@comment{x}\n@misc{k, title={T}, author={A}, year=2026}",
    "after an example": "so\n  title = {}\n@misc{k, title={T}, author={A}, year=2026}",
    "after an open comment": "@comment{x\n@misc{k, title={T}, author={A}, year=2026}",
    "after a preamble": '@preamble{"x" # {y}}\n'
    "@misc{k, title={T}, author={A}, year=2026}",
}


@pytest.mark.parametrize("text", [pytest.param(t, id=n) for n, t in NOTATIONS.items()])
def test_every_notation_says_the_same(text: str) -> None:
    entry = only_entry(text)
    assert (entry.entry_type, entry.key, fields_of(entry)) == ("misc", "k", WANTED)


@pytest.mark.parametrize(
    "key", ["a", "2026", "DBLP:conf/icml/Kim26", "kim_2026+a", "김2026", "a.b-c'd"]
)
def test_a_key_may_be_any_word(key: str) -> None:
    assert only_entry(f"@misc{{{key}, title={{T}}}}").key == key


@pytest.mark.parametrize("name", ["año", "título", "키워드", "a.b/c", "m2", "x-y"])
def test_a_fields_name_may_be_any_word(name: str) -> None:
    assert fields_of(only_entry(f"@misc{{k, {name} = {{x}} }}")) == {name: "x"}


def test_entries_on_one_line_are_told_apart() -> None:
    result = parse("@misc{a, x={1}} @misc{b, x={2}}@misc{c, x={3}}")
    assert keys_of(result) == ["a", "b", "c"]
    assert [entry.source.text for entry in result.entries][1] == "@misc{b, x={2}}"


def test_an_at_sign_in_a_value_begins_no_entry() -> None:
    entry = only_entry("@misc{a, note={kim@snu (mail)\n @home, @misc}, year=2026}")
    assert fields_of(entry)["note"] == "kim@snu (mail) @home, @misc"


@pytest.mark.parametrize("text", ["", "\n", "only prose\n", "% 1 @ 2\n", "a@b.c {d}\n"])
def test_a_file_without_entries_has_none(text: str) -> None:
    result = parse(text)
    assert (result.entries, result.problems, result.begun) == ([], [], 0)


@pytest.mark.parametrize(
    "text",
    [
        "% @misc{old, title={Old}}\n",
        "%@misc{old,\n%  title={Old},\n%}\n",
        "% write to kim@snu (any time)\n",
    ],
    ids=["one line", "every line", "address"],
)
def test_a_line_after_a_percent_sign_is_a_comment(text: str) -> None:
    result = parse(text + "@misc{new, title={New}}\n")
    assert keys_of(result) == ["new"]
    assert (result.problems, result.begun) == ([], 1)


@pytest.mark.parametrize(
    "lines",
    [
        "  % first\n  title = {T},\n",
        "  title = {T},\n  % pdf = {https://example.org},\n  year = 2026,\n",
        "  title = {T}, % behind\n  year = 2026,\n",
        "  title = {T}\n  % last\n",
        "  booktitle = HPAC,\n  % @misc{old,\n  title = {T},\n",
        "  title =\n  % the value\n  {T},\n",
    ],
)
def test_a_comment_within_an_entry_is_pointed_at_and_skipped(lines: str) -> None:
    text = f"@misc{{bad,\n{lines}}}\n"
    result = parse(f"{text}@misc{{good, title={{T}}}}\n")
    assert (keys_of(result), result.begun) == (["bad", "good"], 2)
    assert fields_of(result.entries[0])["title"] == "T"
    (problem,) = (p for p in result.problems if p.rule is Rule.SYNTAX)
    rows = text.split("\n")
    assert rows[problem.line - 1][problem.column - 1] == "%"
    assert problem.key == "bad"
    assert problem.message.endswith("move this one above the entry, or delete it")


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("@misc{k\n title={T}}", (1, 1), "is missing behind the key; write @misc{k,"),
        ("@misc{k title={T}}", (1, 1), "is missing behind the key; write @misc{k,"),
        ("@misc{k,\n title={T},, x={y}}", (2, 12), "too many; delete it"),
        ("@misc(k,\n title={T},\n ,)", (3, 2), "too many; delete it"),
        ("@misc(k, title={T})", None, ""),
    ],
)
def test_a_comma_that_bibtex_refuses_costs_no_entry(
    text: str, place: tuple[int, int] | None, message: str
) -> None:
    result = parse(text)
    assert fields_of(result.entries[0])["title"] == "T"
    assert [(p.line, p.column) for p in result.problems] == [place] * bool(place)
    assert all(p.message == f"a comma {message}" for p in result.problems)


@pytest.mark.parametrize(
    ("inside", "reported"),
    [
        ("@misc{a, title={A}, year=2026}", []),
        ("for later\n@misc{a,\n  title={A},\n}\n@misc{b, title={B}}\nand more", []),
        ("open\n@misc{a,\n  title={A}},\n  year=2026,\n", [2]),
        ("open\n@misc{a, title={A}}\n@misc{b, title={B}}, year=2026", [2]),
    ],
)
def test_a_comment_that_a_later_entry_closes_is_named(
    inside: str, reported: list[int]
) -> None:
    result = parse(f"\n@comment{{{inside}}}\n@misc{{c, title={{C}}}}\n")
    assert (keys_of(result), result.begun) == (["c"], 1)
    assert [problem.line for problem in result.problems] == reported


# Macros

COMMANDS = {
    "dropped": (r"\providecommand{\drop}[1]{}", r"\drop{1}T", "T"),
    "two arguments": (
        r"\newcommand*\sw[2]{#2 \emph{#1}}",
        r"\sw{a}{{B} c}",
        r"{B} c \emph{a}",
    ),
    "in TeX": (r"\gdef\pkg#1{{\tt #1}}", r"\pkg{gcc}", r"{\tt gcc}"),
    "made of another": (r"\def\one{1} \def\two{\one\one}", r"a\two{} b", "a11{} b"),
    "spaces": (
        r"\def\dash{\penalty0---\penalty0 } \def\mf{MF\spacefactor1000 }",
        r"a\dash the \mf",
        "a--- the MF",
    ),
    "known here": (r"\newcommand{\url}[1]{}", r"\url{x}", r"\url{x}"),
    "longer name": (r"\def\one{1}", r"\ones", r"\ones"),
    "too hard": (r"\newcommand{\opt}[1][x]{#1}", r"\opt[y]", r"\opt[y]"),
}


@pytest.mark.parametrize("row", COMMANDS.values(), ids=COMMANDS)
def test_commands_of_a_preamble_are_understood(row: tuple[str, str, str]) -> None:
    defined, written, read = row
    entry = only_entry(f'@preamble{{"{defined}"}} @misc{{k, note = {{{written}}}}}')
    assert fields_of(entry) == {"note": read}


def test_commands_of_a_preamble_make_no_value_long() -> None:
    pairs = pairwise("tsrqponmlkjihgfedcba")
    doubles = "".join(rf"\def\my{a}{{\my{b}\my{b}}}" for b, a in pairs)
    text = f'@preamble{{"\\def\\myt{{x}}{doubles}"}} @misc{{k, note = {{\\mya}}}}'
    assert "more than 2000 characters" in parse(text).problems[0].message


def test_macros_serve_the_files_that_follow() -> None:
    result = parse('@string{ICML = "International Conference"}')
    result.add_file("@misc{a, booktitle = icml}", "more.bib")
    assert fields_of(result.entries[0]) == {"booktitle": "International Conference"}
    assert result.macro_names == {"International Conference": "ICML"}


def test_a_macro_may_be_made_of_others() -> None:
    text = '@string{A = "One"}\n@string(B = A # { and } # "Two")\n@misc{k, x = B}'
    assert fields_of(only_entry(text)) == {"x": "One and Two"}


def test_a_macro_used_before_its_definition_is_unknown() -> None:
    result = parse('@misc{a,\n  note = {x},\n  booktitle = ICML,\n}\n@string{ICML="x"}')
    assert keys_of(result) == ["a"]
    (problem,) = result.problems
    assert (problem.rule, problem.line, problem.column, problem.key) == (
        Rule.UNDEFINED_MACRO, 3, 15, "a",
    )  # fmt: skip
    assert problem.message == (
        "'ICML' is defined below; run 'labsite fix', which moves it"
    )


@pytest.mark.parametrize(
    ("macro", "remedy"),
    [
        ("ICMLL", "did you mean 'ICML'?"),
        ("sepp", "did you mean 'sep'?"),
        ("NewICS", "put text in braces, or define"),
        ("SPE", "put text in braces, or define"),
        ("November", "put text in braces, or define"),
    ],
)
def test_an_undefined_macro_is_told_a_similar_one(macro: str, remedy: str) -> None:
    (problem,) = parse(f'@string{{ICML="x"}} @misc{{a, note = {macro}}}').problems
    assert problem.message.startswith(f"undefined macro '{macro}'; {remedy}")


def test_a_month_has_its_name_whatever_the_file_defines() -> None:
    text = '@string{jan = "styczeń"}\n@misc{a, month = jan, note = jan}'
    assert fields_of(only_entry(text)) == {"month": "January", "note": "styczeń"}


def test_a_month_that_is_no_macro_is_kept() -> None:
    result = parse("@misc{a, month = june, note = june}")
    assert fields_of(result.entries[0]) == {"month": "june", "note": ""}


@pytest.mark.parametrize(
    "text", ['@string{ICML "x"}', "@string{}", '@string{ICML = "x"', "@string{A = B}"]
)
def test_a_broken_macro_is_called_a_macro(text: str) -> None:
    used = "ICML" if "ICML" in text else "{T}"
    result = parse(f"{text}\n@misc{{a, title={{T}}, booktitle={used}}}\n")
    assert keys_of(result) == ["a"]
    assert [problem.line for problem in result.problems] == [1]
    assert "macro" in result.problems[0].message


# Recovery

GOOD = "@misc{good,\n  title = {T},\n}\n"
BROKEN = {
    "no key": ("@misc{\n  title = {T},\n}\n", 1),
    "comma for a key": ("@misc{,\n  title = {T},\n}\n", 1),
    "key of two words": ("@misc{two words,\n  title = {T},\n}\n", 1),
    "no at sign": ("misc{bad,\n  title = {T},\n}\n", 1),
    "no brace": ("@misc bad,\n  title = {T},\n}\n", 1),
    "type and key in one": ("@miscbad,\n  title = {T},\n}\n", 1),
    "value without braces": ("@misc{bad,\n  title = Two words,\n}\n", 2),
    "value without an equals sign": ("@misc{bad,\n  title {T},\n}\n", 2),
    "value missing": ("@misc{bad,\n  title = ,\n}\n", 2),
    "brace never closed": ("@misc{bad,\n  title = {T,\n  year = 2026,\n}\n", 2),
    "quote never closed": ('@misc{bad,\n  title = "T,\n  year = 2026,\n}\n', 2),
    "quote in quotes": ('@misc{bad,\n  title = "a "b" c",\n}\n', 2),
    "comma missing": ("@misc{bad,\n  title = {T}\n  year = 2026,\n}\n", 2),
    "brace too many": ("@misc{bad,\n  title = {T}},\n  year = 2026,\n}\n", 2),
    "opening brace missing": ("@misc{bad,\n  title = 2026},\n  year = 2026,\n}\n", 2),
    "entry never closed": ("@misc{bad,\n  title = {T},\n", 2),
    "only a beginning": ("@misc{bad", 1),
    "101 braces deep": ("@misc{bad,\n  title = " + "{" * 102 + "}" * 102 + ",\n}\n", 2),
}


@pytest.mark.parametrize(
    ("text", "line"), [pytest.param(*row, id=name) for name, row in BROKEN.items()]
)
@pytest.mark.parametrize("where", ["first", "last"])
def test_a_broken_entry_costs_no_other(text: str, line: int, where: str) -> None:
    result = parse(text + "\n" + GOOD if where == "first" else GOOD + text)
    assert "good" in keys_of(result)
    assert result.begun == 2
    shift = 0 if where == "first" else GOOD.count("\n")
    assert {p.line - shift for p in result.problems} <= {line, line - 1}
    assert {p.rule for p in result.problems} == {Rule.SYNTAX}


def test_messages_name_the_mistake_and_the_remedy() -> None:
    text = "@misc{bad,\n  title = {T}\n  year = 2026,\n}\n"
    (problem,) = parse(text).problems
    assert str(problem) == (
        "lab.bib:2:13: error: bad: a comma is missing after this field, or its value "
        "has no braces or an extra one; write {…} round every value, and ',' after it "
        "[syntax]"
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "@misc{a 1,\n  year = 2026,\n}\n",
            "1:1: error: no valid citation key; write @misc{misc2026,",
        ),
        (
            "@misc{a,b,\n  year = 2026,\n}\n",
            "1:1: error: no valid citation key; write @misc{misc2026,",
        ),
        (
            "@misc{a, year=1}\n\n  title = {T},\n  year = 2026,\n}\n",
            "3:1: error: this field is in no entry; write '@type{key,' above it",
        ),
        (
            "@preamble{\\newcommand{\\x}{y}}\n",
            """1:1: error: the commands are not in quotes; write @preamble{"…"}""",
        ),
        ("@misc{a,\n  author = Roe, J},\n}\n", "2:14: error: a: a comma is missing"),
        ("@misc{a, year: 2026}\n", "'year:', no '=' before it; write year = {…}"),
        (
            "@misc{a and b,\n  year = 2026,\n}\n",
            "1:1: error: no valid citation key; write @misc{misc2026,",
        ),
        (
            "@misc{a,\n  pages = 1-10,\n}\n",
            "2:11: error: a: a comma is missing",
        ),
        (
            "@misc{a,\n  title = {A}} B},\n  year = 2026,\n}\n",
            "2:14: error: a: the entr",
        ),
        ("@misc{a,\n  year = 2026\n", "error: a: the entry is never closed"),
        ("@misc{a,\n  title = {T} % done }\n", "error: a: the entry is never closed"),
    ],
)
def test_what_is_wrong_is_named_where_it_is(text: str, message: str) -> None:
    (problem,) = parse(text).problems
    assert message in str(problem)


@pytest.mark.parametrize("broken", [text for text, _ in BROKEN.values()], ids=BROKEN)
def test_no_message_names_a_line_of_its_own(broken: str) -> None:
    problems = parse("\n" * 40 + broken).problems
    assert [problem.line > 40 for problem in problems] == [True] * len(problems)
    assert not any("line 1" in problem.message for problem in problems)


def test_the_hostile_file_loses_nothing_that_can_be_read() -> None:
    result = parse(HOSTILE.read_text(encoding="utf-8"))
    wanted = [f"good{number}" for number in range(1, 13)]
    assert [key for key in keys_of(result) if key.startswith("good")] == wanted
    told = {problem.key for problem in result.problems if problem.key}
    assert {f"bad{number}" for number in range(1, 9)} <= told
    assert result.begun == 13 + 10


# The real file, broken in every kind of place


class Break(NamedTuple):
    """The file with one character less."""

    text: str
    key: str  #: of the entry that was broken
    line: int


STRUCTURE = {
    "at sign": re.compile(r"(@)"),
    "opening brace of the entry": re.compile(r"@\w+(\{)"),
    "comma after the key": re.compile(r"@\w+\{[^,]+(,)"),
    "equals sign": re.compile(r"^  [\w+]+ *(=)", re.MULTILINE),
    "opening brace of a field": re.compile(r"^  [\w+]+ *= (\{)", re.MULTILINE),
    "closing brace of a field": re.compile(r"^  [\w+]+ *= \{.*(\}),$", re.MULTILINE),
    "comma at a line's end": re.compile(r"^  [\w+]+ *= .*(,)$", re.MULTILINE),
    "closing brace of the entry": re.compile(r"^(\})$", re.MULTILINE),
}


@cache
def real_entries(text: str) -> tuple[Entry, ...]:
    return tuple(parse(text).entries)


def breaks(text: str, structure: re.Pattern[str]) -> Iterator[Break]:
    """Yield the file broken in a third of its entries, at another field each time."""
    entries = real_entries(text)
    for number, entry in enumerate([*entries[::3], entries[-1]]):
        start = text.index(entry.source.text)
        places = list(structure.finditer(entry.source.text))
        position = start + places[number % len(places)].start(1)
        line = text.count("\n", 0, position) + 1
        yield Break(text[:position] + text[position + 1 :], entry.key, line)


def others(entries: list[Entry] | tuple[Entry, ...], key: str) -> list[tuple[str, ...]]:
    """Return what the other entries say, wherever they stand."""
    return [
        (entry.entry_type, entry.key, entry.source.text)
        for entry in entries
        if entry.key != key
    ]


def same_fields(broken: BibtexText, entry: Entry) -> bool:
    """Tell whether *entry* was read as if nothing were missing."""
    found = next((e for e in broken.entries if e.key == entry.key), None)
    return found is not None and fields_of(found) == fields_of(entry)


@pytest.mark.parametrize("structure", STRUCTURE)
def test_one_character_less_costs_one_entry(bibliography: str, structure: str) -> None:
    entries = real_entries(bibliography)
    by_key = {entry.key: entry for entry in entries}
    faults = []
    for broken, key, line in breaks(bibliography, STRUCTURE[structure]):
        result = parse(broken)
        if others(result.entries, key) != others(entries, key):
            faults.append(f"{key}: another entry is lost or changed")
        if result.begun != len(entries):
            faults.append(f"{key}: {result.begun} entries begin")
        lines = [problem.line for problem in result.problems]
        if not lines and not same_fields(result, by_key[key]):
            faults.append(f"{key}: line {line} is broken, and nobody says so")
        if not set(lines) <= {line, line - 1}:
            faults.append(f"{key}: line {line} is broken, {lines} are named")
    assert faults == []


def test_one_brace_too_many_is_noticed(bibliography: str) -> None:
    silent = []
    field_end = re.compile(r"^  [\w+]+ *= \{.*\}(),\n(?!\})", re.MULTILINE)
    for entry in real_entries(bibliography):
        written = entry.source.text
        place = next(field_end.finditer(written)).start(1)
        result = parse(written[:place] + "}" + written[place:])
        if 2 not in {problem.line for problem in result.problems}:
            silent.append(entry.key)
    assert silent == []
