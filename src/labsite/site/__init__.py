"""The records of one site: settings, loading, queries, views."""

from __future__ import annotations
