"""What crosses every wire: a run that is asked for, what came of it, and lines of JSON on the server's socket."""

import json
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from nbedition.project import notebooks

SOCKET = "server"
READY = b"ready\n"

Status = Literal["done", "failed", "lost", "refused", "unchanged"]


@dataclass(frozen=True)
class RunSpec:
    """One run that is asked for.

    `notebook`: full name of one of the study's, or the path of any; `parameters`: those given, checked; the others take
    their defaults; `key`: what the results follow from, as one text: see `nbedition.notebooks.provenance.Parts`.
    """

    notebook: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    key: str = ""

    @property
    def path(self) -> Path:
        """Where the notebook is on this machine."""
        return Path(self.notebook) if self.notebook.endswith(".ipynb") else notebooks()[self.notebook]


@dataclass(frozen=True)
class RunResult:
    """What came of a run.

    `spec`: what was asked for; `content`: the executed notebook's file; empty where there is none; `results`,
    `figures`: what the notebook recorded; nothing where it failed; `seconds`: how long it took; `error`: why it failed,
    in a sentence; `status`: besides ``done`` and ``failed``: ``lost`` (its process died or never came up, another try
    may do better), ``refused`` (no run can succeed like this), ``unchanged`` (an earlier one stands); `place`: where
    `nbedition run` has put it.
    """

    spec: RunSpec
    content: bytes = b""
    results: list[dict[str, Any]] = field(default_factory=list)
    figures: list[dict[str, Any]] = field(default_factory=list)
    seconds: float = 0.0
    error: str | None = None
    status: Status = "done"
    place: Path = Path()


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
