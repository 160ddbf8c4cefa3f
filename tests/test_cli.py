"""The command line: what it prints, and its exit status."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import labsite
from labsite.__main__ import main
from labsite.cli import COMMANDS, load_command
from labsite.model.problems import Problem, Rule, Severity, quote

if TYPE_CHECKING:
    from collections.abc import Callable

GOOD = """@misc{good,
  title  = {Graphs},
  author = {Roe, Jane},
  year   = {2026},
}
"""
WARNED = GOOD.replace("good", "warned").replace("Graphs", "Fast GPUs")
BAD = GOOD.replace("good", "bad").replace("Graphs", "Trees").replace("Jane", "Jane1")
BROKEN = GOOD.replace("good", "broken").replace("Graphs}", "Graphs")


def extended(entry: str, field: str) -> str:
    """Return an entry with one field more."""
    return f"{entry[:-2]}  {field},\n}}\n"


SITE = {
    "conf.py": "",
    "publications.bib": extended(GOOD, "keywords = {graphs}"),
    "research/graphs.md": "---\ntitle: Graphs\n---\n",
    "team/jane-roe.md": "---\nname: Jane Roe\nrole: phd\n---\n",
    "news/2026-01-01-graphs.md": "---\ndate: 2026-01-01\n---\n{pub:ref}`good` is out\n",
    "teaching/index.md": "# Teaching\n\n```{teaching} courses.yaml\n```\n",
    "teaching/courses.yaml": "- term: 2026-spring\n  courses:\n"
    "    - name: Graphs\n      level: graduate\n",
}


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Return a function that writes files into the folder where commands then run."""
    monkeypatch.chdir(tmp_path)

    def write_files(files: dict[str, str]) -> Path:
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return tmp_path

    return write_files


@pytest.fixture
def output(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Return a function that runs a command and tells its status and what it said."""

    def run(*arguments: str) -> tuple[int, str, str]:
        status = main(arguments)
        said = capsys.readouterr()
        return status, said.out, said.err

    return run


# Files of anybody's


@pytest.mark.parametrize(
    ("text", "status", "strict"),
    [(GOOD, 0, 0), (WARNED, 0, 1), (BAD, 1, 1), (BROKEN, 1, 1), ("", 0, 0)],
    ids=["good", "warning", "error", "broken", "empty"],
)
def test_the_status_tells_errors_and_strictly_warnings_too(
    write: Callable[..., Path],
    output: Callable[..., tuple[int, str, str]],
    text: str,
    status: int,
    strict: int,
) -> None:
    write({"any.bib": text})
    assert output("check", "any.bib")[0] == status
    assert output("check", "--strict", "any.bib")[0] == strict


def test_every_problem_of_every_file_is_told_in_one_run(
    write: Callable[..., Path], output: Callable[..., tuple[int, str, str]]
) -> None:
    write({"a.bib": GOOD + BROKEN + WARNED, "sub/b.bib": BAD})
    status, out, err = output("check", "a.bib", "sub/b.bib")
    assert status == 1
    syntax, capitals, mark = out.splitlines()
    assert syntax == (
        "a.bib:7:3: error: broken: the brace or quote that opens the value of 'title' "
        "is never closed; add the missing '}' at its end [syntax]"
    )
    assert capitals == (
        "a.bib:12:18: warning: warned: title: write {GPUs}; without braces styles take "
        "the capitals away [unprotected-capitals]"
    )
    assert mark == (
        "sub/b.bib:3:13: error: bad: author: 'Roe, Jane1': no digit or mark belongs to "
        "a name; write the name alone, and for equal contribution author+an = "
        "{1=equal; 2=equal} [mark-in-name]"
    )
    assert err == "3 entries, 2 errors, 1 warning\n"


def test_what_a_site_asks_of_its_own_papers_is_not_asked_of_anybodys(
    write: Callable[..., Path], output: Callable[..., tuple[int, str, str]]
) -> None:
    old = GOOD.replace("2026", "1687")
    used = extended(GOOD.replace("misc{good", "article{used"), "journal = V")
    spelt = extended(GOOD.replace("misc{good", "article{b"), "journal = {Venue}")
    text = '@string{V = "Venue"}\n' + old.replace("Graphs", "Stars")
    text += used + spelt.replace("Graphs", "Trees")
    write(SITE | {"any.bib": text})
    assert output("check", "any.bib") == (0, "", "3 entries, no problem\n")


def test_macros_of_one_file_serve_the_next(
    write: Callable[..., Path], output: Callable[..., tuple[int, str, str]]
) -> None:
    entry = extended(GOOD, "note = V")
    write({"strings.bib": '@string{V = "Venue"}', "any.bib": entry})
    assert output("check", "strings.bib", "any.bib")[0] == 0
    assert output("check", "any.bib")[0] == 1


def test_standard_input_is_a_file_too(
    monkeypatch: pytest.MonkeyPatch, output: Callable[..., tuple[int, str, str]]
) -> None:
    data = io.TextIOWrapper(io.BytesIO(BAD.encode("utf-8")))
    monkeypatch.setattr("sys.stdin", data)
    status, out, _ = output("check", "-")
    assert (status, out.partition(": ")[0]) == (1, "<stdin>:3:13")


@pytest.mark.parametrize("name", ["missing.bib", "folder"])
def test_a_file_that_cannot_be_read_ends_the_check(
    write: Callable[..., Path],
    output: Callable[..., tuple[int, str, str]],
    name: str,
) -> None:
    write({"folder/a.bib": GOOD})
    status, out, err = output("check", name)
    assert (status, out) == (2, "")
    assert re.fullmatch(rf"labsite: {name}: .+\n", err)


# Formats


def test_json_has_the_entries_that_were_read_and_every_problem(
    write: Callable[..., Path], output: Callable[..., tuple[int, str, str]]
) -> None:
    write({"any.bib": GOOD + BROKEN + BAD})
    status, out, err = output("check", "--format", "json", "any.bib")
    found = json.loads(out)
    assert (status, err, found["entries"]) == (1, "", 2)
    assert found["problems"][1] == {
        "file": "any.bib",
        "line": 13,
        "column": 13,
        "severity": "error",
        "key": "bad",
        "rule": "mark-in-name",
        "message": "author: 'Roe, Jane1': no digit or mark belongs to a name; "
        "write the name alone, and for equal contribution author+an = {1=equal; "
        "2=equal}",
    }
    assert [problem["rule"] for problem in found["problems"]] == [
        "syntax",
        "mark-in-name",
    ]


def test_json_of_nothing_wrong_is_data_all_the_same(
    write: Callable[..., Path], output: Callable[..., tuple[int, str, str]]
) -> None:
    write({"any.bib": GOOD})
    status, out, _ = output("check", "--format", "json", "any.bib")
    assert (status, json.loads(out)) == (0, {"entries": 1, "problems": []})


def test_github_gets_annotations(
    write: Callable[..., Path], output: Callable[..., tuple[int, str, str]]
) -> None:
    write({"a,b.bib": WARNED.replace("Fast", "100\\% of")})
    _, out, _ = output("check", "--format", "github", "a,b.bib")
    assert out == (
        "::warning file=a%2Cb.bib,line=2,col=22,title=unprotected-capitals::warned: "
        "title: write {GPUs}; without braces styles take the capitals away "
        "[unprotected-capitals]\n"
    )


def test_github_gets_files_from_where_the_command_runs(
    write: Callable[..., Path], output: Callable[..., tuple[int, str, str]]
) -> None:
    write({f"site/{name}": text for name, text in SITE.items()})
    write({"site/publications.bib": BAD})
    _, out, _ = output("check", "--source", "site", "--format", "github")
    assert "::error file=site/publications.bib,line=3," in out


@pytest.mark.parametrize("format_name", ["text", "github"])
def test_a_file_cannot_command_a_terminal_or_github(
    write: Callable[..., Path],
    output: Callable[..., tuple[int, str, str]],
    format_name: str,
) -> None:
    hostile = "x\u2028::error::y\u202ez"
    write({"any.bib": f"@misc{{k, title={{T}}, author={{{hostile} 1}}, year=2026}}"})
    _, out, _ = output("check", "--format", format_name, "any.bib")
    assert out.count("\n") == len(out.splitlines())
    assert "\u202e" not in out


def test_a_name_that_a_terminal_cannot_show_is_shown_somehow(
    write: Callable[..., Path],
) -> None:
    folder = write({"any.bib": BAD.replace("Roe", "홍")})
    done = subprocess.run(
        [sys.executable, "-m", "labsite", "check", "any.bib"],
        cwd=folder,
        env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONPATH": _source()},
        capture_output=True,
        check=False,
    )
    assert (done.returncode, b"\\ud64d" in done.stdout) == (1, True)


def test_a_reader_may_stop_reading(write: Callable[..., Path]) -> None:
    folder = write(
        {"any.bib": "".join(BAD.replace("bad", f"k{i}") for i in range(2000))}
    )
    command = f"{sys.executable} -m labsite check any.bib | head -n 1"
    done = subprocess.run(
        ["sh", "-c", command],  # noqa: S607 -- any system's shell
        cwd=folder,
        env={**os.environ, "PYTHONPATH": _source()},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.count("\n") == 1
    assert "Traceback" not in done.stderr


def _source() -> str:
    return str(Path(labsite.__file__).parents[1])


# A site


def test_a_site_without_a_mistake(
    write: Callable[..., Path], output: Callable[..., tuple[int, str, str]]
) -> None:
    write(SITE)
    assert output("check", "--strict") == (0, "", "1 entry, no problem\n")


MISTAKES = {
    "topic": ("publications.bib", "{graphs}", "{grahps}", "publications.bib:5:15"),
    "role": ("team/jane-roe.md", "phd", "phdd", "team/jane-roe.md:3:1"),
    "date": (
        "news/2026-01-01-graphs.md",
        "-01\n",
        "-32\n",
        "news/2026-01-01-graphs.md:2:1",
    ),
    "paper": (
        "news/2026-01-01-graphs.md",
        "good",
        "god",
        "news/2026-01-01-graphs.md:4:1",
    ),
    "person": (
        "news/2026-01-01-graphs.md",
        "{pub:ref}`good`",
        "{person}`Jane Row`",
        "news/2026-01-01-graphs.md:4:1",
    ),
    "title": ("research/graphs.md", "title", "titel", "research/graphs.md:2:1"),
    "setting": (
        "conf.py",
        "",
        "x = 1\nlabsite_rules = {\n  'no-rule': 'off'}\n",
        "conf.py:3:1",
    ),
    "unknown setting": ("conf.py", "", "\nlabsite_topic_dir = 'a'\n", "conf.py:2:1"),
    "bibliography": ("conf.py", "", "bibtex_bibfiles = ['a.bib']", "a.bib:1:1"),
}
FORMATS = {
    "PMID- 1\nTI  - A title\nAD  - An address, a@example.org\n": True,
    "<!DOCTYPE html>\n": True,
    "% Papers come here:\n\n": False,
    '@string{V =\n  "A Venue"}\n': False,
    "@comment{jabref-meta: databaseType:bibtex;}\n": False,
    "": False,
}


@pytest.mark.parametrize("text", FORMATS)
def test_a_bibliography_in_another_format_is_named(
    write: Callable[..., Path], output: Callable[..., tuple[int, str, str]], text: str
) -> None:
    write(SITE | {"publications.bib": text})
    said = "publications.bib:1:1: error: this file has no BibTeX entry"
    for files in ([], ["publications.bib"]):
        _, out, _ = output("check", *files)
        assert (said in out) == FORMATS[text]


@pytest.mark.parametrize(
    ("file", "edit", "place"),
    [pytest.param(f, (a, b), p, id=title) for title, (f, a, b, p) in MISTAKES.items()],
)
def test_a_mistake_in_any_data_file_is_named_with_its_line(
    write: Callable[..., Path],
    output: Callable[..., tuple[int, str, str]],
    file: str,
    edit: tuple[str, str],
    place: str,
) -> None:
    text = SITE[file].replace(*edit, 1)
    write(SITE | {file: text})
    status, out, _ = output("check")
    assert status == 1
    assert f"{place}: error: " in out
    assert len(out.splitlines()) == len(set(out.splitlines()))


@pytest.mark.parametrize(
    "file",
    [
        "_templates/layout.html",
        "_static/site.css",
        "synonyms.txt",
        "pyproject.toml",
        "index.md",
        *(name for name in SITE if name != "conf.py"),
    ],
)
def test_a_merge_that_was_not_finished_is_one_error_in_any_file(
    write: Callable[..., Path], output: Callable[..., tuple[int, str, str]], file: str
) -> None:
    text = SITE.get(file, "one\ntwo\n")
    first, second = text[: text.index("\n") + 1], text[text.index("\n") + 1 :]
    ours = f"{first}<<<<<<< HEAD\n{second}=======\n{second}>>>>>>> theirs\n"
    write(SITE | {file: ours})
    status, out, _ = output("check")
    assert (status, out.count("\n")) == (1, 1), out
    assert f"{file}:2:1: error: a merge was not finished here; keep one version" in out


PROGRAMS = {
    "page.html": ("<p>x</p>", True),
    "drawing.svg": ("<svg xmlns='http://www.w3.org/2000/svg'><path/></svg>", False),
    "script.svg": ("<svg><script>alert(1)</script></svg>", True),
    "handler.svg": ("<svg onload = 'alert(1)'/>", True),
    "site.css": ("a { color: red }", False),
    ".htaccess": ("AddHandler cgi-script .txt", True),
    ".user.ini": ("auto_prepend_file = a.txt", True),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_files_that_run_in_browsers_are_named_unless_pages_are_trusted(
    write: Callable[..., Path], output: Callable[..., tuple[int, str, str]], name: str
) -> None:
    text, runs = PROGRAMS[name]
    conf = 'html_static_path = ["_static"]\n'
    write(SITE | {"conf.py": conf, f"_static/{name}": text, f"drafts/{name}": text})
    status, out, _ = output("check")
    assert (status, out.startswith(f"_static/{name}:1:1: error: ")) == (runs, runs)
    write({"conf.py": f"{conf}labsite_trust_pages = True\n"})
    assert output("check")[:2] == (0, "")


def test_a_file_of_the_root_needs_an_ending_unless_pages_are_trusted(
    write: Callable[..., Path], output: Callable[..., tuple[int, str, str]]
) -> None:
    conf = 'html_extra_path = ["more"]\n'
    write(SITE | {"conf.py": conf, "more/code/labels": "one\n"})
    assert output("check")[1].startswith(
        "more/code/labels:1:1: error: the name has no ending"
    )
    write({"conf.py": f"{conf}labsite_trust_pages = True\n"})
    assert output("check")[:2] == (0, "")


@pytest.mark.parametrize(
    ("level", "statuses", "words"),
    [
        ("off", (0, 0), []),
        ("warning", (0, 1), ["warning"]),
        ("error", (1, 1), ["error"]),
    ],
)
def test_a_site_says_how_bad_a_breach_is(
    write: Callable[..., Path],
    output: Callable[..., tuple[int, str, str]],
    level: str,
    statuses: tuple[int, int],
    words: list[str],
) -> None:
    rules = f'labsite_rules = {{"unknown-topic": "{level}"}}\n'
    text = SITE["publications.bib"].replace("{graphs}", "{graphs, more}")
    write(SITE | {"conf.py": rules, "publications.bib": text})
    status, out, _ = output("check")
    assert (status, output("check", "--strict")[0]) == statuses
    assert out.split(": ")[1:2] == words


def test_severities_hold_for_files_where_the_site_is_named(
    write: Callable[..., Path], output: Callable[..., tuple[int, str, str]]
) -> None:
    rules = 'labsite_rules = {"mark-in-name": "off"}'
    write({"conf.py": rules, "any.bib": BAD})
    assert output("check", "--source", ".", "any.bib")[0] == 0
    assert output("check", "any.bib")[0] == 1


# Settings that cannot be used

BAD_CONF = {
    "exception": (
        "x = 1\nimport no_such_module\n",
        "2: ModuleNotFoundError: No module",
    ),
    "syntax": ("x = 1\n\ny = (\n", "3: SyntaxError: '(' was never closed"),
    "merge": (
        "<<<<<<< HEAD\nx = 1\n=======\nx = 2\n>>>>>>> main\n",
        "1: a merge was not finished here; keep one version",
    ),
    "in a function": ("def f():\n    return 1 / 0\nf()\n", "2: ZeroDivisionError: div"),
    "exit": ("raise SystemExit(0)\n", "1: SystemExit"),
    "text for a list": (
        "bibtex_bibfiles = 'a.bib'\n",
        " bibtex_bibfiles is not",
    ),
    "number for a text": (
        "labsite_source_url = 3\n",
        " labsite_source_url is not",
    ),
    "text for a number": ("labsite_split_lists_above = 'x'\n", " labsite_split_lists"),
    "no list": ("labsite_split_lists_above = 0\n", " labsite_split_lists_above is not"),
}


@pytest.mark.parametrize(
    ("text", "message"), [pytest.param(*row, id=name) for name, row in BAD_CONF.items()]
)
def test_a_conf_that_cannot_be_used_is_one_clear_line(
    write: Callable[..., Path],
    output: Callable[..., tuple[int, str, str]],
    text: str,
    message: str,
) -> None:
    write(SITE | {"conf.py": text})
    status, out, err = output("check")
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert err.startswith(f"labsite: conf.py:{message}")


@pytest.mark.parametrize("command", ["check", "add", "fix", "live", "audit"])
def test_a_folder_without_a_site_is_one_clear_line(
    write: Callable[..., Path],
    output: Callable[..., tuple[int, str, str]],
    command: str,
) -> None:
    write({"any.bib": GOOD})
    status, out, err = output(command)
    assert (status, out) == (2, "")
    assert err.startswith("labsite: conf.py: there is no such file; name the site's")


def test_an_audit_of_a_site_that_is_not_built_says_what_to_run(
    write: Callable[..., Path], output: Callable[..., tuple[int, str, str]]
) -> None:
    write({f"site/{name}": text for name, text in SITE.items()})
    remedy = "there is no built site; run 'make html'"
    expected = (2, "", f"labsite: site/_build/html: {remedy}\n")
    assert output("audit", "--source", "site") == expected


def test_a_conf_runs_as_sphinx_runs_it(
    write: Callable[..., Path], output: Callable[..., tuple[int, str, str]]
) -> None:
    conf = (
        "from pathlib import Path\nprint('hello')\n"
        "assert Path('research').is_dir()\nassert __file__\n"
        "if tags.has('draft') or 'draft' in tags:\n    raise ValueError\n"
        "tags.remove('draft')\n"
    )
    write({f"site/{name}": text for name, text in (SITE | {"conf.py": conf}).items()})
    status, out, _ = output("check", "--source", "site", "--format", "json")
    assert (status, json.loads(out)["entries"]) == (0, 1)


# The rules


def test_the_code_names_every_rule_of_the_table_and_no_other() -> None:
    files = Path(labsite.__file__).parent.rglob("*.py")
    code = "".join(path.read_text(encoding="utf-8") for path in files)
    named = set(re.findall(r"\bRule\.([A-Z_]+)\b", code))
    assert named == {rule.name for rule in Rule}


def test_every_rule_is_explained() -> None:
    for rule in Rule:
        assert rule.severity in Severity
        assert re.fullmatch(r"[A-Z].{10,}[^.]\.", rule.reason), rule
        assert rule.example, rule
        assert not rule.example.endswith("."), rule


def test_the_rules_are_listed_with_their_reasons(
    output: Callable[..., tuple[int, str, str]],
) -> None:
    status, out, _ = output("check", "--rules")
    assert status == 0
    listed = re.findall(r"^([a-z-]+) \((error|warning)\)$", out, re.MULTILINE)
    assert listed == [(rule.value, rule.severity.value) for rule in Rule]
    assert "    BibTeX has no HTML: readers and indexes see the tag itself.\n" in out
    assert "    Write: doi = {10.1145/3589258},\n" in out


def test_the_rules_are_listed_with_the_severities_of_the_site(
    output: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    (tmp_path / "conf.py").write_text("labsite_rules = {'bad-doi': 'off'}\n", "utf-8")
    _, out, _ = output("check", "--rules", "--source", str(tmp_path))
    assert "bad-doi (off)\n" in out
    assert "bad-url (error)\n" in out


@pytest.mark.parametrize(
    ("text", "quoted"),
    [("a", "'a'"), (" a \n b ", "'a b'"), ("x" * 60, f"'{'x' * 60}'"),
     ("x" * 61, f"'{'x' * 59}…'")],
)  # fmt: skip
def test_a_quotation_is_short_and_of_one_line(text: str, quoted: str) -> None:
    assert quote(text) == quoted


def test_a_problem_reads_as_compilers_write_theirs() -> None:
    problem = Problem(
        rule=Rule.UNKNOWN_TOPIC,
        message="unknown topic 'ai-acelerators'; did you mean 'ai-accelerators'?",
        file="publications.bib",
        line=412,
        column=8,
        key="jang2024smart",
    )
    assert str(problem) == (
        "publications.bib:412:8: error: jang2024smart: unknown topic 'ai-acelerators'; "
        "did you mean 'ai-accelerators'? [unknown-topic]"
    )


# Help


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    summary = str(load_command(name)[0].__doc__).partition("\n")[0]
    with pytest.raises(SystemExit) as stop:
        main([name, "--help"])
    assert stop.value.code == 0
    assert "--source DIR" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        main(["--help"])
    assert summary in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize("arguments", [[], ["no-command"], ["check", "--format", "x"]])
def test_what_the_command_line_does_not_know_ends_with_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert stop.value.code == 2
