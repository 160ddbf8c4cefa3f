"""Compute docutils' settings once instead of twice for each document.

Sphinx computes the settings of a document by optparse, and MyST those of a document
that it drops. They are the same for all documents of a build.
"""

from __future__ import annotations

from copy import copy
from functools import cache
from typing import TYPE_CHECKING, Any

from docutils.utils import DependencyList
from myst_parser.mdit_to_docutils import base
from sphinx.util import docutils as sphinx_docutils

if TYPE_CHECKING:
    from docutils.frontend import Values

# There is no public way to these functions.
_myst: Any = base
_compute = sphinx_docutils._get_settings  # noqa: SLF001
_computed: dict[str, Values] = {}


def share_settings() -> None:
    """Replace the functions of Sphinx and MyST."""
    sphinx_docutils._get_settings = _get_settings  # noqa: SLF001
    if not hasattr(_myst.get_default_settings, "cache_clear"):
        _myst.get_default_settings = cache(_myst.get_default_settings)


def _get_settings(*components: Any, **options: Any) -> Values:  # noqa: ANN401 -- as Sphinx's
    """Return a copy of the settings that were computed for equal arguments."""
    classes = [c if isinstance(c, type) else type(c) for c in components]
    key = f"{classes} {options}"
    if key not in _computed:
        _computed[key] = _compute(*components, **options)
    settings = copy(_computed[key])
    settings.record_dependencies = DependencyList()  # the files of one document
    return settings
