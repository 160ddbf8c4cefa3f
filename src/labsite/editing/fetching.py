"""One request over HTTP, bounded in time, size and patience."""

from __future__ import annotations

import http.client
import ipaddress
import socket
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from io import BytesIO
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

import labsite
from labsite.model.problems import LabsiteError

if TYPE_CHECKING:
    from collections.abc import Callable
    from email.message import Message
    from http.client import HTTPMessage
    from typing import IO
    from urllib.request import OpenerDirector
    from urllib.response import addinfourl

_TRANSIENT = frozenset({429, 500, 502, 503, 504})
_NOT_FOUND = 404
_THROTTLED = 429
_BLOCK = 65536


class FetchError(LabsiteError):
    """No usable answer came; the message says why and what can be done."""


class NotFoundError(FetchError):
    """The service does not know what it was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long and how often to try."""

    timeout: float = 10.0  #: seconds without a sign of life
    whole: float = 30.0  #: seconds for one answer as a whole
    size: int = 4_000_000  #: bytes of an answer
    retries: int = 2  #: after an answer that may be better the next time
    backoff: float = 1.0  #: seconds before the first retry; doubled for the next
    patience: float = 20.0  #: seconds at most that a service may ask us to wait
    sleep: Callable[[float], None] = field(default=time.sleep, repr=False)


def is_allowed(address: str) -> bool:
    """Tell whether *address* may be asked: it is encrypted, or on this machine."""
    parts = urlsplit(address)
    if parts.scheme == "https":
        return bool(parts.hostname)
    return parts.scheme == "http" and _is_loopback(parts.hostname or "")


def fetch(address: str, accept: str, limits: Limits, contact: str = "") -> bytes:
    """Return what an address answers.

    :param accept: the media type to ask for
    :param contact: where those who are asked find those who ask
    :raises NotFoundError: for the status 404
    :raises FetchError: for any other answer but a good one, and for none
    """
    if not is_allowed(address):
        msg = f"{address} is neither https nor on this machine"
        raise FetchError(msg)
    opener = _opener(address)
    request = Request(  # noqa: S310 -- the scheme has been looked at above
        address,
        headers={
            "Accept": accept,
            "User-Agent": f"labsite/{labsite.__version__} (+{contact})".removesuffix(
                " (+)"
            ),
        },
    )
    for attempt in range(limits.retries + 1):
        try:
            return _within(
                limits.whole, request, lambda: _read(opener, request, limits)
            )
        except HTTPError as error:
            with error:
                wait = _wait_before_next(error, _host(request), attempt, limits)
            limits.sleep(wait)
        except (URLError, TimeoutError, OSError, http.client.HTTPException) as error:
            raise _unreachable(address, error) from error
    raise AssertionError  # the last attempt has returned or raised


def _within(seconds: float, request: Request, read: Callable[[], bytes]) -> bytes:
    """Return what *read* gives, if it comes in time.

    A service may send its headers, or those of redirects, byte by byte: no timeout of
    the socket ends that. The thread that is left waiting ends with the command.
    """
    results: SimpleQueue[bytes | Exception] = SimpleQueue()

    def work() -> None:
        try:
            results.put(read())
        except Exception as error:
            results.put(error)

    Thread(target=work, daemon=True).start()
    try:
        result = results.get(timeout=max(seconds, 0))
    except Empty:
        msg = f"{_host(request)} answers too slowly; try again later"
        raise FetchError(msg) from None
    if isinstance(result, Exception):
        raise result
    return result


def _read(opener: OpenerDirector, request: Request, limits: Limits) -> bytes:
    data = bytearray()
    with opener.open(request, timeout=limits.timeout) as answer:
        while block := answer.read1(_BLOCK):
            data += block
            if len(data) > limits.size:
                msg = f"the answer of {_host(request)} is too long"
                raise FetchError(msg)
        if answer.length:  # what is still to come of what the service announced
            msg = f"the answer of {_host(request)} was cut off; try again later"
            raise FetchError(msg)
    return bytes(data)


def _wait_before_next(
    error: HTTPError, host: str, attempt: int, limits: Limits
) -> float:
    """Return how long to wait before the next attempt, in seconds.

    :raises FetchError: if there is to be none
    """
    if error.code == _NOT_FOUND:
        msg = f"{host} does not know it"
        raise NotFoundError(msg) from error
    asked = _retry_after(error.headers)
    wait = limits.backoff * 2**attempt if asked is None else asked
    if error.code not in _TRANSIENT:
        msg = f"{host} answered {error.code} {error.reason}"
        raise FetchError(msg) from error
    if attempt == limits.retries or wait > limits.patience:
        reason = "too many requests" if error.code == _THROTTLED else error.reason
        when = "" if asked is None else f" in {asked:.0f} seconds"
        msg = f"{host} answered {error.code} ({reason}); try again{when or ' later'}"
        raise FetchError(msg) from error
    return wait


def _retry_after(headers: Message) -> float | None:
    """Return the seconds that RFC 9110, 10.2.3, lets a service ask for."""
    text = (headers.get("Retry-After") or "").strip()
    if text.isdecimal():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (aware - datetime.now(UTC)).total_seconds())


def _unreachable(address: str, error: Exception) -> FetchError:
    reason = getattr(error, "reason", None) or str(error) or type(error).__name__
    host = urlsplit(address).hostname
    return FetchError(
        f"cannot reach {host}: {reason}; paste the publisher's BibTeX instead"
    )


class Redirects(HTTPRedirectHandler):
    """Follows redirects to encrypted, public addresses; reads no body of one."""

    def http_error_302(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage
    ) -> addinfourl | None:
        """Follow a redirect, or raise an error if it must not be followed."""
        fp.close()
        return super().http_error_302(req, BytesIO(), code, msg, headers)

    http_error_301 = http_error_303 = http_error_302
    http_error_307 = http_error_308 = http_error_302

    def redirect_request(  # noqa: PLR0917 -- urllib calls it by position
        self,
        req: Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> Request | None:
        """Return the next request, or raise an error if there must be none."""
        wrong = "" if is_allowed(newurl) else "not https"
        if not _is_loopback(_host(req)) and not _is_public(newurl):
            wrong = "not a public address"
        if wrong:
            message = f"{_host(req)} redirects to {newurl}, which is {wrong}"
            raise FetchError(message)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _opener(address: str) -> OpenerDirector:
    # A proxy of the environment is for the world, not for this machine.
    loopback = _is_loopback(urlsplit(address).hostname or "")
    proxies = [ProxyHandler({})] if loopback else []
    return build_opener(Redirects(), *proxies)


def _is_public(address: str) -> bool:
    """Tell whether no address of the host is one of this machine or a private network.

    Whoever only a proxy can find counts as public.
    """
    try:
        found = socket.getaddrinfo(urlsplit(address).hostname, None)
        return all(ipaddress.ip_address(each[4][0]).is_global for each in found)
    except (OSError, ValueError):
        return True


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _host(request: Request) -> str:
    return urlsplit(request.full_url).hostname or request.full_url
