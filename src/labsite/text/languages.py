"""Convert babel's and biblatex's names of languages to tags (BCP 47)."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from babel import Locale

if TYPE_CHECKING:
    from collections.abc import Mapping

_TAG = re.compile(r"[A-Za-z]{2}(?:[-_][A-Za-z0-9]{2,8})*")
_TABLE = Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
#: babel's names other than the English name of the language.
_BABEL: Mapping[str, str] = tomllib.loads(_TABLE)


@cache
def language_tag(name: str) -> str | None:
    """Return the tag of a language, ``None`` if it is unknown.

    :param name: a name of babel, an English name, a localisation key of biblatex
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
