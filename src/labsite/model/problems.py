"""Rules, the problems that they report, and the severities of problems."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import EnumType, StrEnum
from typing import TYPE_CHECKING, Any

from labsite.model.tables import read_table

_LONGEST_QUOTE = 60
#: Characters that control a terminal.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
#: The beginning of a command in a log of GitHub: "::error" at the beginning of a line,
#: and "##[error]" anywhere.
_COMMAND = re.compile(r"^([^\S\n]*):(?=:)|#(?=#\[)", re.MULTILINE)


class LabsiteError(Exception):
    """A command cannot do its work; the message says why, and what to do."""


class Severity(StrEnum):
    """The severity of a problem: an error loses an entry or misleads readers."""

    ERROR = "error"
    WARNING = "warning"


_ROWS: Mapping[str, Mapping[str, str]] = read_table(__file__, "rules.toml")


class _RuleType(EnumType):
    if TYPE_CHECKING:

        def __getattr__(cls, name: str) -> Rule:
            """Stand for every rule: no type checker reads the table, a test does."""


class Rule(StrEnum, metaclass=_RuleType):
    """The rules of ``rules.toml``: ``bad-doi`` there is ``Rule.BAD_DOI``.

    A rule's value is its name on the command line and in logs.
    """

    vars().update({name.replace("-", "_").upper(): name for name in _ROWS})

    @property
    def severity(self) -> Severity:
        """The default severity."""
        return Severity(_ROWS[self.value].get("severity", "error"))

    @property
    def reason(self) -> str:
        """The reason for the rule, in a sentence."""
        return _ROWS[self.value]["reason"]

    @property
    def example(self) -> str:
        """What to write or to do instead."""
        return _ROWS[self.value]["example"]


@dataclass(frozen=True)
class Problem:
    """A mistake, its place, and what to write instead."""

    rule: Rule
    message: str  #: one sentence without a full stop; the remedy after a semicolon
    file: str
    line: int = 1  #: 1-based
    column: int = 1  #: 1-based
    key: str | None = None  #: the citation key, where there is one
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        """Return ``file:line:column: severity: key: message [rule]``."""
        key = f"{self.key}: " if self.key else ""
        place = f"{self.file}:{self.line}:{self.column}"
        return f"{place}: {self.severity}: {key}{self.message} [{self.rule}]"


def printable(text: str, *, lines: bool = False) -> str:
    r"""Return *text* with control characters and commands escaped: ``\x1b``.

    Text from a file must not control a terminal or the program that reads a log. With
    *lines*, line ends and tabs stay.
    """

    def escape(found: re.Match[str]) -> str:
        return found[0] if lines and found[0] in "\n\t" else f"\\x{ord(found[0]):02x}"

    plain = _CONTROL.sub(escape, text.encode("utf-8", "backslashreplace").decode())
    return _COMMAND.sub(lambda m: "\\x23" if m[1] is None else rf"{m[1]}\x3a", plain)


def quote(text: str) -> str:
    """Return *text* in quotation marks, shortened, for a message."""
    folded = " ".join(text.split())
    if len(folded) > _LONGEST_QUOTE:
        folded = f"{folded[: _LONGEST_QUOTE - 1]}…"
    return f"'{folded}'"


@dataclass(frozen=True)
class Severities:
    """The severities that a site sets with ``labsite_rules``."""

    #: Name of a rule -> "off", "warning" or "error"; a rule reports others.
    levels: Mapping[str, Any] = field(default_factory=dict)

    def apply(self, problems: Iterable[Problem]) -> Iterator[Problem]:
        """Yield the problems of rules that are not off, with their severities."""
        for problem in problems:
            if severity := self.of(problem.rule):
                yield replace(problem, severity=severity)

    def of(self, rule: Rule) -> Severity | None:
        """Return the severity of a rule, ``None`` if it is off."""
        level = self.levels.get(rule)
        severity = Severity(level) if level in list(Severity) else rule.severity
        return None if level == "off" else severity
