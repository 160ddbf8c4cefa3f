"""Old sites with values that are not what they should be."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from labsite.importing.markup import Rewriter
from labsite.importing.readers import read
from labsite.importing.records import Place
from labsite.importing.tree import Tree

OLD = Path(__file__).parents[1] / "data/old/al-folio"


@pytest.mark.parametrize(
    ("domain", "known"),
    [
        ("lab.example\n", "lab.example"),
        ("lab.example\nwww.lab.example\n", "lab.example"),
        ('lab.example"?x', ""),
        ("\n", ""),
    ],
)
def test_only_a_domain_becomes_the_address(
    domain: str, known: str, tmp_path: Path
) -> None:
    shutil.copytree(OLD, tmp_path / "old")
    (tmp_path / "old/CNAME").write_text(domain, encoding="utf-8")
    with (tmp_path / "old/_config.yml").open("a", encoding="utf-8") as file:
        file.write("\nurl: https://lab.example/?page=1\n")
    found = read(Tree(tmp_path / "old"))
    assert found is not None
    assert found.domain == known
    assert found.address == ""


@pytest.mark.parametrize("address", ["x" * 300 + ".png", "%ED%99%8D" * 100])
def test_an_address_that_no_file_can_have_leads_nowhere(address: str) -> None:
    tree = Tree(OLD)
    assert tree.find_file(address) is None
    assert tree.find_picture(address, Place(file="a.md")) is None
    assert len(tree.notes) == 1


def test_a_fence_in_a_loop_does_not_end_the_literal_text() -> None:
    rewriter = Rewriter(link=str, cites=bool, note=print)
    loop = "{% for x in y %}\n~~~~\n{{ x }}\n~~~~~\n{% endfor %}"
    lines = rewriter.rewrite(f"Before\n\n{loop}\n\nAfter").splitlines()
    assert [line for line in lines if line.startswith("~~~~~~")] == [
        "~~~~~~text",
        "~~~~~~",
    ]
    assert loop in "\n".join(lines)
