"""One stylesheet out of several, with only what some page can use."""

from __future__ import annotations

import pytest

from labsite.sphinx.css_rules import combine, find_names, find_words

PLACE = "_static/all.css"


def kept(css: str, *names: str) -> str:
    """Return what is kept of a sheet, on one line, for pages with these names."""
    return combine([("_static/one.css", css)], set(names), PLACE).strip()


@pytest.mark.parametrize(
    "selector",
    [
        ".used",
        "#used",
        "p",
        "a.used > #used",
        "[data-x]",
        "p:hover",
        "::selection",
        "*",
        "a:not(.unused)",
        ":is(.unused, .used)",
        "p:has(> .used)",
        "li:nth-child(2)",
    ],
)
def test_a_rule_that_can_match_is_kept(selector: str) -> None:
    assert "color" in kept(f"{selector} {{ color: red }}", "used")


@pytest.mark.parametrize(
    "selector",
    [
        ".unused",
        "#unused",
        ".used.unused",
        ".unused p",
        "p > .unused:hover",
        ":is(.unused, #unused)",
        "p:has(> .unused)",
        ":where(.unused) .used",
    ],
)
def test_a_rule_that_matches_nothing_is_left_out(selector: str) -> None:
    assert kept(f"{selector} {{ color: red }}", "used") == ""


def test_of_several_selectors_those_that_can_match_are_kept() -> None:
    assert kept(".a, .b > p, .c { color: red }", "a", "c") == ".a,.c{color:red}"


def test_a_name_that_a_script_puts_together_keeps_all_that_it_begins() -> None:
    css = ".item-one { color: red } .items { color: blue }"
    assert kept(css, "item-") == ".item-one{color:red}"


def test_rules_keep_their_order_over_the_sheets() -> None:
    sheets = [("a.css", "p { color: red }"), ("b.css", "p { color: blue }")]
    assert combine(sheets, set(), "c.css") == "p{color:red}p{color:blue}\n"


def test_values_mean_what_they_meant() -> None:
    css = """p {
        background: url("a b.png") no-repeat, linear-gradient(#fff, rgb(0 0 0 / 8%));
        content: "}; \\201c";
        margin: -1px calc(1px + 2 * 3px) !important;
    }"""
    text = kept(css)
    for value in (
        'url("a b.png") no-repeat',
        "linear-gradient(#fff, rgb(0 0 0 / 8%))",
        r'"}; \201c"',
        "margin:-1px calc(1px + 2 * 3px)!important",
    ):
        assert value in text


# ---- At-rules ----


@pytest.mark.parametrize(
    "rule",
    [
        "@media (min-width: 60rem)",
        "@supports (display: grid)",
        "@container article (min-width: 60rem)",
        "@layer base",
    ],
)
def test_a_group_keeps_those_of_its_rules_that_can_match(rule: str) -> None:
    css = f"{rule} {{ .used {{ color: red }} .unused {{ color: blue }} }}"
    assert kept(css, "used") == f"{rule}{{.used{{color:red}}}}"


def test_a_group_with_nothing_left_is_left_out() -> None:
    css = "@media print { @supports (gap: 0) { .unused { gap: 0 } } }"
    assert kept(css) == ""


def test_rules_inside_a_rule_stay_with_it() -> None:
    text = kept(".used { color: red; &:hover { color: blue } }", "used")
    assert text == ".used{color:red;&:hover{color:blue}}"


def test_an_encoding_of_one_sheet_is_not_said_of_all() -> None:
    assert kept('@charset "latin-1"; p { color: red }') == "p{color:red}"


def test_only_animations_and_faces_that_are_asked_for_are_kept() -> None:
    css = """
    @keyframes used { to { opacity: 0 } } @keyframes unused { to { opacity: 0 } }
    @font-face { font-family: "Used Face"; src: url(a.woff2) }
    @font-face { font-family: "Unused Face"; src: url(b.woff2) }
    p { animation: used 1s; font-family: "Used Face" }
    """
    text = kept(css)
    assert "@keyframes used" in text
    assert "Used Face" in text
    assert "unused" not in text
    assert "Unused" not in text


# ---- Custom properties ----


def test_a_property_that_nothing_reads_is_left_out_and_what_it_alone_reads() -> None:
    css = ":root { --a: var(--b); --b: 1px; --c: 2px } p { margin: var(--c) }"
    assert kept(css) == ":root{--c:2px}p{margin:var(--c)}"


def test_a_property_that_a_page_reads_is_kept() -> None:
    assert kept(":root { --a: 1px }", "--a") == ":root{--a:1px}"


def test_a_property_that_reads_itself_alone_is_left_out() -> None:
    assert kept("p { --a: var(--b); --b: 2px }") == ""


def test_an_empty_value_stays_a_value() -> None:
    assert "--a: ;" in kept("p { --a: ; margin: var(--a) }")


# ---- Comments and addresses ----


def test_notices_of_copyright_stay_once_and_at_the_head() -> None:
    sheet = "/*! By Somebody */ /* not this */ p { color: red }"
    text = combine([("a.css", sheet), ("b.css", sheet)], set(), "c.css")
    assert text.startswith("/*! By Somebody */\n")
    assert text.count("By Somebody") == 1
    assert "not this" not in text


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("a.png", "theme/a.png"),
        ("../fonts/a.woff2", "fonts/a.woff2"),
        ("/a.png", "/a.png"),
        ("#clip", "#clip"),
        ("https://lab.example/a.png", "https://lab.example/a.png"),
        ("data:image/svg+xml,x", "data:image/svg+xml,x"),
    ],
)
@pytest.mark.parametrize("quote", ["", '"'])
def test_an_address_leads_where_it_led(address: str, expected: str, quote: str) -> None:
    css = f"p {{ background: url({quote}{address}{quote}) }}"
    text = combine([("_static/theme/one.css", css)], set(), PLACE)
    assert f'url("{expected}")' in text or f"url({expected})" in text


def test_addresses_inside_groups_are_counted_anew_too() -> None:
    css = "@media print { p { background: url(a.png) } }"
    assert 'url("x/a.png")' in combine([("x/one.css", css)], set(), "all.css")


@pytest.mark.parametrize(
    "css", ["p { color: red", "} p { color: red }", "@media {", ""]
)
def test_a_broken_sheet_is_read_as_browsers_do(css: str) -> None:
    assert combine(
        [("a.css", css), ("b.css", "q { gap: 0 }")], set(), "c.css"
    ).endswith("q{gap:0}\n")


# ---- What pages and scripts have ----


def test_classes_ids_and_properties_of_a_page_are_found() -> None:
    page = '<p id="one" class="two  three" style="color: var(--four)">class="five"</p>'
    assert {"one", "two", "three", "--four"} <= set(find_names(page))


def test_every_word_of_a_script_may_be_a_class() -> None:
    script = "e.classList.add(`item-${kind}`, 'is-open'); root.dataset.theme"
    assert {"item-", "is-open", "theme"} <= set(find_words(script))
