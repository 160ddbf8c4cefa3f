"""Pages that anybody may propose: they run, read, fetch and instruct nothing."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import threading
import unicodedata
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from PIL import Image
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace
from tests.test_sphinx.conftest import Built, Site

import labsite
from labsite.checks.pages import check_source
from labsite.model.problems import Rule
from labsite.pages.front_matter import record_pages
from labsite.site.configuration import read_settings
from labsite.site.settings import Settings
from labsite.sphinx import page_limits
from labsite.sphinx.checking import check_pages

if TYPE_CHECKING:
    from collections.abc import Iterator

HIDDEN = "kept-by-the-machine"  #: in every file that no page may read
RAN = "ran-as-the-builder"  #: what code of a page would write
PLANTED = "planted-by-a-file()"  #: what no file of the site may hold
CODE = f"{{{{ cycler.__init__.__globals__.os.popen('touch FOLDER/{RAN}').read() }}}}"
EXTENSIONS = "{enable_extensions: [substitution]}"
#: A list within a list, and so on.
NESTED = (
    "```{eval-rst}\n"
    + "\n".join(f"{'  ' * level}* x\n" for level in range(400))
    + "\n```\n"
)
#: Handlers that fail for a page of their name.
FAILING = """
from sphinx.errors import SphinxError
from sphinx.transforms.post_transforms import SphinxPostTransform

class Failing(SphinxPostTransform):
    default_priority = 1
    def run(self, **_options):
        fail("post-transform", self.env.docname)
        fail("refused", self.env.docname, SphinxError)

def fail(name, docname, error=ValueError):
    if name == docname:
        raise error("broken")

def setup(app):
    app.add_post_transform(Failing)
    app.connect("doctree-resolved", lambda _app, _tree, name: fail("resolved", name))
"""
#: Each page, and words of the warning that it gives.
PAGES = {
    "template-setting": (
        f"---\nmyst: {EXTENSIONS}\n---\n# T\n\n{CODE}\n",
        "may not have the field 'myst'",
    ),
    "template-escaped": (
        f'---\n"my\\x73t": {EXTENSIONS}\n---\n# T\n\n{CODE}\n',
        "may not have the field 'myst'",
    ),
    "template-opening": (f"---x\nmyst: {EXTENSIONS}\n---\n# T\n\n{CODE}\n", ""),
    "template-closing": (f"---\nmyst: {EXTENSIONS}\n--- y\n# T\n\n{CODE}\n", ""),
    "template-line": (f"--- \u2028myst: {EXTENSIONS}\n---\n# T\n\n{CODE}\n", ""),
    "template-text": (
        f'---\nsubstitutions:\n  x: "{CODE}"\n---\n# T\n\n{{{{ x }}}}\n',
        "may not have the field 'substitutions'",
    ),
    "syntax": (
        "---\nmyst: {disable_syntax: []}\n---\n# T\n\n<script src=x.js></script>\n",
        "may not have the field 'myst'",
    ),
    "bomb": (
        "---\na: &a [x, x, x, x, x, x, x, x, x]\n"
        + "".join(f"{n}: &{n} [{', '.join([f'*{m}'] * 9)}]\n" for m, n in ("ab", "bc"))
        + "---\n# T\n",
        "",
    ),
    "include": ("# T\n\n```{include} SECRET\n```\n", "the directive 'include'"),
    "include-rst": (
        "# T\n\n```{eval-rst}\n.. include:: SECRET\n```\n",
        "the directive 'include'",
    ),
    "include-code": (
        "# T\n\n```{literalinclude} /../../secret.txt\n```\n",
        "the directive 'literalinclude'",
    ),
    "raw-file": ("# T\n\n```{raw} html\n:file: SECRET\n```\n", "the directive 'raw'"),
    "raw-url": ("# T\n\n```{raw} html\n:url: SERVER\n```\n", "the directive 'raw'"),
    "raw-text": (
        "# T\n\n```{raw} html\n<script src=x.js>\n```\n",
        "the directive 'raw'",
    ),
    "raw-role": (
        (
            "# T\n\n```{eval-rst}\n.. role:: x(raw)\n   :format: html\n\n"
            ":x:`<script src=x.js></script>`\n```\n"
        ),
        "disabled",
    ),
    "table-file": ("# T\n\n```{csv-table} A\n:file: SECRET\n```\n", "deactivated"),
    "table-url": ("# T\n\n```{csv-table} A\n:url: SERVER\n```\n", "deactivated"),
    "download": ("# T\n\n{download}`x <../../secret.txt>`\n", "outside"),
    "download-link": ("# T\n\n[x](../../secret.txt)\n", "outside"),
    "download-path": ("# T\n\n[x](path:/../../secret.txt)\n", "outside"),
    "download-scheme": ("# T\n\n{download}`x <a:/../../../secret.txt>`\n", "outside"),
    "download-script": (
        "# T\n\n{download}`x <javascript://%0aplanted()>`\n",
        "not an address",
    ),
    "download-git": ("# T\n\n[x](.hidden/secret.txt)\n", "outside"),
    "image": ("# T\n\n![x](../../secret.txt)\n", "outside"),
    "image-pipe": ("# T\n\n![x](pipe.png)\n", "outside"),
    "image-glob": ("# T\n\n```{image} ../../secret.*\n```\n", "outside"),
    "image-linked": ("# T\n\n![x](linked.txt)\n", "outside"),
    "image-chosen": ("# T\n\n```{image} linked.*\n```\n", "outside"),
    "image-language": ("# T\n\n![x](drawn.txt)\n", "outside"),
    "image-scheme": (
        "# T\n\n```{image} DATA:/../../../secret.txt\n```\n",
        "on another site",
    ),
    "image-remote": ("# T\n\n![x](SERVER)\n", "on another site"),
    "image-embedded": (
        "# T\n\n```{image} file:SECRET\n:loading: embed\n```\n",
        "on another site",
    ),
    "image-data": ("# T\n\n```{image} data:image/svg+xml,x\n```\n", "another site"),
    "image-runs": ("# T\n\n![x](runs.html)\n", "is no PNG"),
    "image-runs-chosen": ("# T\n\n```{image} runs.*\n```\n", ""),
    "image-entities": ("# T\n\n![x](entities.svg)\n", "has entities"),
    "download-runs": ("# T\n\n[x](runs.html)\n", "a browser would run"),
    "download-drawing": ("# T\n\n{download}`x <runs.svg>`\n", "a browser would run"),
    "style-div": (
        "# T\n\n:::{div} a\n:style: color: url(https://evil.example)\nx\n:::\n",
        "may not have the option 'style'",
    ),
    "image-backslash": ("# T\n\n```{image} \\\\x.example/x.png\n```\n", "another site"),
    "script-toctree": (
        "# T\n\n```{toctree}\nx <javascript://%0aplanted()>\n```\n",
        "not an address",
    ),
    "script-icon": (
        '# T\n\n{octicon}`rocket;1em;x"><script/src=x.js></script>`\n',
        "an icon has an invalid class",
    ),
    "style": ("# T\n\n```{bibliography}\n:style: gone\n```\n", "no style 'gone'"),
    "style-suffix": ("# T\n\n```{bibliography}\n:style: .x\n```\n", "no style '.x'"),
    "nested": (f"# T\n\n{NESTED}", "cannot be built"),
    "transform": ("# T\n\n:::{pull-quote}\n\n\n:::\n", "cannot be built"),
    "written": (
        "# T\n\n```{eval-rst}\n.. header:: x\n.. target-notes::\n```\n",
        "cannot be built",
    ),
    "lines": (
        "# T\n\n```{code-block} c\n:emphasize-lines: 1-300000000\nx\n```\n",
        "out of range",
    ),
    "lines-attribute": (
        '# T\n\n> {emphasize-lines="1-300000000"}\n> ```c\n> x\n> ```\n',
        "out of range",
    ),
    "filter": (
        '# T\n\n```{bibliography}\n:filter: title % "(a*)*b"\n```\n',
        "may not have '%'",
    ),
    "filter-nested": (
        f"# T\n\n```{{bibliography}}\n:filter: {'~' * 999}title\n```\n",
        "more than 200 characters",
    ),
    "filter-type": (
        "# T\n\n```{bibliography}\n:filter: year < 3\n```\n",
        "cannot be built",
    ),
    "post-transform": ("# T\n\nThe end.\n", "cannot be built ('broken')"),
    "resolved": ("# T\n\nThe end.\n", "cannot be built ('broken')"),
    "refused": ("# T\n\nThe end.\n", "cannot be built ('broken')"),
    "drawing": ("# T\n\n```{inline-svg} ../../secret.txt\n```\n", "no such file"),
    "groups": ("# T\n\n```{collaborators} ../../secret.txt\n```\n", "no file"),
    "courses": ("# T\n\n```{teaching} ../../secret.txt\n```\n", "no file"),
    "html": (
        (
            "# T\n\n<meta http-equiv=refresh content='0; url=https://evil.example'>\n\n"
            "a <script src=x.js></script> b\n"
        ),
        "",
    ),
    "meta": (
        "# T\n\n```{eval-rst}\n.. meta::\n   :http-equiv=refresh: 0; url=x\n```\n",
        "instructions",
    ),
    "meta-name": (
        "# T\n\n```{eval-rst}\n.. meta::\n   :a><script/src=x: x\n```\n",
        "instructions",
    ),
    "meta-field": (
        '---\nhtml_meta: {"http-equiv=refresh": x}\n---\n# T\n',
        "may not have the field 'html_meta'",
    ),
    "anchors-field": (
        "---\nmyst_slugs: x\n---\n# T\n",
        "may not have the field 'myst_slugs'",
    ),
    "script-link": (
        "# T\n\n```{button-link} javascript:planted()\n```\n",
        "not an address",
    ),
    "script-target": (
        "# T\n\n```{image} ok.png\n:target: JaVaScript:planted()\n```\n",
        "not an address",
    ),
    "script-rst": ("# T\n\n```{eval-rst}\n`x <vbscript:x>`_\n```\n", "not an address"),
    "terminal": ("# T\n\n```{eval-rst}\n|\x1b[31mx|\n```\n", r"\x1b[31mx"),
    "meta-property": (
        "# T\n\n```{eval-rst}\n.. meta::\n   :property=og:url: https://a.org\n```\n",
        "'meta' may not give a browser instructions",
    ),
    "meta-referrer": (
        "# T\n\n```{eval-rst}\n.. meta::\n   :referrer: unsafe-url\n```\n",
        "instructions",
    ),
    "half": (
        '# T\n\n```{code-block} c\n:caption: "\\ud800"\nx\n```\n',
        "cannot be built",
    ),
    "half-field": ('---\ntitle: "T \\ud800"\n---\nx\n', "control character U+D800"),
    "control-field": ('---\ntitle: "T \\0"\n---\nx\n', "control character U+0000"),
    "field-yaml": ("---\na: [x\n---\n# T\n", "cannot read the YAML"),
    "field": ('---\n"og:x\\"><script src=x.js>": y\n---\n# T\n', "use letters"),
}
#: Links in the source, each to what no visitor may get.
LINKS = (
    *("_static/leak.txt", "_extra/leak.txt", "linked.txt", "linked.md", "team/x.md"),
    *("drawn.en.txt", "_extra/.well-known/leak.txt", "_static/logo.svg"),
    "synonyms.txt",
    "_extra/html.md",  # the path of a page
)
#: Files without an end, which nothing may open.
PIPES = ("_static/pipe", "team/pipe.md", "pipe.png", "ko/html.md")


class Hostile(NamedTuple):
    """A site of such pages, and what came of it."""

    source: Path
    built: Built
    requests: list[str]

    def page(self, name: str) -> str:
        """Return the text of a built page."""
        return (self.built.folder / f"{name}.html").read_text("utf-8")


@pytest.fixture(scope="module")
def server() -> Iterator[HTTPServer]:
    """Return a server on this machine that notes what it is asked for."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_args: object) -> None:
            """Write nothing."""

    asked: list[str] = []
    with HTTPServer(("127.0.0.1", 0), Handler) as found:
        found.asked = asked  # type: ignore[attr-defined]  # for the test alone
        threading.Thread(target=found.serve_forever, daemon=True).start()
        yield found
        found.shutdown()


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory, server: HTTPServer) -> Hostile:
    folder = tmp_path_factory.mktemp("hostile")
    secret = folder / "secret.txt"
    secret.write_text(f"{HIDDEN}, x\n")  # two words, as the search has synonyms
    site = Site(folder / "outer" / "site")
    address = f"http://127.0.0.1:{server.server_port}/x.png"
    for name, (text, _warning) in PAGES.items():
        for word, meant in (
            ("FOLDER", folder),
            ("SECRET", secret),
            ("SERVER", address),
        ):
            text = text.replace(word, str(meant))  # noqa: PLW2901 -- filled in
        site.write(f"{name}.md", text)
    site.write("ok.png", "")
    runs = f"<script>{PLANTED}</script>"
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{runs}</svg>'
    site.write("runs.html", runs)
    site.write("runs.svg", drawing)
    site.write("entities.svg", f'<!DOCTYPE svg [<!ENTITY a "b">]>{drawing}')
    site.write(".hidden/secret.txt", HIDDEN)
    site.write(".hidden/page.md", f"# {HIDDEN}\n")
    site.edit("conf.py", '"*.md"', '"*.md", ".hidden/*.md"')
    site.edit("conf.py", '"basic"', '"labsite"')  # it alone reads "synonyms.txt"
    site.write("_static/mine.txt.jinja", "{% include '" + str(secret) + "' %}\n")
    site.write("team/index.md", "# Team\n")
    for name in LINKS:
        path = site.source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.symlink_to(secret)
    (site.source / "_static/circle").symlink_to(".")
    (site.source / "_static/nowhere.css").symlink_to("gone.css")
    (site.source / "_static/itself.css").symlink_to("itself.css")
    (site.source / "_static/.#locked.css").symlink_to("jane@host.1:2")
    (site.source / "ko").mkdir()
    for name in PIPES:
        os.mkfifo(site.source / name)
    site.write(
        "conf.py",
        (site.source / "conf.py").read_text()
        + (
            'html_static_path = ["_static"]\nhtml_extra_path = ["_extra"]\n'
            'html_logo = "_static/logo.svg"\nlabsite_languages = ["ko"]\n'
            "nitpicky = False\n" + FAILING
        ),
    )
    site.write(
        "docutils.conf",
        "[general]\nraw_enabled: yes\nfile_insertion_enabled: yes\n"
        f"record_dependencies: {folder / RAN}\n",
    )
    with pytest.MonkeyPatch.context() as patch:  # as Sphinx's command does
        patch.setenv("DOCUTILSCONFIG", str(site.source / "docutils.conf"))
        built = site.build()
    return Hostile(site.source, built, server.asked)  # type: ignore[attr-defined]


def test_nothing_of_the_machine_and_nothing_that_runs_is_published(
    hostile: Hostile,
) -> None:
    found = [
        path
        for path in hostile.built.folder.rglob("*")
        if path.is_file()
        and any(text.encode() in path.read_bytes() for text in (HIDDEN, PLANTED))
    ]
    assert found == []
    assert HIDDEN not in hostile.built.warnings


def test_nothing_runs_and_nothing_is_fetched(hostile: Hostile) -> None:
    assert not (hostile.source.parents[1] / RAN).exists()
    assert hostile.requests == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_holds_nothing_that_a_browser_obeys(name: str, hostile: Hostile) -> None:
    # The policy of the site, and what is shown as text.
    allowed = r'<meta http-equiv="Content-Security-Policy"|&lt;meta http-equiv'
    text = re.sub(allowed, "", hostile.page(name))
    assert "http-equiv" not in text
    assert "<script src=x.js>" not in text
    assert "color: url" not in text
    assert "script/src" not in text
    assert not re.search(r"=\s*.?\w*script:", text, re.IGNORECASE)
    assert "<h1>T" in text or name in {
        "half", "nested", "transform", "post-transform", "resolved", "refused",
        "written",
    }  # fmt: skip


def test_a_check_says_once_what_a_page_may_not_and_nothing_of_examples(
    tmp_path: Path,
) -> None:
    site = Site(tmp_path / "site")
    example = "````text\n```{include} x\n```\n````\n\n.. raw:: html\n"
    site.edit("index.md", "Work on", f"{example}\n```{{raw}} html\nx\n```\n\nWork on")
    problems, _used, _fields = check_pages(site.source)
    (problem,) = problems
    assert (problem.rule, problem.file) == (Rule.REFUSED_CONTENT, "index.md")
    assert "the directive 'raw'" in problem.message


@pytest.mark.parametrize("name", [name for name, (_, said) in PAGES.items() if said])
def test_a_page_is_told_what_it_may_not(name: str, hostile: Hostile) -> None:
    said = [
        line for line in hostile.built.warnings.splitlines() if f"{name}.md" in line
    ]
    assert any(PAGES[name][1] in line for line in said), said


def test_links_out_of_the_repository_are_reported_by_check(hostile: Hostile) -> None:
    settings = read_settings(hostile.source)
    found = {problem.file for problem in check_source(settings)}
    # The check of the source reports control characters too.
    links = {"_static/circle", "_static/nowhere.css", "_static/itself.css"}
    wrong = {*links, "terminal.md"}
    assert found == {*LINKS, *PIPES, *wrong}
    assert record_pages(hostile.source / "team") == []


def test_an_item_of_news_that_cannot_be_read_costs_itself_alone(tmp_path: Path) -> None:
    site = Site(tmp_path / "site")
    site.edit("conf.py", '"*.md"', '"*.md", "news/index.md"')
    site.write("news/index.md", "# News\n\n```{news}\n```\n")
    site.write("news/good.md", "---\ndate: 2024-01-01\n---\nA good item.\n")
    site.write("news/bad.md", f"---\ndate: 2024-02-01\n---\n{NESTED}")
    site.write("news/self.md", "---\ndate: 2024-02-02\n---\nAll:\n\n```{news}\n```\n")
    built = site.build()
    assert "A good item." in built.html("news/index").get_text()
    assert "news/bad.md:4: WARNING: the page cannot be built" in built.warnings
    assert "news/self.md:6: WARNING: an item of news may not list" in built.warnings


def test_a_page_that_takes_too_long_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(page_limits, "_MOST_SECONDS", 0.01)

    def hang() -> None:
        with page_limits.limit_page():
            while True:
                with suppress(Exception):
                    re.match("(a*)*b", "a" * 20)

    with pytest.raises(page_limits.LimitError, match="seconds"):
        hang()


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs Linux")
def test_a_page_that_takes_too_much_memory_is_given_up(tmp_path: Path) -> None:
    site = Site(tmp_path / "site")
    conf = (site.source / "conf.py").read_text("utf-8")
    limits = "page_limits._MOST_BYTES, page_limits._INTERVAL = 40_000_000, 0.01"
    site.write("conf.py", f"from labsite.sphinx import page_limits\n\n{limits}\n{conf}")
    texts = {
        "rows": "```{csv-table} A\n" + "," * 3000 + "\nx" * 3000 + "\n```\n",
        "columns": "```{hlist}\n:columns: 300000000\n- x\n```\n",
    }
    for name, text in texts.items():
        site.write(f"{name}.md", f"---\norphan: true\n---\n# T\n\n{text}")
    # A process that has freed much takes long to need more.
    command = [sys.executable, "-m", "sphinx", "-q", str(site.source), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    for name in texts:
        said = f"{name}.md: WARNING: the page cannot be built ('more than"
        assert said in done.stderr
    assert "Work on graphs" in (tmp_path / "index.html").read_text("utf-8")


@pytest.mark.parametrize(("pages", "entries", "orphans"), [(14, 13, 0), (20, 2, 20)])
def test_toctrees_that_multiply_cost_no_other_page(
    pages: int, entries: int, orphans: int, tmp_path: Path
) -> None:
    site = Site(tmp_path / "site")
    site.edit("index.md", "publications/index", "publications/index\nmany-0")
    for number in range(pages):
        last = min(number + entries + 1, pages)
        below = "\n".join(f"many-{n}" for n in range(number + 1, last))
        below = below or "many-0\nindex"  # in a circle
        site.write(f"many-{number}.md", f"# T\n\n```{{toctree}}\n{below}\n```\n")
    for number in range(orphans):
        site.write(f"orphan-{number}.md", "---\norphan: true\n---\n# T\n")
    built = site.build()
    assert not built.warnings
    assert len((built.folder / "index.html").read_bytes()) < 30_000
    assert "Work on graphs" in built.html("index").get_text()


@pytest.mark.parametrize(
    "name",
    [
        "_static/labsite/frame.js",
        "_static/ine.js",
        "_extra/x.html",
        "_extra/.htaccess",
        "_static/x.php",
    ],
)
def test_what_browsers_run_is_named_unless_the_configuration_names_it(
    name: str, tmp_path: Path
) -> None:
    site = Site(tmp_path / "site")
    paths = 'html_static_path = ["_static"]\nhtml_extra_path = ["_extra"]\n'
    site.edit("conf.py", "nitpicky = True", paths)
    site.write(name, "planted()")
    site.write("_static/mine.js", "wanted()")
    site.edit("conf.py", paths, f'{paths}html_js_files = ["mine.js"]\n')
    found = [
        problem.file
        for problem in check_source(read_settings(site.source))
        if problem.rule is Rule.ACTIVE_FILE
    ]
    assert found == [name]


@pytest.mark.parametrize(
    ("drawing", "runs"),
    [
        ("<svg><script>x</script></svg>", True),
        ("<svg><a href='java&#9;script:x'/></svg>", True),
        ("<a-b:script xmlns:a-b='http://www.w3.org/2000/svg'/>", True),
        ("<x:embed xmlns:x='http://www.w3.org/1999/&#120;html'/>", True),
        ("<!DOCTYPE svg [<!ATTLIST svg onload CDATA 'x'>]><svg/>", True),
        ("<?xml encoding='iso-2022-jp'?><svg><scr\x1b(Bipt/></svg>", True),
        ("<!DOCTYPE svg [<!ENTITY e '&#60;script/>'>]><svg>&e;</svg>", True),
        ("<!DOCTYPE svg [<!ENTITY a 'javascript'>]><svg><a href='&a;:x'/></svg>", True),
        ("<!DOCTYPE svg [<!ENTITY ns 'http://ns.example/'>]><svg/>", False),
        (
            '<!DOCTYPE svg [ <!ENTITY ns "http://ns.example/"> ]><svg>&#xE9;</svg>',
            False,
        ),
        ("<svg><text>&lt;script></text></svg>", False),
        pytest.param("<!ENTITY" * 100_000, False, id="entities without end"),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("suffix", ["svg", "xml", "atom"])
def test_a_drawing_with_a_script_is_named_however_it_is_written(
    drawing: str, runs: bool, encoding: str, suffix: str, tmp_path: Path
) -> None:
    folder = tmp_path / "_static"
    folder.mkdir()
    (tmp_path / "conf.py").touch()
    (folder / f"a.{suffix}").write_bytes(drawing.encode(encoding))
    settings = Settings(source=tmp_path, static_paths=("_static",))
    rules = [problem.rule for problem in check_source(settings)]
    assert (Rule.ACTIVE_FILE in rules) == runs


@pytest.mark.filterwarnings("ignore:.*BuildEnvironment.app")
def test_a_lab_may_trust_its_pages(tmp_path: Path) -> None:
    site = Site(tmp_path / "site")
    site.write("part.txt", "From *another* file.")
    site.write(
        "index.md",
        (
            "---\nmyst: {enable_extensions: [substitution], "
            "substitutions: {x: Filled}}\n"
            "---\n# T\n\n{{ x }}\n\n```{include} part.txt\n```\n\n"
            "<b class=mine>Bold</b>\n\n```{toctree}\n:hidden:\n:glob:\n\n*/*\n```\n"
        ),
    )
    page = site.build(conf={"labsite_trust_pages": True})
    text = page.html("index")
    assert text.select_one("b.mine")
    assert "Filled" in text.get_text()
    assert "another" in text.get_text()


def test_a_page_may_use_what_is_elsewhere_in_its_repository(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "notes.txt").write_text("for everybody")
    site = Site(tmp_path / "docs")
    site.write("extra.md", "---\norphan: true\n---\n# T\n\n[x](../notes.txt)\n")
    built = site.build()
    assert "outside" not in built.warnings
    assert list(built.folder.glob("_downloads/*/notes.txt"))


def test_a_link_within_the_site_needs_no_git(tmp_path: Path) -> None:
    site = Site(tmp_path / "site")
    site.write("team/index.md", "# Team\n")
    (site.source / "team/linked.bib").symlink_to("../publications.bib")
    assert [*check_source(read_settings(site.source))] == []


def test_no_catalogue_writes_outside_or_adds_a_script(tmp_path: Path) -> None:
    site, outside = Site(tmp_path / "site"), tmp_path / "outside.mo"
    site.edit("conf.py", "nitpicky = True", 'language = "de"')
    folder = site.source / "locales/de/LC_MESSAGES"
    site.write("locales/de/LC_MESSAGES/index.po", 'msgid "x"\nmsgstr "y"\n')
    site.write("locales/de/LC_MESSAGES/sphinx.js", "planted()")
    (folder / "index.mo").symlink_to(outside)
    built = site.build()
    assert not outside.exists()
    assert "planted" not in (built.folder / "_static/translations.js").read_text()


@pytest.mark.parametrize("image", [b"\x89PNG\r\n\x1a\n\xff", b"<svg" * 9])
def test_a_topic_whose_drawing_is_none_is_named(image: bytes, tmp_path: Path) -> None:
    site = Site(tmp_path / "site")
    site.edit("research/graphs.md", "title: Graphs", "title: Graphs\nimage: a.svg")
    site.edit("index.md", "Work on", "```{topic-cards}\n```\n\nWork on")
    (site.source / "a.svg").write_bytes(image)
    assert "cannot use the drawing 'a.svg'" in site.build().warnings


def test_a_name_or_a_text_that_is_not_unicode_costs_itself_alone(
    tmp_path: Path,
) -> None:
    site = Site(tmp_path / "site")
    site.edit("conf.py", "nitpicky = True", 'html_static_path = ["_static"]')
    site.write("_static/style.css", "a {}")
    korean = os.fsencode(site.source / "_static") + b"/\xb0\xa1.txt"
    Path(os.fsdecode(korean)).write_text("x")
    apart = unicodedata.normalize("NFD", "\uac00.md")
    site.write(apart, "---\norphan: true\n---\n# T\n")
    site.write("Index.md", "---\norphan: true\n---\n# T\n")
    site.write("con.md", "---\norphan: true\n---\n# T\n")
    site.write("::error::x/page.md", "# T\n")
    site.write(f"{'x' * 250}.md", "# T\n")
    site.write(f"team/{'x' * 250}.md", "---\nname: Jane Roe\n---\n")
    (site.source / "other.md").write_bytes("# \ud55c\uae00\n".encode("cp949"))
    built = site.build()
    assert (built.folder / "_static/style.css").is_file()
    assert (built.folder / "index.html").is_file()
    assert not (built.folder / "other.html").exists()
    for words in ("other.md:1: WARNING: the file is saved as another encoding",
                  "not UTF-8, or control", "not composed (NFC)", "device on Windows",
                  "only in case", "Windows does not take", "is too long"):  # fmt: skip
        assert words in built.warnings, words
    Path(os.fsdecode(korean)).unlink()
    again = site.build()
    assert "not UTF-8, or control" not in again.warnings


def test_an_extension_adds_its_templates(tmp_path: Path) -> None:
    site, folder = Site(tmp_path / "site"), tmp_path / "package"
    folder.mkdir()
    (folder / "button.js_t").write_text("{{ project }}")
    path = f"app.config.html_static_path.append({str(folder)!r})"
    setup = f"def setup(app):\n    app.connect('builder-inited', lambda app: {path})\n"
    site.edit("conf.py", "nitpicky = True", setup)
    built = site.build()
    assert (built.folder / "_static/button.js").read_text() == "Example Lab"


def test_a_setting_has_one_order_in_all_builds(tmp_path: Path) -> None:
    # After another one, Sphinx would read everything again.
    site, folder = Site(tmp_path / "site"), tmp_path / "built"
    names = [unicodedata.normalize(form, "Z\u00fcrich.md") for form in ("NFD", "NFC")]
    site.write(names[0], "# T\n")
    with docutils_namespace():
        app = Sphinx(site.source, site.source, folder, folder / "doctrees", "html")
    assert [p for p in app.config.exclude_patterns if p in names] == names


@pytest.mark.parametrize(
    "name",
    [
        "index.html/x.md",
        "about.md/x.md",
        "objects.inv/x.md",
        "_extra/index.html/x",
        "_static/basic.css/x",
        "_extra/_static/basic.css/x",
        "_extra/.buildinfo/x",
        "_extra/.doctrees/environment.pickle",
    ],
)
def test_a_folder_takes_the_place_of_no_file(name: str, tmp_path: Path) -> None:
    site = Site(tmp_path / "site")
    paths = 'html_static_path = ["_static"]\nhtml_extra_path = ["_extra"]\n'
    site.edit(
        "conf.py",
        '"*.md"',
        '"*.md", "*.md/*.md", "index.html/*.md", "objects.inv/*.md"',
    )
    site.edit("conf.py", "nitpicky = True", paths)
    for folder in ("_static", "_extra"):
        (site.source / folder).mkdir()
    site.write(name, "---\norphan: true\n---\n# T\n")
    built = site.build()
    assert "has a folder that ends like a file of the site" in built.warnings
    assert "Work on graphs" in built.html("index").get_text()
    for file in ("objects.inv", "_static/basic.css"):
        assert (built.folder / file).is_file()


@pytest.mark.parametrize(
    "name", ["research", "publications", "publications/year", "_static", "old"]
)
def test_a_file_takes_the_place_of_no_folder(name: str, tmp_path: Path) -> None:
    site = Site(tmp_path / "site")
    settings = 'labsite_redirects = {"old/page": "index"}\nhtml_extra_path = ["more"]\n'
    site.edit("conf.py", "nitpicky = True", settings)
    site.write("more/CNAME", "lab.example")
    site.write("more/course/Makefile", "all:")
    site.write(f"more/{name}", "x")
    for _ in range(2):
        built = site.build()
        said = f"more/{name}:1: WARNING: the name has no ending"
        assert said in built.warnings
        assert (built.folder / name).is_dir()
        assert (built.folder / "CNAME").is_file()
        assert (built.folder / "course/Makefile").is_file()


def test_a_file_may_have_the_name_that_a_folder_had(tmp_path: Path) -> None:
    site = Site(tmp_path / "site")
    paths = 'html_static_path = ["_static"]\nhtml_extra_path = ["_extra"]\n'
    site.edit("conf.py", "nitpicky = True", paths)
    folders = [site.source / name for name in ("_static/data", "_extra/v1.0")]
    for within in (True, False, True):
        for path in folders:
            if within:
                path.unlink(missing_ok=True)
                path.mkdir(parents=True)
                (path / "x.csv").write_text("x")
            else:
                shutil.rmtree(path)
                path.write_text("x")
        built = site.build()
        assert built.warnings == ""
        for name in ("_static/data", "v1.0"):
            assert (built.folder / name).is_dir() == within


def test_no_file_is_taken_for_a_record_of_the_build(tmp_path: Path) -> None:
    site, kept = Site(tmp_path / "site"), tmp_path / "kept"
    site.edit("conf.py", "nitpicky = True", 'html_extra_path = ["_extra"]')
    kept.touch()
    site.write("_extra/.labsite/labsite-outputs.txt", "../../../../kept\n")
    site.write(f"_extra/two\n{kept}", "lines")
    site.write("_extra/records/environment.pickle", "x")
    folder = tmp_path / "html"
    for text in ("Work", "Works"):
        with docutils_namespace():
            app = Sphinx(site.source, site.source, folder, folder / "records", "html")
            app.build()
            site.edit("index.md", f"{text} on", f"{text}s on")
            app.build()  # once more, by the same process
        assert f"{text}s on" in (folder / "index.html").read_text("utf-8")
        assert kept.exists()
        assert (folder / "records/environment.pickle").read_bytes() != b"x"


def test_a_folder_among_the_files_of_pictures_ends_no_build(tmp_path: Path) -> None:
    site = Site(tmp_path / "site")
    site.edit("conf.py", "nitpicky = True", 'html_extra_path = ["_extra"]')
    site.write("_extra/_images/labsite/mine/x.txt", "x")
    built = site.build()
    assert "has a folder that builds fill" in built.warnings
    (built.folder / "_images/labsite/mine").mkdir(parents=True)
    site.edit("index.md", "Work on", "Working on")
    assert "Working on" in site.build().html("index").get_text()


def test_no_file_takes_the_place_of_what_is_built(tmp_path: Path) -> None:
    site = Site(tmp_path / "site")
    site.edit("conf.py", "nitpicky = True", 'html_extra_path = ["_extra"]')
    site.write("_extra/robots.txt", "ours")
    Image.new("RGB", (9, 9)).save(site.source / "a.png")
    site.edit("index.md", "Work on", "![x](a.png)\n\nWork on")
    folder = site.build().folder
    before = {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    shown = {
        "index.html",
        "roe2024graphs.html",
        "publications.bib",
        "roe2024graphs.bib",
    }
    forged = [p for p in before if p.name in shown or p.suffix == ".webp"]
    assert len(forged) > len(shown)
    for path in forged:
        site.write(f"_extra/{path.relative_to(folder)}", "forged")
    said = site.build().warnings
    assert [p for p in forged if p.read_bytes() != before[p]] == []
    for name in ("publications.bib", "publications/roe2024graphs.bib"):
        assert f"_extra/{name}:1: WARNING: the build writes '{name}'" in said
    assert said.count("has a folder that builds fill") == 1
    for path in forged:
        (site.source / "_extra" / path.relative_to(folder)).unlink()
    site.build()
    assert {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()} == before
    assert (folder / "robots.txt").read_text() == "ours"


def test_names_of_meta_in_the_settings_may_have_capitals(site: Site) -> None:
    names = {"Theme-Color": "#fff", "property=Og:See_Also": "https://a.org"}
    built = site.build(conf={"myst_html_meta": names})
    assert built.warnings == ""
    assert built.html("index").select_one('meta[name="Theme-Color"]')
    assert built.html("index").select_one('meta[property="Og:See_Also"]')


def test_a_role_of_one_page_is_that_of_no_other(tmp_path: Path) -> None:
    site = Site(tmp_path / "site")
    role = "```{eval-rst}\n.. role:: mine(strong)\n"
    site.write("a.md", f"---\norphan: true\n---\n# A\n\n{role}\n:mine:`x`\n```\n")
    site.edit("index.md", "Work on", "{mine}`x` on")
    built = site.build()
    assert built.html("a").find("strong")
    assert 'Unknown interpreted text role "mine"' in built.warnings


def test_the_output_does_not_depend_on_its_place(tmp_path: Path) -> None:
    package = Path(labsite.__file__).parents[1]
    notes = []
    for name in ("one", "two"):
        site = Site(tmp_path / name)
        # As in a checkout, where the site and the package are in one folder.
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("labsite.sphinx.theme.FOLDER", site.source / "theme")
            shutil.copytree(package / "labsite/theme", site.source / "theme")
            site.edit("conf.py", "nitpicky = True", 'exclude_patterns = ["theme"]')
            notes.append((site.build().folder / ".buildinfo").read_text())
    assert notes[0] == notes[1]
