"""Commands that write a new file of a site from a few answers."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from labsite.cli.output import tell, write
from labsite.cli.statuses import CANNOT_RUN, FOUND, OK
from labsite.editing.skeletons import AnswerError, add_course, page, slug, topic_body
from labsite.editing.source import SourceError, SourceText, write_atomically
from labsite.pages.news import KINDS
from labsite.pages.teaching import LEVELS
from labsite.site.configuration import read_settings

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Mapping

    from labsite.site.settings import Settings


@dataclass(frozen=True, slots=True)
class Question:
    """What a command asks for, where the command line does not say it."""

    name: str
    text: str
    needed: bool = False
    default: str = ""


class Skeleton:
    """A command that writes one new file, or into one."""

    def __init__(
        self,
        name: str,
        summary: str,
        questions: tuple[Question, ...],
        make: Callable[[Mapping[str, str], Settings], tuple[str, str]],
    ) -> None:
        self.NAME = name
        self.SUMMARY = summary
        self.questions = questions
        self.make = make
        asked = ", ".join(f"--{q.name}" for q in questions if q.needed)
        self.__doc__ = (
            f"{summary[0].upper()}{summary[1:]}.\n\nWhat the command line does not say "
            f"is asked for; where nobody can be asked, {asked} must be there.\n\n"
            "The exit status is 0 if the file was written, 1 if there is such a file "
            "already,\nand 2 if an answer cannot be used."
        )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add an option for each question."""
        for question in self.questions:
            parser.add_argument(
                f"--{question.name}", help=question.text, metavar="TEXT"
            )

    def run(self, options: argparse.Namespace) -> int:
        """Ask, and write the file."""
        source = options.source or Path()
        settings = read_settings(source)
        try:
            answers = {q.name: _answer(q, options) for q in self.questions}
            file, text = self.make(answers, settings)
        except (AnswerError, SourceError) as error:
            tell(f"labsite {self.NAME}: {error}")
            return CANNOT_RUN
        path = source / file
        if path.suffix == ".md" and path.exists():
            tell(f"labsite {self.NAME}: {path.as_posix()} is there already; edit it")
            return FOUND
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        write_atomically(path, text.encode())
        write(f"{path.as_posix()}: written; 'labsite check' says if all is well")
        return OK


def _answer(question: Question, options: argparse.Namespace) -> str:
    given: str | None = getattr(options, question.name)
    if given is None and sys.stdin.isatty():
        default = f" [{question.default}]" if question.default else ""
        sys.stderr.write(f"{question.text}{default}: ")
        sys.stderr.flush()
        given = sys.stdin.readline().strip()
    answer = " ".join((given or question.default).split())
    if question.needed and not answer:
        msg = f"there is no {question.name}; give --{question.name}"
        raise AnswerError(msg)
    return answer


def _make_person(answers: Mapping[str, str], settings: Settings) -> tuple[str, str]:
    name = answers["name"]
    fields = {key: value for key, value in answers.items() if key != "about"}
    file = f"{settings.team_dir}/{slug(name)}.md"
    return file, page(fields, answers["about"] or f"{name} works on …")


def _make_news(answers: Mapping[str, str], settings: Settings) -> tuple[str, str]:
    if answers["kind"] not in KINDS:
        msg = f"there is no kind '{answers['kind']}'; use {', '.join(KINDS)}"
        raise AnswerError(msg)
    try:
        day = date.fromisoformat(answers["date"])
    except ValueError as error:
        msg = f"'{answers['date']}' is not a day; write 2026-02-14"
        raise AnswerError(msg) from error
    words = " ".join(answers["text"].split()[:4])
    file = f"{settings.news_dir}/{day.isoformat()}-{slug(words)}.md"
    return file, page(
        {"date": answers["date"], "kind": answers["kind"]}, answers["text"]
    )


def _make_topic(answers: Mapping[str, str], settings: Settings) -> tuple[str, str]:
    name = slug(answers["title"])
    text = answers["summary"] or "What the problem is, and what we do about it."
    body = topic_body(name, text)
    return f"{settings.topics_dir}/{name}.md", page(answers, body)


def _make_course(answers: Mapping[str, str], settings: Settings) -> tuple[str, str]:
    file = "teaching/courses.yaml"
    path = settings.source / file
    source = SourceText(path.read_bytes() if path.exists() else b"", file)
    if answers["level"] not in LEVELS:
        msg = f"there is no level '{answers['level']}'; use {' or '.join(LEVELS)}"
        raise AnswerError(msg)
    fields = {key: value for key, value in answers.items() if key != "term"}
    return file, source.native(add_course(source.text, answers["term"], fields))


_TODAY = date.today().isoformat()  # noqa: DTZ011 -- the day where the command runs
COMMANDS = (
    Skeleton(
        "person",
        "write the page of a new member",
        (
            Question("name", "Full name, given name first", needed=True),
            Question("role", "Role: pi, postdoc, phd, ms, intern …", needed=True),
            Question("joined", "Since when (2026-03)"),
            Question("github", "Name on GitHub"),
            Question("orcid", "ORCID"),
            Question("scholar", "Google Scholar's identifier, or the page's address"),
            Question("homepage", "Address of a page of their own"),
            Question("about", "A sentence about their work"),
        ),
        _make_person,
    ),
    Skeleton(
        "news",
        "write an item of news",
        (
            Question("text", "What happened, in a sentence or two", needed=True),
            Question("kind", f"Kind: {', '.join(KINDS)}", default=KINDS[-1]),
            Question("date", "Day", default=_TODAY),
        ),
        _make_news,
    ),
    Skeleton(
        "course",
        "add a course to the file of courses",
        (
            Question("term", "Term, as 2026-fall", needed=True),
            Question("name", "Name of the course", needed=True),
            Question("level", "Level: undergraduate or graduate", default="graduate"),
            Question("code", "Code of the course"),
        ),
        _make_course,
    ),
    Skeleton(
        "topic",
        "write the page of a research topic",
        (
            Question("title", "Title", needed=True),
            Question("summary", "One sentence, for the card"),
            Question("order", "Place among the topics, a number"),
        ),
        _make_topic,
    ),
)
