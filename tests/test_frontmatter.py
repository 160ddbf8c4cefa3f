"""What people write in YAML is read with its lines, and no file can end a build."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labsite.model.problems import Rule
from labsite.pages.front_matter import (
    Fields,
    parse_page,
    read_page,
    record_pages,
)
from labsite.pages.yaml_lines import Document, parse_yaml, read_data

if TYPE_CHECKING:
    from pathlib import Path

    from labsite.model.problems import Problem
    from labsite.model.sources import PageSource
    from labsite.pages.yaml_lines import Value


def say(problem: Problem) -> str:
    return f"{problem.line}: {problem.message} [{problem.rule}]"


def parse(text: str, file: str = "x.md") -> tuple[Document, PageSource]:
    document = Document(file=file)
    return document, parse_page(text, document)


def page(*front_matter: str) -> str:
    return "\n".join(["---", *front_matter, "---", "", "Text."])


def fields_of(*front_matter: str) -> Fields:
    document, _ = parse(page(*front_matter), "team/x.md")
    assert not document.problems
    return Fields(document, document.value)


def test_a_page_is_read_with_the_lines_of_its_fields_and_its_body() -> None:
    text = "---\nname: A\n# a remark\nawards:\n- name: B\n  date: 2026\n---\n\nText.\n"
    document, source = parse(text, "team/x.md")
    assert document.value == {"name": "A", "awards": [{"name": "B", "date": "2026"}]}
    assert dict(source.lines) == {
        "name": 2,
        "awards": 4,
        "awards.0": 5,
        "awards.0.name": 5,
        "awards.0.date": 6,
    }
    assert source.body == "\nText.\n"
    assert text.split("\n")[source.body_line - 1 :] == source.body.split("\n")


@pytest.mark.parametrize(
    ("text", "body"),
    [
        pytest.param("Only text.", "Only text.", id="no front matter"),
        pytest.param("", "", id="empty file"),
        pytest.param("---\n---\nText.", "Text.", id="empty front matter"),
        pytest.param("---\n# a remark\n---\nText.", "Text.", id="only a remark"),
        pytest.param(" ---\na: b\n---", " ---\na: b\n---", id="an indented line"),
    ],
)
def test_a_page_without_fields_has_none(text: str, body: str) -> None:
    document, source = parse(text, "x.md")
    assert (document.value, document.problems, source.body) == ({}, [], body)


@pytest.mark.parametrize("fence", ["---", "--- ", "-----", "..."])
def test_front_matter_closes_as_in_myst(fence: str) -> None:
    document, source = parse(f"---\na: b\n{fence}\nText.", "x.md")
    assert (document.value, source.body) == ({"a": "b"}, "Text.")


@pytest.mark.parametrize(
    ("written", "value"),
    [
        pytest.param("2026-02-30", "2026-02-30", id="an impossible date"),
        pytest.param("2026", "2026", id="a year"),
        pytest.param("007", "007", id="leading zeros"),
        pytest.param("No", "No", id="a family name that YAML takes for false"),
        pytest.param("'null'", "null", id="a quoted null"),
        pytest.param("", None, id="nothing"),
        pytest.param("~", None, id="a tilde"),
        pytest.param("null", None, id="null"),
        pytest.param("[a, 1]", ["a", "1"], id="a list"),
        pytest.param("<script>&amp;", "<script>&amp;", id="markup"),
    ],
)
def test_a_value_is_its_text(written: str, value: Value) -> None:
    document = Document(file="x.yaml")
    parse_yaml(f"key: {written}", document)
    assert document.value == {"key": value}


UNREADABLE = {
    "a fence that is not closed": (
        "---\nname: A\n\nText.",
        "1: the front matter has no end; close it with a line '---'",
    ),
    "a colon in a value": (
        page("name: A", "now: Lab: B"),
        "3: cannot read the YAML: mapping values are not allowed here; ",
    ),
    "a bracket that is not closed": (
        page("name: A", "aliases: [B"),
        "3: cannot read the YAML: expected ',' or ']', but got '<stream end>'; ",
    ),
    "a bracket that is not closed above others": (
        page("name: A", "aliases: [B", "role: ms", "now: C"),
        "3: cannot read the YAML: expected ',' or ']', but got ':'; ",
    ),
    "a quotation mark that is not closed": (
        page('name: "A', "role: ms", "now: C"),
        "2: cannot read the YAML: found unexpected end of stream; ",
    ),
    "no colon": (
        page("name: A", "role ms", "now: C"),
        "3: cannot read the YAML: could not find expected ':'; ",
    ),
    "a sign that YAML keeps for itself": (
        page("github: @somebody"),
        "2: cannot read the YAML: found character '@' that cannot start any token; ",
    ),
    "a control character": (
        page("name: A", "now: \x07"),
        "3: cannot read the YAML: a control character; ",
    ),
    "a list": (page("- name: A"), "2: the front matter has no fields; "),
    "a sentence": (page("Jinho Lee"), "2: the front matter has no fields; "),
    "a tag that would run code": (
        page("name: A", "now: !!python/object/apply:os.system [ls]"),
        "3: cannot read the YAML: a value that begins with '&', '*' or '!' is no text",
    ),
    "a tag of one's own": (
        page("name: !x A"),
        "2: cannot read the YAML: a value that begins with '&', '*' or '!' is no text",
    ),
    "a reference": (
        page("name: A", "aliases: [*name]"),
        "3: cannot read the YAML: a value that begins with '&', '*' or '!' is no text",
    ),
    "references that would grow a thousand million times": (
        page(
            "a: &a [x]",
            *(
                f"{b}: &{b} [{','.join([f'*{a}'] * 9)}]"
                for a, b in zip("abcdefghi", "bcdefghij", strict=True)
            ),
        ),
        "2: cannot read the YAML: a value that begins with '&', '*' or '!' is no text",
    ),
    "brackets without end": (
        page("name: A", "aliases: " + "[" * 50_000),
        "3: cannot read the YAML: lists or fields are nested too deep; ",
    ),
    "dashes without end": (
        page("aliases:", " " + "- " * 50_000 + "x"),
        "3: cannot read the YAML: lists or fields are nested too deep; ",
    ),
    "a million characters": (
        page("now: " + "x" * 1_000_000),
        "2: cannot read the YAML: more than 200000 characters; ",
    ),
}


@pytest.mark.parametrize(
    ("text", "message"), [pytest.param(*row, id=id_) for id_, row in UNREADABLE.items()]
)
def test_what_cannot_be_read_is_one_problem_at_its_line(
    text: str, message: str
) -> None:
    document, _ = parse(text, "team/x.md")
    (problem,) = document.problems
    assert say(problem).startswith(message)
    assert "; " in problem.message
    assert (problem.rule, problem.file) == (Rule.BAD_RECORD, "team/x.md")
    assert not document.readable


@given(
    st.text(alphabet=st.sampled_from("abz0:-[]{}&*!|>'\"%@`#?,~. \t\n\x00é한\ufeff"))
)
def test_no_text_raises(text: str) -> None:
    document, source = parse(f"---\n{text}\n---\nText.", "x.md")
    assert document.readable or document.value == {}
    assert source.body_line >= 1
    assert all(problem.line >= 1 for problem in document.problems)


def test_of_a_field_that_is_there_twice_the_first_counts() -> None:
    document, _ = parse(page("name: A", "role: ms", "name: B"), "x.md")
    assert document.value == {"name": "A", "role": "ms"}
    assert [say(problem) for problem in document.problems] == [
        "4: name: the field is in line 2 too; remove one [duplicate-field]"
    ]


def test_a_list_for_a_name_of_a_field_is_passed_over() -> None:
    document, _ = parse(page("? [a, b]", ": c", "name: A"), "x.md")
    assert document.value == {"name": "A"}
    assert [problem.line for problem in document.problems] == [2]


def test_a_file_that_cannot_be_opened_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "folder.md").mkdir()
    document, _ = read_page(tmp_path / "folder.md", "team/folder.md")
    assert say(document.problems[0]) == (
        "1: cannot read the file: Is a directory [bad-record]"
    )
    assert not read_data(tmp_path / "missing.yaml", "missing.yaml").readable


def test_a_page_in_another_encoding_is_read_and_reported(tmp_path: Path) -> None:
    (tmp_path / "x.md").write_bytes("---\nname: José\n---\n".encode("cp1252"))
    document, _ = read_page(tmp_path / "x.md", "x.md")
    assert document.value == {"name": "José"}
    assert [problem.rule for problem in document.problems] == [Rule.ENCODING]


def test_a_page_from_windows_is_read_like_any_other(tmp_path: Path) -> None:
    (tmp_path / "x.md").write_bytes(b"\xef\xbb\xbf---\r\nname: A\r\n---\r\nText.\r\n")
    document, source = read_page(tmp_path / "x.md", "x.md")
    assert (document.value, source.body) == ({"name": "A"}, "Text.\n")


def test_hidden_files_and_the_index_are_no_records(tmp_path: Path) -> None:
    for name in ("index.md", ".x.md", "._a.md", "_draft.md", "b.md", "a.md", "c.txt"):
        (tmp_path / name).touch()
    assert [path.name for path in record_pages(tmp_path)] == ["a.md", "b.md"]
    assert record_pages(tmp_path / "missing") == []


def test_white_space_and_unicode_of_a_value_are_made_uniform() -> None:
    fields = fields_of(
        "name: >", "  Jose\u0301", "   Pe\u00f1a", "aliases: [' a  b ', a b]"
    )
    assert fields.text("name") == "José Peña"
    assert fields.texts("aliases") == ("a b",)


def test_tabs_no_break_spaces_and_curly_quotes_of_an_editor_are_read() -> None:
    fields = fields_of(
        "name: \u201cJane Roe\u201d", "aliases:", "\t- \u201cJ.\u201d Roe", "\t- Roe",
        "interests:", "\u00a0 - x",
    )  # fmt: skip
    assert fields.text("name") == "Jane Roe"
    assert fields.texts("aliases") == ("\u201cJ.\u201d Roe", "Roe")
    assert fields.texts("interests") == ("x",)


def test_phrases_may_stand_in_one_line() -> None:
    assert fields_of("interests: a,b , ,c").phrases("interests") == ("a", "b", "c")
    assert fields_of("interests: ''").phrases("interests") == ()
    assert fields_of("interests: ['a, b', c]").phrases("interests") == ("a, b", "c")


def test_one_value_may_stand_for_a_list() -> None:
    assert fields_of("aliases: A B").texts("aliases") == ("A B",)
    assert fields_of("aliases:").texts("aliases") == ()


WRONG_VALUES = {
    "a list for a text": (
        "name: [A]",
        "text",
        (
            "2: name: this is a list or has fields of its own; write one text "
            "[bad-value]"
        ),
    ),
    "a mapping in a list": (
        "name: [A, {b: c}]",
        "texts",
        "2: name: not a list of values; write [one, another] [bad-value]",
    ),
    "a mapping for a list": (
        "name: {b: c}",
        "texts",
        "2: name: not a list of values; write [one, another] [bad-value]",
    ),
    "a word for a number": (
        "name: first",
        "number",
        "2: name: 'first' is not a whole number; write 3 [bad-value]",
    ),
    "a day that does not exist": (
        "name: 2026-02-30",
        "date",
        (
            "2: name: '2026-02-30' is not a date; write 2026, 2026-03 or 2026-03-14 "
            "[bad-date]"
        ),
    ),
}


@pytest.mark.parametrize(
    ("line", "reader", "message"),
    [pytest.param(*row, id=id_) for id_, row in WRONG_VALUES.items()],
)
def test_a_value_of_the_wrong_shape_is_a_problem(
    line: str, reader: str, message: str
) -> None:
    fields = fields_of(line)
    getattr(fields, reader)("name")
    assert [say(problem) for problem in fields.document.problems] == [message]


def test_mappings_in_a_list_are_read_one_by_one_and_others_reported() -> None:
    fields = fields_of("awards:", "  - name: A", "  - B", "  - [C]", "  - name: D")
    found = [each.text("name") for each in fields.mappings("awards", "name: …")]
    assert found == ["A", "D"]
    assert [say(problem) for problem in fields.document.problems] == [
        "4: this has no fields; write a list of '- name: …' [bad-value]",
        "5: this has no fields; write a list of '- name: …' [bad-value]",
    ]


def test_a_text_where_a_list_of_mappings_belongs_is_a_problem() -> None:
    fields = fields_of("awards: Best Paper")
    assert list(fields.mappings("awards", "name: …")) == []
    assert [say(problem) for problem in fields.document.problems] == [
        "2: this has no fields; write a list of '- name: …' [bad-value]"
    ]


def test_unknown_fields_are_reported_with_the_nearest_known_one() -> None:
    fields = fields_of("name: A", "nmae: B", "zzz: C")
    fields.check_keys(("name", "homepage"))
    assert [say(problem) for problem in fields.document.problems] == [
        "3: there is no field 'nmae'; did you mean 'name'? [unknown-field]",
        "4: there is no field 'zzz'; use name, homepage [unknown-field]",
    ]


def test_fields_that_sphinx_and_themes_read_are_no_unknown_ones() -> None:
    fields = fields_of("orphan: true", "og:image: a.png", "html_theme.sidebar: none")
    fields.check_keys(("name",))
    assert fields.document.problems == []
