"""Commands that write new files of a site, as CONTRIBUTING.md shows them."""

from __future__ import annotations

import re
from argparse import Namespace
from collections.abc import Callable, Mapping
from datetime import date
from textwrap import indent
from typing import NamedTuple, TypeAlias

from labsite.checks import load
from labsite.cli import FOUND, OK, argument, command
from labsite.cli.output import ask, tell, write
from labsite.editing.source import SourceText, write_atomically
from labsite.model.problems import LabsiteError, Problem, Rule
from labsite.model.repository import belongs_to, repository_of
from labsite.pages.data_files import LEVELS, read_teaching
from labsite.pages.news import KINDS
from labsite.pages.people import role_order
from labsite.scaffold import WORDS, dump, page
from labsite.site.configuration import read_settings
from labsite.site.settings import NEWS, TEAM, TOPICS, Settings
from labsite.text.names import given_name_first
from labsite.text.spellings import slug_of

#: Returns the text of each file for the answers, the main one first.
Make: TypeAlias = Callable[[Mapping[str, str], Settings], dict[str, str]]
_COURSES, _TEACHING = "teaching/courses.yaml", "teaching/index.md"
_ROLE = re.compile(r"\{[\w:.+-]+\}(?=`)")
_TOPIC = """{summary}

```{{topic-people}} {name}
```

({name}-publications)=
## {heading}

```{{publications}}
:topic: {name}
```"""


def add_course(text: str, term: str, fields: Mapping[str, str]) -> str:
    """Return a file of courses with one more, in its term or in a new one above all."""
    # "Fall 2026" is "2026-fall".
    named = re.sub(r"([a-z]+)\W+(\d+)", r"\2-\1", term.lower())
    course = dump([{key: value for key, value in fields.items() if value}])
    text = re.sub(r"(?<=.)\Z", "\n", text)
    begin = rf"^- +term: *['\"]?{re.escape(named)}['\"]?\n +courses:\n"
    known = re.search(rf"{begin}(?=( +)-)(?: .*\n)+", text, re.MULTILINE)
    if known:
        more = indent(course, known[1])
        return text[: known.end()] + more * (more not in known[0]) + text[known.end() :]
    new = f"- term: {named}\n  courses:\n{indent(course, '    ')}\n"
    return re.sub(r"^(?=- )|\Z", lambda _: new, text, count=1, flags=re.MULTILINE)


class _Question(NamedTuple):
    """An option of a command; asked for where the command line lacks it."""

    name: str
    text: str
    default: str | None = ""  #: None: an answer is needed


def slug(text: str) -> str:
    """Return a file name of letters and hyphens, or raise an error."""
    name = slug_of(_ROLE.sub("", text))
    if not name:
        msg = f"'{text}' has no letters for a file name; write some"
        raise LabsiteError(msg)
    return name


def _words(settings: Settings) -> Mapping[str, str]:
    """Return what new pages say in the site's language, or in English."""
    return WORDS.get(settings.language, WORDS["en"])


def _make_person(answers: Mapping[str, str], settings: Settings) -> dict[str, str]:
    name = given_name_first(answers["name"])
    fields = {**answers, "name": name, "role": answers["role"].lower()}
    about = fields.pop("about") or _words(settings)["person_text"]
    return {f"{TEAM}/{slug(name)}.md": page(fields, about)}


def _make_news(answers: Mapping[str, str], _settings: Settings) -> dict[str, str]:
    words = " ".join(answers["text"].split()[:4])
    name = f"{slug(answers['date'])}-{slug(words)}"
    fields = {"date": answers["date"], "kind": answers["kind"].lower()}
    return {f"{NEWS}/{name}.md": page(fields, answers["text"])}


def _make_topic(answers: Mapping[str, str], settings: Settings) -> dict[str, str]:
    name, words = slug(answers["title"]), _words(settings)
    summary = answers["summary"] or words["topic_summary"]
    body = _TOPIC.format(name=name, summary=summary, heading=words["publications"])
    return {f"{TOPICS}/{name}.md": page(answers, body)}


def _make_course(answers: Mapping[str, str], settings: Settings) -> dict[str, str]:
    source = settings.source
    path = source / _COURSES
    old = SourceText(path.read_bytes() if path.exists() else b"", _COURSES)
    fields = {key: value for key, value in answers.items() if key != "term"}
    more = add_course(old.text, answers["term"], fields)
    files = {_COURSES: old.native(more).decode()}
    if not path.exists() and not (source / _TEACHING).exists():
        front = {"title": _words(settings)["teaching"], "menu": 40}
        files[_TEACHING] = page(front, "```{teaching} courses.yaml\n```")
    return files


def _declare(
    name: str, summary: str, make: Make, next_step: str, *questions: _Question
) -> None:
    """Make a command that writes a new file, or adds to one."""

    def run(options: Namespace) -> int:
        settings = read_settings(options.source)
        answers = {q.name: _answer(q, getattr(options, q.name)) for q in questions}
        files = make(answers, settings)
        paths = [options.source / file for file in files]
        path, text = paths[0], next(iter(files.values()))
        old = path.read_bytes() if path.exists() else None
        if old == text.encode() or (path.suffix == ".md" and old is not None):
            tell(f"labsite: that is in {path.as_posix()} already; edit the file")
            return FOUND
        for file, text in files.items():
            _write_checked(file, text, settings)
        written = ", ".join(path.as_posix() for path in paths)
        write(f"{written}: written; {next_step.format(name=path.stem)}")
        return OK

    needed = ", ".join(f"--{q.name}" for q in questions if q.default is None)
    run.__doc__ = (
        f"{summary}.\n\nAsks for what the command line does not say; without a "
        f"terminal it needs {needed}.\n\nThe exit status is 0 if the file was written, "
        "1 if it has that already,\nand 2 if an answer cannot be used."
    )
    options = (argument(f"--{q.name}", help=q.text, metavar="TEXT") for q in questions)
    command(name, *options)(run)


def _answer(question: _Question, given: str | None) -> str:
    name, default = question.name, question.default
    if given is None:
        given = ask(question.text + (f" [{default}]" if default else ""))
    answer = " ".join((given or default or "").split())
    if not answer and default is None:
        msg = f"there is no {name}; give --{name}"
        raise LabsiteError(msg)
    return answer


def _write_checked(file: str, text: str, settings: Settings) -> None:
    """Write a file; take it back and raise an error if it brings problems."""
    path = settings.source / file
    if not belongs_to(path, repository_of(settings.source)):
        msg = f"{file} is behind a link out of the repository; replace the link"
        raise LabsiteError(msg)
    before = path.read_bytes() if path.exists() else None
    known = {p.message for p in _find_problems(file, settings)} if before else set()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    write_atomically(path, text.encode())
    more = [p for p in _find_problems(file, settings) if p.message not in known]
    if more:
        path.unlink() if before is None else write_atomically(path, before)
        msg = f"nothing was written; give another answer: the check says\n{more[0]}"
        raise LabsiteError(msg)


def _find_problems(file: str, settings: Settings) -> list[Problem]:
    """Return the problems of a file that 'labsite check' finds without its text."""
    courses = read_teaching(settings.source / _COURSES, _COURSES)[1]
    found = [*settings.rules.apply(courses), *load(settings).problems]
    # A topic is older than its first paper.
    return [p for p in found if p.file == file and p.rule != Rule.NEW_TOPIC]


_CHECK = "run 'labsite check'"
_declare(
    "person", "Write the page of a new member", _make_person, _CHECK,
    _Question("name", "Full name, given name first", None),
    _Question("role", f"Role: {', '.join(role_order({}))}", None),
    _Question("joined", "Since when (2026-03)"),
    _Question("github", "Name on GitHub"),
    _Question("orcid", "ORCID"),
    _Question("scholar", "Google Scholar's identifier, or the page's address"),
    _Question("homepage", "Address of a page of their own"),
    _Question("about", "A sentence about their work"),
)  # fmt: skip
_declare(
    "news", "Write an item of news", _make_news, _CHECK,
    _Question("text", "What happened, in a sentence or two", None),
    _Question("kind", f"Kind: {', '.join(KINDS)}", KINDS[-1]),
    # The day where the command runs.
    _Question("date", "Day", date.today().isoformat()),  # noqa: DTZ011 -- see above
)  # fmt: skip
_declare(
    "course", "Add a course to the file of courses", _make_course, _CHECK,
    _Question("term", "Term, as 2026-fall", None),
    _Question("name", "Name of the course", None),
    _Question("level", f"Level: {', '.join(LEVELS)}", "graduate"),
    _Question("code", "Code of the course"),
)  # fmt: skip
_declare(
    "topic", "Write the page of a research topic", _make_topic,
    "add '{name}' to the topics of its papers; then " + _CHECK,
    _Question("title", "Title", None),
    _Question("summary", "One sentence, for the card"),
    _Question("order", "Place among the topics, a number"),
)  # fmt: skip
