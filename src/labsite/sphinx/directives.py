"""Base of the directives whose content follows from the records alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain, count
from operator import itemgetter
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

from docutils import nodes
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective, SphinxRole

from labsite.model.digests import digest_text
from labsite.model.problems import Problem, Rule
from labsite.site.site import SiteRecords
from labsite.sphinx.domain import Content, get_domain
from labsite.sphinx.logging import warn, warn_problems
from labsite.sphinx.nodes import filterable_list, publication_item
from labsite.sphinx.untrusted import may_read

#: Nodes that transforms and collectors read.
_SHOWN = nodes.section, nodes.image, publication_item, filterable_list
#: Makes nodes from the records and the arguments of a directive; raises ``ValueError``
#: with a message if an argument is wrong.
Make = Callable[..., Iterable[nodes.Node]]


class record_content(nodes.General, nodes.Element):  # noqa: N801 -- as nodes are named
    """A place for a node that follows from records alone.

    It is made when the page is written: part ``part`` of what ``view`` encloses. The
    HTML writer makes its text; :mod:`labsite.sphinx.items` inserts it for other
    builders.
    """


class RecordsView(NamedTuple):
    """The nodes that a function makes from the records."""

    make: Make
    arguments: tuple[object, ...]

    def __repr__(self) -> str:
        """Return the same in every process, since the digest contains it."""
        return self.make.__name__

    def content(self, site: SiteRecords) -> Content:
        """Return the nodes of a document, those in its ``record_content``, and digests.

        Empty lists are left out. A wrong argument gives a warning.
        """
        enclosed: list[nodes.Node] = []
        try:
            made = [*self.make(site, *self.arguments)]
        except ValueError as error:
            made = [report(Rule.BAD_QUERY, str(error))]
        shown = [n for n in made if n.children or isinstance(n, nodes.Text)]
        content = [self._enclose(node, enclosed) for node in shown]
        read, written = (",".join(map(_outline, n)) for n in (content, enclosed))
        items = (item for node in content for item in node.findall(publication_item))
        papers = (site.library.by_key[item["key"]] for item in items)
        digest = digest_text(written, *map(site.appearance, papers))
        return content, enclosed, (digest_text(read), digest)

    def _enclose(self, node: nodes.Node, enclosed: list[nodes.Node]) -> nodes.Node:
        """Take out blocks, except sections, items and elements with ids."""
        inline = isinstance(node, nodes.title | nodes.Inline)
        if inline or not isinstance(node, nodes.Element):
            return node
        parts = node.findall(nodes.Element)
        if any(isinstance(p, _SHOWN) or p.attributes["ids"] for p in parts):
            node[:] = [self._enclose(child, enclosed) for child in node]
            return node
        enclosed.append(node)
        return record_content(view=self, part=len(enclosed) - 1)


def _outline(node: nodes.Node) -> str:
    """Return names, attributes and texts; docutils' own output takes longer."""
    if not isinstance(node, nodes.Element):
        return repr(str(node))
    given = [*filter(itemgetter(1), node.attributes.items())]
    return f"{node.tagname}{given}({','.join(map(_outline, node.children))})"


def show_records(
    env: BuildEnvironment, make: Make, *arguments: object, location: str = ""
) -> list[nodes.Node]:
    """Return nodes for the current document, and note that it depends on them.

    :param location: that of the warnings among them, which are logged
    """
    domain, view = get_domain(env), RecordsView(make, arguments)
    content, digest = domain.make(view)
    domain.data["views"].setdefault(env.docname, {})[view] = digest
    for node in [n for n in content if isinstance(n, nodes.problematic)]:
        warn(node["rule"], "%s", node.astext(), location=node["location"] or location)
        content.remove(node)
    return content


def report(rule: Rule, message: str, location: str = "") -> nodes.problematic:
    """Return a warning among the nodes that a function makes.

    :param location: if it is not that of the directive
    """
    return nodes.problematic("", message, rule=rule, location=location)


def show_topics(site: SiteRecords) -> Iterator[nodes.Node]:
    """Yield the topics as text."""
    yield nodes.Text(repr(site.topics))


def claim_ids(content: Iterable[nodes.Node], document: nodes.document) -> None:
    """Register the ids of *content*; number those that the document already has."""
    for section in (each for each in content if isinstance(each, nodes.section)):
        (base,) = section["ids"]
        names = chain([base], (f"{base}-{number}" for number in count(2)))
        section["ids"] = [next(name for name in names if name not in document.ids)]
        document.ids[section["ids"][0]] = section


class RecordsDirective(SphinxDirective):
    """A directive whose content follows from the records and its arguments."""

    make: ClassVar[Make]

    def run(self) -> list[nodes.Node]:
        """Return the content."""
        place, asked = self.get_location(), self.parameters()
        content = show_records(self.env, type(self).make, *asked, location=place)
        claim_ids(content, self.state.document)
        return content

    def parameters(self) -> Iterable[object]:
        """Return the arguments for :attr:`make`, which must be hashable."""
        return self.arguments


class FileDirective(RecordsDirective):
    """A directive whose content follows from the records and a data file."""

    required_arguments = 1
    final_argument_whitespace = True
    kind: ClassVar[str]  #: of the file's records, for messages
    read: ClassVar[Callable[..., tuple[tuple[Any, ...], list[Problem]]]]

    def parameters(self) -> tuple[Any, ...]:
        """Return the records of the file, and report problems."""
        env, name = self.env, self.arguments[0]
        relative, path = env.relfn2path(name)
        env.note_dependency(relative)
        if not (Path(path).is_file() and may_read(env, name)):
            message = "there is no file '%s' with %s; check the path"
            location = self.get_location()
            warn(Rule.BAD_RECORD, message, relative, self.kind, location=location)
            return ()
        records, problems = self.read(Path(path), relative)
        warn_problems(problems)
        return records


class RecordsRole(SphinxRole):
    """A role whose content follows from the records, its text and its name."""

    def __init__(self, make: Make) -> None:
        super().__init__()
        self._make = make

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the content."""
        place, asked = self.get_location(), (self.text, self.name)
        return show_records(self.env, self._make, *asked, location=place), []


def records_directive(make: Make, **attributes: int) -> type[RecordsDirective]:
    """Return a directive that shows what *make* yields for its arguments.

    :param attributes: of the class, such as the number of arguments
    """
    members = {"make": staticmethod(make), **attributes}
    return type("RecordsDirective", (RecordsDirective,), members)
