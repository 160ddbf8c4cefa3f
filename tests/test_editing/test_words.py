"""Titles, venues, names and keys as the house writes them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from labsite.bibtex.keys import is_key, make_key
from labsite.bibtex.parser import BibtexText
from labsite.editing.house_style import clean_name, find_month
from labsite.editing.identifiers import parse_identifier
from labsite.model.records import Creator
from labsite.site.venues import Venues
from labsite.text.html import strip_markup
from labsite.text.latex import decode_plain
from labsite.text.latex_encoding import encode, encode_accents, encode_creators
from labsite.text.titles import is_shouting, tidy_title

if TYPE_CHECKING:
    from collections.abc import Mapping

    from labsite.model.records import Library


def test_a_title_of_the_house_stays_as_it_is(library: Library) -> None:
    titles = [p.field("title") or "" for p in library.publications]
    assert [tidy_title(title) for title in titles] == titles


def test_a_title_without_braces_gets_those_of_the_house(library: Library) -> None:
    titles = [p.field("title") or "" for p in library.publications]
    bare = [re.sub(r"[{}]", "", title) for title in titles]
    differ = [t for t, b in zip(titles, bare, strict=True) if tidy_title(b) != t]
    # That the "G" belongs to a name only somebody who knows the paper can tell.
    assert differ == ["{System G} Distributed Graph Database"]


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("{{A Whole Title in {GPU} Braces}}", "A Whole Title in {GPU} Braces"),
        ("{DANCE:} Differentiable Things", "{DANCE}: Differentiable Things"),
        ("{D}ata{F}ree{S}hield: Defending", "{DataFreeShield}: Defending"),
        ("Fast Tables for {GPU}s", "Fast Tables for {GPUs}"),
        ("{System G} and Its Graphs", "{System G} and Its Graphs"),
        (
            "{Fast} {Multi-GPU} and {High-Throughput} {Search}",
            "Fast Multi-{GPU} and High-Throughput Search",
        ),
        ("Sorting in $O(n \\log N)$ Time", "Sorting in $O(n \\log N)$ Time"),
        ("{T}rees on {G}{P}{U}s and a {T}{P}{U}", "Trees on {GPUs} and a {TPU}"),
        (
            "Sorting $x_{max}$, $H_{12}$ or $x^{10}y$",
            "Sorting $x_{max}$, $H_{12}$ or $x^{10}y$",
        ),
        (
            "{Fast} {Multi-GPU} {On-Chip} Sorting of $x^{10}$",
            "Fast Multi-{GPU} On-Chip Sorting of $x^{10}$",
        ),
        (r"{G}{P}{U}s for \$5 or \emph{a}{b}", r"{GPUs} for \$5 or \emph{a}{b}"),
        (
            "Parallel I/O for vDNN and 3D NoCs",
            "Parallel {I/O} for {vDNN} and {3D} {NoCs}",
        ),
        ("A \\emph{New} Trick.", "A \\emph{New} Trick"),
        ("What Comes Next...", "What Comes Next..."),
        ("{X-Net}: {Low-Latency} Training", "{X-Net}: {Low-Latency} Training"),
        ("Dataflow mirroring: a case", "Dataflow mirroring: a case"),
        ("DATA FREE QUANTIZATION NOW", "DATA FREE QUANTIZATION NOW"),
        ("", ""),
    ],
)
def test_capitals_are_protected_and_no_more(title: str, expected: str) -> None:
    assert tidy_title(title) == expected
    assert tidy_title(expected) == expected


def test_a_title_in_capitals_is_told_from_one_of_acronyms() -> None:
    assert is_shouting("DATA FREE QUANTIZATION")
    assert not is_shouting("GPU NN")
    assert not is_shouting("{GPU} Training")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<i>In situ</i> <scp>GPU</scp>s", "\\emph{In situ} GPUs"),
        ("10<sup>6</sup> nodes", "10\\textsuperscript{6} nodes"),
        ("<jats:p>We <jats:italic>do</jats:italic>.</jats:p>", "We \\emph{do}."),
        ("if x<y and y>z", "if x<y and y>z"),
        ("<i>open", "\\emph{open}"),
        ("shut</i>", "shut"),
    ],
)
def test_html_becomes_latex_or_nothing(text: str, expected: str) -> None:
    assert strip_markup(text) == expected


@pytest.fixture(scope="module")
def macros(bibliography: str) -> Mapping[str, str]:
    """Return value and name of the lab's macros."""
    bibtex = BibtexText()
    bibtex.add_file(bibliography, "publications.bib")
    return bibtex.macro_names


@pytest.fixture(scope="module")
def venues(macros: Mapping[str, str]) -> Venues:
    """Return the lab's venues."""
    return Venues.of(macros.items())


VENUES = """
HPCA | Proc. of HPCA
HPCA | HPCA (2)
HPCA | To appear in HPCA 2026
CVPRW | CVPRW 2024
CVPRW | Proc. of CVPRW
- | HPCA (Companion)
HPCA | 2024 IEEE International Symposium on High-Performance Computer Architecture (HPCA)
HPCA | {IEEE} International Symposium on High-Performance Computer Architecture, {HPCA} 2024, Edinburgh, United Kingdom, March 2-6, 2024
MICRO | Proceedings of the 58th IEEE/ACM International Symposium on Microarchitecture
MICRO | 2024 57th IEEE/ACM International Symposium on Microarchitecture (MICRO)
ISCA | 2024 ACM/IEEE 51st Annual International Symposium on Computer Architecture (ISCA)
ISCA | Proceedings of the 51st Annual International Symposium on Computer Architecture
DATE | Design, Automation {\\&} Test in Europe Conference {\\&} Exhibition, {DATE} 2023, Antwerp, Belgium, April 17-19, 2023
DAC | 2021 58th ACM/IEEE Design Automation Conference (DAC)
ASP-DAC | 2024 29th Asia and South Pacific Design Automation Conference (ASP-DAC)
VLDB | Proc. VLDB Endow.
VLDB_Journal | {VLDB} J.
SIGMOD | Proc. {ACM} Manag. Data
IEEE_TC | {IEEE} Trans. Computers
IEEE_TC | IEEE Trans. Comput.
IEEE_CAL | {IEEE} Comput. Archit. Lett.
ACM_TODAES | {ACM} Trans. Design Autom. Electr. Syst.
IEEE_TCAD | {IEEE} Trans. Comput. Aided Des. Integr. Circuits Syst.
IEEE_TVLSI | {IEEE} Trans. Very Large Scale Integr. Syst.
ACM_JETC | {ACM} J. Emerg. Technol. Comput. Syst.
JSPS | J. Signal Process. Syst.
IEEE_D&T | {IEEE} Des. Test
NeurIPS | Advances in Neural Information Processing Systems
NeurIPS | Advances in Neural Information Processing Systems 36
NeurIPS | The Thirty-ninth Annual Conference on Neural Information Processing Systems
NeurIPS | Advances in Neural Information Processing Systems 34: Annual Conference on Neural Information Processing Systems 2021, NeurIPS 2021, December 6-14, 2021, virtual
ICML | Forty-first International Conference on Machine Learning
MLSys | Eighth Conference on Machine Learning and Systems
MLSys | Proceedings of Machine Learning and Systems
AAAI | Proceedings of the AAAI Conference on Artificial Intelligence
AAAI | Thirty-Ninth {AAAI} Conference on Artificial Intelligence, {IAAI} 2025
IJCAI | Proceedings of the Thirtieth International Joint Conference on Artificial Intelligence, {IJCAI-21}
CVPR | Proceedings of the IEEE/CVF conference on computer vision and pattern recognition
CVPRW | Proceedings of the IEEE/CVF Conference on Computer Vision and Pattern Recognition (CVPR) Workshops
CVPRW | {IEEE/CVF} Conference on Computer Vision and Pattern Recognition, {CVPR} 2024 - Workshops, Seattle, WA, USA, June 17-18, 2024
ICCVW | 2019 IEEE/CVF International Conference on Computer Vision Workshop (ICCVW)
ECCV | Computer Vision -- ECCV 2022
USENIX_ATC | 2025 USENIX Annual Technical Conference (USENIX ATC 25)
EuroSys | Proceedings of the Twentieth European Conference on Computer Systems
ASPLOS | Proceedings of the 28th ACM International Conference on Architectural Support for Programming Languages and Operating Systems, Volume 2
PPoPP | Proceedings of the 29th ACM SIGPLAN Annual Symposium on Principles and Practice of Parallel Programming
IEEE_BigData | 2018 IEEE International Conference on Big Data (Big Data)
ApJ | \\apj
VLSI-SoC | 2013 IFIP/IEEE 21st International Conference on Very Large Scale Integration (VLSI-SoC)
- | Machine Learning
- | IEEE Micro
- | Proceedings of the Companion of the 2023 International Conference on Management of Data
- | Proceedings of the 2024 International Conference on Management of Data
- | 18th USENIX Symposium on Operating Systems Design and Implementation (OSDI 24)
- | ACM Transactions on Computers
- | 2024 IEEE International Conference on Computer Design (ICCD)
- | CoRR
- | 2026 56th Annual IEEE/IFIP International Conference on Dependable Systems and Networks - Supplemental Volume (DSN-S)
- | 2019 International SoC Design Workshop (ISOCC)
- |
"""  # noqa: E501 -- names of venues are long


@pytest.mark.parametrize(
    ("macro", "text"),
    [[part.strip() for part in line.split("|")] for line in VENUES.split("\n") if line],
)
def test_publishers_words_for_a_venue_mean_its_macro_or_none(
    macro: str, text: str, venues: Venues
) -> None:
    found = venues.meaning(text)
    assert (found.macro if found else "-") == macro


def test_every_venue_of_the_house_means_itself(
    macros: Mapping[str, str], venues: Venues
) -> None:
    found = [venues.meaning(value) for value in macros]
    assert [f and f.macro for f in found] == list(macros.values())


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("31st USENIX Security", True),
        ("Proc. USENIX Security", True),
        ("{USENIX} Security '24", True),
        ("Security", False),  # perhaps a journal
    ],
)
def test_a_date_names_a_meeting_as_its_kind_does(text: str, *, known: bool) -> None:
    venues = Venues.of([("USENIX Security Symposium", "SEC")])
    assert (venues.meaning(text) is not None) == known


def test_acms_series_names_the_venue(venues: Venues) -> None:
    name = "Proceedings of the 51st Symposium"
    found = venues.meaning(name, series="ISCA '24")
    assert found
    assert found.macro == "ISCA"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (
            "2023 IEEE 41st International Conference on Computer Design (ICCD)",
            "International Conference on Computer Design",
        ),
        (
            "18th USENIX Symposium on Operating Systems Design (OSDI 24)",
            "USENIX Symposium on Operating Systems Design",
        ),
        (
            "Workshop on Caches, Paths, and Loops, Rome, May 3-5, 2023",
            "Workshop on Caches, Paths, and Loops",
        ),
        (
            "Workshop on Caches, Paths and Loops, Rome, May 3-5, 2023",
            "Workshop on Caches, Paths and Loops",
        ),
        ("Workshop on Plans, June 2024, Rome", "Workshop on Plans"),
        ("ACM SECOND WORKSHOP ON PLANS (Posters)", "ACM WORKSHOP ON PLANS (Posters)"),
        (r"\emph{Habits} of {Old} Caf\'{e}s", r"Habits of Old Caf{\'e}s"),
        (r"{Habits {{Of}} Old Caf\'{e}s}", r"Habits Of Old Caf{\'e}s"),
        ("Workshop on Plans, PLAN 2024", "Workshop on Plans, PLAN"),
        (
            "Workshop on Speech, Text and Images 2024",
            "Workshop on Speech, Text and Images",
        ),
        (
            "Proceedings of the ACM on Graphs",
            "Proceedings of the ACM on Graphs",
        ),
    ],
)
def test_a_new_venue_is_named_without_what_changes_each_year(
    text: str, name: str
) -> None:
    assert clean_name(text) == name


def test_a_meetings_month_is_read_from_its_dates() -> None:
    text = "Symposium on Graphs, Seoul, Korea, October 18-22, 2025"
    assert find_month(text, 2025) == 10
    assert find_month(text, 2024) == 0
    assert find_month("Symposium, Rome, February 25 - March 1, 2023", 2023) == 2


def test_names_are_written_as_the_house_writes_them(library: Library) -> None:
    for publication in library.publications:
        assert encode_creators(publication.creators) == publication.field("author")


@pytest.mark.parametrize(
    ("creator", "expected"),
    [
        (
            Creator(family="Contreras Peña", given="Carlos"),
            r"Contreras Pe{\~n}a, Carlos",
        ),
        (
            Creator(family="Berg", particle="van der", given="Jan", suffix="Jr"),
            "van der Berg, Jr, Jan",
        ),
        (Creator(family="The Example Team"), "{The Example Team}"),
        (Creator(family="Plato"), "Plato"),
        (Creator(family="Rand and Sons"), "{Rand and Sons}"),
        (Creator(family="이", given="진호"), "이, 진호"),
    ],
)
def test_a_name_is_read_back_as_it_was(creator: Creator, expected: str) -> None:
    assert encode_creators((creator,)) == expected


@pytest.mark.parametrize(
    "text",
    ["50% of AT&T's #1 {set}", "G$^3$SA costs $5", "naïve – “x”… α", "a_b ~ c^d \\"],
)
def test_encoded_text_is_decoded_to_itself(text: str) -> None:
    assert encode(text).isascii()
    plain = decode_plain(encode(text))
    shown = plain.translate({0x2DC: "~", 0x2C6: "^"}).replace("...", "…")
    assert shown == text.replace("$^3$", "³")


def test_accents_alone_are_encoded_in_what_is_latex_already() -> None:
    assert encode_accents(r"\emph{Pe{\~n}a} & Gödel") == r"\emph{Pe{\~n}a} & G{\"o}del"


@pytest.mark.parametrize(
    ("family", "year", "title", "expected"),
    [
        ("Kim", 2026, "STARLINC: Satellite Trails", "kim2026starlinc"),
        ("Choi", 2025, "DANCE++: Differentiable", "choi2025dancepp"),
        ("Han", 2025, "G³SA: A Library", "han2025g3sa"),
        ("Lee", 2021, "Dataflow Mirroring: Support", "lee2021dataflowmirroring"),
        ("Noh", 2024, "PID-Comm: A Framework", "noh2024pidcomm"),
        ("Hong", 2022, "Enabling Hard Constraints", "hong2022enabling"),
        ("Peña", 2024, "On the Use of Multi-GPU Systems", "pena2024use"),
        ("Sørensen", 2024, "Why Towards a Trick", "sorensen2024trick"),
        ("Lee", 0, "A", "lee"),
        ("이", 2024, "A Trick", None),
    ],
)
def test_a_key_is_family_name_year_and_the_papers_own_word(
    family: str,
    year: int,
    title: str,
    expected: str | None,
) -> None:
    assert make_key(family, year, title, ()) == expected


def test_a_key_that_is_taken_gets_a_letter_and_then_a_number() -> None:
    taken = {"lee2024trick"}
    assert make_key("Lee", 2024, "Trick", taken) == "lee2024trickb"
    taken |= {f"lee2024trick{chr(code)}" for code in range(ord("b"), ord("z") + 1)}
    assert make_key("Lee", 2024, "Trick", taken) == "lee2024trick-26"


@pytest.mark.parametrize("text", ["", "a key", "a,b", "-a", "a{b", "../a"])
def test_what_cannot_be_a_key_is_none(text: str) -> None:
    assert not is_key(text)


@pytest.mark.parametrize(
    ("text", "doi", "arxiv"),
    [
        ("10.1145/3589258", "10.1145/3589258", None),
        (" https://doi.org/10.1145/3589258\n", "10.1145/3589258", None),
        ("https://dl.acm.org/doi/abs/10.1145/3589258", "10.1145/3589258", None),
        ("10.48550/arXiv.2403.06664", None, "2403.06664"),
        ("2403.06664v2", None, "2403.06664"),
        ("arXiv:2403.06664", None, "2403.06664"),
        ("https://arxiv.org/pdf/2403.06664", None, "2403.06664"),
        ("cs/0101001", None, "cs/0101001"),
        ("https://huggingface.co/papers/2403.06664", None, "2403.06664"),
        ("https://www.science.org/doi/full/10.1126/sci.adx1", "10.1126/sci.adx1", None),
        ("https://pubs.acs.org/doi/10.1021/acs.1/full", "10.1021/acs.1", None),
        ("https://www.biorxiv.org/content/10.1101/24.1v2", "10.1101/24.1", None),
    ],
)
def test_an_identifier_is_known_bare_or_as_an_address(
    text: str, doi: str | None, arxiv: str | None
) -> None:
    found = parse_identifier(text)
    assert found is not None
    assert (found.doi, found.arxiv) == (doi, arxiv)


@pytest.mark.parametrize("text", ["", "10.1145", "https://example.org/", "@misc{a,}"])
def test_anything_else_is_no_identifier(text: str) -> None:
    assert parse_identifier(text) is None
