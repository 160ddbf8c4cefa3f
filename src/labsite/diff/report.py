"""A change in words: sections of items, each with its details."""

from __future__ import annotations

from dataclasses import dataclass

_LONGEST = 160
_CONTEXT = 24  #: characters of what has not changed, before and behind what has
_MOST = 50  #: items of a section; nobody reads more


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that changes, and how."""

    text: str
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """Things that change in the same way."""

    title: str
    items: tuple[Item, ...]

    @property
    def heading(self) -> str:
        """The title, and how many things there are."""
        return f"{self.title}: {len(self.items)}"

    @property
    def shown(self) -> tuple[Item, ...]:
        """The items that a report lists."""
        rest = len(self.items) - _MOST
        more = (Item(f"and {rest} more"),) if rest > 0 else ()
        return (*self.items[:_MOST], *more)


def shorten(text: str, limit: int = _LONGEST) -> str:
    """Return *text* in one line of at most *limit* characters."""
    folded = " ".join(text.split())
    return folded if len(folded) <= limit else f"{folded[: limit - 1].rstrip()}…"


def changed(what: str, before: str, after: str) -> str:
    """Return what was and what is now; "none" stands for nothing."""
    texts = map(shorten, _around_change(before, after))
    return f"{what}: {' → '.join(f'“{text}”' if text else 'none' for text in texts)}"


def _around_change(before: str, after: str) -> tuple[str, str]:
    """Return two texts; of long ones what is not the same, with its context."""
    old, new = " ".join(before.split()), " ".join(after.split())
    if max(len(old), len(new)) <= _LONGEST:
        return old, new
    start = _same(old, new)
    end = min(_same(old[::-1], new[::-1]), min(len(old), len(new)) - start)
    first = old.rfind(" ", 0, max(start - _CONTEXT, 0)) + 1
    behind = old.find(" ", len(old) - end + _CONTEXT) if end > _CONTEXT else -1
    rest = len(old) - behind if behind >= 0 else 0
    return _cut(old, first, rest), _cut(new, first, rest)


def _same(old: str, new: str) -> int:
    """Return how many characters two texts begin with in common."""
    pairs = enumerate(zip(old, new, strict=False))
    return next((i for i, (a, b) in pairs if a != b), min(len(old), len(new)))


def _cut(text: str, first: int, rest: int) -> str:
    middle = text[first : len(text) - rest]
    return f"{'…' if first else ''}{middle}{'…' if rest else ''}"
