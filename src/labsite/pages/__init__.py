"""Pages and YAML files that are records: people, topics, news, teaching."""

from __future__ import annotations
