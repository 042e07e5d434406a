"""Parameters of notebook 04."""

from typing import Literal

from nbedition.settings import Settings as Base
from nbedition.settings import parameter

Use = Literal[
    "guarantee", "risk", "discount", "sme", "household_credit", "insurance", "farm", "nonfarm", "sharing", "social"
]


class Settings(Base):
    """Parameters of notebook 04."""

    aid_share: float = parameter(
        0.001, "share of the donors' local general-budget revenue that is set aside as aid", "share", ge=0, le=0.05
    )
    option: Use = parameter("guarantee", "which use of aid is looked at closely")
    leverage: float = parameter(5.0, "loans guaranteed per yuan of fund capital", "yuan per yuan", ge=0, le=50)
    default_rate: float = parameter(
        0.05, "guaranteed loans that fail, central value; the range moves in proportion", "share a year", ge=0, le=0.4
    )
    additionality: float = parameter(
        0.4, "guaranteed loans not made otherwise, central value; the range moves in proportion", "share", ge=0, le=1
    )
    fund_share: float = parameter(0.25, "part of the aid that an option moves out of grants", "share", gt=0, le=1)
    draws: int = parameter(2000, "Monte Carlo draws", "draws", ge=200, le=1_000_000)
    seed: int = parameter(0, "seed of the draws", "-", ge=0, le=2**31)
    first_year: int = parameter(2011, "first year of the model", "year", ge=2008, le=2030)
    years: int = parameter(10, "number of years", "years", ge=2, le=30)

    def values(self) -> dict[str, float]:
        """Return what is set of the model's own parameters, as central values."""
        names = ("aid_share", "leverage", "default_rate", "additionality", "fund_share")
        return {name: getattr(self, name) for name in names}
