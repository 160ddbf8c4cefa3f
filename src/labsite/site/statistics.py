"""How many papers there are, by year and topic."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from labsite.site.chart import Chart, Series

if TYPE_CHECKING:
    from collections.abc import Sequence

    from labsite.model.records import Publication, Topic


def papers_per_year(
    publications: Sequence[Publication],
    topics: Sequence[Topic],
    *,
    title: str,
    description: str,
    other: str,
) -> Chart:
    """Return the number of papers in each year, divided by topic.

    A paper counts once, for the first of its topics, so that the parts of a year add
    up to its papers. Years without a paper between the first and the last are there
    with nothing; papers without a year are not counted.

    :param other: what to call papers of no known topic
    """
    dated = [p for p in publications if p.issued]
    known = [topic.slug for topic in topics]
    counts = Counter((_first_topic(p, known), p.issued.year) for p in dated)
    years = _span([p.issued.year for p in dated])
    names = [*((topic.slug, topic.title) for topic in topics), ("", other)]
    series = [
        Series(name, tuple(counts[slug, year] for year in years))
        for slug, name in names
    ]
    return Chart(
        title=title,
        description=description,
        categories=tuple(map(str, years)),
        series=tuple(part for part in series if any(part.values)),
    )


def _first_topic(publication: Publication, known: Sequence[str]) -> str:
    return next((topic for topic in publication.topics if topic in known), "")


def _span(years: Sequence[int]) -> range:
    return range(min(years), max(years) + 1) if years else range(0)
