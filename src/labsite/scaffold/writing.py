"""Writing the repository of a new site."""

from __future__ import annotations

import json
import re
import shutil
import tomllib
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from urllib.request import url2pathname

from labsite import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_HERE = Path(__file__).parent
#: What stands for a record, and is left out where a site brings its own.
_EXAMPLES = {
    "publications.bib",
    "research/example.md",
    "team/person.md",
    "news/example.md",
}


class _Text(Template):
    """A file with places such as ``@@{name}``, which no other notation has."""

    delimiter = "@@"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Whose site it is."""

    name: str  #: of the lab
    short_name: str = ""  #: in the header
    university: str = ""
    address: str = ""  #: where the lab is, in a line
    base_url: str = "https://lab.example/"  #: with a slash at its end
    language: str = "en"
    person: str = "Jane Roe"  #: the name of the first person, who heads the lab
    color: str = ""  #: as ``#rrggbb``; nothing: the theme's own
    package: str = ""  #: what pip installs as the engine; nothing: as it is here


def write_site(
    folder: Path, identity: Identity, *, extra_settings: str = "", example: bool = True
) -> list[str]:
    """Write the files of a new site; return their names.

    :param folder: is made if it is not there
    :param extra_settings: lines for the end of ``conf.py``
    :param example: whether to write an example of each record
    :raises FileExistsError: if a file is there already; nothing is written then
    """
    package, wheel = (identity.package, None) if identity.package else _origin()
    values = _values(identity) | {"settings": extra_settings, "package": package}
    files = dict(_render(values, identity.person, example=example))
    for name in files:
        if (folder / name).exists():
            raise FileExistsError(17, "the file is there already", str(folder / name))
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    if wheel:
        shutil.copy(wheel, folder)
    return sorted(files)


def _render(
    values: Mapping[str, str], person: str, *, example: bool
) -> Iterator[tuple[str, str]]:
    """Yield the name and the text of every file."""
    root = _HERE / "site"
    for path in sorted(root.rglob("*.in")):
        name = path.relative_to(root).as_posix().removesuffix(".in")
        name = name.replace("dot-", ".")
        if name in _EXAMPLES and not example:
            continue
        name = name.replace("person", _slug(person))
        yield name, _Text(path.read_text("utf-8")).substitute(values).rstrip() + "\n"


def _values(identity: Identity) -> dict[str, str]:
    """Return what stands in the places of the files.

    A name that ends with ``_code`` is a value as Python and YAML write it.
    """
    words = tomllib.loads((_HERE / "words.toml").read_text("utf-8"))
    title = identity.short_name or identity.name
    address = [line for line in (identity.university, identity.address) if line]
    organization = {
        "name": identity.name,
        "alternateName": identity.short_name,
        "parentOrganization": identity.university,
    }
    today = datetime.now(tz=UTC).date()
    plain = {
        **words.get(identity.language, words["en"]),
        "title": title,
        "name": identity.name,
        "language": identity.language,
        "base_url": identity.base_url.rstrip("/") + "/",
        "color": identity.color,
        "person": identity.person,
    }
    code = {
        **plain,
        "address": address,
        "organization": {key: text for key, text in organization.items() if text},
    }
    return {
        **{name: _escape(text) for name, text in plain.items()},
        **{f"{n}_code": json.dumps(v, ensure_ascii=False) for n, v in code.items()},
        "address_lines": "\\\n".join(map(_escape, [identity.name, *address])),
        "person_bib": re.sub(r"[{}\\%]", "", identity.person),
        "year": str(today.year),
        "day": today.isoformat(),
        "pins": "\n".join(sorted(_pins())),
    }


def _escape(text: str) -> str:
    """Return text as Markdown writes it."""
    return re.sub(r"[\\`*_{}\[\]<>#|@$]", r"\\\g<0>", text)


def _slug(name: str) -> str:
    """Return the name of a person's page."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", plain.lower())) or "head"


def _origin() -> tuple[str, Path | None]:
    """Return what pip installs to get this engine, and the wheel that it came from.

    pip notes where a package came from that was on no index
    (https://packaging.python.org/en/latest/specifications/direct-url/).
    """
    note = metadata.distribution("labsite").read_text("direct_url.json")
    origin = json.loads(note or "{}")
    url = origin.get("url", "")
    wheel = Path(url2pathname(urlsplit(url).path))
    if wheel.suffix == ".whl" and wheel.is_file():
        return f"./{wheel.name}", wheel
    if "vcs_info" in origin:
        vcs = origin["vcs_info"]
        return f"labsite @ {vcs['vcs']}+{url}@{vcs['commit_id']}", None
    return f"labsite @ {url}" if url else f"labsite=={__version__}", None


def _pins() -> set[str]:
    """Return what the engine needs, in the versions that are installed here."""
    pins: dict[str, str] = {}
    names = ["labsite"]
    while names:
        name = names.pop()
        try:
            required = metadata.requires(name) or []
            pins[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue  # for another system or an older Python
        found = (
            re.match(r"[\w.-]+", text) for text in required if "extra ==" not in text
        )
        names += {m[0].lower() for m in found if m} - pins.keys()
    return {f"{name}=={version}" for name, version in pins.items() if name != "labsite"}
