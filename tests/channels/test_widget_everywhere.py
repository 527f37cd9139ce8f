"""The widget wherever it may stand: hostile texts and pages, every body, every screen."""

from __future__ import annotations

from typing import Any, Callable

import pytest
from playwright.sync_api import expect

from bot.conversations.model import Draft, Kind, Owner, Sender
from tests.channels.browser import SHOTS, Customer
from tests.channels.house import FRIEND, House, said

pytestmark = pytest.mark.slow
HOSTILE = """<img src=x onerror="window.hurt=1"><script>window.hurt=1</script>"""


# -- other people's pages ------------------------------------------------------------------


def test_hostile_texts_are_only_texts(customer: Callable[..., Customer], shop: House) -> None:
    anna = customer().visit().open()
    anna.say(HOSTILE)
    expect(anna.theirs.last).to_have_text(f"You said: {HOSTILE}")
    card = {
        "kind": "product",
        "name": HOSTILE,
        "price": HOSTILE,
        "stock": HOSTILE,
        "url": "javascript:window.hurt=1",
        "picture": {"shape": HOSTILE, "palette": [HOSTILE] * 4, "background": HOSTILE},
        "colours": [{"label": HOSTILE, "swatch": "red;background:url(//evil.example)", "state": "free"}],
        "sizes": [],
        "as_of": HOSTILE,
    }
    choices = ({"label": HOSTILE, "intent": "x", "entities": {}},)
    shop.post(
        anna.conversation, said("javascript:alert(1) https://x.example/'><b>", card=card, choices=choices)
    )
    shop.post(
        anna.conversation, Draft(Sender.AGENT, Kind.TEXT, HOSTILE, agent=HOSTILE, language='en" onload="x')
    )
    shop.give(anna.conversation, Owner.TEAM, agent="a1")
    expect(anna.part(".nd-card .nd-more")).to_have_count(0)
    expect(anna.theirs.last).to_have_text(HOSTILE)
    expect(anna.part("img")).to_have_count(0)
    assert anna.part(".b a").evaluate_all("all => all.map(one => one.href)") == ["https://x.example/"]
    assert anna.page.evaluate("window.hurt") is None


HOST_PAGE = """<!doctype html><html lang="de"><head><meta charset="utf-8"><style>
* { all: unset !important; color: red !important; font-size: 40px !important; display: inline !important }
nightdesk-widget { display: none !important; visibility: hidden !important; opacity: 0 !important }
:root { --surface: red; --text: red }
div { position: static !important; transform: rotate(9deg) }
button, textarea { width: 3px !important }
</style></head><body onkeydown="window.heard=(window.heard||0)+1"><p>Ein fremder Shop</p>
<script src="WIDGET/widget/nightdesk.js" data-shop="demo" data-product="marlow-rain-jacket"
 data-brand="#f2c230" data-brand-ink="#ffffff" defer></script></body></html>"""


def test_another_shops_page_with_hostile_rules(customer: Callable[..., Customer], shop: House) -> None:
    anna = customer(locale="de-AT")
    anna.page.route(
        f"{FRIEND}/",
        lambda route: route.fulfill(content_type="text/html", body=HOST_PAGE.replace("WIDGET", shop.url)),
    )
    anna.page.goto(f"{FRIEND}/")
    expect(anna.launcher).to_be_visible()
    anna.page.evaluate("document.addEventListener('nightdesk:open', () => (window.opened = true))")
    anna.page.evaluate("document.addEventListener('nightdesk:close', () => (window.shut = true))")
    anna.page.evaluate("Nightdesk.open()")
    expect(anna.theirs.first).to_contain_text("kein Mensch")
    box = anna.panel.bounding_box()
    assert box is not None
    assert (round(box["width"]), round(box["height"])) == (380, 640)
    assert anna.theirs.first.evaluate("one => getComputedStyle(one).fontSize") == "15px"
    assert anna.theirs.first.evaluate("one => getComputedStyle(one).color") != "rgb(255, 0, 0)"
    assert anna.panel.evaluate("one => getComputedStyle(one).backgroundColor") == "rgb(255, 255, 255)"
    # white on yellow can't be read: the widget takes black
    assert anna.launcher.evaluate("one => getComputedStyle(one).color") == "rgb(0, 0, 0)"
    anna.say("hallo")
    expect(anna.theirs.last).to_have_text("You said: hallo")
    anna.shot("host", SHOTS)
    kept = shop.store.get(anna.conversation)
    assert (kept.product, kept.locale, kept.country, kept.page) == (
        "marlow-rain-jacket",
        "de-AT",
        "AT",
        f"{FRIEND}/",
    )
    anna.page.keyboard.type("x")
    anna.page.evaluate("Nightdesk.close()")
    expect(anna.panel).to_be_hidden()
    assert anna.page.evaluate("[window.opened, window.shut, window.heard]") == [True, True, None]


# -- every body ----------------------------------------------------------------------------


def test_by_keyboard_alone(customer: Callable[..., Customer]) -> None:
    anna = customer().visit()
    keys = anna.page.keyboard
    for _ in range(200):
        keys.press("Tab")
        if anna.focused() == "Open chat":
            break
    assert anna.focused() == "Open chat"
    keys.press("Enter")
    expect(anna.theirs.first).to_be_visible()
    assert anna.focused() == "Write a message"
    keys.type("hello")
    keys.press("Shift+Enter")
    keys.type("there")
    keys.press("Enter")
    expect(anna.theirs.last).to_have_text("You said: hello there")
    assert anna.focused() == "Write a message"

    order = []
    for _ in range(6):
        keys.press("Shift+Tab")
        order.append(anna.focused())
    assert order[1:5] == ["Talk to a person", "Close", "More", "Language: English"]  # after the thread
    while anna.focused() != "Language: English":
        keys.press("Tab")
    keys.press("ArrowDown")
    assert anna.focused() == "English"
    keys.press("End")
    assert anna.focused() == "中文"
    keys.press("Escape")
    assert anna.focused() == "Language: English"
    expect(anna.panel).to_be_visible()
    keys.press("Escape")
    expect(anna.panel).to_be_hidden()
    assert anna.focused() == "Open chat"


def test_what_a_screen_reader_is_told(customer: Callable[..., Customer]) -> None:
    anna = customer().visit().open()
    expect(anna.page.get_by_role("dialog", name="Lantern & Loom")).to_be_visible()
    log = anna.page.get_by_role("log", name="Conversation")
    expect(log).to_have_attribute("aria-live", "polite")
    expect(anna.page.get_by_role("textbox", name="Write a message")).to_be_focused()
    expect(anna.page.get_by_role("button", name="Send")).to_be_disabled()
    anna.say("hello")
    expect(log.get_by_text("You: hello")).to_be_attached()
    unnamed = anna.part("button").evaluate_all(
        "all => all.filter(one => !(one.ariaLabel || one.textContent.trim())).map(one => one.outerHTML)"
    )
    assert unnamed == []
    small = anna.part("button:visible").evaluate_all(
        """all => all.map(one => [one.getBoundingClientRect(), one])
          .filter(([box]) => box.width < 24 || box.height < 24).map(([, one]) => one.className)"""
    )
    assert small == []


@pytest.mark.parametrize("width", [320, 390])
@pytest.mark.parametrize("language", ["en", "de", "es", "zh"])
def test_narrow_screens_and_zoom(customer: Callable[..., Customer], width: int, language: str) -> None:
    anna = (
        customer(viewport={"width": width, "height": 640}, locale=language).visit(f"/?lang={language}").open()
    )
    anna.say("is the blue one there")
    expect(anna.part(".nd-card")).to_be_visible()
    box = anna.panel.bounding_box()
    assert box == {"x": 0, "y": 0, "width": width, "height": 640}
    wide = anna.part(".nd *").evaluate_all(
        """(all, width) => all.filter((one) => {
          const box = one.getBoundingClientRect();
          return !one.closest(".nd-hidden") && box.width && (box.right > width + 0.5 || box.left < -0.5);
        }).map((one) => one.outerHTML)""",
        width,
    )
    assert wide == []
    assert anna.page.evaluate("document.documentElement.scrollWidth") <= width
    overlap = anna.part(".nd-strip").evaluate(
        """strip => {
          const say = document.createRange();
          say.selectNodeContents(strip.querySelector(".say"));
          const button = strip.querySelector("button").getBoundingClientRect();
          return say.getBoundingClientRect().right > button.left;
        }"""
    )
    assert overlap is False
    anna.shot(f"narrow-{width}-{language}", SHOTS)


def test_right_to_left(customer: Callable[..., Customer], shop: House) -> None:
    anna = customer()

    def mirrored(route: Any) -> None:
        response = route.fetch()
        route.fulfill(response=response, json={**response.json(), "dir": "rtl"})

    anna.page.route("**/chat/ui*", mirrored)
    anna.visit()
    box = anna.launcher.bounding_box()
    assert box is not None
    assert box["x"] < 100  # bottom inline-end is on the left
    anna.open()
    anna.say("السلام عليكم، وين وصل طلبي LL-10433؟")
    expect(anna.theirs).to_have_count(2)
    mine = anna.part(".nd-msg.me").bounding_box()
    theirs = anna.part(".nd-msg:not(.me)").last.bounding_box()
    assert mine is not None
    assert theirs is not None
    assert mine["x"] < theirs["x"]
    expect(anna.part(".nd-msg.me .ltr")).to_have_text("LL-10433")
    anna.shot("rtl", SHOTS)


@pytest.mark.parametrize(("scheme", "theme"), [("light", "light"), ("dark", "dark")])
def test_the_device_decides_the_theme(customer: Callable[..., Customer], scheme: str, theme: str) -> None:
    anna = customer(color_scheme=scheme).visit().open()
    assert anna.part(".nd-root").get_attribute("data-theme") == theme
    other = "light" if scheme == "dark" else "dark"
    anna.page.emulate_media(color_scheme=other)
    expect(anna.part(".nd-root")).to_have_attribute("data-theme", other)


def test_no_motion_for_those_who_want_none(customer: Callable[..., Customer]) -> None:
    durations = {}
    for motion in ("no-preference", "reduce"):
        anna = customer(reduced_motion=motion).visit().open()
        durations[motion] = anna.part(".nd-frame").evaluate("one => getComputedStyle(one).animationDuration")
    assert durations == {"no-preference": "0.22s", "reduce": "0.001s"}


def test_deleting_a_conversation(customer: Callable[..., Customer], shop: House) -> None:
    anna = customer().visit().open()
    anna.say("forget this")
    expect(anna.theirs).to_have_count(2)
    first = anna.conversation
    anna.part("button[aria-label=More]").click()
    anna.part("[role=menuitem]").click()
    expect(anna.part(".nd-note")).to_contain_text("Delete everything that was said here?")
    anna.shot("delete", SHOTS)
    anna.part(".nd-go.danger").click()
    expect(anna.panel).to_be_hidden()
    assert anna.page.evaluate("Object.keys(localStorage).length") == 0
    anna.open()
    expect(anna.bubbles).to_have_count(1)
    assert anna.conversation != first


def test_the_storefront_leads_into_the_chat(customer: Callable[..., Customer], shop: House) -> None:
    anna = customer().visit("/p/marlow-rain-jacket?lang=es")
    anna.page.get_by_role("button", name="Preguntar por este producto").click()
    expect(anna.theirs.first).to_contain_text("Lantern & Loom")
    kept = shop.store.get(anna.conversation)
    assert (kept.product, kept.language, kept.page) == (
        "marlow-rain-jacket",
        "es",
        f"{shop.url}/p/marlow-rain-jacket?lang=es",
    )
