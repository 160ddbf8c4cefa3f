"""Measure, scale and sanitise the pictures of members."""

from __future__ import annotations
