"""The team's door as it is served: the real app on a free port of loopback, in a thread."""

from __future__ import annotations

import asyncio
import socket
import threading
from typing import Any, Optional

from sanic import Blueprint, Sanic

from bot.http.bell import Bell
from bot.http.problems import answer_problems

_numbers = iter(range(10_000))

# Sanic rewrites its own methods when an app starts; in test mode it does so for each app anew.
Sanic.test_mode = True


class Server:
    """Runs a Sanic app with these routes until it is stopped."""

    def __init__(self, routes: Blueprint, bell: Bell, *, port: int = 0) -> None:
        self._app = Sanic(f"team_test_{next(_numbers)}", configure_logging=False)
        self._app.blueprint(routes)
        answer_problems(self._app)
        self._bell = bell
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind(("127.0.0.1", port))
        self._url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._failed: Optional[BaseException] = None
        self._thread = threading.Thread(target=self._run, daemon=True, name="team-test")

    @property
    def url(self) -> str:
        return self._url

    def start(self) -> None:
        self._thread.start()
        assert self._ready.wait(20)
        if self._failed is not None:
            raise self._failed

    def stop(self) -> None:
        if not self._thread.is_alive():
            return
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(20)
        assert not self._thread.is_alive()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server: Any = None
        try:
            server = self._loop.run_until_complete(
                self._app.create_server(sock=self._socket, return_asyncio_server=True)
            )
            self._loop.run_until_complete(server.startup())
            self._bell.attach(self._loop)
        except BaseException as e:  # told to the test that waits
            self._failed = e
            return
        finally:
            self._ready.set()
        self._loop.run_forever()
        self._bell.close()
        server.close()
        self._loop.run_until_complete(server.wait_closed())
        pending = [task for task in asyncio.all_tasks(self._loop) if not task.done()]
        if pending:  # streams say goodbye by themselves
            self._loop.run_until_complete(asyncio.wait(pending, timeout=0.4))
        for task in pending:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*pending, return_exceptions=True))
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()
