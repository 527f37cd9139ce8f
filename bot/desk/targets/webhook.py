"""Posts notices to an address, signed."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import datetime
from typing import Callable

import httpx

from bot.desk.targets.base import Notice, TargetFailed


def signature(body: bytes, *, secret: str, timestamp: int) -> str:
    """What stands in the header Nightdesk-Signature: the time and an HMAC-SHA256 over time and body."""
    signed = hmac.new(secret.encode(), b"%d." % timestamp + body, hashlib.sha256).hexdigest()
    return f"t={timestamp},v1={signed}"


class WebhookTarget:
    """A signed POST for each notice; any 2xx takes it. Redirects are not followed.

    `clock` dates the signature, so that a receiver can refuse old ones. `seconds` is the longest wait.
    """

    name = "webhook"

    def __init__(
        self, *, url: str, secret: str, clock: Callable[[], datetime], seconds: float = 10.0
    ) -> None:
        if not url.startswith(("http://", "https://")):
            raise ValueError(f"NIGHTDESK_WEBHOOK_URL is {url!r}; it starts with http:// or https://.")
        if not secret:
            raise ValueError("NIGHTDESK_WEBHOOK_SECRET is empty; webhooks are signed, so set a key.")
        self._url = url
        self._secret = secret
        self._clock = clock
        self._client = httpx.Client(timeout=seconds, follow_redirects=False)

    def send(self, notice: Notice) -> None:
        """Post a notice; TargetFailed when there was no answer, or another one than 2xx."""
        body = json.dumps(notice.to_json()).encode()
        stamp = int(self._clock().timestamp())
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": notice.id,
            "Nightdesk-Signature": signature(body, secret=self._secret, timestamp=stamp),
        }
        try:
            response = self._client.post(self._url, content=body, headers=headers)
        except httpx.HTTPError as e:
            raise TargetFailed(f"The webhook did not answer: {type(e).__name__}.") from e
        if not response.is_success:
            raise TargetFailed(f"The webhook answered {response.status_code}.")

    def close(self) -> None:
        """Close the connections."""
        self._client.close()
