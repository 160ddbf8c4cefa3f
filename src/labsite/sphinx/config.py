"""The configuration values, each with its default and what it changes."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def _value(default: object, rebuild: str, doc: str) -> Any:  # noqa: ANN401 -- dataclass
    return field(default=default, metadata={"rebuild": rebuild, "doc": doc})


@dataclass(frozen=True, slots=True, kw_only=True)
class LabsiteConfig:
    """Every ``labsite_*`` value of ``conf.py``."""

    topics_dir: str = _value(
        "research", "env", "Folder whose pages, the index aside, are the topics."
    )
    publications_dir: str = _value(
        "publications", "env", "Folder for the generated pages, one per publication."
    )
    team_dir: str = _value("team", "env", "Folder whose pages are the lab's people.")
    news_dir: str = _value("news", "env", "Folder whose pages are items of news.")
    source_url: str = _value(
        "",
        "env",
        "Address of a data file's line in the public repository, with {file} and "
        "{line} in it; makes the link for reporting a mistake.",
    )
    split_lists_above: int = _value(
        400,
        "env",
        "A list by year with more entries than this becomes a page per year.",
    )
    organization: dict[str, str] = field(
        default_factory=dict,
        metadata={
            "rebuild": "html",
            "doc": "What search engines are told of the lab, in schema.org's words for "
            'an organization, e.g. {"name": "…", "parentOrganization": "…"}.',
        },
    )
    redirects: dict[str, str] = field(
        default_factory=dict,
        metadata={
            "rebuild": "html",
            "doc": "Earlier addresses and the documents that took their places, both "
            'without ending, e.g. {"members/index": "team/index"}.',
        },
    )
    rules: dict[str, str] = field(
        default_factory=dict,
        metadata={
            "rebuild": "",
            "doc": 'How bad a breach of a rule is: "off", "warning" or "error", by '
            "the rule's name.",
        },
    )


def register_config(app: Sphinx) -> None:
    """Announce every value to Sphinx, with its type and what it makes out of date."""
    defaults = LabsiteConfig()
    for value in fields(LabsiteConfig):
        default = getattr(defaults, value.name)
        app.add_config_value(
            f"labsite_{value.name}",
            default,
            value.metadata["rebuild"],
            types=[type(default)],
        )
