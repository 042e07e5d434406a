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


def from_outside(donors: pd.DataFrame, provincial_grp: pd.DataFrame) -> dict[str, float]:
    """Return the central values that outside figures give: result of `donor_revenue`, and product in one vintage."""
    of_donors = provincial_grp["province"].isin(donors.index) & (provincial_grp["vintage"] == "NBS-2021")
    product = provincial_grp[of_donors].groupby("year")["grp"].sum()
    growth = np.log(product).diff().loc[2008:2020]
    return {
        "revenue_level": float(donors["revenue"].sum()),
        "revenue_growth": float(np.expm1(growth.mean())),
        "revenue_volatility": float(growth.std()),
    }
