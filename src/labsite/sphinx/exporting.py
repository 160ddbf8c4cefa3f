"""Which lists are exported, and for which site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labsite.exports import Collection, Site
from labsite.site.query import Query

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.builders.html import StandaloneHTMLBuilder

    from labsite.site.site import SiteRecords

#: Stands in for the site's address where ``html_baseurl`` gives none. The top-level
#: domain is reserved, so that no link leads to a stranger (RFC 2606).
_UNKNOWN_ADDRESS = "https://site.invalid/"


def make_site(builder: StandaloneHTMLBuilder, records: SiteRecords) -> Site:
    """Return what exports need to know of the site that is being built."""
    address = builder.config.html_baseurl or _UNKNOWN_ADDRESS
    return Site(
        title=builder.config.html_title,
        base_url=address if address.endswith("/") else f"{address}/",
        publication_path=lambda p: builder.get_target_uri(records.docname(p)),
        language=builder.config.language,
        topics=records.topics,
    )


def find_collections(
    builder: StandaloneHTMLBuilder, records: SiteRecords
) -> Iterator[Collection]:
    """Yield every list that is exported: of everything, a topic and a person."""
    site = make_site(builder, records)
    index = f"{records.publications_dir}/index"
    title = builder.env.titles[index].astext() if index in builder.env.titles else ""
    pages = [(title or site.title, index, Query())]
    pages += [(t.title, t.docname, Query(topic=t.slug)) for t in records.topics]
    pages += [(p.name, p.docname, records.by_person(p)) for p in records.people]
    for title, docname, query in pages:
        path = records.export_path(query)
        if path is not None:
            yield Collection(
                title=title,
                path=path,
                page=builder.get_target_uri(docname),
                publications=records.select(query),
                site=site,
            )
