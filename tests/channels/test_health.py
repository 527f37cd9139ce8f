from __future__ import annotations

import time
from typing import Any, Callable, Optional

import httpx
import pytest

from bot.channels.health import Metric, prometheus
from tests.channels.house import House
from tests.channels.visitor import Visitor


def broken() -> Optional[str]:
    raise OSError("secret path")


def hangs() -> Optional[str]:
    time.sleep(2.3)
    return None


def test_alive(client: httpx.Client) -> None:
    assert client.get("/health/live").json() == {"status": "alive"}


@pytest.mark.parametrize(
    ("checks", "status", "said"),
    [
        ({}, 200, {}),
        ({"database": lambda: None}, 200, {"database": "ok"}),
        (
            {"database": lambda: None, "model": lambda: "No model is loaded."},
            503,
            {"database": "ok", "model": "No model is loaded."},
        ),
        ({"alarm": broken}, 503, {"alarm": "The check failed: OSError."}),
    ],
)
def test_ready_when_every_check_is_content(
    open_house: Callable[..., House], checks: Any, status: int, said: dict[str, str]
) -> None:
    house = open_house(checks=checks)
    response = httpx.get(f"{house.url}/health/ready")
    assert response.status_code == status
    assert response.json() == {"status": "ready" if status == 200 else "not ready", "checks": said}


def test_a_check_that_hangs_holds_up_nobody(open_house: Callable[..., House]) -> None:
    house = open_house(checks={"slow": hangs})
    with httpx.Client(base_url=house.url, timeout=15) as client:
        assert client.get("/health/ready").json()["checks"] == {"slow": "No answer within 2 seconds."}
        with Visitor.start(house.url) as visitor:
            began = time.monotonic()
            assert visitor.messages()["last_seq"] == 1
            assert time.monotonic() - began < 1


def test_metrics_tell_open_streams(open_house: Callable[..., House]) -> None:
    house = open_house()
    with Visitor.start(house.url) as visitor:
        for name, _ in visitor.events():
            if name == "state":
                text = httpx.get(f"{house.url}/metrics").text
                break
    assert "# TYPE nightdesk_streams_open gauge\nnightdesk_streams_open 1\n" in text


@pytest.mark.parametrize(
    ("token", "proxies", "headers", "status"),
    [
        ("", 0, {}, 200),
        ("", 0, {"X-Forwarded-For": "203.0.113.9"}, 403),
        ("", 1, {"X-Forwarded-For": "203.0.113.9"}, 403),
        ("", 1, {"X-Forwarded-For": "127.0.0.1"}, 200),
        ("", 1, {"X-Forwarded-For": "127.0.0.1, 203.0.113.9"}, 403),
        ("", 0, {"Forwarded": "for=203.0.113.9"}, 403),
        ("secret", 0, {}, 401),
        ("secret", 0, {"Authorization": "Bearer wrong"}, 401),
        ("secret", 0, {"Authorization": "Bearer secret"}, 200),
        ("secret", 0, {"Authorization": "Bearer secret", "X-Forwarded-For": "203.0.113.9"}, 200),
    ],
)
def test_who_may_read_metrics(
    open_house: Callable[..., House], token: str, proxies: int, headers: dict[str, str], status: int
) -> None:
    house = open_house(options={"metrics_token": token, "proxies": proxies})
    assert httpx.get(f"{house.url}/metrics", headers=headers).status_code == status


def test_the_text_format_of_prometheus() -> None:
    rows = [
        Metric("turns_total", "counter", "Turns that were answered.", 3, {"language": 'd"e\\\n'}),
        Metric("streams", "gauge", "Open\nstreams.", 0.5),
        Metric("turns_total", "counter", "Turns that were answered.", 12345678, {"language": "en"}),
    ]
    assert prometheus(rows) == (
        "# HELP turns_total Turns that were answered.\n"
        "# TYPE turns_total counter\n"
        'turns_total{language="d\\"e\\\\\\n"} 3\n'
        'turns_total{language="en"} 12345678\n'
        "# HELP streams Open\\nstreams.\n"
        "# TYPE streams gauge\n"
        "streams 0.5\n"
    )
