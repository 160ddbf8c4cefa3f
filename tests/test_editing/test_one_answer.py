"""What one command writes, no other finds fault with."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labsite.bibtex.reader import read_library
from labsite.checks import check_entries
from labsite.editing.add import Status, add_papers, read_records
from labsite.editing.fix import fix_files
from labsite.editing.house_style import HouseStyle
from labsite.editing.pastes import read_pastes
from labsite.model.dates import PartialDate
from labsite.model.problems import Rule, Severity

SAMPLES = sorted((Path(__file__).parent / "publishers").glob("*.bib"))
TODAY = PartialDate(2026, 11, 29)
HOUSE = """\
@string{AAAI = "AAAI Conference on Artificial Intelligence"}
@string{HPCA = "International Symposium on High-Performance Computer Architecture"}
@string{IEEE_TC = "IEEE Transactions on Computers"}
@string{NeurIPS = "Conference on Neural Information Processing Systems"}

@inproceedings{roe2020base,
  author        = {Roe, Jane},
  title         = {The Base of All},
  booktitle     = HPCA,
  year          = {2020},
  month         = feb,
}
"""
VENUES = """\
AAAI
{AAAI}
AAAI (2)
HPCA (Companion)
AAAI (Oral)
IEEE TC (to appear)
Proc. of HPCA
Proceedings of the AAAI Conference on Artificial Intelligence
Thirty-Ninth {AAAI} Conference on Artificial Intelligence
HPCA 2024
2024 IEEE International Symposium on High-Performance Computer Architecture (HPCA)
International Symposium on High-Performance Computer Architectur
HPCA Workshops
IEEE Trans. Comput.
{IEEE} Trans. Computers
IEEE Transaction on Computers
Advances in Neural Information Processing Systems 34
NeurIPS Workshop on Things
Proceedings of the 3rd Workshop on Tricks (WOT)
Journal of Odd Things
CoRR
12th {ACM} Conference on \\emph{Habits}, {CHB} 2025, Seoul, Korea, May 3-5, 2025
Computer Vision -- ECCV 2024
arXiv preprint arXiv:2403.06664
""".splitlines()
WORDS = st.sampled_from([
    "Fast", "<i>In situ</i>", "{GPU}", "{{GPUs}}", "GPU", "for", "Graphs", "$O(n^2)$",
    "A\\&B", "AT&T", "naïve", "“Quoted”", "{D}ata{F}ree", "FAST GRAPHS ON MACHINES",
    "50\\%", "x_1", "3D-NoC", "\ufb01ne", "Caf{\\'e}", "Title.", "UPPER:",
])  # fmt: skip
NAMES = st.sampled_from([
    "Roe, Jane", "Jane Q. Doe", "Gödel, Kurt", "van der Berg, Jan", "Peña, Ann",
    "Poe$^\\dagger$, Edgar", "Kim, Minsu 0001", "Smith*, Bob", "{The Example Team}",
    "Guy L. Steele Jr.", "Poe, Max, III", "Roe, Jo\\textsuperscript{1}",
])  # fmt: skip


@st.composite
def pastes(draw: st.DrawFn) -> str:
    """Return a BibTeX entry as publishers and tools may write it."""
    kind = draw(st.sampled_from(["article", "inproceedings", "misc"]))
    names = draw(st.lists(NAMES, min_size=1, max_size=3, unique=True))
    title = " ".join(draw(st.lists(WORDS, min_size=2, max_size=6)))
    fields = {"author": " and ".join(names), "title": title}
    if kind != "misc":
        venue = {"article": "journal", "inproceedings": "booktitle"}[kind]
        fields[venue] = draw(st.sampled_from(VENUES))
    fields["year"] = str(draw(st.integers(2019, 2026)))
    more = {
        "month": st.sampled_from(["3", "March", "sept."]),
        "doi": st.sampled_from(["10.1145/5551234", "https://doi.org/10.1145/5551235"]),
        "eprint": st.just("2403.06664v2"),
        "url": st.sampled_from(
            ["https://arxiv.org/abs/2403.06665", "https://example.org/a_b?c=%7B"]
        ),
        "pages": st.sampled_from(["1-9", "1–9", "e12"]),
        "volume": st.just("3"),
        "issue": st.just("4"),
        "abstract": st.sampled_from(["<p>We do &lt; that.</p>", "Broken-\nline"]),
        "keywords": st.just("Publisher; Words"),
        "publisher": st.just("Taylor & Francis"),
    }
    for name in draw(st.lists(st.sampled_from(sorted(more)), unique=True)):
        fields[name] = draw(more[name])
    if "eprint" in fields:
        fields["archiveprefix"] = "arXiv"
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
    return f"@{kind}{{x,\n{lines}}}\n"


def assert_one_answer(paste: str) -> None:
    """Add a paste to the house; ask the check and fix what they say of it."""
    files = [("lab.bib", HOUSE.encode())]
    house = HouseStyle(read_library([("lab.bib", HOUSE)]))
    records = [
        r for _, text in read_pastes(paste) for r in read_records(str(text), house)[0]
    ]
    batch, outcomes = add_papers(records, house, files, topics=["a-topic"], today=TODAY)
    assert len(outcomes) == len(records)
    for added in outcomes:
        if not added.publication:
            continue
        library = read_library([("lab.bib", batch.after.decode())])
        found = [*library.problems, *check_entries(library, TODAY, own=True)]
        own = [p for p in found if p.key == added.publication.key]
        errors = [p for p in own if p.severity is Severity.ERROR]
        assert errors == []
        assert added.status is Status.ADDED
        assert {p.message for p in own} <= {*added.notes}
    (fixed,) = fix_files([("lab.bib", batch.after)])
    assert fixed.after.decode() == batch.after.decode()


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_publishers_paste_is_written_as_every_command_wants_it(path: Path) -> None:
    assert_one_answer(path.read_text("utf-8"))


@settings(max_examples=60, deadline=None)
@given(paste=pastes())
def test_any_paste_is_written_as_every_command_wants_it(paste: str) -> None:
    assert_one_answer(paste)


@settings(max_examples=40, deadline=None)
@given(paste=pastes())
def test_what_fix_writes_has_no_error_that_fix_could_mend(paste: str) -> None:
    text = f"{HOUSE}\n{paste}"
    (fixed,) = fix_files([("lab.bib", text.encode())])
    library = read_library([("lab.bib", fixed.after.decode())])
    found = [*library.problems, *check_entries(library, TODAY, own=True)]
    mendable = {Rule.BAD_DOI, Rule.HTML_ENTITY, Rule.LIGATURE}
    assert [p for p in found if p.rule in mendable] == []
