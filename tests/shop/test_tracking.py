from __future__ import annotations

from datetime import date, timedelta
from typing import Optional
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.shop.model import Parcel
from bot.shop.tracking import milestones, next_state, progress, working_days
from tests.shop.orders_at_hand import NOW, event, parcel

TODAY = NOW.date()
SENT = (event(12, "label_created", "Shenzhen", "CN"), event(11.5, "accepted", "Shenzhen", "CN"))


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2026-11-20", "2026-11-20", 0),
        ("2026-11-20", "2026-11-22", 0),  # Friday to Sunday
        ("2026-11-20", "2026-11-23", 1),
        ("2026-11-09", "2026-11-23", 10),
        ("2026-11-21", "2026-11-28", 5),
        ("2026-11-23", "2026-11-20", 0),
    ],
)
def test_working_days_are_mondays_to_fridays_after_the_first(start: str, end: str, expected: int) -> None:
    assert working_days(date.fromisoformat(start), date.fromisoformat(end)) == expected


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 400), st.integers(0, 400))
def test_working_days_add_up(start: date, first: int, second: int) -> None:
    middle, end = start + timedelta(days=first), start + timedelta(days=first + second)
    assert working_days(start, middle) + working_days(middle, end) == working_days(start, end)
    assert working_days(start, start + timedelta(days=7)) == 5


@pytest.mark.parametrize(
    ("told", "stalled_after", "usual", "situation"),
    [
        (parcel(), 15, (8, 18), "no_scan"),
        (parcel(event(-1, "accepted")), 15, (8, 18), "no_scan"),  # a scan of tomorrow is none yet
        (parcel(event(1, "label_created")), 15, (8, 18), "label_created"),
        (parcel(*SENT), 15, (8, 18), "accepted"),
        (parcel(*SENT, event(2, "in_transit", "Guangzhou", "CN")), 15, (8, 18), "in_transit"),
        (parcel(*SENT, event(3, "arrived_country"), event(2, "in_transit")), 15, (8, 18), "inland"),
        (parcel(*SENT, event(2, "import_customs")), 15, (8, 18), "import_customs"),
        (parcel(*SENT, event(2, "import_customs")), 15, (4, 6), "overdue"),
        (parcel(*SENT, event(2, "import_customs")), 15, None, "import_customs"),
        (parcel(*SENT, event(7, "export_customs")), 7, (8, 18), "export_customs"),
        (parcel(*SENT, event(7.001, "export_customs")), 7, (8, 18), "stalled"),
        (parcel(*SENT, event(15.5, "export_customs")), 15, (8, 18), "stalled"),
        (parcel(*SENT, event(20.5, "customs_held")), 15, (8, 18), "customs_held"),
        (parcel(*SENT, event(60, "delivered")), 15, (8, 18), "delivered"),
        (parcel(*SENT, event(30, "exception")), 15, (8, 18), "exception"),
        (parcel(*SENT, event(3, "pickup_ready"), until=TODAY), 15, (8, 18), "pickup_ready"),
        (
            parcel(*SENT, event(3, "pickup_ready"), until=TODAY - timedelta(days=1)),
            15,
            (8, 18),
            "pickup_over",
        ),
        (parcel(*SENT, event(3, "pickup_ready")), 15, (8, 18), "pickup_open"),
    ],
)
def test_situation_follows_from_the_scans(
    told: Parcel, stalled_after: int, usual: Optional[tuple[int, int]], situation: str
) -> None:
    found = progress(
        told, country="DE", now=NOW, zone=ZoneInfo("UTC"), stalled_after=stalled_after, usual=usual
    )
    assert found.situation == situation


def test_days_are_those_of_the_customers_zone() -> None:
    sent = parcel(
        event(0.5, "accepted")
    )  # Monday 14:00 UTC, which is Monday in Berlin and Tuesday in Auckland
    days = {
        zone: progress(
            sent, country="DE", now=NOW, zone=ZoneInfo(zone), stalled_after=15, usual=None
        ).working_day
        for zone in ("Europe/Berlin", "Pacific/Auckland", "America/Los_Angeles")
    }
    assert days == {"Europe/Berlin": 1, "Pacific/Auckland": 0, "America/Los_Angeles": 0}


def test_milestones_leave_out_what_says_nothing_new() -> None:
    seen = (
        *SENT,
        event(10, "in_transit", "Guangzhou", "CN"),
        event(9, "export_customs", "Guangzhou", "CN"),
        event(8, "export_customs", "Guangzhou", "CN"),
        event(2, "in_transit"),
        event(1, "in_transit", "Berlin"),
    )
    assert [(e.state.value, e.at) for e in milestones(seen)] == [
        ("accepted", SENT[1].at),
        ("export_customs", seen[3].at),
        ("in_transit", seen[5].at),
    ]


@pytest.mark.parametrize(
    ("states", "following"),
    [
        ([], "accepted"),
        (["accepted"], "export_customs"),
        (["accepted", "in_transit"], "arrived_country"),
        (["accepted", "import_customs", "in_transit"], "out_for_delivery"),
        (["accepted", "delivered"], None),
        (["accepted", "customs_held"], None),
        (["accepted", "exception"], None),
    ],
)
def test_what_comes_next(states: list[str], following: Optional[str]) -> None:
    seen = tuple(event(9 - n, state, "", None) for n, state in enumerate(states))
    found = next_state(seen, country="DE")
    assert (found.value if found else None) == following
