"""What is chosen: parameters of notebook 04, how much aid there is, what it is used for, the study's mixture."""

from collections.abc import Iterable
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from crossfoot.errors import RequestError
from crossfoot.text import did_you_mean, in_short
from ewppr_lib.reform.assumptions import (
    AidSeries,
    Assumption,
    Preset,
    assigned,
    assumptions,
    centred,
    said,
    with_values,
)
from ewppr_lib.reform.criteria import criteria_from
from nbedition.settings import Settings as Base
from nbedition.settings import parameter

Use = Literal[
    "guarantee", "risk", "discount", "sme", "household_credit", "insurance", "farm", "nonfarm", "sharing", "social"
]
INSTRUMENTS = {
    "guarantee": "guarantee fund",
    "risk": "risk fund",
    "discount": "interest-discount fund",
    "sme": "SME development fund",
    "household_credit": "community development fund",
    "insurance": "farm insurance fund",
    "farm": "subsidy for farm investment",
    "nonfarm": "subsidy for other investment",
    "sharing": "subsidy for farm investment in which farmers hold shares",
    "social": "social help",
}


class Settings(Base):
    """Parameters of notebook 04."""

    aid_share: float = parameter(
        0.001, "share of the donors' local general-budget revenue that is set aside as aid", "share", ge=0, le=0.05
    )
    preset: Preset = parameter("edition", "ranges of this edition, terms observed in China, or equal additionality")
    aid_series: AidSeries = parameter("printed", "government aid as printed, or as the sum of its three levels")
    option: Use = parameter("guarantee", "which use of aid is looked at closely")
    against: Use | Literal["baseline"] = parameter("discount", "which use it is compared with; baseline: granting")
    criteria: str = parameter("", "what uses are judged by, by commas; empty: one a flow, see docs/reform-model.md")
    terms: str = parameter("", "other parameters of data/assumptions.yml, NAME=VALUE or NAME=LOW:HIGH, by blanks")
    leverage: float = parameter(
        0.0, "loans guaranteed per yuan of fund capital, held; 0: as the preset has it", "yuan per yuan", ge=0, le=50
    )
    default_rate: float = parameter(
        0.0,
        "guaranteed loans that fail, central value, the range moves in proportion; 0: as the preset has it",
        "share a year",
        ge=0,
        le=0.4,
    )
    additionality: float = parameter(
        0.0,
        "guaranteed loans not made otherwise, central value, the range moves in proportion; 0: as the preset has it",
        "share",
        ge=0,
        le=1,
    )
    fund_share: float = parameter(0.25, "part of the aid that an option moves out of grants", "share", gt=0, le=1)
    draws: int = parameter(2000, "Monte Carlo draws", "draws", ge=200, le=1_000_000)
    seed: int = parameter(0, "seed of the draws", "-", ge=0, le=2**31)
    first_year: int = parameter(2011, "first year of the model", "year", ge=2008, le=2030)
    years: int = parameter(10, "number of years", "years", ge=2, le=30)

    @model_validator(mode="after")
    def _understood(self) -> "Settings":
        try:
            criteria_from(self.criteria)
            self.known()
        except RequestError as error:
            raise ValueError(str(error).rstrip(".")) from None
        if self.option == self.against:
            raise ValueError(f"'{self.option}' cannot be compared with itself")
        return self

    def known(self, preset: Preset | None = None, aid_series: AidSeries | None = None) -> dict[str, Assumption]:
        """Return the model's parameters as set, under this preset and series or another."""
        names = ("leverage", "default_rate", "additionality")
        values = {name: getattr(self, name) for name in names if getattr(self, name)}
        values |= {"aid_share": self.aid_share, "fund_share": self.fund_share}
        ranges = centred(assumptions(preset or self.preset, aid_series or self.aid_series), values)
        return with_values(ranges, assigned(self.terms.split(), "terms"))


class Package(BaseModel):
    """How much aid there is and what it is used for; what the shares leave is granted as before."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    name: str = Field(pattern=r"^[a-z][a-z0-9_-]*$")
    aid: Literal["advocated", "fixed_share"] = "advocated"
    shares: dict[str, float | None] = Field(default_factory=dict)  # None: the parameter fund_share
    cadre_rule: bool = False
    set: dict[str, Any] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _possible(self) -> "Package":
        for name, share in self.shares.items():
            if name not in INSTRUMENTS:
                hint = did_you_mean(name, INSTRUMENTS, f"there are {', '.join(INSTRUMENTS)}")
                raise ValueError(f"there is no use of aid '{name}'; {hint}")
            if share is not None and not 0 <= share <= 1:
                raise ValueError(f"the share of '{name}' is {share:g}; 0 to 1 is expected")
        total = sum(share for share in self.shares.values() if share is not None)
        if total > 1 + 1e-12:
            raise ValueError(f"the shares sum to {total:g}, above one")
        return self


_SINGLE = [Package(name=name, shares={name: None}) for name in INSTRUMENTS]
_STUDY = Package(
    name="study_package",
    aid="fixed_share",
    shares={"guarantee": 0.15, "risk": 0.1, "discount": 0.15, "sme": 0.1, "household_credit": 0.1, "social": 0.05},
    cadre_rule=True,
)
_ALL = [
    Package(name="baseline"),
    Package(name="fixed_share", aid="fixed_share"),
    *_SINGLE,
    Package(name="cadre_rule", cadre_rule=True),
    _STUDY,
]
OPTIONS = {package.name: package for package in _ALL}
USES = tuple(INSTRUMENTS)  # the options that use the same money differently, and so can be ranked


def options(names: Iterable[str]) -> list[Package]:
    """Return the options with these names; all of them for none.

    Raises RequestError if there is no such option.

    Examples
    --------
    >>> [package.name for package in options(["guarantee"])]
    ['guarantee']
    """
    chosen = list(dict.fromkeys(names))
    for name in chosen:
        if name not in OPTIONS:
            raise RequestError(f"there is no option '{name}'; {did_you_mean(name, OPTIONS)}")
    return [OPTIONS[name] for name in chosen or OPTIONS]


def package_from(content: Any, where: str) -> Package:
    """Return a package from the content of a YAML file.

    `content`: fields ``name``, ``aid``, ``shares``, ``cadre_rule``, ``set``; see docs/reform-model.md; `where`: what
    the error calls the file. Raises RequestError if a field is not known or not possible, or the name is that of an
    option.
    """
    if not isinstance(content, dict) or not all(isinstance(name, str) for name in content):
        raise RequestError(f"{where}: fields name, aid, shares, cadre_rule, set are expected, got {in_short(content)}.")
    try:
        package = Package(**content)
    except (ValidationError, TypeError) as error:
        raise RequestError(f"{where}: {said(error)}.") from None
    if package.name in OPTIONS:
        raise RequestError(f"{where}: '{package.name}' is an option of the model; give the package another name.")
    if missing := [name for name, share in package.shares.items() if share is None]:
        raise RequestError(f"{where}: the share of '{missing[0]}' is missing; a number from 0 to 1 is expected.")
    return package
