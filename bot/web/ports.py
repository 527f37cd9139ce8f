"""What the team's door needs of the other rooms; wiring fills these in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Callable, Mapping, Optional, Protocol, Sequence

from bot.desk.agents import Agent, SignedIn
from bot.desk.model import InboxRow, Thread
from bot.http.bell import Bell
from bot.settings import Settings


class Handoffs(Protocol):
    """What the team does with conversations. A change raises OwnerChanged when somebody was faster."""

    def inbox(self, *, now: datetime, view: str = "open", agent: Optional[str] = None) -> Sequence[InboxRow]:
        """Conversations by due time: open ones, an agent's own (mine), or closed ones."""

    def thread(self, conversation_id: str) -> Thread:
        """A conversation with notes, reasons and promises; UnknownConversation."""

    def claim(self, conversation_id: str, *, agent: Agent, now: datetime, over: bool = False) -> Any: ...

    def reply(
        self,
        conversation_id: str,
        *,
        agent: Agent,
        text: str,
        client_id: str,
        now: datetime,
        language: str = "",
    ) -> Any: ...

    def note(self, conversation_id: str, *, agent: Agent, text: str, now: datetime) -> Any: ...

    def handback(self, conversation_id: str, *, agent: Agent, now: datetime) -> Any: ...

    def close(self, conversation_id: str, *, agent: Agent, now: datetime) -> Any: ...


class AgentsDoor(Protocol):
    """Lets agents in."""

    def sign_in(self, *, login: str, password: str, address: str, now: datetime) -> SignedIn: ...

    def session(self, token: str, *, now: datetime) -> Agent: ...

    def sign_out(self, token: str) -> None: ...


class Check(Protocol):
    """Reads a reply before it goes out: the words in it that no fact of the case backs."""

    def __call__(self, text: str, *, thread: Thread) -> Sequence[str]: ...


@dataclass(frozen=True)
class TeamDoor:
    """Everything that the team's door needs.

    `labels` gives the pages' texts of a language, every `team.*` and `term.*` reply, as they stand;
    `address_key` is the secret under which addresses are counted.
    """

    handoffs: Handoffs
    agents: AgentsDoor
    labels: Callable[[str], Mapping[str, str]]
    languages: Sequence[str]
    settings: Settings
    clock: Callable[[], datetime]
    bell: Bell
    address_key: bytes
    check: Optional[Check] = None
