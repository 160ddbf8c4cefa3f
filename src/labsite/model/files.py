"""Read files of any encoding, and write files."""

from __future__ import annotations

import codecs
import os
import re
import shutil
import unicodedata
from pathlib import Path

from labsite.model.problems import Problem, Rule

_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
#: Control characters, which XML cannot have or does not keep (its specification, 2.2).
UNSEEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
#: A conflict of git: our version, perhaps the base, and their version.
_CONFLICT = (
    r"(?m)^<{7}(?: .*)?\n(?P<ours>(?:(?![<|=]{7}(?: |$)).*\n)*)"
    r"(?P<others>(?:\|{7}.*\n(?:(?![<=]{7}(?: |$)).*\n)*)?"
    r"={7}\n(?:(?![<>]{7}(?: |$)).*\n)*>{7}(?: .*)?)$"
)
#: What is left of one: their version behind the middle, or lines with marks.
_HALF = r"(?m)^={7}\n(?:(?!<{7}|={7}$).*\n)*?>{7}.*$|^(?:[<>|]{7}.*|={7})$"
_CONFLICT_MARKER = re.compile(r"^(?:<{7}|>{7})(?: .*)?$|^\|{7} .*$", re.MULTILINE)

#: Bytes that are not UTF-8, as "surrogateescape" has them -> Windows-1252.
_WINDOWS = {0xDC00 + b: bytes([b]).decode("cp1252", "replace") for b in range(128, 256)}
#: Letters of other scripts -> the Latin letters that they look like.
LOOKALIKES = str.maketrans(
    "аеорсухіјѕԁһԛԝӏвкмнтАЕОРСУХІЈЅҺВКМНТαοορνικτυχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "aeopcyxijsdhqwlbkmhtAEOPCYXIJSHBKMHTaoopviktuxABEZHIKMNOPTYX",
)
_LOOKALIKE = "[аеорсухіјѕԁһԛԝӏАЕОРСУХІЈЅҺВКМНТοΑΒΕΖΗΙΚΜΝΟΡΤΥΧ]"
#: Characters that are invisible, change the direction of writing or replace lost ones,
#: and letters of another script in a word of Latin ones.
DISGUISED = re.compile(
    "[\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2028\u2029\u202a-\u202e"
    "\u2060-\u2064\u2066-\u2069\u3164\ufeff\uffa0\ufff9-\ufffd\ue000-\uf8ff"
    "\U000e0000-\U000e007f\U000f0000-\U0010fffd]"
    "|(?<=[A-Za-z])[\u200c\u200d]|[\u200c\u200d](?=[A-Za-z])"
    f"|(?<=[A-Za-z]){_LOOKALIKE}|{_LOOKALIKE}(?=[A-Za-z])"
)


def name_disguised(character: str) -> str:
    """Return the name of a character that cannot be recognized, for a message."""
    name = unicodedata.name(character, "no character of Unicode").lower()
    return f"U+{ord(character):04X} ({name})"


def disguised_problems(text: str, file: str) -> tuple[Problem, ...]:
    """Return the problem of the first disguised character in a file, if any."""
    found = None if text.isascii() else DISGUISED.search(text)
    if not found:
        return ()
    message = f"the character {name_disguised(found[0])}; retype the words there"
    return (_problem(Rule.INVISIBLE_CHARACTER, message, file, found),)


def read_text(path: Path, file: str) -> tuple[str, tuple[Problem, ...]]:
    """Return the text of a data file and its problems, as :func:`decode_text`."""
    return decode_text(path.read_bytes(), file)


def decode_text(data: bytes, file: str) -> tuple[str, tuple[Problem, ...]]:
    r"""Return the text in *data*, with ``\\n`` as line end, and its problems.

    A file that is not UTF-8 is reported, and read as UTF-16 if it has a byte order
    mark, else in part as Windows-1252. Control characters are reported and removed.
    """
    encoding, line = ("UTF-16" if data.startswith(_UTF16_MARKS) else ""), 1
    try:
        text = data.decode(encoding or "utf-8-sig", "replace" if encoding else "strict")
    except UnicodeDecodeError as error:
        text = data.decode("utf-8-sig", "surrogateescape").translate(_WINDOWS)
        encoding, line = "another encoding", line_of(data, error.start)
    message = f"the file is saved as {encoding}; save it as UTF-8"
    problems = (Problem(Rule.ENCODING, message, file, line),) if encoding else ()
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if unseen := UNSEEN.search(text):
        what = f"control character U+{ord(unseen[0]):04X}; delete it, and save as UTF-8"
        problems = (*problems, _problem(Rule.ENCODING, what, file, unseen))
        text = UNSEEN.sub("", text)
    text, conflicts = resolve_conflicts(text, file)
    return text, (*problems, *conflicts)


def resolve_conflicts(text: str, file: str) -> tuple[str, tuple[Problem, ...]]:
    """Return *text* with our version of each merge conflict, and its problem.

    The numbers of lines do not change.
    """
    marker = _CONFLICT_MARKER.search(text)
    if marker is None:
        return text, ()
    message = (
        "a merge was not finished here; keep one version of each part, and delete the "
        "lines that begin with <<<<<<<, |||||||, ======= and >>>>>>>"
    )
    problem = _problem(Rule.MERGE_CONFLICT, message, file, marker)
    resolved = re.sub(
        _CONFLICT,
        lambda found: f"\n{found['ours']}" + "\n" * found["others"].count("\n"),
        text,
    )
    if _CONFLICT_MARKER.search(resolved):
        resolved = re.sub(_HALF, lambda f: "\n" * f[0].count("\n"), resolved)
    return resolved, (problem,)


def line_of(data: bytes, position: int) -> int:
    """Return the 1-based line of a position, with any line ends."""
    return len((data[:position] + b".").splitlines())


def _problem(rule: Rule, message: str, file: str, found: re.Match[str]) -> Problem:
    return Problem(rule, message, file, found.string.count("\n", 0, found.start()) + 1)


def write_whole(path: Path, data: bytes) -> None:
    """Write a file atomically: others see the old or the new content."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        partial.write_bytes(data)
        if path.exists():
            shutil.copymode(path, partial)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def write_if_changed(path: Path, data: bytes) -> None:
    """Write a file if its content changes, so that servers see when it changed."""
    try:
        if path.read_bytes() == data:
            return
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
