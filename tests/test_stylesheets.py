"""One stylesheet out of several, with only what some page can use."""

from __future__ import annotations

import pytest

from labsite.sphinx.stylesheet import can_join, find_names, find_words, reduce_sheet


def kept(css: str, *names: str) -> str:
    """Return what is kept of a sheet, on one line, for pages with these names."""
    return reduce_sheet(css, set(names))


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
        ".unused:is(.used, p)",
    ],
)
def test_a_rule_that_matches_nothing_is_left_out(selector: str) -> None:
    assert kept(f"{selector} {{ color: red }}", "used") == ""


def test_a_rule_stays_whole_for_one_selector_that_can_match() -> None:
    assert kept(".a, .b{color: red}", "a") == ".a, .b{color: red}"
    assert kept(".a, .b{color: red}", "c") == ""


def test_a_name_that_a_script_puts_together_keeps_all_that_it_begins() -> None:
    css = ".item-one { color: red } .items { color: blue }"
    assert kept(css, "item-") == ".item-one{color: red}"


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
        "margin: -1px calc(1px + 2 * 3px) !important",
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
    assert kept(css, "used") == f"{rule}{{.used{{color: red}}}}"


def test_a_group_with_nothing_left_is_left_out() -> None:
    css = "@media print { @supports (gap: 0) { .unused { gap: 0 } } }"
    assert kept(css) == ""


def test_rules_inside_a_rule_stay_with_it() -> None:
    css = ".used { color: red; &:hover { color: blue } }"
    assert kept(css, "used") == ".used{color: red;&:hover{color: blue}}"
    assert kept(css) == ""


def test_an_escape_is_never_a_reason_to_leave_a_rule_out() -> None:
    assert kept(r".a\:unused { color: red }") == r".a\:unused{color: red}"


def test_rules_without_a_selector_stay() -> None:
    css = "@page{margin: 1cm}@font-face{src: url(a)}"
    assert kept(css) == css


def test_animations_stay() -> None:
    css = "@keyframes grow { to { opacity: 0 } } .used { animation: grow 1s }"
    assert kept(css, "used") == (
        "@keyframes grow{to{opacity: 0}}.used{animation: grow 1s}"
    )


def test_an_empty_value_stays_a_value() -> None:
    assert "--a: ;" in kept("p { --a: ; margin: var(--a) }")


@pytest.mark.parametrize("unit", ["a", "@", "@a{", "(", "[", "url("])
def test_a_sheet_without_rules_takes_no_time(unit: str) -> None:
    assert kept(unit * 100_000) == unit * 100_000


# ---- Comments and addresses ----


def test_comments_go() -> None:
    assert kept("/* { */ p { color: red } /* open") == "p{color: red}"


@pytest.mark.parametrize(
    "css",
    [
        '@charset "latin-1"; p { color: red }',
        "@import url('fonts.css');",
        "/*! By Somebody */ p { color: red }",
        "p { background: url(a.png) }",
        'p { background: url( "../a.png") }',
        "p { color: red",
        "@media {",
    ],
)
def test_a_sheet_that_means_something_else_elsewhere_stays_by_itself(css: str) -> None:
    assert not can_join(css)


@pytest.mark.parametrize("address", ["/a.png", "#clip", "data:image/svg+xml,x"])
@pytest.mark.parametrize("quote", ["", '"'])
def test_addresses_that_count_from_nowhere_stay(address: str, quote: str) -> None:
    css = f"p{{background: url({quote}{address}{quote})}}"
    assert can_join(css)
    assert kept(css) == css


# ---- What pages and scripts have ----


def test_classes_and_ids_of_a_page_are_found() -> None:
    page = '<p id="one" class="two  three">class="four"</p>'
    assert set(find_names(page)) == {"one", "two", "three"}


def test_every_word_of_a_script_may_be_a_class() -> None:
    script = "e.classList.add(`item-${kind}`, 'is-open', 'on'); root.dataset.theme"
    assert {"item-", "is-open", "on", "theme"} <= set(find_words(script))


def test_strings_may_hold_the_syntax_of_rules() -> None:
    css = (
        """p{mask:url("data:image/svg+xml;base64,PHN2Zz4=");color:red}"""
        """q::before{content:"a{}";color:blue}"""
    )
    assert kept(css) == css
