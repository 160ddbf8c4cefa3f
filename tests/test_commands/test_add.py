"""``labsite add`` as it is called."""

from __future__ import annotations

import io
import json
import random
import re
import subprocess
from typing import TYPE_CHECKING

import pytest

from labsite.editing.pastes import read_pastes

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.test_commands.conftest import Service

NEW = """\
@inproceedings{10.1145/2000002,
author = {Jane Q. Roe and Doe, John},
title = {GPU Tricks for CPUs},
year = {2026},
isbn = {0000000000000},
publisher = {Association for Computing Machinery},
doi = {10.1145/2000002},
booktitle = {Proceedings of the 2026 Conference on Machines},
series = {ISCA '26},
numpages = {12},
note = {Publisher: ACM event-place: Jeju},
keywords = {gpu}
}
"""
KOREAN = NEW.replace("Jane Q. Roe", "이진호").replace("10.1145/2000002,", "X,", 1)
ADDED = """\
@inproceedings{roe2026gpu,
  author        = {Roe, Jane and Doe, John},
  title         = {{GPU} Tricks for {CPUs}},
  booktitle     = ISCA,
  year          = {2026},
  doi           = {10.1145/2000002},
  keywords      = {graphs, chips},
}
"""
TOPICS = ("--topic", "graphs", "--topic", "chips")


class Terminal(io.TextIOWrapper):
    """Standard input that somebody types into."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def paste(
    run_command: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., int]:
    """Return a function that runs the command with a text on standard input."""

    def run(site: Path, text: str, *arguments: str) -> int:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        return run_command("add", site, *arguments)

    return run


def lines_of_diff(site: Path) -> tuple[list[str], list[str]]:
    """Return the lines that git sees added, and those it sees removed."""
    done = subprocess.run(
        ["git", "-C", str(site), "diff", "--unified=0"],  # noqa: S607 -- any git
        capture_output=True,
        text=True,
        check=True,
    )
    lines = [line for line in done.stdout.splitlines()[4:] if not line.startswith("@")]
    added = [line[1:] for line in lines if line.startswith("+")]
    return added, [line for line in lines if line.startswith("-")]


def test_a_paste_becomes_an_entry_in_its_place_and_nothing_else_changes(
    site: Path, paste: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert paste(site, NEW, *TOPICS) == 0
    added, removed = lines_of_diff(site)
    assert ("\n".join(added), removed) == (ADDED, [])
    said = capsys.readouterr()
    assert said.out.startswith(f"{site}/publications.bib:4: added roe2026gpu\n")
    assert "note: the month is not known" in said.err
    assert "note: left out: isbn, publisher, series, numpages, note\n" in said.err


def test_the_same_paste_again_is_a_duplicate_and_changes_nothing(
    site: Path, paste: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    paste(site, NEW, *TOPICS)
    before = (site / "publications.bib").read_bytes()
    capsys.readouterr()
    assert paste(site, NEW, *TOPICS) == 1
    assert (site / "publications.bib").read_bytes() == before
    assert capsys.readouterr().out == (
        "'GPU Tricks for CPUs': roe2026gpu has the same DOI; nothing was added\n"
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (NEW.replace("2000002", "1000001").lower(), "roe2025trick .* the same DOI"),
        (
            "@misc{x, title={E}, author={A}, year=2024,\n url={http://arxiv.org/abs/X}}".replace(
                "X", "2402.00001v3"
            ),
            "doe2024idea .* the same arXiv identifier",
        ),
        (
            "@article{x, title={an {IDEA} of its-own}, author={J Doe}, year=2025}",
            "doe2024idea .* the same title",
        ),
    ],
)
def test_a_duplicate_is_found_however_it_is_written(
    text: str,
    message: str,
    site: Path,
    paste: Callable[..., int],
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert paste(site, text, *TOPICS) == 1
    said = capsys.readouterr().out
    assert re.search(message, said)
    assert lines_of_diff(site) == ([], [])


def test_the_preprint_of_a_paper_is_not_that_of_a_thesis_of_the_same_title(
    site: Path, paste: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    bibliography = site / "publications.bib"
    thesis = "@phdthesis{roe2027trick, title={TRICK: A Trick for GPUs}, school={U},"
    thesis += " author={Roe, Jane}, year=2027}\n"
    bibliography.write_text(thesis + bibliography.read_text("utf-8"), "utf-8")
    text = "@misc{x, title={TRICK: a trick for GPUs}, author={Jane Roe}, year={2025},"
    assert paste(site, f"{text} eprint={{2503.00007}}}}", *TOPICS) == 1
    assert "roe2025trick has the same title" in capsys.readouterr().out


def test_the_paper_of_a_preprint_names_the_command_that_publishes_it(
    site: Path, paste: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    text = NEW.replace("GPU Tricks for CPUs", "An Idea of Its Own")
    assert paste(site, text, *TOPICS) == 1
    assert capsys.readouterr().out.endswith(
        "That entry is the preprint; to publish it, type\n"
        "  labsite publish doe2024idea 10.1145/2000002\n"
    )
    assert lines_of_diff(site) == ([], [])
    paste(site, text.replace("10.1145/2000002", "10.1002/x(1)1;y"), *TOPICS)
    said = capsys.readouterr().out
    assert said.endswith("  labsite publish doe2024idea '10.1002/x(1)1;y'\n")


def test_another_version_of_a_paper_names_the_command_that_adds_it(
    site: Path, paste: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    text = NEW.replace("GPU Tricks for CPUs", "TRICK: A Trick for GPUs")
    assert paste(site, text, *TOPICS) == 1
    said = capsys.readouterr().out
    assert "roe2025trick has the same title" in said
    assert "  labsite publish roe2025trick 10.1145/2000002\n" in said
    assert lines_of_diff(site) == ([], [])


def test_a_series_of_papers_by_the_same_authors_is_no_set_of_versions(
    site: Path, paste: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    names = ("GRIND", "POUND", "CRUSH")
    for number, name in enumerate(names):
        text = NEW.replace("GPU Tricks", f"{name}: A Long Story of Tricks")
        assert paste(site, text.replace("2000002", f"300000{number}"), *TOPICS) == 0
    said = capsys.readouterr().err
    assert said.count("the same title without the words before or after the colon") == 2
    assert "labsite publish roe2026grind 10.1145/3000002" in said
    added, _ = lines_of_diff(site)
    assert sum(line.startswith("@") for line in added) == 3


def test_a_poster_of_a_paper_is_added_with_a_question(
    site: Path, paste: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    text = NEW.replace("GPU Tricks for CPUs", "Poster: TRICK: A Trick for GPUs")
    assert paste(site, text.replace("Jane Q. Roe", "Jane Roe"), *TOPICS) == 0
    said = capsys.readouterr().err
    assert "roe2025trick has the same title without" in said


def test_a_file_that_is_no_text_names_what_to_give(
    site: Path, run_command: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    (site / "paper.pdf").write_bytes(b"%PDF-1.7\n\xe2\xe3\0\n")
    assert run_command("add", site, str(site / "paper.pdf"), *TOPICS) == 2
    assert "paper.pdf: line 2 is no text in UTF-8; save it" in capsys.readouterr().err


def test_a_preprint_that_got_a_name_is_published(
    site: Path, paste: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    bibliography = site / "publications.bib"
    title = "An Idea That Is All Its Own"
    old = bibliography.read_text("utf-8").replace("An Idea of Its Own", title)
    bibliography.write_text(old, "utf-8")
    text = NEW.replace("GPU Tricks for CPUs", f"GRIND: {title}")
    assert paste(site, text.replace("Jane Q. Roe and ", ""), *TOPICS) == 1
    assert "labsite publish doe2024idea 10.1145/2000002" in capsys.readouterr().out


def test_the_same_title_by_others_is_added_with_a_question(
    site: Path, paste: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    text = NEW.replace("GPU Tricks for CPUs", "TRICK: A Trick for GPUs")
    text = text.replace("Jane Q. Roe and Doe, John", "Poe, Ann")
    assert paste(site, text, *TOPICS) == 0
    assert "has the same title, but no author; look at the two" in (
        capsys.readouterr().err
    )


def test_without_a_topic_and_a_terminal_the_topics_are_listed(
    site: Path, paste: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert paste(site, NEW) == 2
    said = capsys.readouterr().err
    assert (
        "no topic was given, so nothing was added; add --topic with one or more of\n"
        "  chips   Chips\n  graphs  Graphs" in said
    )
    assert lines_of_diff(site) == ([], [])


def test_topics_are_written_into_the_field_that_the_site_names(
    site: Path, paste: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    with (site / "conf.py").open("a", encoding="utf-8") as file:
        file.write('labsite_topics_field = "topics"\n')
    paste(site, NEW, *TOPICS)
    assert "no visitor sees" not in capsys.readouterr().err
    bibliography = (site / "publications.bib").read_text(encoding="utf-8")
    assert re.search(r"topics += \{graphs, chips\}", bibliography)


def test_an_unknown_topic_is_refused_before_anything_is_read(
    site: Path, paste: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert paste(site, NEW, "--topic", "graph") == 2
    assert (
        "there is no topic 'graph', so nothing was added; add --topic"
        in capsys.readouterr().err
    )


def test_on_a_terminal_the_topics_are_asked_for_before_the_paste(
    site: Path,
    run_command: Callable[..., int],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    answers = f"graphs, chips\n{NEW}"
    monkeypatch.setattr("sys.stdin", Terminal(io.BytesIO(answers.encode())))
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    assert run_command("add", site) == 0
    assert "Which topics?" in capsys.readouterr().err
    assert "\n".join(lines_of_diff(site)[0]) == ADDED


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "there is no entry in standard input"),
        ("some text @ somewhere", "there is no entry"),
        (NEW.replace("{GPU Tricks", "{{GPU Tricks"), "standard input:.*never closed"),
        (NEW.replace("{GPU Tricks", "{GPU}} Tricks"), ":3:.*the entry ends here"),
        (NEW.replace("title", "titel"), "no title; write 'title' instead of 'titel'"),
        (NEW.replace("author", "autor"), "no author"),
        (NEW.replace("year", "jahr"), "no year"),
        (
            "@collection{x, booktitle={Habits}, editor={Poe, Ann}, year={2025}}",
            "no title; add it to what you paste",
        ),
        (re.sub("title *= {.*}", r"title = {$^\\dagger$}", NEW), "no title"),
        (
            NEW.replace("Jane Q. Roe", "이진호"),
            "Latin letters; give the entry a key: --key",
        ),
        # What a format without keys is given, and a key that is taken.
        (KOREAN.replace("X", "record1"), "Latin letters; give the entry a key"),
        (KOREAN.replace("X", "ROE2025trick"), "Latin letters; give the entry a key"),
        ("@string{a = {b}}", "there is no entry"),
    ],
)
def test_what_cannot_be_an_entry_is_said_and_changes_nothing(
    text: str,
    message: str,
    site: Path,
    paste: Callable[..., int],
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert paste(site, text, *TOPICS) == 2
    assert re.search(message, capsys.readouterr().err)
    assert lines_of_diff(site) == ([], [])


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("doi = {10.1145/2000002},\n", "", "  doi           = {10.1145/2000002},"),
        ("10.1145/2000002,\nauthor = {Jane Q. Roe", "lee2026gpu,\nauthor = {이진호",
         "@inproceedings{lee2026gpu,"),
        ("CPUs}", "CPUs$^\\dagger$}", "  title         = {{GPU} Tricks for {CPUs}},"),
    ],
    ids=["a DOI as the key", "a name without Latin letters", "a mark in the title"],
)  # fmt: skip
def test_what_stands_in_an_unusual_place_is_used(
    old: str, new: str, line: str, site: Path, paste: Callable[..., int]
) -> None:
    assert paste(site, NEW.replace(old, new), *TOPICS) == 0
    assert line in (site / "publications.bib").read_text("utf-8").split("\n")


@pytest.mark.parametrize(
    ("key", "message"),
    [("a b", "is not a key"), ("ROE2025TRICK", "is taken"), ("../x", "is not a key")],
)
def test_a_key_that_cannot_be_is_refused(
    key: str,
    message: str,
    site: Path,
    paste: Callable[..., int],
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert paste(site, NEW, *TOPICS, "--key", key) == 2
    assert message in capsys.readouterr().err


def test_a_new_venue_stays_as_text_and_its_macro_is_proposed(
    site: Path, paste: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    venue = "Proceedings of the 3rd Workshop on Tricks (WOT)"
    text = NEW.replace("Proceedings of the 2026 Conference on Machines", venue)
    assert paste(site, text.replace("series", "x"), *TOPICS) == 0
    added, _ = lines_of_diff(site)
    assert "  booktitle     = {Workshop on Tricks}," in added
    assert "no macro means 'Workshop on Tricks'; define one" in capsys.readouterr().err


def test_a_name_that_is_nearly_a_members_is_a_question(
    site: Path, paste: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert paste(site, NEW.replace("Jane Q. Roe", "Roe, J."), *TOPICS) == 1
    assert "'J. Roe' may mean 'Jane Roe'" in capsys.readouterr().err


def test_a_former_family_name_stays(site: Path, paste: Callable[..., int]) -> None:
    page = site / "team/roe.md"
    text = page.read_text("utf-8").replace("Jane Q. Roe", "Jane Q. Roe, Jane Poe")
    page.write_text(text, "utf-8")
    assert paste(site, NEW.replace("Jane Q. Roe", "Jane Poe"), *TOPICS) == 0
    added, _ = lines_of_diff(site)
    assert "  author        = {Poe, Jane and Doe, John}," in added


def test_marks_at_names_become_annotations(
    site: Path, paste: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    text = NEW.replace("Jane Q. Roe and Doe, John", "Jane Roe* and Doe*, John")
    assert paste(site, text, *TOPICS) == 0
    added, _ = lines_of_diff(site)
    assert "  author+an     = {1=equal; 2=equal}," in added
    assert "author+an is from the marks at names" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ("Roe, Jane; Doe, John", "more than one name"),
        ("Jane Roe &amp; John Doe", "more than one name"),
        ("Roe, J., Doe, J., Poe, A.", "too many commas"),
    ],
)
def test_names_that_are_not_joined_by_and_are_an_error(
    names: str, message: str,
    site: Path, paste: Callable[..., int], capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    text = NEW.replace("Jane Q. Roe and Doe, John", names)
    assert paste(site, text, *TOPICS) == 1
    assert message in capsys.readouterr().err


def test_a_file_with_crlf_and_no_end_of_line_gets_lines_like_its_own(
    site: Path, paste: Callable[..., int]
) -> None:
    path = site / "publications.bib"
    before = path.read_bytes().rstrip(b"\n").replace(b"\n", b"\r\n")
    path.write_bytes(before)
    assert paste(site, NEW.replace("2026", "2020"), *TOPICS) == 0
    new = ADDED.replace("2026", "2020").replace("\n", "\r\n").encode()
    assert path.read_bytes() == before + b"\r\n\r\n" + new


def test_an_unknown_command_is_reported_for_every_new_entry(
    site: Path, paste: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    text = NEW.replace("GPU Tricks", r"\foo Tricks")
    second = text.replace("2000002", "2000003").replace("CPUs", "Others")
    assert paste(site, text + second, *TOPICS) == 1
    said = capsys.readouterr().err
    assert said.count(r"the command '\foo' is not known here") == 2
    assert "new entries with errors that 'labsite check' finds: 2" in said


def test_the_first_paper_of_an_empty_file(
    site: Path, paste: Callable[..., int]
) -> None:
    (site / "publications.bib").write_text("", "utf-8")
    assert paste(site, NEW.replace("series", "x"), "--topic", "graphs") == 0
    text = (site / "publications.bib").read_text("utf-8")
    assert text.startswith("@inproceedings{roe2026gpu,\n")
    assert text.endswith(",\n}\n")


def test_a_broken_entry_beside_it_is_not_in_the_way(
    site: Path, paste: Callable[..., int]
) -> None:
    path = site / "publications.bib"
    broken = "@article{x,\n  title = {open,\n  year = {2026},\n}\n\n"
    path.write_text(path.read_text("utf-8") + "\n" + broken, "utf-8")
    before = path.read_text("utf-8")
    assert paste(site, NEW, *TOPICS) == 0
    assert path.read_text("utf-8").replace(f"{ADDED}\n", "") == before


def test_a_doi_is_looked_up_and_added(
    site: Path,
    service: Service,
    run_command: Callable[..., int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LABSITE_DOI_URL", service.address)
    record = {
        "type": "proceedings-article",
        "title": "GPU Tricks for CPUs",
        "author": [{"given": "Jane Q.", "family": "Roe"},
                   {"given": "John", "family": "Doe"}],
        "container-title": "Proceedings of the 2026 Conference on Machines",
        "issued": {"date-parts": [[2026]]},
        "DOI": "10.1145/2000002",
    }  # fmt: skip
    service.will_say(json.dumps(record))
    address = "https://doi.org/10.1145/2000002"
    assert run_command("add", site, address, *TOPICS) == 0
    assert "\n".join(lines_of_diff(site)[0]) == ADDED
    assert run_command("add", site, address, *TOPICS) == 1


def test_an_arxiv_paper_is_looked_up_and_added(
    site: Path,
    service: Service,
    run_command: Callable[..., int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LABSITE_ARXIV_URL", f"{service.address}api")
    service.will_say(
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>A NoC Idea</title>'
        "<published>2026-04-01T00:00:00Z</published>"
        "<author><name>Jane Roe</name></author></entry></feed>"
    )
    assert run_command("add", site, "2604.00001", "--topic", "chips") == 0
    assert "\n".join(lines_of_diff(site)[0]) == (
        "@misc{roe2026noc,\n"
        "  author        = {Roe, Jane},\n"
        "  title         = {A {NoC} Idea},\n"
        "  year          = {2026},\n"
        "  month         = apr,\n"
        "  eprint        = {2604.00001},\n"
        "  archiveprefix = {arXiv},\n"
        "  keywords      = {chips},\n"
        "}\n"
    )


def test_what_the_service_does_not_know_changes_nothing(
    site: Path,
    service: Service,
    run_command: Callable[..., int],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("LABSITE_DOI_URL", service.address)
    service.will_say(status=404)
    assert run_command("add", site, "10.1145/9", *TOPICS) == 2
    assert "there is no DOI 10.1145/9" in capsys.readouterr().err
    assert run_command("add", site, "nonsense", *TOPICS) == 2
    assert "neither a DOI" in capsys.readouterr().err
    assert lines_of_diff(site) == ([], [])


def test_many_records_are_added_in_one_run_with_one_summary(
    site: Path,
    run_command: Callable[..., int],
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    bibtex = tmp_path / "cv.bib"
    second = NEW.replace("2000002", "2000003").replace("GPU Tricks", "Some Habits")
    broken = "@article{broken,\n  title = {open,\n  year = {2026},\n}\n"
    bibtex.write_text(NEW + second + broken + NEW, "utf-8")
    ris = tmp_path / "some.ris"
    ris.write_text(RIS, "utf-8")
    assert run_command("add", site, str(bibtex), str(ris), *TOPICS) == 2
    said = capsys.readouterr()
    assert re.findall(r": added (\w+)", said.out) == [
        "roe2026gpu",
        "roe2026some",
        "roe2022early",
    ]
    assert "taken for BibTeX, 2 papers" in said.err
    assert "taken for RIS" in said.err
    assert "broken" in said.err
    assert "the key belongs to the entry at" in said.err
    assert "3 added, 0 there already, 2 not added" in said.err
    assert not lines_of_diff(site)[1]


RIS = """\
TY  - JOUR
TI  - An Early Habit of Machines
AU  - Roe, Jane
PY  - 2022/03/01
JO  - Journal of Habits
VL  - 3
IS  - 2
SP  - 10
EP  - 20
DO  - 10.5555/early
ER  -
"""
OF_OTHER_FORMATS = {
    "RIS": RIS,
    "RIS with single spaces": RIS.replace("  - ", " - "),
    "EndNote": (
        "%0 Journal Article\n%A Roe, Jane\n%T An Early Habit of Machines\n"
        "%J Journal of Habits\n%D 2022\n%8 March 1\n%V 3\n%N 2\n%P 10-20\n"
        "%R 10.5555/early\n"
    ),
    "EndNote whose authors come first": (
        "%A Roe, Jane\n%0 Journal Article\n%T An Early Habit of Machines\n"
        "%J Journal of Habits\n%D 2022\n%8 March 1\n%V 3\n%N 2\n%P 10-20\n"
        "%R 10.5555/early\n"
    ),
    "PubMed": (
        "PMID- 12345\nTI  - An Early Habit of\n      Machines\nFAU - Roe, Jane\n"
        "AU  - Roe J\nDP  - 2022 Mar 1\nJT  - Journal of Habits\nVI  - 3\nIP  - 2\n"
        "PG  - 10-20\nLID - 10.5555/early [doi]\n"
    ),
    "PubMed with two identifiers": (
        "PMID- 12345\nTI  - An Early Habit of Machines\nFAU - Roe, Jane\n"
        "DP  - 2022 Mar 1\nJT  - Journal of Habits\nVI  - 3\nIP  - 2\nPG  - 10-20\n"
        "LID - e12 [pii]\nLID - 10.5555/early [doi]\n\n"
    ),
    "CSL-JSON": json.dumps([{
        "type": "article-journal", "title": "An Early Habit of Machines",
        "author": [{"family": "Roe", "given": "Jane"}],
        "container-title": "Journal of Habits", "volume": "3", "issue": "2",
        "page": "10-20", "issued": {"date-parts": [[2022, 3]]}, "DOI": "10.5555/early",
    }]),
}  # fmt: skip


@pytest.mark.parametrize("name", OF_OTHER_FORMATS)
def test_a_damaged_record_of_another_format_ends_in_no_traceback(name: str) -> None:
    chance = random.Random(name)  # noqa: S311 -- the same damages each time
    for _ in range(60):
        lines = OF_OTHER_FORMATS[name].split("\n")
        for _ in range(chance.randint(1, 5)):
            place = chance.randrange(len(lines))
            damages = (*lines, "", "  x", "ER  - ", "TY  - ", "%0 ", "PMID- 3", "{")
            lines[place : place + chance.randint(0, 1)] = [chance.choice(damages)]
        read_pastes("\n".join(lines))


@pytest.mark.parametrize("what", OF_OTHER_FORMATS)
def test_records_of_other_formats_become_the_same_entry(
    what: str,
    site: Path,
    paste: Callable[..., int],
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert paste(site, OF_OTHER_FORMATS[what], *TOPICS) == 0
    assert f"taken for {what.split(maxsplit=1)[0]}" in capsys.readouterr().err
    added = [line for line in lines_of_diff(site)[0] if line]
    assert added == [
        "@article{roe2022early,",
        "  author        = {Roe, Jane},",
        "  title         = {An Early Habit of Machines},",
        "  journal       = {Journal of Habits},",
        "  volume        = {3},",
        "  number        = {2},",
        "  pages         = {10--20},",
        "  year          = {2022},",
        "  month         = mar,",
        "  doi           = {10.5555/early},",
        "  keywords      = {graphs, chips},",
        "}",
    ]


def test_identifiers_within_a_text_are_looked_up(
    site: Path,
    service: Service,
    run_command: Callable[..., int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LABSITE_DOI_URL", service.address)
    record = {
        "type": "article-journal", "title": "A Habit", "container-title": "Journal",
        "author": [{"given": "Jane", "family": "Roe"}],
        "issued": {"date-parts": [[2026, 2]]}, "DOI": "10.5555/x(1)y",
    }  # fmt: skip
    service.will_say(json.dumps(record))
    text = "J. Roe, A Habit (Journal, 2026; https://doi.org/10.5555/x(1)y). See there."
    # The text is longer than a name of a file may be.
    assert run_command("add", site, f"{text} {'It is new. ' * 40}", *TOPICS) == 0
    assert "  doi           = {10.5555/x(1)y}," in lines_of_diff(site)[0]


FAULTS = {
    "the year of the meeting": (
        ("@inproceedings{x, author={Roe, Jane}, title={A Late Volume},"
        " booktitle={Workshop on Volumes -- WOV 2024}, year={2025}}"),
        ["@inproceedings{roe2024late,", "  year          = {2024},",
         "  entrysubtype  = {workshop},"],
    ),
    "HTML in a title": (
        ("@misc{x, author={Roe, Jane}, title={<i>Fast</i> Machines}, year={2025},"
        " eprint={2503.00001}, archiveprefix={arXiv}}"),
        ["@misc{roe2025fast,", "  month         = mar,"],
    ),
    "Mendeley's issue": (
        ("@article{x, author={Roe, Jane}, title={A Habit}, journal={Journal of Habits},"
        " year={2025}, month={2}, issue={7}}"),
        ["  number        = {7},"],
    ),
    "commas that BibTeX refuses": (
        ("@article{x author={Roe, Jane}, title={A Habit},, journal={Journal of Habits},"
         " year={2025}, month={2}}"),
        ["@article{roe2025habit,"],
    ),
    "a mark at a name": (
        (r"@article{x, author={Roe$^\dagger$, Jane and Doe*, John}, title={A Habit},"
        " journal={Journal of Habits}, year={2025}, month={2}}"),
        ["  author        = {Roe, Jane and Doe, John},"],
    ),
    "a mark at a name with a suffix": (
        ("@article{x, author={King*, Jr., Martin}, title={A Habit},"
        " journal={Journal of Habits}, year={2025}, month={2}}"),
        ["  author        = {King, Jr., Martin},"],
    ),
    "a mark at several names": (
        (r"@article{x, author={Roe$^*$, Jane and Poe, Ann and Doe*, John and {A Team}},"
        " title={A Habit}, journal={Journal of Habits}, year={2025}, month={2}}"),
        ["  author        = {Roe, Jane and Poe, Ann and Doe, John and {A Team}},"],
    ),
    "suffixes of names in any place": (
        ("@article{x, author={Guy L. Roe Jr. and Steele, Guy L., Jr. and Poe, Ann III"
         " and Doe Sr., Max and Petrov, IV and Henry Louis Gates, Jr. and Ann Roe PhD"
         " and Max van Moe, Jr.},"
         " title={A Habit}, journal={Journal of Habits}, year={2025}, month={2}}"),
        ["@article{roe2025habit,",
         ("  author        = {Roe, Jr., Guy L. and Steele, Jr., Guy L. and Poe, III,"
          " Ann and Doe, Sr., Max and Petrov, IV and Gates, Jr., Henry Louis and"
          " Roe, Ann and van Moe, Jr., Max},")],
    ),
    "names in two scripts": (
        ("@article{x, author={Poe, Ann (포앤) and 김민수(Minsu Kim)}, title={A Habit},"
         " journal={Journal of Habits}, year={2025}, month={2}}"),
        ["  author        = {Poe, Ann and 김민수},"],
    ),
    "a meeting as DBLP names it": (
        ("@inproceedings{x, author={Poe, Ann}, title={A Habit}, year={2025},"
         " booktitle={12th {ACM} Conference on Habits, {CHB} 2025, Seoul, Korea,"
         " May 3-5, 2025}}"),
        ["  booktitle     = {ACM Conference on Habits},", "  month         = may,"],
    ),
    "a meeting as DBLP has it in another entry": (
        ("@inproceedings{x, author={Ann Poe}, title={A Habit}, year={2025}, month=may,"
         " booktitle={Habits}, crossref={DBLP:conf/chb/2025}}"),
        ["  author        = {Poe, Ann},", "  booktitle     = {Habits},"],
    ),
    "the number of an article, and a DOI as the identifier, in RIS": (
        ("TY  - JOUR\nAU  - Poe, Ann\nTI  - Habits\nT2  - Journal of Habits\n"
         "PY  - 2025/02//\nC7  - 113\nID  - 10.5555/habits\nER  - \n"),
        ["  eid           = {113},", "  doi           = {10.5555/habits},"],
    ),
    "a group of authors in PubMed": (
        ("PMID- 1\nTI  - Habits\nFAU - Poe, Ann Jr\nCN  - The Example Consortium\n"
         "JT  - Journal of Habits\nDP  - 2025 Feb\n"),
        ["  author        = {Poe, Jr, Ann and {The Example Consortium}},"],
    ),
    "remarks behind names": (
        ("@article{x, author={Jane Roe (co-first) and John Doe (co-first author) and"
         " Ann Poe (corresponding author)}, title={A Habit},"
         " journal={Journal of Habits}, year={2025}, month={2}}"),
        ["@article{roe2025habit,",
         "  author        = {Roe, Jane and Doe, John and Poe, Ann},",
         "  author+an     = {1=equal; 2=equal; 3=corresponding},"],
    ),
    "titles before names": (
        ("@article{x, author={Prof. Dr. Jane Roe and Doe, Dr.-Ing. John and Prof Ann "
         "Poe}, title={A Habit}, journal={Journal of Habits}, year={2025}, month={2}}"),
        ["  author        = {Roe, Jane and Doe, John and Poe, Ann},"],
    ),
    "a data set of an archive": (
        ("@dataset{x, author={Roe, Jane}, title={Traces}, publisher={Zenodo},"
         " version={v1}, year={2025}, month={2}, doi={10.5281/zenodo.1}}"),
        ["@dataset{roe2025traces,", "  publisher     = {Zenodo},",
         "  version       = {v1},"],
    ),
    "a member in capitals": (
        ("@article{x, author={ROE, JANE and POE, ANN}, title={A Habit},"
         " journal={Journal of Habits}, year={2025}, month={2}}"),
        ["  author        = {Roe, Jane and POE, ANN},"],
    ),
    "braces of Zotero": (
        ("@article{x, author={Roe, Jane}, title={{{GPU}} Habits of {{NPUs}}},"
        " journal={Journal of Habits}, year={2025}, month={2}}"),
        ["  title         = {{GPU} Habits of {NPUs}},"],
    ),
    "a subtitle of its own": (
        ("@article{x, author={Roe, Jane}, title={Habits}, subtitle={A Study of {CPUs}},"
         " journaltitle={Journal of Habits}, date={2025-02}}"),
        ["  title         = {{Habits}: A Study of {CPUs}},"],
    ),
    "a macro of its own": (
        ('@string{joh = "Journal of Habits"}\n@article{x, author={Roe, Jane},'
         " title={A Habit}, journal=joh, year={2025}, month={2}}"),
        ["  journal       = {Journal of Habits},"],
    ),
    "a macro that is another one here": (
        ('@string{isca = "Meeting of Cats"}\n@inproceedings{x, author={Roe, Jane},'
         " title={A Habit}, booktitle=ISCA, year={2025}, month={2}}"),
        ["  booktitle     = {Meeting of Cats},"],
    ),
    "an item as Crossref wraps it": (
        json.dumps({"status": "ok", "message": {
            "type": "journal-article", "title": ["A Habit"], "DOI": "10.5555/habit",
            "author": [{"family": "Roe", "given": "Jane"}],
            "container-title": ["Journal of Habits"], "issued": {"raw": "2025-02-03"},
        }}),
        ["@article{roe2025habit,", "  month         = feb,",
         "  doi           = {10.5555/habit},"],
    ),
    "a chapter in RIS": (
        ("TY  - CHAP\nAU  - Roe, Jane\nTI  - Habits\nT2  - Handbook of Machines\n"
         "ED  - Poe, Ann\nED  - Doe, John\nPB  - Example Press\nET  - 2\n"
         "T3  - Machines in Depth\nSV  - 12\nVL  - 3\nSP  - 1\nEP  - 9\n"
         "LA  - kor\nPY  - 2025/02//\nER  - \n"),
        ["@incollection{roe2025habits,", "  editor        = {Poe, Ann and Doe, John},",
         "  booktitle     = {Handbook of Machines},",
         "  publisher     = {Example Press},", "  volume        = {3},",
         "  number        = {12},", "  series        = {Machines in Depth},",
         "  edition       = {2},",
         "  language      = {kor},"],
    ),
    "a chapter as Crossref has it": (
        json.dumps({
            "type": "book-chapter", "title": ["Habits"], "publisher": "Example Press",
            "container-title": ["Machines in Depth", "Handbook of Machines"],
            "author": [{"family": "Roe", "given": "Jane"}], "language": "en",
            "editor": [{"family": "Poe", "given": "Ann"}], "page": "1-9",
            "ISBN": ["9783161484100"], "issued": {"date-parts": [[2025, 2]]},
        }),
        ["@incollection{roe2025habits,", "  editor        = {Poe, Ann},",
         "  booktitle     = {Handbook of Machines},",
         "  series        = {Machines in Depth},",
         "  isbn          = {9783161484100},"],
    ),
    "a report in RIS": (
        ("TY  - RPRT\nAU  - Roe, Jane\nAU  - Poe, Max, Jr.\nTI  - Habits\n"
         "PB  - Example Institute\nM3  - Research report\n"
         "PY  - 2025/02//\nER  - \n"),
        ["@techreport{roe2025habits,",
         "  author        = {Roe, Jane and Poe, Jr., Max},",
         "  institution   = {Example Institute},",
         "  type          = {Research report},"],
    ),
    "an organization among people in RIS": (
        ("TY  - JOUR\nAU  - Roe, Jane\nAU  - The Example Collaboration\nTI  - Habits\n"
         "T2  - Journal of Habits\nPY  - 2025/02//\nER  - \n"),
        ["  author        = {Roe, Jane and {The Example Collaboration}},"],
    ),
    "an organization alone in RIS": (
        ("TY  - RPRT\nAU  - Example Health Organization\nTI  - Habits\nPB  - Example\n"
         "PY  - 2025/02//\nER  - \n"),
        ["  author        = {{Example Health Organization}},"],
    ),
    "people in RIS without commas": (
        ("TY  - JOUR\nAU  - Jane Roe\nAU  - Max van Poe\nTI  - Habits\n"
         "T2  - Journal of Habits\nPY  - 2025/02//\nER  - \n"),
        ["  author        = {Roe, Jane and van Poe, Max},"],
    ),
    "an organization in EndNote": (
        ("%0 Report\n%A Example Group,\n%T Habits\n%I Example\n%D 2025\n"
         "%8 February\n"),
        ["  author        = {{Example Group}},"],
    ),
    "an entry behind a letter": (
        ("BibTeX@article{x, author={Roe, Jane}, title={A Habit},"
         " journal={Journal of Habits}, year={2025}, month={2}}"),
        ["@article{roe2025habit,"],
    ),
    "two dates in RIS, the first of a year alone": (
        ("TY  - JOUR\nAU  - Roe, Jane\nTI  - Habits\nPY  - 2025\nY1  - 2025/02/06\n"
         "T2  - \nJO  - Journal of Habits\nVL  - 17\nIS  - 4\n"),
        ["  journal       = {Journal of Habits},", "  volume        = {17},",
         "  number        = {4},", "  month         = feb,"],
    ),
    "a year and another day in RIS": (
        ("TY  - CONF\nAU  - Roe, Jane\nTI  - Habits\nPY  - 2025/03/04\n"
         "DA  - 2024/12/31\nT2  - Habits\nER  - \n"),
        ["  year          = {2025},", "  month         = mar,"],
    ),
    "paragraphs in RIS": (
        ("TY  - JOUR\nAU  - Roe, Jane\nTI  - Habits\nN2  - We look\nat habits.\n\n"
         "They stay.\n\nDA  - 2025/02\nJO  - Journal of Habits\nER  - \n\nYours, J\n"),
        ["  journal       = {Journal of Habits},",
         "  abstract      = {We look at habits. They stay.},"],
    ),
    "records of EndNote without a line between them": (
        ("%0 Journal Article\n%A Roe, Jane\n%T Habits\n%D 2025\n%J Journal of Habits\n"
         "%0 Journal Article\n%A Roe, Jane\n%T Other Ways\n%D 2025\n%J Ways\n"),
        ["@article{roe2025habits,", "@article{roe2025other,",
         "  title         = {Habits},", "  title         = {Other Ways},"],
    ),
    "proceedings in Scopus": (
        ("TY  - CONF\nTI  - Habits\nAU  - Roe, Jane\nPY  - 2025\nDA  - 2025/02\n"
         "T2  - Proceedings - International Conference on Habits\nER  - \n"),
        ["  booktitle     = {International Conference on Habits},"],
    ),
    "an organization of one word in CSL-JSON": (
        json.dumps({
            "type": "article-journal", "title": "Habits",
            "author": [{"family": "Roe", "given": "Jane"}, {"literal": "WHO"}],
            "container-title": "Journal of Habits",
            "issued": {"date-parts": [[2025, 2]]},
        }),
        ["  author        = {Roe, Jane and {WHO}},"],
    ),
    "a DOI in the field of an index, a sign of pages": (
        ("@article{x, author={Roe, Jane}, title={A Habit},"
         " ee={https://doi.org/10.5555/x}, journal={Journal of Habits}, year={2025},"
         " month={2}, pages={pp. 381-390}}"),
        ["  pages         = {381--390},", "  doi           = {10.5555/x},"],
    ),
    "a patent in CSL-JSON": (
        json.dumps({
            "type": "patent", "title": "Habit", "genre": "U.S. patent",
            "author": [{"family": "Roe", "given": "Jane"}], "number": "US1234567B2",
            "publisher": "Example and Sons", "issued": {"date-parts": [[2025, 2]]},
        }),
        ["@patent{roe2025habit,", "  type          = {U.S. patent},",
         "  number        = {US1234567B2},"],
    ),
    "a master's thesis in RIS": (
        ("TY  - THES\nAU  - Roe, Jane\nTI  - Habits\nPB  - Example University\n"
         "M3  - Master's thesis\nPY  - 2025/02//\nER  - \n"),
        ["@mastersthesis{roe2025habits,", "  school        = {Example University},"],
    ),
    "the number of an article": (
        ("@article{x, author={Roe, Jane}, title={A Habit}, articleno={113},"
        " journal={Journal of Habits}, year={2025}, month={2}}"),
        ["  eid           = {113},"],
    ),
    "a thesis of ProQuest": (
        ("@phdthesis{x, author={Roe,Jane}, title={Habits}, school={Example University},"
         " journal={ProQuest Dissertations and Theses}, year={2025}, month={2}}"),
        ["@phdthesis{roe2025habits,", "  title         = {Habits},",
         "  school        = {Example University},"],
    ),
    "proceedings as a series in EndNote": (
        ("%0 Conference Proceedings\n%T Habits\n%A Roe, Jane\n%D 2025\n%8 February\n"
         "%S Workshop on Habits\n%P 1-15\n"),
        ["@inproceedings{roe2025habits,", "  booktitle     = {Workshop on Habits},"],
    ),
    "the acronym behind Proc. of": (
        ("@inproceedings{x, author={Roe, Jane}, title={A Habit},"
        " booktitle={Proc. of ISCA}, year={2025}, month={2}}"),
        ["  booktitle     = ISCA,"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_what_publishers_and_tools_do_is_put_right(
    fault: str, site: Path, paste: Callable[..., int]
) -> None:
    text, expected = FAULTS[fault]
    assert paste(site, text, *TOPICS) == 0
    added, _ = lines_of_diff(site)
    assert [line for line in expected if line not in added] == []
