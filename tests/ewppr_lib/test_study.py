"""The study floor against arithmetic written out by hand."""

import pandas as pd
import pytest
from pydantic import ValidationError

from ewppr_lib import reform
from ewppr_lib.study import history
from nbedition import data

PAIRINGS = data.load("pairings")


def test_a_full_list_ends_what_it_does_not_repeat():
    spells = history.spells(PAIRINGS, last_year=2012).set_index(["donor", "recipient"])
    assert tuple(spells.loc[("Shandong", "Xinjiang"), ["start", "end", "open"]]) == (1996, 2010, False)
    assert tuple(spells.loc[("Zhuhai", "Chongqing"), ["start", "end", "change"]]) == (2002, 2010, "added")
    assert tuple(spells.loc[("Xiamen", "Gansu"), ["start", "end", "change"]]) == (2010, 2012, "redirected")
    assert tuple(spells.loc[("Beijing", "Inner Mongolia"), ["start", "end", "open"]]) == (1996, 2012, True)


def test_three_of_the_pairs_of_2010_are_new():
    changed = history.changes(PAIRINGS, before=2002, after=2010)
    assert changed["change"].value_counts().to_dict() == {"kept": 12, "new": 3, "ended": 3}


def test_the_third_period_starts_in_different_years():
    bounds = history.boundary_years(data.load("periods"))
    assert tuple(bounds.loc[3, ["start_low", "start_high"]]) == (2008, 2011)


def test_the_ages_of_the_partnership_point_to_different_years():
    assert history.implied_writing_years(data.load("stated"))["year"].tolist() == [2006, 2007, 2011, 2012]


def donors() -> pd.DataFrame:
    return reform.donor_revenue(data.load("fiscal_revenue"), PAIRINGS, 2007)


def test_donor_revenue_of_2007_counts_nine_provinces_once():
    found = donors()
    assert len(found) == 9
    assert found["revenue"].sum() == 149264 + 54044 + 207448 + 278580 + 223773 + 164950 + 167540 + 108269 + 69946
    assert found.loc["Shandong", "recipient"] == "Xinjiang"


def test_every_city_donor_lies_in_a_province_that_is_a_donor():
    province = {
        "Dalian": "Liaoning",
        "Qingdao": "Shandong",
        "Shenzhen": "Guangdong",
        "Ningbo": "Zhejiang",
        "Zhuhai": "Guangdong",
        "Xiamen": "Fujian",
    }
    cities = set(PAIRINGS.loc[PAIRINGS["donor_level"] == "city", "donor"])
    assert cities == set(province)
    assert set(province.values()) <= set(donors().index)


def test_the_implied_share_reproduces_the_actual_aid():
    share = reform.implied_share(547.239, donors())
    assert share == pytest.approx(547.239 / 1423814)
    assert reform.fixed_share_aid(donors(), share)["aid"].sum() == pytest.approx(547.239)
    assert reform.against_actual(donors(), 547.239, [2 * share])["times_actual"].iloc[0] == pytest.approx(2)


def test_a_share_of_zero_gives_no_aid():
    assert reform.fixed_share_aid(donors(), 0)["aid"].sum() == 0


def test_settings_cannot_be_changed_after_they_were_checked():
    with pytest.raises(ValidationError):
        reform.Settings().aid_share = 0.5
