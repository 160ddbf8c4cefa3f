"""A site in three languages: English, Korean and German."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from babel.messages.pofile import read_po
from bs4 import BeautifulSoup
from lxml import etree
from scripts.update_catalogues import LOCALE, update

from labsite.model.dates import PartialDate
from labsite.sphinx.languages import count_label, load_translations, set_language
from labsite.sphinx.nodes import format_issued
from labsite.theme import FOLDER as THEME_FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.test_sphinx.conftest import Built, Site

HOME = (
    "---\norphan: true\n---\n# {title}\n\n{role}`all`\n\n```{{toctree}}\n{pages}\n```\n"
)
LIST = "# {title}\n\n```{{publications}}\n```\n"
CARDS = "# {title}\n\n```{{topic-cards}}\n```\n"


@pytest.fixture
def english() -> Iterator[None]:
    """Speak English again after the test."""
    yield
    set_language("en")


@pytest.fixture
def built(site: Site) -> Built:
    site.edit(
        "conf.py",
        'html_theme = "basic"',
        'html_theme = "labsite"\nlabsite_languages = ["ko", "de"]',
    )
    site.edit("conf.py", '"*.md",', '"*.md", "ko/**.md", "de/**.md",')
    site.write("research/index.md", CARDS.format(title="Research"))
    site.edit("index.md", "research/graphs\nresearch/memory", "research/index")
    for code, home, research, papers in (
        ("ko", "홈", "연구", "논문"),
        ("de", "Start", "Forschung", "Artikel"),
    ):
        count = "{publication-count}"
        pages = "research/index\npublications/index"
        text = HOME.format(title=home, role=count, pages=pages)
        site.write(f"{code}/index.md", text)
        site.write(f"{code}/research/index.md", CARDS.format(title=research))
        site.write(f"{code}/publications/index.md", LIST.format(title=papers))
    text = "---\ntitle: 그래프\n---\n\n글 {pub:ref}`roe2024graphs` (2024)은 `f(2)를`\n"
    site.write("ko/research/graphs.md", text)
    return site.build()


def test_every_page_speaks_its_language(built: Built) -> None:
    assert built.warnings == ""
    said = {}
    pages = ("index", "ko/index", "ko/search", "de/index", "publications/roe2024graphs")
    for page in pages:
        html = built.html(page)
        search = html.select_one(".labsite-search-label")
        assert search
        said[page] = str(html.html["lang"]) if html.html else "", search.get_text()
    assert said == {
        "index": ("en", "Search this site"),
        "ko/index": ("ko", "사이트 검색"),
        "ko/search": ("ko", "사이트 검색"),
        "de/index": ("de", "Diese Website durchsuchen"),
        "publications/roe2024graphs": ("en", "Search this site"),
    }
    # The page for lost addresses is one for all languages.
    lost = built.html("404").select_one('p[lang="ko"]')
    assert lost
    assert "이 주소에는 페이지가 없습니다." in lost.get_text()
    assert [link["href"] for link in lost.select("a")] == ["/ko/index.html"]


def test_a_page_says_what_it_is_below(built: Built) -> None:
    page = built.html("ko/research/graphs")
    links = page.select(".bd-breadcrumbs a")
    assert [link["href"] for link in links] == ["../index.html", "index.html"]
    title = page.select_one(".bd-links__title")
    assert title
    assert title.get_text() == links[1].get_text() == "연구"


def test_what_directives_say_is_in_the_language_of_the_page(built: Built) -> None:
    cards = built.html("ko/research/index")
    assert "논문 2편" in cards.get_text()
    link = cards.find("a", string="그래프")
    assert link
    assert link["href"] == "graphs.html"
    # A topic without a Korean page is shown as it is.
    assert cards.find("a", string="Memory")
    dates = [
        built.html(page).select(".labsite-date")[0].get_text()
        for page in ("publications/index", "ko/publications/index")
    ]
    assert dates == ["February 2024", "2024년 2월"]
    assert "2 publications" in built.html("research/index").get_text()
    # A line ends before a particle nowhere, and code is as it is typed.
    assert "(2024)\u2060은 f(2)를" in built.html("ko/research/graphs").get_text()


def marked_titles(built: Built) -> list[str]:
    """Return the languages of links to a paper: English pages, then Korean ones."""
    pages = ["publications/index", "research/index", "ko/publications/index"]
    pages += ["ko/research/index", "ko/research/graphs"]
    links = [built.html(page).select("main [href*=roe2024graphs]") for page in pages]
    return [str((a.find(lang=True) or a).get("lang")) for found in links for a in found]


def test_filters_and_titles_know_the_language_of_the_page(
    site: Site, built: Built
) -> None:
    assert built.warnings == ""
    assert marked_titles(built) == ["None", "None", "en", "en", "en"]
    # The English page is now written after a Korean one.
    site.edit("ko/publications/index.md", "논문", "우리 논문")
    site.edit("publications/index.md", "# Publications", "# Our publications")
    site.edit("publications.bib", "month     = feb", "month = feb, langid = {korean}")
    built = site.build()
    form = built.html("publications/index").select_one(".labsite-filter")
    assert form
    assert form["aria-label"] == "Filter the papers"
    assert marked_titles(built) == ["ko", "ko", "None", "None", "None"]
    heading = built.html("publications/roe2024graphs").select_one("h1 [lang]")
    assert heading
    assert heading["lang"] == "ko"
    site.edit("publications.bib", "{korean}", "{nonsensish}")
    assert marked_titles(site.build()) == ["None"] * 5


def test_each_page_names_itself_and_its_counterparts(built: Built) -> None:
    pages = [f"{code}research/index" for code in ("", "ko/", "de/")]
    named = {
        page: {
            str(link["hreflang"]): str(link["href"])
            for link in built.html(page).select('link[rel="alternate"][hreflang]')
        }
        for page in pages
    }
    addresses = {
        code: f"https://lab.example/{folder}research/index.html"
        for code, folder in (
            ("en", ""),
            ("ko", "ko/"),
            ("de", "de/"),
            ("x-default", ""),
        )
    }
    assert named == dict.fromkeys(pages, addresses)
    sitemap = etree.parse(built.folder / "sitemap.xml")
    space = {
        "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
        "x": "http://www.w3.org/1999/xhtml",
    }
    found = sitemap.xpath(
        f"//s:url[s:loc='{addresses['ko']}']/x:link/@href", namespaces=space
    )
    assert found == list(addresses.values())


@pytest.mark.usefixtures("english")
def test_languages_of_countries_are_named_as_in_html(site: Site) -> None:
    others = ["fr_CA", "de-AT", "xx", "pt_BR", "xx", "he"]
    site.edit("conf.py", '"*.md"', '"*.md", "he/index.md"')
    site.write("he/index.md", "---\norphan: true\n---\n# \u05e9\u05dc\u05d5\u05dd\n")
    settings = (
        f'language = "pt_BR"\nlabsite_languages = {others}\nhtml_theme = "labsite"'
    )
    site.edit("conf.py", 'html_theme = "basic"', settings)
    built = site.build()
    page = built.html("index")
    assert page.html
    assert page.html["lang"] == "pt-BR"
    assert not page.select("[dir]")
    assert built.html("he/index").select_one("html[lang=he] > body[dir=rtl]")
    assert page.select_one('meta[property="og:locale"][content="pt_BR"]')
    switches = page.select(".bd-header a.labsite-language")
    assert sorted((a["hreflang"], a.get_text(strip=True)) for a in switches) == [
        ("de-AT", "Deutsch (\u00d6sterreich)"),
        ("fr-CA", "fran\u00e7ais (Canada)"),
        ("he", "\u05e2\u05d1\u05e8\u05d9\u05ea"),
        ("xx", "xx"),
    ]
    feed = (built.folder / "publications.atom").read_text("utf-8")
    assert 'xml:lang="pt-BR"' in feed


def test_the_switch_leads_to_the_nearest_page_and_says_so(built: Built) -> None:
    switches = built.html("publications/roe2024graphs").select(
        ".bd-header a.labsite-language"
    )
    assert [(a["hreflang"], a["href"]) for a in switches] == [
        ("ko", "../ko/publications/index.html"),
        ("de", "../de/publications/index.html"),
    ]
    assert all(a.get("title") for a in switches)
    (german,) = built.html("ko/research/index").select('.bd-header a[hreflang="de"]')
    assert german["href"] == "../../de/research/index.html"
    assert not german.get("title")


def test_numbers_lead_to_pages_in_the_language_of_the_page(
    site: Site, built: Built
) -> None:
    assert built.warnings == ""
    for page in ("ko/index", "index"):
        site.edit(f"{page}.md", "```{toctree}", "```{figures}\n```\n\n```{toctree}")
    built = site.build()
    links = {
        page: [str(a["href"]) for a in built.html(page).select(".labsite-figures a")]
        for page in ("index", "ko/index")
    }
    # There is no page of the team to which the number of members could lead.
    pages = ["publications/index.html", "research/index.html"]
    assert links == {"index": pages, "ko/index": pages}


def test_a_card_has_the_name_in_the_script_of_the_page(
    site: Site, built: Built
) -> None:
    assert built.warnings == ""
    person = "---\nname: Gildong Hong\nname_ko: 홍길동\nrole: phd\n---\n"
    site.write("team/gildong-hong.md", person)
    for page in ("ko/index", "index"):
        site.edit(f"{page}.md", "```{toctree}", "```{team}\n```\n\n```{toctree}")
    built = site.build()
    shown = {
        page: [name.get_text() for name in built.html(page).select(".labsite-person")]
        for page in ("index", "ko/index")
    }
    assert "Gildong Hong" in shown["index"]
    assert "Gildong Hong 홍길동" in shown["ko/index"]


def test_the_menu_is_that_of_the_language(site: Site, built: Built) -> None:
    menu = built.html("de/publications/index").select(
        ".bd-header .bd-navbar-elements a"
    )
    assert [a.get_text().strip() for a in menu] == ["Forschung", "Artikel"]
    for code, name in (("", "Machines"), ("ko/", "장비")):
        front = "---\nmenu: 3\n---\n"
        site.write(f"{code}machines/index.md", f"{front}# {name}\n")
    site.edit("conf.py", '"*.md",', '"*.md", "machines/*.md",')
    site.edit("de/index.md", "publications", "/machines/index\npublications")
    again = site.build()
    assert again.warnings == ""
    for page, names in (
        ("ko/index", ["연구", "논문", "장비"]),
        ("index", ["Research", "Publications", "Machines"]),
        ("de/index", ["Forschung", "Machines", "Artikel"]),
    ):
        links = again.html(page).select(".bd-header .bd-navbar-elements a")
        assert [a.get_text().strip() for a in links] == names
    (current,) = built.html("de/publications/index").select(
        ".bd-header .nav-item.current"
    )
    assert current.get_text().strip() == "Artikel"


@pytest.mark.usefixtures("english")
def test_numbers_and_dates_are_said_as_the_language_has_them() -> None:
    label = "%d publication", "%d publications"
    said = {}
    for language in ("en", "ko", "de"):
        set_language(language)
        day = format_issued(PartialDate(2026, 3, 14), language)
        said[language] = count_label(*label, 1), count_label(*label, 2), day
    assert said == {
        "en": ("1 publication", "2 publications", "14 March 2026"),
        "ko": ("논문 1편", "논문 2편", "2026년 3월 14일"),
        "de": ("1 Publikation", "2 Publikationen", "14. März 2026"),
    }


def test_a_language_without_a_catalogue_has_english_labels() -> None:
    assert load_translations("xx").gettext("Related papers") == "Related papers"


def test_every_label_of_the_code_is_in_every_catalogue() -> None:
    texts = update()
    outdated = [p.name for p, t in texts.items() if p.read_text(encoding="utf-8") != t]
    assert outdated == []
    code = LOCALE.parent.rglob("*.py")
    # Not all Pythons find one within an f-string.
    assert [p.name for p in code if "{_(" in p.read_text(encoding="utf-8")] == []


def test_templates_have_no_words_but_labels() -> None:
    words = {}
    for template in THEME_FOLDER.rglob("*.html"):
        text = re.sub(
            r"\{([#%{]).*?[#%}]\}", "", template.read_text("utf-8"), flags=re.DOTALL
        )
        page = BeautifulSoup(text, "lxml")
        shown = [*page.stripped_strings]
        for name in ("alt", "aria-label", "content", "placeholder", "title"):
            shown += [
                str(tag[name]) for tag in page.select(f"[{name}]:not([name=robots])")
            ]
        for found in re.findall(r"[A-Z][a-z].*|[a-z]+ [a-z]+.*", "\n".join(shown)):
            words[found] = template.name
    # Names of a format, a key and a way to show a colour.
    assert words.keys() <= {"BibTeX", "Ctrl", "light dark"}


@pytest.mark.parametrize("language", ["de", "ko"])
def test_every_label_is_translated(language: str) -> None:
    with (LOCALE / f"{language}.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    strings = {
        message.id: message.string
        if isinstance(message.string, tuple)
        else (message.string,)
        for message in catalogue
        if message.id
    }
    assert len(strings) > 50
    assert [label for label, found in strings.items() if not all(found)] == []


@pytest.mark.usefixtures("english")
def test_scripts_have_their_labels_with_any_theme(site: Site) -> None:
    page = site.build(conf={"language": "ko"}).html("publications/index")
    labels = page.select_one("head > script#labsite-labels")
    assert labels is not None
    assert json.loads(labels.get_text())["Keep"] == "담기"
    page = site.build(conf={"language": "en"}).html("publications/index")
    assert page.select_one("#labsite-labels") is None
