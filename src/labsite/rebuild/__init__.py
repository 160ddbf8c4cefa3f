"""What makes an incremental build equal a clean one."""

from __future__ import annotations
