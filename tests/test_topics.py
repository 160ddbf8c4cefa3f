from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from labsite.model.problems import Problem, Rule
from labsite.model.records import Topic
from labsite.pages.topics import read_topics

if TYPE_CHECKING:
    from pathlib import Path


def read_one(tmp_path: Path, text: str | bytes) -> tuple[Topic, list[Problem]]:
    data = text if isinstance(text, bytes) else text.encode()
    (tmp_path / "pim.md").write_bytes(data)
    (topic,), problems = read_topics(tmp_path, "research")
    return topic, problems


def test_a_page_is_a_topic(tmp_path: Path) -> None:
    text = "---\ntitle: Near Memory\nsummary: >-\n  Two\n  lines.\norder: 2\n---\n"
    assert read_one(tmp_path, text) == (
        Topic(
            slug="pim",
            title="Near Memory",
            docname="research/pim",
            summary="Two lines.",
            order=2,
        ),
        [],
    )


@pytest.mark.parametrize(
    "text",
    [
        b"\xef\xbb\xbf---\ntitle: T\n---\n",
        b"---\r\ntitle: T\r\n---\r\n",
        b"--- \ntitle: 'T'\n---\t\nText with\n---\nmore.",
        b"---\ntitle: T\norphan: true\nmyst:\n  a: [1, 2]\n---\n",
    ],
    ids=["with a mark", "Windows lines", "spaces and a rule below", "other fields"],
)
def test_front_matter_is_understood(tmp_path: Path, text: bytes) -> None:
    assert read_one(tmp_path, text) == (
        Topic(slug="pim", title="T", docname="research/pim"),
        [],
    )


BROKEN = {
    "no front matter": ("# Title\n", 1, "no title"),
    "empty page": ("", 1, "no title"),
    "no title": ("---\norder: 1\n---\n", 2, "no title"),
    "list for front matter": ("---\n- title\n---\n", 2, "no fields"),
    "never closed": ("---\ntitle: T\n", 1, "'---'"),
    "open bracket": ("---\norder: 1\ntitle: [\n---\n", 3, "cannot read"),
    "second colon": ("---\norder: 1\ntitle: PIM: a topic\n---\n", 3, "cannot read"),
    "tab": ("---\norder: 1\n\ttitle: T\n---\n", 3, "cannot read"),
    "unknown tag": ("---\ntitle: !!python/name:os.system\n---\n", 2, "cannot read"),
    "a thousand brackets": (f"---\ntitle: {'[' * 1000}\n---\n", 2, "cannot read"),
}


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [pytest.param(*row, id=name) for name, row in BROKEN.items()],
)
def test_a_broken_page_is_reported_at_its_line_and_still_a_topic(
    tmp_path: Path, text: str, line: int, message: str
) -> None:
    topic, (problem,) = read_one(tmp_path, text)
    assert (topic.slug, topic.title) == ("pim", "pim")
    assert (problem.file, problem.line) == ("research/pim.md", line)
    assert message in problem.message


def test_a_page_in_another_encoding_is_reported(tmp_path: Path) -> None:
    _, problems = read_one(tmp_path, "---\ntitle: Café\n---\n".encode("cp1252"))
    assert [(problem.rule, problem.line) for problem in problems] == [
        (Rule.ENCODING, 2)
    ]


@pytest.mark.parametrize(
    "order", ["first", "1.5", "9" * 5000, "[1]"], ids=["word", "half", "huge", "list"]
)
def test_an_order_that_is_no_number_is_reported(tmp_path: Path, order: str) -> None:
    topic, problems = read_one(tmp_path, f"---\ntitle: T\norder: {order}\n---\n")
    assert (topic.title, topic.order) == ("T", 0)
    assert [(p.line, p.message.startswith("order: ")) for p in problems] == [(3, True)]


def test_topics_stand_in_the_order_they_ask_for(tmp_path: Path) -> None:
    pages = {"z": "B\norder: 1", "y": "a\norder: 1", "x": "C\norder: -1", "w": "D"}
    for slug, matter in pages.items():
        (tmp_path / f"{slug}.md").write_text(f"---\ntitle: {matter}\n---\n")
    (tmp_path / "index.md").write_text("# Not a topic\n")
    (tmp_path / "notes.txt").write_text("not a page\n")
    topics, problems = read_topics(tmp_path, "research")
    assert [topic.slug for topic in topics] == ["x", "w", "y", "z"]
    assert problems == []


def test_a_folder_that_is_not_there_has_no_topics(tmp_path: Path) -> None:
    assert read_topics(tmp_path / "nowhere", "research") == ((), [])


def test_a_page_that_cannot_be_read_is_reported(tmp_path: Path) -> None:
    (tmp_path / "drafts.md").mkdir()
    _, (problem,) = read_topics(tmp_path, "research")
    assert problem.file == "research/drafts.md"
