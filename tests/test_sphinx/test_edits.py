"""Whatever is edited, the next build ends as a clean one would."""

from __future__ import annotations

import os
import re
from functools import partial
from operator import methodcaller as edit
from typing import TYPE_CHECKING

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.test_sphinx.conftest import Lab, Output

#: How many sequences of any edits are tried besides those below.
SEQUENCES = {"long": 10, "deep": 40}.get(os.environ.get("HYPOTHESIS_PROFILE", ""), 0)
#: Which of several things is meant: taken modulo their number.
WHICH = st.integers(0, 30)
NAMES = ["Jane Roe", "J. Roe", "John Doe", "Edgar Poe", "Ann Lee", "Zoë Ünal"]
TITLES = ["A Title", "{GPU} Trees: on $O(n)$", 'It\'s "so"', "안녕 & more"]
TOPICS = ["graphs", "memory", "new", "nowhere"]
NEW_ENTRY = """\
@inproceedings{{{key},
  author    = {{Roe, Jane and New, Nora}},
  title     = {{A New Paper}},
  booktitle = CONF,
  year      = {{2021}},
  keywords  = {{memory}},
}}
"""
#: Fields of an entry, each with values to give it; ``None`` takes the field out.
FIELDS: dict[str, list[str | None]] = {
    "title": [f"{{{title}}}" for title in TITLES],
    "author": ["{Roe, Jane}", "{Doe, John and Roe, J.}", "{Lee, Ann and others}"],
    "author+an": ["{1=equal; 2=equal}", None],
    "year": ["{2019}", "{2024}", "{2027}", None],
    "month": ["jan", "dec", None],
    "booktitle": ["CONF", "JRNL", "{A Workshop}", None],
    "keywords": ["{graphs}", "{memory, graphs}", "{memory}", "{new}", None],
    "award": ["{Best Paper Award}", "{Best Paper Runner-up}", None],
    "abstract": ["{Short.}", "{Longer, with $x^2$.}", None],
    "code": ["{https://code.example/1}", "{https://code.example/2}", None],
    "data": ["{https://data.example/1}", None],
    "doi": ["{10.1234/5}", "{10.1234/6}", None],
    "ids": ["{old1}", "{old1, old2}", "{doe2023memory}", None],
    "selected": ["{true}", None],
    "pubstate": ["{forthcoming}", None],
    "preview": ["{figures/graphs.png}", "{pictures/map.png}", "{none.png}", None],
    "accepted": ["{2026-01-02}", "{2023-11}", None],
    "note": ["{Extended version}", None],
    "crossref": ["{conf2024}", None],
    "nonsense": ["{x}", None],
}
FIELD_VALUES = [(name, value) for name, values in FIELDS.items() for value in values]
#: Pages that people write; each is found by what comes before it in its name.
PAGE = """\
---
{front}
---

# {title}

{{cite}}`roe2024graphs`, {{pub:ref}}`doe2023memory`, {{person}}`John Doe`,
{{publication-count}}`topic=memory`, {{download}}`{file}`

![A picture]({picture})

## A section

[Contact](/contact.md)
"""
TEXTS = ["One sentence.", "Two {cite}`poe2022other`.", "Of {person}`Edgar Poe`."]
PERSON_FIELDS = [
    ("name", "Jane Roe"), ("name", "Jane Poe"), ("name", "Zoë Ünal"),
    ("role", "phd"), ("role", "postdoc"), ("left", "2026-12"), ("left", "2020"),
    ("left", None), ("joined", "2021-01"), ("aliases", "[E. Poe, Eddie Poe]"),
    ("aliases", None), ("interests", "[memory, walks]"), ("photo", "jane.png"),
    ("photo", None), ("position", "Assistant Professor"), ("github", "octocat"),
    ("awards", "[{name: A Prize, date: 2025, papers: [poe2022other]}]"),
    ("awards", None), ("homepage", "https://poe.example/"), ("name_ko", "홍길동"),
]  # fmt: skip
TOPIC_FIELDS = [
    ("title", "Graphs"), ("title", "Stores"), ("summary", "About."), ("summary", None),
    ("order", "1"), ("order", "7"), ("image", "/pictures/hero.svg"), ("image", None),
]  # fmt: skip
SETTINGS: list[dict[str, object]] = [
    {"html_title": "Another Lab"}, {"html_title": None},
    {"language": "ko"}, {"language": None},
    {"labsite_split_lists_above": 2}, {"labsite_split_lists_above": None},
    {"labsite_source_url": ""}, {"labsite_source_url": None},
    {"labsite_organization": {"name": "A Lab"}}, {"labsite_organization": None},
    {"labsite_redirects": {"old": "contact", "older/page": "team/index"}},
    {"labsite_redirects": {"old": "index"}}, {"labsite_redirects": {}},
    {"labsite_rules": {"missing-topic": "off"}}, {"labsite_rules": None},
    {"html_baseurl": "https://other.example/lab/"}, {"html_baseurl": None},
    {"html_theme_options": {"navigation_with_keys": False}},
    {"html_theme_options": None}, {"html_show_copyright": False},
    {"html_show_copyright": None}, {"nitpicky": True}, {"nitpicky": None},
    {"html_css_files": ["lab.css"]}, {"html_css_files": None},
    {"html_copy_source": True}, {"html_copy_source": None},
]  # fmt: skip
#: Days before, between and after those on which the site changes by itself.
DAYS = [1_795_000_000, 1_805_000_000, 1_835_000_000, 1_600_000_000]
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><g id="{}"/></svg>'
SHAPES = ["1", "2", "2.5", '1"/><script/><g id="']
STATIC = {
    "static/lab.css": [".labsite-paper{color:red}", "a{color:blue}"],
    "static/sub/more.txt": ["More.", "Even more."],
    "static/mode.js": ["let mode = 1;", "let mode = 2;"],
    "_static/labsite/frame.css": ["p{margin:0}", ".labsite-chip{margin:1em}"],
    "_extra/humans.txt": ["Us.", "Them."],
    "_templates/labsite-redirect.html": ["Now: {{ target }}"],
    "_templates/labsite-address.html": ["Here.", "There."],
    "_templates/labsite-head.html": ["<!-- {{ pagename }} -->"],
}


class Edits(RuleBasedStateMachine):
    """Edits of a lab's site, in any order; after each the site is built."""

    #: set by :func:`run`
    make: Callable[[], Lab]
    jobs: int
    output: Output

    @initialize()
    def begin(self) -> None:
        self.lab = type(self).make()
        self.number = 0

    @invariant()
    def the_output_is_that_of_a_clean_build(self) -> None:
        self.output = self.lab.build(jobs=self.jobs)
        clean = self.lab.build_clean(jobs=self.jobs)
        assert self.output.differences(clean) == []

    # Entries.

    @rule(after=WHICH)
    def add_entry(self, after: int) -> None:
        head, entries = self._entries()
        self.number += 1
        entry = NEW_ENTRY.format(key=f"new{self.number}")
        entries.insert(after % (len(entries) + 1), entry)
        self._write_entries(head, entries)

    @rule(which=WHICH, change=st.sampled_from(FIELD_VALUES))
    def change_entry(self, which: int, change: tuple[str, str | None]) -> None:
        head, entries = self._entries()
        name, value = change
        if entries:
            which %= len(entries)
            entry = re.sub(rf"(?m)^  {re.escape(name)} *=.*\n", "", entries[which])
            if value is not None:
                entry = entry.replace("\n", f"\n  {name} = {value},\n", 1)
            entries[which] = entry
        self._write_entries(head, entries)

    @rule(which=WHICH)
    def remove_entry(self, which: int) -> None:
        head, entries = self._entries()
        if entries:
            del entries[which % len(entries)]
        self._write_entries(head, entries)

    @rule(which=WHICH, keep=st.booleans())
    def rename_entry(self, which: int, keep: bool) -> None:
        head, entries = self._entries()
        self.number += 1
        if entries:
            which %= len(entries)
            old = re.search(r"\{([^,]*),", entries[which])
            assert old
            ids = f"\n  ids = {{{old[1]}}}," if keep else ""
            entries[which] = entries[which].replace(
                old[0], f"{{Key:{self.number},{ids}", 1
            )
        self._write_entries(head, entries)

    @rule(which=WHICH, to=WHICH)
    def move_entry(self, which: int, to: int) -> None:
        head, entries = self._entries()
        if entries:
            entry = entries.pop(which % len(entries))
            entries.insert(to % (len(entries) + 1), entry)
        self._write_entries(head, entries)

    @rule(which=WHICH)
    def break_or_mend_entry(self, which: int) -> None:
        head, entries = self._entries()
        if entries:
            which %= len(entries)
            entry = entries[which].rstrip()
            whole = entry.endswith(",\n}")
            entries[which] = (entry[:-1] if whole else f"{entry}\n}}") + "\n"
        self._write_entries(head, entries)

    @rule(text=st.sampled_from(["% A comment.\n\n", ""]))
    def change_comment(self, text: str) -> None:
        bib = re.sub(r"\A(% A comment.\n\n)?", text, self.lab.read("publications.bib"))
        self.lab.write("publications.bib", bib)

    @rule(name=st.sampled_from(["Conference on Examples", "Venue of Examples", ""]))
    def rename_venue(self, name: str) -> None:
        bib = self.lab.read("publications.bib")
        bib = re.sub(r"CONF = .*", f'CONF = "{name}"}}', bib, count=1)
        self.lab.write("publications.bib", bib)

    # Pages.

    @rule(
        name=st.sampled_from(["about", "team/about", "research/new", "contact"]),
        front=st.sampled_from(["orphan: true", "title: T", "summary: S"]),
        title=st.sampled_from(TITLES),
        picture=st.sampled_from(["/pictures/map.png", "/team/jane.png"]),
        file=st.sampled_from(["/publications.bib", "/static/lab.css"]),
    )
    def write_page(self, name: str, **parts: str) -> None:
        self.lab.write(f"{name}.md", PAGE.format(**parts))

    @rule(which=WHICH, text=st.sampled_from([*TEXTS, "## Another section"]))
    def extend_page(self, which: int, text: str) -> None:
        name = self._any_page(which)
        self.lab.write(name, f"{self.lab.read(name)}\n{text}\n")

    @rule(which=WHICH, title=st.sampled_from(TITLES))
    def retitle_page(self, which: int, title: str) -> None:
        name = self._any_page(which)
        text = re.sub(r"(?m)^# .*$", f"# {title}", self.lab.read(name), count=1)
        self.lab.write(name, text)

    @rule(which=WHICH)
    def remove_page(self, which: int) -> None:
        name = self._any_page(which)
        if name != "index.md":
            self.lab.path(name).unlink()

    @rule(which=WHICH, to=st.sampled_from(["moved", "nora-new", "graphs", "about"]))
    def move_page(self, which: int, to: str) -> None:
        """Move a page, perhaps over another; the time of change stays its own."""
        name = self._any_page(which)
        if name != "index.md":
            path = self.lab.path(name)
            path.replace(path.with_stem(to))

    @rule(
        line=st.sampled_from(
            ["about", "A name <contact>", "Elsewhere <https://x.example>", "team/index"]
        )
    )
    def change_contents(self, line: str) -> None:
        index = self.lab.read("index.md")
        changed = index.replace(f"\n{line}\n", "\n", 1)
        if changed == index:
            changed = re.sub(
                r"```\{toctree\}\n:hidden:\n\n?", rf"\g<0>{line}\n", index, count=1
            )
        self.lab.write("index.md", changed)

    @rule()
    def number_pages_or_not(self) -> None:
        old, new = "{toctree}\n:hidden:", "{toctree}\n:numbered:\n:hidden:"
        index = self.lab.read("index.md")
        old, new = (old, new) if old in index else (new, old)
        self.lab.write("index.md", index.replace(old, new))

    # Topics, people, news, courses.

    @rule(which=WHICH, change=st.sampled_from(TOPIC_FIELDS))
    def change_topic(self, which: int, change: tuple[str, str | None]) -> None:
        self._change_front("research", which, *change)

    @rule(which=WHICH, change=st.sampled_from(PERSON_FIELDS))
    def change_person(self, which: int, change: tuple[str, str | None]) -> None:
        self._change_front("team", which, *change)

    @rule(name=st.sampled_from(NAMES))
    def add_person(self, name: str) -> None:
        self.number += 1
        self.lab.write(
            f"team/new-{self.number}.md", f"---\nname: {name}\nrole: ms\n---\n"
        )

    @rule(
        name=st.sampled_from(["graphs", "new"]),
        date=st.sampled_from(["2024-02-20", "2026-01", "2020", "never"]),
        kind=st.sampled_from(["paper", "news"]),
        text=st.sampled_from(TEXTS),
    )
    def write_news(self, name: str, date: str, kind: str, text: str) -> None:
        front = f"---\ndate: {date}\nkind: {kind}\n---\n\n"
        self.lab.write(f"news/{name}.md", f"{front}{text}\n")

    @rule(which=WHICH)
    def remove_news(self, which: int) -> None:
        pages = self.lab.pages("news")
        if pages:
            self.lab.path(pages[which % len(pages)]).unlink()

    @rule(level=st.sampled_from(["graduate", "undergraduate", "unheard of"]))
    def change_courses(self, level: str) -> None:
        text = self.lab.read("teaching/courses.yaml")
        text = re.sub("level: .*", f"level: {level}", text)
        self.lab.write("teaching/courses.yaml", text)

    # Files of other sorts, settings, and time.

    @rule(
        name=st.sampled_from(["figures/graphs", "team/jane", "pictures/map"]),
        colour=st.integers(0, 3),
    )
    def repaint(self, name: str, colour: int) -> None:
        self.lab.paint(f"{name}.png", 50 * colour)

    @rule(name=st.sampled_from(["figures/graphs", "team/jane", "pictures/map"]))
    def remove_picture(self, name: str) -> None:
        self.lab.path(f"{name}.png").unlink(missing_ok=True)

    @rule(
        name=st.sampled_from(["figures/map", "team/jane", "pictures/map"]),
        other=st.sampled_from(["figures/map", "team/jane", "pictures/map"]),
    )
    def move_picture(self, name: str, other: str) -> None:
        path = self.lab.path(f"{name}.png")
        if path.is_file():
            path.replace(self.lab.path(f"{other}.png"))

    @rule(shape=st.sampled_from(SHAPES))
    def redraw(self, shape: str) -> None:
        self.lab.write("pictures/hero.svg", DRAWING.format(shape))

    @rule(shape=st.sampled_from(SHAPES))
    def replace_drawing_by_an_older_one(self, shape: str) -> None:
        self.lab.write("pictures/other.svg", DRAWING.format(shape))
        self.lab.age("pictures/other.svg")
        self.lab.path("pictures/other.svg").replace(self.lab.path("pictures/hero.svg"))

    @rule(name=st.sampled_from(sorted(STATIC)), which=WHICH)
    def write_file(self, name: str, which: int) -> None:
        texts = STATIC[name]
        self.lab.write(name, texts[which % len(texts)] + "\n")

    @rule(name=st.sampled_from(sorted(STATIC)))
    def remove_file(self, name: str) -> None:
        self.lab.path(name).unlink(missing_ok=True)

    @rule(change=st.sampled_from(SETTINGS))
    def change_setting(self, change: dict[str, object]) -> None:
        self.lab.configure(**change)

    @rule(day=st.sampled_from(DAYS))
    def change_day(self, day: int) -> None:
        self.lab.day = day

    @rule(which=WHICH)
    def touch(self, which: int) -> None:
        paths = sorted(path for path in self.lab.source.rglob("*") if path.is_file())
        path = paths[7 * which % len(paths)]
        self.lab.touch(path.relative_to(self.lab.source).as_posix())

    # How the rules read and write.

    def _entries(self) -> tuple[str, list[str]]:
        """Return everything that is no paper, and the papers."""
        parts = re.split(r"(?m)^(?=@)", self.lab.read("publications.bib"))
        head = [p for p in parts if re.match(r"@(string|proceedings)|[^@]|$", p)]
        return "".join(head), [part for part in parts if part not in head]

    def _write_entries(self, head: str, entries: list[str]) -> None:
        self.lab.write("publications.bib", head + "".join(entries))

    def _any_page(self, which: int) -> str:
        folders = ["research", "team", "."]
        pages = [page for folder in folders for page in self.lab.pages(folder)]
        pages += [f"{folder}/index.md" for folder in (".", "research", "team", "news")]
        there = [page for page in pages if self.lab.path(page).is_file()]
        return there[which % len(there)].removeprefix("./")

    def _change_front(
        self, folder: str, which: int, name: str, value: str | None
    ) -> None:
        pages = self.lab.pages(folder)
        if pages:
            page = pages[which % len(pages)]
            pattern = rf"(?ms)^{name}:.*?(?=^\w|^---)"
            text = re.sub(pattern, "", self.lab.read(page), count=1)
            if value is not None:
                text = text.replace("---\n", f"---\n{name}: {value}\n", 1)
            self.lab.write(page, text)


#: Edits between two builds, in order, for each kind of site. Every rule is among them.
STEPS = {
    "full": [
        [edit("add_entry", 1), edit("change_person", 1, ("name", "Jane Poe"))],
        [
            edit(
                "write_page",
                "about",
                front="title: T",
                title="It's",
                picture="/pictures/map.png",
                file="/publications.bib",
            ),
            edit("change_contents", "about"),
            edit("rename_venue", "Venue of Examples"),
        ],
        [
            edit("rename_entry", 2, keep=True),
            edit("write_news", "new", date="2026-01", kind="paper", text=TEXTS[1]),
        ],
        [edit("change_setting", {"labsite_split_lists_above": 2}), edit("redraw", "2")],
        [edit("change_day", DAYS[1]), edit("repaint", "team/jane", 3)],
        [
            edit("change_entry", 0, ("crossref", "{conf2024}")),
            edit("write_file", "_templates/labsite-address.html", 0),
            edit("move_page", 5, "moved"),
        ],
        [edit("remove_file", "_extra/humans.txt"), edit("remove_page", 0)],
    ],
    "light": [
        [edit("break_or_mend_entry", 0), edit("add_person", "Ann Lee")],
        [
            edit("break_or_mend_entry", 0),
            edit("change_topic", 1, ("title", "Stores")),
            edit("number_pages_or_not"),
        ],
        [
            edit("move_picture", "pictures/map", "figures/map"),
            edit("change_courses", "unheard of"),
            edit("number_pages_or_not"),
            edit("touch", 3),
        ],
        [edit("remove_entry", 1), edit("retitle_page", 5, TITLES[3])],
        [
            edit("change_setting", {"language": "ko"}),
            edit("change_comment", ""),
            edit("move_entry", 0, 2),
        ],
        [
            edit("change_setting", {"language": None}),
            edit("extend_page", 0, TEXTS[1]),
            edit("replace_drawing_by_an_older_one", "1"),
        ],
        [edit("remove_news", 0), edit("remove_picture", "figures/graphs")],
    ],
}
#: What fails is the last of the edits; to look for fewer would take hundreds of builds.
LOOK = settings(
    max_examples=SEQUENCES or 1, stateful_step_count=40, phases=[Phase.generate]
)


@pytest.mark.parametrize(
    ("jobs", "kind"),
    [(0, "full"), (2, "light"), *([(0, "light"), (2, "full")] if SEQUENCES else [])],
)
def test_after_any_edits_the_output_is_that_of_a_clean_build(
    make_lab: Callable[..., Lab], jobs: int, kind: str
) -> None:
    make = staticmethod(partial(make_lab, light=kind == "light", built=True))
    machine = type("Edits", (Edits,), {"make": make, "jobs": jobs})
    site = machine()
    site.begin()
    site.the_output_is_that_of_a_clean_build()
    for step in STEPS[kind]:
        before = site.output
        for change in step:
            change(site)
        site.the_output_is_that_of_a_clean_build()
        assert site.output.differences(before) != []
    if SEQUENCES:
        run_state_machine_as_test(machine, settings=LOOK)
