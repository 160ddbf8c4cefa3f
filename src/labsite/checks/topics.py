"""Topics: every paper has one, and every one has a page."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from labsite.bibtex.reporting import MOST, problem
from labsite.checks.fields import find_misspelt
from labsite.model.problems import Rule, quote

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from labsite.model.problems import Problem
    from labsite.model.records import Publication

_LONGEST = 80  #: letters of a word that could be a slip


def check_topics(publication: Publication, known: Sequence[str]) -> Iterator[Problem]:
    """Ask for a topic in every entry, and for a page of every topic."""
    if not known:
        return
    misspelt = {} if publication.topics else find_misspelt(publication)
    if not publication.topics and "keywords" not in misspelt.values():
        message = f"no topic; add keywords = {{…}} with one of {', '.join(known)}"
        yield problem(publication, Rule.MISSING_TOPIC, message)
    unknown = [topic for topic in publication.topics if topic not in known]
    for topic in unknown[:MOST]:
        near = get_close_matches(topic[:_LONGEST].lower(), known, n=1)
        remedy = f"did you mean '{near[0]}'?" if near else f"use {', '.join(known)}"
        message = f"unknown topic {quote(topic)}; {remedy}"
        yield problem(publication, Rule.UNKNOWN_TOPIC, message, "keywords", topic)
