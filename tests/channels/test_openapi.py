from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest
from sanic import Sanic

from bot.channels.front import Awaited
from bot.channels.openapi import description
from bot.conversations.model import Owner
from tests.channels.house import DUE, House
from tests.channels.visitor import Visitor
from tests.web.house import House as TeamHouse

DESCRIBED = description()
PAGES = ("/widget/", "/store/", "/p/", "/team/static/")


def routes(app: Sanic) -> set[tuple[str, str]]:
    """Method and path of every route that is no page."""
    found = set()
    for route in app.router.routes:
        path = "/" + re.sub(r"<(\w+)(:\w+)?>", r"{\1}", route.path)
        if path not in ("/", "/team", "/team/") and not path.startswith(PAGES):
            found |= {(method, path) for method in route.methods if method not in ("OPTIONS", "HEAD")}
    return found


def described(*, below: tuple[str, ...]) -> set[tuple[str, str]]:
    return {
        (method.upper(), path)
        for path, item in DESCRIBED["paths"].items()
        for method in item
        if method != "parameters" and path.startswith(below)
    }


def test_every_route_of_the_customers_doors_is_described(house: House) -> None:
    assert routes(house.app) == described(below=("/chat", "/health", "/metrics", "/openapi"))


def test_every_route_of_the_team_is_described(tmp_path: Path) -> None:
    app = Sanic("openapi_team", configure_logging=False)
    app.blueprint(TeamHouse(tmp_path).routes())
    assert routes(app) == described(below=("/team",))


def test_the_document_is_served(client: httpx.Client) -> None:
    assert client.get("/openapi.json").json() == DESCRIBED


def test_every_reference_leads_somewhere() -> None:
    def look(tree: Any) -> None:
        if isinstance(tree, dict):
            if "$ref" in tree:
                target: Any = DESCRIBED
                for step in tree["$ref"].removeprefix("#/").split("/"):
                    target = target[step]
            for value in tree.values():
                look(value)
        elif isinstance(tree, list):
            for value in tree:
                look(value)

    look(DESCRIBED)


def valid(name: str, value: Any) -> None:
    schema = {"$ref": f"#/components/schemas/{name}", "components": DESCRIBED["components"]}
    jsonschema.Draft202012Validator(schema).validate(value)


@pytest.mark.parametrize("name", sorted(DESCRIBED["components"]["schemas"]))
def test_schemas_are_schemas(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(DESCRIBED["components"]["schemas"][name])


def test_answers_are_as_described(house: House, client: httpx.Client, visitor: Visitor) -> None:
    valid("Started", visitor.started)
    valid("Ui", client.get("/chat/ui", params={"language": "zh", "timezone": "Asia/Shanghai"}).json())
    valid("Kept", visitor.say("hello").json())
    visitor.answered(2)
    house.give(visitor.conversation, Owner.WAITING, due=Awaited(DUE))
    news = visitor.messages()
    valid("News", news)
    valid("State", visitor.post("language", {"language": "de"}).json())
    valid("Problem", visitor.post("messages", {}).json())
    valid("Live", client.get("/health/live").json())
    valid("Ready", client.get("/health/ready").json())
    with pytest.raises(jsonschema.ValidationError):
        valid("News", {**news, "owner": "nobody"})


@pytest.mark.parametrize(
    ("body", "fits"),
    [
        ({"id": "12345678", "text": "x"}, True),
        ({"id": "12345678", "choice": "1.0"}, True),
        ({"id": "12345678", "form": {"form": "order", "values": {"email": "a@example.org"}}}, True),
        ({"id": "12345678"}, False),
        ({"text": "x"}, False),
        ({"id": "12345678", "text": "x", "choice": "1.0"}, False),
        ({"id": "1", "text": "x"}, False),
    ],
)
def test_what_is_described_is_what_is_taken(visitor: Visitor, body: dict[str, Any], fits: bool) -> None:
    schema = {"$ref": "#/components/schemas/Say", "components": DESCRIBED["components"]}
    assert jsonschema.Draft202012Validator(schema).is_valid(body) is fits
    assert (visitor.post("messages", body).status_code == 202) is fits
