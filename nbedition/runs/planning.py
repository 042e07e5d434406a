"""From sweeps to keys: every combination checked before anything runs, then made again one by one as it is needed."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from crossfoot.errors import RequestError
from nbedition.notebooks.provenance import Environment
from nbedition.runs.sweep import Sweep

MANY = 1_000_000


@dataclass(frozen=True)
class Plan:
    """The runs that a command asks for.

    Parameters
    ----------
    sweeps
        Where they come from.
    keys
        The key of each, in order, none twice.
    environment
        What they depend on besides.
    tables
        Tables of the user's own that they read, with their digests.
    """

    sweeps: Sequence[Sweep]
    keys: list[str]
    environment: Environment
    tables: dict[str, str]

    def requests(self, finished: Collection[str] = ()) -> Iterator[Any]:
        """Yield the runs that are not finished, in order."""
        left = set(self.keys).difference(finished)
        for request in _requests(self.sweeps, self.environment):
            if request.key in left:
                left.discard(request.key)
                yield request
            if not left:
                return


def size(sweeps: Sequence[Sweep]) -> int:
    """Return how many combinations there are, without making them."""
    return sum(len(sweep) for sweep in sweeps)


def require_meant(sweeps: Sequence[Sweep], *, yes: bool) -> None:
    """Raise where so many runs are asked for that a slip is likely.

    Raises
    ------
    RequestError
        If there are a million combinations or more and `yes` is not given.
    """
    if (count := size(sweeps)) >= MANY and not yes:
        raise RequestError(f"this asks for {count:,} runs; if that is meant, say --yes, and see docs/batches.md.")


def make_plan(sweeps: Sequence[Sweep], environment: Environment) -> Plan:
    """Check every combination and return the plan.

    Raises
    ------
    RequestError
        If a notebook or parameter is unknown, or a value does not fit.
    DataError
        If a table of the user's own does not fit.
    """
    from nbedition.notebooks.parameters import settings_of, tables

    keys: dict[str, None] = {}
    own: dict[str, str] = {}
    for request in _requests(sweeps, environment):
        keys[request.key] = None
        for name in tables(settings_of(request.notebook)):
            if path := request.parameters[name]:
                own[str(path)] = own.get(str(path)) or _digest(str(path))
    return Plan(sweeps, list(keys), environment, own)


def asked(sweeps: Sequence[Sweep]) -> str:
    """Return a digest of what is asked for, environment left out."""
    return sha256(repr(list(sweeps)).encode()).hexdigest()


def _digest(path: str) -> str:
    from nbedition.notebooks import provenance

    return provenance.digest(Path(path))


def _requests(sweeps: Sequence[Sweep], environment: Environment) -> Iterator[Any]:
    from nbedition.notebooks.parameters import notebook_name
    from nbedition.runs.requests import request

    for sweep in sweeps:
        names = {given: notebook_name(given) for given in sweep.notebooks}
        for given, values in sweep:
            yield request(names[given], values, environment, from_text=sweep.from_text)
