"""An old site and the new one made of it so far, and writing and building that."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from labsite.checks import load
from labsite.importing.markup import Rewriter, as_literal
from labsite.importing.tree import NAMES, Record, Tree, match_first
from labsite.model.problems import Severity
from labsite.model.records import Library, Role
from labsite.scaffold import WORDS, Identity, page
from labsite.scaffold import write_site as write_new
from labsite.site.configuration import read_settings
from labsite.text.spellings import slug_of
from labsite.text.values import parse_address, parse_arxiv, parse_doi, without_version

BIBFILE = "publications.bib"
TOPICS_FIELD = "topics"
_WARNING = re.compile(
    r"^(.+?)\.md(?::(\d+))?: (?:WARNING|ERROR|CRITICAL|SEVERE): (.*)", re.MULTILINE
)
#: Rules that imported data may break.
_POLICIES = {"audit", "bad-preview", "bad-query", "empty-topic", "missing-topic"}
_FORMULAS = """
# Formulas between dollar signs, but no prices.
myst_enable_extensions = ["attrs_block", "attrs_inline", "colon_fence", "dollarmath"]
myst_dmath_allow_space = myst_dmath_allow_digits = False
"""
_PAPERS = "publications/"
#: "python -m sphinx" fails in a locale that is not installed.
_SPHINX = "import sys, sphinx.cmd.build as b; sys.exit(b.build_main(sys.argv[1:]))"
_FENCE = 8  #: tildes around a page of literal text


@dataclass(frozen=True, kw_only=True)
class Paper:
    """An entry of a bibliography."""

    source: Record
    entry_type: str
    key: str
    fields: Mapping[str, str]  #: values with their delimiters
    topics: tuple[str, ...] = ()  #: words for topics


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page of the new site: of a person, a topic, an item of news, or a plain one."""

    docname: str  #: empty for a page without text, whose address is redirected
    front: Mapping[str, Any]  #: the front matter
    source: Record = field(default_factory=lambda: Record(file=""))
    body: str = ""  #: of the old site until the links are known
    tail: str = ""  #: what follows the text
    sections: str = ""  #: those of the text, if they are below the tail
    picture: str = ""  #: its old address
    words: tuple[str, ...] = ()  #: of a topic: the words by which papers name it

    @property
    def name(self) -> str:
        """The last part of the document's name."""
        return self.docname.rpartition("/")[2]

    def text(self, *, literal: bool = False) -> str:
        """Return the file's text, with the texts of the old site as literal text."""
        texts = (self.body, self.sections)
        body, rest = (as_literal(t, _FENCE) if literal and t else t for t in texts)
        return page(self.front, body, self.tail, rest)


@dataclass(kw_only=True)
class Conversion:
    """What was found in an old site, and the new one as far as it has been made."""

    tree: Tree
    system: str
    identity: Identity
    domain: str  #: the content of the file CNAME
    papers: Sequence[Paper]
    macros: Mapping[str, str]  #: of ``@string``
    found: Sequence[Page]  #: of plain ones that are lists only the addresses
    pages: dict[str, Page] = field(default_factory=dict)  #: by document
    bibliography: str = ""  #: complete before pages are rewritten
    library: Library = field(default_factory=Library)  #: what is in it
    #: By old address; a page of contacts is there in any case.
    documents: dict[str, str] = field(default_factory=lambda: {"contact": "contact"})
    copies: dict[str, Path] = field(default_factory=dict)  #: files, by new path

    def find(self, folder: str) -> list[Page]:
        """Return the old pages for a folder of the new site."""
        return [p for p in self.found if Path(p.docname).parent.name == folder]

    @cached_property
    def keys(self) -> dict[str, str]:
        """The keys of papers, by key, title and identifier in lower case."""
        keys: dict[str, str] = {}
        for key, paper in self.library.by_key.items():
            arxiv = without_version(paper.arxiv or "")
            names = filter(None, (key, str(paper.title), paper.doi, arxiv))
            keys |= {name.lower(): paper.key for name in names}
        return keys

    @property
    def summary(self) -> str:
        """The number of records of each kind."""
        names = self.pages.keys() - NAMES["lists"].keys()
        number = Counter(Path(name).parent.name for name in names)
        return (
            f"{len(self.library.publications)} papers, {number['team']} people, "
            f"{number['research']} topics, {number['news']} news, "
            f"{len(self.pages)} pages"
        )

    @property
    def redirects(self) -> dict[str, str]:
        """The document for each old address that has no page now."""
        papers = {f"{_PAPERS}{p.key}" for p in self.library.publications}
        documents = papers | self.pages.keys()
        taken = {docname.casefold() for docname in documents}
        return {
            address: docname
            for old, docname in self.documents.items()
            for address in (old, f"{old}/index")
            if old and address.casefold() not in taken and docname in documents
            if not re.search(r"^_|^content/|\.\.|[:\\]|//", old)
        }

    def redirect(self, record: Record, docname: str) -> None:
        """Map old addresses and the file of a record to a document, unless mapped."""
        for address in (*record.addresses, *filter(None, [record.file])):
            self.documents.setdefault(bare(address), docname)

    def place(self, page: Page) -> Page:
        """Return a page with a document of its own, to which its old addresses lead."""
        docname = free_name(page.docname, self.pages.__contains__)
        if docname != page.docname:
            note = f"{docname}.md: {page.docname}.md may be about the same"
            self.tree.note(page.source, note)
        self.pages[docname] = replace(page, docname=docname)
        self.redirect(page.source, docname)
        return self.pages[docname]

    def rewrite(self, page: Page, docname: str) -> str:
        """Return the text of an old page in MyST for the document *docname*."""
        return Rewriter(
            link=lambda address: self.resolve(address, page.source, docname),
            keys=self.keys,
            note=lambda what, text: self.tree.note(page.source, what, text),
            listed=NAMES["lists"].get(docname, [""])[0],
        ).rewrite(page.body)

    def copy(
        self, address: str, into: str, *folders: str, stem: str = ""
    ) -> str | None:
        """Plan to copy a file, in *folders* or alone, under a new *stem*."""
        path = self.tree.find_file(address, *folders)
        if path is None:
            return None
        name, end = slug_of(stem or path.stem) or "file", path.suffix.lower()
        taken = self.copies
        new = free_name(f"{into}/{name}", lambda n: taken.get(n + end, path) != path)
        taken[new + end] = path
        return new + end

    def resolve(self, address: str, record: Record, docname: str) -> str | None:
        """Return the new address for one on the page *docname*.

        It is ``None`` for a broken link, "" for one to the page itself, and "pub:" and
        a key for a paper. A part behind "#" is kept: see ``keep_anchors``.
        """
        address, base = address.strip(), self.identity.base_url
        for prefix in (base, urlsplit(base).path):
            path = address.removeprefix(prefix)
            address = (path or "/") if path[:1] in {"", *"/?#"} else address
        if re.match(r"(?:https?:)?//", address):
            address = re.sub("^//", "https://", address)
            arxiv = without_version(parse_arxiv(address) or "")
            key = self.keys.get((parse_doi(address) or arxiv).lower())
            return f"pub:{key}" if key else parse_address(address)
        if address.startswith("mailto:"):
            return None if re.search(r"[\s()]", address) else address
        path, _, fragment = address.partition("#")
        path = unquote(path.partition("?")[0])
        known = map(self.documents.get, (bare(path), bare(f"{record.folder}/{path}")))
        target = "index" if path == "/" else next(filter(None, known), None)
        target = target or match_first("sections", bare(path))
        if fragment in self.library.by_key:  # an entry in a list of papers
            target = f"{_PAPERS}{fragment}"
        if target.startswith(_PAPERS) and target != f"{_PAPERS}index":
            return f"pub:{target.removeprefix(_PAPERS)}"
        anchor = f"#{unquote(fragment)}" if fragment else ""
        if target == docname or not path:
            return anchor
        if target:
            return f"/{target}.md{anchor}"
        is_page = path.endswith((".md", ".markdown"))  # that has no new one
        copied = not is_page and self.copy(path, "_static/files", record.folder)
        return f"/{copied}" if copied else None


def free_name(name: str, is_taken: Callable[[str], bool]) -> str:
    """Return a name, with the first number behind it that makes it unique."""
    numbered = (f"{name}-{number}" for number in count(2))
    return next(n for n in numbered if not is_taken(n)) if is_taken(name) else name


def bare(address: str) -> str:
    """Return an address without outer slashes, suffix and "index"."""
    path = re.sub(r"[?#].*", "", address).lstrip("./").rstrip("/")
    path = re.sub(r"\.(?:html?|md|markdown)$", "", path)
    return re.sub(r"(?:^|/)_?index$", "", path)


def write_site(made: Conversion, into: Path) -> tuple[int, str]:
    """Write a site into a folder, and build it strictly.

    Return the number of problems of ``labsite check``, and the output of a build that
    failed.

    :raises OSError: if a file cannot be written
    """
    files = {f"{docname}.md": page.text() for docname, page in made.pages.items()}
    files |= {BIBFILE: made.bibliography}
    files |= {"_extra/CNAME": f"{made.domain}\n"} if made.domain else {}
    write_new(into, made.identity, _settings_of(made) + _FORMULAS, files)
    for name, source in made.copies.items():
        (into / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, into / name)
    guide = into / "CONTRIBUTING.md"
    text = guide.read_text(encoding="utf-8")
    guide.write_text(text.replace("`keywords`", f"`{TOPICS_FIELD}`"), encoding="utf-8")
    problems = load(read_settings(into)).problems
    broken = {p.rule.value for p in problems if p.severity is Severity.ERROR}
    rules = dict.fromkeys(sorted(_POLICIES | broken), "warning")
    with (into / "conf.py").open("a", encoding="utf-8") as file:
        file.write("# Rules that the data of the earlier site break.\n")
        file.write(_assign(labsite_rules=rules))
    return len(problems), _build(made, into)


def _settings_of(made: Conversion) -> str:
    """Return the lines of conf.py for the data of the old site."""
    roles = dict.fromkeys(p.front.get("role", "member") for p in made.find("team"))
    labels = {r: r.replace("-", " ").capitalize() for r in roles if r not in {*Role}}
    words = WORDS[made.identity.language]
    is_english = made.identity.language == "en"
    return _assign(
        html_extra_path=["_extra"] if made.domain else [],
        labsite_topics_field=TOPICS_FIELD,
        # Pygments may not know the language of code.
        suppress_warnings=["misc.highlighting_failure", "myst.header"],
        labsite_roles={
            role: {"name": words.get(role, name), "plural": words.get(role, plural)}
            for role, name in labels.items()
            # It is often the heading of a group.
            for plural in [name.removesuffix("s") + "s" if is_english else name]
        },
        labsite_redirects=made.redirects,
    )


def _assign(**settings: object) -> str:
    """Return the settings that are not empty, as Python."""
    encode = json.JSONEncoder(indent=4, ensure_ascii=False).encode
    return "".join(f"{n} = {encode(v)}\n" for n, v in settings.items() if v)


def _build(made: Conversion, into: Path) -> str:
    """Build the site until no more page has a warning; those become literal text."""
    options = ["-n", "-W", "--keep-going", "-q", "--no-color", "-b", "html"]
    command = [sys.executable, "-c", _SPHINX, *options, ".", "_build/html"]
    pages = dict(made.pages)
    while True:
        done = subprocess.run(  # noqa: S603 -- Sphinx, with options of our own
            command, cwd=into, capture_output=True, text=True, check=False
        )
        known = len(pages)
        for file, line, message in _WARNING.findall(done.stderr):
            docname = Path(os.path.relpath(file, into.resolve())).as_posix()
            if page := pages.pop(docname, None):
                source = Record(file=f"{docname}.md", line=int(line or 1))
                made.tree.note(source, f"left as text: {message[:120]}")
                text = page.text(literal=True)
                (into / source.file).write_text(text, encoding="utf-8")
        if done.returncode == 0 or len(pages) == known:
            return done.stderr if done.returncode else ""
