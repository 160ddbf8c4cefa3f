"""What tests of commands share: a service on this machine, a site in a repository."""

from __future__ import annotations

import shutil
import subprocess
import threading
from collections import deque
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from labsite.__main__ import main

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class _Answer:
    body: bytes
    status: int
    headers: dict[str, str]


class Service(ThreadingHTTPServer):
    """Gives its answers in their order, the last one for ever, and notes requests."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers: deque[_Answer] = deque()
        self.paths: list[str] = []
        self.accepted: list[str | None] = []

    @property
    def address(self) -> str:
        """The root of the service."""
        return f"http://127.0.0.1:{self.server_port}/"

    def will_say(
        self, body: bytes | str = b"", status: int = 200, **headers: str
    ) -> None:
        """Add an answer; an underscore in a header's name stands for a hyphen."""
        data = body.encode() if isinstance(body, str) else body
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers.append(_Answer(data, status, named))


class _Handler(BaseHTTPRequestHandler):
    server: Service

    def do_GET(self) -> None:
        service = self.server
        service.paths.append(self.path)
        service.accepted.append(self.headers["Accept"])
        more = len(service.answers) > 1
        answer = service.answers.popleft() if more else service.answers[0]
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, *_arguments: object) -> None:
        """Print nothing."""


@pytest.fixture
def service() -> Iterator[Service]:
    """Run a service while the test does."""
    server = Service()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def run_command() -> Callable[..., int]:
    """Return a function that runs a command as the command line does."""

    def run(command: str, source: Path, *arguments: str) -> int:
        return main([command, "--source", str(source), *arguments])

    return run


def run_git(folder: Path, *arguments: str) -> None:
    """Run git, whatever the configuration of whoever runs the tests."""
    identity = ("-c", "user.name=Jane Roe", "-c", "user.email=roe@example.org")
    program = shutil.which("git") or "git"
    subprocess.run(
        [
            program,
            "-C",
            str(folder),
            *identity,
            "-c",
            "commit.gpgsign=false",
            *arguments,
        ],
        check=True,
        capture_output=True,
    )


SITE = {
    "conf.py": 'include_patterns = ["index.md", "research/*.md", "team/*.md"]\n',
    "index.md": "# Home\n\nWelcome.\n\nRead [more](https://example.org/more).\n",
    "research/index.md": "# Research\n",
    "research/graphs.md": "---\ntitle: Graphs\n---\n\nText.\n",
    "research/chips.md": "---\ntitle: Chips\n---\n",
    "team/index.md": "# Team\n",
    "team/roe.md": (
        "---\nname: Jane Roe\nrole: phd\naliases: [Jane Q. Roe]\n---\n\nHello.\n"
    ),
    "news/index.md": "# News\n",
    "news/2025-01-01-prize.md": "---\ndate: 2025-01-01\n---\nA prize.\n",
    "publications/index.md": "# Publications\n",
    "publications.bib": """\
@string{HPCA = "Symposium on Computers"}
@string{ISCA = "Conference on Machines"}

@inproceedings{roe2025trick,
  author        = {Roe, Jane and Doe, John},
  title         = {{TRICK}: A Trick for {GPUs}},
  booktitle     = HPCA,
  year          = {2025},
  month         = mar,
  doi           = {10.1145/1000001},
  code          = {https://example.org/code},
  keywords      = {graphs},
}

@misc{doe2024idea,
  author        = {Doe, John},
  title         = {An Idea of Its Own},
  year          = {2024},
  month         = feb,
  eprint        = {2402.00001},
  archiveprefix = {arXiv},
  keywords      = {chips},
}
""",
}


@pytest.fixture(scope="session")
def committed_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small site in a git repository, with one commit; not to be changed."""
    folder = tmp_path_factory.mktemp("committed") / "site"
    for name, text in SITE.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    run_git(folder, "init", "--quiet", "--template=")
    run_git(folder, "add", "--all")
    run_git(folder, "commit", "--quiet", "--message=Begin")
    return folder


@pytest.fixture
def site(committed_site: Path, tmp_path: Path) -> Path:
    """Return a small site in a git repository of the test's own, with one commit."""
    return shutil.copytree(committed_site, tmp_path / "site")


@pytest.fixture
def git() -> Callable[..., None]:
    """Return a function that runs git in a folder."""
    return run_git
