"""Bring the catalogues of labels up to date with the code: ``make catalogues``.

``src/labsite/locale/labsite.pot`` gets every label of the engine, and each ``.po``
beside it what is new; a label that is gone is dropped. With ``--check`` nothing is
written, and the exit status is 1 if a file would change.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po
from scripts.generate_tables import bring_up_to_date

from labsite.bibtex.fields import LINK_FIELDS
from labsite.exports import FORMATS
from labsite.model.records import Kind
from labsite.pages.data_files import LEVELS, SEASONS
from labsite.sphinx.languages import SCRIPT_CONTEXT

PACKAGE = Path(__file__).parents[1] / "src/labsite"
LOCALE = PACKAGE / "locale"
#: Labels of the theme that it has in few languages, and of the core, which has no "_".
OTHERS = (
    "Homepage",
    "Skip to main content",
    "Version warning",
    *(known.label for known in FORMATS),
    *(field.label for field in LINK_FIELDS.values() if field.label),
    *(word.capitalize() for word in (*Kind, *SEASONS, *LEVELS)),
)
#: Functions that take a label; the second takes it in singular and plural.
KEYWORDS = {"_": None, "gettext": None, "count_label": (1, 2), "plural_label": (1, 2)}


def extract() -> Catalog:
    """Return a catalogue of the labels in modules and templates."""
    catalogue = Catalog(project="labsite", charset="utf-8")
    for message in OTHERS:
        catalogue.add(message)
    methods = [("**.py", "python"), ("**.html", "jinja2"), ("**.js", "javascript")]
    for file, _line, found, _comments, _context in extract_from_dir(
        PACKAGE, methods, keywords=KEYWORDS
    ):
        context = SCRIPT_CONTEXT if file.endswith(".js") else None
        catalogue.add(found, context=context)
    return catalogue


def render(catalogue: Catalog) -> str:
    """Return the text of a catalogue, without what changes by the day."""
    file = io.BytesIO()
    write_po(file, catalogue, sort_output=True, omit_header=True)
    header = (
        f'msgid ""\nmsgstr ""\n"Language: {catalogue.locale or ""}\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n'
        f'"Plural-Forms: {catalogue.plural_forms}\\n"\n\n'
    )
    return header + file.getvalue().decode("utf-8").strip() + "\n"


def update() -> dict[Path, str]:
    """Return the text that each file should have."""
    template = extract()
    texts = {LOCALE / "labsite.pot": render(template)}
    for path in sorted(LOCALE.glob("*.po")):
        with path.open("rb") as file:
            catalogue = read_po(file, locale=path.stem)
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        texts[path] = render(catalogue)
    return texts


if __name__ == "__main__":
    sys.exit(bring_up_to_date(update(), "make catalogues"))
