"""The bot's working memory of a conversation, as a small value.

A snapshot goes in, a fresh tracker comes out, and back again after the turn. So a turn
costs the same in the first minute and in the two hundredth, and nothing is lost with the
process.
"""

from __future__ import annotations

from typing import Any, Mapping

from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME, DEFAULT_SLOT_NAMES
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, SessionStarted, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

REQUESTED_SLOT = "requested_slot"


def tracker_from(memory: Mapping[str, Any], *, conversation: str, domain: Domain) -> DialogueStateTracker:
    """A tracker that remembers this snapshot; slots that the domain lost are forgotten."""
    tracker = DialogueStateTracker(conversation, domain.slots)
    known = {slot.name for slot in domain.slots}
    events: list[Any] = [ActionExecuted(ACTION_SESSION_START_NAME), SessionStarted()]
    events += [SlotSet(name, value) for name, value in memory.get("slots", {}).items() if name in known]
    loop = memory.get("loop")
    if loop in domain.form_names:
        events.append(ActiveLoop(loop))
    events.append(ActionExecuted(ACTION_LISTEN_NAME))
    for event in events:
        tracker.update(event)
    return tracker


def snapshot_of(tracker: DialogueStateTracker) -> dict[str, Any]:
    """What is worth remembering: slots that are set, and the form that is open."""
    slots = {
        name: slot.value
        for name, slot in tracker.slots.items()
        if slot.value is not None
        and slot.value != slot.initial_value
        and (name == REQUESTED_SLOT or name not in DEFAULT_SLOT_NAMES)
    }
    memory: dict[str, Any] = {}
    if slots:
        memory["slots"] = slots
    if tracker.active_loop_name:
        memory["loop"] = tracker.active_loop_name
    return memory
