"""Note the papers and people that a page refers to, and the sentences on papers."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import lru_cache, partial
from itertools import chain
from typing import NamedTuple

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.locale import _

from labsite.pages.news import keys_of
from labsite.site.news import anchor, render_role
from labsite.site.settings import NEWS
from labsite.site.site import SiteRecords
from labsite.sphinx.citations import find_targets
from labsite.sphinx.directives import show_records
from labsite.sphinx.domain import PublicationDomain, find_target
from labsite.sphinx.languages import page_language
from labsite.sphinx.nodes import format_issued, publication_list
from labsite.text.markup import Role, plain_text

#: Encloses the keys of a citation in a text; a Unicode noncharacter.
_MARK = "\ufdd1"
_CITATION = re.compile(rf"\s*{_MARK}([^{_MARK}]*){_MARK}")
#: Matches the space between two sentences, before a letter or digit, and the end of a
#: sentence in Chinese and Japanese.
_BREAK = re.compile(
    r"(?<=[.!?…])\s+(?=[\"'(\u201c\u2018]?(\w))|(?<=[\u3002\uff01\uff1f])(?=.)"
)
#: Matches an abbreviation at the end of a text.
_SHORT = re.compile(
    r"\b(?:e\.g|i\.e|cf|vs|al|Fig|Sec|Eq|No|Dr|Prof|St|Abb|Nr|bzw|sog|vgl|[A-Z])\.$"
)
_LONGEST = len("Prof.")  #: of these


class Mention(NamedTuple):
    """A sentence that cites a paper, and its location."""

    sentence: str  #: plain text without the citations; of news, a paragraph
    docname: str
    fragment: str  #: of the section; empty for the top of the page
    where: str  #: titles of the page and the section, or the month of an item of news


def note_references(app: Sphinx, doctree: nodes.document) -> None:
    """Note the publications and people that a document refers to."""
    show_records(app.env, show_references, *dict.fromkeys(_find_references(doctree)))


def _find_references(doctree: nodes.document) -> Iterator[tuple[str, str, bool]]:
    """Yield type and target of each reference, and whether it has a text of its own."""
    for node in doctree.findall(addnodes.pending_xref):
        if node.get("refdomain") == "cite":
            cited = find_targets(node["reftarget"])
            yield from (("cite", citation.key, False) for citation in cited)
        else:
            yield node["reftype"], node["reftarget"], bool(node.get("refexplicit"))


def show_references(
    site: SiteRecords, *references: tuple[str, str, bool]
) -> Iterator[nodes.Node]:
    """Yield what references show of papers and people, and their addresses."""
    for typ, target, explicit in references:
        found = find_target(site, typ, target)
        if found and typ == "cite":
            yield publication_list([site.library.by_key[target]])
        elif found:
            shown = found[:1] if explicit else found
            yield nodes.paragraph("", " ".join((target, *shown)))


@lru_cache(maxsize=1)  # of the domain, hence of one build
def index_mentions(domain: PublicationDomain) -> Mapping[str, list[Mention]]:
    """Return the mentions of papers by key: of pages, then the news, newest first."""
    index = defaultdict[str, dict[str, Mention]](dict)
    papers = domain.site.library.by_key
    for key, mention in _every_mention(domain):
        paper = papers.get(key)
        # The citation or the title alone, as in a reading list, adds nothing.
        if paper and mention.sentence not in {"", ".", str(paper.title)}:
            index[paper.key].setdefault(mention.sentence, mention)
    return {key: [*found.values()] for key, found in index.items()}


def _every_mention(domain: PublicationDomain) -> Iterator[tuple[str, Mention]]:
    """Yield key and mention of each citation: a sentence, or a paragraph of news.

    Pages of people say what somebody does rather than what a paper is, items of news
    which papers they cite, and papers' pages are in the site's own language.
    """
    site, env = domain.site, domain.env
    left_out = {f"{NEWS}/index", *site.people_by_page}
    for docname, sections in sorted(domain.data["sections"].items()):
        written_in = page_language(env.config, docname)
        if docname in left_out or written_in != env.config.language:
            continue
        for fragment, heading, text in sections:
            titles = dict.fromkeys((env.titles[docname].astext(), heading))
            where = ": ".join(filter(None, titles))
            cited = filter(_CITATION.search, text.split("\n"))
            for sentence in chain.from_iterable(map(_sentences, cited)):
                yield from _read_mention(sentence, docname, fragment, where)
    shown = f"{NEWS}/index" in env.found_docs
    for item in site.news if shown else ():
        place = site.page_of_news[item.slug], f"#{anchor(item)}"
        where = ", ".join((_("News"), format_issued(item.month, site.language)))
        parts = plain_text(item.text, partial(_text_of_role, site)).split("\n\n")
        found = [pair for text in parts for pair in _read_mention(text, *place, where)]
        yield from dict(reversed(found)).items()  # the first one of each paper


def _text_of_role(site: SiteRecords, role: Role) -> str:
    keys = ",".join(key for key, _line in keys_of(role))
    return render_role(role, site) + (f"{_MARK}{keys}{_MARK}" if keys else "")


def _read_mention(text: str, *place: str) -> Iterator[tuple[str, Mention]]:
    """Yield each key between placeholders and the mention, which has none."""
    mention = Mention(prose(text), *place)
    for keys in _CITATION.findall(text):
        yield from ((key, mention) for key in keys.split(","))


def text_of(node: nodes.Node, site: SiteRecords) -> Iterator[str]:
    """Yield the text of a node, with the keys of citations between placeholders."""
    for child in node.children:
        if isinstance(child, addnodes.pending_xref):
            yield from _text_of_reference(child, site)
        elif isinstance(child, nodes.Text):
            yield child.astext()
        elif isinstance(child, nodes.raw):
            yield " "  # a line break, for example, separates words
        elif not isinstance(child, nodes.comment):
            yield from text_of(child, site)


def _text_of_reference(node: addnodes.pending_xref, site: SiteRecords) -> Iterator[str]:
    """Yield the text of a reference, which the domains have not resolved yet."""
    domain, target, text = node.get("refdomain"), node["reftarget"], node.astext()
    if domain == "cite":
        keys = ",".join(cited.key for cited in find_targets(target))
        text = f"{_MARK}{keys}{_MARK}"
    elif domain == "pub" and (found := find_target(site, node["reftype"], target)):
        text = text if node["refexplicit"] else found[1]
        text += f"{_MARK}{target}{_MARK}" if node["reftype"] == "ref" else ""
    yield text


def prose(text: str) -> str:
    """Return the result of :func:`text_of` as plain text without citations."""
    plain = _CITATION.sub("", " ".join(text.split()))
    return re.sub(r"\s+(?=[.,;:)])", "", plain).strip()


def _sentences(text: str) -> Iterator[str]:
    """Yield the sentences of a text; abbreviations do not end a sentence."""
    start = 0
    for found in _BREAK.finditer(text):
        end = found.start()
        short = _SHORT.search(text, max(start, end - _LONGEST), end)
        if not ((found[1] or "").islower() or short):
            yield text[start:end]
            start = end
    yield text[start:]
