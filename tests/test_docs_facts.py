"""docs/facts.md lists every fact that the code can put into an answer, with its unit, and no other."""

from __future__ import annotations

import ast
import re
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any, Iterable, Iterator

import pytest
import yaml

from bot import wiring
from bot.answer import Answer, Fact, Money
from bot.settings import ROOT, Settings, get_settings
from bot.shop.backends.demo_orders import demo_orders
from bot.shop.carriers.book import load_carriers
from bot.shop.order_story import Teller
from bot.shop.products_file import load_products
from tests.documents import INLINE, doc, rows, section, text_of

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=timezone.utc)


def numbered(name: str) -> str:
    return re.sub(r"_\d+(?=_|\Z)", "_N", name)


def documented() -> dict[str, set[str]]:
    """Every fact of the tables, with the units that they give it."""
    facts: dict[str, set[str]] = {}
    for name, unit, *_ in rows(doc("facts"), "fact"):
        facts.setdefault(name.strip("`"), set()).update(re.split(r", | or ", unit))
    return facts


def unit_of(fact: Fact) -> str:
    if fact.unit:
        return fact.unit
    if isinstance(fact.value, Money):
        return "money"
    return "number" if isinstance(fact.value, (int, Decimal)) else "text"


def given_facts(answers: Iterable[Answer]) -> Iterator[tuple[str, str, str]]:
    """Name, unit and reply key of each fact of these answers and of their buttons."""
    for answer in answers:
        for fact in (*answer.facts, *(f for choice in answer.choices for f in choice.facts)):
            yield numbered(fact.name), unit_of(fact), answer.key


def answers_about_orders() -> Iterator[Answer]:
    data = ROOT / "data"
    folder = data / "shops" / "demo"
    teller = Teller(
        carriers=load_carriers(data / "carriers.yml"), transit=wiring.delivery("demo").transit, source="shop"
    )
    products = load_products(folder, today=NOW.date())
    for order in demo_orders(folder / "orders.yml", products=products, now=NOW, seed=1):
        yield teller.tell(order, now=NOW, timezone="Europe/Berlin", language="en")


def answers_about_stock() -> Iterator[Answer]:
    catalogue = wiring.catalogue("demo")
    for product in wiring.backend("demo").products()[::7]:
        colours = {v.colour for v in product.variants} | {None, "pink"}
        sizes = {v.size for v in product.variants} | {None, "XXXL"}
        for colour, size, quantity in [(c, s, q) for c in colours for s in sizes for q in (None, 500)]:
            yield catalogue.stock(
                text="",
                product=product.id,
                colour=colour,
                size=size,
                language="en",
                timezone="UTC",
                now=NOW,
                quantity=quantity,
            )


SIZES: list[tuple[str, str | None, dict[str, Any]]] = [
    ("foot 24.7 cm", "strandby-sneakers-women", {}),
    ("foot 24.5 cm", "strandby-sneakers-women", {}),
    ("foot 29 cm", "strandby-sneakers-women", {}),
    ("I wear us 8.5", "strandby-sneakers-women", {"size": "8.5", "system": "US"}),
    ("chest 97 waist 93", "brookby-cotton-tee", {}),
    ("what does L measure", "brookby-cotton-tee", {"size": "L"}),
    ("size 77", "brookby-cotton-tee", {"size": "77"}),
    ("which size", "calmar-bed-linen", {}),
    ("which size", "halden-wool-scarf", {}),
    ("eu 42 in us mens shoes", None, {"size": "42", "system": "EU"}),
    ("women bust 90 cm", None, {}),
    ("size 42", None, {"size": "42"}),
    ("which size", None, {}),
]


def answers_about_sizes() -> Iterator[Answer]:
    for text, product, given in SIZES:
        asked = {"size": None, "system": None, "measurements": [], "country": "DE", **given}
        yield wiring.fitting("demo").answer(text=text, product=product, language="en", now=NOW, **asked)


def answers_about_the_rest() -> Iterator[Answer]:
    products = [None, *(p.id for p in wiring.backend("demo").products()[::6])]
    delivery, importing = wiring.delivery("demo"), wiring.importing()
    policies, intents = wiring.policies("demo"), ("return_request", "payment_methods", "warranty")
    for country in (None, "DE", "GB", "US", "BR", "AU", "CA", "NZ"):
        for on in (NOW.date(), date(2026, 8, 1), date(2027, 6, 1)):
            yield delivery.answer(country=country, service=None, on=on)
            yield delivery.options(country=country, on=on)
            for product in products:
                yield importing.answer(
                    text="", country=country, product=product, shop="demo", language="en", on=on
                )
            yield from (policies.answer(intent, country=country, on=on) for intent in intents)
    yield from (wiring.opening("demo").answer(now=NOW + timedelta(hours=h)) for h in range(0, 24 * 90, 7))
    yield from (wiring.topics().language(text, language="en") for text in ("German please", "Klingon", "?"))


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[set[tuple[str, str, str]]]:
    """The facts of hundreds of real answers of the demo shop."""
    wiring.use(Settings(var=tmp_path_factory.mktemp("var"), clock=NOW, database_url=""))
    yield {
        *given_facts(answers_about_orders()),
        *given_facts(answers_about_stock()),
        *given_facts(answers_about_sizes()),
        *given_facts(answers_about_the_rest()),
    }
    wiring.use(get_settings())


# Methods that make a fact of their first argument.
METHODS = ("fact", "_fact")


def pattern(name: ast.AST) -> str:
    """A name as it is written out, N where something is filled in."""
    if isinstance(name, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "N" for part in name.values)
    return str(name.value) if isinstance(name, ast.Constant) else ""


def written_facts() -> Iterator[tuple[str, Path]]:
    """The names of facts that the code writes out, and those of the policies."""
    for folder in ("actions", "bot/shop", "bot/desk", "bot/channels", "bot/commands"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(text_of(path))):
                if not isinstance(node, ast.Call) or not node.args:
                    continue
                name = pattern(node.args[0])
                makes = getattr(node.func, "id", "") == "Fact" or getattr(node.func, "attr", "") in METHODS
                if makes and re.fullmatch(r"[a-z]\w+", name):
                    yield numbered(name), path.relative_to(ROOT)
    for path in sorted((ROOT / "data" / "policies").glob("*/*.yml")):
        policy = yaml.safe_load(text_of(path))
        for part in (policy, *policy["answers"]):
            yield from ((str(name), path.relative_to(ROOT)) for name in part.get("facts") or {})


def placeholders(*, of_pages: bool) -> Iterator[tuple[str, str]]:
    """What stands in the braces of replies; labels of pages are filled in by the pages."""
    book = wiring.phrasebook()
    for language in book.languages:
        for key in book.keys(language):
            if key.startswith(("web.", "team.")) is of_pages:
                yield from ((numbered(name), key) for name in book.reply(key, language).placeholders)


def test_every_fact_of_an_answer_is_in_the_table(told: set[tuple[str, str, str]]) -> None:
    table = documented()
    assert len(told) > 200
    for name, unit, key in sorted(told):
        assert unit in table.get(name, ()), (
            f"{key} tells {name} ({unit}); docs/facts.md has {table.get(name)}"
        )


def test_every_fact_that_the_code_writes_is_in_the_table() -> None:
    table, found = documented(), list(written_facts())
    assert len(found) > 80
    for name, path in found:
        assert name in table, f"{path} makes the fact {name}"


def test_every_placeholder_is_a_fact_of_the_table() -> None:
    table = documented()
    for name, key in placeholders(of_pages=False):
        assert name in table, f"the reply {key} asks for {name}"
    pages = set(INLINE.findall(section("facts", "Placeholders of pages")))
    assert pages - {"web.…", "team.…"} == {name for name, _ in placeholders(of_pages=True)}


def test_every_fact_of_the_table_is_made_somewhere(told: set[tuple[str, str, str]]) -> None:
    made = {name for name, *_ in told} | {name for name, _ in written_facts()}
    assert set(documented()) <= made
