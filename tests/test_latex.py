from __future__ import annotations

import cProfile
import random
from typing import TYPE_CHECKING
from unicodedata import normalize as compose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labsite.model.rich_text import RichText, Span, Style
from labsite.text.formulas import find_fault, normalize, to_mathml, to_plain
from labsite.text.latex import decode, decode_plain, decode_verbatim
from labsite.text.latex_encoding import encode
from labsite.text.latex_tables import unknown_commands

if TYPE_CHECKING:
    from _pytest.mark import ParameterSet


def table(rows: dict[str, tuple[str, str]]) -> list[ParameterSet]:
    return [pytest.param(*row, id=name) for name, row in rows.items()]


PLAIN_TEXT = {
    "acute": (r"\'{e}", "é"),
    "acute without braces": (r"\'e", "é"),
    "accent inside braces": (r"{\'e}", "é"),
    "accent inside and outside": (r"{\'{E}}cole", "École"),
    "umlaut": (r"\"{o}", "ö"),
    "umlaut on a dotless i": (r"na\"{\i}ve", "naïve"),
    "acute on a dotless i": (r"Mar\'\i a", "María"),
    "tilde": (r"Pe{\~n}a", "Peña"),
    "caron": (r"\v{c}", "č"),
    "cedilla": (r"\c{c}", "ç"),
    "cedilla after a space": (r"Fran\c cois", "François"),
    "ogonek": (r"\k{a}", "ą"),
    "ring": (r"\r{a}", "å"),
    "double acute": (r"Erd{\H o}s", "Erdős"),
    "breve": (r"\u{g}", "ğ"),
    "macron": (r"\={a}", "ā"),
    "dot above": (r"\.{z}", "ż"),
    "dot below": (r"\d{a}", "ạ"),
    "slashed o": (r"\O{}re, \o{}re", "Øre, øre"),
    "sharp s": (r"Stra{\ss}e", "Straße"),
    "Polish l": (r"\L{}\'od\'z", "Łódź"),
    "ligatures": (r"{\AE}\ae{}{\OE}\oe{}", "ÆæŒœ"),
    "Angstrom": (r"\AA{}ngstr\"om", "Ångström"),
    "Unicode as it is": ("Peña 한국어 日本語", "Peña 한국어 日本語"),
    "escaped ampersand": (r"Design \& Test", "Design & Test"),
    "all escaped signs": (r"\% \# \$ \_ \{ \}", "% # $ _ { }"),
    "lone ampersand": ("Design & Test", "Design & Test"),
    "lone percent sign": ("50% faster", "50% faster"),
    "lone hash": ("C# and F#", "C# and F#"),
    "lone dollar": ("for $5", "for $5"),
    "sums of money": ("from $5 to $10", "from $5 to $10"),
    "number behind a formula": (r"a $\pm$2, $10$ times", "a ±2, 10 times"),
    "braces of Google Scholar": (
        r"$\{$NAND$\}$-like $\{$Mac's$\}$ $\{$0,1$\}$",
        "NAND-like Mac's {0,1}",
    ),
    "biblatex's punctuation": (r"A v\adddotspace B\addsemicolon\ C", "A v. B; C"),
    "a space that stretches": (r"4,\hspace{0pt plus 1pt}960", "4,960"),
    "arrows of chemistry": (r"\ce{A <-> B -> C}", "A <-> B → C"),
    "an entity that was escaped": (r"A \&\#38; B", "A & B"),
    "power": (r"10\textsuperscript{6} and 10<sup>&minus;3</sup>", "10⁶ and 10⁻³"),
    "charges": (r"Ca\textsuperscript{2+} Na<sup>+</sup> C$^{++}$", "Ca²⁺ Na⁺ C⁺⁺"),
    "French": (r"XX\up{e} si\`ecle \flq en France\frq", "XXe siècle ‹en France›"),
    "spaces in braces": ("{ One } { two }", "One two"),
    "no line break": (r"A\nobreakdash--B", "A–B"),
    "odd dollar beside formulas": (r"$x$ for $5", "$x$ for $5"),
    "underscore": ("cu_malloc", "cu_malloc"),
    "caret": ("a^b", "a^b"),
    "less and greater": ("a<b> c", "a<b> c"),
    "HTML says what its text says": ("<b>&amp;</b>", "&"),
    "en dash": ("1--2", "1–2"),
    "em dash": ("a---b", "a—b"),
    "hyphen": ("full-graph", "full-graph"),
    "quotes": ("``a''", "“a”"),
    "straight quotes": ('"a"', '"a"'),
    "apostrophe": ("it's", "it's"),
    "German quotes": ('A ,,b, c`` and "`d"\'', "A „b, c“ and „d“"),
    "commas before quotes": ("A,,b ``c''", "A,,b “c”"),
    "turned marks": ("?`a!`", "¿a¡"),
    "tie": ("Kim~Lee", "Kim\xa0Lee"),
    "thin space": (r"1\,000", "1 000"),
    "control space": (r"a\ b", "a b"),
    "ellipsis": (r"\ldots", "…"),
    "symbol by name": (r"\alpha-divergence", "α-divergence"),
    "logo": (r"\LaTeX{} and {\TeX}", "LaTeX and TeX"),
    "copyright sign": (r"\copyright{}", "©"),
    "greater by name": (r"a \textgreater{} b", "a > b"),
    "less by name": (r"a \textless{} b", "a < b"),
    "bar by name": (r"a\textbar{}b", "a|b"),
    "underscore by name": (r"a\textunderscore{}b", "a_b"),
    "discretionary hyphen": (r"dis\-crete", "discrete"),
    "line break": (r"One\\Two", "One Two"),
    "spaces between commands": (r"One \\ \noindent Two \par Three", "One Two Three"),
    "MathSciNet's letters": (
        r"Gel\cprime fand, Franc{\ocirc{u}}, \polhk{A} \Dbar",
        "Gelʹfand, Franců, Ą Đ",
    ),
    "middle dot": (r"a\textperiodcentered b", "a·b"),
    "no date of the build": (r"Seen \today", "Seen "),
    "characters in formulas": ("$3×3$ at $90°$", "3×3 at 90°"),
    "white space": ("a \t b\n  c", "a b c"),
    "braces": ("{{GPU}}s for {D}eep {L}earning", "GPUs for Deep Learning"),
    "case is kept": ("{STARLINC}: a Title of PIM", "STARLINC: a Title of PIM"),
    "change of case by command": (r"\MakeUppercase{{\"o} $x$} \lowercase{B}", "Ö x b"),
    "small capitals": (r"\textsc{Quick}Sort", "QuickSort"),
    "old font command": (r"{\em word} and {\bf word}", "word and word"),
    "address": (r"\url{https://x.org/a_b%20c}", "https://x.org/a_b%20c"),
    "link": (r"\href{https://x.org/a#b}{text}", "text"),
    "unknown command with a text": (r"\unknown{word} rest", "word rest"),
    "file inclusion": (r"a\input{/etc/hostname}b", "ab"),
    "comma below": (r"{\textcommabelow{t}}ar", "țar"),
    "horn and hook": (r"N{\uhorn}\h{o}c", "Nưỏc"),
    "TeX's single quotes": (
        r"The `small' and the dog's `{\`e}'",
        "The ‘small’ and the dog's ‘è’",
    ),
    "a lone opening quote": ("O`ahu", "O‘ahu"),
    "csquotes, nested": (r"\enquote{On \enquote{Air}}", "“On ‘Air’”"),
    "biblatex's quotes": (r"\mkbibquote{Air}", "“Air”"),
    "another language": (r"\foreignlanguage{german}{Über} uns", "Über uns"),
    "a quantity": (
        r"\SI{2.5e-3}{\kilo\gram\meter\per\second\squared}",
        "2.5×10⁻³ kg m/s²",
    ),
    "a quantity, abbreviated": (r"\qty{40}{\um}", "40 µm"),
    "a range": (r"\SIrange{1}{5}{\GHz}", "1–5 GHz"),
    "APS's letters": (r"B\ifmmode \acute{e}\else \'{e}\fi{}la", "Béla"),
    "APS's signs, as formulas": (
        r"$2\ifmmode\mu\else$\mu$\fi{}m$ at 5\ifmmode^\circ\else$^\circ$\fi{}C",
        "2μm at 5°C",
    ),
    "APS's signs": (r"$\ifmmode\pm\else\textpm\fi{}$2", "±2"),
    "APS's signs before letters": (
        r"2\ifmmode\times\else\texttimes\fi{}n $\ifmmode\mu\else\textmu\fi{}m$",
        "2×n μm",
    ),
    "a bar": (r"$[1\overline{1}0]$", "[11̅0]"),
    "a bar over two": (r"$\overline{AB}$", "A̅B̅"),
    "AMS's old blackboard": (r"$\Bbb Z^3$", "ℤ³"),
    "a norm": (r"$\|v\|_1$", "‖v‖₁"),
    "letters of a Mac": ("Cafe\u0301", "Café"),
    "an accent on the first of letters": (r"Journ\'{ees} \"{uo}", "Journées üo"),
    "the index of a root": (r"$\sqrt[3]{n}$ to $n\sqrt[k]{2}$", "³√n to n^k√2"),
    "a sloping fraction": (r"\sfrac{1}{2} inch", "1/2 inch"),
    "a short fraction": (r"spin $\frac12$", "spin 1/2"),
    "words in a formula": (r"$n \log n$", "n log n"),
    "letters of old times": (r"${\germ g}$", "𝔤"),
    "old fonts in a formula": (r"${\rm Re}\,z$", "Re z"),
    "signs of mathematics": (
        r"$a \coloneq \bot$, $R \Join S$ \QED",
        "a ≔ ⊥, R ⋈S ∎",
    ),
    "an unknown command in a formula is named": (r"$a\strange b$", "astrange b"),
    "a particle that is not sorted": (r"{\VAN{Berg}{Van}{van}} Berg", "van Berg"),
    "sorting is not read": (r"{\noopsort{b}}Bee", "Bee"),
    "an accent on nothing": (r"x.org/\~{}roe", "x.org/~roe"),
    "Crossref's mathematics": (
        "In<mml:math><mml:msub><mi>W</mi><mn>2</mn></mml:msub></mml:math>films",
        "In W₂ films",
    ),
    "Crossref's roots": (
        "<math><msqrt><mi>x</mi><mo>+</mo><mi>y</mi></msqrt><mtext>50%</mtext></math>",
        "√(x+y)50%",
    ),
    "Crossref's mathematics, escaped": (
        r"On$\less$math$\greater$$\less$mi$\greater$U$\less$/mi$\greater$$\less$/math$\greater$",
        "On U",
    ),
    "paragraphs are parted": (
        "<jats:p>One.</jats:p><jats:p>Two.</jats:p>",
        "One. Two.",
    ),
    "an abstract's heading goes": ("<h4>Abstract</h4><p>One.</p>", "One."),
    "other headings stay": ("<p>One.</p><h4>Aims</h4><p>Two.</p>", "One. Aims Two."),
    "tags in escapes": (
        r"{\textless}i{\textgreater}E. coli{\textless}/i{\textgreater}",
        "E. coli",
    ),
    "less and greater in formulas": ("$a<b$ and $c>d$", "a<b and c>d"),
    "entities": ("Ada&nbsp;&amp;&#32;Bo &notanentity;", "Ada & Bo &notanentity;"),
    "nothing": ("", ""),
    "braces round nothing": ("{{}}", ""),
}


@pytest.mark.parametrize(("latex", "text"), table(PLAIN_TEXT))
def test_latex_becomes_unicode(latex: str, text: str) -> None:
    assert str(decode(latex)) == text


STYLES = {
    "plain": ("{GPU} text", [Span("GPU text")]),
    "mixed plain is one span": (r"{GPU} \& caf{\'e}", [Span("GPU & café")]),
    "emphasis": (r"a \emph{b}", [Span("a "), Span("b", Style.EMPHASIS)]),
    "italics": (r"\textit{b}", [Span("b", Style.EMPHASIS)]),
    "bold": (r"\textbf{b} c", [Span("b", Style.STRONG), Span(" c")]),
    "code": (r"\texttt{a_b}", [Span("a_b", Style.LITERAL)]),
    "code as it is typed": (r"\verb+a$b%--+", [Span("a$b%--", Style.LITERAL)]),
    "chemistry": (
        r"\ce{SO4^2-}",
        [Span("SO"), Span("4", Style.SUBSCRIPT), Span("2-", Style.SUPERSCRIPT, "²⁻")],
    ),
    "superscript": (r"2\textsuperscript{a}", [Span("2"), Span("a", Style.SUPERSCRIPT)]),
    "subscript": (r"H\textsubscript{2}", [Span("H"), Span("2", Style.SUBSCRIPT)]),
    "nested: the innermost counts": (
        r"\textbf{a \emph{b} c}",
        [Span("a ", Style.STRONG), Span("b", Style.EMPHASIS), Span(" c", Style.STRONG)],
    ),
    "accent in a style": (r"\emph{caf\'e}", [Span("café", Style.EMPHASIS)]),
    "style round nothing": (r"a\emph{}b", [Span("ab")]),
    "mathematics": ("$O(n^2)$", [Span("O(n^2)", Style.MATH, "O(n²)")]),
    "mathematics in parentheses": (r"\(x_1\)", [Span("x_1", Style.MATH, "x₁")]),
    "displayed mathematics": ("$$x$$", [Span("x", Style.MATH, "x")]),
    "commands stay in mathematics": (
        r"A $\mathcal{O}(\alpha)$ bound",
        [Span("A "), Span(r"\mathcal{O}(\alpha)", Style.MATH, "𝒪(α)"), Span(" bound")],
    ),
    "case in mathematics": ("$X$ and $x$", [
        Span("X", Style.MATH, "X"), Span(" and "), Span("x", Style.MATH, "x"),
    ]),
    "neighbouring formulas": (
        "$a$$b$", [Span("a", Style.MATH, "a"), Span("b", Style.MATH, "b")]
    ),
    "mathematics in a style": (
        r"\textbf{a $x$}", [Span("a ", Style.STRONG), Span("x", Style.MATH, "x")]
    ),
    "mathematics by command": (r"\ensuremath{x^2}", [Span("x^2", Style.MATH, "x²")]),
    "lone subscript": (
        "H$_2$O", [Span("H"), Span("2", Style.SUBSCRIPT, "₂"), Span("O")]
    ),
    "lone superscript": ("x$^{n}$", [Span("x"), Span("n", Style.SUPERSCRIPT, "ⁿ")]),
    "sums of money are no formula": (
        "from $5 to $10 a day", [Span("from $5 to $10 a day")]
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("latex", "spans"), [pytest.param(*row, id=name) for name, row in STYLES.items()]
)
def test_styles_and_mathematics_are_kept(latex: str, spans: list[Span]) -> None:
    assert decode(latex) == RichText(tuple(spans))


FORMULAS = {
    "squares": ("O(n^2)", "O(n²)"),
    "braced power": ("2^{10}", "2¹⁰"),
    "index": ("x_{12}", "x₁₂"),
    "greek": (r"\alpha + \beta", "α + β"),
    "relation": (r"a \leq b", "a ≤ b"),
    "relation without spaces": (r"a\to b", "a→b"),
    "relation of letters": (r"\alpha \leq \beta \alpha", "α ≤ βα"),
    "negation": (r"a \not = b \not\in \alpha \not \in c", "a ≠ b ∉ α ∉ c"),
    "sign of a number": (r"\sim 5 \alpha", "∼5 α"),
    "roots": (r"\sqrt{n} \sqrt[3]{x+1}", "√n ³√(x+1)"),
    "roots of products": (r"\sqrt{m}n \sqrt{mn} \sqrt{s_{NN}}", "√mn √(mn) √s_NN"),
    "fraction of sums": (r"\frac{1}{n+1}", "1/(n+1)"),
    "derivative": (r"\frac{\partial f}{\partial x}", "∂f/∂x"),
    "operator in a script": (r"n^{1/2} x_{i,j} f^{(i,j)}", "n^(1/2) x_(i,j) f^(i,j)"),
    "word in a script": (r"k_{max}", "k_max"),
    "mark": (r"A^* f^{\ast}", "A* f∗"),
    "charges and genotypes": (r"K^{*0} D^{*+} X^{-/-}", "K*0 D*+ X^-/-"),
    "braces in a script": (r"\mu^{{-}} 10^{{-}3} 2^{2^{0}}", "μ⁻ 10⁻³ 2^2⁰"),
    "letters of a font": (r"\mathsf{AC}^0 \mathbf{x}", "AC⁰ x"),
    "fraction": (r"\frac{a}{b}", "a/b"),
    "named function": (r"O(n \log n)", "O(n log n)"),
    "bold": (r"\boldsymbol{\theta}", "θ"),
    "other fractions": (r"\tfrac{1}{2} \dfrac{a}{b}", "1/2 a/b"),
    "binomial": (r"\binom{n}{k}", "(n k)"),
    "degrees": (r"360^{\circ} 90^\circ", "360° 90°"),
    "degrees in a group": (r"\frac{90^\circ}{2}", "90°/2"),
    "ordinal": ("5^{th}", "5th"),
    "wide accents": (r"\widehat{x}\widetilde{y}\mathring{A}", "x̂ỹÅ"),
    "operator": (r"\operatorname*{argmin}_x", "argmin_x"),
    "double prime": ("x''", "x″"),
}


@pytest.mark.parametrize(("formula", "plain"), table(FORMULAS))
def test_formulas_have_a_plain_form(formula: str, plain: str) -> None:
    assert to_plain(formula) == plain


@pytest.mark.parametrize(
    "formula",
    [
        r"\nicefrac12",
        "25^°",
        r"25^{\degree}",
        r"{\degree}C",
        r"\mathrm{°C}",
        r"\frac{°}{2}",
    ],
)
def test_degrees_and_short_fractions_are_set(formula: str) -> None:
    assert find_fault(normalize(formula)) is None


def test_text_in_a_formula_is_kept() -> None:
    formula = normalize(r"\text{3 × 4 at 25\degree C}")
    assert "<mtext>3 × 4 at 25°C</mtext>" in to_mathml(formula)


@pytest.mark.parametrize(
    "latex",
    [r"\begin{itemize}\item One \item Two\end{itemize}", r"One\\Two", "One\nTwo"],
)
def test_the_text_of_a_field_is_one_line(latex: str) -> None:
    text = str(decode(latex))
    assert "\n" not in text
    assert [word for word in text.split() if word != "*"] == ["One", "Two"]


def test_plain_text_has_no_outer_space() -> None:
    assert decode_plain(r"{ } a \ ") == "a"


UNBALANCED = {
    "brace never closed": "Alpha {Beta",
    "brace never opened": "Alpha} Beta",
    "style never closed": r"Alpha \emph{Beta",
    "formula never closed": "Alpha $Beta",
    "formula in parentheses never closed": r"Alpha \(Beta",
    "displayed formula never closed": r"Alpha \[Beta",
    "formula across braces": r"Alpha {$x} Beta$",
    "environment never closed": r"Alpha \begin{center}Beta",
    "environment never opened": r"Alpha Beta\end{center}",
    "lone backslash": "Alpha Beta \\",
    "accent on nothing": r"Alpha Beta \'",
    "style without an argument": r"Alpha Beta \emph",
    "link without a text": r"Alpha Beta \href{x}",
    "root of nothing": r"Alpha Beta \sqrt",
    "fraction of nothing": r"Alpha Beta \frac",
    "verbatim of nothing": r"Alpha Beta \verb",
    "inclusion of nothing": r"Alpha Beta \input",
    "date of nothing": r"Alpha Beta \date",
    "link in an open formula": r"Alpha Beta \(\href",
    "array of nothing": r"Alpha Beta \begin{array}",
    "a thousand open environments": "Alpha Beta " + r"\begin{a}" * 1000,
    "a thousand open formulas": "Alpha Beta " + r"\(" * 1000,
    "a thousand open braces": "Alpha Beta " + "{" * 1000,
}


@pytest.mark.parametrize(
    "latex", [pytest.param(text, id=name) for name, text in UNBALANCED.items()]
)
def test_unbalanced_input_keeps_its_words(latex: str) -> None:
    text = str(decode(latex))
    assert "Alpha" in text
    assert "Beta" in text


def test_no_input_whatever_raises() -> None:
    pieces = [
        *"{}[]$\\&%#^_~ab1 \"'`-!?*.",
        *(r"\emph", r"\'", r"\(", r"\)", r"\[", r"\]", r"\begin{a}", r"\end{a}"),
        *(r"\href", r"\frac", r"\sqrt", r"\textbf{", r"\verb", r"\item", "$$"),
    ]
    draw = random.Random(20261123)  # noqa: S311 -- chooses input, guards nothing
    raised: dict[str, str] = {}
    for _ in range(2000):
        latex = "".join(draw.choices(pieces, k=draw.randint(1, 14)))
        try:
            decode(latex)
        except Exception as error:
            raised[latex] = repr(error)
    assert raised == {}


@pytest.mark.parametrize(
    "phrase",
    ["plain words, ", "{Braced} words, ", r"caf\'e \& more $x^2$, ", "{", "$", "} "],
    ids=["plain", "braced", "accents and formulas", "open braces", "dollars", "closed"],
)
def test_decoding_takes_work_in_proportion_to_the_text(phrase: str) -> None:
    # Open braces nest as deep as BibTeX lets them, which is 100.
    length = 45 if phrase == "{" else 4000
    small, large = (work(phrase * (length * n // len(phrase))) for n in (1, 2))
    assert large < 2.5 * small


def work(latex: str) -> int:
    """Return how many calls decoding takes."""
    decode("caf\\'e")  # what is made on first use
    profile = cProfile.Profile(builtins=True)
    profile.runcall(decode, latex)
    # typeshed does not know the attributes of the entries.
    return sum(entry.callcount for entry in profile.getstats())


def test_a_link_keeps_its_address_and_its_words() -> None:
    text = r"See \url{https://a.example/~x/b_c%20d} and \href{https://b.example}{it}."
    rich = decode(text)
    assert str(rich) == "See https://a.example/~x/b_c%20d and it."
    assert [span.target for span in rich.spans if span.target] == [
        "https://a.example/~x/b_c%20d",
        "https://b.example",
    ]


PIECES = [
    *"\\{}$`'^_%[]é a~",
    *("<i>", "</i>", "&lt;", "$\\less$", "<mml:math>", "</mml:math>"),
    *("\\SI", "\\url", "\\enquote", "\\ifmmode", "\\else", "\\fi", "\\frac", "\\em"),
]


@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join) | st.text())
def test_every_text_is_decoded(text: str) -> None:
    rich = decode(text)
    assert all(span.text for span in rich.spans)
    assert "\n" not in str(rich)


@given(
    st.text(
        st.characters(
            categories=["L", "N"], include_characters=" .,;:!?()[]&%#_~^$\\{}+=-<>/"
        )
    ).filter(lambda text: "$" not in text and "--" not in text)
)
def test_what_is_encoded_is_decoded_again(text: str) -> None:
    plain = " ".join(compose("NFC", text).split())
    assert decode_plain(encode(plain)) == plain


@pytest.mark.parametrize(
    ("latex", "commands"),
    [
        (r"\emph{a} \'e \SI{1}{\meter} \(x\) \\ \& {\bf b}", ()),
        (r"\nonsense{a} \cite{b} \today", ("\\nonsense", "\\cite", "\\today")),
    ],
)
def test_a_command_is_known_or_named(latex: str, commands: tuple[str, ...]) -> None:
    assert unknown_commands(latex) == commands


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"A\char`\_B and \symbol{35}1", "A_B and #1"),
        ("\\char\"41\\char'102 \\char67 D", "ABCD"),
        ('\\symbol{"3B1} and {\\char92}', "α and \\"),
        (r"\char999999999 x", "x"),
    ],
)
def test_a_character_may_be_given_by_its_number(latex: str, text: str) -> None:
    assert decode_plain(latex) == text


def test_an_address_may_have_a_character_by_its_number() -> None:
    address = r"https://example.org/\char`\~roe/a\char95b"
    assert decode_verbatim(address) == "https://example.org/~roe/a_b"


def test_the_journals_of_astronomy_have_their_names() -> None:
    assert decode_plain(r"\mnras") == (
        "Monthly Notices of the Royal Astronomical Society"
    )
