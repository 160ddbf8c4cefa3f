"""The severity of each rule: its own, or the configured one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING

from labsite.model.problems import Problem, Rule, Severity, quote

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: The value of a rule that is not to be applied.
OFF = "off"
_LEVELS = (OFF, *(severity.value for severity in Severity))
_LONGEST = 80  #: letters of a name that could be a slip


@dataclass(frozen=True, slots=True)
class Severities:
    """What a site's ``labsite_rules`` says."""

    levels: Mapping[Rule, str] = field(default_factory=dict)
    #: a rule -> "off", "warning" or "error"
    faults: tuple[tuple[str, str], ...] = ()
    #: a message for each setting that means nothing, and the word to point at

    def apply(self, problems: Iterable[Problem]) -> Iterator[Problem]:
        """Yield the problems that count, each as bad as it is here."""
        for problem in problems:
            severity = self.of(problem.rule)
            if severity:
                yield replace(problem, severity=severity)

    def of(self, rule: Rule) -> Severity | None:
        """Return how bad a breach of *rule* is; ``None`` if it does not count."""
        level = self.levels.get(rule, rule.severity.value)
        return None if level == OFF else Severity(level)


def read_severities(value: object) -> Severities:
    """Return what the value of ``labsite_rules`` means, and what of it means nothing.

    :param value: a dictionary of names of rules and "off", "warning" or "error"
    """
    if not isinstance(value, Mapping):
        message = "this is not a dictionary; write {'missing-doi': 'off'}"
        return Severities(faults=((message, ""),))
    levels: dict[Rule, str] = {}
    faults: list[tuple[str, str]] = []
    names = [rule.value for rule in Rule]
    for name, level in value.items():
        if name not in names:
            near = get_close_matches(str(name)[:_LONGEST], names, n=1)
            remedy = "labsite check --rules lists them"
            if near:
                remedy = f"did you mean '{near[0]}'?"
            faults.append((f"there is no rule {quote(str(name))}; {remedy}", str(name)))
        elif level not in _LEVELS:
            message = f"{quote(str(level))} is not a severity of '{name}'; write "
            faults.append((f"{message}{' or '.join(_LEVELS)}", str(name)))
        else:
            levels[Rule(name)] = str(level)
    return Severities(levels, tuple(faults))


def setting_problems(severities: Severities, file: str, text: str) -> Iterator[Problem]:
    """Yield a problem for each setting that means nothing.

    :param text: of the ``conf.py``, to find the line
    """
    start = max(text.find("labsite_rules"), 0)
    for message, word in severities.faults:
        found = text.find(word, start) if word else start
        yield Problem(
            rule=Rule.BAD_SETTING,
            message=f"labsite_rules: {message}",
            file=file,
            line=text.count("\n", 0, max(found, start)) + 1,
        )
