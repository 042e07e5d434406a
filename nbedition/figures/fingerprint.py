"""The eight characters in a figure's margin: they name its data and parameters, and outlive every file format."""

import json
import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from crossfoot.errors import RequestError

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no two alike in print
LENGTH = 8
ALIKE = str.maketrans("ILO", "110")
WORDS_ONLY = ("lang",)  # parameters that change no data


def fingerprint(notebook: str, figure: str, parameters: Mapping[str, Any], data_sha256: str) -> str:
    """Return the fingerprint of a figure; language and code do not change it.

    Parameters
    ----------
    notebook, figure
        Full names.
    parameters
        All parameters; a table of the user's own stands for its digest.
    data_sha256
        Digest of the plotted data.

    Examples
    --------
    >>> fingerprint("02_funding_analysis", "x", {"confidence": 0.95, "lang": "zh"}, "00")
    '0QDJPHMZ'
    """
    given = {name: value for name, value in parameters.items() if name not in WORDS_ONLY}
    content = json.dumps([notebook, figure, given, data_sha256], sort_keys=True, separators=(",", ":"))
    number = int.from_bytes(sha256(content.encode()).digest()[: LENGTH * 5 // 8])
    return "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(LENGTH)))


def as_read(text: str) -> str:
    """Return a fingerprint as the edition writes it from what a reader typed; a figure's number before it may stay.

    Raises
    ------
    RequestError
        If it has not eight characters of the alphabet.

    Examples
    --------
    >>> as_read("2.1 \u00b7 oqdj phmz")
    '0QDJPHMZ'
    """
    last = re.sub(r"^.*\u00b7|^\s*\d+\.\d+(?=\s)", "", text)
    found = re.sub(r"[\s-]", "", last).upper().translate(ALIKE)
    if len(found) != LENGTH or set(found) - set(ALPHABET):
        raise RequestError(f"a fingerprint has {LENGTH} letters and digits, as in a figure's margin, got '{text}'.")
    return found
