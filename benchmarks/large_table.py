"""What a large table costs: seconds of CPU and memory to read and check it, each size in a process of its own.

Run with ``python benchmarks/large_table.py [ROWS]``. A table of so many rows (100,000 by default) and three parts is
checked against a declared sum, and one of half the size; then a table of 2,000 rows and 20 columns, in 250 blocks, is
proposed for and checked. Exit code 1 when the large one takes more than `LIMIT` seconds, or more than 2.5 times the
half.
"""

import random
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

LIMIT = 10.0
LINEAR = 2.5
RULES = "relations:\n- {kind: sum, total: Total, parts: [a, b, c], axis: columns}\n"
RUN = "import sys; from crossfoot.cli import main; main(sys.argv[1:])"


def long_table(path: Path, rows: int) -> list[str]:
    """Write a table of many rows and the relation that it keeps; return the arguments that check it."""
    drawn = random.Random(1)
    lines = ["place,a,b,c,Total"]
    for row in range(rows):
        parts = [drawn.randint(100, 99_999) for _ in range(3)]
        lines.append(f"place {row},{','.join(map(str, parts))},{sum(parts)}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    rules = path.with_suffix(".yml")
    rules.write_text(RULES, encoding="utf-8")
    return [str(path), "--relations", str(rules)]


def blocks(path: Path) -> list[str]:
    """Write a table of 250 blocks of a sum and its seven parts, 20 columns."""
    drawn = random.Random(2)
    lines = ["item," + ",".join(str(2000 + column) for column in range(20))]
    for block in range(250):
        parts = [[drawn.randint(1, 9_999) for _ in range(20)] for _ in range(7)]
        lines.append(f"Group {block}," + ",".join(str(sum(column)) for column in zip(*parts, strict=True)))
        lines += [f"  part {block}-{number},{','.join(map(str, part))}" for number, part in enumerate(parts)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return [str(path)]


def cost(arguments: list[str]) -> tuple[float, float]:
    """Return CPU seconds and the most memory so far, in megabytes, of a check in a process of its own."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", RUN, *arguments], check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, after.ru_maxrss / 1024


def main() -> int:
    """Print the costs; return the exit code."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        wide = cost(blocks(Path(folder) / "blocks.csv"))
        half = cost(long_table(Path(folder) / "half.csv", rows // 2))
        whole = cost(long_table(Path(folder) / "whole.csv", rows))
    print(f"2,000 rows x 20 columns, proposed and checked: {wide[0]:.1f} s, {wide[1]:.0f} MB")
    print(f"{rows // 2:,} rows, one declared sum: {half[0]:.1f} s, {half[1]:.0f} MB")
    print(
        f"{rows:,} rows: {whole[0]:.1f} s (limit {LIMIT:g}), {whole[1]:.0f} MB, {whole[0] / half[0]:.2f} times the half"
    )
    return int(whole[0] > LIMIT or whole[0] > LINEAR * half[0])


if __name__ == "__main__":
    sys.exit(main())
