"""Write the repository of a new site: settings, pages, an example of each record."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from string import Template
from urllib.parse import urlsplit
from urllib.request import url2pathname

import yaml

from labsite import __version__
from labsite.model.tables import read_table
from labsite.text.spellings import slug_of

_HERE = Path(__file__).parent
#: What new pages say, by language.
WORDS: dict[str, dict[str, str]] = read_table(__file__, "words.toml")
#: Examples of records, left out of a site that brings its own.
_EXAMPLES = {"publications.bib", "research/example.md", "team/person.md",
             "news/example.md"}  # fmt: skip
_QUOTED_DATE = re.compile(r"(?<=: )'(\d{4}-\d\d?-\d\d?)'$", re.MULTILINE)


class _Text(Template):
    """A template with placeholders such as ``@@{name}``."""

    delimiter = "@@"


@dataclass(frozen=True, kw_only=True)
class Identity:
    """The lab whose site it is."""

    name: str  #: of the lab
    short_name: str = ""  #: in the header
    university: str = ""
    address: str = ""  #: where the lab is, in a line
    base_url: str = ""  #: by default an example
    language: str = "en"
    person: str = "Jane Roe"  #: the name of the first person, who heads the lab


def dump(value: object) -> str:
    """Return YAML in block style, with the fields in their order."""
    text = yaml.safe_dump(value, width=1 << 20, sort_keys=False, allow_unicode=True)
    return _QUOTED_DATE.sub(r"\1", text)


def page(fields: Mapping[str, object], *parts: str) -> str:
    """Return a page with the fields that are not empty as front matter."""
    values = {name: value for name, value in fields.items() if value}
    texts = (f"---\n{dump(values)}---", *(part.strip() for part in parts))
    return "\n\n".join(filter(None, texts)) + "\n"


def write_site(
    folder: Path,
    identity: Identity,
    extra_settings: str = "",
    own: Mapping[str, str] | None = None,
) -> list[str]:
    """Write the files of a new site; return their names.

    :param extra_settings: lines for the end of ``conf.py``
    :param own: files in place of the template's, and of the examples of records
    :raises FileExistsError: if a file exists already; nothing is written then
    """
    package, wheel = _origin()
    values = _values(identity) | {"settings": extra_settings, "package": package}
    person = slug_of(identity.person) or "head"
    files: dict[str, str] = {}
    roots = _HERE / "site", _HERE / identity.language  # for members, in their language
    for root, path in ((r, p) for r in roots for p in sorted(r.rglob("*.in"))):
        name = path.relative_to(root).as_posix().removesuffix(".in")
        name = name.replace("dot-", ".")
        if own is None or name not in _EXAMPLES:
            text = _Text(path.read_text("utf-8")).substitute(values)
            files[name.replace("person", person)] = text.rstrip() + "\n"
    files |= own or {}
    there = next((folder / name for name in files if (folder / name).exists()), None)
    if there:
        raise FileExistsError(17, "the file is there already", str(there))
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    if wheel:
        shutil.copy(wheel, folder)
    return sorted(files)


def _values(identity: Identity) -> dict[str, str]:
    """Return the values of placeholders; names in ``_code`` are Python and YAML."""
    plain = asdict(identity) | WORDS[identity.language]
    plain["title"] = identity.short_name or identity.name
    plain["base_url"] = (identity.base_url or "https://lab.example").rstrip("/") + "/"
    address = list(filter(None, (identity.university, identity.address)))
    organization = {
        "name": identity.name,
        "alternateName": identity.short_name,
        "parentOrganization": identity.university,
    }
    organization = {key: text for key, text in organization.items() if text}
    code = {**plain, "address": address, "organization": organization}
    today = datetime.now(tz=UTC).date().isoformat()
    return {
        **{name: _escape(text) for name, text in plain.items()},
        **{f"{n}_code": json.dumps(v, ensure_ascii=False) for n, v in code.items()},
        "address_lines": "\\\n".join(map(_escape, [identity.name, *address])),
        "person_bib": re.sub(r"[{}\\%]", "", identity.person),
        "year": today[:4],
        "day": today,
        "pins": "\n".join(_pins()),
    }


def _escape(text: str) -> str:
    """Return text in Markdown."""
    return re.sub(r"[\\`*_{}\[\]<>#|@$]", r"\\\g<0>", text)


def _origin() -> tuple[str, Path | None]:
    """Return this engine as a requirement for pip, and the wheel it came from.

    pip records the origin of a package that came from no index
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


def _pins() -> list[str]:
    """Return the engine's dependencies in the installed versions."""
    pins, names = {"labsite": ""}, metadata.requires("labsite") or []
    while names:
        needed = names.pop()
        found = re.match(r"[\w.-]+", needed)
        name = found[0].lower() if found and "extra ==" not in needed else "labsite"
        if name not in pins:
            try:
                pins[name] = metadata.version(name)
                names += metadata.requires(name) or []
            except metadata.PackageNotFoundError:
                continue  # for another system or an older Python
    return sorted(f"{name}=={version}" for name, version in pins.items() if version)
