"""Moving a lab's site from another system: readers, one for each, and one writer.

A reader yields the records of :mod:`~labsite.importing.records`;
:mod:`~labsite.importing.writer` makes a site of them. Nothing is written into the old
site, and whatever cannot be used is noted with its file and line.
"""

from __future__ import annotations
