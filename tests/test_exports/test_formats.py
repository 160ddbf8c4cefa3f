"""What all exports of a list have in common."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
import rispy
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from labsite.bibtex.reader import read_library
from labsite.exports import FORMATS, Collection, Format, Site
from labsite.exports.json_ld import dump_script, publication_json_ld
from labsite.model.dates import PartialDate
from labsite.model.records import Contributors, Creator, Kind, Publication, Venue
from labsite.model.rich_text import RichText, Span
from labsite.model.sources import EntrySource

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

BY_NAME = {each.name: each for each in FORMATS}


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
def test_the_same_records_give_the_same_bytes(form: Format, real: Collection) -> None:
    again = real._replace(publications=list(real.publications))
    assert form.render(real) == form.render(again)


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
def test_the_keys_of_an_export_are_found_in_it(
    form: Format, collect: Callable[[str], Collection]
) -> None:
    entries = (
        f"@{name}{{{name}:1, title={{T {name}}}, author={{A, B}}, year=2024}}\n"
        for name in ("misc", "in-press", "my.report")
    )
    collection = collect("".join(entries))
    if form.key_pattern:
        found = re.findall(form.key_pattern, form.render(collection), re.MULTILINE)
        assert found == [p.key for p in collection.publications]
        assert len(found) == 3


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
def test_the_order_of_the_file_does_not_show(
    form: Format, collect: Callable[[str], Collection]
) -> None:
    entries = [
        f"@article{{k{i}, title={{T{i}}}, author={{A, B}}, journal={{J}}, year=2024}}"
        for i in range(5)
    ]
    forwards, backwards = collect("\n".join(entries)), collect("\n".join(entries[::-1]))
    assert form.render(forwards) == form.render(backwards)


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
def test_an_empty_list_has_every_form(
    form: Format, collect: Callable[[str], Collection]
) -> None:
    assert isinstance(form.render(collect("")), str)


def test_a_list_has_an_address_of_its_own_in_each_form(real: Collection) -> None:
    paths = [real.path + form.suffix for form in FORMATS]
    assert len(set(paths)) == len(paths)
    # Addresses that others link to stay.
    suffixes = ("bib", "ris", "csl.json", "json", "atom")
    assert {f"publications.{suffix}" for suffix in suffixes} <= set(paths)


@pytest.mark.parametrize(
    ("address", "absolute"),
    [
        ("files/a b.pdf", "https://lab.example/en/files/a%20b.pdf"),
        ("files/a%20b.pdf", "https://lab.example/en/files/a%20b.pdf"),
        ("https://x.example/?a=<b>&c=d#e", "https://x.example/?a=%3Cb%3E&c=d#e"),
    ],
)
def test_every_address_is_made_absolute(
    site: Site, address: str, absolute: str
) -> None:
    assert site.absolute_url(address) == absolute


def make_publication(text: str) -> Publication:
    """Return a record of which every text is *text*."""
    return Publication(
        key="key",
        entry_type="article",
        kind=Kind.JOURNAL,
        title=RichText((Span(text),)),
        creators=(Creator(family=text, given=text), Creator(family=text)),
        issued=PartialDate(2024, 2),
        venue=Venue(text),
        topics=(text,),
        note=RichText((Span(text),)),
        abstract=RichText((Span(text),)),
        texts=tuple((name, text) for name in ("journal", "note", "abstract")),
        contributors=(Contributors(role="author", names=(Creator(family=text),)),),
        fields=(("author", "A, B"), ("journal", "J")),
        source=EntrySource(file="x.bib", line=1, text=""),
    )


#: No lone surrogate comes out of a file that was read as UTF-8.
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(
    str.strip
)
PROPERTY = settings(deadline=None, derandomize=True, max_examples=200)


@PROPERTY
@given(text=ANY_TEXT)
def test_no_text_is_too_strange_for_json(text: str, site: Site) -> None:
    description = publication_json_ld(make_publication(text), site)
    script = dump_script(description)
    assert json.loads(script) == description
    assert not set("<>&") & set(script)


@PROPERTY
@given(text=ANY_TEXT)
def test_no_text_is_too_strange_for_ris(
    text: str, make_collection: Callable[[Sequence[Publication]], Collection]
) -> None:
    collection = make_collection([make_publication(text)])
    (reference,) = rispy.loads(BY_NAME["ris"].render(collection))
    folded = " ".join(text.splitlines()).strip()
    assert reference["title"] == reference["secondary_title"] == folded
    assert reference["keywords"] == reference["notes"] == [folded]


@PROPERTY
@given(text=ANY_TEXT)
def test_no_text_is_too_strange_for_xml(
    text: str, make_collection: Callable[[Sequence[Publication]], Collection]
) -> None:
    collection = make_collection([make_publication(text)])
    feed = etree.fromstring(BY_NAME["atom"].render(collection).encode())
    (title,) = feed.findall("{*}entry/{*}title")
    kept = [c for c in title.text or "" if c in text]
    assert "".join(kept) == title.text or title.text == "key"


@PROPERTY
@given(
    text=st.text(st.characters(codec="utf-8", exclude_characters="{}\\"), min_size=1)
)
def test_what_the_reader_reads_it_reads_again(
    text: str, make_collection: Callable[[Sequence[Publication]], Collection]
) -> None:
    source = f"@misc{{key, title = {{{text}}}, author = {{A, B}}, year = 2024}}"
    publications = read_library([("x.bib", source)]).publications
    exported = BY_NAME["bibtex"].render(make_collection(publications))
    again = read_library([("export.bib", exported)]).publications
    assert [p.title for p in again] == [p.title for p in publications]
