"""What Sphinx leaves as it was after an edit, though a clean build would differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx.builders.html import StandaloneHTMLBuilder

from labsite.digests import digest_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment


def digest_navigation(env: BuildEnvironment) -> str:
    """Return a digest of what every page shows of the others: tree and titles.

    Sphinx writes a page again if its own tables of contents have changed, but not for
    the titles of others in a sidebar, a header, or "previous" and "next".
    """
    listed = {child for children in env.toctree_includes.values() for child in children}
    titles = [
        f"{name}:{env.titles[name].astext()}"
        for name in sorted(listed | {env.config.root_doc})
        if name in env.titles
    ]
    return digest_text(repr(sorted(env.toctree_includes.items())), *titles)


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
