"""What the team page and a person's own page say of somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.test_sphinx.conftest import Site

PAGES = ("team/index", "team/jane-roe")


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ("", ["MS student"]),
        ("joined: 2020-09\n", ["MS student, since September 2020"]),
        ("joined: 2020\nleft: 2099\n", ["MS student, since 2020"]),
        (
            "joined: 2020-09\nleft: 2022-02\ndegree: MS\nnow: Example Inc.\n",
            [
                "Former member (MS)",
                "September 2020 – February 2022",
                "Now at Example Inc.",
            ],
        ),
        ("left: 2022\n", ["Former member", "Until 2022"]),
        ("joined: 2020\nleft: unknown\n", ["Former member", "Joined 2020"]),
        ("left: unknown\n", ["Former member"]),
    ],
)
def test_what_somebody_is_or_was_is_said_as_far_as_it_is_known(
    site: Site, facts: str, said: list[str]
) -> None:
    site.edit("conf.py", '"*.md",', '"*.md", "team/*.md",')
    site.write("team/index.md", "---\norphan: true\n---\n# Team\n\n```{team}\n```\n")
    person = f"name: Jane Roe\nrole: ms\n{facts}"
    site.write("team/jane-roe.md", f"---\norphan: true\n{person}---\n")
    built = site.build()
    assert built.warnings == ""
    for page in PAGES:
        lines = [line.get_text() for line in built.html(page).select(".labsite-role")]
        assert lines == said
