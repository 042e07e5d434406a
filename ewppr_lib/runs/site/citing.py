"""What a figure's page says to cite it by."""

from collections.abc import Mapping
from typing import Any


def fingerprint(record: Mapping[str, Any]) -> str:
    """Return the short text by which a figure is found again."""
    return str(record["data_sha256"])[:8]


def citations(record: Mapping[str, Any]) -> dict[str, str]:
    """Return the citation of a figure by style."""
    return {
        "plain": f"Figure {record['figure']}, notebook {record['notebook']}: {record['title']} [{fingerprint(record)}]."
    }
