"""Topics: the pages of one folder, whose file names are the tokens in ``keywords``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml

from labsite.problems import Problem, Rule
from labsite.records import Topic

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_FENCE = "---"
_INDEX = "index"


def read_topics(folder: Path, docname: str) -> tuple[tuple[Topic, ...], list[Problem]]:
    """Return the topics in *folder*, in the order they ask for, and what is wrong.

    Every page but the index is a topic: its front matter gives ``title``, and may give
    ``summary`` and ``order``.

    :param docname: the folder as the start of a Sphinx document name, e.g. "research"
    """
    topics: list[Topic] = []
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.md")):
        if path.stem == _INDEX:
            continue
        name = f"{docname}/{path.stem}"
        matter, found = read_front_matter(path, f"{docname}/{path.name}")
        problems += found
        if not found and not isinstance(matter.get("title"), str):
            problems.append(_complain(f"{docname}/{path.name}", 1, "no title"))
        summary, order = matter.get("summary"), matter.get("order")
        topics.append(
            Topic(
                slug=path.stem,
                title=str(matter.get("title") or path.stem),
                docname=name,
                summary=" ".join(str(summary).split()) if summary else None,
                image=str(matter["image"]) if matter.get("image") else None,
                order=order if isinstance(order, int) else 0,
            )
        )
    topics.sort(key=lambda topic: (topic.order, topic.title.casefold(), topic.slug))
    return tuple(topics), problems


def read_front_matter(
    path: Path, file: str
) -> tuple[dict[str, object], Iterable[Problem]]:
    """Return the YAML between the ``---`` lines that open a page.

    :param file: the name that problems give the page
    """
    text = path.read_text(encoding="utf-8-sig", errors="replace")
    lines = text.splitlines()
    if not lines or lines[0].rstrip() != _FENCE:
        return {}, ()
    end = next((i for i, ln in enumerate(lines[1:], 1) if ln.rstrip() == _FENCE), None)
    if end is None:
        return {}, (_complain(file, 1, "front matter without a closing '---' line"),)
    try:
        matter = yaml.safe_load("\n".join(lines[1:end]))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark else 1
        reason = getattr(error, "problem", None) or "not YAML"
        return {}, (_complain(file, line, f"cannot read the front matter: {reason}"),)
    return (matter, ()) if isinstance(matter, dict) else ({}, ())


def _complain(file: str, line: int, reason: str) -> Problem:
    message = f"{reason}; begin the page with '---', 'title: …' and '---'"
    return Problem(rule=Rule.BAD_TOPIC_PAGE, message=message, file=file, line=line)
