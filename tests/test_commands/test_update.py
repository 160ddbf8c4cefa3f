"""``labsite update`` against registries that run on this machine."""

from __future__ import annotations

import json
import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest

from labsite.bibtex.reader import read_library
from labsite.editing.fetching import Limits
from labsite.editing.services import Services
from labsite.editing.updating import propose

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

IDEA = {
    "type": "proceedings-article", "title": ["An Idea of Its Own"],
    "author": [{"family": "Doe", "given": "John"}], "DOI": "10.1145/2000002",
    "container-title": ["Proc. of ISCA"], "page": "1-9",
    "issued": {"date-parts": [[2025, 6]]},
}  # fmt: skip
TRICK = {
    "type": "proceedings-article", "title": ["TRICK: A Trick for GPUs"],
    "author": [{"family": "Roe"}], "DOI": "10.1145/1000001", "page": "10-20",
    "issued": {"date-parts": [[2025]]},
}  # fmt: skip


class Registry(ThreadingHTTPServer):
    """Answers as the registries document it, by what is asked for."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers: dict[str, tuple[int, bytes]] = {}
        self.asked: list[str] = []
        self.heard = threading.Semaphore(0)  #: counts them
        self.agents: set[str] = set()
        self.is_slow = False
        self.closing = threading.Event()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def says(self, part: str, answer: object, status: int = 200) -> None:
        data = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        self.answers[part] = (status, data)


class _Handler(BaseHTTPRequestHandler):
    server: Registry

    def do_GET(self) -> None:
        path = unquote(self.path.replace("+", " "))
        self.server.asked.append(path)
        self.server.heard.release()
        self.server.agents.add(self.headers["User-Agent"])
        found = (a for part, a in self.server.answers.items() if part in path)
        status, data = next(found, (200 if self.server.is_slow else 404, b""))
        self.send_response(status)
        if status == 302:
            self.send_header("Location", data.decode())
        self.send_header("Content-Length", str(len(data) + self.server.is_slow))
        self.end_headers()
        self.wfile.write(data)
        if self.server.is_slow:
            self.server.closing.wait()

    def log_message(self, *_arguments: object) -> None:
        """Print nothing."""


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry]:
    """Run the registries while the test does."""
    server = Registry()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    for name in ("ARXIV", "CROSSREF", "DBLP", "DOI", "OPENALEX"):
        address = f"{server.address}/{name.lower()}"
        monkeypatch.setenv(f"LABSITE_{name}_URL", address)
    try:
        yield server
    finally:
        server.closing.set()
        server.shutdown()
        thread.join()
        server.server_close()


def search(*items: object) -> dict[str, object]:
    return {"message": {"items": list(items)}}


def test_a_plan_names_sources_and_writes_nothing(
    site: Path, registry: Registry, run_command: Callable[..., int],
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    registry.says("/crossref?query.bibliographic=An Idea", search(IDEA))
    registry.says("/crossref/10.1145/1000001", {"message": TRICK})
    open_copy = {"pdf_url": "https://example.org/trick.pdf"}
    registry.says(
        "/openalex/doi:10.1145/1000001",
        {"title": "TRICK: a trick for GPUs", "best_oa_location": open_copy},
    )
    before = (site / "publications.bib").read_bytes()
    assert run_command("update", site) == 1
    said = capsys.readouterr()
    assert "roe2025trick: pages = 10--20 (Crossref, sure)" in said.out
    assert "pdf = https://example.org/trick.pdf (OpenAlex, sure)" in said.out
    assert "doe2024idea: published as 10.1145/2000002 (Crossref, sure)" in said.out
    assert "  labsite publish doe2024idea 10.1145/2000002" in said.out
    assert (site / "publications.bib").read_bytes() == before
    count = len(registry.asked)
    assert run_command("update", site) == 1  # from what was remembered
    assert registry.asked[count:] == []


def test_what_is_sure_is_written(
    site: Path, registry: Registry, run_command: Callable[..., int]
) -> None:
    registry.says("/crossref?query.bibliographic=An Idea", search(IDEA))
    registry.says("/crossref/10.1145/1000001", {"message": TRICK})
    registry.says("/doi/10.1145/2000002", IDEA)
    assert run_command("update", site, "--write") == 0
    text = (site / "publications.bib").read_text("utf-8")
    assert "  pages         = {10--20}," in text
    assert "@inproceedings{doe2024idea," in text
    assert "  booktitle     = ISCA," in text
    assert "  eprint        = {2402.00001}," in text


def test_a_run_ends_after_some_requests_and_the_next_goes_on(
    site: Path, registry: Registry, run_command: Callable[..., int],
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr("labsite.cli.entries._MOST", 1)
    assert run_command("update", site) == 0
    assert "note: entries left: 1; run" in capsys.readouterr().err
    asked = set(registry.asked)
    assert run_command("update", site) == 0
    assert "left: " not in capsys.readouterr().err
    assert len(registry.asked) == len(set(registry.asked)) > len(asked)


#: What arXiv gives every preprint; it is not the paper's.
OWN_DOI = "  doi           = {10.48550/arXiv.2402.00001},\n"
FEED = """<feed xmlns="http://www.w3.org/2005/Atom"
  xmlns:arxiv="http://arxiv.org/schemas/atom"><entry><title>{title}</title>
<published>2024-02-09T00:00:00Z</published><author><name>John Doe</name></author>
{more}</entry></feed>"""


@pytest.mark.parametrize(
    "case",
    [
        ("An Idea of its own", "doi>10.1145/2", "published as 10.1145/2 (arXiv, sure)"),
        ("Renamed", "doi>10.1145/2", "published as 10.1145/2 (arXiv, likely)"),
        ("Renamed", "journal_ref>J. Ideas 3", "published: J. Ideas 3 (arXiv, likely)"),
    ],
)
def test_arxiv_tells_what_has_become_of_a_preprint(
    case: tuple[str, str, str], site: Path, registry: Registry,
    run_command: Callable[..., int], capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    title, more, said = case
    bibliography = site / "publications.bib"
    text = bibliography.read_text("utf-8").replace("  eprint  ", f"{OWN_DOI}  eprint  ")
    bibliography.write_text(text, "utf-8")
    told = f"<arxiv:{more}</arxiv:{more.partition('>')[0]}>"
    registry.says("id_list=2402.00001", FEED.format(title=title, more=told).encode())
    assert run_command("update", site, "doe2024idea") == 1
    assert f"doe2024idea: {said}" in capsys.readouterr().out


HIT = {
    "title": "An Idea of its own.", "authors": {"author": [{"text": "John Doe 0001"}]},
    "year": "2025", "type": "Journal Articles", "venue": "J. Ideas",
    "doi": "10.1145/3",
}  # fmt: skip
WORK = {
    "title": "TRICK: A Trick for GPUs",
    "best_oa_location": {"pdf_url": "http://example.org/trick.pdf"},
}


def hits(**parts: str) -> dict[str, object]:
    """Return DBLP's answer, with one result."""
    return {"result": {"hits": {"hit": [{"info": HIT | parts}]}}}


@pytest.mark.parametrize(
    "case",
    [
        ("/dblp", hits(), "doe2024idea: published as 10.1145/3 (DBLP, sure)"),
        ("/dblp", hits(year="2026"), "published as 10.1145/3 (DBLP, sure)"),
        ("/dblp", hits(year="2027"), "published as 10.1145/3 (DBLP, likely)"),
        ("/dblp", hits(venue="CoRR"), ""),
        ("/dblp", hits(title="Another Idea."), ""),
        ("/openalex", WORK, ""),
    ],
    ids=["journal", "two years", "three years", "preprint", "other title", "no https"],
)
def test_what_is_of_the_paper_is_proposed(
    case: tuple[str, object, str], site: Path, registry: Registry,
    run_command: Callable[..., int], capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    part, answer, said = case
    registry.says(part, answer)
    assert run_command("update", site) == bool(said)
    proposed = [line for line in capsys.readouterr().out.splitlines() if "(" in line]
    assert [said in line for line in proposed] == [True] * bool(said)


def test_registries_that_never_finish_are_left_out(
    site: Path, registry: Registry, tmp_path: Path
) -> None:
    registry.is_slow = True
    text = (site / "publications.bib").read_text("utf-8")
    preprint = read_library([("x", text)]).by_key["doe2024idea"]
    cache = tmp_path / "cache"
    services = Services(os.environ, cache=cache, limits=Limits(whole=0.1))
    assert [*propose(preprint, services), *propose(preprint, services)] == []
    # On a busy machine one may hear the question after it was given up.
    assert all(registry.heard.acquire(timeout=60) for _ in range(3))
    assert len(registry.asked) == len(services.silent) == 3
    assert all("answers too slowly" in said for said in services.silent.values())
    assert not cache.exists()


def test_what_is_likely_waits_for_a_person(
    site: Path, registry: Registry, run_command: Callable[..., int],
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    other = IDEA | {"author": [{"family": "Poe"}]}
    registry.says("/crossref?query.bibliographic=An Idea", search(other))
    renamed = TRICK | {"title": ["Another Title Altogether"]}
    registry.says("/crossref/10.1145/1000001", {"message": renamed})
    before = (site / "publications.bib").read_bytes()
    assert run_command("update", site, "--write") == 1
    assert (site / "publications.bib").read_bytes() == before
    said = capsys.readouterr().out
    assert "(Crossref, likely)" in said
    assert "the title is 'Another Title Altogether' there" in said


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (b"<html>busy</html>", 200),
        (b"[" * 100_000, 200),
        (b'{"message": {"items": [1, null, {"title": 5}, {"title": []}]}}', 200),
        (b"{" + b" " * 3_000_000, 200),
        (b"", 500),
        (b"http://example.org/elsewhere", 302),
    ],
)
def test_a_registry_that_fails_is_left_out(
    answer: bytes, status: int, site: Path, registry: Registry,
    run_command: Callable[..., int],
) -> None:  # fmt: skip
    registry.says("/crossref", answer, status)
    before = (site / "publications.bib").read_bytes()
    assert run_command("update", site, "--write") == 0
    assert (site / "publications.bib").read_bytes() == before


def test_an_unknown_key_asks_nobody(
    site: Path, registry: Registry, run_command: Callable[..., int]
) -> None:
    assert run_command("update", site, "nobody2020") == 2
    assert registry.asked == []
