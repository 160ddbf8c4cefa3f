"""The files of a site's repository: names, links out of it, and active content."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from html import unescape
from itertools import accumulate
from pathlib import Path
from stat import S_ISDIR, S_ISLNK

from labsite.model.digests import digest_text
from labsite.model.files import decode_text

#: Names of devices on Windows, with any ending.
_DEVICE = re.compile(r"(?:con|prn|aux|nul|(?:com|lpt)[1-9])(?:\.|\Z)", re.IGNORECASE)
#: Characters that file names on Windows cannot have.
_ODD = set('<>:"|?*\\')
#: Suffixes and names of files of a site, whose place a folder of the same name would
#: take, and folders for records of builds, which obey them.
_RESERVED = {
    ".html", ".css", ".js", ".xml", ".txt", ".inv", ".bib", ".json", ".atom", ".ris",
    ".md", ".buildinfo", ".nojekyll", ".labsite", ".doctrees",
}  # fmt: skip
#: Suffixes of what Sphinx stores, and names without a suffix that no folder has.
_STORED = {".pickle", ".doctree"}
_NO_FOLDER = re.compile(
    "[A-Z]+$|[A-Z][a-z]+file$|_(?!(?:downloads|images|sources|static)$)"
)
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")
#: Bytes. File systems limit names to 255, with the endings that builds add.
_LONGEST = 200
#: Folders of the output that builds fill.
_BUILT = {"_downloads", "_images", "_sources", "_static"}
#: Suffixes of documents that browsers show with their scripts, and of what some servers
#: run, or obey.
PROGRAMS = {
    ".htm", ".html", ".shtml", ".xht", ".xhtml", ".mht", ".mhtml", ".svgz", ".xsl",
    ".xslt", ".hta", ".asp", ".aspx", ".cgi", ".jsp", ".phar", ".php", ".phtml",
}  # fmt: skip
SETTINGS = {".htaccess", ".user.ini"}
#: Suffixes of XML, which browsers show with its scripts.
MARKUP = {
    ".atom", ".gpx", ".kml", ".mml", ".rdf", ".rss", ".smil", ".svg", ".wsdl", ".xml",
    ".xsd", ".xspf",
}  # fmt: skip
#: Elements and attributes that run scripts, other formats, and what a document type
#: declares, which may be either, but for the names of namespaces of Illustrator.
_ACTIVE = (
    r"(?i)<(?:[^\s<>/:]+:)?(?:script|foreignObject|iframe|html)\b|\son\w+\s*=|"
    r"<\?xml-stylesheet|<!ATTLIST|"
    r"<!ENTITY\s(?!\s*[\w.-]+\s+(?:\"https?://[\w./-]*\"|'https?://[\w./-]*')\s*>)"
)
#: Parts of addresses that run scripts, and of the namespace of HTML.
_ADDRESSES = ("javascript:", "www.w3.org/1999/xhtml")


def repository_of(source: Path) -> Path:
    """Return the folder of the git repository around *source*, else of the site."""
    source = source.resolve()
    folders = (source, *source.parents)
    marked = (f for mark in (".git", "conf.py") for f in folders if (f / mark).exists())
    return next(marked, source)


def belongs_to(path: Path, repository: Path) -> bool:
    """Return whether *path* is in the repository after all links are followed.

    Hidden folders do not belong to it: they can have secrets, as git's own files do.
    Nor do pipes and devices, which may have no end.
    """
    try:
        found = path.resolve()
        parts = found.relative_to(repository).parts
        endless = found.exists() and not (found.is_file() or found.is_dir())
    except (OSError, RuntimeError, ValueError):  # links in a circle; a name with "\0"
        return False
    return not endless and not any(part.startswith(".") for part in parts)


def leads_outside(path: Path) -> bool:
    """Return whether *path* is there, and is not a file or folder that may be used.

    It may be a link out of the repository, to a folder or to nothing, or be unreadable.
    """
    try:
        mode = path.lstat().st_mode
    except (OSError, ValueError):  # ValueError: a name with "\0"
        return False
    if S_ISDIR(mode):
        return not os.access(path, os.R_OK | os.X_OK)
    outside = S_ISLNK(mode) and not belongs_to(path, repository_of(path.parent))
    return outside or not (path.is_file() and os.access(path, os.R_OK))


def wrong_name(path: Path) -> str:
    """Return what is wrong with the names in a relative path, or the empty text."""
    return next(_name_faults(path), "")


def _name_faults(path: Path) -> Iterator[str]:
    if not str(path).isprintable():  # also bytes that are not UTF-8
        yield "has characters that are not UTF-8, or control characters"
    if unicodedata.normalize("NFC", str(path)) != str(path):
        yield "has letters that are not composed (NFC), as on a Mac"
    if any(map(_DEVICE.match, path.parts)):
        yield "is that of a device on Windows"
    if not _ODD.isdisjoint(str(path)):
        yield "has a character that Windows does not take in names"
    if any(not _RESERVED.isdisjoint((f.suffix, f.name.lower())) for f in path.parents):
        yield "has a folder that ends like a file of the site"
    if any(map(is_long, path.parts)):
        yield "is too long for what builds add to it"


def is_long(name: str) -> bool:
    """Return whether a name is too long for what builds add to it."""
    return len(os.fsencode(name)) > _LONGEST


def wrong_copy(path: Path) -> str:
    """Return what is wrong with the name of a file for the root of the site.

    It would take the place of a folder of the site, or of what builds write or store.
    """
    if path.parent.parts and path.parts[0] in _BUILT:
        return "has a folder that builds fill"
    hidden = any(part.startswith(".") for part in path.parts)
    plain = path.suffix or hidden or _NO_FOLDER.match(path.name)
    if plain and path.suffix not in _STORED:
        return ""
    return "has no ending, or that of a record of a build"


def plain_name(text: str) -> str:
    """Return a portable and unique file name that begins like *text*."""
    plain = re.sub(r"[^A-Za-z0-9]+", "-", text)[:100].strip("-")
    return f"{plain}-{digest_text(text)[:8]}".lstrip("-")


def is_plain_name(name: str) -> bool:
    """Return whether a name is portable as a file name and in addresses."""
    return bool(_PLAIN.fullmatch(name)) and not _DEVICE.match(name)


def source_files(
    folder: Path, excluded: Sequence[str] = (), *, hidden: bool = False
) -> Iterator[Path]:
    """Yield all files and links in *folder*, relative to it, in the order of names.

    Links are not followed. Folders that match *excluded* are left out, and those that
    are hidden, but for *hidden*. A folder that cannot be read is yielded as a file.
    """
    for top, folders, files in os.walk(folder):
        here = Path(top).relative_to(folder)
        wrong = [name for name in folders if leads_outside(Path(top, name))]
        folders[:] = [
            name
            for name in sorted(folders)
            if name not in wrong
            and (hidden or not name.startswith("."))
            and not matches((here / name).as_posix(), excluded)
        ]
        # Editors such as Emacs lock a file by a link to nothing.
        own = (name for name in files if not name.startswith(".#"))
        yield from (here / name for name in sorted([*wrong, *own]))


def matches(name: str, patterns: Iterable[str]) -> bool:
    """Return whether a pattern of Sphinx matches a file, or one of its folders."""
    starts = list(accumulate(name.split("/"), "{}/{}".format))
    # Other than fnmatch's, only "**" of Sphinx's wildcards matches "/".
    return any(
        fnmatchcase(start, p) and ("**" in p or p.count("/") == start.count("/"))
        for p in patterns
        for start in starts
    )


def is_active(path: Path) -> bool:
    """Return whether a browser or a server runs what is in a file.

    :raises OSError: if it cannot be read
    """
    suffix = path.suffix.lower()
    if suffix not in MARKUP:
        return suffix in PROGRAMS or path.name in SETTINGS
    data = path.read_bytes()
    text = decode_text(data, "")[0]
    # Browsers ignore white space in addresses.
    address = re.sub(r"\s", "", unescape(text)).lower()
    return (
        bool(re.search(_ACTIVE, text))
        or any(word in address for word in _ADDRESSES)
        or b"\x1b" in data  # ISO-2022-JP, where it may split a word
    )
