"""Old sites with values that are not what they should be."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from labsite.bibtex.reader import read_library
from labsite.importing.conversion import Page
from labsite.importing.documents import _with_references, convert
from labsite.importing.markup import Rewriter
from labsite.importing.people import split_scripts
from labsite.importing.readers import read
from labsite.importing.tree import Record, Tree, find_items

if TYPE_CHECKING:
    from labsite.importing.conversion import Conversion

OLD = Path(__file__).parents[1] / "data/old/al-folio"


@pytest.mark.parametrize(
    ("domain", "known"),
    [
        ("lab.example\n", "lab.example"),
        ("lab.example\nwww.lab.example\n", "lab.example"),
        ('lab.example"?x', ""),
        ("\n", ""),
    ],
)
@pytest.mark.parametrize("url", ["https://lab.example/?page=1", "https://[lab"])
def test_only_a_domain_becomes_the_address(
    domain: str, known: str, url: str, tmp_path: Path
) -> None:
    shutil.copytree(OLD, tmp_path / "old")
    (tmp_path / "old/CNAME").write_text(domain, encoding="utf-8")
    with (tmp_path / "old/_config.yml").open("a", encoding="utf-8") as file:
        file.write(f"\nurl: {url}\n")
    found = read(Tree(tmp_path / "old"))
    assert found is not None
    assert found.domain == known
    assert found.identity.base_url == (f"https://{known}" if known else "")


@pytest.mark.parametrize(
    "address",
    ["x" * 300 + ".png", "%ED%99%8D" * 100, "/.git/config", "\0", "a.php", "b/c.html"],
)
def test_an_address_of_no_file_of_the_site_leads_nowhere(
    address: str, tmp_path: Path
) -> None:
    for name in (".git/config", "a.php", "b/c.html"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("a secret, <script>")
    tree = Tree(tmp_path)
    assert tree.find_file(address) is None


def test_a_fence_in_a_loop_does_not_end_the_literal_text() -> None:
    rewriter = Rewriter(link=str, keys={}, note=print)
    loop = "{% for x in y %}\n~~~~\n{{ x }}\n~~~~~\n{% endfor %}"
    lines = rewriter.rewrite(f"Before\n\n{loop}\n\nAfter").splitlines()
    assert [line for line in lines if line.startswith("~~~~~~")] == [
        "~~~~~~text",
        "~~~~~~",
    ]
    assert loop in "\n".join(lines)


def test_code_without_its_end_is_code_to_the_end_of_the_page() -> None:
    rewriter = Rewriter(link=str, keys={}, note=print)
    code = "```sh\n# {{ x }}\n" * 5000  # in seconds only if each is not searched for
    closed = f"**Run**\n\n{code.rstrip()}\n```"
    assert rewriter.rewrite(f"<b>Run</b>\n\n{code}") == closed


def test_a_comment_without_its_end_hides_little() -> None:
    rewriter = Rewriter(link=str, keys={}, note=print)
    text = f"{{% comment %}}\n{'word ' * 5000}\n{{% endcomment %}}"
    assert rewriter.rewrite(text).count("word") == 5000


def test_a_page_of_literal_text_keeps_its_lists() -> None:
    body = "~~~~~~~~\ncode\n~~~~~~~~\n\n# {no}`role`"
    page = Page(docname="a", front={"title": "A"}, body=body, tail="```{news}\n```")
    fence = "~" * 9
    text = f"---\ntitle: A\n---\n\n{fence}text\n{body}\n{fence}\n\n```{{news}}\n```\n"
    assert page.text(literal=True) == text


def test_lines_of_code_are_no_empty_sections() -> None:
    code = "## Setup\n\n```sh\n## first\n## second\n```\n\n"
    text = f"{code}## Empty\n\n### Empty\n\n## Next\n\nWords.\n"
    rewriter = Rewriter(link=str, keys={}, note=print)
    assert rewriter.rewrite(text) == f"{code}## Next\n\nWords."


def test_a_paper_is_read_whatever_signs_its_folder_has(tmp_path: Path) -> None:
    folder = tmp_path / "content/publication/c++(2"
    folder.mkdir(parents=True)
    page = "---\ntitle: A Survey\nauthors: [Ann Lee]\n---\n"
    (folder / "index.md").write_text(page, encoding="utf-8")
    (folder / "c++(2.pdf").write_bytes(b"%PDF")
    found = read(Tree(tmp_path))
    assert found is not None
    (paper,) = found.papers
    assert paper.fields["pdf"] == "{content/publication/c++(2/c++(2.pdf}"


def test_versions_are_those_of_arxiv_alone(tmp_path: Path) -> None:
    entries = [
        f"@misc{{lee2020{n},\n  title = {{The {n} of Two}},\n  author = {{Ann Lee}},\n"
        f"  year = 2020,\n  doi = {{10.1234/{doi}}},\n}}\n"
        for n, doi in (("first", "x/v1"), ("second", "x/v2"))
    ]
    arxiv = "@misc{lee2021,\n  title = {Another Title},\n  author = {Ann Lee},\n"
    arxiv += (
        "  year = 2021,\n  eprint = {2101.00001v2},\n  archiveprefix = {arXiv},\n}\n"
    )
    shutil.copytree(OLD, tmp_path / "old")
    bib = tmp_path / "old/_bibliography/papers.bib"
    bib.write_text("\n".join([*entries, arxiv]), encoding="utf-8")
    made = read(Tree(tmp_path / "old"))
    assert made is not None
    convert(made)
    keys = {
        address: made.resolve(address, Record(file="a.md"), "index")
        for address in (
            "https://doi.org/10.1234/x/v1",
            "https://doi.org/10.1234/x/v2",
            "https://arxiv.org/abs/2101.00001v1",
        )
    }
    assert [*keys.values()] == ["pub:lee2020first", "pub:lee2020second", "pub:lee2021"]


@pytest.mark.parametrize(
    ("data", "found"),
    [
        ([{"full_name": "Jane Roe"}], [("full_name", "team")]),
        ([{"first_name": "Jane", "last_name": "Roe"}], [("first_name", "team")]),
        ({"Jane Roe": {"photo": "a.png"}}, [("name", "team")]),
        ([{"date": "2026", "text": "It rained."}], [("date", "team")]),
        ([{"full_name": "A", "links": [{"url": "b"}]}], [("full_name", "team")]),
        (
            [{"role": "PhD students", "members": [{"name": "A"}, {"name": "B"}]}],
            [("name", "team PhD students")] * 2,
        ),
        (
            {"pi": [{"name": "A"}], "students": {"phd": [{"name": "B"}]}},
            [("name", "team pi"), ("name", "team students phd")],
        ),
        ([{"title": "A", "publications": [{"title": "B"}]}], [("title", "team")]),
        ({"alumni": ["Jane Roe", "x"]}, [("name", "team alumni")]),
        (["Roe, Jane (PhD, 2020)"], [("name", "team")]),
    ],
    ids=str,
)
def test_records_are_found_in_any_arrangement(
    data: object, found: list[tuple[str, str]]
) -> None:
    items = find_items(data, "team")
    assert [(next(iter(values)), heading) for values, heading in items] == found


def make_site(folder: Path, **files: str) -> Conversion:
    """Convert a site of these files."""
    for name, text in {"_config.yaml": "title: Lab", **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    found = read(Tree(folder))
    assert found is not None
    convert(found)
    return found


def test_pages_in_folders_of_folders_arrive_and_their_topics_lead_there(
    tmp_path: Path,
) -> None:
    topics = (
        "- {title: Fast Power, link: /projects/pow/, emoji: x,"
        " description: 'We *use* a [bench](https://x.example/).'}"
    )
    made = make_site(
        tmp_path,
        **{
            "_data/citations.yaml": "",
            "_data/projects.yaml": topics,
            "projects/pow/index.md": "---\ntitle: Power\n---\nText of it.\n",
        },
    )
    assert made.pages["pow"].body == "Text of it."
    topic = made.pages["research/fast-power"]
    assert topic.front["summary"] == "We use a bench."
    text, link = topic.body.split("\n\n")
    assert text == "We *use* a [bench](https://x.example/)."
    assert link == "[Fast Power](/pow.md)"
    assert made.redirects["projects/pow"] == "pow"
    assert made.tree.notes == [
        "_data/projects.yaml:1: the field 'emoji' has no place; left out"
    ]


def test_a_list_of_some_papers_never_becomes_one_of_all(tmp_path: Path) -> None:
    text = (
        "{% bibliography --query @*[selected=true]* %}\n"
        "{% bibliography -q @*[author=Roe]* %}\n"
        '{% include list.html data="citations" filter="member == \'jane\'" %}\n'
        '{% include list.html data="citations" component="citation" %}\n'
        '{% include list.html data="members" filter="role == \'pi\'" %}\n'
    )
    notes: list[str] = []
    rewriter = Rewriter(
        link=str, keys={}, note=lambda *note: notes.append(": ".join(note))
    )
    assert rewriter.rewrite(text).split() == [
        *("```{publications}", ":selected:", "```"),
        *("```{publications}", "```"),
        *("```{team}", "```"),
    ]
    assert notes == [
        "a list of some papers is left out: @*[author=Roe]*",
        "a list of some papers is left out: member == 'jane'",
    ]
    page = "---\nname: Jane Roe\nrole: pi\n---\nHello.\n\n## Papers\n\n"
    page += text.splitlines()[2]
    made = make_site(tmp_path, **{"_members/jane.md": page})
    assert made.pages["team/jane-roe"].body == "Hello."


def test_what_an_alumnus_does_may_be_before_the_degree(tmp_path: Path) -> None:
    page = "---\ntitle: {}\nrole: {}\nuser_groups: [Alumni]\n{}---\n"
    social = (
        "social: [{icon: envelope, link: 'mailto:'}, {icon: fa-solid fa-house, link:"
        " 'https://x.example'}]\n"
    )
    contact = (
        "---\ntitle: Contact\nsections:\n- block: contact\n  content:\n"
        "    email: lab@x.example\n    address: {street: 1 Road, city: Town}\n---\n"
    )
    paper = (
        "---\ntitle: A Paper of Ours\nauthors: [Ann Poe]\ndate: 2020-02-01\n"
        "publication_types: [preprint]\nurl_pdf: https://arxiv.org/pdf/2002.01234v2\n---\n"
    )
    files = {
        "content/authors/a/_index.md": page.format(
            "Ann Poe", "Analyst at X Inc., MSc 2021", social
        ),
        "content/authors/b/_index.md": page.format(
            "Max Poe", "Intern at X Lab 2020", ""
        ),
        "content/contact/index.md": contact,
        "content/publication/p/index.md": paper,
    }
    made = make_site(tmp_path, **files)
    first, second = (made.pages[f"team/{n}-poe"].front for n in ("ann", "max"))
    assert (first["now"], first["degree"]) == ("Analyst at X Inc.", "MSc")
    assert "now" not in second
    assert "contact" not in first
    assert first["homepage"] == "https://x.example"
    assert made.pages["contact"].body == "1 Road, Town\n\nlab@x.example"
    (found,) = made.library.publications
    assert found.arxiv == "2002.01234v2"


def test_a_degree_says_less_than_the_group_of_a_person(tmp_path: Path) -> None:
    data = (
        "groups:\n- title: Postdoctoral Researchers\n  members:\n"
        "  - {name: Jane Roe, role: Ph.D., name_ko: 노제인}\n"
        "- title: Graduate Students\n  members:\n"
        "  - {name: Ann Poe, role: M.S., korean: 포앤}\n"
    )
    files = {"_bibliography/a.bib": "", "_config.yml": "", "_data/members.yml": data}
    made = make_site(tmp_path, **files)
    people = {docname: page.front for docname, page in made.pages.items()}
    assert people["team/jane-roe"]["role"] == "postdoc"
    assert people["team/jane-roe"]["name_ko"] == "노제인"
    ann = people["team/ann-poe"]
    assert (ann["role"], ann["name_ko"]) == ("ms", "포앤")


def test_a_site_keeps_its_language(tmp_path: Path) -> None:
    paper = "@misc{roe2024a,\n title={A}, author={Jane Roe}, year=2024, selected=1}"
    files = {"_bibliography/papers.bib": paper, "_config.yml": "lang: ko-KR\n"}
    made = make_site(tmp_path, **files)
    assert made.identity.language == "ko"
    assert made.pages["team/index"].front["title"] == "구성원"
    assert "## 주요 논문\n" in made.pages["index"].tail


def test_links_to_an_entry_of_a_list_and_with_code_are_resolved(tmp_path: Path) -> None:
    paper = "@misc{roe2024a,\n title={A},\n author={Jane Roe},\n year=2024}"
    text = (
        "---\ndate: 2024-02-01\n---\n[Ours](/publications/#roe2024a), "
        "see [`x` and `y`](/team/) and [us](/publications/#roe2024a).\n"
    )
    made = make_site(
        tmp_path,
        **{
            "_config.yml": "",
            "_bibliography/papers.bib": paper,
            "_news/240201_ours.md": text,
        },
    )
    page = made.pages["news/2024-02-01-ours"]
    assert page.body == (
        "{pub:ref}`Ours <roe2024a>`, see [`x` and `y`](/team/index.md) and "
        "{pub:ref}`us <roe2024a>`."
    )


def test_a_page_of_components_is_not_empty(tmp_path: Path) -> None:
    made = make_site(
        tmp_path,
        **{
            "_data/citations.yaml": "",
            "contact/index.md": "---\ntitle: Contact\n---\n"
            '{% include button.html type="email" text="a@b.example" %}\n'
            '{% include alert.html type="info" content="Be on time" %}\n'
            '{% include section.html background="x.png" %}\n',
        },
    )
    assert made.pages["contact"].body == "a@b.example\n\nBe on time"


def test_loops_in_code_are_code() -> None:
    rewriter = Rewriter(link=str, keys={}, note=print)
    text = "```liquid\n{% for x in y %}\n{% endfor %}\n```"
    assert rewriter.rewrite(text) == text


def test_a_paper_keeps_what_its_links_and_its_place_say(tmp_path: Path) -> None:
    page = (
        "---\ntitle: On Places of Papers\n"
        "authors: [Ann Poe 포앤, Max Poe<sup>1</sup>]\ndate: 2023-04-01\n"
        "publication_types: [article-journal]\npublication:\n"
        "  {name: Journal of Places, volume: '31', issue: '4', page: 461-468}\nlinks:\n"
        "- {type: doi, url: 'https://doi.org/10.5555/places'}\n"
        "- {type: custom, label: Board, url: 'https://x.example/board'}\n---\n"
    )
    made = make_site(tmp_path, **{"content/publications/a/p/index.md": page})
    (paper,) = made.library.publications
    assert [creator.name for creator in paper.creators] == ["Ann Poe", "Max Poe"]
    assert (paper.doi, paper.pages) == ("10.5555/places", (("461", "468"),))
    assert (paper.field("volume"), paper.field("number")) == ("31", "4")
    assert paper.venue
    assert paper.venue.name == "Journal of Places"
    assert [link.name for link in paper.links][-1] == "board"


def test_citations_have_buttons_and_people_roles(tmp_path: Path) -> None:
    files = {
        "_data/sources.yaml": "- {id: 'doi:10.5555/pim', tags: [A]}\n",
        "_data/citations.yaml": "- id: 10.5555/PIM\n  title: A Framework of Examples\n"
        "  authors: [Ann Poe]\n  date: 2024-07-01\n  link: https://doi.org/gt7t5k\n"
        "  publisher: Symposium on Examples\n"
        "  buttons: [{type: github, link: lab/pim}]\n",
        "_data/members.json": '[{"name": "Moe Poe \\ud83d\\ude00", "role": "phd"}]',
        "_members/ann.md": "---\nname: Ann Poe\nrole: PhD Student\n---\nHi.\n\n"
        "{% for x in site.data.citations %}{{ x }}{% endfor %}\n\nMore.\n",
        "_members/max.md": "---\nname: Max Poe\nrole: alumni\n---\nHello.\n",
    }
    made = make_site(tmp_path, **files)
    (paper,) = made.library.publications
    assert (paper.doi, paper.kind) == ("10.5555/PIM", "conference")
    assert [link.url for link in paper.links][-1] == "https://github.com/lab/pim"
    assert made.pages["team/ann-poe"].front["role"] == "phd"
    assert made.pages["team/max-poe"].front["left"] == "unknown"
    assert made.pages["team/moe-poe"].front["name"] == "Moe Poe \U0001f600"
    assert made.pages["team/ann-poe"].body == "Hi.\n\nMore."
    assert made.tree.notes == []


def test_a_page_between_lists_keeps_its_text_and_is_in_the_menu(tmp_path: Path) -> None:
    front = "---\ntitle: {}\nnav: {}\n---\n"
    loop = "{% for x in site.members %}{% if x %}{{ x }}{% endif %}{% endfor %}\n\n"
    table = (
        "<table><tr><th>Year</th><th>Course</th></tr>\n<tr><td>2024</td>\n"
        "<td>Examples<br>of <b>all</b></td></tr></table>\n"
    )
    files = {
        "_data/citations.yaml": "",
        "team/index.md": f"{loop}Between the lists.\n\n{loop}",
        "join.md": front.format("Join", "true") + "Come and join us.\n",
        "lecture.md": front.format("Lectures", "{order: 2}") + table,
        "open.md": front.format("Open", "{order: 1}") + "Two places are open.\n",
        "HOW-TO.md": "# How to\n\nEdit these files with care.\n",
        "hidden.md": front.format("Hidden", "false") + "Few read this page.\n",
        "work/index.md": front.format("Publications", "true")
        + "{% include list.html data='citations' %}",
        "_posts/2024-02-01-Open-Day.md": "---\ntitle: Day\n---\n# Open\n\nCome.\n",
    }
    made = make_site(tmp_path, **files)
    assert made.pages["team/index"].body == "Between the lists."
    assert made.pages["lecture"].body == (
        "- Year | Course\n- 2024 | Examples\nof **all**"
    )
    menu = made.pages["index"].tail.split("```{toctree}")[1].split()
    assert menu[1:3] == ["open", "lecture"]
    assert menu[-3:-1] == ["join", "contact"]
    assert made.pages["hidden"].front["orphan"]
    assert made.redirects["work"] == "publications/index"
    post = "posts/2024-02-01-open-day"
    assert made.redirects["2024/02/01/Open-Day"] == post
    assert post not in map(str.lower, made.redirects)


def test_blocks_of_landing_pages_arrive_without_the_demonstration(
    tmp_path: Path,
) -> None:
    page = (
        "---\ntype: landing\nsections:\n- block: markdown\n  content:\n"
        "    {title: Aims, subtitle: Since 2010, text: We study.}\n- block: slider\n"
        "  content: {slides: [{title: First, content: A slide.}]}\n- block: cta-card\n"
        "  demo: true\n  content: {title: Build your own, text: Like this.}\n---\n"
    )
    contact = "---\nwidget: contact\ncontent: {email: lab@x.example}\n---\n"
    menus = "[[main]]\nname = 'People'\nurl = '/people'\nweight = 20\n"
    files = {
        "config/_default/menus.toml": menus,
        "content/authors/admin/_index.md": "---\ntitle: Ann Poe\nrole: PI\n---\n",
        "content/_index.md": page,
        "content/home/contact.md": contact,
    }
    made = make_site(tmp_path, **files)
    assert made.pages["index"].body == (
        "## Aims\n\nSince 2010\n\nWe study.\n\n## First\n\nA slide.\n\nlab@x.example"
    )
    menu = made.pages["index"].tail.split(":hidden:")[1].split()
    assert menu[:2] == ["team/index", "publications/index"]


def test_shortcodes_are_links_or_literal_text_once() -> None:
    rewriter = Rewriter(link=str, keys={}, note=print)
    text = '{{< button url="https://x.example" >}}Get it{{< /button >}}'
    text += ' {{% mention "J" %}}'
    assert rewriter.rewrite(text) == (
        '[Get it](https://x.example) `{{% mention "J" %}}`'
    )
    text = "<ul><li>One</li><li>Two</li> After."
    assert rewriter.rewrite(text).split("\n\n")[-1].strip() == "After."


def test_links_of_several_lines_and_of_variables(tmp_path: Path) -> None:
    links = (
        "See <a href=\"{{ '/publications/' | relative_url }}#p\">\n  A Survey\n"
        'of Links\n</a> and <a href="mailto:{{ site.email | encode }}">mail</a>.\n'
    )
    paper = (
        "---\ntitle: A Survey of Links\nauthors: [Ann Poe]\ndate: 2021\nlinks:\n"
        "- {name: PDF, url: 'https://doi.org/10.5555/link'}\n---\n"
    )
    files = {
        "content/publication/p/index.md": paper,
        "content/join.md": f"---\ntitle: Join\n---\n{links}",
    }
    made = make_site(tmp_path, **files)
    assert made.pages["join"].body == "See {pub:ref}`A Survey of Links <p>` and mail."
    (found,) = made.library.publications
    assert found.doi == "10.5555/link"
    assert [link.name for link in found.links] == ["doi"]


def test_titles_of_news_and_people(tmp_path: Path) -> None:
    post = "---\ntitle: On Trees\ndate: 2024-03-01\n---\nOf a prize.\n\n## Part\n\nA.\n"
    files = {
        "_config.yml": "",
        "_bibliography/a.bib": "",
        "_news/won.md": "---\ndate: 2024-02-01\n---\nWe won a prize!\n",
        "_people/x.md": "---\nname: Prof. Dr.-Ing. Ann Poe\nrole: PI\n---\nHello.\n",
        "_posts/2024-03-01-trees.md": post,
        "_posts/2024-03-02-later.md": f"---\npublished: false\n{post[4:]}",
    }
    made = make_site(tmp_path, **files)
    assert made.tree.notes == ["_posts/2024-03-02-later.md:1: is a draft; left out"]
    assert "team/ann-poe" in made.pages
    kinds = {n: page.front.get("kind") for n, page in made.pages.items()}
    assert kinds["news/2024-02-01-won"] == "award"
    assert kinds["news/2024-03-01-trees"] == "news"
    assert made.pages["news/2024-02-01-won"].body == "We won a prize!"


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        (
            "We won “on graphs of any size”!",
            "We won {pub:ref}`on graphs of any size <a>`!",
        ),
        (
            "*On Graphs of Any Size: II* is out",
            "{pub:ref}`On Graphs of Any Size: II <b>` is out",
        ),
        ("[Of On Graphs of Any Size](https://x.example)", None),
        ("{pub:ref}`see On Graphs of Any Size: II <a>`", None),
        ("`On Graphs of Any Size`, On Graphs of Any Sizes", None),
    ],
)
def test_titles_in_news_are_references_but_in_links_and_code(
    told: str, shown: str | None
) -> None:
    titles = {"a": "On Graphs of Any Size", "b": "On Graphs of Any Size: II"}
    entries = [f"@misc{{{k}, title={{{t}}}, year=2024}}" for k, t in titles.items()]
    entries.append(entries[0].replace("{a", "{of-before").replace("2024", "2023"))
    library = read_library([("a.bib", "\n".join(entries))])
    assert _with_references(library, told) == (shown or told)


def test_a_loop_over_records_is_a_list_and_blocks_of_an_item_are_its_lines() -> None:
    rewriter = Rewriter(link=str, keys={}, note=print)
    text = (
        "<ul>\n  <li>\n    <div>PhD</div>\n    <div>2019<br>at X</div>\n  </li>\n"
        "  <li><p>MS</p></li>\n</ul>\n<div>One.</div>\n<div>Two.</div>\n\n"
        "{% for item in site.news limit: 3 %}{{ item }}{% endfor %}\n"
    )
    assert rewriter.rewrite(text) == (
        "- PhD\\\n2019\nat X\n\n- MS\n\nOne.\n\nTwo.\n\n```{news}\n:limit: 3\n```"
    )


def test_entries_inherit_from_the_same_entries_as_before(tmp_path: Path) -> None:
    text = (
        "@inproceedings{DBLP:conf/ex/PoeR20, author={Ann Poe and\n  Jane Roe},\n"
        " title={On Trees of Examples}, library={private}, data={10.5555/d},\n"
        " url={https://www.x.example/y}, slides={lost.pdf},\n"
        " crossref={DBLP:conf/ex/2020}}\n"
        "@proceedings{DBLP:conf/ex/2020, title={Proceedings of Examples}, year=2020}\n"
        "@string{one = {Press}}\n@string{two = {Press}}\n"
        "@incollection{a, author={Ann Poe}, title={Preface}, crossref={x}}\n"
        "@incollection{b, author={Ann Poe}, title={Preface}, crossref={Y}}\n"
        "@book{x, editor={Jane Roe}, title={Book One}, year=2001, publisher={P}}\n"
        "@book{y, editor={Jane Roe}, title={Book Two}, year=2003, publisher=two}\n"
    )
    (tmp_path / "all.bib").write_text(text, encoding="utf-8")
    made = read(Tree(tmp_path / "all.bib"))
    assert made is not None
    convert(made)
    papers = {str(p.title): p for p in made.library.publications}
    paper = papers["On Trees of Examples"]
    assert (paper.issued.year, paper.key == "DBLP:conf-ex-PoeR20") == (2020, True)
    assert paper.venue
    assert paper.venue.name == "Proceedings of Examples"
    links = {link.name: link.url for link in paper.links}
    assert links == {
        "data": "https://doi.org/10.5555/d", "url": "https://www.x.example/y"
    }  # fmt: skip
    years = {key: made.library.by_key[key].issued.year for key in ("a", "b")}
    assert years == {"a": 2001, "b": 2003}
    assert made.library.by_key["b"].field("publisher") == "Press"
    assert "private" not in made.bibliography


def test_a_paper_in_several_files_is_one_entry_with_the_fields_of_all(
    tmp_path: Path,
) -> None:
    made = make_site(
        tmp_path,
        **{
            "_bibliography/a.bib": "@article{roe, title={Graphs That Fit}, "
            "author={Roe*, Jane and {A Team*} and O*Net, Al}, journal={Ex}, "
            "year={2024}}\n"
            '@misc{pre, title={A Memory for \\"Uber}, author={Poe, E}, year={2022},'
            "eprint={2301.00001}, archiveprefix={arXiv}}\n"
            "@article{same, title={One Paper on Things}, journal={Ex}, year={2020}}\n",
            "_bibliography/b.bib": "@article{roe24, title={{Graphs} that fit}, "
            "author={Jane Roe}, booktitle={Other}, date={2024-05}, doi={10.5555/1}}\n"
            "@inproceedings{pub, title={A memory for über}, author={E. Poe}, "
            "booktitle={Proc. Ex}, year={2023}, doi={10.5555/2}}\n"
            "@article{same, title={Other Things}, journal={Ex}, year={2020}}\n"
            "@article{roe20, title={Graphs That Fit}, author={Roe, Jane}, "
            "journal={Abc}, year={2020}}\n",
            "_pages/read.md": "---\ntitle: Read\n---\nAll of {% cite roe24 %} and pre.",
        },
    )
    papers = {paper.key: paper for paper in made.library.publications}
    assert [*papers][:2] == ["roe", "pub"]
    assert len(papers) == 5
    roe, published = papers["roe"], papers["pub"]
    assert [(creator.name, creator.equal) for creator in roe.creators] == [
        ("Jane Roe", True), ("A Team", True), ("Al O*Net", False)
    ]  # fmt: skip
    assert (roe.doi, roe.issued.month, str(roe.title)) == (
        "10.5555/1", 0, "Graphs That Fit"
    )  # fmt: skip
    assert roe.field("booktitle") is None
    assert (published.kind, published.arxiv) == ("conference", "2301.00001")
    assert {"One Paper on Things", "Other Things"} <= {
        str(paper.title) for paper in papers.values()
    }
    assert "{cite}`roe`" in made.pages["read"].body


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a: &a [x, x]\nb: &b [*a, *a]\n", "begins with '&'"),
        ("[" * 100_000, "nested too deep"),
        ("- " * 2_600_000, "more than 5,000,000 characters"),
    ],
)
def test_data_that_no_one_can_read_in_time_are_noted(
    text: str, reason: str, tmp_path: Path
) -> None:
    made = make_site(tmp_path, **{"_bibliography/a.bib": "", "_data/people.yml": text})
    (note,) = made.tree.notes
    assert note.startswith("_data/people.yml:1: ")
    assert reason in note


def test_formulas_within_a_line_are_no_blocks() -> None:
    rewriter = Rewriter(link=str, keys={}, note=print)
    text = "Of $$ x_i $$ and $$y^2$$, `$$a$$`.\n$$z$$ too.\n\n$$\nx\n$$\n\n$$y$$\nEnd."
    assert rewriter.rewrite(text) == (
        "Of $x_i$ and $y^2$, `$$a$$`.\n$z$ too.\n\n$$\nx\n$$\n\n$$y$$\nEnd."
    )


def test_authors_family_name_first_keep_their_names(tmp_path: Path) -> None:
    page = (
        "---\ntitle: A Paper\ndate: 2024\nauthors: ['García Márquez, Gabriel', "
        "'Roe, Jr., Jane', 김민수 (Minsu Kim)]\n"
        "url_arxiv: https://arxiv.org/abs/2401.00001\n---\n"
    )
    made = make_site(tmp_path, **{"content/publication/x/index.md": page})
    (paper,) = made.library.publications
    names = [(author.family, author.given) for author in paper.creators]
    expected = [("García Márquez", "Gabriel"), ("Roe", "Jane"), ("Kim", "Minsu")]
    assert names == expected
    assert "url_arxiv" not in made.bibliography


def test_a_person_in_two_files_is_named(tmp_path: Path) -> None:
    person = "---\nname: Ann Poe\nrole: PhD Student\n---\nHi.\n"
    listed = "- {name: Ann Poe, start: 2020}\n"
    files = {"_members/ann.md": person, "_data/members.yml": listed}
    made = make_site(tmp_path, **{"_bibliography/a.bib": "", **files})
    (note,) = made.tree.notes
    assert note.startswith("_data/members.yml:1: team/ann-poe-2.md: team/ann-poe.md")


def test_a_name_in_two_other_scripts_is_that_of_the_first() -> None:
    assert split_scripts("김민수(金民秀)") == ("김민수", {"name_zh": "金民秀"})
    assert split_scripts("Kim, Minsu (김민수)") == ("Kim, Minsu", {"name_ko": "김민수"})
    assert split_scripts("") == ("", {})


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("{% include alert.html type='info' content=note %}", ""),
        ("{% include cols.html col1='### A' col2=b col3='C' %}", "## A\n\nC"),
        (
            "{% include tags.html tags='A, B' link='/x' tooltip=page.tip %}",
            "[A, B](/x)",
        ),
        ("[![A](no.png)](https://a.example)", "[A](https://a.example)"),
        (
            "{% include button.html type='email' link='a@b.example' text='Write' %}",
            "[Write](mailto:a@b.example)",
        ),
        (
            "{% include figure.html image='x.png' link='https://x.example' %}",
            "[![](x.png)](https://x.example)",
        ),
        (
            "{% include citation.html lookup='doi:10.48550/arxiv.2101.00001' %}",
            "{pub:ref}`k`",
        ),
        ("<div>\n        Words, no code.\n</div>", "Words, no code."),
        ("<details><summary>More</summary>Words</details>", "More\n\nWords"),
        ("---\n\nA\n\n---\n\n## B\n\n---\n***\n\nC\n\n---", "A\n\n## B\n\nC"),
        ("A\n\n---\n\n- B", "A\n\n---\n\n- B"),
        ("{% include mine.html data='news' limit=5 %}", "```{news}\n:limit: 5\n```"),
        ("[By [A](https://a.example)](https://b.example)", "[By A](https://b.example)"),
        ("<a href='https://a.example'></a>", "[https://a.example](https://a.example)"),
        ("| A<br>B | <i class='x'></i> C |", "| A B |  C |"),
    ],
)
def test_what_a_template_shows_is_shown(old: str, new: str) -> None:
    rewriter = Rewriter(
        link=lambda address: None if address == "no.png" else address,
        keys={"2101.00001": "k"},
        note=print,
    )
    assert rewriter.rewrite(old) == new


def test_pages_of_a_part_and_links_within_the_site(tmp_path: Path) -> None:
    links = "[a](#here), [b](/lab/team/),\n[c](/lost/) and [d](mailto:a(at)b.example)"
    parts = (
        "See [e](#how), [f](/lab/join/#what-to-send), [g](../team/#none),\n"
        "[h]({% link team/index.md %}#us) and [i](notes.md).\n\n# 2. *How*?\n\nWrite.\n"
        "\n# Why {#w}\n\nSo: [j](#w), [k](#x), [l](#y).\n\n# Who\n{: .big #x}\n\nAll.\n"
        "\n<h3 class='a' id=\"y\">What</h3>\nThat.\n"
    )
    files = {
        "_config.yml": "lang: ko\nurl: https://x.example\nbaseurl: /lab\n",
        "_data/citations.yaml": "",
        "_members/ann.md": "---\nname: Ann Poe\nrole: undergraduate\n---\nHello.\n",
        "_members/eva.md": "---\nname: Eva Lee\nrole: Engineer\ngroup: past\n---\n.\n",
        "team/alumni/index.md": "---\ntitle: Alumni\n---\n[All](/lab/team/) of us.\n",
        "team/index.md": "---\ntitle: Team\n---\nWe are two.\n\n## Us\n\nWe.\n",
        "join/index.md": f"---\ntitle: Join\n---\n{links}.\n\n# What to send\n\nAll.\n",
        "_posts/2024-02-01-parts.md": f"---\ntitle: Parts\n---\n{parts}",
    }
    made = make_site(tmp_path, **files)
    team = made.pages["team/index"]
    sections = "## Us\n\nWe.\n\n## Alumni\n\nAll of us."
    assert (team.body, team.sections) == ("We are two.", sections)
    assert made.pages["team/eva-lee"].front["position"] == "Engineer"
    text = "a, [b](/team/index.md),\nc and d.\n\n## What to send\n\nAll."
    assert made.pages["join"].body == text
    assert made.pages["posts/2024-02-01-parts"].body == (
        "See [e](#2-how), [f](/join.md#what-to-send), [g](/team/index.md),\n"
        "[h](/team/index.md#us) and i.\n\n## 2. *How*?\n\nWrite.\n\n"
        "## Why\n\nSo: [j](#why), [k](#who), [l](#what).\n\n## Who\n\nAll.\n\n"
        "### What\n\nThat."
    )
    what = "the target of a link is no file that can be copied"
    assert made.tree.notes == [
        f"_posts/2024-02-01-parts.md:5: {what}: notes.md",
        f"join/index.md:5: {what}: /lost/",
        f"join/index.md:5: {what}: mailto:a(at)b.example",
    ]


def test_what_has_no_place_is_named_and_a_page_is_called_as_its_heading(
    tmp_path: Path,
) -> None:
    person = "---\ntitle: Ann Poe\nrole: <b>phd_student</b>\neducation: X\nweight: 1\n"
    person += "social: [{icon: cv, link: files/ann.pdf}, {label: GitHub, url: poe}, "
    person += "{label: TU Wien, url: 'https://a.example'}]\nresume: files/ann.pdf\n"
    person += "GitHub: annpoe\njoined: 05/03/2024\n---\nHi.\n"
    files = {
        "static/files/ann.pdf": "%PDF",
        "content/authors/ann/_index.md": person,
        "content/project/fast/index.md": "---\ngithub: x\n---\n# Fast Graphs\nFast.",
        "content/authors/max-poe/_index.md": "---\nrole: phd\n---\n# About me\nHi.\n",
    }
    made = make_site(tmp_path / "site", **files)
    assert made.pages["team/ann-poe"].front["role"] == "phd"
    assert made.pages["team/ann-poe"].front["links"] == {"TU Wien": "https://a.example"}
    assert made.pages["team/max-poe"].front["name"] == "Max Poe"
    assert made.pages["team/ann-poe"].body == "[CV](/_static/files/ann.pdf)\n\nHi."
    topic = made.pages["research/fast"]
    assert (topic.front["title"], topic.body) == ("Fast Graphs", "Fast.")
    field, date, link = made.tree.notes
    file = "content/authors/ann/_index.md"
    assert field.startswith(f"{file}:1: the field 'education' has no place")
    assert link.startswith("content/project/fast/index.md:1: the field 'github' has")
    assert date == f"{file}:9: only the year of this date is read: 05/03/2024"
    made = make_site(tmp_path / "bib", **{"a.bib": "", "_pages/team.md": "A team."})
    assert made.tree.notes == ["_pages/team.md:1: is not imported"]
