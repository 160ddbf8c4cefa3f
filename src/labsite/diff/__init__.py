"""What a change of a site's files means to those who visit the site."""

from __future__ import annotations
