"""Exit statuses of all commands."""

from __future__ import annotations

OK = 0  #: nothing is wrong
FOUND = 1  #: something is wrong, and has been said
CANNOT_RUN = 2  #: the command could not do its work
