"""What Sphinx leaves as it was after an edit, each case by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.test_sphinx.conftest import Lab

PICTURE = "---\norphan: true\n---\n# P\n\n![]({})\n"
REFERENCES = "---\norphan: true\n---\n# R\n\n{doc}`/contact`, {ref}`here`\n"
LABELLED = "---\norphan: true\n---\n# L\n\n(here)=\n## Here\n"

#: Sorts before "Conf-23", and has the same address.
NEW_VENUE = """\
@inproceedings{lee2023first,
  author    = {Lee, Ann},
  title     = {Comes First},
  booktitle = {Conf 23},
  year      = {2023},
  keywords  = {memory},
}

"""


def name_in_contents(lab: Lab) -> None:
    lab.edit("index.md", "\nteam/index\n", "\nWe <team/index>\n")


def address_in_contents(lab: Lab) -> None:
    lab.edit("index.md", "\nteam/index\n", "\nteam/index\nX <https://x.example>\n")


def listed_page_gone(lab: Lab) -> None:
    lab.path("research/index.md").unlink()


def title_of_news(lab: Lab) -> None:
    lab.edit("index.md", "news/index\n", "")
    lab.write("news/index.md", "---\norphan: true\n---\n# News\n\n```{news}\n```\n")
    lab.build()
    lab.edit("news/index.md", "# News", "# Reports")


def title_referred_to(lab: Lab) -> None:
    lab.write("refers.md", REFERENCES)
    lab.build()
    lab.edit("contact.md", "# Contact", "# Where we are")


def label_moved(lab: Lab) -> None:
    lab.write("refers.md", REFERENCES)
    lab.write("labelled.md", LABELLED)
    lab.build()
    lab.path("labelled.md").unlink()
    lab.write("other.md", LABELLED)


def page_in_place_of_sphinxs_own_gone(lab: Lab) -> None:
    lab.write("search.md", "---\norphan: true\n---\n# Search\n")
    lab.build()
    lab.path("search.md").unlink()


def page_linked_to_gone(lab: Lab) -> None:
    lab.edit("research/memory.md", "(graphs.md)", "(/about.md)")
    lab.write("about.md", "---\norphan: true\n---\n# About\n")
    lab.build()
    lab.path("about.md").unlink()


def page_linked_to_new(lab: Lab) -> None:
    lab.edit("research/memory.md", "(graphs.md)", "(/about.md)")
    lab.build()
    lab.write("about.md", "---\norphan: true\n---\n# About\n")


def rewarded_paper_gone(lab: Lab) -> None:
    lab.edit("news/jane.md", ", for {cite}`doe2023memory`", "")
    lab.edit("index.md", ", {pub:ref}`doe2023memory`", "")
    lab.build()
    lab.edit("publications.bib", "doe2023memory,", "doe2023renamed,")


def paper_of_two_with_one_name(lab: Lab) -> None:
    lab.write("team/other-doe.md", "---\nname: John Doe\nrole: ms\n---\n")
    lab.build()
    lab.edit("publications.bib", "Soon to Appear", "Later")


def paper_of_a_person_with_headings_of_one_name(lab: Lab) -> None:
    text = lab.read("team/john-doe.md")
    lab.write("team/john-doe.md", f"{text}\n## Again\n\n## Again\n")
    lab.build()
    lab.edit("publications.bib", "Memory in $O(n^2)$", "Memory in Time")


def older_page(lab: Lab) -> None:
    lab.write("new.md", "---\norphan: true\n---\n# Older\n")
    lab.age("new.md")
    lab.path("new.md").replace(lab.path("contact.md"))


def older_drawing(lab: Lab) -> None:
    lab.write("new.svg", '<svg xmlns="http://www.w3.org/2000/svg"><g id="old"/></svg>')
    lab.age("new.svg")
    lab.path("new.svg").replace(lab.path("pictures/hero.svg"))


def style_sheet(lab: Lab) -> None:
    lab.configure(html_css_files=["lab.css"])
    lab.build()
    lab.write("static/lab.css", "a { color: red }")


def template_removed(lab: Lab) -> None:
    lab.configure(templates_path=["_templates"])
    lab.write("_templates/labsite-head.html", "<!-- here -->")
    lab.build()
    lab.path("_templates/labsite-head.html").unlink()


def static_file_gone(lab: Lab) -> None:
    lab.path("static/notes.txt").unlink()


def static_file_of_the_theme_again(lab: Lab) -> None:
    lab.write("static/doctools.js", "// ours")
    lab.build()
    lab.path("static/doctools.js").unlink()


def extra_file_gone(lab: Lab) -> None:
    lab.write("extra/humans.txt", "We.")
    lab.configure(html_extra_path=["extra"])
    lab.build()
    lab.path("extra/humans.txt").unlink()


def copied_files_refused(lab: Lab) -> None:
    names = ("robots.txt", "humans.txt", "kept/one.txt", "gone/two.txt")
    for name in names:
        lab.write(f"extra/{name}", "We.")
    lab.write("static/more.txt", "More.")
    lab.configure(html_extra_path=["extra"])
    lab.build()
    for name in ("extra/robots.txt", "extra/humans.txt", "static/more.txt"):
        lab.path(name).unlink()
        lab.path(name).symlink_to("/etc/hostname")
    lab.configure(exclude_patterns=["gone", "kept/on?.txt"])


def redirect_gone(lab: Lab) -> None:
    lab.configure(labsite_redirects={"old": "contact"})
    lab.build()
    lab.configure(labsite_redirects={})


def image_gone(lab: Lab) -> None:
    lab.edit("contact.md", "![A map](pictures/map.png)", "No map.")


def venue_that_takes_the_address_of_another(lab: Lab) -> None:
    lab.edit("publications.bib", "booktitle = CONF,", "booktitle = {Conf-23},")
    lab.build()
    entry = "@misc{poe2022other,"
    lab.edit("publications.bib", entry, f"{NEW_VENUE}{entry}")


def target_of_a_redirect_gone(lab: Lab) -> None:
    lab.configure(labsite_redirects={"old": "contact"})
    lab.build()
    lab.path("contact.md").unlink()


def images_of_one_name(lab: Lab) -> None:
    lab.write("later.md", PICTURE.format("pictures/map.png"))
    lab.paint("earlier/map.png", 99)
    lab.build()
    lab.write("about.md", PICTURE.format("earlier/map.png"))


def unreadable_images_of_one_name(lab: Lab) -> None:
    lab.write("pictures/map.png", b"no picture")
    lab.build()
    lab.write("earlier/map.png", b"no picture")
    lab.write("about.md", PICTURE.format("earlier/map.png"))


def source_gone(lab: Lab) -> None:
    lab.configure(html_copy_source=True)
    lab.build()
    lab.path("contact.md").unlink()
    lab.configure(html_copy_source=False)


def page_gone_and_environment_too(lab: Lab) -> None:
    lab.path("contact.md").unlink()
    (lab.folder / "built/doctrees/environment.pickle").unlink()


def settings_cut_short_by_a_broken_off_build(lab: Lab) -> None:
    (lab.folder / "built/html/.buildinfo").write_bytes(b"")
    for path in lab.folder.glob("built/doctrees/*-finished.pickle"):
        path.unlink()


def record_of_another_engine(lab: Lab) -> None:
    (record,) = lab.folder.glob("built/doctrees/*-finished.pickle")
    record.write_text('{"pages": 1}', encoding="utf-8")
    lab.write("../built/doctrees/labsite-templates/one.cache", "It had folders.")
    lab.edit("contact.md", "# Contact", "# Where we are")


def logo_gone(lab: Lab) -> None:
    lab.configure(html_theme_options={}, html_favicon="")


def logo_redrawn(lab: Lab) -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"/>'
    lab.write("_static/img/logo-dark.svg", svg)


#: Cases that only show in the theme's header or search.
IN_FULL = [
    name_in_contents,
    address_in_contents,
    logo_gone,
    logo_redrawn,
    paper_of_a_person_with_headings_of_one_name,
]
CASES = [
    *IN_FULL,
    listed_page_gone,
    title_of_news,
    title_referred_to,
    label_moved,
    page_in_place_of_sphinxs_own_gone,
    page_linked_to_gone,
    page_linked_to_new,
    rewarded_paper_gone,
    paper_of_two_with_one_name,
    older_page,
    older_drawing,
    style_sheet,
    template_removed,
    static_file_gone,
    static_file_of_the_theme_again,
    extra_file_gone,
    copied_files_refused,
    redirect_gone,
    image_gone,
    venue_that_takes_the_address_of_another,
    target_of_a_redirect_gone,
    images_of_one_name,
    unreadable_images_of_one_name,
    source_gone,
    page_gone_and_environment_too,
    settings_cut_short_by_a_broken_off_build,
    record_of_another_engine,
]


@pytest.mark.parametrize("edit", CASES, ids=lambda edit: edit.__name__)
def test_after_this_edit_the_output_is_that_of_a_clean_build(
    make_lab: Callable[..., Lab], edit: Callable[[Lab], None]
) -> None:
    lab = make_lab(light=edit not in IN_FULL, built=True)
    edit(lab)
    assert lab.build().differences(lab.build_clean()) == []


def test_a_language_of_before_leaves_no_labels(make_lab: Callable[..., Lab]) -> None:
    lab = make_lab(light=True)
    before = lab.build()
    lab.configure(language="ko")
    lab.build()
    lab.configure(language=None)
    assert lab.build().differences(before) == []


def test_a_build_for_another_builder_between_two(
    make_lab: Callable[..., Lab],
) -> None:
    lab = make_lab(light=True, built=True)
    lab.edit("publications.bib", "Another Paper", "Another Title")
    lab.build(builder="dummy")  # reads what has changed, as "make linkcheck" does
    assert lab.build().differences(lab.build_clean()) == []


@pytest.mark.parametrize("builder", ["html", "dirhtml"])
def test_two_folders_from_one_environment(
    make_lab: Callable[..., Lab], builder: str
) -> None:
    lab = make_lab(light=True, built=True)
    lab.build(builder=builder, output="other")
    lab.path("contact.md").unlink()
    lab.edit("publications.bib", "% ", "% More.\n% ")
    lab.edit("publications.bib", "poe2022other,", "poe2022renamed,")
    lab.build(builder=builder, output="other")
    assert lab.build().differences(lab.build_clean()) == []


def test_a_redirect_may_stand_among_the_papers(make_lab: Callable[..., Lab]) -> None:
    lab = make_lab(light=True)
    lab.configure(labsite_redirects={"publications/old": "contact"})
    assert "publications/old.html" in lab.build().files


def test_a_redirect_out_of_the_site_is_a_warning(make_lab: Callable[..., Lab]) -> None:
    lab = make_lab(light=True)
    lab.configure(labsite_redirects={"/old": "contact", "../old": "contact"})
    built = lab.build()
    assert built.warnings.count("without '/' at its beginning") == 2


def test_a_build_of_some_pages_leaves_the_others_due(
    make_lab: Callable[..., Lab],
) -> None:
    lab = make_lab(light=True, built=True)
    lab.edit("publications.bib", "Another Paper", "Another Title")
    lab.build(pages=["contact.md"])
    assert lab.build().differences(lab.build_clean()) == []


def test_nothing_changed_writes_no_page(make_lab: Callable[..., Lab]) -> None:
    lab = make_lab(built=True)
    names = ("index", "contact", "team/jane-roe", "publications/poe2022other")
    pages = [lab.folder / f"built/html/{name}.html" for name in names]
    before = [page.stat().st_mtime_ns for page in pages]
    lab.build()
    lab.build()
    assert [page.stat().st_mtime_ns for page in pages] == before
