"""Make incremental builds equal to clean ones."""

from __future__ import annotations
