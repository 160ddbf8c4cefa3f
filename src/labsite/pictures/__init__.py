"""Measure, scale and sanitise the pictures of members."""
