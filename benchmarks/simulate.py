"""What a million draws of the reform model cost: seconds, memory, and how far that is from the floor.

Run with ``python benchmarks/simulate.py [DRAWS]``. Four things are measured:

- all options over ten years, totals of every draw and means by year, on one thread and on two: seconds on the clock,
  CPU seconds, and the peak memory of a process that does nothing else;
- whether the cost is linear: CPU per draw at a quarter, a half and all of the draws;
- the option ``guarantee`` against a bare NumPy loop written out by hand that does only the same arithmetic, from the
  same random numbers to the same totals (the two are compared number by number), CPU of one thread;
- all options, and ``guarantee`` alone, against a plain Python loop (``tests/plain_reform.py``, which a test compares
  with the model number by number): totals of the same measures, CPU of one thread. The loop draws by the standard
  library, only what the options read, and works out once what they share, as the model does. Of one option alone,
  drawing random numbers is half of the model's time, so that ratio is smaller.

Exit code 1 when a limit is passed.
"""

import random
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
import plain_reform

from ewppr_lib.reform import OPTIONS, options
from ewppr_lib.reform.assumptions import Assumption, assumptions
from ewppr_lib.reform.draws import BLOCK, SHOCKS, quantile
from ewppr_lib.reform.sensitivity import drivers
from ewppr_lib.reform.simulate import Span, simulate

KNOWN = assumptions()
YEARS = 10
LIMITS = {"seconds": 20.0, "gibibytes": 2.0, "floor": 2.0, "plain": 60.0, "linear": 1.5}
PLAIN_DRAWS = 500
KEPT = ("cost", "moved", "investment", "tax", "jobs", "households", "lifted", "fund_balance", "unsteadiness")


def cpu(work: object, *arguments: object) -> float:
    """Return the CPU seconds that a call takes."""
    start = time.process_time()
    work(*arguments)  # type: ignore[operator]
    return time.process_time() - start


def all_options(draws: int) -> float:
    """Run all options and return the CPU seconds."""
    return cpu(simulate, options([]), KNOWN, Span(draws=draws))


def bare(draws: int) -> dict[str, np.ndarray]:
    """Return the totals of option ``guarantee`` by NumPy alone, block by block."""
    names = list(KNOWN)
    totals = {name: np.empty(draws) for name in KEPT}
    for first in range(0, draws, BLOCK):
        place = slice(first, min(first + BLOCK, draws))
        n = place.stop - first
        generator = np.random.default_rng([0, first // BLOCK])
        u = generator.random((len(KNOWN), BLOCK))[:, :n]
        z = generator.standard_normal((len(SHOCKS), YEARS, BLOCK))[:, :, :n]
        p = {k: quantile(KNOWN[k], u[i]) if KNOWN[k].drawn else KNOWN[k].central for i, k in enumerate(names)}
        bare_block(p, z, {name: array[place] for name, array in totals.items()})
    return totals


def bare_block(p: dict, z: np.ndarray, out: dict[str, np.ndarray]) -> None:  # noqa: PLR0915 (one loop on purpose)
    """Fill the totals of one block, year by year, without looking back further than needed."""
    kept, sound, due = 1 - 1 / p["loan_term"], 1 - p["default_rate"], p["loss_share"] * p["default_rate"]
    farm_jobs = 1000 * p["labour_per_mu"] / p["farm_investment_per_mu"] * p["case_strength"]
    other_jobs = p["nonfarm_jobs"] * p["case_strength"]
    farm_tax, stays = p["tax_rate"] * p["farm_tax_ratio"], 1 - p["closure_rate"]
    per_yuan = (1 + p["own_funds"]) * p["additionality"]
    farm_lifts, other_lifts = farm_jobs * p["households_per_farm_job"], other_jobs * p["households_per_nonfarm_job"]
    by_grants = p["water_persons"] / p["household_size"]
    growth, gifts_growth = np.log1p(p["aid_growth"]), np.log1p(p["donation_growth"])
    balance = running = farm_there = other_there = 0.0
    sent, aid = [], []
    for name in KEPT:
        out[name][:] = 0
    for year in range(YEARS):
        elapsed = 4 + year
        given = p["aid_level"] * np.exp(growth * elapsed + p["aid_volatility"] * z[0, year])
        gifts = p["donation_level"] * np.exp(gifts_growth * elapsed + p["donation_volatility"] * z[3, year])
        aid.append(given)
        sent.append(p["cadre_level"] * np.exp(p["cadre_volatility"] * z[4, year]))
        serving = sum(np.clip(p["service_years"] - ago, 0, 1) * sent[year - ago] for ago in range(min(3, year + 1)))
        moved = given * p["fund_share"]
        capital = balance + moved
        loans = np.maximum(p["leverage"] * capital, running)
        income = p["guarantee_fee"] * loans + p["deposit_rate"] * capital
        costs = np.minimum(p["operating_cost"] * loans, capital + income)
        claims = np.minimum(due * loans, capital + income - costs)
        balance = capital + income + p["recovery_rate"] * claims - costs - claims
        invested = per_yuan * (loans - running)
        running = kept * sound * loans
        farm = p["farm_part"] * invested
        other = invested - farm
        farm_there = stays * farm_there + farm
        other_there = stays * other_there + other
        lifted = farm_lifts * farm + other_lifts * other
        out["cost"] += given + p["cadre_cost"] * serving
        out["moved"] += moved
        out["investment"] += invested
        out["tax"] += farm_tax * farm_there + p["tax_rate"] * other_there
        out["jobs"] += farm_jobs * farm_there + other_jobs * other_there
        out["lifted"] += lifted
        out["households"] += (given - moved + gifts) * by_grants + lifted
    out["fund_balance"][:] = balance
    change = np.stack([(b - a) / ((a + b) / 2) for a, b in pairwise(aid)])
    out["unsteadiness"][:] = change.std(axis=0)


def against_floor(draws: int) -> float:
    """Return how many times the bare loop's time the model takes for totals, after comparing all of them."""
    model = simulate(options(["guarantee"]), KNOWN, Span(draws=draws)).totals["guarantee"]
    for name, values in bare(draws).items():
        np.testing.assert_allclose(model[name], values, rtol=1e-9, err_msg=name)
    work = partial(simulate, by_year=False)
    rounds = [(cpu(work, options(["guarantee"]), KNOWN, Span(draws=draws)), cpu(bare, draws)) for _ in range(5)]
    mine, floor = (min(times) for times in zip(*rounds, strict=True))
    print(f"option guarantee: {mine:.2f} s CPU, bare NumPy {floor:.2f} s: {mine / floor:.2f} times the floor")
    return mine / floor


def drawn(record: Assumption) -> float:
    """Return one draw of a parameter by the standard library."""
    if not record.drawn:
        return record.central
    if record.distribution == "triangular":
        return random.triangular(record.low, record.high, record.central)
    if record.distribution == "loguniform":
        return record.low * (record.high / record.low) ** random.random()
    return random.uniform(record.low, record.high)


def against_plain(names: Sequence[str], draws: int) -> float:
    """Return how many times the model's CPU time a plain Python loop takes for a draw of some options."""
    years, chosen, span = list(range(2011, 2021)), options(names), Span(draws=draws)
    read = drivers(chosen, KNOWN, span)
    kinds = [kind for kind in SHOCKS if kind not in ("revenue", "losses") or "insurance" in names]

    def loop() -> None:
        for _ in range(PLAIN_DRAWS):
            p = {record.name: drawn(record) for record in read}
            z = {kind: [random.gauss(0.0, 1.0) for _ in years] for kind in kinds}
            plain_reform.totals(p, years, z, names)

    plain = min(cpu(loop) for _ in range(5)) / PLAIN_DRAWS
    mine = min(cpu(partial(simulate, by_year=False), chosen, KNOWN, span) for _ in range(5)) / draws
    what = "all options" if len(names) > 1 else f"option {names[0]}"
    print(f"{what}, a draw: {mine * 1e6:.2f} us, plain loop {plain * 1e6:.0f} us: {plain / mine:.0f} times faster")
    return plain / mine


def alone(draws: int, jobs: int) -> tuple[float, float, float]:
    """Return seconds on the clock, CPU seconds and GiB of a process that runs all options and does nothing else."""
    command = [sys.executable, __file__, str(draws), "--only", str(jobs)]
    ended = subprocess.run(command, capture_output=True, text=True, check=True)
    clock, used, memory = map(float, ended.stdout.split())
    threads = "one thread" if jobs == 1 else f"{jobs} threads"
    print(
        f"{len(options([]))} options x {draws:,} draws x {YEARS} years, {threads}: "
        f"{clock:.1f} s ({used:.1f} s CPU), {memory:.2f} GiB"
    )
    return clock, used, memory


def only(draws: int, jobs: int) -> None:
    """Run all options and print what it took."""
    start, started = time.perf_counter(), time.process_time()
    simulate(options([]), KNOWN, Span(draws=draws), jobs=jobs)
    clock, used = time.perf_counter() - start, time.process_time() - started
    print(clock, used, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20)


def main() -> int:
    """Measure, print, compare with the limits."""
    draws = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    if "--only" in sys.argv:
        only(draws, int(sys.argv[-1]))
        return 0
    small = min(draws, 200_000)
    runs = [alone(draws, jobs) for jobs in (1, 2)]
    sizes = [max(small // part, 1) for part in (4, 2, 1)]
    per_draw = [statistics.median(all_options(size) for _ in range(3)) / size * 1e6 for size in sizes]
    print("us a draw at " + ", ".join(f"{n:,}: {us:.1f}" for n, us in zip(sizes, per_draw, strict=True)))
    floor = against_floor(small)
    plain = against_plain(list(OPTIONS), small)
    against_plain(["guarantee"], small)
    held = (
        max(used for _, used, _ in runs) < LIMITS["seconds"]
        and max(memory for _, _, memory in runs) < LIMITS["gibibytes"]
        and floor < LIMITS["floor"]
        and plain > LIMITS["plain"]
        and max(per_draw) < LIMITS["linear"] * min(per_draw)
    )
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
