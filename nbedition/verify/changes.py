"""Two tables of plotted data compared: which rows differ, from what to what."""

import csv
from itertools import zip_longest

MOST_NAMED = 3


def changes(before: str, after: str) -> str:
    r"""Return in words how plotted data differ; nothing where they do not.

    Parameters
    ----------
    before, after
        CSV text with a header line.

    Examples
    --------
    >>> changes("year,aid\n2003,1\n2004,2\n", "year,aid\n2003,1\n2004,5\n")
    "row 2 (2004), 'aid' from 2 to 5"
    """
    try:
        (head, *old), (new_head, *new) = _grid(before), _grid(after)
    except csv.Error as error:
        return f"what was plotted is no table ({error})"
    if head != new_head:
        return f"columns from {', '.join(head)} to {', '.join(new_head)}"
    said = []
    for number, (one, other) in enumerate(zip_longest(old, new), start=1):
        if one is None:
            said.append(f"row {number} is new ({', '.join(other)})")
        elif other is None:
            said.append(f"row {number} is gone ({', '.join(one)})")
        else:
            row = f"row {number}" + (f" ({one[0]})" if one[0] == other[0] and len(one) > 1 else "")
            pairs = zip(head, one, other, strict=False)
            said += [f"{row}, '{name}' from {was} to {now}" for name, was, now in pairs if was != now]
    more = len(said) - MOST_NAMED
    return "; ".join(said[:MOST_NAMED]) + (f"; and {more} more" if more > 0 else "")


def _grid(text: str) -> list[list[str]]:
    return list(csv.reader(text.splitlines(keepends=True))) or [[]]
