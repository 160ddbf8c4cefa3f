"""The site's ``sitemap.xml`` (https://www.sitemaps.org/protocol.html), robots.txt."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from labsite.model.files import write_if_changed
from labsite.rebuild.last_build import PAGE_BUILDERS
from labsite.sphinx.domain import get_domain
from labsite.sphinx.languages import alternates

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_XHTML = "http://www.w3.org/1999/xhtml"  # for the same page in another language


def write_sitemap(app: Sphinx, exception: Exception | None) -> None:
    """Write the address of every page, if the site's own is known, and where that is.

    A ``robots.txt`` of the site's own stays (RFC 9309).
    """
    base = app.config.html_baseurl
    if exception or app.builder.name not in PAGE_BUILDERS:
        return
    folders = (Path(app.confdir, name) for name in app.config.html_extra_path)
    names = [_SITEMAP]
    if not any((folder / _ROBOTS).is_file() for folder in folders):
        names.append(_ROBOTS)
    for name in names:
        path = Path(app.outdir, name)
        if base:
            write_if_changed(path, _FILES[name](app))
        else:
            path.unlink(missing_ok=True)


def _sitemap(app: Sphinx) -> bytes:
    names = {"xmlns:xhtml": _XHTML} if app.config.labsite_languages else {}
    root = ET.Element("urlset", {"xmlns": _NAMESPACE, **names})
    for docname in sorted({*app.env.found_docs, *get_domain(app.env).pages}):
        url = ET.SubElement(root, "url")
        path = (
            ""
            if docname == app.config.root_doc
            else app.builder.get_target_uri(docname)
        )
        address = f"{app.config.html_baseurl}{path}"
        ET.SubElement(url, "loc").text = address
        for code, other in alternates(app.builder, docname):
            ET.SubElement(url, "xhtml:link", rel="alternate", hreflang=code, href=other)
    text: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return text


def _robots(app: Sphinx) -> bytes:
    address = f"{app.config.html_baseurl}{_SITEMAP}"
    return f"User-agent: *\nAllow: /\n\nSitemap: {address}\n".encode()


_SITEMAP, _ROBOTS = "sitemap.xml", "robots.txt"
_FILES = {_SITEMAP: _sitemap, _ROBOTS: _robots}
