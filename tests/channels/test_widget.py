"""The widget in a real browser, as a customer uses it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any, Callable

import pytest
from playwright.sync_api import expect

from bot.channels.front import Awaited
from bot.conversations.model import Draft, Kind, Owner, Sender
from tests.channels.browser import SHOTS, Customer, conversation_of
from tests.channels.house import DUE, House, said
from tests.serving.server import wait_for

pytestmark = pytest.mark.slow


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
    expect(anna.part(".nd-choice.quiet")).to_have_text("Talk to a person")
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
        (
            "return policy",
            [".nd-sum td:has-text('30 days from delivery')", "td a[href='https://shop.example/withdraw']"],
        ),
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
    expect(anna.strip).to_contain_text("A person from our team replies by")
    expect(anna.strip.locator("time")).to_have_text("Tue 24 Nov, 10:30, your time")
    expect(anna.strip).to_contain_text("Central European Time, UTC+1")
    anna.shot("promise", SHOTS)

    shop.give(cid, Owner.WAITING, due=Awaited(DUE + timedelta(minutes=90), instead_of=DUE))
    expect(anna.strip.locator("time")).to_have_text("Tue 24 Nov, 12:00, your time")
    expect(anna.strip).to_contain_text("Instead of Tue 24 Nov, 10:30")

    shop.give(cid, Owner.TEAM, agent="a1")
    expect(anna.strip).to_contain_text("Wen from our team is with you")
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
        ("zh", "Asia/Shanghai", "11月24日 周二 17:30（您当地时间）", "团队周二 08:14上线"),
        ("es", "America/Mexico_City", "mar 24 nov, 03:30, hora de su zona", "Equipo de vuelta: lun 18:14"),
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
    wait_for(lambda: shop.store.get(anna.conversation).language == "de", what="the choice to be kept")
    anna.page.reload()
    expect(anna.part(".nd-person")).to_have_text("Mit einem Menschen sprechen")


def test_the_page_follows_the_conversations_language(customer: Callable[..., Customer], shop: House) -> None:
    anna = customer().visit().open()
    cid = anna.conversation
    with shop.database.begin() as tx:
        shop.store.set_language(tx, cid, "zh", chosen=False)
    shop.bell.ring(cid)
    expect(anna.part(".nd-person")).to_have_text("联系人工客服")
    expect(anna.part(".nd-root")).to_have_attribute("lang", "zh")
    expect(anna.theirs).to_have_count(1)


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


def test_what_was_not_sent_survives_a_reload(customer: Callable[..., Customer], shop: House) -> None:
    anna = customer().visit().open()
    anna.page.route("**/messages", lambda route: route.abort())
    anna.say("do not forget me")
    expect(anna.part(".nd-msg.wait")).to_contain_text("do not forget me")
    anna.page.unroute("**/messages")
    anna.page.reload()
    expect(anna.theirs.last).to_have_text("You said: do not forget me")
    assert anna.said == ["do not forget me"]


def test_it_begins_when_the_server_is_back(customer: Callable[..., Customer], shop: House) -> None:
    anna = customer().visit()
    anna.page.route("**/chat/conversations", lambda route: route.fulfill(status=502, body="<html>"))
    anna.launcher.click()
    expect(anna.part(".nd-net")).to_contain_text("can’t be reached")
    anna.say("is anybody there")
    expect(anna.mine).to_contain_text("is anybody there")
    anna.page.unroute("**/chat/conversations")
    anna.page.evaluate("window.dispatchEvent(new Event('online'))")  # or five seconds later
    expect(anna.theirs.last).to_have_text("You said: is anybody there")
    expect(anna.part(".nd-net")).to_be_hidden()


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
