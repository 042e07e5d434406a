"""The pair ledger and the outside series below it: what was held against what it should add up to, effort by hand."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from common import ROOT, Answer

from crossfoot.errors import DataError, RequestError
from ewppr_lib.study import pairs
from nbedition import data

FINANCE, PEOPLE, PRODUCT = (data.load(name) for name in ("provincial_finance", "provincial_people", "provincial_grp"))
FUNDING, HISTORY, DEFLATORS = (data.load(name) for name in ("funding", "partnership_history", "deflators"))
HELD, LEVEL = pairs.budgets(FINANCE, PRODUCT, PEOPLE), pairs.price_level(DEFLATORS)
LEDGER = pairs.with_effort(data.load("pairs"), HELD, LEVEL)
NO_SUM = {("revenue", 2002): 0.9455, ("revenue", 2005): -1.434, ("expenditure", 2000): 0.8453}  # provinces over row, %


# --- the outside series -------------------------------------------------------------------------


@pytest.mark.parametrize("item", ["expenditure", "revenue"])
def test_the_provinces_add_up_to_the_bureau_s_own_row_but_in_the_years_that_are_named(item: str):
    wide = FINANCE[FINANCE["item"] == item].pivot(index="year", columns="province", values="value")
    parts, whole = wide.drop(columns="all local").sum(axis=1), wide["all local"].dropna()
    assert wide.drop(columns="all local").shape[1] == 31
    for year in whole.index:
        if (item, year) == ("revenue", 2004):
            assert parts[year] - whole[year] == pytest.approx(-200, abs=0.01)  # 100 million yuan: a slip of a digit
        else:
            assert (parts[year] / whole[year] - 1) * 100 == pytest.approx(NO_SUM.get((item, year), 0), abs=0.01), year


def test_revenue_of_2007_in_both_data_sets_is_the_same():
    other = data.load("fiscal_revenue")["revenue"]
    mine = HELD.xs(2007, level="year")["revenue"]
    assert (mine.reindex(other.index) - other).abs().max() < 6  # million yuan: the one is rounded to ten


def test_expenditure_of_2003_to_2006_in_both_data_sets_is_the_same():
    other = data.load("fiscal_expenditure").set_index(["province", "year"])["expenditure"] * 100
    assert (HELD["expenditure"].reindex(other.index) / other - 1).abs().max() < 0.001


def test_releases_of_a_price_index_agree_where_they_overlap():
    for (index, year), rows in DEFLATORS.groupby(["index", "year"]):
        assert rows["value"].max() - rows["value"].min() < 0.45, (index, year)
        assert rows["preferred"].sum() == 1


def test_product_per_head_and_population_give_the_product():
    per_head = PEOPLE[(PEOPLE["item"] == "per_head") & (PEOPLE["vintage"] == "after the 2020 census")]
    per_head = per_head.set_index(["province", "year"])["value"].xs(2012, level="year")
    at = HELD.xs(2012, level="year")
    assert (at["product"] * 1e6 / at["heads"] / per_head - 1).abs().max() < 0.04  # year-end heads, not the mean


def test_real_growth_compounds_to_less_than_nominal_growth():
    growth = PEOPLE[PEOPLE["item"] == "growth"].pivot(index="year", columns="province", values="value") / 100
    real = growth.loc[2001:].prod()
    nominal = HELD["product"].xs(2019, level="year") / HELD["product"].xs(2000, level="year")
    assert (real < nominal[real.index]).all()


# --- the ledger ---------------------------------------------------------------------------------


def test_effort_and_real_aid_of_a_row_worked_by_hand():
    row = LEDGER[(LEDGER["donor"] == "Jiangsu") & (LEDGER["year_from"] == 2011)].iloc[0]
    assert row["per_expenditure"] == pytest.approx(24.53 / 622172 * 10_000, rel=1e-4)
    assert row["per_head"] == pytest.approx(24.53e6 / 37.65e6, rel=1e-2)  # Shaanxi has 37.65 million residents
    assert row["real_a_year"] == pytest.approx(24.53 / 1.0539, rel=1e-4)  # prices rose by 5.39 % in 2011


def test_a_window_divides_by_all_its_years_and_by_the_mean_price_level():
    row = LEDGER[(LEDGER["donor"] == "Zhejiang") & (LEDGER["year_from"] == 2018) & (LEDGER["year_to"] == 2020)].iloc[0]
    spent = sum(HELD.loc[("Zhejiang", year), "expenditure"] for year in (2018, 2019, 2020))
    assert row["per_expenditure"] == pytest.approx(4860 / spent * 10_000)
    assert row["a_year"] == 1620
    assert row["real_a_year"] == pytest.approx(1620 / LEVEL.loc[2018:2020].mean())


def test_what_is_not_held_is_missing_and_never_nothing():
    cities = LEDGER[LEDGER["donor"].isin(["Shenzhen", "Qingdao", "Dalian"])]
    assert cities["per_expenditure"].isna().all()
    early = LEDGER[(LEDGER["year_from"] < 2000) & LEDGER["aid"].notna()]
    assert early["per_expenditure"].isna().all()  # budgets are held from 2000 on
    assert LEDGER.loc[LEDGER["counts"] == "none", "aid"].isna().all()


def test_a_row_of_joint_donors_stands_with_each_pair_but_is_nobody_s_own():
    rows = pairs.of_pair(LEDGER, "Tianjin", "Gansu")
    assert len(rows) == 4
    attested = pd.DataFrame({"start": [2015], "end": [2024]})
    assert pairs.missing_years(rows, attested) == list(range(2015, 2024))


def test_the_nine_donors_effort_halved_and_then_rose_thirteenfold():
    found = pairs.effort_over_time(FUNDING, HISTORY, HELD)
    assert found["value"].round(1).loc[[2003, 2012, 2019]].tolist() == [4.3, 2.1, 28.4]
    spent = sum(HELD.loc[(donor, 2006), "expenditure"] for donor in pairs.NINE)
    assert found.loc[2006, "low"] == pytest.approx(303.453 / spent * 10_000)
    assert found.loc[2006, "high"] == pytest.approx(534.553 / spent * 10_000)
    turns = pairs.rise_and_fall(found)
    assert turns.loc["lowest", "times"] == pytest.approx(0.4886, abs=1e-4)
    assert turns.loc["latest", "times"] == pytest.approx(13.57, abs=0.01)
    assert (turns["times_low"].dropna() <= turns["times"].dropna()).all()


def test_aid_does_not_rise_every_year_in_either_series_at_constant_prices():
    change = pairs.last_change(FUNDING, LEVEL)
    assert change.loc["printed", "current"] == pytest.approx(547.239 / 534.553 * 100 - 100)
    assert change.loc["printed", "constant"] == pytest.approx(100 * (547.239 / 534.553 / 1.0477 - 1), abs=0.01)
    assert change.loc["printed", "constant"] < 0 < change.loc["printed", "current"]
    assert change.attrs["levels_fall"] == "2006"


def test_amounts_at_constant_prices_and_per_head():
    heads = pairs.recipient_heads(HELD, data.load("pairings"))
    aid = FUNDING[["government_aid"]]
    real = pairs.at_basis(aid, "constant", "total", LEVEL, heads)
    assert real.loc[2007, "government_aid"] == pytest.approx(547.239 / LEVEL[2007])
    each = pairs.at_basis(aid, "current", "per_head", LEVEL, heads)
    assert each.loc[2007, "government_aid"] == pytest.approx(547.239e6 / heads[2007])
    with pytest.raises(RequestError, match="per head: nothing is held for 1990"):
        pairs.at_basis(aid.rename(index={2003: 1990}), "current", "per_head", LEVEL, heads)


# --- the command, and a ledger of one's own -----------------------------------------------------


def test_the_command_shows_a_pair_with_a_picture_and_what_is_missing(
    ewppr: Callable[..., Answer], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    answer = ewppr("pair", "Jiangsu", "Shaanxi")
    assert answer.code == 0
    assert "IPRCC_YB2012_JS" in answer.out
    assert "without an amount of their own: 1996-2010, 2012-2018" in answer.out
    assert (tmp_path / "Jiangsu-Shaanxi.png").read_bytes().startswith(b"\x89PNG")


def test_a_pair_that_is_not_held_and_a_bad_place_get_one_sentence(ewppr: Callable[..., Answer], tmp_path: Path):
    for arguments, said in (
        (["Jiangsu", "Shanxi"], "did you mean 'Jiangsu Shaanxi'?"),
        (["Jiangsu", "Shaanxi", "--out", tmp_path / "x.gif"], "--out is a .png, .svg or .pdf"),
    ):
        answer = ewppr("pair", *arguments)
        assert (answer.code, len(answer.err.strip().splitlines())) == (2, 1)
        assert said in answer.err


OWN = "donor,recipient,year_from,year_to,aid,counts,basis,source\nBeijing,Hebei,2018,2018,{aid},{counts},reported,own\n"


def test_a_ledger_of_ones_own_goes_through_the_same_schema(ewppr: Callable[..., Answer], tmp_path: Path):
    own = tmp_path / "own.csv"
    own.write_text(OWN.format(aid=100, counts="government"), encoding="utf-8")
    answer = ewppr("pair", "Beijing", "Hebei", "--table", own, "--out", tmp_path / "p.svg")
    assert answer.code == 0
    assert "government" in answer.out
    for aid, counts, said in (("many", "government", "aid"), ("1", "gifts", "counts"), ("-1", "government", "aid")):
        own.write_text(OWN.format(aid=aid, counts=counts), encoding="utf-8")
        with pytest.raises(DataError) as error:
            data.load("pairs", own)
        assert "line 2" in str(error.value)
        assert f"'{said}'" in str(error.value)


def test_the_ledger_is_as_large_as_the_page_of_the_data_says():
    text = (ROOT / "data/README.md").read_text(encoding="utf-8")
    assert "### `pairs`" in text
    assert len(LEDGER) == 67
