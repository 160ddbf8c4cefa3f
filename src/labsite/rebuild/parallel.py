"""Work that several processes share, where there is enough of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from sphinx.util.parallel import ParallelTasks, parallel_available

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")
R = TypeVar("R")
#: Fewer items are not worth the start of a process.
_ENOUGH = 500
#: Shares of each process: one that has had short items takes another share.
_SHARES = 3


def share(
    work: Callable[[Sequence[T]], R], items: Sequence[T], processes: int
) -> list[R]:
    """Return what *work* gives for shares of the items, in no order.

    What it warns of is logged by this process.
    """
    if processes < 2 or len(items) < _ENOUGH or not parallel_available:  # noqa: PLR2004 -- alone
        return [work(items)]
    results: list[R] = []
    tasks = ParallelTasks(processes)
    number = processes * _SHARES
    for start in range(number):
        tasks.add_task(work, items[start::number], lambda _, made: results.append(made))
    tasks.join()
    return results
