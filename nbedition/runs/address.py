"""Where a Dask scheduler is, and whether anybody answers there; asked before anything slow is imported."""

import socket

from crossfoot.errors import RequestError

REACH_SECONDS = 5.0
LOCAL = "local"
USUAL_PORT = 8786


def local_workers(address: str) -> int | None:
    """Return N of ``local:N``; None for any other address.

    Raises
    ------
    RequestError
        If N is not a whole number of 1 or more.

    Examples
    --------
    >>> local_workers("local:2"), local_workers("tcp://10.0.0.1:8786")
    (2, None)
    """
    kind, _, count = address.partition(":")
    if kind != LOCAL:
        return None
    if not count.isdigit() or not int(count):
        raise RequestError(f"--dask takes an address or local:N with N of 1 or more, got '{address}'.")
    return int(count)


def require_answer(address: str) -> None:
    """Raise where nobody answers at a scheduler's address.

    Raises
    ------
    RequestError
        If the address is not well formed, or cannot be reached within some seconds.
    """
    if local_workers(address) is not None:
        return
    protocol, separator, place = address.rpartition("://")
    host, _, port = place.partition(":")
    if (separator and protocol not in ("tcp", "tls")) or not host or not (port or str(USUAL_PORT)).isdigit():
        raise RequestError(f"--dask takes an address such as tcp://HOST:{USUAL_PORT}, or local:N, got '{address}'.")
    try:
        socket.create_connection((host, int(port or USUAL_PORT)), REACH_SECONDS).close()
    except OSError as error:
        said = error.strerror or str(error)
        raise RequestError(
            f"no Dask scheduler answers at '{address}' ({said}); start one (dask scheduler), or try --dask local:2."
        ) from None
