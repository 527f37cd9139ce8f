"""The inbox as an agent uses it, in a real Chromium: by keyboard, live, safe, on every screen."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import timedelta
from typing import Any, Callable, Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, expect, sync_playwright
from playwright.sync_api import Page as Tab

from bot.answer import Fact
from bot.conversations.model import Draft, Kind, Sender
from bot.http.bell import Bell
from tests import needs
from tests.web.conftest import Page
from tests.web.house import MORNING, NIGHT, PASSWORD, House
from tests.web.served import Server

pytestmark = pytest.mark.slow

OpenTab = Callable[..., Tab]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as play:
        running = play.chromium.launch(executable_path=needs.chromium(), args=needs.CHROMIUM_FLAGS)
        yield running
        running.close()


@pytest.fixture
def tab(browser: Browser, server: Server) -> Iterator[OpenTab]:
    """Opens the inbox; at the end nothing on any page may have failed or been forbidden."""
    contexts, trouble = [], []

    def heard(message: ConsoleMessage) -> None:
        # Browsers log every refusal and every cut; what a page did wrong is another matter.
        if message.type == "error" and "Failed to load resource" not in message.text:
            trouble.append(message.text)

    def opened(*, signed_in: bool = True, width: int = 1440, height: int = 900, **options: Any) -> Tab:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            **{"timezone_id": "Asia/Shanghai", "locale": "en-GB", **options},
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(8000)
        page.on("console", heard)
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.goto(f"{server.url}/team/")
        page.wait_for_selector("#login")
        if signed_in:
            page.keyboard.type("wen")
            page.keyboard.press("Tab")
            page.keyboard.type(PASSWORD)
            page.keyboard.press("Enter")
            page.wait_for_selector(".dk-list")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert trouble == []


def open_conversation(page: Tab, cid: str) -> None:
    page.locator(f'[data-key="{cid}"]').focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".m")


def test_a_waiting_customer_is_answered_by_keyboard_alone(house: House, tab: OpenTab) -> None:
    cid = house.damaged_lamp()
    page = tab()
    row = page.locator(".dk-row")
    expect(row).to_have_count(1)
    expect(row.locator(".due")).to_have_text("38 min")
    expect(row).to_contain_text("03:22 there")

    page.keyboard.press("Alt+j")
    expect(page.locator(".dk-prom")).to_contain_text("Promised by Tue 24 Nov, 11:00 here, 04:00 in Berlin")
    expect(page.locator(".dk-side")).to_contain_text("Damaged or wrong item")
    page.keyboard.press("Alt+c")
    expect(page.locator(".dk-top .tag")).to_have_text("With you")
    expect(page.locator("textarea")).to_be_focused()
    page.keyboard.type("Guten Morgen, ich schicke Ihnen einen neuen Schirm.")
    before = time.monotonic()
    page.keyboard.press("Control+Enter")
    expect(page.locator(".m.us.agent .b")).to_have_text("Guten Morgen, ich schicke Ihnen einen neuen Schirm.")
    assert time.monotonic() - before < 1.5
    expect(page.locator(".dk-prom.kept")).to_contain_text("38 min early")
    expect(row.locator(".due.kept")).to_have_text("Kept")
    assert house.store.messages(cid)[-1].agent == "Wen"

    page.keyboard.press("Alt+p")
    page.keyboard.type("Schirm bestellt.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".note")).to_contain_text("Wen, note Schirm bestellt.")
    page.keyboard.press("Alt+e")
    expect(page.locator(".dk-top .tag")).to_have_text("Closed")
    expect(row).to_have_count(0)
    expect(page.locator(".dk-rows")).to_contain_text("Nobody is waiting.")


def test_what_a_customer_writes_appears_at_once(house: House, tab: OpenTab) -> None:
    cid = house.damaged_lamp()
    page = tab()
    open_conversation(page, cid)
    said = time.monotonic()
    house.says(cid, "Gibt es etwas Neues?", at=MORNING)
    expect(page.locator(".m .b").last).to_have_text("Gibt es etwas Neues?")
    expect(page.locator(".dk-row .t")).to_contain_text("Gibt es etwas Neues?")
    assert time.monotonic() - said < 1.5


def test_a_new_case_is_unread_until_it_is_opened(house: House, tab: OpenTab) -> None:
    page = tab()
    expect(page.locator(".empty").first).to_contain_text("Nobody is waiting.")
    cid = house.damaged_lamp()
    expect(page.locator(".dk-row .unread")).to_have_count(1)
    expect(page).to_have_title("(1) Inbox")
    open_conversation(page, cid)
    expect(page.locator(".dk-row .unread")).to_have_count(0)


def test_why_shows_facts_intent_and_guard(house: House, tab: OpenTab) -> None:
    cid = house.damaged_lamp()
    page = tab()
    open_conversation(page, cid)
    why = page.locator(".why").last
    why.focus()
    page.keyboard.press("Enter")
    pop = page.get_by_role("dialog", name="Why the assistant said this")
    expect(pop).to_contain_text("handoff.damaged_or_wrong_item")
    expect(pop.get_by_role("row").first).to_contain_text("PW-20391")
    expect(pop).to_contain_text("Tue 24 Nov, 04:00 Berlin")
    expect(pop).to_contain_text("Damaged or wrong item0.93")
    expect(pop).to_contain_text("next Return0.04")
    expect(pop).to_contain_text("Every figure is one of these facts.")
    page.keyboard.press("Escape")
    expect(pop).to_have_count(0)
    expect(why).to_be_focused()


def test_the_guard_asks_before_a_claim_goes_out(house: House, tab: OpenTab) -> None:
    cid = house.damaged_lamp()
    page = tab()
    open_conversation(page, cid)
    page.keyboard.press("Alt+c")
    expect(page.locator("textarea")).to_be_focused()
    page.keyboard.type("Er ist am Freitag bei Ihnen.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert")).to_contain_text("“Freitag” is not backed by a fact in this case.")
    assert house.store.messages(cid)[-1].sender is Sender.BOT
    page.keyboard.press("Control+Enter")  # the button says "Send anyway" by now
    expect(page.locator(".m.us.agent .b")).to_have_text("Er ist am Freitag bei Ihnen.")
    expect(page.locator(".note")).to_contain_text("Sent although no fact backs it: Freitag")


def test_a_colleague_who_was_faster_is_named(house: House, server: Server, tab: OpenTab) -> None:
    cid = house.damaged_lamp()
    page = tab()
    open_conversation(page, cid)
    with Page(base_url=server.url) as jia:
        jia.sign_in("jia")
        jia.post(f"/team/conversations/{cid}/claim", json={})
    expect(page.locator(".dk-top .tag")).to_have_text("With Jia")
    expect(page.locator(".take")).to_contain_text("Jia is answering this customer.")
    page.keyboard.press("Alt+c")
    expect(page.locator(".dk-top .tag")).to_have_text("With you")


def test_a_draft_survives_news_and_a_failed_send(house: House, tab: OpenTab) -> None:
    cid = house.damaged_lamp()
    page = tab()
    open_conversation(page, cid)
    page.keyboard.press("Alt+c")
    expect(page.locator("textarea")).to_be_focused()
    page.keyboard.type("Guten ")
    house.says(cid, "Noch da?", at=MORNING)
    expect(page.locator(".m .b").last).to_have_text("Noch da?")
    page.keyboard.type("Morgen.")
    expect(page.locator("textarea")).to_have_value("Guten Morgen.")
    page.route("**/reply", lambda route: route.abort())
    page.keyboard.press("Control+Enter")
    expect(page.locator("#toast")).to_have_text("Not sent. Your text is still here.")
    expect(page.locator("textarea")).to_have_value("Guten Morgen.")
    page.unroute("**/reply")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".m.us.agent .b")).to_have_text("Guten Morgen.")


EVIL = (
    '<img src=x onerror="window.evil=1"><script>window.evil=1</script>',
    "javascript:window.evil=1",
    "\"><svg/onload=window.evil=1>{{constructor.constructor('window.evil=1')()}}",
)


def test_nothing_that_anybody_wrote_runs(house: House, server: Server, tab: OpenTab) -> None:
    cid = house.visitor(page=EVIL[1], product=EVIL[0], customer=EVIL[2], country="DE")
    seq = house.says(
        cid,
        EVIL[0],
        understood={
            "intent": EVIL[0],
            "confidence": 0.9,
            "ranking": [{"intent": EVIL[0], "confidence": 0.9}],
            "entities": [{"entity": EVIL[2], "text": EVIL[0], "value": EVIL[0]}],
            "emotion": EVIL[0],
            "urgency": "high",
        },
    )
    with house.database.begin() as tx:
        evil = Draft(
            Sender.BOT,
            Kind.TEXT,
            EVIL[2],
            language="de",
            facts=(Fact(EVIL[0][:40], EVIL[2], source=EVIL[0]).to_json(),),
            card={"title": EVIL[0], "rows": [{"label": EVIL[2], "value": EVIL[0]}]},
            choices=({"label": EVIL[0], "intent": "thank"},),
            reply_key=EVIL[0],
            guard={"findings": [{"text": EVIL[0]}]},
            answers=seq,
        )
        house.store.append(tx, cid, [evil], now=NIGHT)
    house.handed_over(cid, EVIL[0], topic="complaint", words=EVIL[0], emotion=EVIL[2], entities=[])
    page = tab()
    open_conversation(page, cid)
    for button in page.locator(".why").all():
        button.click()
        page.keyboard.press("Escape")
    page.keyboard.press("Alt+p")
    page.keyboard.type(EVIL[0])
    page.keyboard.press("Control+Enter")
    expect(page.locator(".note")).to_contain_text(EVIL[0])
    page.keyboard.press("Control+k")
    expect(page.locator("dialog")).to_contain_text(EVIL[0])
    page.keyboard.press("Escape")
    assert page.evaluate("window.evil") is None
    assert page.locator("#app img, #app script, #app a[href^='javascript']").count() == 0
    expect(page.locator(".m .b").nth(1)).to_contain_text(EVIL[0])


def test_everything_is_found_by_typing(house: House, tab: OpenTab) -> None:
    house.damaged_lamp()
    page = tab()
    page.wait_for_selector(".dk-row")
    page.keyboard.press("Control+k")
    page.keyboard.type("gesprungen")
    page.keyboard.press("Enter")
    page.wait_for_selector(".m")
    page.keyboard.press("Control+k")
    page.keyboard.type("deutsch")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Wartend")
    expect(page.locator(".dk-prom")).to_contain_text("Versprochen bis")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Wartend")


@pytest.mark.parametrize(
    ("locale", "heading", "due"),
    [
        ("en-GB", "Waiting", "38 min left"),
        ("zh-CN", "待处理", "剩 38 分"),
        ("de-DE", "Wartend", "noch 38 Min."),
        ("pt-BR", "Waiting", "38 min left"),
    ],
)
def test_the_page_speaks_the_agents_language(
    house: House, tab: OpenTab, locale: str, heading: str, due: str
) -> None:
    cid = house.damaged_lamp()
    page = tab(locale=locale)
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    open_conversation(page, cid)
    expect(page.locator(".dk-prom .left")).to_have_text(due)
    expect(page.locator(".m .b").nth(1)).to_contain_text("Die Lampe ist heute angekommen")  # as written
    assert "undefined" not in page.locator("#app").inner_text()


@pytest.mark.parametrize(("width", "height"), [(320, 640), (390, 844), (768, 900), (1024, 700), (1440, 900)])
def test_every_width_fits_and_leads_back(house: House, tab: OpenTab, width: int, height: int) -> None:
    cid = house.damaged_lamp()
    page = tab(width=width, height=height)
    open_conversation(page, cid)
    fits = "document.documentElement.scrollWidth <= window.innerWidth"
    assert page.evaluate(fits)
    overflowing = page.evaluate(
        """() => [...document.querySelectorAll('.dk-main *')].filter((e) => {
            const box = e.getBoundingClientRect();
            return box.width > 0 && box.right > window.innerWidth + 1 && !e.closest('.dk-keys, .cut');
        }).map((e) => e.className)"""
    )
    assert overflowing == []
    expect(page.locator(".dk-log")).to_be_in_viewport()
    if width < 1180:
        page.get_by_role("button", name="Handoff packet").click()
        expect(page.locator("dialog")).to_contain_text("Damaged or wrong item")
        page.keyboard.press("Escape")
    if width < 720:
        expect(page.locator(".dk-list")).to_be_hidden()
        page.get_by_role("button", name="Back").click()
        expect(page.locator(".dk-row")).to_be_visible()
        page.go_back()
        expect(page.locator(".dk-top")).to_be_visible()


@pytest.mark.parametrize(
    ("chosen", "scheme", "dark"),
    [(None, "light", False), (None, "dark", True), ("light", "dark", False), ("dark", "light", True)],
)
def test_light_and_dark(tab: OpenTab, chosen: str | None, scheme: str, dark: bool) -> None:
    page = tab(color_scheme=scheme)
    if chosen:
        page.get_by_role("button", name="Settings").click()
        page.get_by_label("Appearance").select_option(chosen)
        page.keyboard.press("Escape")
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (sum(int(part) for part in paper[4:-1].split(",")) < 200) is dark


def test_every_control_has_a_name_and_shows_its_focus(house: House, tab: OpenTab) -> None:
    cid = house.damaged_lamp()
    page = tab()
    open_conversation(page, cid)
    nameless = page.evaluate(
        """() => [...document.querySelectorAll('button, a, input, textarea, select')]
            .filter((e) => !(e.getAttribute('aria-label') || e.textContent.trim() || e.labels?.length))
            .map((e) => e.outerHTML)"""
    )
    assert nameless == []
    seen = set()
    for _ in range(24):
        page.keyboard.press("Tab")
        name, outline = page.evaluate(
            """() => { const e = document.activeElement; const box = e.closest('.dk-reply.focus') ?? e;
            if (e === document.body) return ['', ''];
            return [e.getAttribute('aria-label') ?? e.innerText, getComputedStyle(box).outlineStyle]; }"""
        )
        if name:
            seen.add(name.split("Alt")[0].strip())
            assert outline != "none", name
    assert {"Settings", "Why this?", "Take", "Resolve", "Transcript", "Reply"} <= seen


def test_an_ended_session_leads_to_the_door(house: House, tab: OpenTab) -> None:
    cid = house.damaged_lamp()
    page = tab()
    open_conversation(page, cid)
    house.clock.now = MORNING + timedelta(hours=13)
    page.keyboard.press("Alt+c")
    expect(page.locator(".problem")).to_have_text("Your session has ended. Sign in again.")
    expect(page.locator(".m")).to_have_count(0)


def test_wrong_passwords_say_so_and_signing_out_leaves_nothing(house: House, tab: OpenTab) -> None:
    house.damaged_lamp()
    page = tab(signed_in=False)
    page.keyboard.type("wen")
    page.keyboard.press("Tab")
    page.keyboard.type("wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text("Login or password is wrong.")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector(".dk-row")
    page.get_by_role("button", name="Settings").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_selector("#login")
    expect(page.locator(".dk-row")).to_have_count(0)
    page.reload()
    page.wait_for_selector("#login")


def test_the_page_finds_the_server_again(house: House, tab: OpenTab, server: Server) -> None:
    cid = house.damaged_lamp()
    page = tab()
    open_conversation(page, cid)
    server.stop()
    expect(page.locator("#toast")).to_have_text("No connection. Trying again.")
    house.says(cid, "Hallo?", at=MORNING)
    house.bell = Bell()
    house.door = replace(house.door, bell=house.bell)
    again = Server(house.routes(), house.bell, port=int(server.url.rsplit(":", 1)[1]))
    again.start()
    try:
        expect(page.locator(".m .b").last).to_have_text("Hallo?", timeout=15_000)
        expect(page.locator("#toast")).to_have_text("")
    finally:
        page.close()
        again.stop()
