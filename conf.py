"""Settings of the site; "Configuration" in Sphinx's manual explains its own."""

from __future__ import annotations

import re
from pathlib import Path

project = "AISys Lab"
author = "Accelerated Intelligent Systems Lab, Seoul National University"
copyright = author
labsite_languages = ["ko"]
extensions = ["labsite"]
# What becomes a page: an allow-list, so that nothing is published by accident. Files in
# capitals, such as README.md, are for readers of the repository.
include_patterns = [
    *("[a-z]*.md", "news/index.md", "publications/**.md", "ko/**.md"),
    *(f"{name}/*.md" for name in ("research", "team", "projects", "teaching", "join")),
]
exclude_patterns = ["_build", ".venv", "src", "tests", "docs", "node_modules"]
templates_path = ["_templates"]
# Else Sphinx compiles "locales", also through links, before it loads extensions.
locale_dirs: list[str] = []

# Only this page has the address.
_page = Path("team/jinho-lee.md")
_text = _page.read_text("utf-8") if _page.is_file() else ""
_contact = re.search(r"^contact: (.+)$", _text, re.MULTILINE)

html_theme = "labsite"
html_theme_options = {
    "logo": {
        "image_light": "_static/img/logo-light.svg",
        "image_dark": "_static/img/logo-dark.svg",
        "alt_text": "AISys Lab",
    },
    "contact": _contact[1] if _contact else "",
    "primary_color": "#1d3a86",
    "accent_color": "#dd7c29",
}
html_baseurl = "https://aisys.snu.ac.kr/"
html_static_path = ["_static"]
html_extra_path = ["_extra"]  # what crawlers and hosts look for at the root
html_css_files = ["tokens.css"]
html_favicon = "_static/favicon.svg"

_REPOSITORY = "https://github.com/AIS-SNU/AIS-lab-website/blob/main"
labsite_source_url = f"{_REPOSITORY}/{{file}}#L{{line}}"
# What search engines are told of the lab, and where its earlier addresses lead.
labsite_organization = {
    "name": "Accelerated Intelligent Systems Lab",
    "alternateName": "AISys",
    "parentOrganization": "Seoul National University",
}
# The picture shown where a page's address is shared; drawn in "_static/img/social.svg".
labsite_preview_image = {
    "path": "_static/img/social.png",
    "alt": author,
    "width": "1200",
    "height": "630",
}
labsite_redirects = {
    "contact/index": "contact",
    "lecture/index": "teaching/index",
    # The former site had the page of Jinho Lee at "members/JinhoLee.html".
    **{
        f"members/{page.stem.title().replace('-', '')}": f"team/{page.stem}"
        for page in Path("team").glob("*-*.md")
    },
}
