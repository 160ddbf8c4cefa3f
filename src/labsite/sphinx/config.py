"""The engine's settings, registered with Sphinx."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labsite.site.settings import PREFIX, default_of, known_settings

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def register_config(app: Sphinx) -> None:
    """Register every value, with its type and what it makes out of date."""
    for name, setting in known_settings().items():
        if name.startswith(PREFIX):
            default = default_of(setting)
            rebuild = setting.metadata["rebuild"]
            types = [list, tuple] if isinstance(default, tuple) else [type(default)]
            app.add_config_value(name, default, rebuild, types=types)
