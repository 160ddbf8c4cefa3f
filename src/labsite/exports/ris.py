"""RIS, for reference managers, made from CSL items.

Tags are those of the specification (2012) as Zotero, EndNote and JabRef read them:
``SN`` has the number of a patent or report, ``AN`` that of a preprint in its archive,
``ET`` the version of software.
"""

from __future__ import annotations

from labsite.exports.collection import Collection, Site
from labsite.exports.csl_json import make_paged_item
from labsite.exports.forms import FORMS, names_of, tagged, tagged_people
from labsite.model.dates import PartialDate
from labsite.model.records import Publication

#: CSL's variable -> the tag; a role -> the tag of each person's line.
_TAGS, _PEOPLE = names_of("ris")
_TAGS |= {"collection-number": "SV", "last page": "EP"}
_PEOPLE |= {"series editor": "A3"}


def render(collection: Collection) -> str:
    """Return the publications as RIS."""
    return "\n".join(collection.write_items("ris", render_entry))


def render_entry(publication: Publication, site: Site) -> str:
    """Return the reference to a publication, with a line end."""
    ends = publication.pages[0] if len(publication.pages) == 1 else ()
    item = make_paged_item(publication, site, ends)
    form, accessed = FORMS[item["type"]], publication.date("urldate")
    # Readers split addresses at semicolons, as an old version of the format did.
    item["URL"] = item.get("URL", "").replace(";", "%3B")
    lines = [
        ("TY", form.ris),
        ("ID", publication.key),
        ("TI", item["title"]),
        *tagged_people(publication, _PEOPLE),
        ("PY", publication.issued.isoformat()[:4]),
        ("DA", _date(publication.issued)),
        ("Y2", _date(accessed.start) if accessed else ""),
        *tagged(item, _TAGS, form.ris_tags),
        *(("KW", site.topic_title(topic)) for topic in publication.topics),
    ]
    # A line of a value must not begin like a tag.
    known = [(tag, " ".join(text.splitlines())) for tag, text in lines if text]
    return "".join(f"{tag}  - {text}\n" for tag, text in (*known, ("ER", "")))


def _date(date: PartialDate) -> str:
    """Return a date in the form YYYY/MM/DD/other, with all slashes."""
    slashes = "/" * (4 - len(date.parts))
    return date.isoformat().replace("-", "/") + slashes if date else ""
