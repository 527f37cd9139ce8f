"""Reads a parcel's scans: where it stands, how long it is on its way, what happens next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Optional

from bot.shop.model import Parcel, ParcelState, TrackingEvent

State = ParcelState

# While in these, a parcel is expected to be scanned again.
MOVING = (
    State.LABEL_CREATED,
    State.ACCEPTED,
    State.IN_TRANSIT,
    State.EXPORT_CUSTOMS,
    State.ARRIVED_COUNTRY,
    State.IMPORT_CUSTOMS,
    State.OUT_FOR_DELIVERY,
)
_ABROAD = (State.LABEL_CREATED, State.ACCEPTED, State.IN_TRANSIT, State.EXPORT_CUSTOMS)
_NEXT = {
    State.LABEL_CREATED: State.ACCEPTED,
    State.ACCEPTED: State.EXPORT_CUSTOMS,
    State.EXPORT_CUSTOMS: State.ARRIVED_COUNTRY,
    State.ARRIVED_COUNTRY: State.IMPORT_CUSTOMS,
    State.IMPORT_CUSTOMS: State.OUT_FOR_DELIVERY,
    State.OUT_FOR_DELIVERY: State.DELIVERED,
    State.PICKUP_READY: State.DELIVERED,
    State.DELIVERY_FAILED: State.OUT_FOR_DELIVERY,
}

# Situations by how much they need somebody; of several parcels the first one here is told.
SITUATIONS = (
    "exception",
    "customs_held",
    "stalled",
    "pickup_over",
    "pickup_ready",
    "pickup_open",
    "delivery_failed",
    "returning",
    "overdue",
    "no_scan",
    "label_created",
    "accepted",
    "in_transit",
    "export_customs",
    "arrived_country",
    "import_customs",
    "inland",
    "out_for_delivery",
    "delivered",
)
# On the move between dispatch and arrival: the usual range says something about these.
UNDER_WAY = (
    "overdue",
    "accepted",
    "in_transit",
    "export_customs",
    "arrived_country",
    "import_customs",
    "inland",
    "out_for_delivery",
)
# From here on a parcel just takes its way: several such parcels share one sentence.
UNEVENTFUL = SITUATIONS[SITUATIONS.index("no_scan") :]


@dataclass(frozen=True)
class Progress:
    """Where a parcel stands. `working_day` counts from dispatch (day 0); `quiet_days` are whole days."""

    parcel: Parcel
    situation: str
    last: Optional[TrackingEvent]
    quiet_days: int
    working_day: Optional[int]

    @property
    def rank(self) -> int:
        """Smaller needs somebody more."""
        return SITUATIONS.index(self.situation)


def progress(
    parcel: Parcel,
    *,
    country: str,
    now: datetime,
    zone: tzinfo,
    stalled_after: int,
    usual: Optional[tuple[int, int]],
) -> Progress:
    """Where a parcel to `country` stands now; days are those of the customer's zone.

    `stalled_after` is in days without a scan, `usual` a range in working days after dispatch.
    """
    seen = [event for event in parcel.events if event.at <= now]
    last = seen[-1] if seen else None
    sent = next((event for event in seen if event.state is not State.LABEL_CREATED), None)
    day = working_days(sent.at.astimezone(zone).date(), now.astimezone(zone).date()) if sent else None
    quiet = (now - last.at).days if last else 0
    situation = _situation(
        parcel,
        seen,
        country=country,
        today=now.astimezone(zone).date(),
        stalled=last is not None and now - last.at > timedelta(days=stalled_after),
        overdue=day is not None and usual is not None and day > usual[1],
    )
    return Progress(parcel, situation, last, quiet, day)


def next_state(seen: tuple[TrackingEvent, ...], *, country: str) -> Optional[ParcelState]:
    """What usually comes after the last scan; none where nobody can know."""
    if not seen:
        return State.ACCEPTED
    last = seen[-1].state
    if last is State.IN_TRANSIT:
        return State.OUT_FOR_DELIVERY if _is_inland(seen, country) else State.ARRIVED_COUNTRY
    return _NEXT.get(last)


def milestones(seen: tuple[TrackingEvent, ...]) -> tuple[TrackingEvent, ...]:
    """The scans worth a line: the first of each stretch, the last one being the present.

    Movements between two stations are left out, and an announcement once the parcel was handed in.
    """
    kept: list[TrackingEvent] = []
    for event in seen:
        if kept and kept[-1].state is event.state:
            continue
        kept.append(event)
    dull = (State.IN_TRANSIT, State.LABEL_CREATED)
    return tuple(e for i, e in enumerate(kept) if i == len(kept) - 1 or e.state not in dull)


def working_days(start: date, end: date) -> int:
    """Mondays to Fridays after `start` up to and with `end`; 0 when it is not later."""
    if end <= start:
        return 0
    weeks, rest = divmod((end - start).days, 7)
    return weeks * 5 + sum((start + timedelta(days=n)).weekday() < 5 for n in range(1, rest + 1))


def _situation(
    parcel: Parcel,
    seen: list[TrackingEvent],
    *,
    country: str,
    today: date,
    stalled: bool,
    overdue: bool,
) -> str:
    if not seen:
        return "no_scan"
    state = seen[-1].state
    if state is State.PICKUP_READY:
        if parcel.pick_up_until is None:
            return "pickup_open"
        return "pickup_ready" if today <= parcel.pick_up_until else "pickup_over"
    if state in MOVING and stalled:
        return "stalled"
    if state in MOVING and overdue:
        return "overdue"
    if state is State.IN_TRANSIT and _is_inland(tuple(seen), country):
        return "inland"
    return str(state.value)


def _is_inland(seen: tuple[TrackingEvent, ...], country: str) -> bool:
    return any(event.state not in _ABROAD or event.country == country for event in seen)
