"""A customer's page as far as HTTP goes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Iterator, Optional

import httpx


@dataclass
class Visitor:
    """A conversation and the client that holds its token."""

    http: httpx.Client
    conversation: str
    token: str
    started: dict[str, Any]

    @classmethod
    def start(cls, url: str, **opening: Any) -> Visitor:
        """Start a conversation; AssertionError when the door says no."""
        http = httpx.Client(base_url=url, timeout=15, verify=False, trust_env=False)
        body = {"shop": "demo", "locale": "en-GB", "timezone": "Europe/Berlin", **opening}
        response = http.post("/chat/conversations", json=body)
        assert response.status_code == 201, response.text
        started = response.json()
        http.headers["Authorization"] = f"Bearer {started['token']}"
        return cls(http, started["conversation"], started["token"], started)

    def __enter__(self) -> Visitor:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    @property
    def path(self) -> str:
        return f"/chat/conversations/{self.conversation}"

    def post(self, end: str, body: Any = None, **more: Any) -> httpx.Response:
        return self.http.post(f"{self.path}/{end}", json={} if body is None else body, **more)

    def say(self, text: str, *, id: str = "message-1") -> httpx.Response:
        return self.post("messages", {"id": id, "text": text})

    def messages(self, *, after: int = 0, wait: float = 0) -> dict[str, Any]:
        response = self.http.get(f"{self.path}/messages", params={"after": after, "wait": wait})
        assert response.status_code == 200, response.text
        news: dict[str, Any] = response.json()
        return news

    def answered(self, after: int) -> list[dict[str, Any]]:
        """The messages after a seq, once one of them is not the customer's."""
        for _ in range(8):
            rows = self.messages(after=after, wait=2)["messages"]
            if any(row["from"] != "customer" for row in rows):
                return list(rows)
            if rows:
                self.messages(after=rows[-1]["seq"], wait=2)
        raise AssertionError("Nobody answered.")

    def events(self, *, last: Optional[int] = None) -> Iterator[tuple[str, Any]]:
        """Name and data of the stream's events; a comment is named ''."""
        headers = {} if last is None else {"Last-Event-ID": str(last)}
        with self.http.stream("GET", f"{self.path}/events", headers=headers) as response:
            assert response.status_code == 200
            assert response.headers["content-type"] == "text/event-stream"
            name = ""
            for line in response.iter_lines():
                if line.startswith(":"):
                    yield "", line
                elif line.startswith("event: "):
                    name = line[7:]
                elif line.startswith("data: "):
                    yield name, json.loads(line[6:])
