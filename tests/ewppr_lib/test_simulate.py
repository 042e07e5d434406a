"""`ewppr simulate`: options, packages of one's own, bad requests, and what the guide says."""

import errno
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from common import ROOT, Answer, blocks, commands, require_that_it_runs

from ewppr_lib.reform import OPTIONS, USES, Span, ranking, simulate
from ewppr_lib.reform.assumptions import assumptions, with_values

MIX = """name: my-mix
aid: fixed_share
shares: {guarantee: 0.3, household_credit: 0.2}
cadre_rule: true
set:
  leverage: 6
  default_rate: [0.03, 0.09]
  premium: {central: 150, low: 100, high: 200, distribution: triangular}
"""


@pytest.fixture
def mix(tmp_path: Path) -> Callable[[str], Path]:
    def write(text: str) -> Path:
        path = tmp_path / "mix.yml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_all_options_are_run_by_default(ewppr: Callable[..., Answer]):
    answer = ewppr("simulate", "--draws", "200")
    assert answer.code == 0, answer.err
    first_words = {line.split()[0] for line in answer.out.splitlines() if line.strip()}
    assert set(OPTIONS) <= first_words
    assert "Monte Carlo error (three standard errors)" in answer.out


def test_chosen_options_packages_values_and_years_are_written_by_year(
    ewppr: Callable[..., Answer], mix: Callable[[str], Path], tmp_path: Path
):
    out = tmp_path / "found.csv"
    answer = ewppr(
        "simulate", "--option", "baseline", "--package", mix(MIX), "--set", "aid_share=0.002", "--set",
        "additionality=0.2:0.4", "--draws", "300", "--seed", "5", "--years", "2012:2015", "--out", out,
    )  # fmt: skip
    assert answer.code == 0, answer.err
    found = pd.read_csv(out)
    assert set(found["option"]) == {"baseline", "my-mix"}
    assert set(found["year"]) == {"all", "2012", "2013", "2014", "2015"}
    again = tmp_path / "again.csv"
    ewppr(
        "simulate", "--option", "baseline", "--package", mix(MIX), "--set", "aid_share=0.002", "--set",
        "additionality=0.2:0.4", "--draws", "300", "--seed", "5", "--years", "2012:2015", "--jobs", "3", "--out", again,
    )  # fmt: skip
    assert again.read_bytes() == out.read_bytes()


def test_a_package_alone_is_run_alone(ewppr: Callable[..., Answer], mix: Callable[[str], Path]):
    answer = ewppr("simulate", "--package", mix("name: mine\nshares: {sme: 0.5}\n"), "--draws", "50")
    assert answer.code == 0, answer.err
    assert "mine" in answer.out and "baseline" not in answer.out


def test_every_assumption_is_listed_with_its_ground(ewppr: Callable[..., Answer]):
    answer = ewppr("simulate", "--assumptions")
    for record in assumptions().values():
        assert record.name in answer.out and record.ground.why in answer.out


def test_what_a_total_depends_on_is_printed_and_written_whole(ewppr: Callable[..., Answer], tmp_path: Path):
    out = tmp_path / "depends.csv"
    answer = ewppr(
        "simulate",
        "--option",
        "guarantee",
        "--option",
        "baseline",
        "--depends",
        "tax",
        "--out",
        out,
        "--set",
        "grant_industry=0",
    )
    assert answer.code == 0, answer.err
    assert "additionality" in answer.out and "nothing that is drawn" in answer.out
    found = pd.read_csv(out).set_index(["option", "parameter"])
    assert found.loc[("guarantee", "tax_rate"), "total"] > 0.1
    assert (found["total"] + found["total_error"] >= found["first"] - found["first_error"]).all()
    assert found.loc[("guarantee", "tax_rate"), "at_high"] > found.loc[("guarantee", "tax_rate"), "at_low"] > 0
    assert (found.loc["baseline", "total"] == 0).all()


BAD_REQUESTS = {
    "unknown option": (["--option", "guarante"], "there is no option 'guarante'; did you mean 'guarantee'?"),
    "unknown parameter": (["--set", "leverge=2"], "no parameter 'leverge'; did you mean 'leverage'?"),
    "range upside down": (["--set", "default_rate=0.2:0.1"], "its range is upside down"),
    "out of range": (["--set", "additionality=1.5"], "leaves 0 to 1"),
    "not a number": (["--set", "leverage=much"], "--set takes numbers, got 'leverage=much'"),
    "nan": (["--set", "leverage=nan"], "finite"),
    "no equals sign": (["--set", "leverage"], "--set takes NAME=VALUE or NAME=LOW:HIGH"),
    "three ends": (["--set", "leverage=1:2:3"], "--set takes NAME=VALUE or NAME=LOW:HIGH"),
    "set twice": (["--set", "leverage=1", "--set", "leverage=2"], "'leverage' is set twice"),
    "no draws": (["--draws", "0"], "0 draws are not possible"),
    "far too many draws": (["--draws", "1000000000000"], "1,000,000,000,000 draws are not possible"),
    "totals that no memory holds": (["--draws", "10000000"], "would keep 9 GiB of totals; 4 are possible"),
    "parts above one": (
        ["--set", "provincial_part=0.9", "--set", "prefectural_part=0.2"],
        "provincial_part and prefectural_part may sum to 1.1, above one",
    ),
    "draws in words": (["--draws", "many"], "'many' is not a valid integer"),
    "years backwards": (["--years", "2020:2011"], "years 2020:2011 are not possible"),
    "years as a list": (["--years", "2011-2020"], "--years takes FIRST:LAST"),
    "no such file": (["--package", "none.yml"], "none.yml does not exist"),
    "not a table": (["--out", "found.xlsx"], "a name that ends in .csv is expected"),
    "no such total": (["--depends", "job"], "the reform model has no total 'job'; did you mean 'jobs'?"),
    "a total of shocks": (["--depends", "unsteadiness"], "unsteadiness comes of yearly shocks"),
    "no such folder": (["--out", "none/found.csv"], "the folder of 'none/found.csv' does not exist"),
}


def test_ranks_are_those_of_the_model(ewppr: Callable[..., Answer], tmp_path: Path):
    answer = ewppr("simulate", "--rank", "--draws", "400", "--set", "leverage=2", "--out", tmp_path / "r.csv")
    assert answer.code == 0, answer.err
    known = with_values(assumptions(), {"leverage": 2.0})
    done = simulate([OPTIONS[name] for name in ("baseline", *USES)], known, Span(400), ranking.KEPT)
    first = ranking.rank(done, USES).first
    told = pd.read_csv(tmp_path / "r.csv", index_col="option")["first"]
    assert told.tolist() == pytest.approx(first["first"].tolist())
    line = next(line for line in answer.out.splitlines() if line.startswith(first.index[0]))
    assert line.split()[1] == f"{first['first'].iloc[0] * 100:.1f}"
    assert "do not go with it" in ewppr("simulate", "--rank", "--option", "sme").err


@pytest.mark.parametrize("fault", BAD_REQUESTS)
def test_a_bad_request_gets_one_clear_sentence(
    fault: str, ewppr: Callable[..., Answer], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    arguments, said = BAD_REQUESTS[fault]
    answer = ewppr("simulate", *arguments)
    assert answer.code == 2
    assert said in answer.err
    assert len(answer.err.strip().splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


BAD_PACKAGES = {
    "code tags": ("name: !!python/object/apply:os.system ['true']\n", "is not plain YAML"),
    "no name": ("shares: {sme: 0.1}\n", "field 'name'"),
    "unknown field": ("name: mine\nshare: {sme: 0.1}\n", "field 'share'"),
    "unknown use": ("name: mine\nshares: {smee: 0.1}\n", "there is no use of aid 'smee'; did you mean 'sme'?"),
    "above one in sum": ("name: mine\nshares: {sme: 0.7, farm: 0.7}\n", "the shares sum to 1.4, above one"),
    "negative share": ("name: mine\nshares: {sme: -0.1}\n", "the share of 'sme' is -0.1"),
    "share in words": ("name: mine\nshares: {sme: half}\n", "field 'shares.sme"),
    "share missing": ("name: mine\nshares: {sme: }\n", "the share of 'sme' is missing"),
    "share not a number": ("name: mine\nshares: {sme: .nan}\n", "the share of 'sme' is nan"),
    "unknown rule": ("name: mine\naid: generous\n", "field 'aid'"),
    "a list": ("- name: mine\n", "fields name, aid, shares, cadre_rule, set are expected"),
    "taken name": ("name: baseline\n", "'baseline' is an option of the model"),
    "unknown parameter": ("name: mine\nset: {leverge: 2}\n", "no parameter 'leverge'"),
    "no such distribution": (
        "name: mine\nset: {default_rate: {distribution: cauchy}}\n",
        "there is no such distribution; fixed, uniform, loguniform, triangular are known",
    ),
    "keys that are numbers": ("1: 2\n", "fields name, aid, shares, cadre_rule, set are expected"),
    "empty": ("", "is empty"),
    "no such day": ("name: 2011-13-45\n", "is not plain YAML: month must be in 1..12"),
    "nested without end": (f"name: {'[' * 5000}\n", "is not plain YAML"),
    "aliases that multiply": (
        "- &a0 [x, x]\n" + "".join(f"- &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12)),
        "fields name, aid, shares, cadre_rule, set are expected",
    ),
}


@pytest.mark.parametrize("fault", BAD_PACKAGES)
def test_a_bad_package_gets_one_clear_sentence(fault: str, ewppr: Callable[..., Answer], mix: Callable[[str], Path]):
    text, said = BAD_PACKAGES[fault]
    answer = ewppr("simulate", "--package", mix(text), "--draws", "10")
    assert answer.code == 2, answer.out
    assert said in answer.err
    assert len(answer.err.strip().splitlines()) == 1


@pytest.mark.slow
def test_every_command_of_the_guide_runs(tmp_path: Path, ewppr: Callable[..., Answer]):
    guide = ROOT / "docs/reform-model.md"
    (example,) = blocks(guide.read_text(encoding="utf-8"), "yaml")
    (tmp_path / "my-mix.yml").write_text(example, encoding="utf-8")
    assert len(commands(guide)) >= 4
    for command in commands(guide):
        smaller = " 1000" if command == "python benchmarks/simulate.py" else ""  # draws: enough to see that it runs
        require_that_it_runs(command + smaller, tmp_path, ewppr)


def test_the_guide_names_every_option_and_use():
    guide = (ROOT / "docs/reform-model.md").read_text(encoding="utf-8")
    for name in OPTIONS:
        assert f"`{name}`" in guide, name


def test_the_python_of_the_guide_runs():
    guide = (ROOT / "docs/reform-model.md").read_text(encoding="utf-8")
    code = blocks(guide, "python")[0]
    names: dict[str, object] = {}
    exec(compile(code, "guide", "exec"), names)
    assert len(names["frame"]) and len(names["indices"]) and 0 < names["values"].loc["leverage", "crosses"] <= 1


def test_an_older_table_stays_when_the_new_one_cannot_be_written(
    ewppr: Callable[..., Answer], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (older := tmp_path / "t.csv").write_text("older")

    def full(path: Path, _content: bytes) -> None:
        path.touch()
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    answer = ewppr("simulate", "--draws", "100", "--out", str(older))
    assert (answer.code, answer.err) == (2, "ewppr: what is read or written: No space left on device.\n")
    assert [path.read_text() for path in tmp_path.iterdir()] == ["older"]
