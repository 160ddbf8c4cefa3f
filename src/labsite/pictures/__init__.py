"""Pictures that members give: measured, scaled, sanitised."""

from __future__ import annotations
