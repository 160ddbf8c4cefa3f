"""Languages as babel and biblatex name them, to tags (BCP 47)."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from babel import Locale

if TYPE_CHECKING:
    from collections.abc import Mapping

_TAG = re.compile(r"[A-Za-z]{2}(?:[-_][A-Za-z0-9]{2,8})*")
#: babel's names (its manual, 1.1) other than the English name of the language.
_BABEL = {
    "acadian": "fr-CA", "american": "en-US", "australian": "en-AU",
    "austrian": "de-AT", "bahasa": "id", "bahasai": "id", "bahasam": "ms",
    "brazil": "pt-BR", "brazilian": "pt-BR", "british": "en-GB", "canadian": "en-CA",
    "canadien": "fr-CA", "farsi": "fa", "francais": "fr", "frenchb": "fr",
    "germanb": "de", "lsorbian": "dsb", "magyar": "hu", "mexican": "es-MX",
    "naustrian": "de-AT", "newzealand": "en-NZ", "ngerman": "de", "norsk": "no",
    "nswissgerman": "de-CH", "nynorsk": "nn", "polutonikogreek": "el",
    "portuges": "pt", "samin": "se", "serbianc": "sr", "slovene": "sl",
    "spanishmx": "es-MX", "swissgerman": "de-CH", "ukenglish": "en-GB",
    "usenglish": "en-US", "usorbian": "hsb",
}  # fmt: skip


@cache
def language_tag(name: str) -> str | None:
    """Return the tag of the language that *name* means, ``None`` for an unknown one.

    :param name: a name of babel's, an English name, a localisation key of biblatex's
        such as "langgerman", or a tag
    """
    word = name.strip().lower().removeprefix("lang") or name
    if found := _BABEL.get(word) or _english_names().get(word):
        return found
    return name.strip().replace("_", "-") if _TAG.fullmatch(name.strip()) else None


@cache
def _english_names() -> Mapping[str, str]:
    names: Mapping[str, str] = Locale("en").languages
    return {name.lower(): code.replace("_", "-") for code, name in names.items()}
