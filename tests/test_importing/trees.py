"""Small sites in the layouts of other systems, made up for the tests."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    from pathlib import Path

PAPERS_BIB = r"""---
---

@string{CE = "Conference on Examples"}

@inproceedings{roe2024graphs,
  abbr          = {CE},
  title         = {Graphs That Fit Into Small Memories},
  author        = {Roe*, Jane and Doe*, John and Kim, Minsu$^\dagger$},
  booktitle     = CE,
  year          = {2024},
  month         = feb,
  doi           = {10.5555/1234567},
  pdf           = {graphs.pdf},
  slides        = {lost.pdf},
  code          = {https://github.com/example/graphs},
  blog          = {https://example.org/blog},
  preview       = {graphs.png},
  selected      = {true},
  keywords      = {publisher's word, another},
  bibtex_show   = {true},
  file          = {/home/jane/private/graphs.pdf},
  annote        = {nobody may read this},
}

@article{doe2023memory,
  title   = {Memory in Use},
  author  = {Doe, J. and Poe, Edgar},
  journal = {Journal of Examples},
  year    = {2023},
  html    = {https://example.org/memory},
}

@article{again2023,
  title   = {Memory in use},
  author  = {Doe, John},
  journal = {Journal of Examples},
  year    = {2023},
  arxiv   = {2301.00001},
}

@misc{broken2022, title = {No End
"""
ALFOLIO = {
    "_config.yml": (
        "title: blank\nfirst_name: Example\nlast_name: Lab\nurl: https://lab.example\n"
        "baseurl: ''\ndescription: >\n  A lab of examples.\nscholar:\n  last_name: [Roe]\n"
        "  source: /_bibliography/\n  bibliography: papers.bib\n"
    ),
    "CNAME": "lab.example\n",
    "_bibliography/papers.bib": PAPERS_BIB,
    "_pages/about.md": (
        "---\nlayout: about\ntitle: about\npermalink: /\nsubtitle: Examples\n"
        "profile:\n  image: jane.png\nnews: true\n---\n\nWe make <b>examples</b>. See "
        "[our people](/people/), [a paper](/assets/pdf/graphs.pdf) and "
        "[nothing](/lost.html).\n\n{% include figure.liquid path=\"assets/img/lab.png\" "
        'title="The lab" %}\n\n#### Funding\n\nBy {{ site.funder }}.\n'
    ),
    "_pages/publications.md": (
        "---\nlayout: page\npermalink: /publications/\ntitle: publications\n---\n"
        "{% bibliography %}\n"
    ),
    "_pages/people.md": (
        "---\nlayout: profiles\npermalink: /people/\ntitle: people\nprofiles:\n"
        "  - align: right\n    image: jane.png\n    content: about_jane.md\n---\n"
    ),
    "_pages/about_jane.md": "**Jane Roe**\n\nJane leads the lab.\n",
    "_pages/open.md": (
        "---\nlayout: page\npermalink: /join-us/\ntitle: Openings\n---\n"
        "{% for job in site.data.jobs %}\n- {{ job.title }}\n{% endfor %}\n\n"
        "Write to us, <a href=\"https://example.org\">here</a>.\n"
    ),
    "_data/members.yml": (
        "- name: John Doe\n  role: PhD student\n  image: john.png\n  github: octocat\n"
        "  email: john@lab.example\n  start: 2021-09\n"
        "- name: Minsu Kim (김민수)\n  role: Research Engineer\n  phone: 555\n"
        "- name: Clare Poe\n  role: Mascot\n  website: https://clare.example\n"
    ),
    "_data/alumni.yml": (
        "- name: Edgar Poe\n  info: Ph.D. 2022, Engineer at Example Inc.\n"
        "- name: Ann Low\n  degree: M.S.\n  duration: 2018-2020\n  now: Example University\n"
    ),
    "_data/coauthors.yml": '"low":\n  - firstname: ["A."]\n    url: https://low.example\n',
    "_news/announcement_1.md": (
        "---\nlayout: post\ndate: 2024-02-03 15:59:00-0400\ninline: true\n---\n"
        "Our paper [Graphs](https://doi.org/10.5555/1234567) was accepted! :tada:\n"
    ),
    "_news/announcement_2.md": (
        "---\nlayout: post\ntitle: Long news\ndate: 2023-05-06\n---\n" + "Many words. " * 90
    ),
    "_news/broken.md": "---\ndate: [2024\n---\nNo date.\n",
    "_projects/small.md": (
        "---\nlayout: page\ntitle: Small memories\ndescription: How little is enough\n"
        "img: assets/img/lab.png\nimportance: 1\nrelated_publications: roe2024graphs\n---\n"
        "Text {% cite roe2024graphs %} and\n\n<div class=\"row\">\n"
        '  <img src="/assets/img/lab.png" alt="The lab">\n</div>\n'
    ),
    "assets/pdf/graphs.pdf": "%PDF-1.4\n",
    "assets/img/publication_preview/graphs.png": "picture",
    "assets/img/jane.png": "picture",
    "assets/img/john.png": "picture",
    "assets/img/lab.png": "picture",
}
GREENELAB = {
    "_config.yaml": "title: Example Lab\nsubtitle: of examples\ndescription: We make them.\nlinks:\n  email: lab@lab.example\n",
    "_data/types.yaml": "pi:\n  description: Principal Investigator\nprogrammer:\n  description: Programmer\n",
    "_data/sources.yaml": (
        "- id: doi:10.5555/1234567\n  type: paper\n  image: images/graphs.png\n"
        "  buttons:\n    - type: source\n      link: https://github.com/example/graphs\n"
        "    - type: manubot\n      link: https://example.org/manubot\n  tags: [graphs, memory]\n"
        "- id: doi:10.5555/uncited\n"
        "- title: Only Here\n  authors: [Jane Roe]\n  publisher: Somewhere\n  date: 2020-01-01\n  link: https://example.org/only\n"
    ),
    "_data/citations.yaml": (
        "# DO NOT EDIT, GENERATED AUTOMATICALLY\n\n- id: doi:10.5555/1234567\n"
        "  title: Graphs & <i>Small</i> Memories for 100% of Labs\n"
        "  authors:\n  - Jane Roe\n  - J. Doe\n  publisher: Journal of Examples\n"
        "  date: '2024-02-03'\n  link: https://doi.org/10.5555/1234567\n"
        "- id: arxiv:2301.00001\n  title: Memory in Use\n  authors: [John Doe]\n  publisher: arXiv\n"
        "  date: '2023-01-01'\n  link: https://arxiv.org/abs/2301.00001\n  tags: [memory]\n"
    ),
    "_members/jane-roe.md": (
        "---\nname: Jane Roe\nimage: images/jane.png\nrole: pi\naliases:\n  - J. Roe\nlinks:\n"
        "  home-page: https://jane.example\n  orcid: 0000-0002-1825-0097\n  email: jane@lab.example\n---\n\nJane leads.\n"
    ),
    "_members/john-doe.md": "---\nname: John Doe\nrole: programmer\nlinks:\n  github: octocat\n  phone: 555\n---\n",
    "_members/edgar-poe.md": "---\nname: Edgar Poe\nrole: phd\ngroup: alumni\n---\n",
    "_posts/2023-02-23-welcome.md": "---\ntitle: Welcome to John\nauthor: jane-roe\n---\n\nJohn joins us.\n",
    "index.md": (
        "---\n---\n\n# Example Lab\n\nWe make examples.\n\n{% include section.html %}\n\n"
        '{%\n  include button.html\n  link="team"\n  text="Our team"\n%}\n\n'
        '{% include feature.html image="images/graphs.png" link="research" title="Research" text="What we do" %}\n'
    ),
    "team/index.md": (
        "---\ntitle: Team\nnav:\n  order: 3\n---\n\n# {% include icon.html icon=\"x\" %}Team\n\n"
        "{% include list.html data=\"members\" component=\"portrait\" filter=\"role == 'pi'\" %}\n"
    ),
    "research/index.md": "---\ntitle: Research\n---\n\nWhat we do.\n\n{% include list.html data=\"citations\" component=\"citation\" %}\n",
    "contact/index.md": "---\ntitle: Contact\n---\n\n# Contact\n\n[Mail](mailto:lab@lab.example), Building 1, on the campus of examples.\n",
    "images/jane.png": "picture",
    "images/graphs.png": "picture",
}
HUGO = {
    "config/_default/hugo.yaml": "title: Example Lab\nbaseURL: https://lab.example/\n",
    "config/_default/params.toml": 'description = "We make examples."\n',
    "content/_index.md": (
        "---\ntitle: ''\ntype: landing\nsections:\n  - block: markdown\n    content:\n"
        "      title: Welcome\n      text: |\n        We make **examples**.\n---\n"
    ),
    "content/authors/admin/_index.md": (
        "---\ntitle: Jane Roe\nrole: Professor of Examples\nuser_groups: [Principal Investigators]\n"
        "organizations:\n  - name: Example University\n    url: https://uni.example\n"
        "interests: [Graphs, Memory]\nsocial:\n  - icon: envelope\n    icon_pack: fas\n    link: 'mailto:jane@lab.example'\n"
        "  - icon: google-scholar\n    icon_pack: ai\n    link: https://scholar.google.com/citations?user=AbCdEfGhIjKL\n"
        "  - icon: github\n    link: https://github.com/octocat\n---\n\nJane leads.\n"
    ),
    "content/authors/admin/avatar.jpg": "picture",
    "content/authors/john/_index.md": "---\ntitle: John Doe\nrole: PhD Student\nuser_groups: [Grad Students]\n---\n",
    "content/authors/poe/_index.md": "---\ntitle: Edgar Poe\nrole: PhD 2022, Engineer at Example Inc.\nuser_groups: [Alumni]\n---\n",
    "content/authors/guest/_index.md": "---\ntitle: Some Guest\n---\n",
    "content/publication/graphs/index.md": (
        "---\ntitle: Graphs That Fit\nauthors: [admin, john, Edgar Poe]\nauthor_notes:\n  - Equal contribution\n  - Equal contribution\n"
        "date: '2024-02-03T00:00:00Z'\ndoi: 10.5555/1234567\npublication_types: ['1']\n"
        "publication: In *Conference on Examples*\npublication_short: In *CE*\nabstract: About graphs.\n"
        "tags: [Source Themes]\nfeatured: true\nurl_code: https://github.com/example/graphs\nurl_pdf: ''\n"
        "links:\n  - name: Blog\n    url: https://example.org/blog\nprojects: [small]\nslides: ''\n---\n\n{{% callout note %}}More.{{% /callout %}}\n"
    ),
    "content/publication/graphs/cite.bib": "@inproceedings{roe2024,\n  title = {Graphs That Fit},\n  author = {Jane Roe and John Doe and Edgar Poe},\n  booktitle = {Conference on Examples},\n  year = {2024}\n}\n",
    "content/publication/graphs/featured.png": "picture",
    "content/publication/graphs/graphs.pdf": "%PDF-1.4\n",
    "content/publication/toml/index.md": '+++\ntitle = "In TOML"\ndate = 2019-05-01\nauthors = ["Jane Roe"]\npublication_types = ["2"]\npublication = "*Journal of Examples*"\n+++\n',
    "content/project/small/index.md": "---\ntitle: Small memories\nsummary: How little is enough.\ntags: [Memory]\ndate: 2020-01-01\n---\n\n{{< figure src=\"featured.png\" caption=\"It\" >}}\n\nText with {{< unknown x >}}.\n",
    "content/project/small/featured.png": "picture",
    "content/post/hello/index.md": "---\ntitle: Hello\ndate: 2023-01-02\nsummary: A greeting\n---\n\nWe wrote *Graphs That Fit*, see [it](/publication/graphs/).\n",
    "content/contact/index.md": "---\ntitle: Contact\ntype: landing\nsections:\n  - block: markdown\n    content:\n      text: |\n        Building 1.\n---\n",
    "static/CNAME": "lab.example\n",
}  # fmt: skip
PLAIN = {"all.bib": PAPERS_BIB}
TREES = {"al-folio": ALFOLIO, "greenelab": GREENELAB, "HugoBlox": HUGO, "BibTeX": PLAIN}


def make_tree(folder: Path, files: dict[str, str]) -> Path:
    """Write the files of an old site; return its folder."""
    buffer = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(buffer, "PNG")
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(buffer.getvalue() if text == "picture" else text.encode())
    return folder
