"""Who asks: behind proxies, in IPv6 clothes, with lines that the asker wrote."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from sanic.compat import Header

from bot.channels.addresses import is_loopback
from bot.http.addresses import client_address


def request(ip: str, *forwarded: str, **more: str) -> Any:
    lines = [("x-forwarded-for", line) for line in forwarded]
    return SimpleNamespace(ip=ip, headers=Header([*lines, *more.items()]))


def address(asked: Any, *, proxies: int = 0) -> str:
    return client_address(asked, proxies=proxies, key=b"key")


@pytest.mark.parametrize(
    ("one", "other", "proxies", "same"),
    [
        (request("192.0.2.1"), request("192.0.2.2"), 0, False),
        (request("192.0.2.1"), request("192.0.2.1", "203.0.113.9"), 0, True),
        (request("10.0.0.1", "192.0.2.1"), request("10.0.0.1", "192.0.2.2"), 1, False),
        (request("10.0.0.1", "192.0.2.1"), request("10.0.0.1", "198.51.100.7, 192.0.2.1"), 1, True),
        # a proxy that adds a line of its own leaves the asker's line above it
        (request("10.0.0.1", "192.0.2.1"), request("10.0.0.1", "198.51.100.7", "192.0.2.1"), 1, True),
        (request("10.0.0.1", "192.0.2.1:5511"), request("10.0.0.1", "192.0.2.1:5512"), 1, True),
        (request("10.0.0.1", "[2001:db8::1]:5511"), request("10.0.0.1", "2001:db8::2"), 1, True),
        (request("2001:db8::1"), request("2001:db8::ffff:2"), 0, True),
        (request("2001:db8::1"), request("2001:db8:0:1::1"), 0, False),
        (request("::ffff:192.0.2.1"), request("::ffff:192.0.2.2"), 0, False),
        (request("::ffff:192.0.2.1"), request("192.0.2.1"), 0, True),
        (request("", "nonsense"), request("", "non\udcffsense"), 1, False),
    ],
)
def test_one_visitor_is_one_address(one: Any, other: Any, proxies: int, same: bool) -> None:
    assert (address(one, proxies=proxies) == address(other, proxies=proxies)) is same


@pytest.mark.parametrize(
    ("asked", "proxies", "loopback"),
    [
        (request("127.0.0.1"), 0, True),
        (request("::1"), 0, True),
        (request("::ffff:127.0.0.1"), 0, True),
        (request("192.0.2.1"), 0, False),
        (request("127.0.0.1", "192.0.2.1"), 0, False),
        (request("127.0.0.1", "127.0.0.1"), 0, False),
        (request("127.0.0.1", forwarded="for=127.0.0.1"), 0, False),
        (request("127.0.0.1", forwarded="for=127.0.0.1"), 1, False),
        (request("127.0.0.1"), 1, True),
        (request("127.0.0.1", "127.0.0.1, 192.0.2.1"), 1, False),
        (request("127.0.0.1", "127.0.0.1", "192.0.2.1"), 1, False),
        (request("127.0.0.1", "127.0.0.1"), 2, False),
        (request("", ""), 0, False),
    ],
)
def test_this_machine_is_who_asks_without_a_proxy(asked: Any, proxies: int, loopback: bool) -> None:
    assert is_loopback(asked, proxies=proxies) is loopback
