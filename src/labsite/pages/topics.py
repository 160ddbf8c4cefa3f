"""Topics: the pages of one folder, whose file names are the tokens in ``keywords``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labsite.model.problems import Problem, Rule
from labsite.model.records import Topic
from labsite.pages.front_matter import Fields, read_page, record_pages

if TYPE_CHECKING:
    from pathlib import Path

_FIELDS = ("title", "summary", "image", "order")


def read_topics(folder: Path, docname: str) -> tuple[tuple[Topic, ...], list[Problem]]:
    """Return the topics in *folder*, in the order they ask for, and what is wrong.

    Every page but the index is a topic: its front matter gives ``title``, and may give
    ``summary``, ``image`` and ``order``. A page whose front matter cannot be read is
    still a topic, so that its papers do not lose theirs.

    :param docname: the folder as the start of a Sphinx document name, e.g. "research"
    """
    topics: list[Topic] = []
    problems: list[Problem] = []
    for path in record_pages(folder):
        document, _source = read_page(path, f"{docname}/{path.name}")
        fields = Fields(document, document.value)
        if document.readable:
            fields.check_keys(_FIELDS)
        title = fields.text("title")
        if document.readable and not title:
            message = "no title; write 'title: …' between the '---' lines"
            fields.report(Rule.BAD_TOPIC_PAGE, message)
        summary = fields.text("summary")
        topics.append(
            Topic(
                slug=path.stem,
                title=title or path.stem,
                docname=f"{docname}/{path.stem}",
                summary=" ".join(summary.split()) if summary else None,
                image=fields.text("image"),
                order=fields.number("order"),
            )
        )
        problems += document.problems  # now that every field has been read
    topics.sort(key=lambda topic: (topic.order, topic.title.casefold(), topic.slug))
    return tuple(topics), problems
