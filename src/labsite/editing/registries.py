"""What open registries know of a paper, asked politely and remembered for a while.

Each may be silent: after one answer that is no use it is not asked again in this run.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from labsite.editing.fetching import FetchError, Limits, NotFoundError, fetch
from labsite.model.digests import digest_text
from labsite.model.files import write_whole

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

#: Where each registry answers, and the environment variable that names another place.
#: https://www.crossref.org/documentation/retrieve-metadata/rest-api/,
#: https://dblp.org/faq/How+to+use+the+dblp+search+API.html and https://docs.openalex.org
_ADDRESSES = {
    "Crossref": ("LABSITE_CROSSREF_URL", "https://api.crossref.org/works"),
    "DBLP": ("LABSITE_DBLP_URL", "https://dblp.org/search/publ/api"),
    "OpenAlex": ("LABSITE_OPENALEX_URL", "https://api.openalex.org/works"),
}
_FRESH = 7 * 24 * 3600  #: seconds for which an answer is remembered
_LONGEST = 2_000_000  #: bytes of an answer that is worth reading


@dataclass(slots=True)
class Registries:
    """The registries, with what they have said."""

    environ: Mapping[str, str]
    cache: Path  #: a folder
    contact: str  #: an address at which the registries reach the site's owners
    limits: Limits = field(default_factory=lambda: Limits(retries=1, size=_LONGEST))
    silent: dict[str, str] = field(default_factory=dict)  #: those not asked, and why

    def ask(self, name: str, query: str) -> Any:  # noqa: ANN401 -- JSON of any shape
        """Return what a registry answers, or ``None``.

        :param query: what follows its address
        """
        if name in self.silent:
            return None
        variable, usual = _ADDRESSES[name]
        address = f"{(self.environ.get(variable) or usual).rstrip('/')}{query}"
        path = self.cache / f"{digest_text(address)}.json"
        try:
            if path.is_file() and time.time() - path.stat().st_mtime < _FRESH:
                return json.loads(path.read_bytes())
            data = fetch(address, "application/json", self.limits, self.contact)
            found = json.loads(data)
        except NotFoundError:
            return None
        except (FetchError, ValueError, RecursionError, OSError) as error:
            said = str(error) if isinstance(error, FetchError) else "no usable answer"
            self.silent[name] = said
            return None
        write_whole(path, data)
        return found


def dig(value: object, *path: str | int) -> Any:  # noqa: ANN401 -- JSON of any shape
    """Return what stands at a path of keys and indexes, ``None`` for nothing there."""
    for step in path:
        if isinstance(value, dict) and isinstance(step, str):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and len(value) > step:
            value = value[step]
        else:
            return None
    return value


def text_at(value: object, *path: str | int) -> str:
    """Return the text at a path, or the first of a list of texts; "" for no text."""
    found = dig(value, *path)
    if isinstance(found, list):
        found = found[0] if found else ""
    return " ".join(found.split()) if isinstance(found, str) else ""


def list_at(value: object, *path: str | int) -> list[Any]:
    """Return the list at a path; one thing alone counts as a list of it."""
    found = dig(value, *path)
    if isinstance(found, list):
        return found
    return [] if found is None else [found]
