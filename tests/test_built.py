"""The smoke test of a built site finds each thing that a visitor would stumble over."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from labsite.checks.audit import check_pages

if TYPE_CHECKING:
    from pathlib import Path

PAGE = '<html lang="en"><head><title>T</title></head>\n<body>\n{}\n</body></html>'
GOOD = """
<h1 id="top">Title</h1>
<a href="#top">Up</a> <a href="other.html#place">Place</a> <a href="sub/">Folder</a>
<a href="/base/other.html">From the root</a> <a href="https://example.org/x#y">Away</a>
<a href="mailto:a@example.org">Mail</a>
<a href="other.html"><img src="p.png" alt="A"></a>
<a href="other.html" aria-label="Name"><svg></svg></a>
<a href="%ED%8E%98.html">Korean</a>
<a href="https://lab.example/base/other.html#place">The same host</a>
<a href="https://lab.example/elsewhere/x.html">Another site of the host</a>
<img src="p.png" alt=""> <button>Press</button>
"""
FAULTS = {
    '<a href="gone.html">x</a>': "gone.html is a broken link",
    '<a href="other.html#gone">x</a>': "other.html#gone: the page has no such heading",
    '<a href="#gone">x</a>': "#gone: the page has no such heading",
    '<a href="/other/page.html">x</a>': "/other/page.html is a broken link",
    '<a href="https://LAB.example/base/gone.pdf">x</a>': "gone.pdf is a broken link",
    '<a href="//lab.example/base/other.html#gone">x</a>': "page has no such heading",
    '<a href="http://[x">x</a>': "http://[x is a broken link",
    '<a href="%00">x</a>': "%00 is a broken link",
    f'<a href="{"x" * 300}">x</a>': "is a broken link",
    '<img src="gone.png" alt="x">': "gone.png is a broken link",
    '<img src="p.png">': "the picture p.png has no alt text",
    '<img src="large.png" alt="">': "large.png is larger than 1 MB",
    '<a href="other.html"></a>': "this <a> has no words",
    '<a href="other.html"><img src="p.png" alt=""></a>': "this <a> has no words",
    '<a href="other.html">&nbsp;</a>': "this <a> has no words",
    "<button><svg></svg></button>": "this <button> has no words",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with pages and files to lead to."""
    (tmp_path / "sub").mkdir()
    for name in ("other.html", "sub/index.html", "페.html"):
        text = PAGE.format('<h1 id="place">x</h1>')
        (tmp_path / name).write_text(text, "utf-8")
    (tmp_path / "p.png").write_bytes(b"PNG")
    (tmp_path / "large.png").write_bytes(bytes(1_000_001))
    return tmp_path


def say(folder: Path, body: str) -> list[tuple[str, int, str]]:
    """Return what is said of a page."""
    (folder / "index.html").write_text(PAGE.format(body), "utf-8")
    found = check_pages(folder, "/base/", "lab.example")
    return [(p.file, p.line, p.message) for p in found]


def test_a_good_page_gives_nothing_to_say(folder: Path) -> None:
    assert say(folder, GOOD) == []


@pytest.mark.parametrize("body", FAULTS)
def test_a_fault_is_found_at_its_line(folder: Path, body: str) -> None:
    ((file, line, message),) = say(folder, body)
    assert (file, FAULTS[body] in message) == ("index.html", True), message
    assert line == 3


@pytest.mark.parametrize("before", ["<div>" * 300, f"<p>{'x' * 11_000_000}</p>"])
def test_a_fault_is_found_on_a_large_page(folder: Path, before: str) -> None:
    assert [message for *_, message in say(folder, f'{before}<img src="p.png">')] == [
        "the picture p.png has no alt text; write one"
    ]


def test_a_page_in_another_encoding_is_read(folder: Path) -> None:
    (folder / "old.html").write_bytes(PAGE.format("<h1>Prüfung</h1>").encode("cp1252"))
    assert say(folder, GOOD) == []


def test_a_redirect_is_no_page_of_its_own(folder: Path) -> None:
    moved = (
        '<meta http-equiv="refresh" content="0; url=other.html"><a href="gone.html">'
    )
    assert say(folder, moved) == []
