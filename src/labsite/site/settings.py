"""The settings of a site, every value of ``conf.py`` that is read, and its files.

A setting is one field below, with its type, default, scope of rebuilding and
description. Sphinx, the commands and ``docs/configuration.md`` use this table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields, replace
from os.path import exists  # unlike Path's, also of names that no file can have
from pathlib import Path
from typing import Any

from labsite.model.problems import LabsiteError, Severities
from labsite.model.repository import leads_outside
from labsite.pages.people import DeclaredRole

#: The prefix of the engine's own values.
PREFIX = "labsite_"
#: The folders of pages that are records, and that of generated pages. The exports of
#: all papers and the feed of the news have the names of theirs.
TOPICS, TEAM, NEWS, PUBLICATIONS = "research", "team", "news", "publications"
_STATIC = "_static/"  # Sphinx's target of html_static_path


class ConfigurationError(LabsiteError):
    """A ``conf.py`` cannot be used; the message says where and why."""


def _setting(default: Any, doc: str, rebuild: str = "env", of: str = "") -> Any:  # noqa: ANN401 -- as dataclasses.field
    """Return a field for a value of ``conf.py``.

    :param default: a value, or a function that makes one
    :param rebuild: what Sphinx rebuilds when the value changes: "env" every page,
        "html" all output, "" nothing
    :param of: the name of a value that another package declares
    """
    metadata = {"rebuild": rebuild, "doc": doc, "of": of}
    if callable(default):
        return field(default_factory=default, metadata=metadata)
    return field(default=default, metadata=metadata)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The values of a site's ``conf.py``."""

    source: Path = Path()  #: the folder of conf.py and the pages
    unknown: tuple[str, ...] = ()  #: names that are of no setting
    source_url: str = _setting(
        "",
        "the address of a line of a data file in the public repository, with `{file}` "
        "and `{line}` in it; makes the link *Report or fix a mistake*",
    )
    split_lists_above: int = _setting(
        400,
        "a list of papers or news with more entries than this becomes a page for each "
        "year, and a longer year several pages",
    )
    organization: Mapping[str, str] = _setting(
        dict,
        "what search engines are told of the lab, in schema.org's words for an "
        'organization: `{"name": "…", "alternateName": "…", '
        '"parentOrganization": "…"}`',
        rebuild="html",
    )
    preview_image: Mapping[str, str] = _setting(
        dict,
        "the picture that is shown where a page's address is shared, with its path in "
        "the built site, the text that says what it shows, and its size in pixels: "
        '`{"path": "_static/social.png", "alt": "…", "width": "1200", "height": '
        '"630"}`; needs `html_baseurl`',
        rebuild="html",
    )
    redirects: Mapping[str, str] = _setting(
        dict,
        "redirects from earlier addresses, both without `.html`: "
        '`{"lecture/index": "teaching/index"}`',
        rebuild="html",
    )
    roles: Mapping[str, DeclaredRole] = _setting(
        dict,
        "roles of people besides the usual ones, or other names and places for these: "
        '`{"engineer": {"name": "Engineer", "plural": "Engineers", "after": '
        '"staff"}}`; without `after` a new role comes last, with `""` a role comes '
        "first",
    )
    topics_field: str = _setting(
        "keywords",
        "the field of an entry that has its topics; name another one where `keywords` "
        "are the publisher's",
    )
    languages: tuple[str, ...] = _setting(
        (),
        "further languages of the site, by code: pages in the folder `ko` are Korean "
        'with `["ko"]`',
    )
    trust_pages: bool = _setting(
        False,
        "whether pages may do all that Sphinx and MyST can: "
        "[what pages may not do](security.md#pages-are-data)",
    )
    rules: Severities = _setting(  # noqa: RUF009 -- makes a field
        Severities,
        'the severity of a [rule](checks.md#the-rules), by its name: `"off"`, '
        '`"warning"` or `"error"`',
        rebuild="",
    )
    bibfiles: tuple[str, ...] = _setting(
        ("publications.bib",), "the bibliography", rebuild="", of="bibtex_bibfiles"
    )
    language: str = _setting("en", "the site's language", rebuild="", of="language")
    extra_paths: tuple[str, ...] = _setting(
        (), "files for the root of the site", rebuild="", of="html_extra_path"
    )
    excluded: tuple[str, ...] = _setting(
        ("_build",), "what is not part of the site", rebuild="", of="exclude_patterns"
    )
    static_paths: tuple[str, ...] = _setting(
        (), "files for `_static`", rebuild="", of="html_static_path"
    )

    def serves(self, path: str) -> bool:
        """Return whether the built site has a file at *path*."""
        if path.endswith((".html", "/")):
            return True  # a page, which Sphinx makes
        folders = self.static_paths if path.startswith(_STATIC) else self.extra_paths
        path = path.removeprefix(_STATIC)
        # Sphinx copies the content of a folder, and a file by its own name.
        entries = [self.source / name for name in folders]
        named = any(entry.name == path and entry.is_file() for entry in entries)
        return named or any(map(exists, (entry / path for entry in entries)))


def known_settings() -> Mapping[str, Field[Any]]:
    """Return every setting by its name in ``conf.py``."""
    return {
        f.metadata["of"] or f"{PREFIX}{f.name}": f
        for f in fields(Settings)
        if f.metadata
    }


def default_of(setting: Field[Any]) -> object:
    """Return the default of a setting as in ``conf.py``."""
    default = getattr(Settings(), setting.name)
    return {} if isinstance(default, Severities) else default


#: The name of a type in messages, and an example.
_EXAMPLES = {
    str: ("a string", '"…"'),
    bool: ("True or False", "False"),
    int: ("a number above 0", "400"),
    dict: ("a dictionary", '{"…": "…"}'),
    tuple: ("a list of strings", '["…"]'),
}


def make_settings(source: Path, values: Mapping[str, Any]) -> Settings:
    """Return the settings in the values of a ``conf.py``; defaults for the rest.

    :raises ConfigurationError: if a value has the wrong type; the message names it
    """
    given: dict[str, Any] = {
        setting.name: _convert(name, values[name], default_of(setting))
        for name, setting in known_settings().items()
        if values.get(name) is not None
    }
    names = {name for name in values if name.startswith(PREFIX)}
    unknown = tuple(sorted(names - known_settings().keys()))
    made = Settings(source=source, unknown=unknown, **given)
    if made.trust_pages:
        return made
    # A rule reports the others; no command reads or writes them.
    inside = (name for name in made.bibfiles if not leads_outside(source / name))
    return replace(made, bibfiles=tuple(inside))


def _convert(name: str, value: Any, default: object) -> object:  # noqa: ANN401 -- a value of conf.py
    """Return a value in the type of its default."""
    if name == f"{PREFIX}rules" and isinstance(value, dict):
        return Severities({str(rule): level for rule, level in value.items()})
    if name == f"{PREFIX}roles":
        return _read_roles(name, value)
    kind = type(default)
    if kind is tuple:
        if isinstance(value, (list, tuple)) and all(isinstance(v, str) for v in value):
            return tuple(value) or default
    elif isinstance(value, kind) and (kind is not int or value in range(1, 1 << 31)):
        return value
    words, example = _EXAMPLES[kind]
    msg = f"{name} is not {words}; write {name} = {example}"
    raise ConfigurationError(msg)


def _read_roles(name: str, value: Any) -> Mapping[str, DeclaredRole]:  # noqa: ANN401 -- a value of conf.py
    known = {*DeclaredRole._fields}
    roles: dict[Any, Any] = value if isinstance(value, dict) else {"": None}
    for role, parts in roles.items():
        is_role = isinstance(parts, dict) and parts.keys() <= known
        if not is_role or not all(isinstance(v, str) for v in [role, *parts.values()]):
            example = '{"engineer": {"name": "Engineer", "plural": "Engineers"}}'
            msg = f"{name} has no role in '{role}'; write {name} = {example}"
            raise ConfigurationError(msg)
    return {role.lower(): DeclaredRole(**parts) for role, parts in roles.items()}
