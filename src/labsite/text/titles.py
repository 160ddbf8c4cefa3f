"""Protect capitals of titles from bibliography styles.

Braces are added around acronyms, words with a capital after their first letter, and
the name at the beginning of a title, as in ``{GriNNder}: Breaking the …``. In compounds
only the part with the capital is protected.
"""

from __future__ import annotations

import re

from labsite.text.latex import decode_plain

#: A formula, a command or a group.
_ATOM = (
    r"\$[^$]*\$|\\[A-Za-z]+\s*(?:\{(?:[^{}]|\{[^{}]*\})*\})*|\\.|"
    r"\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}"
)
_PIECE = rf"(?P<atom>{_ATOM})|(?P<word>[^\s$\\{{}}]+)"
#: I/O; letters and digits with a capital inside, or with a digit after a capital.
_SPECIAL_PART = (
    r"(?<![\w{])[A-Z]/[A-Z](?![\w}])|"
    r"(?<![A-Za-z0-9+])(?=[A-Za-z0-9+]+[A-Z]|[A-Z][A-Za-z0-9+]*\d)[A-Za-z0-9+]+"
)
#: A formula, or a command with its arguments.
_LATEX = r"\\[A-Za-z]+\s*(?:\{[^{}]*\})*|\\.|\$[^$]*\$"
#: The same, or braces of another kind.
_SIMPLE_GROUP = rf"({_LATEX})|\{{([^{{}}$\\]*)\}}"
#: The same, or braces within a word.
_WITHIN_WORD = rf"({_LATEX})|\{{(\w+)\}}(?=\w|\{{\w+\}})|(?<=[\w}}])\{{(\w+)\}}"
_COLON_WITHIN = r"\{([^{}$\\]*):\}"
_NICKNAME = r"(?s)(\s*)([^\s:{}]+)(:\s.*)"
_LONG_WORD = re.compile(r"[^\W\d_]{4,}")
_FEWEST_LONG_WORDS = 3  #: a shorter title can consist of acronyms
_MOST = 0.8  #: of the words; the others can be names


def tidy_title(latex: str) -> str:
    """Return a title with its capitals protected.

    Existing braces around words are kept, but not around the whole title, most of its
    words, or all compounds.
    """
    title = " ".join(latex.split())
    while title.startswith("{") and re.fullmatch(_ATOM, title):
        title = title[1:-1].strip()
    title = re.sub(r"(?<![.\s])\.$", "", title)
    # Zotero has "{{GPU}}".
    title = re.sub(r"\{\{([^{}]*)\}\}", r"{\1}", title)
    # PMLR has "{D}ata{F}ree{S}hield", others have "{GPU}s" and "{G}{P}{U}".
    title = re.sub(_WITHIN_WORD, lambda m: m[1] or m[2] or m[3], title)
    title = re.sub(_COLON_WITHIN, r"{\1}:", title)
    if _is_overprotected(title):
        title = re.sub(_SIMPLE_GROUP, lambda m: m[1] or m[2], title)
    if is_shouting(decode_plain(title)):
        return title
    nickname = re.fullmatch(_NICKNAME, title)
    if nickname and re.search("[A-Z]", nickname[2]):
        return f"{nickname[1]}{{{nickname[2]}}}{re.sub(_PIECE, _protect, nickname[3])}"
    return re.sub(_PIECE, _protect, title)


def is_shouting(title: str) -> bool:
    """Return whether a plain title is written in capitals."""
    words = _LONG_WORD.findall(title)
    shouted = sum(map(str.isupper, words))
    return len(words) >= _FEWEST_LONG_WORDS and shouted >= _MOST * len(words)


def _protect(piece: re.Match[str]) -> str:
    word = piece["word"] or ""
    return piece["atom"] or re.sub(_SPECIAL_PART, r"{\g<0>}", word).replace("}-{", "-")


def _is_overprotected(title: str) -> bool:
    groups = [group for _command, group in re.findall(_SIMPLE_GROUP, title) if group]
    words = re.sub(_SIMPLE_GROUP, lambda m: m[1] or " ", title).split()
    # USENIX puts whole compounds into braces: "{High-Throughput} {Multi-GPU}".
    compounds = sum("-" in group for group in groups[1:])
    return compounds > 1 or len(" ".join(groups).split()) > max(len(words), 1)
