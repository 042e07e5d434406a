"""The archive: its members, their list with digests, and a ZIP that is the same bytes every time."""

import json
import zipfile
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from crossfoot.errors import RequestError
from nbedition.archive import catalogue, crate, datapackage, readme
from nbedition.archive.collect import Made, results_frame
from nbedition.archive.environment import code_and_data, environment_text
from nbedition.citation_file import Citable, citation_file
from nbedition.kernels.engine import as_bytes
from nbedition.notebooks.outputs import COLUMNS
from nbedition.runs.whole import written

MANIFEST = "manifest-sha256.txt"  # the form that sha256sum --check reads
RUNS = "runs.json"
PARQUET = "results/results.parquet"
BEGINNING = (1980, 1, 1, 0, 0, 0)  # the first date that a ZIP can hold
PERMISSIONS = 0o100644 << 16
UNIX = 3


def members(made: list[Made], form: str = "aea", *, clock: bool = False) -> dict[str, bytes]:
    """Return the content of every member of the archive, by name, in order.

    `form`: of the README, see `nbedition.archive.readme`; `clock`: whether to say when each notebook was run,
    without which a second run makes the same archive.
    """
    return described(made, contents_of(made), form, {one.name: one.times for one in made} if clock else {})


def contents_of(made: list[Made]) -> dict[str, bytes]:
    """Return what an archive is for, by name: code, data, notebooks, results and figures."""
    files = code_and_data() | datapackage.tables()
    for one in made:
        files[f"notebooks/{one.name}.ipynb"] = as_bytes(one.notebook)
        files |= {f"figures/{one.name}/{name}": content for name, content in one.files.items()}
    results = results_frame(made)
    files[datapackage.RESULTS] = results.to_csv(index=False, lineterminator="\n", columns=list(COLUMNS)).encode()
    files[PARQUET] = datapackage.parquet(results)
    files[RUNS] = (json.dumps({one.name: one.parts for one in made}, indent=1, sort_keys=True) + "\n").encode()
    return files


def described(
    made: list[Made],
    contents: Mapping[str, bytes],
    form: str = "aea",
    times: Mapping[str, tuple[str, str]] | None = None,
) -> dict[str, bytes]:
    """Return contents with the members that describe them; `times`: when each notebook's run began and ended."""
    files = {**contents, "environment.json": environment_text().encode(), crate.MASTER: crate.MASTER_TEXT.encode()}
    about = citation_file() or Citable()
    package = datapackage.descriptor(about, files)
    files["datapackage.json"] = datapackage.text(package).encode()
    files["croissant.json"] = catalogue.croissant(about, package, files).encode()
    if record := catalogue.datacite(about):
        files["datacite.json"] = record.encode()
    files["README.md"] = readme.readme(made, about, files, form).encode()
    files["ro-crate-metadata.json"] = crate.metadata(made, about, files, times).encode()
    files[crate.PREVIEW] = crate.preview(files["ro-crate-metadata.json"]).encode()
    files[MANIFEST] = manifest(files).encode()
    return dict(sorted(files.items()))


def manifest(files: dict[str, bytes]) -> str:
    """Return the list of members with their digests.

    Examples
    --------
    >>> manifest({"a.txt": b""}).split()[1]
    'a.txt'
    """
    return "".join(f"{sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items()))


def write_archive(files: dict[str, bytes], out: Path) -> None:
    """Write members as a ZIP: sorted, dates and permissions fixed; the file has its name only when it is whole."""
    try:
        with written(out) as part, zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as target:
            for name, content in sorted(files.items()):
                entry = zipfile.ZipInfo(name, BEGINNING)
                entry.create_system, entry.external_attr = UNIX, PERMISSIONS
                entry.compress_type = zipfile.ZIP_DEFLATED if content else zipfile.ZIP_STORED
                target.writestr(entry, content)
    except OSError as error:
        raise RequestError(f"{out} cannot be written: {error.strerror or error}.") from None
