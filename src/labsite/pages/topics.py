"""Read topics from the pages in a folder; a topic's file is named as its token."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from labsite.model.problems import Problem
from labsite.model.records import Topic
from labsite.model.sources import PageSource
from labsite.pages.front_matter import Fields, read_records


def read_topics(folder: Path, docname: str) -> tuple[tuple[Topic, ...], list[Problem]]:
    """Return the topics in *folder* in their order, and problems.

    Every page but the index is a topic, also if its front matter cannot be read, so
    that its papers keep theirs.

    :param docname: the folder in document names, e.g. "research"
    """
    topics, problems = read_records(folder, docname, _read_topic)
    topics.sort(key=lambda topic: (topic.order, topic.title.casefold(), topic.slug))
    return tuple(topics), problems


def _read_topic(fields: Fields, source: PageSource) -> Iterator[Topic]:
    fields.check_keys(("title", "summary", "image", "order"))
    title = fields.required("title", "write 'title: …' between the '---' lines")
    image = fields.text("image")
    yield Topic(
        slug=source.slug,
        title=title or source.slug,
        docname=source.docname,
        summary=fields.text("summary"),
        image=image and (image.lstrip("/") or "."),
        order=fields.number("order"),
    )
