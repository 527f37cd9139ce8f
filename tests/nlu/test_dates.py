"""Days, rule by rule, as said on Tuesday, the 24th of November 2026."""

from __future__ import annotations

from datetime import date

import pytest

from bot.nlu.references import References
from bot.settings import ROOT

TODAY = date(2026, 11, 24)

DAYS = [
    # weekdays in every language
    ("before Friday", [("Friday", "2026-11-27")]),
    ("до пятницы", [("пятницы", "2026-11-27")]),
    ("قبل الجمعة", [("الجمعة", "2026-11-27")]),
    ("金曜までに", [("金曜", "2026-11-27")]),
    ("周五前", [("周五", "2026-11-27")]),
    ("avant vendredi, entro venerdì", [("vendredi", "2026-11-27"), ("venerdì", "2026-11-27")]),
    ("até sexta", [("sexta", "2026-11-27")]),
    ("a sexta peça", []),
    ("segunda via da nota", []),
    ("下周三", [("下周三", "2026-12-02")]),
    ("来週の月曜", [("来週の月曜", "2026-11-30")]),
    ("上周五买的", [("上周五", "2026-11-20")]),
    ("next Tuesday", [("next Tuesday", "2026-12-01")]),
    ("el viernes que viene", [("viernes que viene", "2026-11-27")]),
    ("since last Friday", [("Friday", "2026-11-20")]),
    ("vendredi dernier", [("vendredi", "2026-11-20")]),
    ("I ordered on Monday", [("Monday", "2026-11-23")]),
    ("it came broken, I need another by Friday", [("Friday", "2026-11-27")]),
    ("domenica 29", [("domenica 29", "2026-11-29")]),
    ("Friday 3 pm", [("Friday", "2026-11-27")]),
    ("Samstag, den 12. Dezember", [("Samstag, den 12. Dezember", "2026-12-12")]),
    ("Sat all day", []),
    ("一周一次", []),
    # words for days
    ("mañana por la mañana", [("mañana", "2026-11-25")]),
    ("Morgen, wo ist mein Paket?", []),
    ("kommt es morgen?", [("morgen", "2026-11-25")]),
    ("hier ist nichts", []),
    ("commandé hier", [("hier", "2026-11-23")]),
    ("بعد بكرة", [("بعد بكرة", "2026-11-26")]),
    ("послезавтра", [("послезавтра", "2026-11-26")]),
    ("tonight", [("tonight", "2026-11-24")]),
    # months and numbers
    ("3 декабря", [("3 декабря", "2026-12-03")]),
    ("١٥ ديسمبر", [("١٥ ديسمبر", "2026-12-15")]),
    ("le 1er décembre", [("1er décembre", "2026-12-01")]),
    ("十二月二十五日", [("十二月二十五日", "2026-12-25")]),
    ("24-12-2026", [("24-12-2026", "2026-12-24")]),
    ("1 set of towels", []),
    ("24/7, 3/4, 10/10", []),
    ("on the 17th", [("17th", "2026-11-17")]),
    ("on the 2nd order", []),
    ("antes del 30", [("30", "2026-11-30")]),
    ("15号之前", [("15号", "2026-11-15")]),
    ("指輪12号", []),
    ("15日までに、15日以内", [("15日", "2026-11-15")]),
    # feasts
    ("before Christmas", [("Christmas", "2026-12-25")]),
    ("a Christmas present", []),
    ("un regalo de Navidad", []),
    ("feliz Navidad", []),
    ("до Нового года", [("Нового года", "2027-01-01")]),
    ("on Black Friday", [("Black Friday", "2026-11-27")]),
    ("black friday deals", []),
    ("zu Ostern", [("Ostern", "2027-03-28")]),
    ("قبل رمضان", [("رمضان", "2027-02-08")]),
    ("eid mubarak", []),
    ("春节前", [("春节", "2027-02-06")]),
    ("for Mother's Day", [("Mother's Day", "Mother's Day")]),
    # spans of time are no days
    ("in 3 days, 2 weeks ago, next week, la semaine prochaine, in December", []),
]


@pytest.fixture(scope="module")
def references() -> References:
    return References.load(ROOT / "data" / "lookups")


@pytest.mark.parametrize(("text", "found"), DAYS)
def test_which_day_a_text_names(references: References, text: str, found: list[tuple[str, str]]) -> None:
    spans = [s for s in references.find(text, today=TODAY) if s.entity == "date"]
    assert [(text[s.start : s.end], s.value) for s in spans] == found


@pytest.mark.parametrize(
    ("today", "day"),
    [(date(2026, 12, 26), "2026-12-25"), (date(2027, 1, 20), "2027-12-25")],
)
def test_a_feast_just_over_may_still_be_meant(references: References, today: date, day: str) -> None:
    assert references.find("your Christmas hours, at Christmas", today=today)[-1].value == day


def test_a_feast_without_a_today_keeps_the_words(references: References) -> None:
    assert references.find("before Xmas")[0].value == "Xmas"
