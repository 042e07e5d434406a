#!/usr/bin/env bash
# Guessed: in an editable install, files that hatchling's wheel target is forced to include (force-include) are found where
#   the wheel would have them: importlib.resources reads them through the package, and an edit in the source shows at once.
# So is: they are copied into site-packages when the editable install is made, into a folder of the package's name without
#   __init__.py, while the package itself is imported from the source folder. Through the package they cannot be found, and
#   the copies never change again. hatchling 1.28.0, pip's editable install.
# Whom it hurts: who ships data from outside the package folder by force-include and reads them by importlib.resources: it
#   works from the wheel and fails, or reads old data, in every developer's checkout.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv environment || exit 2
environment/bin/python -m pip install --quiet --disable-pip-version-check "hatchling==1.28.0" "editables==0.5" 2>/dev/null || exit 2
mkdir -p project/source/sample project/tables
echo 'VALUE = 1' > project/source/sample/__init__.py
echo 'first' > project/tables/table.txt
cat > project/pyproject.toml <<'TOML'
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
[project]
name = "sample"
version = "1"
[tool.hatch.build.targets.wheel]
packages = ["source/sample"]
[tool.hatch.build.targets.wheel.force-include]
"tables" = "sample/tables"
TOML
environment/bin/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --editable project 2>/dev/null || exit 2
echo 'VALUE = 2' > project/source/sample/__init__.py
echo 'second' > project/tables/table.txt
environment/bin/python - <<'PYTHON'
import importlib.metadata
import importlib.resources
import sys
import sysconfig
from pathlib import Path

import sample

copy = Path(sysconfig.get_path("purelib")) / "sample" / "tables" / "table.txt"
through_package = importlib.resources.files("sample").joinpath("tables/table.txt")
found = {
    "code is read from the source": sample.VALUE == 2,
    "the file is found through the package": through_package.is_file(),
    "the copy in site-packages says": copy.read_text().strip() if copy.is_file() else "there is no copy",
}
print(f"Python {sys.version.split()[0]}, hatchling {importlib.metadata.version('hatchling')}")
print("expected: True, True, and 'second' wherever the file is")
print("seen:", found)
sys.exit(0 if list(found.values()) == [True, False, "first"] else 1)
PYTHON
