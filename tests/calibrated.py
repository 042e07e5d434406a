"""What the tables say about the reform model's parameters: each computed ground of the register, computed."""

import numpy as np
import pandas as pd

from ewppr_lib.reform.calibration import trend

YEARS_OF_TABLE_2 = 8  # 2003-2010


def from_study(
    funding: pd.DataFrame, exchanges: pd.DataFrame, stated: pd.DataFrame, cases: pd.DataFrame
) -> dict[str, float]:
    """Return the central values that the study's own figures give, from the data sets of these names."""
    aid_level, aid_growth, aid_volatility = trend(funding["government_aid"])
    in_place = funding["enterprise_realised"].cumsum()
    case = {(row["case"], row["item"]): str(row["printed"]).replace(",", "") for row in cases.to_dict("records")}
    number = {key: float(text) for key, text in case.items() if text.replace(".", "").isdigit()}
    whole = stated[(stated["year_from"] == 1996) & (stated["year_to"] == 2010)].set_index("item")["printed"]
    water, aid = float(str(whole["people_given_drinking_water"])), float(str(whole["government_aid"]))
    few, many = (float(end) for end in case["GAT", "labour_per_mu"].split("-"))
    coal = number["XMC", "workers_of_second_mine"] / number["XMC", "investment"]
    soap = number["Nice", "employees"] / number["Nice", "phase2_investment"]
    return {
        "aid_level": aid_level,
        "aid_growth": aid_growth,
        "aid_volatility": aid_volatility,
        "water_persons": water * 1e6 / (aid * 1e3),
        "labour_per_mu": (few + many) / 2,
        "nonfarm_jobs": float(np.sqrt(coal * soap)),
        "households_per_farm_job": number["GAT", "households_lifted"] / number["GAT", "jobs"],
        "farm_wage_gain": number["GAT", "farmer_income_employed"] - number["GAT", "farmer_income_before"],
        "tax_rate": float(funding["taxes_paid"].sum() / in_place.sum()),
        "cadre_level": float(str(exchanges["total"]["cadres_east_west"])) / YEARS_OF_TABLE_2,
        "volunteer_level": float(str(exchanges["total"]["professionals_east_west"])) / YEARS_OF_TABLE_2,
        "donation_level": trend(funding["social_donations"])[0],
        "service_years": 2.0,
    }


def from_outside(
    donors: pd.DataFrame, revenue_growth: pd.DataFrame, aid_by_use: pd.DataFrame, rural_poverty: pd.DataFrame
) -> dict[str, float]:
    """Return the central values that outside figures give: result of `donor_revenue`, and data sets of these names."""
    of_donors = revenue_growth[revenue_growth["province"].isin(donors.index)]
    growth = np.log(of_donors.groupby("year")["revenue"].sum()).diff().loc[2008:2019]
    by_use = aid_by_use.set_index("use")["value"]
    known = by_use.sum() - by_use["not broken down"]
    return {
        "revenue_level": float(donors["revenue"].sum()),
        "revenue_growth": float(np.expm1(growth.mean())),
        "revenue_volatility": float(growth.std()),
        "grant_industry": float(by_use["industry"] / by_use.sum() + by_use["industry"] / known) / 2,
        "poor_persons": poor(rural_poverty, 2012, "west") / 100,
    }


def poor(rural_poverty: pd.DataFrame, year: int, region: str) -> float:
    """Return the rural poor under the line of 2010, 10,000 persons."""
    rows = rural_poverty.reset_index()
    asked = (rows["year"] == year) & (rows["region"] == region) & (rows["line"] == "line of 2010")
    (found,) = rows.loc[asked, "poor"]
    return float(found)
