"""Messages on commands of BibTeX that cannot be read."""

from __future__ import annotations

NO_KEY = "no citation key; write @type{key, and the fields after it"
BAD_KEY = "this is not a citation key; write letters, digits, - and :, without a space"
NO_MACRO = 'cannot read this macro; write @string{NAME = "…"}'
LONG_COMMENT = (
    "this comment has entries in it, which are not read; add the '}' that is missing "
    "before them, or write the last '}' on a line of its own"
)
NO_COMMA = (
    "a comma is missing after this field, or there is an extra brace in it; write ',' "
    "after every value"
)
NO_DELIMITERS = (
    "the value of '{}' is neither in braces nor a macro; write {{…}} round it"
)
OPEN = (
    "the brace or quote that opens the value of '{}' is never closed; add the missing "
    "'}}' at its end"
)
NOT_CLOSED = "the entry is never closed; add '}' on a line of its own"
NO_COMMENT = (
    "BibTeX has no comments within an entry; move this one above the entry, or "
    "delete it"
)


class Fault(Exception):  # noqa: N818 -- an error in the file, not in the program
    """A command cannot be read: the position, and the message."""
