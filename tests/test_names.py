from __future__ import annotations

import pytest

from labsite.bibtex.reader import read_library
from labsite.model.records import Creator
from labsite.text.names import (
    parse_annotations,
    parse_creator,
    parse_creators,
)

NAMES = {
    "family first": ("Kim, Jinho", Creator(family="Kim", given="Jinho")),
    "given first": ("Jinho Kim", Creator(family="Kim", given="Jinho")),
    "middle names": ("Knuth, Donald E.", Creator(family="Knuth", given="Donald E.")),
    "hyphen": ("Kim, Ji-Hoon", Creator(family="Kim", given="Ji-Hoon")),
    "family of two words": (
        "Contreras Pe{\\~n}a, Carlos", Creator(family="Contreras Peña", given="Carlos"),
    ),
    "particle": (
        "van der Berg, Jan", Creator(family="Berg", given="Jan", particle="van der"),
    ),
    "particle in between": (
        "Juan de la Cruz", Creator(family="Cruz", given="Juan", particle="de la"),
    ),
    "particle kept as family": (
        "{van der} Berg, Jan", Creator(family="van der Berg", given="Jan"),
    ),
    "suffix": (
        "King, Jr., Martin", Creator(family="King", given="Martin", suffix="Jr."),
    ),
    "organization of EndNote": (
        "{World Things Agency,}", Creator(family="World Things Agency", literal=True),
    ),
    "number": ("Ford, III, Henry", Creator(family="Ford", given="Henry", suffix="III")),
    "all parts": (
        "de la Cruz, Jr., Mar{\\'\\i}a Ana",
        Creator(family="Cruz", given="María Ana", particle="de la", suffix="Jr."),
    ),
    "one word": ("Plato", Creator(family="Plato")),
    "one lower-case word": ("deadmau5", Creator(family="deadmau5")),
    "body": (
        "{NVIDIA Corporation}", Creator(family="NVIDIA Corporation", literal=True),
    ),
    "body with a conjunction": (
        "{Barnes \\& Noble and Sons, Inc.}",
        Creator(family="Barnes & Noble and Sons, Inc.", literal=True),
    ),
    "body beside text": (
        "{The GraNNDis Team}", Creator(family="The GraNNDis Team", literal=True),
    ),
    "Korean": ("김, 진호", Creator(family="김", given="진호")),
    "Korean in one word": ("김진호", Creator(family="김진호")),
    "apostrophe": ("O'Neil, Pat", Creator(family="O'Neil", given="Pat")),
    "tie": ("Kim, J.~H.", Creator(family="Kim", given="J. H.")),
    "accents": ("{\\O}rsted, Anders", Creator(family="Ørsted", given="Anders")),
    "body of one word": ("{OpenExample}", Creator(family="OpenExample", literal=True)),
    "letter in braces": ("{\\'E}ric", Creator(family="Éric")),
    "conjunction in a family": (
        "Vega y Prado, Luis", Creator(family="Vega y Prado", given="Luis"),
    ),
    "particle within a family": (
        "Ib{\\'a}{\\~n}ez de Oria, Ana", Creator(family="Ibáñez de Oria", given="Ana"),
    ),
    "particle before a family of two words": (
        "de la Torre Vela, Eva",
        Creator(family="Torre Vela", given="Eva", particle="de la"),
    ),
    "biblatex's parts": (
        "given={Anna Lena}, family=Stein, prefix=vom, suffix=Jr., useprefix=true",
        Creator(family="Stein", given="Anna Lena", particle="vom", suffix="Jr."),
    ),
    "biblatex's parts in quotes": (
        'family="Lo, Inc.", given="Bo"', Creator(family="Lo, Inc.", given="Bo"),
    ),
    "a comma in a part in quotes": (
        '"family={Lo, Inc.}", given=Bo', Creator(family="Lo, Inc.", given="Bo"),
    ),
    "particle before a family with a small word": (
        "Luis de Vega y Prado",
        Creator(family="Vega y Prado", given="Luis", particle="de"),
    ),
    "capitals in braces": ("{J}o {M}ary Ore", Creator(family="Ore", given="Jo Mary")),
    "an accent with a space": ("Jo Ore\\v c", Creator(family="Oreč", given="Jo")),
    "a small letter that prints as a capital": (
        "{\\uppercase{d}e la} Ore, Jo",
        Creator(family="Ore", given="Jo", particle="De la"),
    ),
    "another option in the list": (
        "useprefix=false and de Ore, Jo",
        Creator(family="Ore", given="Jo", particle="de", dropping=True),
    ),
    "the option of a name in a list": (
        "useprefix=false and family=Ore, given=Jo, prefix=de, useprefix=true",
        Creator(family="Ore", given="Jo", particle="de"),
    ),
    "parts of a style": (
        "title=Mrs, family=Ore, given=Jo, cjk={乐}", Creator(family="Ore", given="Jo"),
    ),
    "an option of the list": (
        "useprefix=true and Ore, Jo", Creator(family="Ore", given="Jo"),
    ),
    "a template of the list": (
        "sortingnamekeytemplatename = own and Ore, Jo",
        Creator(family="Ore", given="Jo"),
    ),
    "mark-up is only text": ("<b>, {\\&}", Creator(family="<b>", given="&")),
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "creator"), [pytest.param(*row, id=name) for name, row in NAMES.items()]
)
def test_a_name_has_its_parts(text: str, creator: Creator) -> None:
    complaints: list[str] = []
    assert parse_creators(text, complaints.append) == ((creator,), False)
    assert complaints == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Kim, Jinho", "Jinho Kim"),
        ("van der Berg, Jan", "Jan van der Berg"),
        ("King, Jr., Martin", "Martin King, Jr."),
        ("{NVIDIA}", "NVIDIA"),
    ],
)
def test_a_name_is_spoken_given_name_first(text: str, name: str) -> None:
    creator = parse_creator(text)
    assert creator is not None
    assert creator.name == name


def families(text: str) -> tuple[list[str], bool, list[str]]:
    complaints: list[str] = []
    creators, others = parse_creators(text, complaints.append)
    return [creator.family for creator in creators], others, complaints


@pytest.mark.parametrize(
    ("text", "names", "others"),
    [
        ("A", ["A"], False),
        ("A and B", ["A", "B"], False),
        ("A AND B", ["A", "B"], False),
        ("{A and B} and C", ["A and B", "C"], False),
        ("Anderson and Sandmann", ["Anderson", "Sandmann"], False),
        ("A and others", ["A"], True),
        ("A and others,", ["A"], True),
        ("others", [], True),
        ("A and et al.", ["A"], True),
        ("A and {et al.}", ["A"], True),
        ("A, B., et al.", ["A"], True),
        (r"D\'\i az, Jos\'e and Bo Mart\'{\i}", ["Díaz", "Martí"], False),
        (r"Jan Haji\v c and Bo Sz\H ol\H o", ["Hajič", "Szőlő"], False),
        (r"\O ystein Bj\o rn and Micha\l{} Ore", ["Bjørn", "Ore"], False),
        (r"\c Cetin Ko\c c and Slavoj \v Zi\v zek", ["Koç", "Žižek"], False),
        (r"\'{E}ric Roe and \v{S}t\v{e}p\'an \c{C}elik", ["Roe", "Çelik"], False),
        (r"\d{H}asan d\'{\i}az Ore and \={A}nna de \'Asa", ["Ore", "Ása"], False),
        ("A B 0001 and C, D 0012", ["B", "C"], False),
        ("A, B. et al", ["A"], True),
        ("A and B et. al.", ["A", "B"], True),
        ("Ann Ore et.al.", ["Ore"], True),
        ("홍길동 외 2인", ["홍길동"], True),
        ("张三 and 李四, 等", ["张三", "李四"], True),
        ("山田太郎 and 鈴木花子 他", ["山田太郎", "鈴木花子"], True),
        ("홍, 외솔 and 안 등대", ["홍", "안"], False),
        (r"A, B. and \emph{et~al.}", ["A"], True),
        (r"\textbf{\underline{A, B.}} and {\bf C {\v S}d}", ["A", "Šd"], False),
        (r"\href{https://x.example/}{A B} and \textcolor{red}{C D}", ["B", "D"], False),
        (r"\textbf{A} and {\bf {B C}}", ["A", "B C"], False),
        (r"A, B\textsuperscript{1,2} and \textbf{C, D}$^{1,3}$", ["A", "C"], False),
        ("{A, B and C, D}", ["A", "C"], False),
        ("{A, B, and C, Inc.}", ["A, B, and C, Inc."], False),
        ("Etal and Al", ["Etal", "Al"], False),
        ("family=A, given=B and C", ["A", "C"], False),
    ],
)
def test_names_are_joined_by_and(text: str, names: list[str], *, others: bool) -> None:
    assert families(text) == (names, others, [])


@pytest.mark.parametrize(
    ("text", "names", "complaint"),
    [
        ("A, B, C, D", ["A, B, C, D"], "too many commas"),
        ("King, Jr.,", ["King"], "ends with a comma"),
        ("Kim, A., and Lee, B.", ["Kim", "Lee"], "ends with a comma"),
        ("Kim, A., Lee, B. and Park", ["Kim, A., Lee, B.", "Park"], "too many commas"),
        (", A", ["A"], "no family name"),
        ("A and", ["A"], "extra 'and'"),
        ("and A", ["A"], "extra 'and'"),
        ("A and and B", ["A", "B"], "extra 'and'"),
        ("A and {} and B", ["A", "B"], "extra 'and'"),
        ("A and and and B", ["A", "B"], "extra 'and'"),
        ("A " * 300, [("A " * 300).strip()], "join names by 'and'"),
    ],
)
def test_a_name_that_cannot_be_read_is_reported(
    text: str, names: list[str], complaint: str
) -> None:
    found, _, complaints = families(text)
    assert found == names
    assert [complaint in message for message in complaints] == [True]


def test_an_initial_before_a_comma_is_no_suffix() -> None:
    (creator,), _ = parse_creators("Li, X,")
    assert (creator.family, creator.given, creator.suffix) == ("Li", "X", None)


def test_no_creator_is_without_a_name() -> None:
    names, _, complaints = families(r", and \ and {\relax}")
    assert "" not in names
    assert complaints == ["an empty name; remove the extra 'and'"]


def test_a_name_list_of_two_thousand_authors_is_read_in_order() -> None:
    written = " and ".join(f"Kim{number}, Given" for number in range(2000))
    names, others, complaints = families(written + " and others")
    assert names == [f"Kim{number}" for number in range(2000)]
    assert (others, complaints) == (True, [])


@pytest.mark.parametrize(
    ("text", "annotations"),
    [
        ("", {}),
        ("1=equal; 2=equal", {1: ("equal",), 2: ("equal",)}),
        ("1=equal;2=equal;", {1: ("equal",), 2: ("equal",)}),
        ("1 = equal", {1: ("equal",)}),
        ("1=equal,lead", {1: ("equal", "lead")}),
        ('1="equal"', {1: ("equal",)}),
        ("1:family=equal", {1: ("equal",)}),
        ("2=equal; 2=lead", {2: ("equal", "lead")}),
    ],
)
def test_annotations_are_told_by_position(
    text: str, annotations: dict[int, tuple[str, ...]]
) -> None:
    complaints: list[str] = []
    assert parse_annotations(text, 2, complaints.append) == annotations
    assert complaints == []


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("3=equal", "there is no name 3; the list has 2"),
        ("0=equal", "there is no name 0; the list has 2"),
        ("equal", "cannot read 'equal'; write '1=equal; 2=equal'"),
        (
            "1=equal, 2=equal",
            "cannot read '1=equal, 2=equal'; write '1=equal; 2=equal'",
        ),
        ("1=", "cannot read '1='; write '1=equal; 2=equal'"),
    ],
)
def test_an_annotation_of_nobody_is_reported(text: str, complaint: str) -> None:
    complaints: list[str] = []
    assert parse_annotations(text, 2, complaints.append) == {}
    assert complaints == [complaint]


def test_a_position_of_five_thousand_digits_is_reported() -> None:
    complaints: list[str] = []
    assert parse_annotations("9" * 5000 + "=equal", 2, complaints.append) == {}
    assert len(complaints) == 1


def test_equal_contribution_is_known_of_each_author() -> None:
    text = (
        "@misc{k, title={T}, author={A and B and C}, author+an={1=equal; 3=lead,equal}}"
    )
    (publication,) = read_library([("x.bib", text)]).publications
    assert [creator.equal for creator in publication.creators] == [True, False, True]


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("황보, 순", "황보순"),
        ("홍 길동", "홍길동"),
        ("길동 홍", "홍길동"),
        ("남궁 민", "남궁민"),
        ("山﨑 誠", "山﨑誠"),
        ("𠮷田 太郎", "𠮷田太郎"),
        ("山田 太郎", "山田太郎"),
        ("山田 誠", "山田誠"),
        ("王 伟", "王伟"),
        ("김 철 수", "김 철 수"),
        ("山田, 太郎", "山田太郎"),
        ("山田, たろう", "山田たろう"),
        ("チューリング, アラン", "アラン チューリング"),
        ("김, Chulsoo", "Chulsoo 김"),
    ],
)
def test_east_asian_names_begin_with_the_family_name(written: str, name: str) -> None:
    creator = parse_creator(written)
    assert creator
    assert creator.name == name
