"""Front matter and data that nobody would write: read, or refused with a reason."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import example, given
from hypothesis import strategies as st

from labsite.bibtex.reader import read_library
from labsite.checks import check_library
from labsite.checks.names import check_authors
from labsite.checks.pages import check_news, check_people
from labsite.model.dates import PartialDate
from labsite.model.files import decode_text
from labsite.pages.data_files import read_collaborators, read_teaching
from labsite.pages.front_matter import parse_page
from labsite.pages.news import read_news
from labsite.pages.people import order_people, read_people
from labsite.pages.topics import read_topics
from labsite.pages.yaml_lines import Document, parse_yaml
from labsite.site.authorship import Identities
from labsite.text.markup import find_roles, plain_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pytest

    from labsite.model.problems import Problem


LIBRARY = read_library(
    [("lab.bib", "@misc{roe2026, title = {A}, author = {Roe, Jane}, year = 2026}")]
)
#: What means something to YAML, Markdown, MyST or Unicode.
PIECES = st.sampled_from([
    ":", ": ", "- ", "? ", "[", "]", "{", "}", ",", "#", " #", "&a ", "*a", "!!str ",
    "!x ", "|\n", ">-\n", "'", '"', "\\", "%YAML 1.2\n", "---\n", "...\n", "\n",
    "\n\n", "  ", "\t", "~", "null", "true", "0x1F", "1e9", "2026-02-30",
    "2026-03-14", "<<: ", "=", "@", "`", "name", "role", "phd", "awards", "papers",
    "left", "unknown", "date", "kind", "title", "{cite}`", "{pub:ref}`", "{person}`",
    "Jane <roe2026>`", "```{note}\n", ":::{x}\n", "```\n", "](", "![", "<b>", "<!--",
    "<![CDATA[", "https://", "javascript:", "\u2028", "\u202e", "\u200b", "\ufeff",
    "e\u0301", "홍", "🎉", "\x85", "٣", "../../conf.py", "9" * 5000, "[" * 50,
    "- " * 50, "k" * 2000,
])  # fmt: skip
SOUP = st.lists(PIECES | st.text(max_size=6), max_size=12).map("".join)
FIELDS = st.sampled_from([
    "name", "name_ko", "aliases", "distinct_from", "role", "position", "joined",
    "left", "degree", "now", "interests", "homepage", "scholar", "github", "orcid",
    "dblp", "linkedin", "office", "contact", "photo", "awards", "title", "summary",
    "image", "order", "date", "kind", "term", "courses", "level", "code", "by",
    "papers", "x", "<<",
])  # fmt: skip
SCALARS = SOUP | SOUP.map(repr) | st.integers().map(str) | st.just("")
VALUES = SCALARS | st.recursive(
    SCALARS.map(lambda text: f"[{text}]"),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]")
        | st.dictionaries(FIELDS, inner, max_size=3).map(
            lambda items: "{" + ", ".join(f"{k}: {v}" for k, v in items.items()) + "}"
        )
    ),
    max_leaves=6,
)
BLOCKS = st.lists(st.tuples(FIELDS, VALUES).map(": ".join), max_size=8).map("\n".join)
#: Indented too: what stands in the list of a field.
YAML = BLOCKS | st.tuples(BLOCKS, FIELDS, BLOCKS).map(
    lambda parts: (
        f"{parts[0]}\n{parts[1]}:\n  - {parts[2].replace(chr(10), chr(10) + '    ')}"
    )
)
PAGES = st.tuples(YAML, SOUP).map("---\n{0[0]}\n---\n{0[1]}".format) | SOUP


def assert_placed(problems: Iterable[Problem], text: str) -> None:
    """Assert that every problem points into the file."""
    for problem in problems:
        assert 1 <= problem.line <= text.count("\n") + 1, problem
        assert problem.message


@given(text=YAML | SOUP)
@example(text="a: " + "[" * 9999)
@example(text="? " * 9999)
@example(text="a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]\n")
def test_yaml_is_read_or_refused_with_a_reason(text: str) -> None:
    document = Document(file="file.yaml")
    parse_yaml(text, document)
    assert_placed(document.problems, text)
    assert document.readable or document.problems


@given(text=PAGES)
def test_every_line_of_a_page_is_front_matter_or_body(text: str) -> None:
    document = Document(file="team/page.md")
    source = parse_page(text, document)
    assert_placed(document.problems, text)
    if document.readable:
        assert text.split("\n")[source.body_line - 1 :] == source.body.split("\n")


@given(pages=st.lists(PAGES.map(str.encode) | st.binary(max_size=80), max_size=3))
def test_a_folder_of_such_pages_is_read(
    tmp_path_factory: pytest.TempPathFactory, pages: list[bytes]
) -> None:
    folder = tmp_path_factory.mktemp("pages")
    texts = {f"d/p{i}.md": decode_text(page, "")[0] for i, page in enumerate(pages)}
    for name, data in zip(texts, pages, strict=True):
        (folder / Path(name).name).write_bytes(data)
    people, problems = read_people(folder, "d")
    problems += check_people(people, LIBRARY)
    order_people(people, PartialDate(2026, 11, 27))
    problems += check_authors(LIBRARY.publications, Identities(people))
    topics, found = read_topics(folder, "d")
    assert len(topics) == len(pages)
    problems += [*found, *check_library(LIBRARY, topics)]
    news, found = read_news(folder, "d")
    problems += [*found, *check_news(news, LIBRARY, {})]
    for problem in problems:
        assert_placed([problem], texts.get(problem.file, ""))


@given(page=PAGES)
def test_a_broken_page_costs_nobody_else(
    tmp_path_factory: pytest.TempPathFactory, page: str
) -> None:
    folder = tmp_path_factory.mktemp("team")
    (folder / "ann.md").write_text("---\nname: Ann Ax\nrole: ms\n---\n")
    (folder / "broken.md").write_bytes(page.encode())
    (folder / "zoe.md").write_text("---\nname: Zoe Zu\nrole: pi\n---\n")
    people, _ = read_people(folder, "team")
    assert {"Ann Ax", "Zoe Zu"} <= {person.name for person in people}


@given(data=YAML.map(str.encode) | st.binary(max_size=80))
def test_courses_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    path = tmp_path_factory.mktemp("teaching") / "courses.yaml"
    path.write_bytes(data)
    _, problems = read_teaching(path, path.name)
    assert_placed(problems, decode_text(data, "")[0])


@given(data=YAML.map(str.encode) | st.binary(max_size=80))
def test_groups_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    path = tmp_path_factory.mktemp("research") / "groups.yaml"
    path.write_bytes(data)
    _, problems = read_collaborators(path, path.name, "ko")
    assert_placed(problems, decode_text(data, "")[0])


#: CommonMark 0.31, section 2.1; files are read with "\n" alone.
_MARKDOWN_LINE = re.compile(r"\r\n?|\n")


@given(text=SOUP)
@example(text="\r{cite}`{cite}`")
@example(text="```{a}\n" * 500)
@example(text="{cite}`" + "{" * 500 + "`")
def test_roles_are_found_in_any_text(text: str) -> None:
    for role in find_roles(text):
        assert 0 <= role.line <= role.target_line <= len(_MARKDOWN_LINE.findall(text))
    plain_text(text, lambda role: role.title or role.target)


def test_a_line_separator_moves_no_problem_to_another_line() -> None:
    document = Document(file="file.yaml")
    parse_yaml("name: a\u2028b\nname: c\n", document)
    assert [problem.line for problem in document.problems] == [2]
