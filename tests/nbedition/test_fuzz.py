"""A short run of the fuzzing that `benchmarks/fuzz.py` does at length."""

import subprocess
import sys
from pathlib import Path

from common import ROOT


def test_mutated_files_are_read_or_refused_in_a_sentence_and_none_passes_for_what_it_is_not(executed: Path):
    command = [sys.executable, ROOT / "benchmarks/fuzz.py", executed, "690", "7"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert ended.stdout.startswith("690 changed files of 24 kinds") and "; 0 wrong;" in ended.stdout
