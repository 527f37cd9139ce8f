"""A new user's night, in a real Chromium: the widget on the demo storefront, and the inbox beside it."""

from __future__ import annotations

import re
from typing import Any, Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests import needs
from tests.serving.server import Server

pytestmark = pytest.mark.slow

Visit = Callable[..., Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as play:
        running = play.chromium.launch(executable_path=needs.chromium(), args=needs.CHROMIUM_FLAGS)
        yield running
        running.close()


@pytest.fixture
def visit(browser: Browser, server: Server) -> Iterator[Visit]:
    """Opens a page of the server as somebody somewhere; at the end no script may have failed."""
    contexts, errors = [], []

    def opened(path: str, *, locale: str, zone: str) -> Page:
        context = browser.new_context(
            locale=locale, timezone_id=zone, viewport={"width": 1280, "height": 860}
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{server.url}{path}")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert errors == []


def open_chat(page: Page) -> Any:
    """Open the widget, and wait for its welcome; returns the log."""
    page.locator("nightdesk-widget .nd-launch").click()
    log = page.locator("nightdesk-widget .nd-log")
    expect(log.locator("[data-seq]")).to_have_count(1)
    return log


def say(page: Page, text: str) -> str:
    """Type a message; returns the words of the reply."""
    rows = page.locator("nightdesk-widget .nd-log [data-seq]")
    before = rows.count()
    box = page.locator("nightdesk-widget textarea")
    box.fill(text)
    box.press("Enter")
    expect(rows).to_have_count(before + 2)
    return str(rows.last.inner_text())


def test_an_order_in_german_with_a_wrong_then_a_right_address(visit: Visit) -> None:
    page = visit("/", locale="de-DE", zone="Europe/Berlin")
    log = open_chat(page)
    expect(log).to_contain_text("automatische Assistent")
    expect(log).to_contain_text("Mit einem Menschen sprechen")
    assert "E-Mail" in say(page, "Wo ist meine Bestellung LL-10423?")
    wrong = say(page, "jemand.anders@example.org")
    assert "Zoll" not in wrong
    assert "finde keine Bestellung" in wrong
    right = say(page, "anna.keller@example.org")
    assert "Zoll" in right
    assert "Frankfurt" in right
    assert re.search(r"\d{2}:\d{2} Uhr", right)
    assert "nicht garantiert" in right


def test_the_blue_one_in_m_in_spanish(visit: Visit) -> None:
    page = visit("/p/fernley-cotton-tee?lang=es", locale="es-ES", zone="Europe/Madrid")
    open_chat(page)
    answer = say(page, "¿tienen la azul en talla M?")
    assert "azul" in answer
    assert "M" in answer
    card = page.locator("nightdesk-widget .nd-log .nd-card").last
    expect(card).to_contain_text("19,00")


def test_a_person_in_chinese_at_two_at_night_and_the_reply_from_the_inbox(
    visit: Visit, server: Server
) -> None:
    customer = visit("/", locale="zh-CN", zone="Asia/Shanghai")
    open_chat(customer)
    promised = say(customer, "我要找人工客服")
    assert "11月24日" in promised
    assert "13:00" in promised
    strip = customer.locator("nightdesk-widget .nd-strip.promise")
    expect(strip).to_contain_text("13:00")

    agent = visit("/team/", locale="en-GB", zone="Asia/Shanghai")
    login, password = server.login()
    agent.wait_for_selector("#login")
    agent.keyboard.type(login)
    agent.keyboard.press("Tab")
    agent.keyboard.type(password)
    agent.keyboard.press("Enter")
    row = agent.get_by_text("我要找人工客服").first
    expect(row).to_be_visible()
    row.click()
    expect(agent.get_by_text("13:00").first).to_be_visible()
    agent.keyboard.press("Alt+c")
    box = agent.locator("textarea")
    box.fill("您好，我是小文，请问有什么可以帮您？")
    box.press("Control+Enter")
    log = customer.locator("nightdesk-widget .nd-log")
    expect(log).to_contain_text("我是小文", timeout=1000)
    expect(customer.locator("nightdesk-widget .nd-strip.team")).to_be_visible()

    # While a person holds the pen the assistant is silent.
    rows = log.locator("[data-seq]")
    before = rows.count()
    customer.locator("nightdesk-widget textarea").fill("你们支持退货吗？")
    customer.locator("nightdesk-widget textarea").press("Enter")
    expect(rows).to_have_count(before + 1)

    customer.reload()
    log = customer.locator("nightdesk-widget .nd-log")
    if not log.is_visible():
        customer.locator("nightdesk-widget .nd-launch").click()
    expect(log.locator("[data-seq]")).to_have_count(before + 1)
    for words in ("我要找人工客服", "我是小文", "你们支持退货吗"):
        expect(log).to_contain_text(words)
