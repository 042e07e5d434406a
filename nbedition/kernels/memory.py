"""The server's memory: in few large pages, so that forking costs less, and kept where kernels free it."""

import ctypes
import sys
from collections.abc import Iterator
from pathlib import Path

LARGE = 2 * 2**20  # bytes of a large page
COLLAPSE = 25  # of madvise: make large pages of small ones, now; Linux 6.1 and later
TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3  # of mallopt
LARGEST = 32 * 2**20  # bytes of a block that is still taken from memory held already: glibc's own limit


def use_large_pages() -> None:
    """Gather this process's own memory in large pages, as far as the system can; nothing changes but speed."""
    if sys.platform != "linux":
        return
    advise = ctypes.CDLL(None).madvise
    for first, end in _own_memory():
        for at in range(-(-first // LARGE) * LARGE, end - LARGE + 1, LARGE):
            advise(ctypes.c_void_p(at), ctypes.c_size_t(LARGE), COLLAPSE)


def keep_freed_memory() -> None:
    """Let blocks of up to 32 MiB come from memory that is held already, and freed ones stay held.

    A kernel lives too short to give memory back, whatever a long-lived process around it was told by
    ``MALLOC_TRIM_THRESHOLD_``, as Dask's workers are.
    """
    if sys.platform == "linux" and (option := getattr(ctypes.CDLL(None), "mallopt", None)):
        option(MMAP_THRESHOLD, LARGEST)
        option(TRIM_THRESHOLD, 2 * LARGEST)


def _own_memory() -> Iterator[tuple[int, int]]:
    """Yield first address and end of each stretch that can be written and belongs to no file."""
    for line in Path("/proc/self/maps").read_text(encoding="utf-8").splitlines():
        stretch, rights, _, _, file, *name = line.split()
        if "w" in rights and "p" in rights and file == "0" and name in ([], ["[heap]"]):
            first, end = (int(address, 16) for address in stretch.split("-"))
            yield first, end
