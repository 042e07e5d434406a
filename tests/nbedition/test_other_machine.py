"""A figure that another matplotlib drew is never called altered: what differs is the machine, not the file."""

import os
import site
import subprocess
import sys
import venv
from pathlib import Path

import pytest

OTHER = "matplotlib==3.10.8"
FILES = [f"{name}.{form}" for name in ("enterprise_share", "aid_and_levels") for form in ("png", "svg", "pdf")]


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python whose matplotlib is another, with all else as it is here."""
    place = tmp_path_factory.mktemp("elsewhere")
    venv.create(place, with_pip=True)
    python = place / "bin/python"
    install = [str(python), "-m", "pip", "install", "--quiet", "--no-deps", OTHER]
    if subprocess.run(install, capture_output=True, check=False).returncode:
        pytest.skip(f"{OTHER} cannot be had here: no package index answers")
    packages = next(place.glob("lib/*/site-packages"))
    (packages / "zz.pth").write_text(f"import site; site.addsitedir({site.getsitepackages()[0]!r})\n")
    return python


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="a virtual environment has other folders there")
def test_an_untouched_figure_of_another_matplotlib_is_not_called_altered(drawn: Path, elsewhere: Path):
    command = [str(elsewhere), "-m", "ewppr_lib.cli", "verify", *(str(drawn / name) for name in FILES)]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    ended = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    lines = [line for line in (ended.stdout + ended.stderr).splitlines() if line.startswith(str(drawn))]
    assert ended.returncode == 2 and len(lines) == len(FILES), ended.stderr
    for line in lines:
        assert "cannot be judged here" in line and "drawn with matplotlib 3.1" in line and "this is 3.10.8" in line
        assert "its record is whole, its picture and data match it; to judge it: pip install matplotlib==" in line
        assert "altered" not in line
