"""The theme: templates, styles and scripts."""

from __future__ import annotations
