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

from labsite.bibtex import fields
from labsite.bibtex.fields import FIELDS, FOREIGN, KINDS, Field
from labsite.exports import FORMATS
from labsite.model import problems
from labsite.model.problems import Rule
from labsite.model.records import Kind
from labsite.site.settings import PREFIX, default_of, known_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

DOCS = Path(__file__).parents[1] / "docs"
_BLOCK = re.compile(r"(<!-- generated: (\S+) -->\n).*?(<!-- end -->)", re.DOTALL)
#: A comment of a table on a line of its own, above a blank line, heads a group.
_GROUP = re.compile(r"^# (.+)\n\n(?=\[)|^\[([a-z-]+)\]$", re.MULTILINE)
_FIELD_GROUP = re.compile(r"^# (.+)\n\n(?=\w)|^\"?([\w+: -]+)\"? = \{", re.MULTILINE)
#: What makes a kind that no type does.
_KINDS = {
    "workshop": "only by `entrysubtype`",
    "demo": "only by `entrysubtype`",
    "preprint": "any type, where the venue is a server of preprints, such as arXiv, "
    "bioRxiv or SSRN, or where an arXiv identifier has no venue",
    "other": "every other type",
}
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
    return table(("Value", "Default", "What it sets", "Rebuilds"), rows)


def groups(path: Path, pattern: re.Pattern[str]) -> dict[str, list[str]]:
    """Return the heading of each group of a TOML file, and the names in the group."""
    found: dict[str, list[str]] = {}
    for heading, name in pattern.findall(path.read_text(encoding="utf-8")):
        if heading:
            current = found.setdefault(heading, [])
        else:
            current += name.split()
    return found


def rules_tables() -> str:
    """Return a table of rules for each group of ``rules.toml``."""
    path = Path(problems.__file__).with_name("rules.toml")
    heads = ("Rule", "Severity", "Why it is a rule", "Write or do instead")
    parts = [
        f"### {heading}\n\n{table(heads, map(rule_row, map(Rule, names)))}"
        for heading, names in groups(path, _GROUP).items()
    ]
    return "\n".join(parts)


def rule_row(rule: Rule) -> tuple[str, ...]:
    """Return the cells of one rule; a remedy with markup in it is shown as code."""
    remedy = rule.example
    if re.search(r"[`{}@=$]|^\w+: ", remedy):
        remedy = f"`` {remedy} ``" if "`" in remedy else f"`{remedy}`"
    name = f'<a id="{rule.value}"></a>`{rule.value}`'
    return name, rule.severity.value, rule.reason, remedy


def fields_tables() -> str:
    """Return a table of fields for each group of ``fields.toml``."""
    heads = ("Field", "Origin", "Use", "In BibTeX")
    path = Path(fields.__file__).with_suffix(".toml")
    parts = [
        f"### {heading}\n\n{table(heads, (field_row(FIELDS[n]) for n in names))}"
        for heading, names in groups(path, _FIELD_GROUP).items()
        if names
    ]
    return "\n".join(parts)


def field_row(field: Field) -> tuple[str, ...]:
    """Return the cells of one field."""
    names = ", ".join(f"`{name}`" for name in (field.name, *field.aliases))
    button = f"the button *{field.label}*"
    meaning = f"{button}: {field.meaning}".replace(f"{button}: a button", button)
    meaning = meaning if field.label else field.meaning
    exported = "yes" if field.exported else "no"
    return names, field.origin, meaning, exported


def formats_table() -> str:
    """Return the table of export formats."""
    # The command writes the formats that have every paper of a list.
    rows = [
        (
            f"`{f.name}`" if f.key_pattern else "on the site alone",
            f"`{f.suffix}`",
            f.meaning,
        )
        for f in FORMATS
    ]
    return table(("`--format`", "File", "What it is"), rows)


def kinds_table() -> str:
    """Return the table of kinds and the types of entries that have them."""
    types: dict[str, list[str]] = {kind: [] for kind in Kind}
    for name, kind in KINDS.items():
        types[kind].append(f"`@{name}`")
    rows = [(f"`{k}`", _KINDS.get(k, ", ".join(names))) for k, names in types.items()]
    return table(("Kind", "Types"), rows)


def foreign_table() -> str:
    """Return the table of the fields of other systems."""
    rows = [
        (f"`{n}`", f"`{to}`" if to else "nothing") for n, to in sorted(FOREIGN.items())
    ]
    return table(("Field", "Write instead"), rows)


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
    "fields": fields_tables,
    "foreign": foreign_table,
    "formats": formats_table,
    "kinds": kinds_table,
}


def fill(text: str) -> str:
    """Return a page with its tables made anew."""
    return _BLOCK.sub(lambda m: f"{m[1]}\n{TABLES[m[2]]()}\n{m[3]}", text)


def bring_up_to_date(texts: Mapping[Path, str], command: str) -> int:
    """Write the files that differ from their texts, or with ``--check`` name them.

    :param command: what writes them
    :returns: the exit status
    """
    status = 0
    for path, text in texts.items():
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        if "--check" in sys.argv:
            sys.stderr.write(f"{path.name} is out of date; run {command}\n")
            status = 1
        else:
            path.write_text(text, encoding="utf-8")
    return status


if __name__ == "__main__":
    pages = {path: fill(path.read_text(encoding="utf-8")) for path in DOCS.glob("*.md")}
    sys.exit(bring_up_to_date(pages, "make docs-tables"))
