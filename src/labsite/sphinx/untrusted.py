"""Restrict pages to data: no code, no templates, no files or addresses from outside.

A host builds proposed changes before anybody reviews them. ``labsite_trust_pages =
True`` lifts the restrictions.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.addnodes import download_reference, toctree
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective
from sphinx_design.icons import sd_icon

from labsite.model.problems import Rule, quote
from labsite.model.repository import (
    belongs_to,
    is_active,
    leads_outside,
    repository_of,
    source_files,
    wrong_copy,
    wrong_name,
)
from labsite.pictures.rasters import PictureError
from labsite.pictures.svg import inline_svg
from labsite.rebuild.outputs import COPIED, TEMPLATE_ENDINGS, copy_only, find_copies
from labsite.sphinx.logging import escape_messages, warn
from labsite.sphinx.page_limits import guard_pages
from labsite.sphinx.page_parser import PageParser, share_settings

#: Schemes of addresses to which a page may link.
_SCHEMES = {"", "http", "https", "mailto", "tel", "ftp"}
#: Adds the namespace of SVG, which icons of sphinx-design lack.
_ICON_TAG, _ICON_START = re.compile("^<svg"), '<svg xmlns="http://www.w3.org/2000/svg"'
#: The scheme of an address (RFC 3986, section 3.1). Browsers ignore white space and
#: control characters in it.
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_IGNORED = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029]")
#: Allowed attributes of ``meta``, and names in it; others, such as ``http-equiv`` and
#: ``referrer``, instruct browsers, or say who owns the site.
_META = {"name", "property", "lang", "content"}
_META_NAMES = {"author", "description", "keywords", "robots"}


def register_untrusted(app: Sphinx) -> None:
    """Register the parser and the handlers that restrict pages."""
    escape_messages()
    share_settings()
    app.add_source_parser(PageParser, override=True)
    app.connect("config-inited", restrict_sources)
    app.connect("builder-inited", restrict_directives, priority=100)
    app.connect("builder-inited", guard_pages)
    # Before Sphinx's collectors at 500, which note images and downloads to copy.
    app.connect("doctree-read", restrict_document, priority=400)


class RefusedDirective(SphinxDirective):
    """A directive that would insert a file or HTML."""

    has_content, optional_arguments = True, 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Report the directive."""
        message = "a page may not have the directive '%s'; write its text in the page"
        warn(Rule.REFUSED_CONTENT, message, self.name, location=self.get_location())
        return []


def restrict_sources(app: Sphinx, config: Config) -> None:
    """Show HTML in Markdown as text; exclude refused pages, catalogues and links."""
    if config.labsite_trust_pages:
        return
    refused = ["html_block", "html_inline"]
    config.myst_disable_syntax = [*config.myst_disable_syntax, *refused]
    # Sphinx compiles catalogues, also through links, and publishes a script of theirs.
    config.locale_dirs = []
    source, folder = Path(app.srcdir), Path(app.confdir)
    usual = config.exclude_patterns
    for name in COPIED:
        config[name] = [n for n in config[name] if not leads_outside(folder / n)]
    for name in ("html_logo", "html_favicon", "html_theme_options"):
        config[name] = _without_links(config[name], folder)
    files = source_files(source, usual)
    pages = _patterns(source, (f for f in files if _is_unsafe(f, source / f)))
    config.exclude_patterns = [*usual, ".*/**", "**/.*/**", *pages]
    folders = [folder / name for setting in COPIED for name in config[setting]]
    copies = partial(restrict_copies, excluded=usual, folders=folders)
    app.connect("env-updated", copies)


def _without_links(value: Any, folder: Path) -> Any:  # noqa: ANN401 -- of any setting
    """Return a setting without the paths of links out of the repository."""
    if isinstance(value, dict):
        return {name: _without_links(inner, folder) for name, inner in value.items()}
    return "" if isinstance(value, str) and leads_outside(folder / value) else value


def restrict_copies(
    app: Sphinx, env: BuildEnvironment, excluded: Sequence[str], folders: Sequence[Path]
) -> None:
    """Leave refused files out of what Sphinx copies of the folders of a setting.

    No file takes the place of a page, where it would stay after it is gone.

    :param excluded: the patterns of the configuration
    :param folders: without those that extensions add, which have templates
    """
    builder = app.builder
    if not isinstance(builder, StandaloneHTMLBuilder):
        return
    pages = {*map(builder.get_output_path, env.found_docs)}
    for setting in COPIED:
        kept, for_root = {}, setting == "html_extra_path"
        for name, file in find_copies(builder, setting, excluded).items():
            path = Path(name)
            taken = for_root and (wrong_copy(path) or Path(app.outdir, path) in pages)
            own = any(map(file.is_relative_to, folders))
            if not (own and (taken or _is_unsafe(path, file))):
                kept[name] = file
        copy_only(builder, setting, kept)


def _patterns(folder: Path, paths: Iterable[Path]) -> Iterator[str]:
    """Yield the patterns for Sphinx that match files in a folder."""
    for path in paths:
        # Sphinx composes the names of pages; another file may have that name.
        composed = unicodedata.normalize("NFC", name := path.as_posix())
        names = [name] if (folder / composed).exists() else [name, composed]
        for name in names:
            yield re.sub(r"([*?\[])", r"[\1]", name)


def _is_unsafe(path: Path, file: Path) -> bool:
    """Return whether a file of the site is one that the build must not use.

    A link may lead out of the repository, a template can read any file of the machine,
    and a name or text that is not UTF-8 ends the build without naming the file.

    :param path: relative to the folder of the setting
    """
    template = path.name.endswith(TEMPLATE_ENDINGS)
    if template or leads_outside(file) or wrong_name(path):
        return True
    with suppress(UnicodeDecodeError):
        if path.suffix == ".md":
            file.read_bytes().decode()
        return False
    return True


def restrict_directives(app: Sphinx) -> None:
    """Disable directives that insert files or HTML."""
    trusted = app.config.labsite_trust_pages
    for name in () if trusted else ("include", "literalinclude", "raw"):
        app.add_directive(name, RefusedDirective, override=True)
    app.env.settings["file_insertion_enabled"] = trusted
    app.env.settings["raw_enabled"] = trusted
    # "docutils.conf" would override these settings, and can name files to write.
    app.env.settings["_disable_config"] = not trusted


def restrict_document(app: Sphinx, doctree: nodes.document) -> None:
    """Remove what would publish, fetch or run something from outside the page."""
    if app.config.labsite_trust_pages:
        return
    for node in list(doctree.findall(nodes.Element)):
        node.attributes.pop("loading", None)  # "embed" reads any file of the machine
        if node.attributes.pop("style", None):
            message = "a page may not have the option 'style'; use 'class'"
            warn(Rule.REFUSED_CONTENT, message, location=node)
        reason = next(_refusals(app.env, node), "")
        if not reason:
            continue
        warn(Rule.REFUSED_CONTENT, "%s", reason, location=node)
        if isinstance(node, toctree):
            node["entries"] = [e for e in node["entries"] if _scheme(e[1]) in _SCHEMES]
        else:
            text = nodes.inline(text=node.get("alt") or node.astext())
            node.replace_self([] if isinstance(node, nodes.meta) else text)


def _refusals(env: BuildEnvironment, node: nodes.Element) -> Iterator[str]:
    """Yield why a page may not have a node."""
    if isinstance(node, nodes.image):
        uri = node["uri"]
        if _scheme(uri) or "\\" in uri:
            yield f"the picture {quote(uri)} is on another site; copy it to this one"
        yield from _refused_file(env, uri)
    elif isinstance(node, download_reference):
        target = node["reftarget"]
        if "://" in target:  # as Sphinx recognizes addresses
            yield from _refused_link(target)
            return
        yield from _refused_file(env, target)
        with suppress(OSError):  # Sphinx reports missing files
            if is_active(Path(env.relfn2path(target)[1])):
                yield f"a browser would run {quote(target)}; put it into a .zip file"
    elif isinstance(node, nodes.reference):
        yield from _refused_link(node.get("refuri", ""))
    elif isinstance(node, toctree):
        for _title, address in node["entries"]:
            yield from _refused_link(address)
    elif isinstance(node, nodes.meta):
        named = _META_NAMES | {
            key.partition(" ")[0].lower() for key in env.config.myst_html_meta
        }
        given = node.non_default_attributes().keys() <= _META
        name = node.get("name", f"property={node.get('property')}")
        if not given or name.lower() not in named:
            yield (
                "'meta' may not give a browser instructions; use only ':description:', "
                "':keywords:', ':author:' and ':robots:', or myst_html_meta in conf.py"
            )
    elif isinstance(node, sd_icon):
        # sphinx-design copies the classes of an icon into its markup as they are.
        try:
            inline_svg(_ICON_TAG.sub(_ICON_START, node["svg"]).encode(), "")
        except PictureError:
            yield "an icon has an invalid class; write letters, digits and '-'"


def _refused_link(address: str) -> Iterator[str]:
    if _scheme(address) not in _SCHEMES:
        yield f"{quote(address)} is not an address to link to; write https://…"


def _scheme(address: str) -> str:
    found = _SCHEME.match(_IGNORED.sub("", address))
    return found[1].lower() if found else ""


def _refused_file(env: BuildEnvironment, target: str) -> Iterator[str]:
    if not may_read(env, target):
        yield f"{quote(target)} is outside the repository; put the file into it"


def may_read(env: BuildEnvironment, target: str) -> bool:
    """Return whether a page may use the file *target*, relative to the page."""
    if env.config.labsite_trust_pages:
        return True
    path = Path(env.relfn2path(target)[1])
    return belongs_to(path, repository_of(Path(env.srcdir)))
