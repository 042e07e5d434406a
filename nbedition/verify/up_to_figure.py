"""A notebook's cells run up to one figure, in this process and without a kernel: all that verifying one file needs."""

import json
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any


def sources(notebook: Path, given: Mapping[str, Any]) -> Iterator[str]:
    """Yield the code of a notebook, the parameters given put after the cell that is tagged for them.

    `given`: plain values by name.
    """
    for cell in json.loads(notebook.read_bytes())["cells"]:
        if cell["cell_type"] != "code":
            continue
        yield "".join(cell["source"])
        if "parameters" in cell["metadata"].get("tags", []):
            yield "\n".join(f"{name} = {value!r}" for name, value in given.items())


def main(notebook: str, given: str, made: str) -> int:
    """Run cells until a file is there that the figure leaves last; return 0 where it came, 1 where a cell failed."""
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    settings = Config()
    settings.HistoryManager.enabled = False  # nothing is written beside the figure
    shell = InteractiveShell.instance(config=settings)
    for source in sources(Path(notebook), json.loads(given)):
        if not shell.run_cell(source).success:
            return 1
        if Path(made).is_file():
            break
    return 0


if __name__ == "__main__":
    code = main(*sys.argv[1:])
    sys.stdout.flush()
    os._exit(code)  # nothing is left to write, and taking a loaded interpreter down takes time
