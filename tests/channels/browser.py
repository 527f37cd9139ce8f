"""A customer's browser, and the widget in it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Optional

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.channels.house import House

WIDGET = "nightdesk-widget"
SHOTS = os.environ.get("NIGHTDESK_SHOTS")


class Customer:
    """A page with the widget. Locators reach into its shadow root by themselves."""

    def __init__(self, browser: Browser, house: House, **context: Any) -> None:
        options: dict[str, Any] = {
            "locale": "en-GB",
            "timezone_id": "Europe/Berlin",
            "viewport": {"width": 1100, "height": 860},
            "reduced_motion": "reduce",
            **context,
        }
        self.context: BrowserContext = browser.new_context(**options)
        self.context.set_default_timeout(10_000)
        self.house = house
        self.page: Page = self.context.new_page()
        self.faults: list[str] = []
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on(
            "dialog", lambda dialog: self.faults.append(f"dialog: {dialog.message}") or dialog.dismiss()
        )

    def visit(self, path: str = "/") -> Customer:
        self.page.goto(self.house.url + path)
        expect(self.launcher).to_be_visible()
        return self

    def open(self) -> Customer:
        self.launcher.click()
        expect(self.bubbles.first).to_be_visible()
        return self

    def say(self, text: str) -> None:
        self.box.fill(text)
        self.box.press("Enter")

    def shot(self, name: str, folder: Optional[str]) -> None:
        """A picture for the eyes, where NIGHTDESK_SHOTS names a folder for them."""
        if folder:
            self.page.screenshot(path=str(Path(folder) / f"{name}.png"))

    # -- what there is to see ----------------------------------------------------------------

    def part(self, selector: str) -> Locator:
        return self.page.locator(f"{WIDGET} {selector}")

    @property
    def launcher(self) -> Locator:
        return self.part(".nd-launch")

    @property
    def panel(self) -> Locator:
        return self.part(".nd")

    @property
    def box(self) -> Locator:
        return self.part("textarea")

    @property
    def bubbles(self) -> Locator:
        return self.part(".nd-msg > .b")

    @property
    def theirs(self) -> Locator:
        """What the assistant and the team said."""
        return self.part(".nd-msg:not(.me) > .b")

    @property
    def mine(self) -> Locator:
        return self.part(".nd-msg.me > .b")

    @property
    def strip(self) -> Locator:
        return self.part(".nd-strip")

    @property
    def said(self) -> list[str]:
        """The customer's own words, without what only a screen reader is told."""
        return self.part(".nd-msg.me > .b p").all_inner_texts()

    @property
    def conversation(self) -> str:
        return conversation_of(self.page)

    def focused(self) -> str:
        """The class, label or tag of what has the focus inside the widget."""
        return str(
            self.page.evaluate(
                """() => {
                  const one = document.querySelector("nightdesk-widget").shadowRoot.activeElement;
                  return one ? one.getAttribute("aria-label") || one.textContent.trim() || one.className : "";
                }"""
            )
        )


def conversation_of(page: Page) -> str:
    """The id of the conversation that a page's browser remembers."""
    stored = page.evaluate("Object.entries(localStorage).find(([key]) => key.startsWith('nightdesk'))[1]")
    return str(json.loads(stored)["conversation"])
