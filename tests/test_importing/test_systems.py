"""A small site of each system arrives whole, and what does not is told."""

from __future__ import annotations

import hashlib
import re
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup
from tests.test_importing.trees import SYSTEMS, make_tree

from labsite.__main__ import main
from labsite.pages.people import read_people
from labsite.site.configuration import read_settings
from labsite.site.loading import read_site

if TYPE_CHECKING:
    from pathlib import Path

    from labsite.model.records import Person, Publication
    from labsite.site.site import SiteRecords


@dataclass
class Moved:
    """A site that was imported."""

    folder: Path
    status: int
    notes: str
    told: str
    site: SiteRecords
    touched: bool  #: whether anything of the old site has changed

    def text(self, name: str) -> str:
        return (self.folder / name).read_text(encoding="utf-8")

    def html(self, page: str) -> BeautifulSoup:
        return BeautifulSoup(self.text(f"_build/html/{page}.html"), "lxml")

    def paper(self, key: str) -> Publication:
        return self.site.library.by_key[key]

    def person(self, slug: str) -> Person:
        return self.site.people_by_name[slug]


def _digest(folder: Path) -> str:
    parts = (
        f"{p} {p.read_bytes()!r}" for p in sorted(folder.rglob("*")) if p.is_file()
    )
    return hashlib.sha256("".join(parts).encode()).hexdigest()


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Moved]:
    """Import the site of every system, with one strict build each."""
    found = {}
    for system in SYSTEMS:
        root = tmp_path_factory.mktemp("import")
        old, new = make_tree(root / "old", system), root / "new"
        before = _digest(old)
        with pytest.MonkeyPatch.context() as patch:
            out, err = _Lines(), _Lines()
            patch.setattr(sys, "stdout", out)
            patch.setattr(sys, "stderr", err)
            patch.setenv("LC_ALL", "xx_XX.UTF-8")  # not installed, as over ssh
            status = main(["import", str(old), "--into", str(new)])
        site = read_site(read_settings(new)).site
        touched = _digest(old) != before
        found[system] = Moved(new, status, str(out), str(err), site, touched)
    return found


class _Lines:
    """Takes what a command writes."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> None:
        self.text += text

    def flush(self) -> None:
        """Nothing is kept back."""

    def __str__(self) -> str:
        return self.text


COUNTS = {  # papers, people, topics, items of news
    "al-folio": (3, 11, 1, 2),
    "greenelab": (3, 3, 1, 1),
    "hugoblox": (2, 4, 1, 1),
    "bibtex": (3, 0, 0, 0),
}


@pytest.mark.parametrize("system", SYSTEMS)
def test_everything_arrives_and_builds_strictly(
    moved: dict[str, Moved], system: str
) -> None:
    new = moved[system]
    site = new.site
    assert new.status == 0, new.told
    things = (site.library.publications, site.people, site.topics, site.news)
    assert tuple(map(len, things)) == COUNTS[system]
    assert not new.touched
    listed = new.html("publications/index").select("[data-key]")
    assert len(listed) == COUNTS[system][0]


def test_entries_keep_what_is_public_and_lose_what_is_private(
    moved: dict[str, Moved],
) -> None:
    new = moved["al-folio"]
    text = new.text("publications.bib")
    for private in ("/home/jane", "nobody may read", "bibtex_show", "lost.pdf"):
        assert private not in text
    paper = new.paper("roe2024graphs")
    assert [c.annotations for c in paper.creators] == [
        ("equal",), ("equal",), ("corresponding",)
    ]  # fmt: skip
    assert [c.name for c in paper.creators] == ["Jane Roe", "John Doe", "Minsu Kim"]
    links = {link.name: link.url for link in paper.links}
    assert links["pdf"] == "_static/papers/graphs.pdf"
    assert links["blog"] == "https://example.org/blog"
    assert (new.folder / links["pdf"]).is_file()
    assert paper.venue
    assert paper.venue.short == "CE"
    assert paper.topics == ("small",)
    assert "in `topics`" in new.text("CONTRIBUTING.md")
    assert paper.field("keywords") == "publisher's word, another"
    assert new.site.pictures.of(paper)
    assert "papers.bib:42: broken2022" in new.notes
    assert "slides: 'lost.pdf' is no file that can be copied" in new.notes


def test_two_records_of_a_paper_are_one_entry(moved: dict[str, Moved]) -> None:
    cited = {str(p.title): p for p in moved["greenelab"].site.library.publications}
    paper = cited["Graphs & Small Memories for 100% of Labs"]
    assert paper.doi == "10.5555/1234567"
    assert paper.venue
    assert paper.field("publisher") is None
    names = {link.name for link in paper.links}
    assert names >= {"code", "manubot", "doi"}
    assert "'doi:10.5555/uncited' has no title" in moved["greenelab"].notes
    both = moved["hugoblox"].paper("roe2024")
    assert [c.equal for c in both.creators] == [True, True, False]
    assert (both.doi, both.selected, both.kind) == (
        "10.5555/1234567",
        True,
        "conference",
    )
    assert {link.name for link in both.links} >= {"pdf", "code", "blog"}


def test_a_file_that_nothing_was_read_from_is_noted(moved: dict[str, Moved]) -> None:
    notes = moved["al-folio"].notes
    assert "_data/grants.yml:1: is not imported" in notes
    assert "contact/index.de.md:1: is not imported" in moved["hugoblox"].notes


def test_a_page_with_lists_has_one_and_no_empty_sections(
    moved: dict[str, Moved],
) -> None:
    text = moved["al-folio"].text("research/index.md")
    assert "Running" not in text
    assert "Finished" not in text
    assert "## Thanks\nMany helped us." in text
    team = moved["greenelab"].text("team/index.md")
    assert team.count("{team}") == 1
    assert "PhD students" not in team


def test_html_is_neither_code_nor_a_picture_of_a_variable(
    moved: dict[str, Moved],
) -> None:
    home = moved["al-folio"].text("index.md")
    assert "\nWe grow [together](/team/index.md)." in home
    assert "page." not in home
    research = moved["greenelab"].text("research/index.md")
    assert re.search(r"\n\{pub:ref\}`\w+`\n", research)


def test_translations_are_left_out(moved: dict[str, Moved]) -> None:
    new = moved["hugoblox"]
    assert "Gebäude" not in new.text("contact.md")
    assert not (new.folder / "contact-2.md").exists()


def test_people_have_roles_profiles_and_pictures(moved: dict[str, Moved]) -> None:
    new = moved["al-folio"]
    assert new.person("jane-roe").role == "member"
    john = new.person("john-doe")
    assert (john.role, john.joined.isoformat()) == ("phd", "2021-09")
    assert new.site.pictures.of(john)
    minsu = new.person("minsu-kim")
    assert (minsu.name, dict(minsu.names)["ko"]) == ("Minsu Kim", "김민수")
    assert new.person("김하나").role == "phd"
    assert new.person("seoyeon-lee").names == (("ko", "이서연"),)
    shown = new.html("team/bo-li").select_one("main [lang=zh]")
    assert shown
    assert shown.get_text() == "李波"
    assert "555" not in new.text("team/minsu-kim.md")
    clare = new.person("clare-poe")
    assert clare.role == "mascot"
    assert new.site.settings.roles["mascot"].name == "Mascot"
    jane = moved["hugoblox"].person("jane-roe")
    assert (jane.role, jane.position) == ("pi", "Professor of Examples")
    assert {link.name for link in jane.links} == {"scholar", "github"}
    assert jane.email == "jane@lab.example"
    ann = moved["hugoblox"].person("ann-low")
    assert (ann.name, ann.names, ann.email) == (
        "Ann Low",
        (("ko", "앤로"),),
        "ann@lab.example",
    )
    assert moved["hugoblox"].site.pictures.of(ann)
    assert moved["greenelab"].person("jane-roe").aliases == ("J. Roe",)


def test_alumni_are_told_by_a_line_of_text(moved: dict[str, Moved]) -> None:
    edgar = moved["al-folio"].person("edgar-poe")
    assert edgar.left
    assert (edgar.left.year, edgar.degree, edgar.role) == (2022, "PhD", "phd")
    assert edgar.now == "Engineer at Example Inc."
    ann = moved["al-folio"].person("ann-low")
    assert (ann.joined.year, ann.degree, ann.now) == (2018, "MS", "Example University")
    kim, leon = (moved["al-folio"].person(slug) for slug in ("kim-low", "leon-poe"))
    assert (kim.name, kim.joined.year, kim.role) == ("Kim Low", 2023, "phd")
    assert (leon.joined.year, leon.role) == (2021, "undergraduate-student")
    assert leon.now == "PhD student, Example University"
    assert leon.links[0].url == "https://www.leon.example"
    former = moved["greenelab"].person("edgar-poe")  # "phd" is a role, no degree
    assert (former.left is not None, former.degree) == (True, None)
    assert moved["hugoblox"].person("edgar-poe").now == "Engineer at Example Inc."


def test_news_refer_to_papers_and_long_ones_are_pages(moved: dict[str, Moved]) -> None:
    new = moved["al-folio"]
    short, long = new.site.news
    assert short.papers == ("roe2024graphs",)
    assert short.kind == "paper"
    assert "Many words." in new.text(f"posts/{long.slug}.md")
    assert "_news/broken.md:1: has no date" in new.notes
    assert moved["greenelab"].site.news[0].kind == "member"


def test_pages_are_myst_and_what_is_not_is_marked(moved: dict[str, Moved]) -> None:
    home = moved["al-folio"].text("index.md")
    assert "**examples**" in home
    assert "[our people](/team/index.md)" in home
    assert "![The lab](/_static/files/lab.png)" in home
    assert "`{{ site.funder }}`" in home
    assert "/lost.html" not in home
    job = moved["al-folio"].text("open.md")
    assert "~~~~text\n{% for job in site.data.jobs %}" in job
    assert "[here](https://example.org)" in job
    assert "[another lab](https://lab.example.org/x)" in job
    assert "left as text: {{ site.funder }}" in moved["al-folio"].notes
    project = moved["hugoblox"].text("research/small.md")
    assert "`{{< unknown x >}}`" in project
    assert "](/_static/files/featured.png)" in project
    assert "Building 1." in moved["hugoblox"].text("contact.md")
    assert "We make **examples**." in moved["hugoblox"].text("index.md")
    home = moved["greenelab"].text("index.md")
    assert "What we do, in words.\n\n[Our team](/team/index.md)" in home
    assert "[Research](/research/index.md)" in home
    assert "Nobody reads this" not in home
    contact = moved["greenelab"].text("contact.md")
    assert re.search(r"\{pub:ref\}`a paper <\w+>`", contact)


def test_lists_stand_before_sections_and_what_no_build_takes_is_literal(
    moved: dict[str, Moved],
) -> None:
    team = moved["al-folio"].text("team/index.md")
    parts = ("We are many.", "```{team}", "~~~~~~~~text\n## Friends", "{nothing}`here`")
    places = [team.index(part) for part in parts]
    assert places == sorted(places)
    assert "left as text: Unknown interpreted text role" in moved["al-folio"].notes


def test_old_addresses_lead_on(moved: dict[str, Moved]) -> None:
    redirects = {s: read_settings(m.folder).redirects for s, m in moved.items()}
    assert redirects["al-folio"]["people/index"] == "team/index"
    assert redirects["greenelab"]["members/jane-roe"] == "team/jane-roe"
    assert redirects["greenelab"]["jane"] == "team/jane-roe"
    assert not [old for old in redirects["greenelab"] if ".." in old or ":" in old]
    assert redirects["hugoblox"]["publication/graphs/index"] == "publications/roe2024"
    leads = moved["hugoblox"].html("publication/graphs/index")
    assert "publications/roe2024.html" in str(leads)
    assert moved["al-folio"].text("_build/html/CNAME") == "lab.example\n"


def test_nothing_is_written_over_or_into_the_old_site(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = make_tree(tmp_path / "old", "bibtex")
    assert main(["import", str(old), "--into", str(old / "new")]) == 2
    assert "into which nothing is written" in capsys.readouterr().err
    assert main(["import", str(old), "--into", str(old.parent)]) == 2
    assert main(["import", str(tmp_path / "none")]) == 2
    (tmp_path / "empty").mkdir()
    assert main(["import", str(tmp_path / "empty"), "--into", str(tmp_path / "n")]) == 2
    assert "no site of a system" in capsys.readouterr().err
    assert read_people(old, "team") == ((), [])
