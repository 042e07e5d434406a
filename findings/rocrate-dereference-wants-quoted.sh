#!/usr/bin/env bash
# Guessed: crate.dereference(NAME) finds the file that crate.add_file(dest_path=NAME) added.
# So is: add_file quotes the path for its identifier, dereference does not quote what it is asked for: with any character
#   outside the ASCII letters, such as a space or a Chinese name, it returns None, without a word; put into a property, None
#   is written as null, and the crate is written all the same. rocrate 0.16.0.
# Whom it hurts: who links actions or notebooks to data files whose names have spaces, accents or other scripts.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv environment || exit 2
environment/bin/python -m pip install --quiet --disable-pip-version-check "rocrate==0.16.0" 2>/dev/null || exit 2
environment/bin/python - <<'PYTHON'
import importlib.metadata
import json
import sys
from urllib.parse import quote

from rocrate.rocrate import ROCrate

crate = ROCrate()
names = ["data/plain.csv", "data/two words.csv", "data/" + chr(0x5B66) + ".csv"]
for name in names:
    crate.add_file(dest_path=name)
found = [crate.dereference(name) is not None for name in names]
quoted = [crate.dereference(quote(name)) is not None for name in names]
action = crate.add_action(crate.dereference(names[0]), object=[crate.dereference(name) for name in names])
written = next(one for one in crate.metadata.generate()["@graph"] if one["@id"] == action.id)["object"]
print(f"Python {sys.version.split()[0]}, rocrate {importlib.metadata.version('rocrate')}")
print("expected: each file is found by the path under which it was added, and linked")
print("seen: found by path", found, "by quoted path", quoted, "written", json.dumps(written))
nulls = written.count(None) if isinstance(written, list) else 0
sys.exit(0 if (found, quoted, nulls) == ([True, False, False], [True, True, True], 2) else 1)
PYTHON
