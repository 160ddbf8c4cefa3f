"""Keys: each is the address of its paper's page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labsite.bibtex.reporting import problem
from labsite.model.problems import Rule, quote

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from labsite.model.problems import Problem
    from labsite.model.records import Publication


def check_keys(
    publications: Iterable[Publication], names: Mapping[str, str]
) -> Iterator[Problem]:
    """Ask for keys by which pages can be called.

    :param names: what the page of each key is called
    """
    for publication in publications:
        name = names[publication.key]
        if name != publication.key:
            message = (
                f"no page can have this key for its name, so it is {quote(name)}; "
                "write another key, of letters, digits, '-' and '_'"
            )
            yield problem(publication, Rule.ODD_KEY, message)
