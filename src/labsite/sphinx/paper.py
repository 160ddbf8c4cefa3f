"""The context of the template for the page of a paper."""

from __future__ import annotations

import re
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from sphinx.locale import _

from labsite.exports import Collection, lines, ris
from labsite.exports.bibtex import render_entry
from labsite.exports.citations import format_references
from labsite.pictures.pictures import FIGURE
from labsite.pictures.rasters import PictureError
from labsite.sphinx.addresses import make_site
from labsite.sphinx.context import list_creators
from labsite.sphinx.domain import PAGE_ANCHOR, get_domain
from labsite.sphinx.mentions import mentions_of
from labsite.sphinx.nodes import (
    bullet_list,
    contribution_legend,
    format_issued,
    joined,
    link_line,
    paragraph,
    publication_list,
    rich_text,
)
from labsite.sphinx.people import person_reference
from labsite.sphinx.pictures import read_drawing, record_picture
from labsite.sphinx.topics import topic_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from docutils import nodes
    from sphinx.builders.html import StandaloneHTMLBuilder
    from sphinx.environment import BuildEnvironment

    from labsite.exports import Site
    from labsite.model.records import Publication
    from labsite.site.site import SiteRecords
    from labsite.sphinx.items import ItemWriter


#: Maximum length of an entry on its page; a longer one can only be downloaded.
_LONGEST_ENTRY = 20_000
_MOST_MENTIONS = 50  #: sentences
_MOST_NAMED = 50  #: authors in a line of Markdown, members in that of the lab's people


def paper_context(
    paper: Publication,
    site: SiteRecords,
    builder: StandaloneHTMLBuilder,
    items: ItemWriter,
) -> dict[str, Any]:
    """Return the values that ``labsite-paper.html`` describes."""
    docname, related = site.docname(paper), site.index.find_related(paper)
    topics = filter(None, map(site.topics_by_slug.get, paper.topics))
    versions = (_version(version, paper, site) for version in paper.versions)
    alt = _("Figure from %s") % paper.title
    motif = find_motif(paper, site)
    shown: dict[str, Iterable[nodes.Node]] = {
        "title": rich_text(paper.title),
        "legend": contribution_legend([paper]),
        "topics": topic_line(topics),
        "people": _people(paper, site),
        "figure": record_picture(paper, site, FIGURE, alt),
        "abstract": rich_text(paper.abstract, links=True) if paper.abstract else (),
        "versions": [bullet_list("labsite-versions", versions)][: len(paper.versions)],
        "related": [publication_list(related)][: len(related)],
    }
    config, relative = builder.config, builder.get_relative_uri
    return {
        **{k: items.place(items.make(v), docname) for k, v in shown.items()},
        **_citation_context(paper, site, builder, items),
        "paper": paper,
        "anchor": PAGE_ANCHOR,
        "permalink": config.html_permalinks and config.html_permalinks_icon,
        "facts": items.place(items.facts(paper.key), docname),
        "summary": paper.text("summary"),
        "mentions": [
            (m.sentence, m.where, relative(docname, m.docname) + m.fragment)
            for m in mentions_of(paper, get_domain(builder.env))[:_MOST_MENTIONS]
        ],
        "motif": motif and _read_motif(builder.env, motif),
        "talk": next((link.url for link in paper.links if link.name == "video"), ""),
        "report_href": site.settings.source_url
        and lines.file_address(site.settings.source_url, paper.source.file),
        "report_line": "{line}" in site.settings.source_url,
    }


def _citation_context(
    paper: Publication,
    site: SiteRecords,
    builder: StandaloneHTMLBuilder,
    items: ItemWriter,
) -> dict[str, Any]:
    """Return the values of the part that shows how to cite the paper."""
    docname, exported = site.docname(paper), make_site(builder, site)
    entry = render_entry(paper)
    entry = entry if len(entry) <= _LONGEST_ENTRY else ""
    collection = Collection(
        title="", path=docname, page=docname, publications=(paper,), site=exported
    )
    references = partial(format_references, paper, exported)
    highlight = builder.highlighter.highlight_block
    return {
        "citations": items.keep(site.digest(paper), "citations", references),
        "bibtex": entry and highlight(entry, "bibtex", force=True),
        "bibtex_href": f"{docname.rpartition('/')[2]}.bib",
        "ris": entry and ris.render(collection),
        "markdown": _markdown(paper, exported),
        "address": exported.publication_url(paper),
    }


def _people(paper: Publication, site: SiteRecords) -> Iterator[nodes.paragraph]:
    """Yield a line of references to the authors from the lab, if any."""
    people = site.authors[paper.key][:_MOST_NAMED]
    if people:
        yield paragraph("labsite-names", *joined(map(person_reference, people), ", "))


def find_motif(paper: Publication, site: SiteRecords) -> str:
    """Return the path of the first topic's drawing, for a paper without a picture."""
    topics = map(site.topics_by_slug.get, paper.topics)
    images = (topic.image for topic in topics if topic and topic.image)
    return "" if site.pictures.of(paper) else next(images, "")


@lru_cache(maxsize=16)  # of the environment, hence of one build
def _read_motif(env: BuildEnvironment, image: str) -> str:
    try:
        return read_drawing(env, f"/{image.lstrip('/')}", decorative=True)
    except PictureError:  # The page of the topic reports it.
        return ""


def _markdown(paper: Publication, exported: Site) -> str:
    """Return a reference in Markdown."""
    title = re.sub(r"([\\`*_\[\]<>])", r"\\\1", str(paper.title))
    who = list_creators(paper, _MOST_NAMED)
    venue = paper.venue.label if paper.venue else ""
    where = " ".join(filter(None, (venue, str(paper.issued.year or ""))))
    address = f"https://doi.org/{paper.doi}" if paper.doi else ""
    address = address or exported.publication_url(paper)
    return ". ".join(filter(None, (f"[{title}]({address})", who, where))) + "."


def _version(
    version: Publication, lead: Publication, site: SiteRecords
) -> Iterator[nodes.paragraph]:
    """Yield title if it differs, venue and date, and links of another version."""
    if str(version.title) != str(lead.title):
        yield paragraph("labsite-title", *rich_text(version.title))
    venue = version.venue.name if version.venue else ""
    issued = format_issued(version.issued, site.language) if version.issued else ""
    yield paragraph("labsite-venue", ", ".join(filter(None, (venue, issued))))
    if version.links:
        yield link_line(version.links)
