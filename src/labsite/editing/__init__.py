"""Edit a bibliography in its own style, with small changes.

:mod:`~labsite.editing.fix` corrects mechanical mistakes,
:mod:`~labsite.editing.importing` converts records to entries, and
:mod:`~labsite.editing.insertion` inserts entries in order.
"""

from __future__ import annotations
