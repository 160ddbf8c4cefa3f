"""Commands that create, import and serve a site."""

from __future__ import annotations

import re
import shlex
from argparse import Namespace
from errno import EADDRINUSE
from pathlib import Path

from labsite.cli import FOUND, OK, argument, command
from labsite.cli.output import ask, tell, write
from labsite.model.problems import LabsiteError, printable
from labsite.scaffold import WORDS, Identity
from labsite.scaffold import write_site as write_new_site
from labsite.site.configuration import run_configuration
from labsite.text.names import given_name_first

_QUESTIONS = {
    "name": "the lab's name",
    "short_name": "the lab's short name, for the header",
    "university": "the lab's university",
    "address": "the lab's postal address, in a line",
    "language": f"the site's language: {', '.join(WORDS)}",
    "person": "the head of the lab, given name first",
}


@command(
    "new",
    argument("folder", type=Path, metavar="DIR", help="where to write it"),
    *(
        argument(f"--{name.replace('_', '-')}", metavar="TEXT", help=question)
        for name, question in _QUESTIONS.items()
    ),
)  # fmt: skip
def new(options: Namespace) -> int:
    """Write the repository of a new site: settings, pages, an example of each record.

    Without --name it asks for what the other options do not say, if there is a terminal
    to ask in. A lab without a name is called like the folder. All answers can be
    changed later, in conf.py and the pages.
    """
    folder = options.folder
    known = {name: getattr(options, name) for name in _QUESTIONS}
    if options.name is None:
        known |= {n: ask(q) for n, q in _QUESTIONS.items() if known[n] is None}
    given = {name: text for name, text in known.items() if text}
    given.setdefault("name", folder.resolve().name)
    language = given.get("language", "en")
    given["language"] = re.split("[-_]", language.lower())[0]
    if given["language"] not in WORDS:
        msg = f"there is no language '{language}'; write one of {', '.join(WORDS)}"
        raise LabsiteError(msg)
    if "person" in given:
        given["person"] = given_name_first(given["person"])
    names = write_new_site(folder, Identity(**given))
    place = shlex.quote(str(folder))
    tell(f"wrote {len(names)} files; next: cd {place} && git init && make html")
    return OK


@command(
    "import",
    argument(
        "old", type=Path, metavar="OLD", help="the old site's folder, or a .bib file"
    ),
    argument(
        "--into", type=Path, metavar="DIR",
        help="the new site's folder, which must be empty (OLD's name and -labsite)",
    ),
)  # fmt: skip
def import_site(options: Namespace) -> int:
    """Make a site of a lab's site in another system.

    OLD is a checkout of a site of al-folio, lab-website-template or HugoBlox
    (Wowchemy), or a bibliography. Nothing is written into it. The new site is built
    strictly; what was not imported is printed with its file and line.

    The exit status is 0 if the strict build passes, 1 if not, and 2 if there is nothing
    that can be imported.
    """
    # These take longer to import than the other commands to run.
    from labsite.importing.conversion import write_site  # noqa: PLC0415 -- see above
    from labsite.importing.documents import convert  # noqa: PLC0415
    from labsite.importing.readers import read  # noqa: PLC0415
    from labsite.importing.tree import Tree  # noqa: PLC0415

    old: Path = options.old
    into: Path = options.into or Path(f"{old.resolve().stem}-labsite")
    _check_folders(old, into)
    tree = Tree(old)
    made = read(tree)
    if made is None:
        msg = f"{old}: no site of a system that can be read, and no .bib file"
        raise LabsiteError(msg)
    convert(made)
    problems, failure = write_site(made, into)
    notes = sorted(set(tree.notes))
    for note in notes:
        write(printable(note))
    tell(f"{made.system}: {made.summary}; {len(notes)} notes above")
    tell(f"labsite check --source {into} finds {problems} problems")
    if failure:
        tell(f"the strict build fails:\n{failure}")
        return FOUND
    tell(f"the strict build passes: {into / '_build/html/index.html'}")
    return OK


def _check_folders(old: Path, into: Path) -> None:
    """Refuse folders from which, or into which, nothing can be imported."""
    msg = ""
    if not old.exists():
        msg = f"{old}: there is no such folder or file"
    elif old.is_dir() and into.resolve().is_relative_to(old.resolve()):
        msg = f"{into}: lies in {old}, into which nothing is written; name another"
    elif into.exists() and (not into.is_dir() or any(into.iterdir())):
        msg = f"{into}: is there already; name an empty folder with --into"
    if msg:
        raise LabsiteError(msg)


@command(
    "live",
    argument(
        "--port", type=int, default=8000,
        help="the port at 127.0.0.1 (8000); 0: any that is free",
    ),
)  # fmt: skip
def live(options: Namespace) -> int:
    """Show the site in a browser, and build and reload it after every change.

    A change of a page, a data file, a template or the settings is seen at once.
    Warnings are shown, and stop nothing. Interrupt the command (Ctrl+C) to end it.
    """
    # Sphinx takes long to import, and no other command needs it.
    from labsite.sphinx.live import serve  # noqa: PLC0415 -- see above

    run_configuration(options.source)  # which refuses a folder without a site
    output = options.source / "_build" / "live"
    output.mkdir(parents=True, exist_ok=True)  # not by Sphinx, which shows a traceback
    try:
        serve(options.source, output, options.port)
    except (OSError, OverflowError) as error:
        if getattr(error, "errno", EADDRINUSE) != EADDRINUSE:
            raise
        msg = f"port {options.port} is taken or too high; name another with --port"
        raise LabsiteError(msg) from error
    return OK
