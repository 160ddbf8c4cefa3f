"""The form "A new paper": what stands in an issue stays data."""

from __future__ import annotations

import importlib.util
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).parents[1]
ENTRY = (
    "@inproceedings{x, author={Roe, Jane}, title={A Form of Things}, "
    "booktitle={ISCA}, year={2026}, month={6}, doi={10.1145/5550001}}"
)
#: Texts that would do something if they were ever more than text.
PAYLOADS = (
    "$(touch pwned)",
    "`touch pwned`",
    '"; touch pwned; "',
    "' && touch pwned #",
    "--key=pwned",
    "\nkey=pwned\n",
    "::set-output name=key::pwned",
    "```\n## pwned\n@everybody",
    "${{ github.token }}",
)


_FENCE = re.compile(r"^(`{3,})text\n.*?^\1$", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def script() -> ModuleType:
    """Return the script as a module."""
    spec = importlib.util.spec_from_file_location(
        "add_from_issue", ROOT / "scripts/add_from_issue.py"
    )
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Return a small site in a repository of its own."""
    folder = tmp_path / "site"
    (folder / "research").mkdir(parents=True)
    (folder / "conf.py").write_text("", "utf-8")
    (folder / "research/graphs.md").write_text("---\ntitle: Graphs\n---\n", "utf-8")
    bib = '@string{ISCA = "International Symposium on Computer Architecture"}\n'
    (folder / "publications.bib").write_text(bib, "utf-8")
    for arguments in (("init", "-q"), ("add", "."), ("commit", "-qm", "x")):
        names = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
        subprocess.run(["git", *names, *arguments], cwd=folder, check=True)  # noqa: S607 -- git
    return folder


def form(paper: str, topic: str = "graphs", links: str = "_No response_") -> str:
    return (
        f"### BibTeX, DOI or arXiv identifier\n\n```bibtex\n{paper}\n```\n\n"
        f"### Research topic\n\n{topic}\n\n### Code, slides, poster, video\n\n{links}\n"
    )


def test_the_form_becomes_an_entry_with_a_report(
    script: ModuleType, site: Path
) -> None:
    links = "https://example.org/code"
    report, key = script.add(site, form(ENTRY, links=links))
    assert key == "roe2026form"
    assert "  booktitle     = ISCA," in (site / "publications.bib").read_text("utf-8")
    for part in ("added roe2026form", links, "labsite check", "A Form of Things"):
        assert part in report


def test_a_payload_stays_text_wherever_it_stands(
    script: ModuleType, site: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.chdir(site)
    payload = "\n".join(PAYLOADS)
    inert = re.sub(r"[{}]", "", payload)
    title = ENTRY.replace("A Form", f"A {inert} Form")
    for body in (form(title, links=payload), form(ENTRY, payload), form(payload)):
        monkeypatch.setenv("ISSUE_BODY", body)
        script.main(".", "report.md")
        assert re.fullmatch(r"(key=roe2026\w+\n)?", capsys.readouterr().out)
        report = (site / "report.md").read_text("utf-8")
        outside = _FENCE.sub("", report)
        assert "@everybody" not in outside
        assert "## pwned" not in outside
    assert not list(site.rglob("pwned"))


@pytest.mark.parametrize("name", ["new-paper", "update"])
def test_a_workflow_that_writes_has_the_smallest_rights(name: str) -> None:
    text = (ROOT / f".github/workflows/{name}.yml").read_text("utf-8")
    workflow: dict[str, Any] = yaml.safe_load(text)
    assert workflow["permissions"] == {}
    reading, writing = workflow["jobs"].values()
    assert reading["permissions"] == {"contents": "read"}
    assert set(writing["permissions"]) == {"contents", "pull-requests"}
    for step in (*reading["steps"], *writing["steps"]):
        assert "${{" not in step.get("run", "")  # no text of others in a shell line
        assert re.search(r"@[0-9a-f]{40}$", step.get("uses", "@" + "0" * 40))
    # What holds text of an issue is handed on to the script alone.
    assert not [s for s in writing["steps"] if "issue.body" in str(s)]
    assert "issue.title" not in text
