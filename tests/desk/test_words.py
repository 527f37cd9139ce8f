"""What the customer reads of the desk: every sentence, in every language, before the real guard."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.__main__ import main
from bot.answer import Answer, Fact
from bot.conversations.saying import Saying
from bot.desk.calendars import OfficialCalendar
from bot.desk.hours import Hours, Window
from bot.desk.model import Team
from bot.desk.opening import Opening
from bot.desk.topics import Topics
from bot.guard import Guard
from bot.phrasebook import Phrasebook
from bot.settings import ROOT
from tests.desk.conftest import NIGHT
from tests.desk.test_hours import at

LANGUAGES = ("en", "de", "es", "zh")
BOOK = Phrasebook.load(ROOT / "data" / "replies")
SAYING = Saying(phrasebook=BOOK, guard=Guard.load(ROOT / "data" / "guard", words=BOOK.words))
TOPICS = Topics.load(ROOT / "data" / "handoffs.yml", languages=LANGUAGES)
OFFICE = (Window.parse("09:00-18:00"),)
TO_CUSTOMERS = [
    key for key in BOOK.keys("en") if key.startswith("handoff.") and not key.startswith("handoff.mail.")
]


def said(answer: Answer, *, language: str, zone: str, now: datetime = NIGHT) -> str:
    rendered = SAYING.say(answer, language=language, timezone=zone, now=now)
    assert SAYING.refusal(answer, rendered, language=language, timezone=zone) is None
    return rendered.text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", TO_CUSTOMERS)
def test_every_handoff_tells_the_promised_time(key: str, language: str) -> None:
    due = Fact("due_at", NIGHT + timedelta(hours=5), "instant", source="team hours", as_of=NIGHT)
    spoken = Fact("languages", tuple(LANGUAGES), "language", source="assistant")
    for zone, clock in (("Europe/Berlin", "06:00"), ("America/St_Johns", "01:30"), ("UTC", "05:00")):
        text = said(Answer(key=key, facts=(due, spoken)), language=language, zone=zone)
        assert text.count(clock) == 1
        assert "24" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_topic_has_a_sentence_of_its_own(language: str) -> None:
    due = Fact("due_at", NIGHT + timedelta(hours=5), "instant")
    texts = {
        intent: said(TOPICS.hand_over(intent).with_facts(due), language=language, zone="Europe/Berlin")
        for intent in TOPICS.priorities
    }
    assert len(set(texts.values())) == len(texts) == 20
    # What to do about the danger comes before anything else.
    safety = texts["safety_incident"]
    assert safety.index({"en": "stop", "de": "benutzen", "es": "Deje", "zh": "停止"}[language]) < 25


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_handoff_says_soon_or_shouts(language: str) -> None:
    never = re.compile(r"[!！¡]|\b(soon|bald|demnächst|pronto)\b|尽快|很快")
    for key in BOOK.keys(language):
        if key.startswith(("handoff.", "hours.")):
            for template in BOOK.reply(key, language).templates:
                assert not never.search(template.text), key
                assert not re.search(r"\d", re.sub(r"\{[^}]*\}", "", template.text)), key


def a_team(team: Team, **changes: Any) -> Team:
    return replace(team, hours=replace(team.hours, **changes))


SHIFTS = ((Window.parse("09:00-12:00"), Window.parse("13:00-18:00")),) * 5 + ((), ())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("asked", "changes", "key", "parts"),
    [
        ("2026-11-24T10:00", {}, "hours.open.week", ["11:00", "09:00", "18:00"]),
        ("2026-11-24T20:00", {}, "hours.closed.week", ["02:00", "09:00", "18:00"]),
        ("2026-11-28T10:00", {}, "hours.closed.week", ["30", "02:00"]),
        ("2026-09-30T18:30", {}, "hours.holiday.week", ["03:00", "8"]),
        ("2026-11-24T10:00", {"dates": {date(2026, 11, 24): ()}}, "hours.closure.week", ["25", "02:00"]),
        ("2026-11-24T10:00", {"week": SHIFTS}, "hours.open.table", ["05:00"]),
        ("2026-11-24T12:30", {"week": SHIFTS}, "hours.closed.table", ["06:00"]),
        ("2026-09-30T18:30", {"week": SHIFTS}, "hours.holiday.table", ["03:00"]),
        ("2026-11-24T10:00", {"week": SHIFTS, "dates": {date(2026, 11, 24): ()}}, "hours.closure.table", []),
        (
            "2026-11-24T10:00",
            {"week": ((Window.parse("00:00-24:00"),),) * 7, "calendar": None},
            "hours.always",
            [],
        ),
    ],
)
def test_opening_hours(
    team: Team, asked: str, changes: dict[str, Any], key: str, parts: list[str], language: str
) -> None:
    now = at(asked, "Asia/Shanghai")
    answer = Opening(a_team(team, **changes)).answer(now=now)
    assert answer.key == key
    text = said(answer, language=language, zone="Europe/Berlin", now=now)
    for part in parts:
        assert part in text
    if key.endswith(".week"):
        assert BOOK.text("term.weekday.monday", language=language, now=now) in text
    assert (answer.card is not None) is key.endswith(".table")
    assert all(fact.source == "team hours" and fact.as_of for fact in answer.facts)


def test_the_card_shows_every_day(team: Team) -> None:
    now = at("2026-11-24T10:00", "Asia/Shanghai")
    answer = Opening(a_team(team, week=SHIFTS)).answer(now=now)
    rendered = SAYING.say(answer, language="en", timezone="Europe/Berlin", now=now)
    assert rendered.card is not None
    assert [row["label"] for row in rendered.card["rows"]][::6] == ["Monday", "Sunday"]
    assert [row["value"] for row in rendered.card["rows"]][::6] == ["09:00–12:00, 13:00–18:00", "Closed"]


def test_a_holiday_is_that_of_its_country(team: Team) -> None:
    berlin = Hours(
        zone=ZoneInfo("Europe/Berlin"), week=(OFFICE,) * 5 + ((), ()), calendar=OfficialCalendar("DE")
    )
    now = at("2026-12-24T20:00", "Europe/Berlin")
    answer = Opening(replace(team, hours=berlin, country="DE")).answer(now=now)
    text = said(answer, language="en", zone="Europe/Berlin", now=now)
    assert "public holiday in Germany" in text
    assert "Mon 28 Dec, 09:00" in text


# -- the command ----------------------------------------------------------------------------


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main(["promise", *words])
    out, err = capsys.readouterr()
    return code, out, err


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("en", "Thu 8 Oct, 07:00 your time"),
        ("de", "Donnerstag, 8. Oktober, 07:00 Uhr Ihrer Zeit"),
        ("es", "jueves 8 de octubre a las 07:00, hora de su zona"),
        ("zh", "您当地时间10月8日（周四）07:00"),
    ],
)
def test_the_command_tells_the_same_as_the_sentence(
    capsys: pytest.CaptureFixture[str], language: str, shown: str
) -> None:
    words = ["--at", "2026-09-30T12:30:00+02:00", "--timezone", "Europe/Berlin", "--language", language]
    code, out, _ = run(capsys, *words, "--json")
    row = json.loads(out)
    assert code == 0
    assert list(row) == [
        "opens_at", "due_at", "target_minutes", "calendar", "provisional", "shown", "language", "timezone",
    ]  # fmt: skip
    assert row["shown"] == shown
    assert datetime.fromisoformat(row["due_at"]) == datetime(2026, 10, 8, 5, tzinfo=timezone.utc)
    assert (row["target_minutes"], row["provisional"]) == (240, False)
    assert shown in run(capsys, *words)[1]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--at", "2026-11-11"], "has no zone"),
        (["--at", "tomorrow"], "is no time"),
        (["--team", "x"], "Known: default"),
        (["--team", "x.yml"], "No team file"),
        (["--priority", "asap"], "Known: urgent"),
        (["--queue", "-3"], "queue of -3"),
        (["--timezone", "Mars/Base"], "Mars/Base"),
        (["--language", "xx"], "Known: en"),
    ],
)
def test_a_command_that_cannot_be_is_one_sentence(
    capsys: pytest.CaptureFixture[str], words: list[str], message: str
) -> None:
    code, out, err = run(capsys, *words)
    assert (code, out) == (1, "")
    assert message in err
    assert len(err.strip().splitlines()) == 1
