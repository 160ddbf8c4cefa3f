"""Measure, scale and sanitize the pictures of members."""
