"""What the package costs to import and the command line to answer, in CPU seconds.

Run with ``python benchmarks/startup.py``. Each command runs in turn with the others, so that a change of
the machine's speed meets all of them; the median over the rounds is printed, and the cost beyond a bare
interpreter. Exit code 1 when a limit of the project is passed.
"""

import os
import statistics
import subprocess
import sys

ROUNDS = 15
COMMANDS = {
    "bare interpreter": [sys.executable, "-c", "pass"],
    "import ewppr_lib": [sys.executable, "-c", "import ewppr_lib"],
    "ewppr --help": [sys.executable, "-m", "ewppr_lib.cli", "--help"],
}
LIMITS = {"import ewppr_lib": 0.15, "ewppr --help": 0.4}  # seconds; the first beyond a bare interpreter


def cpu_seconds(command: list[str]) -> float:
    """Run a command to its end and return the user and system time it took."""
    before = os.times()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = os.times()
    return after.children_user - before.children_user + after.children_system - before.children_system


def main() -> int:
    """Measure all commands in turn and print their medians."""
    taken: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(ROUNDS):
        for name, command in COMMANDS.items():
            taken[name].append(cpu_seconds(command))
    median = {name: statistics.median(times) for name, times in taken.items()}
    bare = median["bare interpreter"]
    for name, seconds in median.items():
        beyond = f"beyond a bare interpreter {seconds - bare:.3f} s, {seconds / bare:.1f} times"
        print(f"{name:18} {seconds:.3f} s CPU ({beyond})")
    passed = (
        median["import ewppr_lib"] - bare < LIMITS["import ewppr_lib"]
        and median["ewppr --help"] < LIMITS["ewppr --help"]
    )
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
