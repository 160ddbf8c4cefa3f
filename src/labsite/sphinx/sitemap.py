"""The site's ``sitemap.xml`` (https://www.sitemaps.org/protocol.html), robots.txt."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from labsite.sphinx.domain import get_domain
from labsite.sphinx.languages import alternates

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.builders.html import StandaloneHTMLBuilder

_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_XHTML = "http://www.w3.org/1999/xhtml"  # for the same page in another language
_PATH = "sitemap.xml"


def plan_sitemap(builder: StandaloneHTMLBuilder) -> Iterator[tuple[str, str]]:
    """Yield path and content of the sitemap, and of what names it to crawlers.

    There is none where the site's own address is not known (RFC 9309).
    """
    config, base = builder.config, builder.config.html_baseurl
    if not base:
        return
    names = {"xmlns:xhtml": _XHTML} if config.labsite_languages else {}
    root = ET.Element("urlset", {"xmlns": _NAMESPACE, **names})
    for docname in sorted({*builder.env.found_docs, *get_domain(builder.env).pages}):
        home = docname == config.root_doc
        url = ET.SubElement(root, "url")
        path = "" if home else builder.get_target_uri(docname)
        ET.SubElement(url, "loc").text = f"{base}{path}"
        for code, other in alternates(builder, docname):
            ET.SubElement(url, "xhtml:link", rel="alternate", hreflang=code, href=other)
    yield _PATH, ET.tostring(root, encoding="utf-8", xml_declaration=True).decode()
    yield "robots.txt", f"User-agent: *\nAllow: /\n\nSitemap: {base}{_PATH}\n"
