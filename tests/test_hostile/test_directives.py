"""Every directive and role with odd arguments, options and content."""

from __future__ import annotations

import json
import random
import re
from typing import TYPE_CHECKING

from hypothesis import settings
from tests.test_sphinx.conftest import Site

if TYPE_CHECKING:
    from pathlib import Path

ODD = ["", "x", "-1", "../../x", "99999999999", "a b c", "<x>", '"', "{", "%s", "\\",
       "|x|_", "é" * 300, "none", "/", "*", "1 2 3", "x(", "a::b<", "[0]",
       "x\0"]  # fmt: skip
CONTENT = ["", "x", "* - a\n  - b", "- a", ".. x", "=", 'a, b\n"', "::", "|", "\n\n",
           "+--+\n|x |\n+--+", "[x]_ |x| x_ `x`_ :x:`y`", "x\n\ny\n\nz"]  # fmt: skip
#: Notes what docutils, Sphinx and the extensions have registered.
NOTE = """
def setup(app):
    def note(app):
        import json
        from docutils.parsers.rst import directives, roles
        known = directives._directives | dict.fromkeys(directives._directive_registry)
        names = {*roles._roles, *roles._role_registry}
        for domain in app.env.domains.sorted():
            known |= {f"{domain.name}:{n}": d for n, d in domain.directives.items()}
            names |= {f"{domain.name}:{name}" for name in domain.roles}
        specs = {n: getattr(d, "option_spec", None) for n, d in known.items()}
        specs = {name: sorted(spec or ()) for name, spec in specs.items()}
        (app.srcdir / "known.json").write_text(json.dumps([specs, sorted(names)]))
    app.connect("builder-inited", note)
"""


def write_pages(site: Site, choose: random.Random) -> int:
    """Write a page for each directive, and one for each role; return how many."""
    specs, roles = json.loads((site.source / "known.json").read_text("utf-8"))
    texts = []
    for name, spec in sorted(specs.items()):
        some = choose.sample(spec, min(len(spec), choose.randrange(5)))
        options = "".join(f":{key}: {choose.choice(ODD)}\n" for key in some)
        content = choose.choice(CONTENT)
        texts.append(f":::{{{name}}} {choose.choice(ODD)}\n{options}\n{content}\n:::\n")
    for name in roles:
        words = [word for word in choose.sample(ODD, 6) if word]
        texts.append(" ".join(f"{{{name}}}`{word}`" for word in words))
    for number, text in enumerate(texts):
        page = f"---\norphan: true\n---\n# T\n\n{text}\n\nThe end.\n"
        site.write(f"odd-{number}.md", page)
    return len(texts)


def test_no_directive_or_role_ends_a_build(tmp_path: Path) -> None:
    for seed in range(max(settings().max_examples // 200, 1)):
        site = Site(tmp_path / str(seed))
        site.edit("conf.py", "nitpicky = True", NOTE)
        site.build()
        count = write_pages(site, random.Random(seed))  # noqa: S311 -- no secret
        built = site.build()
        pages = list(built.folder.glob("odd-*.html"))
        failed = re.findall(r"odd-\d+\.md: WARNING: the page cannot be", built.warnings)
        assert len(pages) + len(failed) >= count > 300
        assert len(failed) < count / 20
