"""What the two sides of the server's socket share."""

import json
import socket
from typing import Any

SOCKET = "server"
READY = b"ready\n"


class Lines:
    """Lines of JSON arriving on a socket that does not block."""

    def __init__(self) -> None:
        self._rest = b""

    def read(self, line: socket.socket) -> list[Any] | None:
        """Return the messages that have arrived whole; None once the other side has closed."""
        try:
            arrived = line.recv(1 << 16)
        except BlockingIOError:
            return []
        except OSError:
            return None
        if not arrived:
            return None
        *whole, self._rest = (self._rest + arrived).split(b"\n")
        return [json.loads(text) for text in whole]


def message(content: Any) -> bytes:
    r"""Return a message as one line.

    Examples
    --------
    >>> message({"signal": 2})
    b'{"signal": 2}\n'
    """
    return json.dumps(content).encode() + b"\n"
