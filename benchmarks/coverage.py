"""How often the intervals of notebook 01's slopes cover, and how often its break tests cry wolf.

Run ``python benchmarks/coverage.py [TRIALS]``. Series are drawn around a trend with 0, 1 or 2 kinks, with
errors that never die out and whose yearly changes have a given momentum; each is treated as the notebook treats its
own. What it prints stands in `ewppr_lib.study.history_trend` (`COVERAGE`, `FALSE_ALARMS`). Exit 1 if a number there is
off by more than chance explains.
"""

import math
import sys

import numpy as np
import pandas as pd

from ewppr_lib.study import history_trend as trend

TRIALS = int(sys.argv[1]) if len(sys.argv) > 1 else 400
DRAWS = 299
LENGTH = 29
KINKS = ((0, ()), (1, (14,)), (2, (9, 19)))  # how many, and where


def as_series(values: np.ndarray) -> pd.Series:
    """Return values as a yearly series."""
    return pd.Series(values, index=range(1978, 1978 + len(values)))


def coverage(kinks: tuple[int, ...], momentum: float) -> float:
    """Return how often a 95 % interval covers the slope, over all pieces, kinks placed by least squares."""
    slopes = np.array([2.0, -2.0, 2.0])[: len(kinks) + 1]
    truth = trend.design(LENGTH, kinks)[:, 1:] @ np.diff(slopes, prepend=0)
    noise = np.random.default_rng(5).standard_normal((LENGTH, TRIALS))
    drawn = truth[:, None] + 1.5 * trend._errors(LENGTH, momentum) @ noise
    inside = []
    for values in drawn.T:
        placed = trend.search(values[:, None], len(kinks))[1][0]
        found = trend.slope_bounds(as_series(values), [1978 + one for one in placed], 0.95, DRAWS, free=bool(kinks))
        inside.append((found["low"] <= slopes) & (slopes <= found["high"]))
    return float(np.mean(inside))


def false_alarms(momentum: float) -> dict[str, float]:
    """Return how often each test rejects at 5 % where there is no kink."""
    noise = np.random.default_rng(6).standard_normal((LENGTH, TRIALS))
    drawn = trend._errors(LENGTH, momentum) @ noise
    found = pd.DataFrame([trend.break_test(as_series(values), DRAWS) for values in drawn.T])
    return {name: float((found[name] <= 0.05).mean()) for name in ("p_sup_f", "p_cusum")}


def main() -> int:
    """Measure, and compare with what the library says; three standard errors and its rounding are chance."""
    off = False
    for at, momentum in enumerate(trend.MEASURED):
        found = {
            f"covers, {count} kinks": (coverage(kinks, momentum), trend.COVERAGE[count][at]) for count, kinks in KINKS
        }
        alarms = false_alarms(momentum)
        found |= {f"alarms, {name}": (alarms[f"p_{name}"], said[at]) for name, said in trend.FALSE_ALARMS.items()}
        for name, (measured, said) in found.items():
            far = abs(measured - said) > 3 * math.sqrt(said * (1 - said) / TRIALS) + 0.005
            print(f"momentum {momentum}: {name}: {measured:.3f}, said {said}{' OFF' if far else ''}", flush=True)
            off = off or far
    return int(off)


if __name__ == "__main__":
    sys.exit(main())
