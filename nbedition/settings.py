"""How a notebook's parameters are declared: one field each, in one place."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


def parameter(default: Any, meaning: str, unit: str = "-", **limits: Any) -> Any:
    """Declare a parameter: its default, meaning and unit, and pydantic limits such as ``ge``.

    ``dataset="funding"`` marks a parameter that names a table of the user's own, to be read
    as that data set.
    """
    extra = {"unit": unit, "dataset": limits.pop("dataset", None)}
    return Field(default=default, description=meaning, json_schema_extra=extra, **limits)


class Settings(BaseModel):
    """Base of every notebook's parameters: unknown names are refused, values are checked and fixed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    lang: Literal["en", "zh"] = parameter("en", "language of figures and results: en (English) or zh (Chinese)")
    pictures: bool = parameter(True, "whether figures are drawn; if not, they leave the digest of their data alone")
