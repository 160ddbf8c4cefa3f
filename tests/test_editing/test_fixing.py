"""What ``labsite fix`` corrects, and what it leaves alone."""

from __future__ import annotations

import re
from itertools import permutations
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labsite.bibtex.reader import read_library
from labsite.editing.fix import fix_files
from labsite.editing.source import Change, Edit, SourceText, diff
from labsite.model.problems import LabsiteError

if TYPE_CHECKING:
    from collections.abc import Callable

MACRO = '@string{HPCA = "Symposium on Computers \\& More"}\n\n'


def fix(text: str | bytes) -> Change:
    data = text.encode() if isinstance(text, str) else text
    (fixed,) = fix_files([("lab.bib", data)])
    return fixed


def fixed_text(text: str) -> str:
    return fix(text).after.decode()


def entry(*fields: str, key: str = "a") -> str:
    lines = "".join(f"  {field},\n" for field in fields)
    return f"@article{{{key},\n{lines}}}\n"


TITLE = "title         = {T}"

MENDED = {
    "DOI with an address": (
        "doi           = {https://doi.org/10.1145/3589258}",
        "doi           = {10.1145/3589258}",
    ),
    "DOI with escapes": (
        "doi           = {doi:10.1007/978-3-030\\_24}",
        "doi           = {10.1007/978-3-030_24}",
    ),
    "DOI in a command": (
        "doi           = {\\url{https://dx.doi.org/10.1145/3589258}}",
        "doi           = {10.1145/3589258}",
    ),
    "DOI under url": (
        "url           = {https://doi.org/10.1145/3589258}",
        "doi           = {10.1145/3589258}",
    ),
    "arXiv under url": (
        "url           = {https://arxiv.org/abs/2403.06664}",
        "eprint        = {2403.06664},\n  archiveprefix = {arXiv}",
    ),
    "arXiv's own DOI under url": (
        "url           = {https://doi.org/10.48550/arXiv.2403.06664}",
        "eprint        = {2403.06664},\n  archiveprefix = {arXiv}",
    ),
    "arXiv with an address": (
        "eprint        = {https://arxiv.org/abs/2403.06664}",
        "eprint        = {2403.06664}",
    ),
    "arXiv with a prefix": (
        "eprint        = {arXiv:2403.06664v2}",
        "eprint        = {2403.06664v2}",
    ),
    "spaces": (
        "author        = { Roe,  Jane\tand Doe, John }",
        "author        = {Roe, Jane and Doe, John}",
    ),
    "line break": (
        "author        = {Roe, Jane\n    and Doe, John}",
        "author        = {Roe, Jane and Doe, John}",
    ),
    "space after a backslash": ("note          = {a\\  }", "note          = {a\\ }"),
    "month by name": ("month         = {February}", "month         = feb"),
    "month by abbreviation": ('month         = "Sept."', "month         = sep"),
    "month by number": ("month         = {02}", "month         = feb"),
    "month as a word": ("month         = June", "month         = jun"),
    "entity": ("note          = {A &amp; B}", "note          = {A \\& B}"),
    "entity, escaped": ("note          = {A \\&amp; B}", "note          = {A \\& B}"),
    "entity, escaped twice": ("note          = {\\\\&lt;}", "note          = {<}"),
    "entity of an entity": ("note          = {&amp;lt;}", "note          = {<}"),
    "entity by number": ("note          = {Pe&#241;a}", "note          = {Peña}"),
    "entity of a brace": (
        "note          = {&#123;}",
        "note          = {\\textbraceleft{}}",
    ),
    "entity of a space": ("note          = {a&nbsp; b}", "note          = {a b}"),
    "entity in an address": (
        "pdf           = {https://example.org/?a=1&amp;b=2}",
        "pdf           = {https://example.org/?a=1&b=2}",
    ),
    "ligature": ("note          = {e\ufb03cient}", "note          = {efficient}"),
    "soft hyphen": ("note          = {effi\u00adcient}", "note          = {efficient}"),
    "pages": ("pages         = {12-24}", "pages         = {12--24}"),
    "pages with their sign": (
        "pages         = {pp. 12-24}",
        "pages         = {12--24}",
    ),
    "pages with those of a supplement": (
        "pages         = {1001-1015.e8}",
        "pages         = {1001--1015.e8}",
    ),
    "pages with a dash": ("pages         = {12 – 24}", "pages         = {12--24}"),
    "pages of articles": (
        "pages         = {23:1-23:19, e7-e9}",
        "pages         = {23:1--23:19, e7--e9}",
    ),
    "tag": (
        "note          = {The <i>new</i> way}",
        "note          = {The \\emph{new} way}",
    ),
    "tag in a tag": (
        "note          = {<jats:p>H<sub>2</sub>O is <b>it</b></jats:p>}",
        "note          = {H\\textsubscript{2}O is it}",
    ),
    "tag as entities": (
        "note          = {&lt;i&gt;E. coli&lt;/i&gt;}",
        "note          = {\\emph{E. coli}}",
    ),
}


@pytest.mark.parametrize("what", MENDED)
def test_a_field_is_mended_and_nothing_else(what: str) -> None:
    before, after = MENDED[what]
    other = entry("title         = {Other - T}", key="b")
    year = "year          = {2024}"
    text = MACRO + entry(TITLE, year, before) + "\n% a  remark\n" + other
    assert fixed_text(text) == text.replace(before, after)
    assert fixed_text(fixed_text(text)) == fixed_text(text)


@pytest.mark.parametrize(
    "field",
    [
        "pages         = {A-12}",
        "volume        = {Vol. 17}",
        "pages         = {1--9}",
        "pages         = {in press}",
        "month         = {March 5}",
        "month         = {5March}",
        'month         = mar # "~5"',
        "month         = {}",
        "doi           = {none yet}",
        "eprint        = {hal-00000000}",
        "url           = {https://doi.org/}",
        "doi           = {https://doi.org/10.1145/%7B1}",
        "pdf           = {https://example.org/&#123;}",
        "note          = {AT&T; B &unknown; C &#0;}",
        "note          = {R&D;}",
        'note          = {a} # " and  " # HPCA',
        "abstract      = {One.\n\n    Two\n  lines.}",
        "journal       = HPCA",
        "journal       = {Symposium on Computers \\& More}",
        "note          = {When $a<b$ and x<i>y}",
        "note          = {<i>$a</i>$}",
        "note          = {<i>a}",
        "note          = {<what>a</what>}",
        "author        = {Roe, Jane<sup>1</sup>}",
        "author        = {}",
    ],
)
def test_what_is_right_or_means_something_stays(field: str) -> None:
    text = MACRO + entry(TITLE, field)
    assert fixed_text(text) == text


def test_an_identifier_that_is_there_already_is_not_written_twice() -> None:
    url = "url           = {https://doi.org/10.1145/3589258}"
    text = entry(TITLE, "doi           = {10.1145/3589258}", url)
    assert fixed_text(text) == text


@pytest.mark.parametrize(
    "text",
    [
        '@Article{a, Title="T", year=2024}\n',
        "@article(a,\n  title = {T},\n  year = {2024})\n",
        '@ARTICLE { a ,\n\ttitle = "T" , year = "2024"\n}\n',
        "@article{a,\n  title         = {T},\n  year          = {2024}\n}\n",
    ],
)
def test_an_entry_with_another_layout_is_laid_out(text: str) -> None:
    expected = entry(TITLE, "year          = {2024}")
    assert fixed_text(f"% remark\n{text}%  end") == f"% remark\n{expected}%  end"


def test_comments_within_an_entry_move_above_it() -> None:
    text = """@misc{k,
  % first {odd
  title = {T}, % behind
  note = "A" # % joined
    "B",
  year = 2026 % @misc{last }
}
"""
    assert (
        fixed_text(text)
        == """% first {odd
% behind
% joined
% @misc{last }
@misc{k,
  title         = {T},
  note          = "A" # "B",
  year          = {2026},
}
"""
    )


def test_a_value_in_quotes_keeps_its_quotes_inside() -> None:
    text = '@misc{a, title = "G{\\"o}del {"}and{"} $x$"}'
    assert fixed_text(text) == (
        '@misc{a,\n  title         = {G{\\"o}del {"}and{"} $x$},\n}'
    )


@pytest.mark.parametrize(
    "broken",
    [
        "@article{b,\n  title = {A  B,\n  doi = {https://doi.org/10.1145/1},\n}\n",
        "@article{b,\n  title = {A  B}\n  month = {February},\n}\n",
        "article{b,\n  title = {A  B},\n}\n",
        "@article{b\n  title = {A  B},\n",
    ],
)
def test_an_entry_that_cannot_be_read_is_not_touched(broken: str) -> None:
    dated = entry(TITLE, "year          = {1999}")
    newer = entry("title         = {T  T}", "year          = {2026}", key="c")
    fixed = fix(dated + "\n" + broken + "\n" + newer)
    assert fixed.after.decode() == (
        dated + "\n" + broken + "\n" + newer.replace("T  T", "T T")
    )
    assert "left alone" in fixed.notes[0]


def test_commas_that_bibtex_refuses_are_mended() -> None:
    fixed = fix("@article{a title = {T},,\n}\n")
    assert (fixed.after.decode(), fixed.notes) == (entry(TITLE), ())


def paper(year: int, key: str) -> str:
    return entry(TITLE, f"year          = {{{year}}}", key=key).rstrip()


@pytest.mark.parametrize("order", list(permutations([0, 1, 2])))
def test_entries_come_newest_first_with_the_comments_above_them(
    order: tuple[int, ...],
) -> None:
    header = "% The papers of a lab.\n\n" + MACRO
    version = "  related       = {b},\n}"
    blocks = [
        "% of 2026\n" + paper(2026, "a").removesuffix("}") + version + " % behind",
        paper(2025, "b"),
        "% of 2024\n\n% really\n" + paper(2024, "c"),
    ]
    if order[0] == 2:
        # Above the first entry a blank line parts the file's comments from its own.
        blocks[2] = blocks[2].replace("\n\n", "\n")
    footer = "\n\n% The end.\n"
    text = header + "\n\n".join(blocks[i] for i in order) + footer
    assert fixed_text(text) == header + "\n\n".join(blocks) + footer


def test_sets_and_data_for_entries_come_behind_them() -> None:
    data = "@set{s,\n  entryset      = {a, b},\n}"
    text = f"{paper(2024, 'a')}\n\n{data}\n\n{paper(2026, 'b')}\n"
    expected = f"{paper(2026, 'b')}\n\n{paper(2024, 'a')}\n\n{data}\n"
    assert fixed_text(text) == expected


@pytest.mark.parametrize(
    "between",
    [
        '@preamble{"\\newcommand{\\x}{y}"}\n',
        "@article{z,\n  title = {open,\n}\n",
        paper(2023, "A") + "\n",
        paper(202, "z") + "\n",
        entry(TITLE, "crossref      = {a}", key="x"),
    ],
)
def test_the_order_is_left_alone_where_moving_might_change_a_meaning(
    between: str,
) -> None:
    text = f"{paper(2024, 'a')}\n\n{between}\n{paper(2026, 'b')}\n"
    fixed = fix(text)
    assert fixed.after.decode() == text
    assert "the order was left alone" in fixed.notes[-1]


def test_a_definition_below_its_use_moves_above_the_entries() -> None:
    entries = [
        entry("booktitle     = HERE", "year          = {2025}", key="a"),
        entry("booktitle     = HERE", "year          = {2024}", key="b"),
    ]
    text = f'% Head.\n\n{entries[0]}\n@string{{HERE = "A Meeting"}}\n\n{entries[1]}\n'
    assert fixed_text(text) == (
        f'% Head.\n\n@string{{HERE = "A Meeting"}}\n\n{entries[0]}\n\n{entries[1]}\n'
    )


def test_a_file_of_an_unfinished_merge_is_refused() -> None:
    text = "<<<<<<< HEAD\n@misc{a}\n=======\n@misc{b}\n>>>>>>> theirs\n"
    with pytest.raises(LabsiteError, match="line 1: a merge was not finished"):
        fix(text)


def test_line_ends_byte_order_mark_and_a_missing_end_stay() -> None:
    old = '@misc{a, title="T"}\r\n% x\r\n\n@misc{b,\r\n  title         = {U  V},\n}'
    fixed = fix(b"\xef\xbb\xbf" + old.encode())
    assert fixed.after == (
        b"\xef\xbb\xbf@misc{a,\r\n  title         = {T},\r\n}\r\n% x\r\n\n"
        b"@misc{b,\r\n  title         = {U V},\r\n}"
    )
    assert fix(fixed.after).after == fixed.after


def test_blocks_that_move_get_the_line_ends_of_the_file() -> None:
    text = f"{paper(2024, 'a')}\n\n".replace("\n", "\r\n") + paper(2026, "b") + "\n"
    assert fixed_text(text) == (
        f"{paper(2026, 'b')}\n\n{paper(2024, 'a')}".replace("\n", "\r\n") + "\n"
    )


def test_another_encoding_is_refused() -> None:
    with pytest.raises(LabsiteError, match=r"lab\.bib: line 2"):
        fix("@misc{a,\n title = {Peña}}".encode("latin-1"))


def test_the_labs_own_bibliography_has_nothing_to_mend(bibliography: str) -> None:
    fixed = fix(bibliography)
    assert (fixed.after, fixed.notes) == (fixed.before, ())


def test_a_diff_can_be_applied_whatever_the_lines_hold() -> None:
    found = diff(Change(file="lab.bib", before=b"a\x0cb\nc", after=b"a\x0cB\nc"))
    assert found == (
        "--- a/lab.bib\n+++ b/lab.bib\n@@ -1,2 +1,2 @@\n-a\x0cb\n+a\x0cB\n c\n"
        "\\ No newline at end of file\n"
    )


def test_edits_keep_every_other_byte() -> None:
    source = SourceText(b"a\r\nb\rc\nd")
    assert source.text == "a\nb\nc\nd"
    assert source.apply([Edit(4, 5, "C"), Edit(0, 1, "A")]) == b"A\r\nb\rC\nd"


# Random damage of the mechanical kind to the lab's own entries.


def _entries(text: str) -> list[str]:
    return re.findall(r"^@(?!string)\w+\{.*?^\}", text, re.MULTILINE | re.DOTALL)


def _unlay(text: str) -> str:
    return re.sub(r" +=", "=", text).replace(",\n}", "\n}")


def _shout(text: str) -> str:
    return re.sub(r"^@\w+", lambda m: m[0].upper(), text)


def _quote_years(text: str) -> str:
    return re.sub(r"= \{(\d{4})\}", r'= "\1"', text)


def _widen(text: str) -> str:
    return re.sub(r"^(  title .*?\{)(.*)(\},)$", r"\1 \2  \3", text, flags=re.MULTILINE)


def _name_months(text: str) -> str:
    return text.replace("= oct,", "= {October},").replace("= jun,", "= 6,")


def _address(text: str) -> str:
    text = text.replace("= {10.", "= {https://doi.org/10.")
    return re.sub(r"(eprint +=) \{", r"\1 {arXiv:", text)


def _wrap(text: str) -> str:
    return text.replace(" and ", "\n    and  ")


DAMAGE: list[Callable[[str], str]] = [
    _unlay, _shout, _quote_years, _widen, _name_months, _address, _wrap,
]  # fmt: skip

#: What may get into a file instead of a character.
SLIPS = [
    "", "{", "}", '"', ",", "=", " ", "@", "\\", "%", "\r\n", "&amp;", "&#123;",
    "\ufb01", "\u00ad", "#", "-",
]  # fmt: skip


@st.composite
def damaged(draw: st.DrawFn, bibliography: str) -> tuple[str, str]:
    """Draw some of the lab's entries as they are, and damaged and in any order."""
    head = bibliography[
        : bibliography.index("\n@", bibliography.rindex("@string{")) + 1
    ]
    every = _entries(bibliography)
    places = draw(
        st.lists(st.integers(0, len(every) - 1), min_size=1, max_size=5, unique=True)
    )
    chosen = [every[i] for i in sorted(places)]
    bad = [every[i] for i in places]
    for number, text in enumerate(bad):
        for spoil in draw(st.lists(st.sampled_from(DAMAGE), max_size=3, unique=True)):
            bad[number] = spoil(bad[number])
        assert text  # what is damaged is one of the lab's own
    return head + "\n\n".join(chosen) + "\n", head + "\n\n".join(bad) + "\n"


@given(data=st.data())
@settings(max_examples=30, deadline=None)
def test_what_was_damaged_is_mended_to_the_byte(
    data: st.DataObject, bibliography: str
) -> None:
    whole, bad = data.draw(damaged(bibliography))
    once = fixed_text(bad)
    assert once == whole
    assert fixed_text(once) == once


@given(data=st.data())
@settings(max_examples=50, deadline=None)
def test_after_any_slip_mending_twice_is_mending_once(
    data: st.DataObject, bibliography: str
) -> None:
    _, bad = data.draw(damaged(bibliography))
    start = bad.index("\n@", bad.rindex("@string{"))
    slips = data.draw(
        st.lists(
            st.tuples(
                st.integers(start, len(bad) - 1),
                st.sampled_from(SLIPS),
            ),
            max_size=4,
        )
    )
    for place, slip in slips:
        bad = bad[:place] + slip + bad[place + 1 :]
    once = fix(bad).after
    assert fix(once).after == once
    before = read_library([("lab.bib", bad)])
    after = read_library([("lab.bib", once.decode())])
    assert {p.key for p in after.publications} == {p.key for p in before.publications}
    assert after.entries == before.entries
