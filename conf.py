"""Settings of the site; "Configuration" in Sphinx's manual explains its own."""

from __future__ import annotations

project = "AISys Lab"
author = "Accelerated Intelligent Systems Lab, Seoul National University"
copyright = author
language = "en"
extensions = ["labsite"]
# What becomes a page: an allow-list, so that nothing is published by accident.
include_patterns = [
    "index.md",
    "research/*.md",
    "publications/**.md",
    "team/*.md",
    "projects/*.md",
    "teaching/*.md",
    "join/*.md",
    "news/index.md",
    "contact.md",
]
# Where Sphinx does not even look.
exclude_patterns = ["_build", ".venv", "src", "tests", "docs", "node_modules"]
templates_path = ["_templates"]

html_theme = "labsite"
html_theme_options = {
    "logo": {
        "image_light": "_static/img/logo-light.svg",
        "image_dark": "_static/img/logo-dark.svg",
        "alt_text": "AISys Lab",
    },
    "search_bar_text": "Search this site",
}
html_baseurl = "https://aisys.snu.ac.kr/"
html_static_path = ["_static"]
html_extra_path = ["_extra"]  # what crawlers and hosts look for at the root
html_favicon = "_static/favicon.svg"
# The picture shown where a page's address is shared; drawn in "_static/img/social.svg".
ogp_image = "_static/img/social.png"
ogp_image_alt = author
ogp_custom_meta_tags = (
    '<meta property="og:image:width" content="1200" />',
    '<meta property="og:image:height" content="630" />',
    '<meta name="twitter:card" content="summary_large_image" />',
)

labsite_source_url = (
    "https://github.com/AIS-SNU/AIS-lab-website/blob/main/{file}#L{line}"
)
# What search engines are told of the lab, and where its earlier addresses lead.
labsite_organization = {
    "name": "Accelerated Intelligent Systems Lab",
    "alternateName": "AISys",
    "parentOrganization": "Seoul National University",
}
labsite_redirects = {
    "lecture/index": "teaching/index",
    "members/JinhoLee": "team/jinho-lee",
}
