"""Pages and YAML files that are records: people, topics, news, courses, groups."""

from __future__ import annotations
