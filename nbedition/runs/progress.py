"""How a batch shows that it goes on: one bar on a terminal, a plain line now and then elsewhere."""

import sys
import time
from typing import Any

SECONDS_BETWEEN_LINES = 10.0


class Bar:
    """Done, failed, rate and time left.

    Parameters
    ----------
    asked
        Runs asked for.
    """

    def __init__(self, asked: int) -> None:
        self.asked, self.ended_now, self.before, self.failures = asked, 0, 0, 0
        self.began = self.last_line = time.monotonic()
        self._bar: Any = None

    def __enter__(self) -> "Bar":
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def begin(self, before: int) -> None:
        """Start the clock, with what an earlier command has done."""
        self.before = before
        self.began = self.last_line = time.monotonic()
        if sys.stderr.isatty() and before < self.asked:
            from tqdm import tqdm

            self._bar = tqdm(total=self.asked, initial=before, unit="run", smoothing=0.05, file=sys.stderr)

    def ended(self, *, failed: bool) -> None:
        """Count a run that has ended, and say so where it is time."""
        self.ended_now += 1
        self.failures += failed
        if self._bar is not None:
            self._bar.set_postfix(failed=self.failures, refresh=False)
            self._bar.update()
        elif time.monotonic() - self.last_line >= SECONDS_BETWEEN_LINES:
            self.last_line = time.monotonic()
            print(self.line(), file=sys.stderr, flush=True)  # noqa: T201  the plain form of the bar

    @property
    def seconds(self) -> float:
        """Since the clock was started."""
        return time.monotonic() - self.began

    def line(self) -> str:
        """Return the state in one line."""
        rate = self.ended_now / max(self.seconds, 1e-9)
        left = (self.asked - self.before - self.ended_now) / max(rate, 1e-9)
        return (
            f"{self.before + self.ended_now}/{self.asked} runs, {self.failures} failed, "
            f"{rate:.1f} runs/s, {duration(left)} left"
        )


def duration(seconds: float) -> str:
    """Return a duration for reading.

    Examples
    --------
    >>> duration(8), duration(750), duration(9000)
    ('8 s', '12 min', '2.5 h')
    """
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"
