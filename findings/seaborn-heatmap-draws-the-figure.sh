#!/usr/bin/env bash
# Guessed: seaborn.heatmap(..., ax=axes) adds a mesh, numbers and tick labels to the axes; the figure is drawn when it is saved.
# So is: it draws the whole figure once at every call, to see whether tick labels overlap, even where xticklabels and
#   yticklabels are False. seaborn 0.13.2 with matplotlib 3.11.2.
# Whom it hurts: who adds a heat map to a figure of many panels, where each call takes as long as a save; and who sets a font for
#   saving only: texts of other panels in Chinese warn of missing glyphs at the call, an error where warnings are errors.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv environment || exit 2
environment/bin/python -m pip install --quiet --disable-pip-version-check "seaborn==0.13.2" "matplotlib==3.11.2" 2>/dev/null || exit 2
MPLBACKEND=agg environment/bin/python - <<'PYTHON'
import sys
import warnings

import matplotlib
import numpy as np
import seaborn
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

calls = {
    "pcolormesh": lambda axes: axes.pcolormesh(np.eye(3)),
    "heatmap": lambda axes: seaborn.heatmap(np.eye(3), ax=axes, cbar=False),
    "heatmap without tick labels": lambda axes: seaborn.heatmap(
        np.eye(3), ax=axes, cbar=False, xticklabels=False, yticklabels=False
    ),
}
seen = {}
for number, (name, call) in enumerate(calls.items()):
    draws = []
    figure = Figure()
    FigureCanvasAgg(figure)  # as pyplot gives every figure
    left, right = figure.subplots(1, 2)
    figure.canvas.mpl_connect("draw_event", draws.append)
    right.text(0.5, 0.5, chr(0x7167 + number))
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        call(left)
    seen[name] = (len(draws), any("missing from" in str(one.message) for one in told))
print(f"Python {sys.version.split()[0]}, seaborn {seaborn.__version__}, matplotlib {matplotlib.__version__}")
print("expected: no call draws the figure, and none warns of a text on the other axes")
print("seen (draws, warned of the other axes' text):", seen)
sys.exit(0 if list(seen.values()) == [(0, False), (1, True), (1, True)] else 1)
PYTHON
