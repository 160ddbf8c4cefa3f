"""Commands that write a new file of a site from a few answers."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from labsite.cli import FOUND, OK, argument, command
from labsite.cli.output import ask, tell, write
from labsite.editing.skeletons import add_course, page, slug, topic_body
from labsite.editing.source import SourceText, write_atomically
from labsite.model.problems import LabsiteError
from labsite.pages.news import KINDS
from labsite.pages.teaching import LEVELS
from labsite.site.configuration import read_settings

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Mapping

    from labsite.site.settings import Settings


class _Question(NamedTuple):
    """What a command asks for, where the command line does not say it."""

    name: str
    text: str
    default: str | None = ""  #: None: there must be an answer


def _declare(
    name: str,
    summary: str,
    make: Callable[[Mapping[str, str], Settings], tuple[str, str]],
    *questions: _Question,
) -> None:
    """Make a command that writes one new file, or into one.

    :param make: gives the name and the text of the file for the answers
    """

    def run(options: Namespace) -> int:
        settings = read_settings(options.source)
        answers = {q.name: _answer(q, getattr(options, q.name)) for q in questions}
        file, text = make(answers, settings)
        path = options.source / file
        if path.suffix == ".md" and path.exists():
            tell(f"labsite: {path.as_posix()} is there already; edit it")
            return FOUND
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        write_atomically(path, text.encode())
        write(f"{path.as_posix()}: written; 'labsite check' says if all is well")
        return OK

    needed = ", ".join(f"--{q.name}" for q in questions if q.default is None)
    run.__doc__ = (
        f"{summary}.\n\nWhat the command line does not say is asked for; where nobody "
        f"can be asked, {needed} must be there.\n\nThe exit status is 0 if the file "
        "was written, 1 if there is such a file already,\nand 2 if an answer cannot be "
        "used."
    )
    options = (argument(f"--{q.name}", help=q.text, metavar="TEXT") for q in questions)
    command(name, *options)(run)


def _answer(question: _Question, given: str | None) -> str:
    if given is None:
        default = f" [{question.default}]" if question.default else ""
        given = ask(f"{question.text}{default}")
    answer = " ".join((given or question.default or "").split())
    if not answer and question.default is None:
        msg = f"there is no {question.name}; give --{question.name}"
        raise LabsiteError(msg)
    return answer


def _choice(answers: Mapping[str, str], name: str, known: tuple[str, ...]) -> None:
    if answers[name] not in known:
        msg = f"there is no {name} '{answers[name]}'; use {', '.join(known)}"
        raise LabsiteError(msg)


def _make_person(answers: Mapping[str, str], settings: Settings) -> tuple[str, str]:
    name = answers["name"]
    fields = {key: value for key, value in answers.items() if key != "about"}
    file = f"{settings.team_dir}/{slug(name)}.md"
    return file, page(fields, answers["about"] or f"{name} works on …")


def _make_news(answers: Mapping[str, str], settings: Settings) -> tuple[str, str]:
    _choice(answers, "kind", KINDS)
    try:
        day = date.fromisoformat(answers["date"])
    except ValueError as error:
        msg = f"'{answers['date']}' is not a day; write 2026-02-14"
        raise LabsiteError(msg) from error
    words = slug(" ".join(answers["text"].split()[:4]))
    fields = {"date": answers["date"], "kind": answers["kind"]}
    file = f"{settings.news_dir}/{day.isoformat()}-{words}.md"
    return file, page(fields, answers["text"])


def _make_topic(answers: Mapping[str, str], settings: Settings) -> tuple[str, str]:
    name = slug(answers["title"])
    text = answers["summary"] or "What the problem is, and what we do about it."
    return f"{settings.topics_dir}/{name}.md", page(answers, topic_body(name, text))


def _make_course(answers: Mapping[str, str], settings: Settings) -> tuple[str, str]:
    _choice(answers, "level", LEVELS)
    file = "teaching/courses.yaml"
    path = settings.source / file
    source = SourceText(path.read_bytes() if path.exists() else b"", file)
    fields = {key: value for key, value in answers.items() if key != "term"}
    return file, source.native(add_course(source.text, answers["term"], fields))


_declare(
    "person",
    "Write the page of a new member",
    _make_person,
    _Question("name", "Full name, given name first", None),
    _Question("role", "Role: pi, postdoc, phd, ms, intern …", None),
    _Question("joined", "Since when (2026-03)"),
    _Question("github", "Name on GitHub"),
    _Question("orcid", "ORCID"),
    _Question("scholar", "Google Scholar's identifier, or the page's address"),
    _Question("homepage", "Address of a page of their own"),
    _Question("about", "A sentence about their work"),
)
_declare(
    "news",
    "Write an item of news",
    _make_news,
    _Question("text", "What happened, in a sentence or two", None),
    _Question("kind", f"Kind: {', '.join(KINDS)}", KINDS[-1]),
    # The day where the command runs.
    _Question("date", "Day", date.today().isoformat()),  # noqa: DTZ011 -- see above
)
_declare(
    "course",
    "Add a course to the file of courses",
    _make_course,
    _Question("term", "Term, as 2026-fall", None),
    _Question("name", "Name of the course", None),
    _Question("level", f"Level: {' or '.join(LEVELS)}", "graduate"),
    _Question("code", "Code of the course"),
)
_declare(
    "topic",
    "Write the page of a research topic",
    _make_topic,
    _Question("title", "Title", None),
    _Question("summary", "One sentence, for the card"),
    _Question("order", "Place among the topics, a number"),
)
