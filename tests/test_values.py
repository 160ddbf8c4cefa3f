from __future__ import annotations

import pytest

from labsite.model.dates import PartialDate, parse_date, parse_month, parse_year
from labsite.text.values import (
    parse_address,
    parse_arxiv,
    parse_doi,
    parse_flag,
    parse_tokens,
)


@pytest.mark.parametrize(
    ("text", "year"),
    [("2026", 2026), (" 1987 ", 1987), ("26", None), ("2026a", None),
     ("in press", None), ("20260", None), ("", None), ("٢٠٢٦", None),
     ("(circa 1912)", 1912), ("{1912}", 1912), ("c. 1912.", 1912),
     ("{\\noopsort{1890b}}1912", 1912), ("1911--1912", 1912)],
)  # fmt: skip
def test_a_year_ends_in_four_digits(text: str, year: int | None) -> None:
    assert parse_year(text) == year


@pytest.mark.parametrize(
    ("text", "month", "day"),
    [
        ("January", 1, 0), ("december", 12, 0), ("Feb.", 2, 0), ("SEP", 9, 0),
        ("Sept.", 9, 0), ("3", 3, 0), ("03", 3, 0), ("12", 12, 0),
        ("March 5", 3, 5), ("March~5", 3, 5), ("5 March", 3, 5), ("Mar. 05", 3, 5),
        ("May 3--5", 5, 3), ("3--5 May", 5, 3), ("Oct 2nd", 10, 2),
        ("May/June", 5, 0), ("May--June", 5, 0), ("May 31 -- June 2", 5, 31),
        ("March 2026", 3, 0), ("March 32", 3, 0),
        ("Mai", 5, 0), ("5. Dezember", 12, 5), ("juillet", 7, 0), ("5월", 5, 0),
        ("desember", 12, 0), ("mrt", 3, 0), ("noiembrie", 11, 0), ("marraskuu", 11, 0),
        ("října", 10, 0), ("Septem", 9, 0), ("января", 1, 0),
        ("Fevrier", 2, 0), ("aout", 8, 0), ("Septemeber 5", 9, 5),
    ],
)  # fmt: skip
def test_a_month_is_understood(text: str, month: int, day: int) -> None:
    assert parse_month(text) == (month, day)


@pytest.mark.parametrize(
    "text", ["", "Summer", "0", "13", "2026-05", "soon", "General", "magazine", "ma"]
)
def test_what_is_no_month_is_none(text: str) -> None:
    assert parse_month(text) is None


def test_a_month_of_five_thousand_digits_is_none() -> None:
    assert parse_month("9" * 5000) is None


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2026", PartialDate(2026)),
        ("2026-02", PartialDate(2026, 2)),
        ("2026-02-14", PartialDate(2026, 2, 14)),
        (" 2026-02-14 ", PartialDate(2026, 2, 14)),
        ("2024-02-29", PartialDate(2024, 2, 29)),
        ("2026-2-4", PartialDate(2026, 2, 4)),
    ],
)
def test_a_date_is_as_exact_as_it_is_written(text: str, date: PartialDate) -> None:
    assert parse_date(text) == date


@pytest.mark.parametrize(
    "text",
    ["", "2026-13", "2026-02/", "2026-02-32", "2026-02-30", "2025-02-29", "2026-04-31",
     "February 2026", "14.02.2026", "26-02", "/2026", "2026-00", "2026-03-00",
     "2026/03", "2026-03-14T12:00", "２０２６"],
)  # fmt: skip
def test_what_is_no_date_is_none(text: str) -> None:
    assert parse_date(text) is None


@pytest.mark.parametrize(
    ("text", "doi"),
    [
        ("10.1145/3589258", "10.1145/3589258"),
        (" 10.1145/3589258 ", "10.1145/3589258"),
        ("https://doi.org/10.1145/3589258", "10.1145/3589258"),
        ("http://dx.doi.org/10.1145/3589258", "10.1145/3589258"),
        ("https://www.doi.org/10.1145/3589258", "10.1145/3589258"),
        ("doi:10.1145/3589258", "10.1145/3589258"),
        ("DOI: 10.1145/3589258", "10.1145/3589258"),
        ("doi.org/10.1145/3589258", "10.1145/3589258"),
        (r"10.1007/978-3-319\_1", "10.1007/978-3-319_1"),
        (r"10.1007/978-3-319{\_}1", "10.1007/978-3-319_1"),
        ("https://doi.org/10.1002/%28SICI%291", "10.1002/(SICI)1"),
        (r"10.1002/\%28SICI\%291", "10.1002/(SICI)1"),
        ("10.1002/1&lt;2::A&gt;3", "10.1002/1<2::A>3"),
        (r"\detokenize{10.1007/1_2}", "10.1007/1_2"),
        ("10.1002/(SICI)1<1::AID-1>3.0.CO;2-2", "10.1002/(SICI)1<1::AID-1>3.0.CO;2-2"),
        ("10.1000.10/123", "10.1000.10/123"),
        ("http://doi.acm.org/10.1145/3589258", "10.1145/3589258"),
        ("https://doi-org.library.example/10.1145/3589258", "10.1145/3589258"),
        ("https://dl.acm.org/doi/10.1145/3589258", "10.1145/3589258"),
        ("https://example.org/doi/abs/10.1145/3589258?a=b", "10.1145/3589258"),
        ("DOI 10.1145/3589258", "10.1145/3589258"),
        ("10.1145/doi/5", "10.1145/doi/5"),
        ("info:doi/10.1145/3589258", "10.1145/3589258"),
        ("urn:doi:10.1145/3589258", "10.1145/3589258"),
        (r"\doi{10.1145/3589258}", "10.1145/3589258"),
        ("10.1145/3589258.", "10.1145/3589258"),
        ("10.1145/3589258, 10.1145/1", "10.1145/3589258"),
        ("DOI: 10.1145/3589258; https://e.example", "10.1145/3589258"),
    ],
)
def test_a_doi_is_bare_however_it_is_written(text: str, doi: str) -> None:
    assert parse_doi(text) == doi


@pytest.mark.parametrize(
    "text",
    ["", "10.1145", "10.1145/", "3589258", "11.1145/1", "10.1145/a b", "n/a",
     "https://doi.org/10.1145/a%00b",
     "https://example.org/doi/pdf/10.1145/1", "https://example.org/doi/10.1145/1.pdf"],
)  # fmt: skip
def test_what_is_no_doi_is_none(text: str) -> None:
    assert parse_doi(text) is None


@pytest.mark.parametrize(
    ("text", "arxiv"),
    [
        ("2403.06664", "2403.06664"),
        ("0704.0001", "0704.0001"),
        ("2403.06664v2", "2403.06664v2"),
        ("arXiv:2403.06664", "2403.06664"),
        ("arxiv: 2403.06664", "2403.06664"),
        ("ARXIV:2403.06664", "2403.06664"),
        ("abs/2403.06664", "2403.06664"),
        ("2403.06664 [cs.LG]", "2403.06664"),
        ("https://arxiv.org/abs/2403.06664", "2403.06664"),
        ("http://arxiv.org/pdf/2403.06664.pdf", "2403.06664"),
        ("https://arxiv.org/pdf/2403.06664v1", "2403.06664v1"),
        ("https://arxiv.org/html/2403.06664v1", "2403.06664v1"),
        ("https://www.arxiv.org/abs/2403.06664", "2403.06664"),
        ("https://export.arxiv.org/abs/2403.06664", "2403.06664"),
        ("arxiv.org/abs/2403.06664", "2403.06664"),
        ("https://doi.org/10.48550/arXiv.2403.06664", "2403.06664"),
        ("cs/0701001", "cs/0701001"),
        ("math.GT/0309136", "math.GT/0309136"),
        ("hep-th/9901001v2", "hep-th/9901001v2"),
    ],
)
def test_an_arxiv_identifier_is_bare_however_it_is_written(
    text: str, arxiv: str
) -> None:
    assert parse_arxiv(text) == arxiv


@pytest.mark.parametrize(
    "text",
    ["", "2403.066", "24.06664", "2403.066641", "https://example.org/abs/2403.06664",
     "２４０３.06664", "to appear"],
)  # fmt: skip
def test_what_is_no_arxiv_identifier_is_none(text: str) -> None:
    assert parse_arxiv(text) is None


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("https://example.org", "https://example.org"),
        ("HTTP://example.org/a", "HTTP://example.org/a"),
        ("https://example.org/a?b=c&d=e#f", "https://example.org/a?b=c&d=e#f"),
        ("https://example.org/한국어", "https://example.org/한국어"),
        ("https://example.org:8080/~kim", "https://example.org:8080/~kim"),
        (r"https://example.org/a\_b\%20c\&d\#e", "https://example.org/a_b%20c&d#e"),
        (r"https://example.org/a{\_}b", "https://example.org/a_b"),
        (r"https://example.org/\string~a{\allowbreak}b", "https://example.org/~ab"),
        ("https://example.org/?a=1&amp;b=2", "https://example.org/?a=1&b=2"),
        (r"\burl{https://example.org/}", "https://example.org/"),
        (r"\url{https://example.org/a_b}", "https://example.org/a_b"),
        ("papers/kim2026.pdf", "papers/kim2026.pdf"),
        ("/papers/kim2026.pdf", "papers/kim2026.pdf"),
        ("./kim2026.pdf", "./kim2026.pdf"),
        ("kim2026.pdf#page=2", "kim2026.pdf#page=2"),
        ("a..b/c...d.pdf", "a..b/c...d.pdf"),
        ("www.example.org/a", "http://www.example.org/a"),
        ("10.1145/1", "https://doi.org/10.1145/1"),
        ("http://dx.doi.org/10.1002/4:4<A>2", "https://doi.org/10.1002/4:4%3CA%3E2"),
        ("https://doi.org/10.5281/z.1?v=2", "https://doi.org/10.5281/z.1?v=2"),
        ("<https://example.org/a>", "https://example.org/a"),
        ("https://example.org/a https://example.org/b", "https://example.org/a"),
        ("https://example.org/a;\n http://example.org", "https://example.org/a"),
    ],
)
def test_an_address_is_one_a_page_can_link_to(text: str, address: str) -> None:
    assert parse_address(text) == address


REFUSED = {
    "script": "javascript:alert(1)",
    "script in mixed case": "JaVaScRiPt:alert(1)",
    "script with a tab": "java\tscript:alert(1)",
    "script after a control character": "\x01javascript:alert(1)",
    "script as a path": "./javascript:alert(1)",
    "another script": "vbscript:x",
    "data": "data:text/html,<script>alert(1)</script>",
    "file": "file:///etc/passwd",
    "blob": "blob:https://example.org/1",
    "mail": "mailto:kim@example.org",
    "unknown scheme": "ftp://example.org/a",
    "without a scheme": "//example.org/a",
    "many slashes": "///example.org/a",
    "slash and backslash": "/\\example.org",
    "Windows share": r"\\example\a",
    "Windows path": r"C:\a.pdf",
    "above the site": "../secret.pdf",
    "above the site, later": "a/../../secret.pdf",
    "above the site, encoded": "%2e%2E/secret.pdf",
    "no host": "https://",
    "only a scheme": "https:a",
    "one slash": "http:/a",
    "broken host": "http://[",
    "space": "https://example.org/a b",
    "remark": "https://example.org/a/ accessed",
    "quote": 'https://example.org/"onclick="alert(1)',
    "angle bracket": "https://example.org/<script>",
    "control character": "https://example.org/\x85a",
    "line separator": "https://example.org/\u2028a",
    "reversed text": "https://example.org/\u202efdp.exe",
    "only a fragment": "#a",
    "nothing": "",
    "brace": "{https://example.org",
}


@pytest.mark.parametrize("text", [pytest.param(t, id=n) for n, t in REFUSED.items()])
def test_an_address_that_does_harm_is_refused(text: str) -> None:
    assert parse_address(text) is None


@pytest.mark.parametrize(
    ("text", "tokens"),
    [("a, b", ("a", "b")), ("a;b", ("a", "b")), ("b,a,b", ("b", "a")), (" , ;", ()),
     ("a b", ("a b",)), ("A, a", ("A", "a"))],
)  # fmt: skip
def test_tokens_are_told_apart(text: str, tokens: tuple[str, ...]) -> None:
    assert parse_tokens(text) == tokens


@pytest.mark.parametrize(
    ("text", "flag"),
    [("true", True), ("True", True), (" yes ", True), ("1", True), ("false", False),
     ("no", False), ("0", False), ("", False)],
)  # fmt: skip
def test_a_flag_is_true_or_false(text: str, flag: bool) -> None:
    assert parse_flag(text) is flag
