"""Write the generated tables of the documentation between their markers.

A table stands between ``<!-- generated: NAME -->`` and ``<!-- end -->``, made from
the code, so that the code is the only place to change. Run it by ``make docs-tables``;
with ``--check`` it writes nothing and fails if a table is out of date.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from labsite.model import problems
from labsite.model.problems import Rule
from labsite.site.settings import PREFIX, default_of, known_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

DOCS = Path(__file__).parents[1] / "docs"
_BLOCK = re.compile(r"(<!-- generated: (\S+) -->\n).*?(<!-- end -->)", re.DOTALL)
#: A comment of rules.toml on a line of its own, above a blank line, heads a group.
_GROUP = re.compile(r"^# (.+)\n\n(?=\[)|^\[([a-z-]+)\]$", re.MULTILINE)
_REBUILDS = {"env": "all pages", "html": "all output", "": "nothing"}


def settings_table() -> str:
    """Return the table of the engine's own settings."""
    rows = [
        (
            f"`{name}`",
            f"`{default_of(setting)!r}`".replace("'", '"'),
            setting.metadata["doc"],
            _REBUILDS[setting.metadata["rebuild"]],
        )
        for name, setting in known_settings().items()
        if name.startswith(PREFIX)
    ]
    return table(("Value", "Default", "What it says", "Rebuilds"), rows)


def rules_tables() -> str:
    """Return a table of rules for each group of ``rules.toml``."""
    text = Path(problems.__file__).with_name("rules.toml").read_text(encoding="utf-8")
    groups: dict[str, list[Rule]] = {}
    for heading, name in _GROUP.findall(text):
        if heading:
            current = groups.setdefault(heading, [])
        else:
            current.append(Rule(name))
    heads = ("Rule", "Severity", "Why it is a rule", "Write or do instead")
    parts = [
        f"### {heading}\n\n{table(heads, map(rule_row, rules))}"
        for heading, rules in groups.items()
    ]
    return "\n".join(parts)


def rule_row(rule: Rule) -> tuple[str, ...]:
    """Return the cells of one rule; a remedy with markup in it is shown as code."""
    remedy = rule.example
    if re.search(r"[`{}@=$]|^\w+: ", remedy):
        remedy = f"`` {remedy} ``" if "`" in remedy else f"`{remedy}`"
    name = f'<a id="{rule.value}"></a>`{rule.value}`'
    return name, rule.severity.value, rule.reason, remedy


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a Markdown table."""
    heads = list(heads)
    lines = [heads, ["---"] * len(heads), *rows]
    text = "".join(f"| {' | '.join(cells)} |\n" for cells in lines)
    return text.replace("| --- ", "|---").replace("--- |", "---|")


#: What each name of a marker stands for.
TABLES: Mapping[str, Callable[[], str]] = {
    "settings": settings_table,
    "rules": rules_tables,
}


def fill(text: str) -> str:
    """Return a page with its tables made anew."""
    return _BLOCK.sub(lambda m: f"{m[1]}\n{TABLES[m[2]]()}\n{m[3]}", text)


def main() -> int:
    """Write every page whose tables are out of date, or name it."""
    status = 0
    for path in sorted(DOCS.glob("*.md")):
        text = path.read_text(encoding="utf-8")
        filled = fill(text)
        if filled == text:
            continue
        if "--check" in sys.argv:
            sys.stderr.write(f"{path.name} is out of date; run make docs-tables\n")
            status = 1
        else:
            path.write_text(filled, encoding="utf-8")
    return status


if __name__ == "__main__":
    sys.exit(main())
