"""The edition's data sets: name, file, schema and sources of each."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from difflib import get_close_matches

import pandas as pd
from pandera.pandas import DataFrameSchema

from ewppr_lib.data import printed, regional, schemas
from ewppr_lib.data.edition import data_file
from ewppr_lib.data.own import own_datasets
from ewppr_lib.data.records import corrected
from ewppr_lib.data.text import read_grid
from ewppr_lib.errors import RequestError
from ewppr_lib.home import own_study


@dataclass(frozen=True)
class Dataset:
    """One data set: where its text is, what it must look like and whose figures it holds."""

    name: str
    title: str
    file: str
    schema: DataFrameSchema
    sources: tuple[str, ...]
    index: str | None = None
    text: Callable[[], pd.DataFrame] | None = None
    own_table: bool = False

    def read(self) -> pd.DataFrame:
        """Return the shipped table with corrections applied, every cell as text."""
        if self.text is not None:
            return self.text()
        header, *rows = corrected(self.file, read_grid(data_file(self.file)))
        return pd.DataFrame(rows, columns=header)


_STUDY = ("STUDY",)
_ALL = [
    Dataset(
        "funding",
        "Funding of the partnerships by year and source, 2003-2007 (Table 1)",
        "printed/table1.csv",
        schemas.funding,
        ("STUDY_T1",),
        index="year",
        text=printed.funding_text,
        own_table=True,
    ),
    Dataset(
        "funding_totals",
        "Five-year totals as printed (Table 1, column Total)",
        "printed/table1.csv",
        schemas.funding_totals,
        ("STUDY_T1",),
        index="item",
        text=printed.funding_totals_text,
    ),
    Dataset(
        "exchanges",
        "Exchange and training of people, 2009, 2010 and 2003-2010 (Table 2)",
        "printed/table2.csv",
        schemas.exchanges,
        ("STUDY_T2",),
        index="item",
        text=printed.exchanges_text,
    ),
    Dataset(
        "pairings",
        "Counterpart pairings listed for 1996, 2002 and 2010",
        "study/pairings.csv",
        schemas.pairings,
        _STUDY,
    ),
    Dataset("periods", "Bounds that the study gives to its periods", "study/periods.csv", schemas.periods, _STUDY),
    Dataset("stated", "Totals and ages stated in the running text", "study/stated.csv", schemas.stated, _STUDY),
    Dataset(
        "cases",
        "Figures of the four company cases (Column 1)",
        "study/cases.csv",
        schemas.cases,
        ("STUDY_CASES",),
    ),
    Dataset(
        "fiscal_revenue",
        "Local general-budget revenue of the provincial units, 2007",
        "context/fiscal_revenue.csv",
        schemas.fiscal_revenue,
        ("NBS_YB2008_T7-7",),
        index="province",
    ),
    Dataset(
        "fiscal_expenditure",
        "Local fiscal expenditure of the provincial donors, 2003-2006",
        "context/fiscal_expenditure.csv",
        schemas.fiscal_expenditure,
        ("CHINAORG_2007",),
    ),
    Dataset("claims", "Every claim of the study, and what judges it", "claims.csv", schemas.claims, _STUDY),
    Dataset("lists", "What the study lists by name", "study/lists.csv", schemas.lists, _STUDY),
    Dataset("references", "The study's reference list", "study/references.csv", schemas.references, _STUDY),
    Dataset("citations", "Citations and source notes in the text", "study/citations.csv", schemas.citations, _STUDY),
    Dataset("dated", "Dated events, in the order told", "study/dated.csv", schemas.dated, _STUDY),
    Dataset(
        "case_notes", "What each company case is about", "study/case_notes.csv", schemas.case_notes, ("STUDY_CASES",)
    ),
    Dataset(
        "regional_grp",
        "Gross regional product by region and vintage, 1975-2023",
        "context/regional_grp.csv",
        schemas.regional_grp,
        ("GRP_YB_COMPILED", "GRP_NBS_2024", "GRP_GCAM"),
    ),
    Dataset(
        "regional_series",
        "Product of the ten eastern and the twelve western provinces, one vintage, 2004-2023",
        regional.FILE,
        schemas.regional_series,
        ("GRP_NBS_2024",),
        index="year",
        text=regional.regional_series_text,
        own_table=True,
    ),
    Dataset(
        "provincial_grp",
        "Gross regional product by province, 1992-2020 and as first published for 2007",
        "context/provincial_grp.csv",
        schemas.provincial_grp,
        ("GRP_NBS_2021", "NBS_YB2009_T2-16"),
    ),
    Dataset(
        "partnership_history",
        "Outside figures on the partnerships and on the dates the study names",
        "context/partnership_history.csv",
        schemas.partnership_history,
        ("WP2011",),
    ),
    Dataset(
        "partnership_pairings",
        "Pairings as outside sources attest them",
        "context/partnership_pairings.csv",
        schemas.partnership_pairings,
        ("WP2011", "GUIZHOU_20161008", "OPINIONS_2016"),
    ),
    Dataset(
        "rural_poverty",
        "Rural people below three poverty lines, nation and regions, 1978-2019",
        "context/rural_poverty.csv",
        schemas.rural_poverty,
        (
            "WP2001",
            "AISIXIANG_27358",
            "WP2011_CHINATODAY",
            "FAMVIN_20081231",
            "NBS_20151017",
            "XINHUA_20130227",
            "YB2015_POVERTY",
            "NBS_MONITORING_2017",
            "GOVCN_20180210",
            "NBS_20190215",
            "NBS_20200123",
            "MTOOU_209616",
        ),
    ),
    Dataset(
        "tile_grid",
        "Place of each province on a tile grid",
        "context/tile_grid.csv",
        schemas.tile_grid,
        ("GEOFACET",),
        index="province",
    ),
    Dataset(
        "donor_cities",
        "Province in which each donor city lies",
        "context/donor_cities.csv",
        schemas.donor_cities,
        ("DIVISIONS",),
        index="city",
    ),
]
DATASETS = {dataset.name: dataset for dataset in _ALL}
LEDGER = "claims"  # every study may have one, in the same columns


def datasets() -> dict[str, Dataset]:
    """Return the data sets by name: the edition's, or those that a study of one's own declares."""
    place = own_study()
    if place is None:
        return DATASETS
    found = {
        name: Dataset(
            name,
            declared.title,
            declared.file,
            declared.schema_frame(),
            tuple(declared.sources),
            declared.index,
            own_table=declared.own_table,
        )
        for name, declared in own_datasets(place).items()
    }
    if (place / "data" / DATASETS[LEDGER].file).is_file():
        sources = tuple(dict.fromkeys(source for dataset in found.values() for source in dataset.sources))
        found[LEDGER] = replace(DATASETS[LEDGER], sources=sources)
    return found


def dataset(name: str) -> Dataset:
    """Return a data set's description by name.

    Raises
    ------
    RequestError
        If there is no such data set.

    Examples
    --------
    >>> dataset("funding").file
    'printed/table1.csv'
    """
    known = datasets()
    if name in known:
        return known[name]
    near = get_close_matches(name, known, n=1)
    hint = f"did you mean '{near[0]}'?" if near else f"there are {', '.join(known)}."
    raise RequestError(f"there is no data set '{name}'; {hint}")
