from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Callable, Optional

import httpx
import pytest

from bot.channels.files import STATIC, Files
from bot.channels.pictures import drawing, shapes
from bot.http.look import TOKENS
from bot.settings import ROOT
from bot.shop.products_file import load_products
from tests.channels.house import House

PRODUCTS = load_products(ROOT / "data/shops/demo")
HOSTILE = "</h1><script>alert(1)</script><img src=x onerror='alert(1)'>\"'&"


class Page(HTMLParser):
    """Every element of a page with its attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, Optional[str]]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, Optional[str]]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, Optional[str]]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.mark.parametrize(
    ("query", "accepted", "language"),
    [
        ("", "", "en"),
        ("", "de-AT,de;q=0.9,en;q=0.8", "de"),
        ("", "fr-FR,es;q=0.8", "es"),
        ("?lang=zh", "de", "zh"),
        ("?lang=fr", "de", "de"),
        ("?lang=", "", "en"),
    ],
)
@pytest.mark.parametrize("path", ["/", "/p/marlow-rain-jacket", "/p/nothing"])
def test_pages_speak_the_visitors_language(
    client: httpx.Client, path: str, query: str, accepted: str, language: str
) -> None:
    response = client.get(path + query, headers={"Accept-Language": accepted})
    assert response.status_code == (404 if path == "/p/nothing" else 200)
    assert Page(response.text).all("html") == [{"lang": language, "dir": "ltr"}]


@pytest.mark.parametrize("path", ["/", "/p/marlow-rain-jacket?colour=blue", "/p/nothing"])
def test_pages_let_nothing_foreign_in(client: httpx.Client, path: str) -> None:
    response = client.get(path)
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert response.headers["x-content-type-options"] == "nosniff"
    page = Page(response.text)
    assert all((script.get("src") or "").startswith("/") for script in page.all("script"))
    assert not page.all("style")
    for _, attributes in page.elements:
        assert "style" not in attributes
        assert not any(name.startswith("on") for name in attributes)


def test_every_product_has_its_page(client: httpx.Client) -> None:
    listed = {(link.get("href") or "").removeprefix("/p/") for link in Page(client.get("/").text).all("a")}
    assert {product.id for product in PRODUCTS} <= listed
    for product in PRODUCTS:
        response = client.get(f"/p/{product.id}", params={"lang": "de"})
        assert response.status_code == 200
        scripts = Page(response.text).all("script")
        assert any(s.get("data-product") == product.id and s.get("data-shop") == "demo" for s in scripts)
        assert (product.descriptions["de"] in response.text) is True


def test_what_is_chosen_goes_along(client: httpx.Client) -> None:
    page = Page(client.get("/?lang=de&country=DE").text)
    links = [link.get("href") or "" for link in page.all("a") if "/p/" in (link.get("href") or "")]
    assert links
    assert all(link.endswith("?lang=de&country=DE") for link in links)
    assert any(script.get("data-country") == "DE" for script in page.all("script"))


@pytest.mark.parametrize("colour", ["blue", "nowhere", '"><script>'])
def test_a_sold_out_size_is_told(client: httpx.Client, colour: str) -> None:
    text = client.get("/p/marlow-rain-jacket", params={"colour": colour}).text
    assert "<script>" not in text
    assert ('XS<span class="st-hidden"> (sold out)</span>' in text) is (colour == "blue")


def test_a_hostile_catalogue_is_only_text(open_house: Callable[..., House]) -> None:
    bad = replace(
        PRODUCTS[0],
        id="bad",
        names={"en": HOSTILE},
        descriptions={"en": HOSTILE},
        picture={"shape": HOSTILE, "palette": [HOSTILE] * 4, "background": HOSTILE},
    )
    house = open_house(products=(bad,))
    for path in ("/", "/p/bad"):
        response = httpx.get(house.url + path)
        assert response.status_code == 200
        page = Page(response.text)
        assert not page.all("img")
        assert all("src" in script for script in page.all("script"))
        assert all(HOSTILE not in str(attributes.get("fill")) for _, attributes in page.elements)


def test_every_shape_of_the_catalogue_is_drawn() -> None:
    assert {str(product.picture["shape"]) for product in PRODUCTS} <= set(shapes())


@pytest.mark.parametrize("name", sorted(shapes()))
def test_a_picture_uses_its_own_tones(name: str) -> None:
    tones = ["#111111", "#222222", "#333333", "#444444"]
    drawn = drawing({"shape": name, "palette": tones, "background": "#555555"}, label="A thing")
    used = set(re.findall(r'(?:fill|stroke)="(#\d+)"', drawn))
    assert {"#111111", "#555555"} <= used <= {*tones, "#555555"}
    assert 'role="img" aria-label="A thing"' in drawn


def test_the_loader_names_the_version_of_its_parts(client: httpx.Client) -> None:
    loader = client.get("/widget/nightdesk.js")
    version = Files.read(STATIC / "widget", TOKENS).version
    assert loader.headers["cache-control"] == "no-cache"
    assert f'import(new URL("./{version}/main.js"' in loader.text
    again = client.get("/widget/nightdesk.js", headers={"If-None-Match": loader.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("version", "cache"), [(None, "public, max-age=31536000, immutable"), ("old", "no-cache")]
)
def test_parts_are_kept_as_long_as_they_are_the_same(
    client: httpx.Client, version: Optional[str], cache: str
) -> None:
    version = version or Files.read(STATIC / "widget", TOKENS).version
    for part in (STATIC / "widget").iterdir():
        response = client.get(f"/widget/{version}/{part.name}")
        assert response.status_code == 200
        assert response.headers["cache-control"] == cache
        assert response.headers["x-content-type-options"] == "nosniff"


def test_the_dark_tokens_are_written_twice_and_alike() -> None:
    text = TOKENS.read_text(encoding="utf-8")
    blocks = re.findall(r"color-scheme: dark;(.*?)\}", text, re.S)
    assert len(blocks) == 2
    assert blocks[0].split() == blocks[1].split()


def test_the_widgets_scripts_never_make_html_of_a_text() -> None:
    for script in (STATIC / "widget").glob("*.js"):
        text = script.read_text(encoding="utf-8")
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", text), script
