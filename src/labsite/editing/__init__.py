"""Writing to a bibliography as a careful person would: little, and in its style.

:mod:`~labsite.editing.fix` corrects what is mechanical, the modules around
:mod:`~labsite.editing.importing` make an entry of a record from elsewhere, and
:mod:`~labsite.editing.insertion` puts it in its place.
"""

from __future__ import annotations
