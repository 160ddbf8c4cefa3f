"""News is read with its faults, and a paper that is accepted is news by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from labsite.bibtex.reader import read_library
from labsite.checks.pages import check_news
from labsite.model.dates import PartialDate
from labsite.model.records import NewsItem, Person, Role
from labsite.model.sources import PageSource
from labsite.pages.news import read_news, sort_news
from labsite.site.news import anchor, drafted_news, news_text
from labsite.site.site import SiteRecords
from labsite.text.markup import find_roles, plain_text

if TYPE_CHECKING:
    from pathlib import Path

    from labsite.model.problems import Problem
    from labsite.model.records import Library


def say(problem: Problem) -> str:
    return f"{problem.file}:{problem.line}: {problem.message} [{problem.rule}]"


def read(folder: Path, **pages: str) -> tuple[dict[str, NewsItem], list[str]]:
    for name, text in pages.items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
    items, problems = read_news(folder, "news")
    return {item.slug: item for item in items}, [say(p) for p in problems]


def make_item(slug: str, issued: PartialDate, **parts: object) -> NewsItem:
    known: dict[str, object] = {"slug": slug, "issued": issued, "text": "Text."}
    known["source"] = PageSource(file=f"news/{slug}.md")
    return NewsItem(**(known | parts))  # type: ignore[arg-type]  # parts by name


def accepted(*keys: str, date: str = "2026-06-18") -> Library:
    entries = (
        f"@inproceedings{{{key},\n  title = {{A Paper}},\n  author = {{A B}},\n"
        f"  year = 2026,\n  accepted = {{{date}}},\n}}\n"
        for key in keys
    )
    return read_library([("lab.bib", "".join(entries))])


def test_an_item_is_read(tmp_path: Path) -> None:
    text = "---\ndate: 2026-06-18\nkind: paper\n---\n\nSee {cite}`a2026`.\n"
    items, problems = read(tmp_path, starlinc=text, index="# News")
    assert problems == []
    item = items["starlinc"]
    assert (item.issued, item.kind) == (PartialDate(2026, 6, 18), "paper")
    assert (item.text, item.papers) == ("See {cite}`a2026`.", ("a2026",))
    assert not item.drafted


def test_the_kind_may_be_left_out_and_the_day_unknown(tmp_path: Path) -> None:
    items, problems = read(tmp_path, a="---\ndate: 2026-06\n---\nText.")
    assert (items["a"].kind, items["a"].issued) == ("news", PartialDate(2026, 6))
    assert problems == []


CITATIONS = {
    "one": ("{cite}`a`", ("a",)),
    "no comma": ("{cite}`a b`", ("a", "b")),
    "braces of LaTeX": ("{cite}`{a}`", ("a",)),
    "a note without an end": ("{cite}`a{p.3`", ("a", "p.3")),
    "several": ("{cite:p}`b, a` and {cite:t}`c,b`", ("b", "a", "c")),
    "a footnote": ("{footcite:ps}`a`", ("a",)),
    "two backticks": ("{cite}``a``", ("a",)),
    "over two lines": ("{cite}`a,\nb`", ("a", "b")),
    "text around a key": ("{cite:p}`{see, e.g.,}a{p. 3}, b`", ("a", "b")),
    "keys with signs": ("{cite}`doe:2026-a_b`", ("doe:2026-a_b",)),
    "a reference": ("{pub:ref}`a` and {pub:ref}`the paper\n<b>`", ("a", "b")),
    "in a directive": ("```{note}\n{cite}`a`\n```", ("a",)),
    "in a literal": ("``{cite}`a` `` and\n\n    {cite}`b`\n", ()),
    "another role": ("{person}`a` and `b`", ()),
    "a remark": ("% {cite}`a`\nText <!-- {cite}`b` --> {cite}`c`", ("c",)),
    "none": ("Text.", ()),
}


@pytest.mark.parametrize(
    ("text", "papers"), [pytest.param(*row, id=id_) for id_, row in CITATIONS.items()]
)
def test_cited_papers_are_found(
    tmp_path: Path, text: str, papers: tuple[str, ...]
) -> None:
    items, _ = read(tmp_path, a=f"---\ndate: 2026\n---\n{text}")
    assert items["a"].papers == papers


#: A page, the problem, and whether the item is left out.
MISTAKES = {
    "no front matter": (
        "Text.",
        (
            "1: no date; write 'date: 2026-03-14' between the '---' lines "
            "[missing-field]"
        ),
        True,
    ),
    "no date": (
        "---\nkind: paper\n---\nText.",
        "2: no date; write 'date: 2026-03-14' between the '---' lines [missing-field]",
        True,
    ),
    "impossible date": (
        "---\nkind: paper\ndate: 2026-06-31\n---\nText.",
        (
            "3: date: '2026-06-31' is not a date; write 2026, 2026-03 or 2026-03-14 "
            "[bad-date]"
        ),
        True,
    ),
    "unknown kind": (
        "---\ndate: 2026\nkind: papers\n---\nText.",
        ("3: kind: there is no kind 'papers'; did you mean 'paper'? [unknown-kind]"),
        False,
    ),
    "unknown field": (
        "---\ndate: 2026\nkin: paper\n---\nText.",
        "3: there is no field 'kin'; did you mean 'kind'? [unknown-field]",
        False,
    ),
    "no text": (
        "---\ndate: 2026\n---\n\n",
        "2: no text; write a sentence below the front matter [missing-field]",
        True,
    ),
    "broken YAML": (
        "---\ndate: [2026\n---\nText.",
        (
            "2: cannot read the YAML: expected ',' or ']', but got '<stream "
            "end>'; write "
            "'key: value', and put a value with special characters in quotes "
            "[bad-record]"
        ),
        True,
    ),
}


@pytest.mark.parametrize(
    ("page", "message", "left_out"),
    [pytest.param(*row, id=id_) for id_, row in MISTAKES.items()],
)
def test_a_mistake_is_one_problem_and_costs_one_item(
    tmp_path: Path, page: str, message: str, left_out: bool
) -> None:
    items, problems = read(tmp_path, x=page, y="---\ndate: 2026\n---\nText.")
    assert problems == [f"news/x.md:{message}"]
    assert sorted(items) == (["y"] if left_out else ["x", "y"])


def test_unknown_keys_are_reported_at_their_lines(
    tmp_path: Path, library: Library
) -> None:
    text = (
        "---\ndate: 2026\n---\n\nKnown: {cite}`kim2026starlinc`.\n"
        "% {cite}`remark`\n"
        "Not: {cite}`kim2026starlinc,\nkim2026starlink`, {cite}`no`.\n"
    )
    items, _ = read(tmp_path, a=text)
    assert [say(p) for p in check_news(items.values(), library, {})] == [
        (
            "news/a.md:8: there is no publication 'kim2026starlink'; did you mean "
            "'kim2026starlinc'? [unknown-key]"
        ),
        (
            "news/a.md:8: there is no publication 'no'; use a key of the bibliography "
            "[unknown-key]"
        ),
    ]


def test_a_paper_that_cannot_be_read_is_reported_at_its_entry(tmp_path: Path) -> None:
    library = read_library([("x.bib", "@misc{lost, title={T}\n year=2026}")])
    assert len(library.problems) == 1
    items, _ = read(tmp_path, a="---\ndate: 2026\n---\n{cite}`lost`")
    assert list(check_news(items.values(), library, {})) == []


def test_a_paper_may_be_cited_by_an_earlier_key(tmp_path: Path) -> None:
    library = read_library([("x.bib", "@misc{new, ids={old}, title={T}, year=2026}")])
    items, _ = read(tmp_path, a="---\ndate: 2026\n---\n{cite}`old`")
    assert list(check_news(items.values(), library, {})) == []


def test_the_newest_comes_first_and_then_the_file_name_decides() -> None:
    items = [
        make_item("b", PartialDate(2026, 6)),
        make_item("a", PartialDate(2026, 6)),
        make_item("c", PartialDate(2026, 6, 1)),
        make_item("d", PartialDate(2025)),
        make_item("e", PartialDate(2025, 1)),
    ]
    ordered = sort_news(items)
    assert [item.slug for item in ordered] == ["c", "a", "b", "e", "d"]
    assert sort_news(reversed(items)) == ordered


def test_an_accepted_paper_is_news_without_text() -> None:
    library = accepted("b2026", "a2026")
    items = sort_news(drafted_news(library, ()))
    assert [item.slug for item in items] == ["accepted-a2026", "accepted-b2026"]
    item = items[0]
    assert (item.kind, item.issued) == ("paper", PartialDate(2026, 6, 18))
    assert (item.drafted, item.text, item.papers) == (True, "", ("a2026",))
    assert (item.source.file, item.source.body_line) == ("lab.bib", 11)


@pytest.mark.parametrize(
    ("kind", "drafts"),
    [
        pytest.param("paper", 0, id="news of papers says it already"),
        pytest.param("award", 1, id="news of an award does not"),
    ],
)
def test_what_somebody_wrote_takes_the_place_of_a_draft(kind: str, drafts: int) -> None:
    item = make_item("x", PartialDate(2026), kind=kind, papers=("a2026",))
    assert len([*drafted_news(accepted("a2026"), [item])]) == drafts


def test_an_item_that_cites_an_earlier_key_takes_the_place_too() -> None:
    entry = "@misc{new, ids={old}, title={T}, year=2026, accepted={2026-06}}"
    library = read_library([("x.bib", entry)])
    item = make_item("x", PartialDate(2026), kind="paper", papers=("old",))
    assert not [*drafted_news(library, [item])]
    assert len([*drafted_news(library, [])]) == 1


def test_a_date_of_acceptance_that_does_not_exist_is_one_problem() -> None:
    library = accepted("a2026", date="2026-06-31")
    assert not [*drafted_news(library, ())]
    (problem,) = library.problems
    assert say(problem) == (
        "lab.bib:5: accepted: '2026-06-31' is not a date; write 2026-02 or 2026-02-14 "
        "[bad-date]"
    )


def person(slug: str, name: str) -> Person:
    source = PageSource(file=f"team/{slug}.md")
    return Person(
        slug=slug, name=name, role=Role.PHD, docname=f"team/{slug}", source=source
    )


LIBRARY = """\
@string{CONF = {Conference}}
@inproceedings{one,
  title = {{GPU} in $O(n^2)$}, author = {Doe, Ann and de Roe, Bo},
  booktitle = CONF, year = 2026, ids = {uno}
}
@article{many,
  title = {Three}, author = {A, A and B, B and C, C},
  journal = {Journal of 2025}, year = 2025
}
@misc{anon, title = {No One}}
@inproceedings{dated, title = {Dated}, booktitle = {Conf 2024}, year = 2024}
"""
SITE = SiteRecords(
    library=read_library([("lab.bib", LIBRARY)]),
    people=(person("ann-doe", "Ann Doe"), person("bo-roe", "Bo Roe")),
)


def test_unknown_people_are_reported_at_their_lines(tmp_path: Path) -> None:
    text = (
        "---\ndate: 2026\n---\n\n{person}`Ann Doe`, {person}`Bo <bo-roe>`,\n"
        "{person}`ann doe`, {person}`X\n<bo-row>` and {person}`Minsu Kim`.\n"
    )
    items, _ = read(tmp_path, a=text)
    found = check_news(items.values(), SITE.library, SITE.people_by_name)
    assert [say(p).removesuffix(" [unknown-key]") for p in found] == [
        "news/a.md:6: there is no person 'ann doe'; did you mean 'Ann Doe'?",
        "news/a.md:7: there is no person 'bo-row'; did you mean 'bo-roe'?",
        (
            "news/a.md:7: there is no person 'Minsu Kim'; use a name, or a file's "
            "name, of the team"
        ),
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "*a* **b** `c` \\* [d](https://x.example) [e]{.k} ![f](g.png)",
            "a b c * d e f",
        ),
        (
            "<b>bold</b> <!-- no --> &amp; <https://x.example>",
            "bold & https://x.example",
        ),
        ("% remark\nOne\nline\n\nTwo.", "One line\n\nTwo."),
        ("- a\n- b\n\n```{note}\nnot said\n```", "a\n\nb"),
        (
            "A.[^1]\n\n[^1]: *Note*.\n\n|a|b|\n|-|-|\n|c|d|",
            "A.\n\nNote.\n\na\n\nb\n\nc\n\nd",
        ),
        ("{person}`Ann <ann-doe>`, {person}`ann-doe`", "Ann, Ann Doe"),
        ("{person}`Nobody`, {pub:ref}`none`", "Nobody, none"),
        ("{pub:ref}`one`; {pub:ref}`a\npaper <one>`", "GPU in O(n²); a paper"),
        ("in {math}`O(n^2)` {sub}`x`", "in O(n²) x"),
        ("{cite}`one,many`", "(GPU in O(n²), Three)"),
        ("{cite:t}`one`, {cite}`{see}anon{p. 3}`", "GPU in O(n²), (No One)"),
        ("{cite}`gone`", "(gone)"),
    ],
)
def test_the_text_without_markup_says_what_the_page_means(
    text: str, words: str
) -> None:
    item = make_item("x", PartialDate(2026), text=text)
    assert news_text(item, SITE) == words


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("one", "GPU in O(n²) has been accepted at CONF 2026."),
        ("many", "Three has been accepted by Journal of 2025."),
        ("anon", "No One has been accepted."),
        ("dated", "Dated has been accepted at Conf 2024."),
    ],
)
def test_a_draft_says_what_was_accepted_and_where(key: str, words: str) -> None:
    item = make_item("x", PartialDate(2026), text="", drafted=True, papers=(key,))
    assert news_text(item, SITE) == words


def test_every_item_has_an_id_of_its_own() -> None:
    slugs = (
        "2026-06-18-a_b.c",
        "accepted-doe:2026",
        "accepted-doe-2026",
        "소식",
        "새 글",
    )
    ids = [anchor(make_item(slug, PartialDate(2026))) for slug in slugs]
    assert ids[0] == "news-2026-06-18-a_b.c"
    assert len(set(ids)) == len(ids)
    assert all(i.isascii() and not set(i) & set(" :") for i in ids)


def test_roles_are_found_with_the_lines_of_their_targets() -> None:
    text = "a {x}`y\n<z>`\n\n> {q}``a`b``\n\n```{note}\nSee\n{w}`v`\n```\n"
    found = [
        (r.name, r.title, r.target, r.line, r.target_line) for r in find_roles(text)
    ]
    assert found == [
        ("x", "y", "z", 0, 1),
        ("q", None, "a`b", 3, 3),
        ("w", None, "v", 7, 7),
    ]
    assert plain_text("{x}`y`", lambda role: role.name) == "x"


def test_relative_links_of_an_item_lead_from_the_root(tmp_path: Path) -> None:
    text = (
        "[a](more.md#x) ![b](../pictures/b.png) [c](https://example.org/x) "
        "[d](/team/d.md) [e](#here)\n\n"
        "``` {figure} ../g.png\n```\n:::{image} /h.png\n:::"
    )
    (tmp_path / "item.md").write_text(f"---\ndate: 2026-02-02\n---\n{text}\n", "utf-8")
    (item,) = read_news(tmp_path, "news")[0]
    assert item.text == (
        "[a](/news/more.md#x) ![b](/pictures/b.png) [c](https://example.org/x) "
        "[d](/team/d.md) [e](#here)\n\n"
        "``` {figure} /g.png\n```\n:::{image} /h.png\n:::"
    )
