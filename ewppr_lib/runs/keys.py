"""What a run depends on, as digests: the same key means the same results, another one says what changed."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from ewppr_lib.errors import DataError
from ewppr_lib.runs import sources

KEY_LENGTH = 20  # hexadecimal digits: two runs in a million million share a key by chance

PARTS = {
    "notebook": "the notebook's cells",
    "parameters": "the parameters",
    "library": "the library's source",
    "data": "the data files",
    "lock": "the locked versions or Python",
}


@dataclass(frozen=True)
class Parts:
    """The digests that a run's key is made of."""

    notebook: str
    parameters: str
    library: str
    data: str
    lock: str

    @property
    def key(self) -> str:
        """The run's key."""
        return _sha256(asdict(self))[:KEY_LENGTH]

    def as_dict(self) -> dict[str, str]:
        """Return the digests by name."""
        return asdict(self)


class Surroundings:
    """Everything a run depends on but its notebook and parameters, read when first asked for."""

    @cached_property
    def library(self) -> dict[str, str]:
        """The digest of every source file."""
        return sources.library_digests()

    @cached_property
    def data(self) -> dict[str, str]:
        """The digest of every data file."""
        return sources.data_digests()

    @cached_property
    def lock(self) -> dict[str, str]:
        """The digest of the lock, and the Python version."""
        return sources.lock_digests()

    @cached_property
    def notebooks(self) -> dict[str, str]:
        """The digest of every notebook's cells."""
        from ewppr_lib.data.edition import notebooks

        return {name: notebook_digest(path) for name, path in notebooks().items()}

    @cached_property
    def _common(self) -> tuple[str, str, str]:
        return _sha256(self.library), _sha256(self.data), _sha256(self.lock)

    def parts(self, notebook: str, parameters: Mapping[str, Any], tables: Mapping[str, str]) -> Parts:
        """Return the digests of one run.

        Parameters
        ----------
        notebook
            Full name.
        parameters
            All parameters, defaults included.
        tables
            The user's own tables: digest by parameter.
        """
        library, data, lock = self._common
        data = _sha256([data, dict(tables)]) if tables else data
        return Parts(self.notebooks[notebook], _sha256(dict(parameters)), library, data, lock)

    def files(self) -> dict[str, dict[str, str]]:
        """Return all digests by part and file."""
        return {"notebook": self.notebooks, "library": self.library, "data": self.data, "lock": self.lock}


def notebook_digest(path: Path) -> str:
    """Return the digest of a notebook's cells, outputs left out."""
    return _notebook_digest(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=64)
def _notebook_digest(path: Path, _changed: int) -> str:
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        told = [[cell["cell_type"], "".join(cell["source"]), cell["metadata"].get("tags", [])] for cell in cells]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise DataError(
            f"{path} is no notebook, or is damaged; open and save it in Jupyter, or take it away."
        ) from None
    return _sha256(told)


def _sha256(content: Any) -> str:
    return sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
