"""Characters that nobody can tell by their look: named, and no commands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from labsite.checks import check_library
from labsite.checks.names import check_authors
from labsite.model.problems import Problem, Rule, printable
from labsite.pages.data_files import read_teaching
from labsite.pages.front_matter import read_page
from labsite.pages.people import read_people
from labsite.site.authorship import Identities

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from labsite.model.records import Library

#: Words, and the number of the character that is not what it looks like.
DISGUISED = {
    "zero\u200bwidth": "200B",
    "\u202eturned": "202E",
    "\u2066isolated": "2066",
    "join\u200der": "200D",
    "filler\u3164": "3164",
    "tag\U000e0041": "E0041",
    "J\u0430ne": "0430",
    "R\u043ee": "043E",
    "\u0391ttention": "0391",
}
#: Words of many scripts, which are what they look like.
HONEST = ["홍길동", "Иван Петров", "α-approximation", "β2", "naïve", "👩\u200d🔬", "μm",
          "می\u200cخواهم", "Ωmega", "λ"]  # fmt: skip


@pytest.mark.parametrize("word", DISGUISED)
def test_a_disguised_character_is_named_in_every_file(
    word: str, tmp_path: Path, read: Callable[[str], Library]
) -> None:
    number = f"U+{DISGUISED[word]} ("
    (tmp_path / "a.md").write_text(f"---\nname: A\n---\n\n{word}\n", "utf-8")
    (problem,) = read_page(tmp_path / "a.md", "a.md")[0].problems
    assert (problem.rule, problem.line) == (Rule.INVISIBLE_CHARACTER, 5)
    assert number in problem.message
    (tmp_path / "b.yaml").write_text(f"- term: 2024-fall\n  courses: []\n# {word}\n")
    assert any(number in p.message for p in read_teaching(tmp_path / "b.yaml", "b")[1])
    entry = f"@misc{{a, title = {{On {word}}}, author = {{Roe, J}}, year = 2024}}"
    problems = check_library(read(entry))
    assert any(number in problem.message for problem in problems)


@pytest.mark.parametrize("word", HONEST)
def test_other_scripts_are_not_disguise(
    word: str, tmp_path: Path, read: Callable[[str], Library]
) -> None:
    (tmp_path / "a.md").write_text(f"---\nname: A\n---\n\n{word}\n", "utf-8")
    assert read_page(tmp_path / "a.md", "a.md")[0].problems == []
    entry = f"@misc{{a, title = {{On {word}}}, author = {{Roe, J}}, year = 2024}}"
    rules = {problem.rule for problem in check_library(read(entry))}
    assert Rule.INVISIBLE_CHARACTER not in rules


@pytest.mark.parametrize("name", ["J\u0430ne R\u043ee", "Јаnе Rое", "Jane Roе"])
def test_a_name_that_looks_like_a_members_is_reported(
    name: str, tmp_path: Path, read: Callable[[str], Library]
) -> None:
    (tmp_path / "roe.md").write_text("---\nname: Jane Roe\nrole: phd\n---\n")
    people, _ = read_people(tmp_path, "team")
    given, family = name.split()
    entry = f"@misc{{a, title = {{T}}, author = {{{family}, {given}}}, year = 2024}}"
    library = read(entry)
    (problem,) = check_authors(library.publications, Identities(people))
    assert "may mean 'Jane Roe'" in problem.message
    assert "cyrillic" in problem.message


def test_control_characters_are_written_out() -> None:
    planted = "\x1b[2J\x9b31m\r\u202e::error::\n"
    problem = Problem(rule=Rule.SYNTAX, message=planted, file="a\x07.bib", line=1)
    said = printable(str(problem))
    assert said.isprintable()
    assert "\\x1b[2J" in said
    assert printable("a\n\tb", lines=True) == "a\n\tb"


@pytest.mark.parametrize(
    "text", ["::error::x", "a\n  ::stop-commands::x", "a ##[error]x"]
)
def test_no_line_is_a_command_for_what_shows_a_log(text: str) -> None:
    said = printable(text, lines=True)
    assert not re.search(r"(?m)^\s*::|##\[", said)
    assert said.replace("\\x3a", ":").replace("\\x23", "#") == text
    assert printable("a::b ## c") == "a::b ## c"
