"""Looking papers up: the real client against a service on this machine."""

from __future__ import annotations

import json
import re
import socket
import threading
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from labsite.bibtex.reader import read_library
from labsite.editing.fetching import (
    FetchError,
    Limits,
    NotFoundError,
    fetch,
    follow,
    is_allowed,
)
from labsite.editing.identifiers import Identifiers, parse_identifier
from labsite.editing.pastes import read_pastes, read_web_page
from labsite.editing.services import Services, look_up
from labsite.model.problems import Rule

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.test_commands.conftest import Service

    from labsite.model.records import Publication

JSON = "application/json"


@pytest.fixture
def waits() -> list[float]:
    """Return the seconds that the client would have slept."""
    return []


@pytest.fixture
def limits(waits: list[float]) -> Limits:
    """Return the usual limits, with nothing to wait for."""
    return Limits(timeout=5, sleep=waits.append)


@pytest.fixture
def ask(service: Service, limits: Limits) -> Callable[[str], Publication]:
    """Return a function that looks an identifier up and reads the answer."""
    places = {
        "LABSITE_DOI_URL": service.address,
        "LABSITE_ARXIV_URL": f"{service.address}api/query",
    }
    services = Services(places, limits=limits)

    def look(identifier: str) -> Publication:
        wanted = parse_identifier(identifier)
        assert wanted is not None
        library = read_library([("answer", look_up(wanted, services))])
        assert library.problems == ()
        (publication,) = library.publications
        return publication

    return look


def item(**more: Any) -> str:  # noqa: ANN401 -- JSON
    known: dict[str, Any] = {
        "type": "proceedings-article",
        "title": "TRICK",
        "subtitle": ["A Trick for R&amp;D"],
        "author": [
            {"given": "Jane", "family": "Roe", "sequence": "first"},
            {"given": "Carlos", "family": "Contreras Peña"},
            {"name": "The Example Team"},
        ],
        "container-title": "2025 Symposium on Computers (HPCA)",
        "issued": {"date-parts": [[2025, 3, 1]]},
        "page": "1-9",
        "DOI": "10.1145/1000001",
        "publisher": "ACM",
    }
    return json.dumps(known | more)


def test_a_doi_is_looked_up_by_content_negotiation(
    service: Service, ask: Callable[[str], Publication]
) -> None:
    service.will_say(item())
    found = ask("https://doi.org/10.1145/1000001")
    assert service.paths == ["/10.1145/1000001"]
    assert service.accepted == ["application/vnd.citationstyles.csl+json"]
    assert str(found.title) == "TRICK: A Trick for R&D"
    names = [creator.name for creator in found.creators]
    assert names == ["Jane Roe", "Carlos Contreras Peña", "The Example Team"]
    assert found.issued.parts == (2025, 3)
    assert (found.entry_type, found.doi) == ("inproceedings", "10.1145/1000001")
    assert found.field("pages") == "1-9"


@pytest.mark.parametrize(
    ("more", "name", "expected"),
    [
        ({"title": ["Listed"], "subtitle": []}, "title", "Listed"),
        ({"title": "<i>In situ</i> 5&amp;lt;6", "subtitle": None}, "title",
         "\\emph{In situ} 5<6"),
        ({"title": "A & B_c at 5% of $n^2$", "subtitle": ""}, "title",
         "A \\& B\\_c at 5\\% of $n^2$"),
        ({"abstract": "<jats:title>Abstract</jats:title> <jats:p>We do.</jats:p>"},
         "abstract", "We do."),
        ({"abstract": "By <jats:tex-math>$$x$$</jats:tex-math><mml:math><mml:mi>x"
          "</mml:mi></mml:math>."}, "abstract", "By $x$."),
        ({"issued": {"date-parts": [[2025]]}}, "month", None),
        ({"issued": {"date-parts": [[None]]}}, "year", None),
        ({"type": "journal-article", "issue": "2"}, "number", "2"),
        ({"type": "thesis"}, "school", "ACM"),
        ({"author": "Jane Roe"}, "author", "Roe, Jane"),
        ({"author": 5}, "author", None),
        ({"DOI": None}, "doi", "10.1145/1000001"),
    ],
)  # fmt: skip
def test_what_registration_agencies_write_is_understood(
    more: dict[str, Any],
    name: str,
    expected: str | None,
    service: Service,
    limits: Limits,
) -> None:
    service.will_say(item(**more))
    wanted = parse_identifier("10.1145/1000001")
    assert wanted is not None
    text = look_up(
        wanted, Services({"LABSITE_DOI_URL": service.address}, limits=limits)
    )
    (found,) = read_library([("answer", text)]).publications
    assert found.field(name) == expected


FEED = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom">
  <title>arXiv Query: search_query=&amp;id_list={identifier}</title>
  <entry>
    <id>http://arxiv.org/abs/{identifier}v1</id>
    <published>2024-02-09T00:00:00Z</published>
    <title>An Idea
  of $n^2$ &amp; More</title>
    <summary>  We have it.
    </summary>
    <author><name>Jane Roe</name></author>
    <author><name>Carlos Contreras Pe\u00f1a</name></author>
    <arxiv:primary_category term="cs.AR"/>
  </entry>
</feed>
"""


def test_an_arxiv_identifier_is_looked_up_in_its_api(
    service: Service, ask: Callable[[str], Publication]
) -> None:
    service.will_say(FEED.format(identifier="2402.00009"))
    found = ask("arXiv:2402.00009v3")
    assert service.paths == ["/api/query?id_list=2402.00009&max_results=1"]
    assert str(found.title) == "An Idea of n² & More"
    assert [creator.family for creator in found.creators] == ["Roe", "Peña"]
    assert (found.arxiv, found.issued.parts) == ("2402.00009", (2024, 2))
    assert str(found.abstract) == "We have it."


PAGE = """<html><head><title>A Page</title>
<meta name="citation_title" content="Roads for Vectors &amp; More">
<meta name="citation_author" content="Jane Roe">
<meta name="citation_author" content="Contreras Pe\u00f1a, Carlos">
<meta name="citation_publication_date" content="2026/07/08">
<meta name="citation_conference_title" content="2026 Symposium on Computers">
<meta name="citation_firstpage" content="1"><meta name="citation_lastpage" content="9">
</head></html>"""


def look_up_page(service: Service, limits: Limits) -> str:
    ((_, wanted),) = read_pastes(f"See {service.address}papers/roads.html, and come.")
    assert isinstance(wanted, Identifiers)
    places = {"LABSITE_DOI_URL": f"{service.address}doi/"}
    return look_up(wanted, Services(places, limits=limits))


def test_addresses_in_lines_of_their_own_are_papers_beside_identifiers() -> None:
    text = "By [me](https://roe.example/):\n- 10.1145/1\n- https://a.example/paper\n"
    text += "3) https://b.example/paper\n\u2022 <https://c.example/paper>\n"
    text += "https://roe.example/\nhttps://roe.example\nhttps://cs.example/~roe/\n"
    found = [found for _, found in read_pastes(text)]
    assert [isinstance(w, Identifiers) and (w.doi, w.address) for w in found] == [
        ("10.1145/1", ""), (None, "https://a.example/paper"),
        (None, "https://b.example/paper"), (None, "https://c.example/paper"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10.1145/12.34\n10.1109/ISCA.2020.1\nhttps://doi.org/10.1016/j.x\n",
         ["10.1145/12.34", "10.1109/ISCA.2020.1", "10.1016/j.x"]),
        ("10.1145/1, 10.1145/2;10.1145/3", ["10.1145/1", "10.1145/2", "10.1145/3"]),
        ("https://dl.acm.org/doi/10.1145/1\nhttps://dl.acm.org/doi/10.1145/2",
         ["10.1145/1", "10.1145/2"]),
        ("1. 2403.06664\n[2] 2301.00001v2\nhep-th/9901001",
         ["2403.06664", "2301.00001", "hep-th/9901001"]),
        ("Of 2024.12345 papers, doi: 10.1145/1.", ["10.1145/1"]),
        ('{"title": "Traces", "ids": {"DOI": "10.1145/1"}}', ["10.1145/1"]),
        ('{"data": {"id": "10.5281/zenodo.1", "titles": [{"title": "Traces"}]}}',
         ["10.5281/zenodo.1"]),
    ],
)  # fmt: skip
def test_a_list_of_identifiers_is_as_many_papers(
    text: str, expected: list[str]
) -> None:
    found = [found for _, found in read_pastes(text)]
    assert [
        isinstance(w, Identifiers) and (w.doi or w.arxiv) for w in found
    ] == expected


def test_papers_that_a_record_of_crossref_refers_to_are_left_alone() -> None:
    record = {
        "title": ["Traces"], "DOI": "10.1145/1", "reference": [{"DOI": "10.1145/2"}],
        "issued": {"date-parts": [[2025]]},
    }  # fmt: skip
    ((_, bibtex),) = read_pastes(json.dumps({"message": record}))
    assert "doi           = {10.1145/1}" in str(bibtex)


def test_the_day_on_which_a_page_went_online_is_no_month_of_a_meeting(
    service: Service, limits: Limits
) -> None:
    service.will_say(PAGE.replace("publication_date", "online_date"))
    (found,) = read_library([("", look_up_page(service, limits))]).publications
    assert found.issued.parts == (2026,)


def test_the_page_of_a_paper_without_a_doi_says_what_it_is(
    service: Service, limits: Limits
) -> None:
    service.will_say(PAGE)
    (found,) = read_library([("", look_up_page(service, limits))]).publications
    assert service.paths == ["/papers/roads.html"]
    assert str(found.title) == "Roads for Vectors & More"
    assert [creator.family for creator in found.creators] == ["Roe", "Contreras Peña"]
    assert (found.entry_type, found.issued.parts) == ("inproceedings", (2026, 7))
    assert found.field("pages") == "1-9"
    assert found.field("booktitle") == "2026 Symposium on Computers"
    assert found.field("url") == f"{service.address}papers/roads.html"


def test_very_many_attributes_do_not_keep_a_look_up_busy() -> None:
    many = "".join(f" a{number}" for number in range(500_000))
    page = f'<meta{many}><meta name="citation_title" content="T">'
    assert read_web_page(page, "https://x.example/")["title"] == "T"


@pytest.mark.parametrize(
    "said",
    [
        '<meta name="citation_doi" content="10.1145/1000001">',
        '<script>x = {"doi":"10.1145/1000001"};</script>',
    ],
)
def test_a_page_with_a_doi_leads_to_its_record(
    said: str, service: Service, limits: Limits
) -> None:
    service.will_say(said)
    service.will_say(item())
    assert "10.1145/1000001" in look_up_page(service, limits)
    assert service.paths == ["/papers/roads.html", "/doi/10.1145/1000001"]


@pytest.mark.parametrize(
    ("status", "reason"), [(200, "does not describe a paper"), (403, "answered 403")]
)
def test_a_page_that_says_nothing_names_the_next_step(
    status: int, reason: str, service: Service, limits: Limits
) -> None:
    service.will_say("<html>A lab</html>", status=status)
    with pytest.raises(FetchError, match=f"{reason}.*; paste the DOI or the BibTeX"):
        look_up_page(service, limits)


def test_a_doi_of_arxiv_is_looked_up_at_arxiv(
    service: Service, ask: Callable[[str], Publication]
) -> None:
    service.will_say(FEED.format(identifier="2402.00009"))
    ask("10.48550/arXiv.2402.00009")
    assert service.paths == ["/api/query?id_list=2402.00009&max_results=1"]


EMPTY = '<feed xmlns="http://www.w3.org/2005/Atom"><title>none</title></feed>'
ERROR = EMPTY.replace("</feed>", "<entry><title>Error</title></entry></feed>")
BOMB = '<!DOCTYPE a [<!ENTITY b "bbb">]><feed>&b;</feed>'


@pytest.mark.parametrize(
    ("identifier", "body", "message"),
    [
        ("10.1145/1", "<html>no</html>", "not a record"),
        ("10.1145/1", "[]", "not a record"),
        ("10.1145/1", b"\xff\xfe\xff", "not a record"),
        ("2402.00009", EMPTY, "arXiv has no paper 2402.00009"),
        ("2402.00009", ERROR, "arXiv has no paper 2402.00009"),
        ("2402.00009", "<html>", "not a feed"),
        ("2402.00009", BOMB, "not a feed"),
    ],
)
def test_an_answer_that_is_none_is_said_to_be_none(
    identifier: str,
    body: bytes | str,
    message: str,
    service: Service,
    ask: Callable[[str], Publication],
) -> None:
    service.will_say(body)
    with pytest.raises(FetchError, match=message):
        ask(identifier)


def test_an_unknown_doi_is_asked_for_once(
    service: Service, ask: Callable[[str], Publication]
) -> None:
    service.will_say("gone", 404)
    with pytest.raises(FetchError, match=r"there is no DOI 10\.1145/1;"):
        ask("10.1145/1")
    assert len(service.paths) == 1


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_passing_failure_is_tried_again(
    status: int,
    service: Service,
    ask: Callable[[str], Publication],
    waits: list[float],
) -> None:
    service.will_say(status=status)
    service.will_say(status=status)
    service.will_say(item())
    assert ask("10.1145/1000001").doi == "10.1145/1000001"
    assert waits == [1.0, 2.0]


def test_a_lasting_failure_is_tried_twice_more_and_no_longer(
    service: Service, ask: Callable[[str], Publication]
) -> None:
    service.will_say(status=503)
    with pytest.raises(FetchError, match=r"503 .*try again later"):
        ask("10.1145/1")
    assert len(service.paths) == 3


@pytest.mark.parametrize("status", [400, 403, 406, 410])
def test_a_refusal_is_final(
    status: int, service: Service, ask: Callable[[str], Publication]
) -> None:
    service.will_say(status=status)
    with pytest.raises(FetchError, match=f"answered {status}"):
        ask("10.1145/1")
    assert len(service.paths) == 1


@pytest.mark.parametrize(
    ("retry_after", "waited"),
    [("7", 7.0), ("soon", 1.0)],
)
def test_a_service_may_say_how_long_to_wait(
    retry_after: str,
    waited: float,
    service: Service,
    limits: Limits,
    waits: list[float],
) -> None:
    service.will_say(status=429, Retry_After=retry_after)
    service.will_say("ok")
    assert fetch(service.address, JSON, limits) == b"ok"
    assert waits == [waited]


def test_nobody_is_made_to_wait_for_an_hour(
    service: Service, limits: Limits, waits: list[float]
) -> None:
    service.will_say(status=429, Retry_After="3600")
    with pytest.raises(FetchError, match=r"Too Many Requests.*later"):
        fetch(service.address, JSON, limits)
    assert (waits, len(service.paths)) == ([], 1)


def test_a_redirect_on_this_machine_is_followed(
    service: Service, limits: Limits
) -> None:
    service.will_say(status=302, Location="/elsewhere")
    service.will_say("ok")
    assert fetch(service.address, JSON, limits) == b"ok"
    assert service.paths == ["/", "/elsewhere"]
    assert service.accepted == [JSON, JSON]


@pytest.mark.parametrize(
    "target", ["http://example.org/", "file:///etc/passwd", "ftp://127.0.0.1/"]
)
def test_a_redirect_to_where_others_listen_is_not_followed(
    target: str, service: Service, limits: Limits
) -> None:
    service.will_say(status=302, Location=target)
    with pytest.raises(FetchError, match=r"(?i)redirect"):
        fetch(service.address, JSON, limits)


def test_a_redirect_in_a_circle_ends(service: Service, limits: Limits) -> None:
    service.will_say(status=302, Location="/")
    with pytest.raises(FetchError, match="redirects too often"):
        fetch(service.address, JSON, limits)


@pytest.mark.parametrize(
    "target",
    [
        "https://127.0.0.1/",
        "https://10.0.0.1/",
        "https://[::1]/",
        "https://169.254.1.1/",
    ],
)
def test_a_redirect_into_a_private_network_is_not_followed(target: str) -> None:
    with pytest.raises(FetchError, match="not a public address"):
        follow("https://doi.org/10.1234/5", target)


@pytest.mark.parametrize("address", ["https://[x", "http://lab.example/a"])
def test_an_address_that_cannot_be_asked_is_named(address: str) -> None:
    for named, start in ((address, address), ("redirects to", "https://doi.org/1")):
        with pytest.raises(FetchError, match=re.escape(named)):
            follow(start, address)


class Drip(threading.Thread):
    """A service that goes on for ever with what it has begun."""

    def __init__(self, begin: bytes, more: bytes) -> None:
        super().__init__(daemon=True)
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.socket.getsockname()[1]}/"
        self.parts, self.asked = (begin, more), ""
        self.start()

    def run(self) -> None:
        """Answer one request."""
        with suppress(OSError), self.socket, self.socket.accept()[0] as connection:
            self.asked = connection.recv(65536).decode()
            connection.sendall(self.parts[0])
            while True:
                connection.sendall(self.parts[1])


@pytest.mark.parametrize(
    "begin", [b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 302 Found\r\nLocation: /"]
)
def test_headers_without_end_are_given_up(begin: bytes, limits: Limits) -> None:
    drip = Drip(begin, b"x" * 1000)
    with pytest.raises(FetchError):
        fetch(drip.address, JSON, replace(limits, whole=0.5))


def test_a_proxy_of_the_environment_is_used(
    limits: Limits, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = Drip(b"HTTP/1.1 407 Denied\r\n\r\n", b"x")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.setenv("https_proxy", proxy.address)
    with pytest.raises(FetchError, match="ProxyError"):
        fetch("https://example.org/", JSON, limits)
    assert "CONNECT example.org:443 " in proxy.asked


def test_the_body_of_a_redirect_is_not_read(limits: Limits, service: Service) -> None:
    service.will_say("ok")
    head = f"HTTP/1.1 302 Found\r\nLocation: {service.address}\r\n\r\n"
    drip = Drip(head.encode(), b"x" * 100_000)
    assert fetch(drip.address, JSON, limits) == b"ok"


BREAKING_OUT = "x}, code = {https://evil.example}, note = {"


@pytest.mark.parametrize(
    "name",
    [
        "DOI",
        "title",
        "page",
        "volume",
        "container-title",
        "abstract",
        "URL",
        "subtitle",
    ],
)
@pytest.mark.parametrize(
    "around", ["{}", "${}$", "<i>{}</i>", "<tex-math>{}</tex-math>"]
)
def test_no_value_of_an_answer_ends_its_field(
    name: str, around: str, service: Service, limits: Limits
) -> None:
    service.will_say(item(**{name: around.format(BREAKING_OUT)}))
    wanted = parse_identifier("10.1145/1000001")
    assert wanted is not None
    text = look_up(
        wanted, Services({"LABSITE_DOI_URL": service.address}, limits=limits)
    )
    library = read_library([("answer", text)])
    assert not [p for p in library.problems if p.rule is Rule.SYNTAX]
    (found,) = library.publications
    assert (found.field("code"), found.field("note")) == (None, None)


def test_an_answer_about_another_paper_is_said(
    service: Service, limits: Limits
) -> None:
    service.will_say(item(DOI="10.1145/7777777"))
    wanted = parse_identifier("10.1145/1000001")
    assert wanted is not None
    with pytest.raises(FetchError, match=r"10\.1145/1000001 is of '10\.1145/7777777'"):
        look_up(wanted, Services({"LABSITE_DOI_URL": service.address}, limits=limits))


def test_an_answer_has_a_size_and_a_time(service: Service, limits: Limits) -> None:
    service.will_say(b"x" * 1001)
    with pytest.raises(FetchError, match="too long"):
        fetch(service.address, JSON, replace(limits, size=1000))
    with pytest.raises(FetchError, match="too slowly"):
        fetch(service.address, JSON, replace(limits, whole=-1))


def test_a_cut_answer_is_no_answer(service: Service, limits: Limits) -> None:
    service.will_say("short", Content_Length="100")
    with pytest.raises(FetchError, match="no answer"):
        fetch(service.address, JSON, limits)


def test_without_a_network_the_way_out_is_named(limits: Limits) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{unused.getsockname()[1]}/"
        with pytest.raises(FetchError, match=r"no answer from 127\.0\.0\.1.*paste"):
            fetch(address, JSON, limits)


def test_a_service_that_says_nothing_is_given_up(limits: Limits) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        with pytest.raises(FetchError, match="ReadTimeoutError"):
            fetch(address, JSON, replace(limits, timeout=0.05))


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("https://doi.org/", True),
        ("http://127.0.0.1:8000/", True),
        ("http://[::1]/", True),
        ("http://localhost/", True),
        ("http://doi.org/", False),
        ("http://127.0.0.1.example.org/", False),
        ("https:///x", False),
        ("file:///etc/passwd", False),
        ("", False),
    ],
)
def test_only_encrypted_addresses_and_this_machine_are_asked(
    address: str, allowed: bool, limits: Limits
) -> None:
    assert is_allowed(address) is allowed
    if not allowed:
        with pytest.raises(FetchError, match="neither https"):
            fetch(address, JSON, limits)


def test_a_missing_page_has_an_error_of_its_own(
    service: Service, limits: Limits
) -> None:
    service.will_say(status=404)
    with pytest.raises(NotFoundError):
        fetch(service.address, JSON, limits)
