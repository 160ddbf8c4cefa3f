"""Render references with citeproc-py, a processor of citation styles (CSL).

Its known faults are corrected here. What a style shows of items of the same kind is
found once.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from copy import deepcopy
from functools import cache, partial
from typing import Any, TypeAlias

from citeproc import NAMES, CitationItem, CitationStylesStyle, formatter, model
from citeproc.source import VariableError
from citeproc.source.json import CiteProcJSON
from citeproc.string import String, join

from labsite.model.records import east_asian_name

#: What renders a part of a style, if anything does, and whether it calls a variable.
_Part: TypeAlias = tuple[Callable[[CitationItem], object] | None, bool]
#: Variables that no reference has: styles take contributors for further authors, and
#: an archive is the publisher, too.
_UNPRINTED = {"abstract", "archive", "contributor", "note"}
#: What stands for "others" among names, and before it.
_OTHERS = "\ue000"
_ET_AL = re.compile(rf"([,;]?) (?:(?:[a-z]+|&) )?{_OTHERS}")
_INITIAL = re.compile(r"\b([^\W\d_a-z])(?:\.\s*|\s+|(?=-)|$)")
_PAGES = re.compile(r"([A-Za-z]*)\d+-\1\d+")
#: A word behind a hyphen or slash, or before one: "non-IID", but not "t-SNE", "w/o".
_COMPOUND = re.compile(
    r"(?<=\w[-/\u2013\u2014])(?!(?<=/).\b)[a-z]+(?!\w)|(?<!\S)[a-z]{2,}(?=-[A-Z])"
)
#: Functions of citeproc-py that search a style again and again.
_SEARCHES = {
    *("calls_variable", "get_layout", "get_locale_option", "get_option"),
    *("get_single_term", "get_term", "is_locale_date", "xpath_search"),
}
_text_of, _format_names = model.Text._variable, model.Names.process  # noqa: SLF001
_format_case, _format_date_part = model.TextCased.case, model.Date_Part.render
_initialize = model.Name.initialize
_shorten = model.FormatNumber._format_last_page  # noqa: SLF001 -- prints 7-15 as 7-5


def read_item(item: Mapping[str, Any]) -> CitationItem:
    """Return what citeproc-py reads of a CSL item, and the kind of its reference."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about unknown variables
        known = {n: _whole(v) for n, v in item.items() if n not in _UNPRINTED}
        if "event-title" in known:
            known["event"] = known["event-title"]  # its name before CSL 1.0.2
        (reference,) = CiteProcJSON([known]).values()
    # It looks for names and numbers, such as "chapter-number", by these variables.
    reference.update({name.replace("_", "-"): v for name, v in reference.items()})
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
    known = [{"literal": w} if w else n for w, n in zip(names, value, strict=True)]
    return [{"literal": _OTHERS} if n == {"literal": "others"} else n for n in known]


def read_style(source: str) -> CitationStylesStyle:
    """Read a style, with what citeproc-py does not know of CSL written out."""
    style = CitationStylesStyle(io.BytesIO(source.encode()), validate=False)
    style.root.formatter = formatter.plain
    style.layout = style.root.bibliography.layout if style.has_bibliography() else None
    style.plans = {}  # kind of references -> what shows something of one
    for date in style.root.iterfind(".//{*}date[@form][@variable]"):
        date.set("delimiter", date.get_date(date.get("form")).get("delimiter", ""))
    for names in style.root.iterfind(".//{*}substitute//{*}names"):
        if not len(names):  # it has the children of the names around it
            whole = next(names.iterancestors("{*}names"))
            children = whole.iterchildren("{*}name", "{*}et-al", "{*}label")
            names.extend(map(deepcopy, children))
    return style


def render_reference(item: CitationItem, style: CitationStylesStyle) -> str:
    """Return the reference to an item, as the only one of a list, as plain text."""
    layout, plans = style.layout, style.plans
    layout.repressed = {}
    if item.kind not in plans:
        item.update(printed=[], substituted=set())  # variables
        plans[item.kind] = [(p, True) for p, _ in _plan(layout, item, layout) if p]
    item.update(printed=[], substituted=set())
    text = _show(plans[item.kind], layout.wrap, "", item)
    return " ".join(_ET_AL.sub(r"\1 et al.", str(text or "")).split())


def _correct_processor() -> None:
    """Correct citeproc-py, and cache its searches, which take most of its time."""
    for owner in (each for each in vars(model).values() if isinstance(each, type)):
        for name in _SEARCHES & vars(owner).keys():
            setattr(owner, name, cache(getattr(owner, name)))
    model.Text._variable = _find_text  # noqa: SLF001
    model.Names.process = _render_names
    model.Substitute.render = _substitute
    model.Date_Part.render = _render_date_part
    roman = model.romanize
    model.romanize = lambda n: roman(n) if n in range(4000) else str(n)
    # A paper is cited alone, and plain text has no formats.
    CitationItem.number, CitationItem.reference = 1, None
    model.Formatted.format = lambda _element, text: text and str(text)
    model.Name.initialize = _format_given_name
    model.FormatNumber._format_last_page = _format_last_page  # noqa: SLF001
    model.Label._is_plural = _is_plural  # noqa: SLF001
    model.TextCased.case = _apply_case
    # Only a word without capitals gets one.
    String.capitalize_first = lambda text: (
        String(text[:1].upper() + text[1:]) if text.split(" ")[0].islower() else text
    )
    NAMES.extend(("compiler", "director"))


def _is_plural(label: model.Label, item: CitationItem) -> bool:
    """Tell whether a variable has several numbers; "number" has one, as 10-1234567."""
    variable = label.get("variable")
    value = str(item.reference.get(variable, ""))
    if variable.startswith("number"):
        return variable != "number" and value != "1"
    return label.RE_MULTIPLE_NUMBERS.search(value) is not None


def _format_given_name(name: model.Name, given: str, mark: str, *more: object) -> str:
    """Return initials, or names with the mark behind each initial among them.

    citeproc-py takes the "su" of "Min-su" for a particle, and names in scripts without
    case, and does not know initialize="false".
    """
    if given == given.lower():
        return given
    if name.get("initialize") == "false":
        return re.sub(" (?=[-)])", "", _INITIAL.sub(rf"\1{mark}", given)).strip()
    capital = re.sub(r"-\w", lambda m: m[0].upper(), given)
    # A particle gets no mark.
    return str(_initialize(name, capital, mark, *more)).replace(" .", "")


def _format_last_page(number: model.FormatNumber, first: str, last: str) -> str:
    """Return the last page, short if it was not and differs in its digits alone."""
    if last.isdecimal() and first.isdecimal() and len(last) < len(first):
        last = first[: -len(last)] + last
    alike = len(first) == len(last) and _PAGES.fullmatch(f"{first}-{last}")
    return _shorten(number, first, last) if alike and first != last else last


def _apply_case(element: model.TextCased, text: str, language: str = "en") -> object:
    """Change the case of a text; the second word of "Many-core" is one of a title."""
    text = text and _format_case(element, String(str(text)), language or "en")
    if not text or language != "en" or element.get("text-case") != "title":
        return text
    stop = model.TextCased._stop_words  # noqa: SLF001 -- of the processor's own
    return String(_COMPOUND.sub(lambda m: m[0] if m[0] in stop else m[0].title(), text))


def _find_text(text: model.Text, item: CitationItem, context: object) -> object:
    """Return the text of a variable, but not of one that a substitute has printed."""
    if text.get("variable") in item.substituted:
        return None
    item.printed.append(text.get("variable"))
    return _text_of(text, item, context)


def _render_names(
    names: model.Names, item: CitationItem, *contexts: object, **options: object
) -> object:
    """Render names, but not of roles that a substitute has printed."""
    roles, reference = names.get("variable").split(), item.reference
    item.printed += roles
    again = item.substituted.intersection(roles, reference)
    hidden = {role: reference.pop(role) for role in again}
    try:
        return _format_names(names, item, *contexts, **options)
    finally:
        reference.update(hidden)


def _render_date_part(part: model.Date_Part, *date: object) -> object:
    """Render a part of a date, unless it is a season in numbers.

    What a style asks of a part of one date is not for the locale's other dates.
    """
    usual = part.items()
    try:
        return _format_date_part(part, *date)
    except AssertionError:
        return None
    finally:
        part.attrib.clear()
        part.attrib.update(usual)


def _substitute(
    substitute: model.Substitute, item: CitationItem, **options: object
) -> object:
    """Render the first child with a text; nothing else prints its variables again."""
    for child in substitute.getchildren():
        before = len(item.printed)
        with suppress(VariableError):
            if text := child.render(item, **options):
                item.substituted.update(item.printed[before:])
                return text
    return None


def _plan(
    parent: model.CitationStylesElement, item: CitationItem, layout: model.Layout
) -> Iterator[_Part]:
    """Yield the parts within an element, for references of a kind."""
    for child in parent.iterchildren():
        calls = child.calls_variable()
        is_group = isinstance(child, model.Group)
        if isinstance(child, model.Choose):
            for branch in child.getchildren():
                condition = branch.makeelement(branch.tag, branch.attrib)
                with suppress(model.ConditionFailed):
                    condition.render(item, context=layout)
                    yield from _plan(branch, item, layout)
                    break
        elif is_group or "macro" in child.attrib:
            inner = child if is_group else child.get_macro(child.get("macro"))
            parts = [*_plan(inner, item, layout)]
            # A group that calls variables shows nothing unless one of them does.
            free = not (is_group and any(called for _, called in parts))
            known = [(p, free or called) for p, called in parts if p]
            language = {} if is_group else {"language": item.reference.language[:2]}
            plain = {"delimiter", "macro"} >= {*child.keys()}
            markup = str if plain else partial(child.markup, **language)
            shown = partial(_show, known, markup, child.get("delimiter", ""))
            yield shown if known else None, calls
        else:
            rendered = None
            with suppress(VariableError):
                child.render(item, context=layout)
                rendered = partial(child.render, context=layout)
            yield rendered, calls


def _show(
    parts: Iterable[tuple[Callable[[CitationItem], object], bool]],
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


_correct_processor()
