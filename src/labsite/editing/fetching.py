"""Send HTTP requests with limits on time, size and retries."""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import closing
from dataclasses import dataclass, field
from http import HTTPStatus
from threading import Thread
from urllib.parse import urljoin, urlsplit
from urllib.request import getproxies, proxy_bypass

from urllib3 import BaseHTTPResponse, PoolManager, ProxyManager
from urllib3.exceptions import HTTPError

import labsite
from labsite.model.problems import LabsiteError

_TRANSIENT = frozenset({429, 500, 502, 503, 504})
_MOST_REDIRECTS = 10


class FetchError(LabsiteError):
    """There is no usable answer; the message gives the reason and a remedy."""


class NotFoundError(FetchError):
    """The service has no such record."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Limits of one request."""

    timeout: float = 10.0  #: seconds without a sign of life
    whole: float = 30.0  #: seconds for a look-up as a whole
    size: int = 4_000_000  #: bytes of an answer
    retries: int = 2  #: after an answer that may be better the next time
    backoff: float = 1.0  #: seconds before the first retry; doubled for the next
    sleep: Callable[[float], None] = field(default=time.sleep, repr=False)


def is_allowed(address: str) -> bool:
    """Return whether an address is encrypted, or on this machine."""
    parts = urlsplit(address)
    if parts.scheme == "https":
        return bool(parts.hostname)
    return parts.scheme == "http" and _is_loopback(parts.hostname or "")


def fetch(address: str, accept: str, limits: Limits, contact: str = "") -> bytes:
    """Return the content of an address.

    :param accept: the media type to ask for
    :param contact: the address of the site, for the header ``User-Agent``
    :raises NotFoundError: for the status 404
    :raises FetchError: for any other failure
    """
    if not is_allowed(address):
        msg = f"{address} is neither https nor on this machine"
        raise FetchError(msg)
    agent = f"labsite/{labsite.__version__}" + (f" (+{contact})" if contact else "")
    headers = {"Accept": accept, "User-Agent": agent, "Accept-Encoding": "identity"}
    found: Future[bytes] = Future()

    def work() -> None:
        try:
            found.set_result(_ask_again(address, headers, limits))
        except Exception as error:
            found.set_exception(error)

    # A timeout of the socket does not end an answer that comes byte by byte. The
    # waiting thread ends with the command.
    Thread(target=work, daemon=True).start()
    host = _host(address)
    try:
        return found.result(limits.whole)
    except TimeoutError as error:
        msg = f"{host} answers too slowly; try again later"
        raise FetchError(msg) from error
    except (HTTPError, OSError) as error:
        why = type(error).__name__  # such as NewConnectionError or ProtocolError
        msg = f"no answer from {host} ({why}); paste the publisher's BibTeX instead"
        raise FetchError(msg) from error


def _ask_again(address: str, headers: Mapping[str, str], limits: Limits) -> bytes:
    """Return the body of an answer, after retries if the service is busy."""
    host = _host(address)
    for attempt in range(limits.retries + 1):
        answer = _ask(address, headers, limits)
        if isinstance(answer, bytes):
            return answer
        if answer.status == HTTPStatus.NOT_FOUND:
            msg = f"{host} does not know it"
            raise NotFoundError(msg)
        msg = f"{host} answered {answer.status} ({answer.reason})"
        if answer.status not in _TRANSIENT:
            break
        asked = answer.headers.get("Retry-After", "")
        wait = float(asked) if asked.isdecimal() else limits.backoff * 2**attempt
        if attempt == limits.retries or wait > limits.whole:
            msg += "; try again later"
            break
        limits.sleep(wait)
    raise FetchError(msg)


def _ask(
    address: str, headers: Mapping[str, str], limits: Limits
) -> bytes | BaseHTTPResponse:
    """Return the body of a successful answer, or any other answer without its body."""
    for _ in range(_MOST_REDIRECTS):
        answer = _pool(address).request(
            "GET", address, headers=headers, timeout=limits.timeout, retries=False,
            redirect=False, preload_content=False,
        )  # fmt: skip
        with closing(answer):
            target = answer.get_redirect_location()
            if answer.status == HTTPStatus.OK:
                data = answer.read(limits.size + 1)
                if len(data) <= limits.size:
                    return data
                msg = f"the answer of {_host(address)} is too long"
                raise FetchError(msg)
        if not target:
            return answer
        address = follow(address, target)
    msg = f"{_host(address)} redirects too often"
    raise FetchError(msg)


def _pool(address: str) -> PoolManager:
    # The proxy of the environment is not for addresses on this machine.
    host, proxy = _host(address), getproxies().get("https")
    if proxy and not _is_loopback(host) and not proxy_bypass(host):
        return ProxyManager(proxy if "://" in proxy else f"http://{proxy}")
    return PoolManager()


def follow(address: str, target: str) -> str:
    """Return the target of a redirect; raise an error if it is not allowed.

    :param target: perhaps relative; *address* itself where nothing redirects yet
    """
    start = "" if target == address else f"{_host(address)} redirects to "
    try:
        leads_to = urljoin(address, target)
        wrong = "" if is_allowed(leads_to) else "not https"
        if not (wrong or _is_loopback(_host(address)) or _is_public(_host(leads_to))):
            wrong = "not a public address"
    except ValueError:  # such as one bracket of an IPv6 address
        leads_to, wrong = target, "not an address"
    if wrong:
        msg = f"{start}{leads_to}: {wrong}"
        raise FetchError(msg)
    return leads_to


def _is_public(host: str) -> bool:
    """Return whether a host is outside this machine and private networks."""
    try:
        found = socket.getaddrinfo(host, None)
        return all(ipaddress.ip_address(each[4][0]).is_global for each in found)
    except (OSError, ValueError):
        return True


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _host(address: str) -> str:
    return urlsplit(address).hostname or address
