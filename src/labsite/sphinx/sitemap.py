"""The site's ``sitemap.xml`` (https://www.sitemaps.org/protocol.html)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from labsite.model.files import write_if_changed
from labsite.rebuild.frame import PAGE_BUILDERS
from labsite.sphinx.domain import get_domain
from labsite.sphinx.languages import alternates

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_XHTML = "http://www.w3.org/1999/xhtml"  # for the same page in another language


def write_sitemap(app: Sphinx, exception: Exception | None) -> None:
    """Write the address of every page, if the site's own is known."""
    base = app.config.html_baseurl
    if exception or not base or app.builder.name not in PAGE_BUILDERS:
        return
    names = {"xmlns:xhtml": _XHTML} if app.config.labsite_languages else {}
    root = ET.Element("urlset", {"xmlns": _NAMESPACE, **names})
    for docname in sorted({*app.env.found_docs, *get_domain(app.env).pages}):
        url = ET.SubElement(root, "url")
        address = f"{base.rstrip('/')}/{app.builder.get_target_uri(docname)}"
        ET.SubElement(url, "loc").text = address
        for code, other in alternates(app.builder, docname):
            ET.SubElement(url, "xhtml:link", rel="alternate", hreflang=code, href=other)
    text = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    write_if_changed(Path(app.outdir) / "sitemap.xml", text)
