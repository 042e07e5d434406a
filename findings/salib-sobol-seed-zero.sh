#!/usr/bin/env bash
# Guessed: SALib.analyze.sobol.analyze(..., seed=0) gives the same confidence intervals at every call, as any whole seed does.
# So is: seed 0 counts as no seed (the code asks "if seed:"), so the bootstrap intervals differ from call to call; the
#   indices themselves are the same. seed=1 is kept. SALib 1.6.0; the sampler SALib.sample.sobol does keep seed 0.
# Whom it hurts: who takes 0 as the usual seed and publishes the intervals, or compares them in a regression test.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv environment || exit 2
environment/bin/python -m pip install --quiet --disable-pip-version-check "SALib==1.6.0" "numpy==2.2.6" 2>/dev/null || exit 2
environment/bin/python - <<'PYTHON'
import importlib.metadata
import sys

import numpy as np
from SALib.analyze import sobol as analysis
from SALib.sample import sobol as sampling

problem = {"num_vars": 2, "names": ["a", "b"], "bounds": [[0, 1], [0, 1]]}


def points(seed):
    return sampling.sample(problem, 64, calc_second_order=False, seed=seed)


def intervals(seed):
    drawn = points(1)
    values = drawn[:, 0] + drawn[:, 1] ** 2
    found = analysis.analyze(problem, values, calc_second_order=False, seed=seed)
    return found["S1_conf"], found["S1"]


same = {
    "intervals twice, seed 1": bool(np.array_equal(intervals(1)[0], intervals(1)[0])),
    "intervals twice, seed 0": bool(np.array_equal(intervals(0)[0], intervals(0)[0])),
    "indices twice, seed 0": bool(np.array_equal(intervals(0)[1], intervals(0)[1])),
    "sample twice, seed 0": bool(np.array_equal(points(0), points(0))),
}
print(f"Python {sys.version.split()[0]}, SALib {importlib.metadata.version('SALib')}, NumPy {np.__version__}")
print("expected: the same everywhere")
print("seen:", same)
sys.exit(0 if list(same.values()) == [True, False, True, True] else 1)
PYTHON
