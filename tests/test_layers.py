from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "src/labsite"


def test_a_check_imports_no_sphinx() -> None:
    program = "import sys, labsite.cli; print('sphinx' in sys.modules)"
    found = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert found.stdout == "False\n"


def test_the_engine_says_nothing_of_the_laboratory_that_uses_it() -> None:
    words = ("aisys", "snu.ac.kr", "seoul national")
    written = [p for p in PACKAGE.rglob("*.*") if p.suffix in {".py", ".js", ".html"}]
    texts = {path.name: path.read_text(encoding="utf-8").lower() for path in written}
    assert texts
    assert [name for name, text in texts.items() if any(w in text for w in words)] == []
