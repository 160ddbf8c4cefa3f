"""Add the papers of an issue that was made with the form "A new paper".

The text of the issue is data: it is read from a variable of the environment, handed to
``labsite add`` on its standard input, and written into a file. No part of it becomes a
command, an option or a line of the workflow's output.

Usage: ISSUE_BODY=… python scripts/add_from_issue.py SITE REPORT

REPORT gets the text of the pull request, in Markdown. The output is one line for
GITHUB_OUTPUT, "key=" and the first new key; nothing where no paper was added.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

_LONGEST = 200_000  #: characters of an issue; GitHub takes 65,536
_FENCED = re.compile(r"\A\s*(`{3,})[^\n]*\n(.*?)\n?\1\s*\Z", re.DOTALL)
_KEY = re.compile(r": added ([A-Za-z0-9][A-Za-z0-9:._-]*)$", re.MULTILINE)
_TOPIC = re.compile(r"[a-z0-9][a-z0-9-]*")
_HEADINGS = {
    "paper": "BibTeX, DOI or arXiv identifier",
    "topic": "Research topic",
    "links": "Code, slides, poster, video",
}


def read_form(body: str) -> dict[str, str]:
    """Return the answers of the form, by the names of :data:`_HEADINGS`."""
    text = body.replace("\r\n", "\n")[:_LONGEST]
    found = {}
    for name, heading in _HEADINGS.items():
        start = text.find(f"### {heading}\n")
        if start < 0:
            continue
        rest = text[start + len(heading) + 5 :]
        others = (rest.find(f"\n### {each}\n") for each in _HEADINGS.values())
        answer = rest[: min((at for at in others if at >= 0), default=len(rest))]
        fenced = _FENCED.match(answer)
        answer = (fenced[2] if fenced else answer).strip()
        found[name] = "" if answer == "_No response_" else answer
    return found


def fence(text: str) -> str:
    """Return text as a block of code that nothing in it can end."""
    longest = max(map(len, re.findall("`+", text)), default=0)
    mark = "`" * max(3, longest + 1)
    return f"{mark}text\n{text.strip()}\n{mark}\n"


def run(site: Path, *arguments: str, text: str = "") -> tuple[int, str, str]:
    """Run a command of labsite; return its status and what it said."""
    command = [sys.executable, "-m", "labsite", *arguments, "--source", str(site)]
    done = subprocess.run(  # noqa: S603 -- a list, of which topics alone are from outside
        command, input=text, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout, done.stderr


def add(site: Path, body: str) -> tuple[str, str | None]:
    """Add the papers; return the report, and the first new key if there is one."""
    form = read_form(body)
    topics = [t for t in re.split(r"[\s,]+", form.get("topic", "")) if t]
    wrong = [topic for topic in topics if not _TOPIC.fullmatch(topic)]
    if wrong or not form.get("paper"):
        return "The form has no paper, or a topic that cannot be one.\n", None
    options = [part for topic in topics for part in ("--topic", topic)]
    _, said, notes = run(site, "add", "-", *options, text=form["paper"])
    key = _KEY.search(said)
    parts = [
        "## What was added\n",
        fence(said or "nothing"),
        "## Notes\n",
        fence(notes),
    ]
    if form.get("links"):
        parts += ["## Links to add by hand\n", fence(form["links"])]
    if key:
        _, checked, _ = run(site, "check")
        _, changes, _ = run(site, "diff", "HEAD", "--format", "markdown")
        parts += ["## What `labsite check` says\n", fence(checked or "no problem")]
        parts += ["## What visitors will notice\n", changes]
    return "\n".join(parts), key[1] if key else None


def main(site: str, report: str) -> int:
    """Write the report, and say the key."""
    text, key = add(Path(site), os.environ.get("ISSUE_BODY", ""))
    Path(report).write_text(text, encoding="utf-8")
    if key:
        sys.stdout.write(f"key={key}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
