"""Where a request comes from, as a keyed hash: good for counting, useless for finding anybody."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from typing import Union

from sanic import Request

Address = Union[ipaddress.IPv4Address, ipaddress.IPv6Address]


def client_address(request: Request, *, proxies: int, key: bytes) -> str:
    """A keyed hash of the client's address; forwarded addresses count behind `proxies` proxies only."""
    ip = client_ip(request, proxies=proxies)
    found = parsed(ip)
    if found is not None:
        # One visitor has a whole /64.
        ip = str(ipaddress.ip_network((int(found), 64), strict=False) if found.version == 6 else found)
    return hmac.new(key, ip.encode("utf-8", "replace"), hashlib.sha256).hexdigest()[:32]


def client_ip(request: Request, *, proxies: int) -> str:
    """The client's address as the outermost trusted proxy saw it; our own peer's without proxies."""
    passed = hops(request)
    return passed[-proxies] if 0 < proxies <= len(passed) else str(request.ip or "")


def hops(request: Request) -> list[str]:
    """The addresses that a request was forwarded for, in the order of passing, true or not.

    A proxy may write a line of its own below the one that it was sent: all of them are one list.
    """
    lines = request.headers.getall("x-forwarded-for", [])
    return [hop.strip() for line in lines for hop in line.split(",") if hop.strip()]


def parsed(text: str) -> Address | None:
    """The address that a text names, without a port; an IPv4 address in IPv6 clothes is IPv4."""
    host = text.strip()
    if host.startswith("["):
        host = host[1:].partition("]")[0]
    elif host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        found = ipaddress.ip_address(host)
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found
