"""Commands that write new files, and the one that renames."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml

from labsite.__main__ import main
from labsite.cli.new_pages import add_course, slug
from labsite.editing.entries import rename_in_bibliography, rename_in_pages
from labsite.model.problems import LabsiteError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_a_new_person_passes_the_check(
    site: Path, run_command: Callable[..., int]
) -> None:
    arguments = ("--name", "Gil-Dong Müller", "--role", "PhD", "--joined", "2026-03")
    assert run_command("person", site, *arguments, "--about", "On: “graphs” #1") == 0
    text = (site / "team/gil-dong-muller.md").read_text("utf-8")
    assert text == (
        "---\nname: Gil-Dong Müller\nrole: phd\njoined: 2026-03\n---\n\n"
        "On: “graphs” #1\n"
    )
    assert run_command("check", site) == 0
    assert run_command("person", site, *arguments) == 1


def test_what_nobody_can_be_asked_for_is_named(
    site: Path, run_command: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command("person", site, "--name", "Ann Poe") == 2
    assert "give --role" in capsys.readouterr().err
    assert run_command("person", site, "--name", "Ann Poe", "--role", "boss") == 2
    assert "there is no role 'boss'; write one of pi, " in capsys.readouterr().err
    assert run_command("news", site, "--text", "x", "--kind", "prize") == 2
    assert "there is no kind 'prize'" in capsys.readouterr().err


def test_new_pages_are_in_the_language_of_the_site(
    tmp_path: Path, run_command: Callable[..., int]
) -> None:
    site = tmp_path / "site"
    assert main(["new", str(site), "--name", "X", "--language", "de"]) == 0
    assert run_command("person", site, "--name", "Ann Poe", "--role", "phd") == 0
    assert "woran Sie arbeiten" in (site / "team/ann-poe.md").read_text("utf-8")
    assert run_command("topic", site, "--title", "Graphen") == 0
    assert "\n## Publikationen\n" in (site / "research/graphen.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("person", "--name", "Ann Poe", "--role", "phd", "--joined", "2026-02-30"),
         "'2026-02-30' is not a date"),
        (("person", "--name", "Ann Poe", "--role", "phd", "--joined", "March 2026"),
         "'March 2026' is not a date"),
        (("person", "--name", "Ann Poe", "--role", "phd", "--orcid", "0000-1"),
         "orcid: "),
        (("news", "--text", "A prize.", "--date", "2026/02/03"), "is not a date"),
        (("topic", "--title", "Trees", "--order", "first"), "is not a whole number"),
        (("course", "--term", "2026-fall", "--name", "C", "--level", "phd"),
         "there is no level 'phd'"),
        (("course", "--term", "2026-2", "--name", "C"), "'2026-2' is not a term"),
    ],
)  # fmt: skip
def test_an_answer_that_the_check_refuses_writes_nothing(
    command: tuple[str, ...],
    said: str,
    site: Path,
    run_command: Callable[..., int],
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = sorted(path for path in site.rglob("*") if path.is_file())
    assert run_command(command[0], site, *command[1:]) == 2
    assert said in capsys.readouterr().err
    assert sorted(path for path in site.rglob("*") if path.is_file()) == before


def test_news_courses_and_topics_pass_the_check(
    site: Path, run_command: Callable[..., int]
) -> None:
    news = ("--text", "Roe: a prize!", "--kind", "award", "--date", "2026-02-02")
    assert run_command("news", site, *news) == 0
    text = (site / "news/2026-02-02-roe-a-prize.md").read_text("utf-8")
    assert text == "---\ndate: 2026-02-02\nkind: award\n---\n\nRoe: a prize!\n"
    course = ("--term", "Fall 2026", "--name", "Machines: I", "--level", "Graduate")
    assert run_command("course", site, *course) == 0
    before = (site / "teaching/courses.yaml").read_bytes()
    assert run_command("course", site, *course) == 1  # it is there already
    assert (site / "teaching/courses.yaml").read_bytes() == before
    text = (site / "teaching/index.md").read_text("utf-8")
    assert text == (
        "---\ntitle: Teaching\nmenu: 40\n---\n\n```{teaching} courses.yaml\n```\n"
    )
    topic = ("--title", "Fast Machines", "--summary", "Of speed.", "--order", "3")
    assert run_command("topic", site, *topic) == 0
    for given, file, name in (
        ("Poe, Ann", "ann-poe", "Ann Poe"),
        ("Roe, Jr., Max", "max-roe-jr", "Max Roe, Jr."),
    ):
        assert run_command("person", site, "--name", given, "--role", "phd") == 0
        text = (site / f"team/{file}.md").read_text("utf-8")
        assert f"name: {name}\n" in text
    assert ":topic: fast-machines" in (site / "research/fast-machines.md").read_text()
    assert run_command("check", site) == 0


COURSES = (
    "# Ours\n- term: 2026-spring\n  courses:\n    - name: A\n      level: graduate\n\n"
    "- term: 2025-fall\n  courses:\n    - name: B\n      level: graduate\n"
)
NEW = "    - name: C\n      level: graduate\n"
LEVEL = {"name": "C", "level": "graduate", "code": ""}


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        (
            "2026-spring",
            COURSES.replace("graduate\n\n", f"graduate\n{NEW}\n"),
        ),
        (
            "2026-fall",
            COURSES.replace(
                "- term: 2026-spring",
                f"- term: 2026-fall\n  courses:\n{NEW}\n- term: 2026-spring",
            ),
        ),
        ("2025-fall", f"{COURSES}{NEW}"),
        ("Fall 2025", f"{COURSES}{NEW}"),
    ],
)
def test_a_course_goes_to_its_term(term: str, expected: str) -> None:
    assert add_course(COURSES, term, LEVEL).rstrip() == expected.rstrip()


def test_a_course_stands_as_deep_as_the_others_of_its_term() -> None:
    flat = COURSES.replace("    - name", "  - name").replace("      level", "    level")
    text = add_course(flat, "2026-spring", LEVEL)
    assert [c["name"] for c in yaml.safe_load(text)[0]["courses"]] == ["A", "C"]


def test_an_earlier_mistake_in_the_file_keeps_no_course_out_and_its_form_is_kept(
    site: Path, run_command: Callable[..., int]
) -> None:
    path = site / "teaching/courses.yaml"
    path.parent.mkdir(exist_ok=True)
    text = "\ufeff" + COURSES.replace("graduate\n\n", "seminar\n\n")
    path.write_text(text, "utf-8", newline="\r\n")
    assert run_command("course", site, "--term", "2026-fall", "--name", "C") == 0
    assert NEW.replace("\n", "\r\n").encode() in path.read_bytes()
    assert path.read_text("utf-8").startswith("\ufeff# Ours\n")


@pytest.mark.parametrize("name", ["CNAME", "_static/a.css"])
def test_a_merge_that_is_not_finished_is_named_in_any_file(
    name: str, site: Path, run_command: Callable[..., int],
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    path = site / name
    path.parent.mkdir(exist_ok=True)
    before = path.read_text("utf-8") if path.exists() else ""
    marks = "<<<<<<< HEAD\n#a\n=======\n#b\n>>>>>>> other\n"
    path.write_text(before + marks, "utf-8")
    assert run_command("check", site) > 0
    said = capsys.readouterr()
    assert "a merge was not finished here" in said.out + said.err


def test_a_rename_leaves_translations_up_to_date(
    site: Path, run_command: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    settings = (site / "conf.py").read_text("utf-8")
    (site / "conf.py").write_text(f'{settings}labsite_languages = ["ko"]\n', "utf-8")
    (site / "research/graphs.md").write_text(
        "---\ntitle: Graphs\n---\n\n{cite}`roe2025trick`\n", "utf-8"
    )
    page = site / "ko/research/graphs.md"
    page.parent.mkdir(parents=True)
    page.write_text('---\noriginal: "0"\n---\n{cite}`roe2025trick`\n', "utf-8")
    run_command("check", site)
    digest = capsys.readouterr().out.partition("'original: \"")[2].partition('"')[0]
    page.write_text(page.read_text("utf-8").replace('"0"', f'"{digest}"'), "utf-8")
    assert run_command("rename", site, "roe2025trick", "roe2025best") == 0
    run_command("check", site)
    assert "outdated-translation" not in capsys.readouterr().out
    assert digest not in page.read_text("utf-8")


def test_a_rename_changes_no_page_that_does_not_name_the_key() -> None:
    pages = {"a.md": b"Mixed\r\nline\nends\n", "b.md": b"{cite}`old`\r\n"}
    assert rename_in_pages(pages, "old", "new") == {"b.md": b"{cite}`new`\r\n"}


def test_what_is_no_name_is_refused() -> None:
    with pytest.raises(LabsiteError, match="letters"):
        slug("?!")
    assert slug("홍길동 (new)") == "new"
    assert slug("홍 길동") == "홍-길동"
    assert slug("Welcome {person}`Jane Roe`") == "welcome-jane-roe"


@pytest.mark.parametrize(
    ("preview", "renamed"),
    [
        ("old.png", "new.png"),
        ("previews/old.png", "previews/new.png"),
        ("old/a.png", "old/a.png"),
        ("old.v2.png", "old.v2.png"),
        ("img/old.png", "img/old.png"),
    ],
)
def test_a_rename_changes_the_name_of_a_preview_with_its_file_alone(
    preview: str, renamed: str
) -> None:
    text = f"@misc{{other, preview = {{{preview}}}, related = {{old}}}}"
    after = rename_in_bibliography(text.encode(), "a.bib", "old", "new").decode()
    assert f"{{{renamed}}}" in after
    assert "{new}" in after


def test_a_rename_keeps_the_comments_of_an_entry() -> None:
    text = "@misc{old,\n  % as printed\n  title = {T},\n}\n"
    after = rename_in_bibliography(text.encode(), "a.bib", "old", "new").decode()
    assert after.startswith("% as printed\n@misc{new,\n")


def test_a_rename_leaves_every_other_byte_of_an_entry_that_refers_to_it() -> None:
    text = (
        "@Article( other,\r\n\tTITLE={T of\r\n  old},\n"
        '  Related = "old,\r\nolder" , crossref=old, note = old # {x}, )\n'
        "@misc{old,title={Old}}\n"
    )
    after = rename_in_bibliography(text.encode(), "a.bib", "old", "new").decode()
    kept, _, renamed = after.partition("@misc")
    wanted = text.partition("@misc")[0].replace('"old,', '"new,')
    assert kept == wanted.replace("crossref=old", "crossref=new")
    assert "{new," in renamed
    assert "ids           = {old}" in renamed


def test_a_key_is_renamed_everywhere_and_the_old_address_leads_on(
    site: Path, run_command: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    bib = site / "publications.bib"
    bib.write_text(
        bib.read_text("utf-8").replace(
            "roe2025trick,\n", "roe2025trick,\n  preview       = {roe2025trick.png},\n"
        ),
        "utf-8",
    )
    (site / "previews").mkdir()
    (site / "previews/roe2025trick.png").write_bytes(b"x")
    page = site / "news/a.md"
    page.parent.mkdir(exist_ok=True)
    page.write_text(
        "---\ndate: 2026-02-02\n---\n{cite}`roe2025trick` {pub:ref}`T <roe2025trick>` "
        "[x](../publications/roe2025trick.html) roe2025trick roe2025tricky\n",
        "utf-8",
    )
    assert run_command("rename", site, "roe2025trick", "roe2025best") == 0
    text = bib.read_text("utf-8")
    assert "{roe2025best,\n" in text
    assert "  ids           = {roe2025trick},\n" in text
    assert "{roe2025best.png}" in text
    assert [p.name for p in (site / "previews").iterdir()] == ["roe2025best.png"]
    assert page.read_text("utf-8").endswith(
        "{cite}`roe2025best` {pub:ref}`T <roe2025best>` "
        "[x](../publications/roe2025best.html) roe2025trick roe2025tricky\n"
    )
    capsys.readouterr()
    assert run_command("rename", site, "roe2025best", "doe2024idea") == 2
    assert "is taken" in capsys.readouterr().err
    other = site / "previews/roe2025other.png"
    other.write_bytes(b"of another paper")
    assert run_command("rename", site, "roe2025best", "roe2025other") == 2
    assert "previews/roe2025other.png is there already" in capsys.readouterr().err
    assert other.read_bytes() == b"of another paper"
    assert "{roe2025best,\n" in bib.read_text("utf-8")
    assert run_command("rename", site, "roe2025best", "roe2025trick") == 0
    with bib.open("a", encoding="utf-8") as file:
        file.write("@misc{roe2025trick, title = {A}, author = {B}, year = {2020}}\n")
    assert run_command("rename", site, "roe2025trick", "roe2025best") == 2
    assert "several entries have the key; first correct" in capsys.readouterr().err
