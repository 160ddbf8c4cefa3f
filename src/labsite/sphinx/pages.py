"""The pages that the engine writes as documents: of publications and their groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from labsite.site.site import SiteRecords

#: The first line of every page the engine writes; what lacks it is never touched.
MARK = "% Generated from the bibliography; edit that instead."


def generated_pages(site: SiteRecords) -> dict[str, str]:
    """Return each page's document name and text.

    The text never changes while the key does not: what a page shows is looked up when
    it is read, and :mod:`labsite.site.site` tells when it has to be read again.
    """
    papers = {
        site.docname(publication): _directive("publication", publication.key)
        for publication in site.library.publications
    }
    groups = {
        site.group_docname(group): _directive("publication-group", group.path)
        for group in site.groups.values()
    }
    return groups | papers


def write_pages(source: Path, folders: Iterable[str], pages: dict[str, str]) -> None:
    """Make the generated pages of a site exactly *pages*.

    A page is written only if its text differs, so that its time of change tells the
    truth; a generated page that is no longer wanted is removed. A page that somebody
    wrote in the place of a generated one stays.

    :param source: the site's source directory, to which names are relative
    :param folders: where generated pages are, or were for an earlier build
    """
    wanted = {source / f"{docname}.md": text for docname, text in pages.items()}
    for path, text in wanted.items():
        found = _read(path)
        if found != text and _is_ours(found):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    there = (path for folder in folders for path in (source / folder).rglob("*.md"))
    for path in there:
        if path not in wanted and _is_ours(_read(path)):
            path.unlink()


def _is_ours(text: str) -> bool:
    """Tell whether a page has the mark, or ends before it is whole.

    Such a page is left by a build that was broken off while it wrote the page.
    """
    return text.startswith(MARK) or MARK.startswith(text)


def _directive(name: str, argument: str) -> str:
    return f"{MARK}\n\n```{{{name}}} {argument}\n```\n"


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
