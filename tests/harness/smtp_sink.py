"""A mail server that keeps what it is given, to count real deliveries. Speaks plain SMTP."""

from __future__ import annotations

import contextlib
import socketserver
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Barrier, BrokenBarrierError, Lock, Thread

PATIENCE = 60.0  # seconds


@dataclass
class Sink:
    """What came in. `together`: so many senders are greeted only when all of them are there."""

    together: int = 1
    address: tuple[str, int] = ("", 0)
    delivered: list[tuple[str, str]] = field(default_factory=list)  # recipient, Message-ID
    lock: Lock = field(default_factory=Lock)
    greeted: int = 0

    def __post_init__(self) -> None:
        self.barrier = Barrier(self.together, timeout=PATIENCE)

    def wait_for_all(self) -> None:
        """Hold the first `together` connections until the last of them has come."""
        with self.lock:
            self.greeted += 1
            held = self.greeted <= self.together
        if held:
            with contextlib.suppress(BrokenBarrierError):
                self.barrier.wait()

    def recipients(self) -> list[str]:
        """Everybody a mail was taken for, as often as it was."""
        with self.lock:
            return [recipient for recipient, _id in self.delivered]


class _Session(socketserver.StreamRequestHandler):
    """One connection. Knows just the commands that Python's client sends."""

    server: _Server

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self) -> None:
        sink = self.server.sink
        sink.wait_for_all()
        self.say("220 sink")
        recipient = ""
        with contextlib.suppress(ConnectionError):
            for raw in self.rfile:
                word = raw.decode().strip()
                verb = word[:4].upper()
                if verb == "RCPT":
                    recipient = word.partition("<")[2].partition(">")[0]
                if verb == "DATA":
                    self.say("354 go on")
                    message_id = self.read_message()
                    with sink.lock:
                        sink.delivered.append((recipient, message_id))
                self.say("221 bye" if verb == "QUIT" else "250 ok")
                if verb == "QUIT":
                    return

    def read_message(self) -> str:
        """Up to the lonely full stop; the Message-ID in it."""
        found = ""
        for raw in self.rfile:
            if raw == b".\r\n":
                break
            if raw.lower().startswith(b"message-id:"):
                found = raw.decode().partition(":")[2].strip()
        return found


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    sink: Sink


@contextmanager
def smtp_sink(*, together: int = 1) -> Iterator[Sink]:
    """A running server on a free port of this machine."""
    sink = Sink(together=together)
    with _Server(("127.0.0.1", 0), _Session) as server:
        server.sink = sink
        sink.address = server.server_address  # type: ignore[assignment]
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield sink
        finally:
            server.shutdown()
            thread.join(PATIENCE)
