#!/usr/bin/env bash
# Guessed: what `distributed.nanny.pre-spawn-environ` names is set in the workers of a LocalCluster, before they start.
# So is: the nanny, which lives in the process that makes the cluster, sets it there, too, and the variables stay set when the cluster
#   is closed. By default these are OMP_NUM_THREADS=1 and its like. dask and distributed 2026.8.0.
# Whom it hurts: who makes a cluster in a notebook or under pytest: processes started afterwards compute with one thread each, and a
#   variable meant for the workers alone leads what comes later astray.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv environment || exit 2
environment/bin/python -m pip install --quiet --disable-pip-version-check "dask==2026.8.0" "distributed==2026.8.0" 2>/dev/null || exit 2
cat > try.py <<'PYTHON'
import os
import sys

import dask
import distributed

if __name__ == "__main__":
    for name in ("OMP_NUM_THREADS", "MINE"):
        os.environ.pop(name, None)
    with dask.config.set({"distributed.nanny.pre-spawn-environ": {"OMP_NUM_THREADS": "1", "MINE": "yes"}}):
        with distributed.LocalCluster(n_workers=1, dashboard_address=None) as cluster, distributed.Client(cluster) as client:
            there = client.submit(lambda: os.environ.get("MINE")).result()
    seen = {name: os.environ.get(name) for name in ("OMP_NUM_THREADS", "MINE")}
    print(f"Python {sys.version.split()[0]}, dask {dask.__version__}, distributed {distributed.__version__}")
    print("expected: set in the worker, and here as before: not set")
    print("seen in the worker:", there, "and here, after the cluster is closed:", seen)
    sys.exit(0 if (there, seen) == ("yes", {"OMP_NUM_THREADS": "1", "MINE": "yes"}) else 1)
PYTHON
environment/bin/python try.py
