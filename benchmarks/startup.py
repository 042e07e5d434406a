"""What the packages cost to import and the command lines to answer, in CPU seconds.

Run with ``python benchmarks/startup.py``. Each command runs in turn with the others, so that a change of
the machine's speed meets all of them; the median over the rounds is printed, and the cost beyond a bare
interpreter. Exit code 1 when a limit of the project is passed.
"""

import resource
import statistics
import subprocess
import sys
from pathlib import Path

ROUNDS = 15
SCHOOLS = Path(__file__).parents[1] / "docs/examples/schools.csv"
CROSSFOOT = [sys.executable, "-m", "crossfoot.cli", str(SCHOOLS)]
COMMANDS = {
    "bare interpreter": [sys.executable, "-c", "pass"],
    "import ewppr_lib": [sys.executable, "-c", "import ewppr_lib"],
    "ewppr --help": [sys.executable, "-m", "ewppr_lib.cli", "--help"],
    "crossfoot TABLE": [*CROSSFOOT, "--relations", str(SCHOOLS.with_suffix(".yml"))],
    "crossfoot --suggest": [*CROSSFOOT, "--suggest"],
}
LIMITS = {"import ewppr_lib": 0.15, "ewppr --help": 0.4, "crossfoot TABLE": 0.21, "crossfoot --suggest": 0.19}
BEYOND = {"import ewppr_lib", "crossfoot TABLE", "crossfoot --suggest"}  # whose limit is beyond a bare interpreter
FAILS = {"crossfoot TABLE"}  # one figure of the example is wrong, so that it ends with exit code 1


def cpu_seconds(command: list[str], expected: int) -> float:
    """Run a command to its end and return the user and system time it took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    ended = subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if ended.returncode != expected:
        raise SystemExit(f"{command} ended with exit code {ended.returncode}, not {expected}.")
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def main() -> int:
    """Measure all commands in turn and print their medians."""
    taken: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(ROUNDS):
        for name, command in COMMANDS.items():
            taken[name].append(cpu_seconds(command, expected=name in FAILS))
    median = {name: statistics.median(times) for name, times in taken.items()}
    bare = median["bare interpreter"]
    for name, seconds in median.items():
        beyond = f"beyond a bare interpreter {seconds - bare:.3f} s, {seconds / bare:.1f} times"
        print(f"{name:19} {seconds:.3f} s CPU ({beyond})")
    passed = all(median[name] - bare * (name in BEYOND) < limit for name, limit in LIMITS.items())
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
