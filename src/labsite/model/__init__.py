"""Frozen records and the vocabulary that all other packages share."""

from __future__ import annotations
