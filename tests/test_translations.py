from __future__ import annotations

import re
from typing import TYPE_CHECKING

from labsite.checks.pages import check_translations
from labsite.site.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path


def problems(folder: Path) -> list[str]:
    settings = Settings(source=folder, languages=("ko",))
    return [str(problem) for problem in check_translations(settings)]


def test_a_translation_that_is_older_than_its_page_is_named(tmp_path: Path) -> None:
    (tmp_path / "join.md").write_text("# Join us\n", encoding="utf-8")
    (tmp_path / "ko").mkdir()
    translated = tmp_path / "ko/join.md"
    translated.write_text("---\ntitle: 지원\n---\n", encoding="utf-8")
    (tmp_path / "ko/own.md").write_text("# 한국어로만\n", encoding="utf-8")
    (found,) = problems(tmp_path)
    assert found.startswith("ko/join.md:1:1: ")
    assert "no version of 'join.md' is named as the original; write" in found
    digest = re.search(r"'original: \"(\w{8})\"'", found)
    assert digest
    done = f'---\ntitle: 지원\noriginal: "{digest[1]}"\n---\n'
    translated.write_text(done, encoding="utf-8")
    assert problems(tmp_path) == []
    (tmp_path / "join.md").write_text("# Join us now\n", encoding="utf-8")
    (found,) = problems(tmp_path)
    assert found.startswith("ko/join.md:3:1: ")
    assert "'join.md' has changed since this page was translated" in found
