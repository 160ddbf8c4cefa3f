"""Settings of the site; "Configuration" in Sphinx's manual explains its own."""

from __future__ import annotations

project = "AISys Lab"
author = "Accelerated Intelligent Systems Lab, Seoul National University"
copyright = author
language = "en"

extensions = [
    "myst_parser",
    "sphinx_design",
    "sphinxcontrib.bibtex",
    "sphinxext.opengraph",
    "sphinx_sitemap",
    "notfound.extension",
    "labsite",
    "labsite.sphinx.search",
    "labsite.sphinx.stylesheet",
]

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
    "honours.md",
    "subscribe.md",
]
# Where Sphinx does not even look.
exclude_patterns = ["_build", ".venv", "src", "tests", "docs", "node_modules"]
templates_path = ["_templates"]

# Pages are MyST Markdown.
myst_enable_extensions = ["attrs_block", "attrs_inline", "colon_fence"]
myst_heading_anchors = 3
myst_title_to_header = True

# The bibliography, and how prose cites it.
bibtex_bibfiles = ["publications.bib"]
bibtex_default_style = "labsite"
bibtex_reference_style = "labsite"

labsite_source_url = (
    "https://github.com/AIS-SNU/AIS-lab-website/blob/main/{file}#L{line}"
)

# HTML.
html_theme = "pydata_sphinx_theme"
html_title = "AISys Lab"
html_baseurl = "https://aisys.snu.ac.kr/"
html_static_path = ["_static"]
html_extra_path = ["_extra"]  # what crawlers and hosts look for at the root
html_css_files = ["css/tokens.css", "css/site.css", "css/pages.css"]
# Only what "_templates/layout.html" names or what a page itself asks for is loaded.
html_js_files = ["js/mode.js", ("js/site.js", {"defer": ""})]
notfound_urls_prefix = "/"
notfound_template = "404.html"
sitemap_url_scheme = "{link}"
ogp_site_url = html_baseurl
ogp_site_name = html_title
# The engine writes the description that search engines read.
ogp_enable_meta_description = False
# One picture for all, drawn for this site: "_static/img/social.svg".
ogp_social_cards = {"enable": False}
ogp_image = "_static/img/social.png"
ogp_image_alt = "Accelerated Intelligent Systems Lab, Seoul National University"
ogp_custom_meta_tags = (
    '<meta property="og:image:width" content="1200" />',
    '<meta property="og:image:height" content="630" />',
    '<meta name="twitter:card" content="summary_large_image" />',
)
html_favicon = "_static/favicon.svg"
html_math_renderer = "mathml"
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
html_use_index = False
# Pages of one publication or list have no sidebar: there is nothing beside them.
# Sphinx wants one pattern at most to match a page.
html_sidebars = {
    "index": [],
    "publications/**": [],
    "research/*": ["sidebar-nav-bs"],
    "team/*": [],
    "projects/*": [],
    "news/*": [],
    "teaching/*": [],
    "join/*": [],
    "contact": [],
    "subscribe": [],
    "honours": [],
    "404": [],
}
html_context = {
    # The theme asks for its default here, and complains in the console without it.
    "default_mode": "auto",
    # What a page may load and run: the site's own files, nothing in the page itself.
    "content_security_policy": (
        "default-src 'self'; base-uri 'none'; form-action 'self'; object-src 'none'"
    ),
}
html_theme_options = {
    "logo": {
        "image_light": "_static/img/logo-light.svg",
        "image_dark": "_static/img/logo-dark.svg",
        "alt_text": "AISys Lab",
    },
    "navbar_align": "left",
    "footer_start": ["components/lab-address"],
    "footer_end": ["components/lab-links"],
    "search_bar_text": "Search this site",
    "primary_sidebar_end": [],
    "secondary_sidebar_items": {
        "index": [],
        "publications/**": [],
        "research/*": ["page-toc"],
        "team/*": [],
        "news/*": [],
        "projects/*": [],
        "teaching/*": [],
        "join/*": [],
        "contact": [],
        "subscribe": [],
        "honours": [],
        "404": [],
    },
    "header_links_before_dropdown": 8,
    "show_prev_next": False,
    "back_to_top_button": False,
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "github-dark-high-contrast",
}

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
