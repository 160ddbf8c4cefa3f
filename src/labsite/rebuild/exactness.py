"""What Sphinx leaves as it was after an edit, though a clean build would differ."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from sphinx import addnodes
from sphinx.builders.html import StandaloneHTMLBuilder

from labsite.model.digests import digest_text
from labsite.rebuild.state import get_state

if TYPE_CHECKING:
    from collections.abc import Iterable, Set

    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.domains import Domain
    from sphinx.environment import BuildEnvironment


def listing_documents(env: BuildEnvironment, removed: Set[str]) -> list[str]:
    """Return the documents whose tables of contents list what has been removed.

    Sphinx leaves a document that is not there out of a table when it reads that, and
    does not read it again when a document goes.
    """
    tables = env.toctree_includes.items()
    return [docname for docname, listed in tables if not removed.isdisjoint(listed)]


def digest_navigation(env: BuildEnvironment) -> str:
    """Return a digest of what every page shows of the others: tree and titles.

    Sphinx writes a page again if its own tables of contents have changed, but not for
    the titles of others in a sidebar, a header, its links to feeds and the like.
    """
    titles = [f"{name}:{env.titles[name].pformat()}" for name in sorted(env.titles)]
    tables = [
        repr(sorted(table.attributes.items()))
        for name in sorted(env.toctree_includes)
        for table in env.tocs[name].findall(addnodes.toctree)
    ]
    return digest_text(*tables, *titles)


def digest_targets(env: BuildEnvironment) -> str:
    """Return a digest of what prose can refer to: titles, labels, headings, terms.

    Sphinx looks them up when it writes a page, and does not write the page again when
    another page says them otherwise, or a label has moved.
    """
    objects = (
        repr(found)
        for domain in env.domains.sorted()
        if not _tracks_targets(domain)
        for found in sorted(map(repr, domain.get_objects()))
    )
    headings = (
        f"{name}:{data['myst_slugs']!r}"
        for name, data in sorted(env.metadata.items())
        if "myst_slugs" in data
    )
    return digest_text(*objects, *headings)


def _tracks_targets(domain: Domain | None) -> bool:
    """Tell whether a domain itself finds the documents that show a changed target."""
    return getattr(domain, "tracks_targets", False)


def note_references(app: Sphinx, doctree: nodes.document) -> None:
    """Note what a document refers to, but for domains that track their targets.

    Of a path only the last part is noted, without its ending: what it is relative to
    does not matter for telling what may have to be read again.
    """
    domains = app.env.domains
    targets = {
        PurePosixPath(reference.get("reftarget") or "").stem
        for reference in doctree.findall(addnodes.pending_xref)
        if not _tracks_targets(domains.get(reference.get("refdomain")))
    }
    if targets:
        get_state(app.env).data["referring"][app.env.docname] = targets


def linking_documents(env: BuildEnvironment, moved: Set[str]) -> list[str]:
    """Return the documents that may link to some that came or went.

    MyST looks whether the target of a link is a document when it reads the link.
    """
    names = {PurePosixPath(docname).stem for docname in moved}
    referring = get_state(env).data["referring"].items()
    return [docname for docname, named in referring if not names.isdisjoint(named)]


def referring_documents(env: BuildEnvironment) -> list[str]:
    """Return the documents to write because what they refer to may have changed."""
    state = get_state(env)
    # Nothing changes without reading; looking at thousands of titles takes a while.
    if not state.reading and state.data["listed"] == len(env.found_docs):
        return []
    targets = digest_targets(env)
    changed = state.data["targets"] != targets
    state.data["targets"], state.data["listed"] = targets, len(env.found_docs)
    return sorted(state.data["referring"]) if changed else []


def number_images(env: BuildEnvironment) -> list[str]:
    """Name images in the order of their paths; return the documents that show others.

    Where images in two folders have the same name, Sphinx numbers them as it comes to
    read them. What this returns has to be written again.
    """
    before = {path: name for path, (_, name) in env.images.items()}
    images = type(env.images)()
    for path, (docnames, _) in sorted(env.images.items()):
        for docname in docnames:
            images.add_file(docname, path)
    env.images = images
    renamed = (path for path, name in before.items() if images[path][1] != name)
    return sorted({docname for path in renamed for docname in images[path][0]})


def drop_unused_words(app: Sphinx) -> Iterable[tuple[str, dict[str, object], str]]:
    """Drop the words from the search index that only vanished pages had.

    Sphinx takes the pages out and leaves the words, with no page. There is no public
    way to the words; this runs in ``html-collect-pages``, just before they are written.
    """
    builder = app.builder
    if isinstance(builder, StandaloneHTMLBuilder) and builder.indexer is not None:
        builder.indexer.prune(app.env.all_docs)
        for mapping in (builder.indexer._mapping, builder.indexer._title_mapping):  # noqa: SLF001 -- see above
            for word in [word for word, pages in mapping.items() if not pages]:
                del mapping[word]
    return ()
