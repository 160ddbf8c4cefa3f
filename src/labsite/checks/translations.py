"""Translations: a page in another language says which version of a page it has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labsite.model.digests import digest_text
from labsite.model.files import read_text
from labsite.model.problems import Problem, Rule
from labsite.pages.front_matter import Fields, read_page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from labsite.site.settings import Settings

#: Letters of the digest that stands in the front matter: enough to tell versions.
_LENGTH = 8


def check_translations(settings: Settings) -> Iterator[Problem]:
    """Yield a problem for each translated page that is older than its counterpart.

    The digest of the counterpart's text stands in the field ``original``: what git or
    the file system know of the two files' ages does not tell which version was read.
    """
    for language in settings.languages:
        folder = settings.source / language
        for path in sorted(folder.rglob("*.md")):
            name = path.relative_to(folder).as_posix()
            original = settings.source / name
            if not original.is_file():
                continue
            page, source = read_page(path, f"{language}/{name}")
            present = digest_text(read_text(original, name)[0])[:_LENGTH]
            noted = Fields(page, page.value).text("original")
            if page.readable and noted != present:
                message = (
                    f"'{name}' has changed since this page was translated; bring the "
                    f"translation up to date, then write 'original: \"{present}\"'"
                )
                yield Problem(
                    rule=Rule.OUTDATED_TRANSLATION,
                    message=message,
                    file=source.file,
                    line=dict(source.lines).get("original", 1),
                )
