"""Parse BibTeX's name lists, and biblatex's annotations of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from itertools import takewhile

from labsite.model.problems import quote
from labsite.model.records import Creator, east_asian_name
from labsite.text.latex import decode_plain
from labsite.text.latex_encoding import is_balanced
from labsite.text.latex_tables import STYLES, SWITCHES

#: What separates words. The space behind an accent or a letter belongs to it: Haji\v c.
_SPACE = r"(?<!\\['\"`^~=.A-Z])(?<!\\[A-Z]{2})(?:\\ |\s|(?<!\\)~)+"
#: biblatex's extended format (its manual, 3.6): "family=Berg, given=Jan, prefix=van";
#: styles define further parts, such as "cjk", and a part can be in quotes. In place of
#: a name there may be an option of the list, or a reference to an ``@xdata`` entry.
_EXTENDED = (
    r"(?i)(?:\A|,)\s*\"?(?:family|given)\s*=|"
    r"\A(xdata|useprefix|no\w+others|\w*template\w*)\s*=\s*\S+\Z"
)
_NEXT_PART = re.compile(r",\s*(?=\"?[A-Za-z][A-Za-z-]*\s*=)")
_MOST_PARTS = 3  #: von Family, Jr, Given
_LONGEST_NAME = 500  #: characters; longer ones are lists without "and"
#: "et al." in Korean ("외 2인"), Chinese and Japanese.
EAST_ASIAN_ET_AL = r"(?:외(?:\s*\d+\s*[인명])?|[등等他])"
#: The Korean "길동 홍", but not "남궁 민": some family names have two letters.
_INVERTED = "(?!남궁|황보|제갈|사공|서문|독고)[\uac00-\ud7a3]{2,} [\uac00-\ud7a3]"
#: The end of an incomplete list, as in "Kim, A., et al."
_ET_AL = (
    r"(?i)(?:,?\s+(?:and\s+)?|\A)(\{)?"
    rf"(?:et(?:\.\s*|[\s~]+)al\.?|{EAST_ASIAN_ET_AL})(?(1)\}})\s*\Z"
)
#: Names, or parts of them, in another style or with a link; marks stay in their braces.
_STYLED = (
    rf"\\(?!\w+script)(?:{'|'.join([*STYLES, 'underline', 'uline', 'hl'])}|"
    r"(?:href|textcolor)\s*\{[^{}]*\})\s*"
    r"\{((?:[^{}]|\{[^{}]*\})+)\}|"
    rf"\{{\\(?:{'|'.join(SWITCHES)})\s+((?:[^{{}}]|\{{[^{{}}]*\}})+)\}}"
)
#: DBLP's number of a person among those with one name.
_NUMBER = re.compile(r"\s+0\d{3}$")
_EMPTY = "an empty name; remove the extra 'and'"
_ANNOTATION = re.compile(
    r"\s*(\d{1,6})(?::\w+)?\s*=\s*((?:(?!,\s*\d+\s*=).)+?)\s*", re.DOTALL
)


def parse_creators(
    text: str, report: Callable[[str], None] | None = None
) -> tuple[tuple[Creator, ...], bool]:
    """Return the creators of a name list, and whether it ends with ``and others``.

    :param report: takes a message for each name that BibTeX cannot read; the creator
        then has the name as written
    """
    while "\\" in text and (bare := re.sub(_STYLED, r"\1\2", text)) != text:
        text = bare
    inner = split_names(text.strip()[1:-1]) if _is_whole(text.strip()) else ()
    if len(inner) > 1 and all(name.count(",") == 1 for name in inner):
        text = " and ".join(inner)  # the Web of Science has whole lists in braces
    end = text[-5:].lower()
    if "al" in end or not end.isascii():  # the pattern takes its time
        text = re.sub(_ET_AL, " and others", text)
    names = split_names(text)
    others = bool(names) and names[-1].strip("{}, ").lower() == "others"
    creators: list[Creator] = []
    faults: dict[str, None] = {}
    dropping = False
    for name in names[: -1 if others else None]:
        creator, fault = read_name(_NUMBER.sub("", name))
        if fault:
            faults[fault] = None
        if creator:
            dropped = dropping and "useprefix" not in name
            creators.append(replace(creator, dropping=True) if dropped else creator)
        elif "useprefix" in name:  # an option of the list
            dropping = "false" in name
    if report:
        for fault in faults:
            report(fault)
    return tuple(creators), others


def split_names(text: str) -> list[str]:
    """Return the names of a list with single spaces, split at "and" outside braces."""
    names = _split(f" {text} ", r"(?<=\s)and(?=\s)")
    return names if len(names) > 1 or names[0] else []


def _split(text: str, separator: str) -> list[str]:
    """Return what is between the separators outside braces, a regular expression."""
    parts: list[str] = []
    start = depth = 0
    for found in re.finditer(rf"[{{}}]|{separator}", text, re.IGNORECASE):
        if found[0] in "{}":
            depth = max(depth + (found[0] == "{") - (found[0] == "}"), 0)
        elif depth == 0:
            parts.append(text[start : found.start()].strip())
            start = found.end()
    return [*parts, text[start:].strip()]


def parse_creator(text: str) -> Creator | None:
    """Return the creator with a name of BibTeX, ``None`` for an empty name."""
    return read_name(text)[0]


def given_name_first(text: str) -> str:
    """Return a name as it is read, also from "Family, Given"."""
    creator = parse_creator(text) if "," in text else None
    return creator.name if creator else text


@lru_cache(maxsize=2**14)  # most names occur many times in a bibliography
def read_name(text: str) -> tuple[Creator | None, str]:
    """Return the creator with a name, and what is wrong with the name, if anything."""
    if len(text) > _LONGEST_NAME:
        fault = f"{quote(text)} is too long for a name; join names by 'and'"
        return Creator(family=decode_plain(text) or text), fault
    if _is_whole(text):
        body = decode_plain(text).rstrip(" ,")  # EndNote writes {W3C,}
        return (Creator(family=body, literal=True), "") if body else (None, _EMPTY)
    if "=" in text and (found := re.search(_EXTENDED, text)):
        creator = _read_extended(text)
        return creator, "" if creator or found[1] else _EMPTY
    # Word and IEEE write "Family, Given, and …".
    name = text.rstrip(" ,")
    fault = "ends with a comma; delete it, and write 'and' between people"
    fault = "" if name == text else f"{quote(text)} {fault}"
    parts = [_split(part, _SPACE) for part in _split(name, ",")]
    if len(parts) > _MOST_PARTS:
        fault = "has too many commas; write 'Family, Given' joined by 'and'"
        return Creator(family=decode_plain(text)), f"{quote(text)} {fault}"
    families, *further = parts
    givens = further.pop() if further else []
    if len(parts) == 1:
        givens = [*takewhile(lambda word: not _is_small(word), families[:-1])]
        families = families[len(givens) :]
    # By biber's rule, not BibTeX's: "Ortega y Gasset, Jos\'e" has no particle.
    particles = [*takewhile(_is_small, families[:-1])]
    given = _join(givens)
    if family := _join(families[len(particles) :]):
        if given and "," not in name and east_asian_name(family, given):
            # They begin with the family name.
            is_inverted = re.fullmatch(_INVERTED, f"{given} {family}")
            family, given = (family, given) if is_inverted else (given, family)
        particle, suffix = map(_join, (particles, *(further or [[]])))
        creator = Creator(family=family, given=given, particle=particle, suffix=suffix)
        return creator, fault
    family = given or decode_plain(text).strip(" ,")
    fault = f"{quote(text)} has no family name; write 'Family, Given'"
    return (Creator(family=family), fault) if family else (None, _EMPTY)


def _is_small(word: str) -> bool:
    """Return whether the first letter of a word is a small one outside braces."""
    hidden = word.startswith("{") and not word.startswith("{\\")
    # BibTeX reads the letter as written: {\uppercase{d}e la} is a particle.
    plain = decode_plain(re.sub(r"\\(?:u|MakeU)ppercase\b", "", word))
    return not hidden and next(filter(str.isalpha, plain), "").islower()


def _is_whole(text: str) -> bool:
    """Return whether a name is in braces: an organization, or not to be split."""
    braced = text[:1] + text[-1:] == "{}" and not text.startswith("{\\")
    return braced and is_balanced(text[1:-1])


def _read_extended(text: str) -> Creator | None:
    """Return the creator with a name in biblatex's extended format."""
    named = (part.partition("=") for part in _NEXT_PART.sub("\0", text).split("\0"))
    parts = {n.strip(' "').lower(): _join([v.strip(' ",')]) for n, _, v in named}
    family = parts.get("family") or parts.pop("given", None)
    given, particle, suffix = map(parts.get, ("given", "prefix", "suffix"))
    dropping = parts.get("useprefix") == "false"
    return Creator(family=family, given=given, particle=particle, suffix=suffix,
                   dropping=dropping) if family else None  # fmt: skip


def parse_annotations(
    text: str, count: int, report: Callable[[str], None]
) -> dict[int, tuple[str, ...]]:
    """Return the annotations of *count* names, ``1=equal; 2=equal``, by number."""
    found: dict[int, tuple[str, ...]] = {}
    for item in filter(str.strip, text.split(";")):
        match = _ANNOTATION.fullmatch(item)
        if not match:
            report(f"cannot read {quote(item)}; write '1=equal; 2=equal'")
        elif not 1 <= (position := int(match[1])) <= count:
            report(f"there is no name {position}; the list has {count}")
        else:
            values = (value.strip(' "') for value in match[2].split(","))
            found[position] = (*found.get(position, ()), *filter(None, values))
    return found


def _join(parts: list[str]) -> str | None:
    return decode_plain(" ".join(parts)) or None
