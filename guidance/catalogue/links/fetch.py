"""Ask a web address whether it answers, without being led into the portal's own network.

An address in a record is somebody else's word: it may name the machine's own services or a neighbour's.
So every host is looked up once, refused unless all that it stands for is open to the whole internet, and
then that very address is connected to, so that a name cannot mean one thing when it is looked at and
another when it is used. Each redirect is treated as a new address. Nothing of the answer but its status and
where it leads is read.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple
from urllib.parse import quote, urljoin, urlsplit

from django.conf import settings

from guidance.catalogue.models import LinkCheck

TIMEOUT = 10.0  # seconds for each step; twice that for the whole request, however slowly it drips
MOST_REDIRECTS = 5
PORTS = {"http": 80, "https": 443}

Problem = LinkCheck.Problem
Guard = Callable[[str, int], str]  # host and port to the one address that may be connected to; raises Refused


class Answer(NamedTuple):
    """What an address said: a status of HTTP, or why there is none."""

    status: int | None
    problem: LinkCheck.Problem = Problem.NONE

    @property
    def is_failure(self) -> bool:
        """Whether a reader would get nothing. A site that only refuses machines has answered."""
        refuses_machines = {401, 403, 405, 406, 429}
        return self.status is None or (self.status >= 400 and self.status not in refuses_machines)


class Refused(Exception):
    """The address must not, or cannot, be asked; `problem` says why."""

    def __init__(self, problem: LinkCheck.Problem) -> None:
        super().__init__(problem)
        self.problem = problem


def public_address(host: str, port: int) -> str:
    """The host's address, if everything its name stands for is on the public internet. Raises Refused."""
    if port not in PORTS.values():
        raise Refused(Problem.PRIVATE)
    try:
        found = {entry[4][0] for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError) as error:
        raise Refused(Problem.NAME) from error
    addresses = [ipaddress.ip_address(str(text).partition("%")[0]) for text in found]
    if not addresses or not all(is_public(address) for address in addresses):
        raise Refused(Problem.PRIVATE)
    return str(min(addresses, key=lambda address: (address.version, address.packed)))  # IPv4 first


def is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether anybody on the internet may be meant; not by an IPv4 address wrapped in an IPv6 one."""
    wrapped = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
    if wrapped or getattr(address, "teredo", None) or address in ipaddress.ip_network("64:ff9b::/96"):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def ask(url: str, *, guard: Guard = public_address) -> Answer:
    """Follow an address to where it leads, with HEAD, or with GET where a site does not like HEAD."""
    answer = _follow("HEAD", url, guard)
    if answer.status is not None and answer.status >= 400:
        return _follow("GET", url, guard)
    return answer


def _follow(method: str, url: str, guard: Guard) -> Answer:
    for _step in range(MOST_REDIRECTS + 1):
        try:
            status, leads_to = _request(method, url, guard)
        except Refused as reason:
            return Answer(None, reason.problem)
        if not (300 <= status < 400 and leads_to):
            return Answer(status)
        url = urljoin(url, leads_to)
    return Answer(None, Problem.ROUND)


def _request(method: str, url: str, guard: Guard) -> tuple[int, str]:
    """The status and where it leads. Raises Refused."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or PORTS.get(parts.scheme, 0)
    except ValueError as error:
        raise Refused(Problem.NAME) from error
    if parts.scheme not in PORTS or not host or parts.username is not None:
        raise Refused(Problem.PRIVATE)
    connection = _Pinned(parts.scheme, host, port, guard(host, port))
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = f"?{quote(parts.query, safe='/%:@!$&()*+,;=~-._?[]')}" if parts.query else ""
    alarm = threading.Timer(2 * TIMEOUT, connection.hang_up)
    alarm.daemon = True
    alarm.start()
    try:
        connection.request(method, path + query, headers=_headers())
        response = connection.getresponse()
        return response.status, response.headers.get("Location", "")
    except ssl.SSLError as error:
        raise Refused(Problem.SECURITY) from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Refused(Problem.SILENT) from error
    finally:
        alarm.cancel()
        connection.close()


def _headers() -> dict[str, str]:
    return {"User-Agent": f"Opinovi link check (+{settings.ADDRESS})", "Accept": "*/*", "Connection": "close"}


class _Pinned(http.client.HTTPConnection):
    """A connection to one address, made in the name of a host."""

    def __init__(self, scheme: str, host: str, port: int, address: str) -> None:
        super().__init__(host, port, timeout=TIMEOUT)
        self.default_port = PORTS[scheme]  # which the Host header leaves out
        self._is_secure = scheme == "https"
        self._address = address

    def connect(self) -> None:
        self.sock = socket.create_connection((self._address, self.port), self.timeout)
        if self._is_secure:
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)

    def hang_up(self) -> None:
        """End what takes too long: whoever waits for an answer gets an OSError."""
        if self.sock:
            with suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)
