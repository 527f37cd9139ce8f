"""The widget in a real browser, as a customer uses it."""

from __future__ import annotations

import os
import re
from datetime import timedelta
from pathlib import Path
from typing import Any, Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from bot.channels.front import Awaited
from bot.conversations.model import Draft, Kind, Owner, Sender
from bot.phrasebook import Phrasebook
from tests import needs
from tests.channels.browser import Customer, conversation_of
from tests.channels.house import DUE, FRIEND, House, said
from tests.channels.scenes import answer

pytestmark = pytest.mark.slow
# The shop's page of one test is a public one, and Chromium keeps those from loopback.
FLAGS = [*needs.CHROMIUM_FLAGS, "--disable-features=LocalNetworkAccessChecks"]
SHOTS = os.environ.get("NIGHTDESK_SHOTS")
HOSTILE = """<img src=x onerror="window.hurt=1"><script>window.hurt=1</script>"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = needs.chromium()
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="module")
def shop(book: Phrasebook, migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with House(tmp_path_factory.mktemp("shop"), book, script=answer, migrated=migrated) as opened:
        yield opened


@pytest.fixture
def customer(
    browser: Browser, shop: House, open_house: Callable[..., House]
) -> Iterator[Callable[..., Customer]]:
    """Makes customers, each with a browser profile of their own; none of them may meet an error."""
    made: list[Customer] = []

    def make(house: House = shop, **context: Any) -> Customer:
        made.append(Customer(browser, house, **context))
        return made[-1]

    yield make
    for one in made:
        one.context.close()
    assert [fault for one in made for fault in one.faults] == []


# -- chatting ------------------------------------------------------------------------------


def test_a_chat_and_its_reload(customer: Callable[..., Customer]) -> None:
    anna = customer().visit()
    assert anna.page.evaluate("Object.keys(localStorage).length") == 0  # nothing before the first opening
    anna.open()
    expect(anna.theirs.first).to_contain_text("not a person")
    expect(anna.strip).to_contain_text("Automated assistant")
    expect(anna.part(".nd-person")).to_have_text("Talk to a person")
    anna.shot("first", SHOTS)
    anna.say("hello")
    expect(anna.theirs.nth(1)).to_have_text("You said: hello")
    expect(anna.part(".nd-typing")).to_have_count(0)
    conversation = anna.conversation

    anna.page.reload()
    expect(anna.bubbles).to_have_count(3)  # the panel was open, and is open again with the whole thread
    assert anna.conversation == conversation
    expect(anna.mine).to_have_text(re.compile("hello"))
    anna.say("still here")
    expect(anna.theirs.nth(2)).to_have_text("You said: still here")


def test_five_quick_messages_stay_in_order(customer: Callable[..., Customer]) -> None:
    anna = customer().visit().open()
    for number in range(5):
        anna.say(f"number {number}")
    expect(anna.theirs).to_have_count(6)
    assert anna.said == [f"number {number}" for number in range(5)]
    assert anna.theirs.all_inner_texts()[1:] == [f"You said: number {number}" for number in range(5)]


def test_buttons_are_answered_once(customer: Callable[..., Customer]) -> None:
    anna = customer().visit().open()
    expect(anna.part(".nd-choice")).to_have_count(5)
    anna.part(".nd-choice").nth(1).click()
    expect(anna.mine).to_contain_text("Delivery time")
    expect(anna.part(".nd-choice")).to_have_count(0)
    anna.say("unsure")
    expect(anna.part(".nd-choices.stack .nd-choice")).to_have_count(3)
    anna.shot("unsure", SHOTS)


def test_the_order_form(customer: Callable[..., Customer]) -> None:
    anna = customer().visit().open()
    anna.say("where is my parcel?")
    look_up = anna.part("form.nd-form button[type=submit]")
    look_up.click()
    expect(anna.part(".nd-fault").first).to_have_text("Please fill in this field.")
    assert anna.part("[name=order_number]").evaluate("one => one.getAttribute('aria-invalid')") == "true"
    anna.shot("form", SHOTS)
    anna.part("[name=order_number]").fill("LL-10417")
    anna.part("[name=email]").fill("anna@example.org")
    anna.part("[name=email]").press("Enter")
    expect(anna.part(".nd-steps li")).to_have_count(5)
    expect(anna.part("[aria-current=step]")).to_contain_text("With customs")
    expect(anna.part("form.nd-form")).to_have_count(0)
    expect(anna.part(".nd-asof")).to_contain_text("From YunExpress")
    bar = anna.part(".nd-range .bar")
    assert bar.get_attribute("aria-label") == "Working day 10; the usual range is 8 to 18"
    anna.shot("parcel", SHOTS)


@pytest.mark.parametrize(
    ("words", "seen"),
    [
        ("what does it cost", [".nd-sum .total:has-text('96,39 €')", ".nd-sum tr.sub", ".nd-asof"]),
        (
            "is the blue one there",
            [".nd-prod svg path", ".chip.chosen:has-text('Blue')", ".chip.out:has-text('XS')"],
        ),
        ("which size", [".nd-sum td:has-text('26.0 cm')", ".nd-fine.in"]),
        ("return policy", [".nd-sum td:has-text('30 days from delivery')", ".nd-asof"]),
    ],
)
def test_cards(customer: Callable[..., Customer], words: str, seen: list[str]) -> None:
    anna = customer().visit("/p/marlow-rain-jacket").open()
    anna.say(words)
    for selector in seen:
        expect(anna.part(selector).first).to_be_attached()
    expect(anna.part(".nd-card")).to_have_count(1)
    anna.shot(f"card-{words.split()[-1]}", SHOTS)


def test_a_card_that_does_not_say_as_of_when_is_not_shown(customer: Callable[..., Customer]) -> None:
    anna = customer().visit().open()
    anna.say("undated")
    expect(anna.theirs.nth(1)).to_have_text("It costs something.")
    expect(anna.part(".nd-card")).to_have_count(0)


# -- who holds the pen ---------------------------------------------------------------------


def test_the_strip_says_who_holds_the_pen(customer: Callable[..., Customer], shop: House) -> None:
    anna = customer().visit().open()
    anna.part(".nd-person").click()
    expect(anna.mine).to_contain_text("Talk to a person")
    cid = anna.conversation

    shop.give(cid, Owner.WAITING, due=Awaited(DUE))
    expect(anna.strip).to_contain_text("A person from the team replies by")
    expect(anna.strip.locator("time")).to_have_text("Tue 24 Nov, 10:30, your time")
    expect(anna.strip).to_contain_text("Central European Time, UTC+1")
    anna.shot("promise", SHOTS)

    shop.give(cid, Owner.WAITING, due=Awaited(DUE + timedelta(minutes=90), instead_of=DUE))
    expect(anna.strip.locator("time")).to_have_text("Tue 24 Nov, 12:00, your time")
    expect(anna.strip).to_contain_text("Instead of Tue 24 Nov, 10:30")

    shop.give(cid, Owner.TEAM, agent="a1")
    expect(anna.strip).to_contain_text("Wen from the team is with you")
    shop.post(cid, Draft(Sender.AGENT, Kind.TEXT, "Good morning, this is Wen.", agent="Wen", language="en"))
    expect(anna.theirs.last).to_have_text("Good morning, this is Wen.")
    expect(anna.part(".nd-from").last).to_contain_text("Wen")
    anna.shot("person", SHOTS)

    shop.give(cid, Owner.CLOSED)
    expect(anna.strip).to_contain_text("The assistant is back")


@pytest.mark.parametrize(
    ("language", "zone", "time", "head"),
    [
        ("de", "Europe/Berlin", "Di., 24. Nov., 10:30 Uhr Ihrer Zeit", "Team ab Di, 01:14 Uhr"),
        ("zh", "Asia/Shanghai", "11月24日 周二 17:30，您的时间", "团队周二 08:14上线"),
        ("es", "America/Mexico_City", "mar 24 nov, 03:30, en su hora local", "Equipo de vuelta: lun 18:14"),
        ("en", "America/New_York", "Tue 24 Nov, 04:30, your time", "Team back Mon 19:14"),
    ],
)
def test_times_are_the_customers_own(
    customer: Callable[..., Customer], shop: House, language: str, zone: str, time: str, head: str
) -> None:
    anna = customer(locale=language, timezone_id=zone).visit(f"/?lang={language}").open()
    expect(anna.part(".who span")).to_have_text(head)
    shop.give(anna.conversation, Owner.WAITING, due=Awaited(DUE))
    expect(anna.strip.locator("time")).to_have_text(time)
    assert anna.part(".nd-root").get_attribute("lang") == language
    anna.shot(f"time-{language}", SHOTS)


def test_the_customer_switches_the_language(customer: Callable[..., Customer], shop: House) -> None:
    anna = customer().visit().open()
    anna.part(".nd-lang").click()
    anna.shot("languages", SHOTS)
    anna.part(
        "[role=menuitemradio]",
    ).filter(has_text="Deutsch").click()
    expect(anna.part(".nd-person")).to_have_text("Mit einem Menschen sprechen")
    expect(anna.box).to_have_attribute("placeholder", "Nachricht schreiben")
    assert shop.store.get(anna.conversation).language == "de"
    anna.page.reload()
    expect(anna.part(".nd-person")).to_have_text("Mit einem Menschen sprechen")


def test_a_reply_while_the_panel_is_shut(customer: Callable[..., Customer], shop: House) -> None:
    anna = customer().visit().open()
    cid = anna.conversation
    anna.page.keyboard.press("Escape")
    expect(anna.panel).to_be_hidden()
    shop.post(cid, Draft(Sender.AGENT, Kind.TEXT, "I have booked a new one.", agent="Wen", language="en"))
    expect(anna.part(".nd-badge")).to_have_text("1")
    expect(anna.part(".nd-tease")).to_contain_text("Wen from Lantern & Loom")
    expect(anna.launcher).to_have_attribute("aria-label", "Open chat, new messages: 1")
    anna.shot("tease", SHOTS)
    anna.page.reload()
    expect(anna.part(".nd-badge")).to_have_text("1")
    anna.launcher.click()
    expect(anna.part(".nd-badge")).to_have_count(0)
    anna.page.reload()
    expect(anna.theirs).to_have_count(2)
    expect(anna.part(".nd-badge")).to_have_count(0)


# -- when things go wrong ------------------------------------------------------------------


def test_offline_messages_are_kept_and_sent_once(customer: Callable[..., Customer], shop: House) -> None:
    anna = customer().visit().open()
    anna.say("before")
    expect(anna.theirs).to_have_count(2)
    anna.context.set_offline(True)
    expect(anna.part(".nd-net")).to_contain_text("You’re offline")
    anna.say("meanwhile")
    expect(anna.part(".nd-msg.wait")).to_contain_text("Waiting for connection")
    anna.shot("offline", SHOTS)
    anna.context.set_offline(False)
    expect(anna.theirs.last).to_have_text("You said: meanwhile")
    expect(anna.part(".nd-net")).to_be_hidden()
    assert [m.text for m in shop.store.messages(anna.conversation) if m.sender is Sender.CUSTOMER] == [
        "before",
        "meanwhile",
    ]


def test_an_answer_that_was_lost_is_not_asked_for_twice(
    customer: Callable[..., Customer], shop: House
) -> None:
    anna = customer().visit().open()
    lost: list[str] = []

    def lose_the_first_answer(route: Any) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(route.request.post_data)
            route.fetch()  # the server has it; the page never hears so
            route.abort()
        else:
            route.continue_()

    anna.page.route("**/messages", lose_the_first_answer)
    anna.say("only once")
    expect(anna.theirs.last).to_have_text("You said: only once")
    anna.say("and on")
    expect(anna.theirs.last).to_have_text("You said: and on")
    assert lost
    texts = [m.text for m in shop.store.messages(anna.conversation) if m.sender is Sender.CUSTOMER]
    assert texts == ["only once", "and on"]
    expect(anna.mine).to_have_count(2)


def test_a_refused_message_can_be_sent_again(
    customer: Callable[..., Customer], open_house: Callable[..., House]
) -> None:
    house = open_house(options={"messages_per_minute": 1})
    anna = customer(house).visit().open()
    anna.say("first")
    expect(anna.theirs).to_have_count(2)
    anna.say("second")
    expect(anna.part(".nd-msg.bad")).to_contain_text("Not sent. That was a lot at once")
    anna.shot("refused", SHOTS)
    house.now += timedelta(minutes=2)
    anna.part(".nd-msg.bad .nd-link").click()
    expect(anna.theirs.last).to_have_text("You said: second")
    expect(anna.part(".nd-msg.bad")).to_have_count(0)


def test_an_expired_token_begins_anew(
    customer: Callable[..., Customer], open_house: Callable[..., House]
) -> None:
    house = open_house()
    anna = customer(house).visit().open()
    anna.say("before")
    expect(anna.theirs).to_have_count(2)
    first = anna.conversation
    house.now += timedelta(hours=house.settings.token_hours)
    anna.say("after")
    expect(anna.theirs.last).to_have_text("You said: after")
    expect(anna.part(".nd-log")).to_contain_text("The earlier conversation has ended")
    assert anna.conversation != first
    assert [m.text for m in house.store.messages(anna.conversation)][1:] == ["after", "You said: after"]


def test_where_no_stream_gets_through_it_polls(customer: Callable[..., Customer], shop: House) -> None:
    anna = customer()
    anna.page.route(
        "**/events", lambda route: route.fulfill(status=200, content_type="text/event-stream", body="")
    )
    anna.visit().open()
    with anna.page.expect_request(re.compile(r"/messages\?after=\d+&wait=25"), timeout=20_000):
        pass
    shop.post(anna.conversation, said("Good morning."))
    expect(anna.theirs.last).to_have_text("Good morning.")


def test_two_tabs_share_one_stream(
    customer: Callable[..., Customer], open_house: Callable[..., House]
) -> None:
    house = open_house()
    anna = customer(house).visit().open()
    anna.say("from the first tab")
    expect(anna.theirs).to_have_count(2)
    second = anna.context.new_page()
    second.goto(house.url)
    second.locator("nightdesk-widget .nd-launch").click()
    theirs = second.locator("nightdesk-widget .nd-msg:not(.me) > .b")
    expect(theirs).to_have_count(2)
    second.locator("nightdesk-widget textarea").fill("from the second")
    second.keyboard.press("Enter")
    expect(theirs.last).to_have_text("You said: from the second")
    expect(anna.theirs.last).to_have_text("You said: from the second")
    assert house.door.streams.open == 1
    anna.page.close()  # the tab that led
    house.post(conversation_of(second), said("Still here."))
    expect(theirs.last).to_have_text("Still here.")


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
    assert order[1:] == ["Talk to a person", "Close", "More", "Language: English", ""] or order[1:5] == [
        "Talk to a person",
        "Close",
        "More",
        "Language: English",
    ]
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
