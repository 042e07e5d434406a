"""What each data set must look like: columns, units, meanings and ranges (pandera)."""

from typing import Any

from pandera.pandas import Check, Column, DataFrameSchema

from ewppr_lib import printed, regional
from nbedition.data.datasets import Dataset

PROVINCIAL_UNITS = 31
FEWEST_YEARS = 15  # of a regional series: fewer cannot show when its trend bends


def _column(kind: Any, unit: str, meaning: str, *checks: Check, **options: Any) -> Column:
    return Column(kind, list(checks), description=meaning, metadata={"unit": unit}, coerce=True, **options)


def _text(meaning: str, *checks: Check, **options: Any) -> Column:
    return _column(str, "text", meaning, *checks, **options)


def _number(unit: str, meaning: str, *checks: Check, **options: Any) -> Column:
    return _column(float, unit, meaning, *checks, **options)


def _year(meaning: str, **options: Any) -> Column:
    kind = "Int64" if options.get("nullable") else int
    return _column(kind, "year", meaning, Check.in_range(1900, 2100), **options)


def _money(meaning: str, **options: Any) -> Column:
    return _number("million yuan", meaning, Check.ge(0, error="an amount of at least 0"), **options)


def _people(meaning: str) -> Column:
    return _number("see column unit", meaning, Check.ge(0, error="a count of at least 0"))


PRINTED = "the figure as printed, corrections applied"
PLACE = "section and paragraph of the study"

funding = DataFrameSchema(
    {
        "year": _column(
            int,
            "year",
            "calendar year",
            Check.in_range(1978, 2100, error="a year from 1978 to 2100"),
            Check(lambda years: ~years.duplicated(), error="each year once"),
        ),
        "government_aid": _money("free aid from eastern governments, all levels"),
        "aid_provincial": _money("the part paid by provincial governments"),
        "aid_prefectural": _money("the part paid by prefectural governments"),
        "aid_county": _money("the part paid by county governments"),
        "enterprise_agreed": _money("enterprise investment agreed (printed: Enterprise Investments)"),
        "enterprise_realised": _money("the part realised (printed: Real investments)"),
        "taxes_paid": _money("taxes paid by those enterprises (printed: Taxes Payments)"),
        "social_donations": _money("donations from eastern society"),
        "total": _money("total as printed", required=False),
    },
    checks=[
        Check(lambda frame: len(frame) >= 3, error="at least three years"),
    ],
    strict=True,
)

funding_totals = DataFrameSchema(
    {
        "item": _text("row of Table 1", unique=True),
        "total": _money("five-year total as printed"),
    },
    strict=True,
)

exchanges = DataFrameSchema(
    {
        "item": _text("row of Table 2", unique=True),
        "label": _text("plain name of the row"),
        "unit": _text("unit as printed, in lower case", Check.isin(["person-time", "terms"])),
        "2009": _people("count of 2009"),
        "2010": _people("count of 2010"),
        "total": _people("total of 2003-2010 as printed"),
    },
    checks=[
        Check(lambda frame: frame["2009"] + frame["2010"] <= frame["total"], error="two years within the total"),
    ],
    strict=True,
)

pairings = DataFrameSchema(
    {
        "list_year": _year("year of the list"),
        "list_kind": _text("full list, or addition to the one before", Check.isin(["full", "addition"])),
        "donor": _text("eastern province or city"),
        "donor_level": _text("level of the donor", Check.isin(["province", "city"])),
        "recipient": _text("western province"),
        "recipient_area": _text("prefecture, where the list names one", nullable=True),
        "printed": _text("names as printed, corrections applied"),
        "place": _text(PLACE),
    },
    checks=[
        Check(
            lambda frame: frame.apply(
                lambda row: row["donor"] in row["printed"] and row["recipient"] in row["printed"], axis=1
            ),
            error="donor and recipient both stand in the printed text",
        ),
    ],
    unique=["list_year", "donor", "recipient"],
    strict=True,
)

periods = DataFrameSchema(
    {
        "scheme": _text("which of the study's divisions of time"),
        "period": _column(int, "number", "period of east-west relations", Check.in_range(1, 3)),
        "printed": _text("bounds as printed"),
        "place": _text(PLACE),
        "start_low": _year("earliest start under the reading in note"),
        "start_high": _year("latest start"),
        "end_low": _year("earliest end; empty where none is given", nullable=True),
        "end_high": _year("latest end; empty where none is given", nullable=True),
        "note": _text("how the printed words are read", nullable=True),
    },
    unique=["scheme", "period"],
    strict=True,
)

_BOUNDS = ["exact", "at least", "nearly", "about", "range", "expected"]

stated = DataFrameSchema(
    {
        "item": _text("what is counted"),
        "year_from": _year("first year of the window"),
        "year_to": _year("last year; empty where the text gives none", nullable=True),
        "printed": _text(PRINTED),
        "unit": _text("unit of the figure"),
        "bound": _text("how the text hedges the figure", Check.isin(_BOUNDS)),
        "place": _text(PLACE),
        "claim": _text("id of the claim that states it", Check.str_matches(r"^C\d{3}$"), unique=True),
    },
    strict=True,
)

cases = DataFrameSchema(
    {
        "case": _text("short name of the case"),
        "firm": _text("eastern enterprise"),
        "donor": _text("eastern province"),
        "recipient": _text("western province"),
        "item": _text("what is counted"),
        "printed": _text(PRINTED),
        "unit": _text("unit of the figure"),
        "bound": _text("how the text hedges the figure", Check.isin(_BOUNDS)),
        "year": _year("year the figure belongs to; empty where none is given", nullable=True),
        "claim": _text("id of the claim that states it", Check.str_matches(r"^C\d{3}$"), unique=True),
    },
    unique=["case", "item"],
    strict=True,
)

fiscal_revenue = DataFrameSchema(
    {
        "province": _text("provincial unit, usual English name", unique=True),
        "year": _year("fiscal year"),
        "revenue": _money("local general-budget revenue, cities under it included"),
        "vintage": _text("which release of the figure"),
        "source": _text("id of the source record"),
    },
    checks=[Check(lambda frame: len(frame) == PROVINCIAL_UNITS, error="all 31 provincial units")],
    strict=True,
)

_SOURCE = "id of the source record"
_VINTAGE = "which release of the figure"

claims = DataFrameSchema(
    {
        "id": _text("claim number", Check.str_matches(r"^C\d{3}$"), unique=True),
        "section": _text("section of the study"),
        "place": _text(PLACE),
        "paraphrase": _text("what is claimed, in other words"),
        "printed_value": _text(PRINTED),
        "unit": _text("unit of the figure"),
        "half_width": _text("rounding half-width in the unit; empty where there is none", nullable=True),
        "kind": _text("kind of claim"),
        "check": _text("computation that judges it; empty where there is none", nullable=True),
        "outside": _text("computation on outside figures; empty where there is none", nullable=True),
        "needs": _text("figure that would be needed; empty where the study suffices", nullable=True),
    },
    checks=[Check(lambda frame: frame["check"].notna() | frame["needs"].notna(), error="a check or a needed figure")],
    strict=True,
)

lists = DataFrameSchema(
    {
        "list": _text("which list"),
        "item": _text("one thing it names, in short"),
        "ordinal": _text("ordinal given to it; empty where there is none", nullable=True),
        "complete": _text("closed, or left open with 'etc.'", Check.isin(["closed", "open"])),
        "place": _text(PLACE),
    },
    unique=["list", "item"],
    strict=True,
)

references = DataFrameSchema(
    {
        "number": _column(int, "number", "number in the reference list", Check.ge(1), unique=True),
        "authors": _text("surnames first, parted by semicolons"),
        "year": _year("year after the authors"),
        "year_again": _year("year printed a second time in the entry", nullable=True),
        "year_in_address": _year("year in the web address", nullable=True),
        "short_title": _text("subject or title, shortened"),
        "donor": _text("eastern province it is about, where it names one", nullable=True),
        "recipient": _text("western province it is about", nullable=True),
    },
    strict=True,
)

citations = DataFrameSchema(
    {
        "claim": _text("id of the claim", Check.str_matches(r"^C\d{3}$"), unique=True),
        "authors": _text("as cited, surnames first, parted by semicolons"),
        "year": _year("year cited"),
        "kind": _text("citation in the text, or note under a table", Check.isin(["citation", "source note"])),
        "place": _text(PLACE),
    },
    strict=True,
)

dated = DataFrameSchema(
    {
        "event": _text("what happened", unique=True),
        "chain": _text("events that follow one another"),
        "step": _column(int, "number", "place in the chain as told; equal steps are not ordered", Check.ge(1)),
        "printed": _text("date as printed"),
        "earliest": _text("first month it allows, year-month", Check.str_matches(r"^\d{4}-\d{2}$")),
        "latest": _text("last month it allows", Check.str_matches(r"^\d{4}-\d{2}$")),
        "claim": _text("id of the claim that states it", Check.str_matches(r"^C\d{3}$")),
    },
    checks=[Check(lambda frame: frame["earliest"] <= frame["latest"], error="earliest not after latest")],
    strict=True,
)

case_notes = DataFrameSchema(
    {
        "number": _column(int, "number", "order in Column 1", Check.ge(1), unique=True),
        "case": _text("short name of the case", unique=True),
        "theme": _text("what it is about", Check.isin(["minerals", "agriculture", "market"])),
        "home_of_firm": _text("province where the investing firm has its seat or was founded"),
        "first_year": _year("first year of the project in the west"),
        "helps_households": _text("the case counts households or farmers helped", Check.isin(["yes", "no"])),
        "place": _text(PLACE),
    },
    strict=True,
)

regional_grp = DataFrameSchema(
    {
        "year": _year("calendar year"),
        "region": _text("group of provinces", Check.isin(["east_of_ten", "liaoning", "west_of_twelve", "other_eight"])),
        "value": _number("see column measure", "gross regional product of the group, nominal", Check.gt(0)),
        "measure": _text("unit, or share of the 31 units", Check.isin(["100 million yuan", "share"])),
        "vintage": _text(_VINTAGE),
        "source": _text(_SOURCE),
    },
    unique=["year", "region", "vintage"],
    strict=True,
)

regional_series = DataFrameSchema(
    {
        "year": _column(
            int,
            "year",
            "calendar year",
            Check.in_range(1900, 2100, error="a year from 1900 to 2100"),
            Check(lambda years: ~years.duplicated(), error="each year once"),
        ),
        "east": _number("100 million yuan", "product of the east, nominal", Check.gt(0, error="a positive amount")),
        "west": _number("100 million yuan", "product of the west, nominal", Check.gt(0, error="a positive amount")),
    },
    checks=[
        Check(lambda frame: len(frame) >= FEWEST_YEARS, error=f"at least {FEWEST_YEARS} years"),
        Check(
            lambda frame: frame["year"].max() - frame["year"].min() + 1 == frame["year"].nunique(),
            error="every year from the first to the last",
        ),
    ],
    strict=True,
)

provincial_grp = DataFrameSchema(
    {
        "province": _text("provincial unit, usual English name"),
        "year": _year("calendar year"),
        "grp": _number("100 million yuan", "gross regional product, nominal", Check.gt(0)),
        "vintage": _text(_VINTAGE),
        "source": _text(_SOURCE),
    },
    unique=["province", "year", "vintage"],
    strict=True,
)

fiscal_expenditure = DataFrameSchema(
    {
        "province": _text("provincial donor, usual English name"),
        "year": _year("fiscal year"),
        "expenditure": _number("100 million yuan", "local fiscal expenditure, cities under it included", Check.gt(0)),
        "vintage": _text(_VINTAGE),
        "source": _text(_SOURCE),
    },
    unique=["province", "year", "vintage"],
    strict=True,
)

partnership_history = DataFrameSchema(
    {
        "year_from": _year("first year of the window"),
        "year_to": _year("last year of the window"),
        "indicator": _text("what is counted"),
        "value": _text("figure as given, in the unit", Check.str_matches(r"^-?\d+(\.\d+)?$")),
        "unit": _text("unit of the figure"),
        "half_width": _text("rounding half-width in the unit", Check.str_matches(r"^\d+(\.\d+)?$")),
        "bound": _text("how the source hedges the figure", Check.isin(_BOUNDS)),
        "basis": _text("given by the source, or derived as noted", Check.isin(["reported", "derived"])),
        "vintage": _year("year in which the figure was published"),
        "source": _text(_SOURCE),
        "note": _text("caution or derivation", nullable=True),
    },
    unique=["year_from", "year_to", "indicator", "source"],
    strict=True,
)

partnership_pairings = DataFrameSchema(
    {
        "donor": _text("eastern province or city"),
        "recipient": _text("western province"),
        "recipient_area": _text("prefectures, where the source names them", nullable=True),
        "from_year": _year("first year the source attests the pair for"),
        "to_year": _year("last year the source attests it for"),
        "vintage": _year("year in which the source was published"),
        "source": _text(_SOURCE),
        "note": _text("caution", nullable=True),
    },
    unique=["donor", "recipient", "source"],
    strict=True,
)

_LINES = ["line of 1978", "line of 2008", "line of 2010"]

rural_poverty = DataFrameSchema(
    {
        "year": _year("calendar year, its end"),
        "region": _text("nation or a part of it", Check.isin(["nation", "east", "centre", "west"])),
        "line": _text("poverty line counted by; never joined", Check.isin(_LINES)),
        "poor": _number("10,000 persons", "rural people below the line", Check.gt(0)),
        "incidence": _number("%", "share of the rural population", Check.in_range(0, 100), nullable=True),
        "basis": _text("given by the source, or derived as noted", Check.isin(["reported", "derived"])),
        "vintage": _year("year in which the figure was published"),
        "source": _text(_SOURCE),
        "note": _text("caution or derivation", nullable=True),
    },
    unique=["year", "region", "line"],
    strict=True,
)

tile_grid = DataFrameSchema(
    {
        "province": _text("provincial unit, usual English name", unique=True),
        "code": _text("two letters", Check.str_matches("^[A-Z]{2}$"), unique=True),
        "row": _column(int, "number", "row of its tile, from the north", Check.ge(1)),
        "column": _column(int, "number", "column of its tile, from the west", Check.ge(1)),
        "vintage": _text("name of the grid"),
        "source": _text(_SOURCE),
    },
    unique=["row", "column"],
    strict=True,
)

donor_cities = DataFrameSchema(
    {
        "city": _text("city that is a donor of its own", unique=True),
        "province": _text("province in which it lies"),
        "vintage": _year("year of the division"),
        "source": _text(_SOURCE),
    },
    strict=True,
)

_STUDY = ("STUDY",)
_ALL = [
    Dataset(
        "funding",
        "Funding of the partnerships by year and source, 2003-2007 (Table 1)",
        "printed/table1.csv",
        funding,
        ("STUDY_T1",),
        index="year",
        text=printed.funding_text,
        own_table=True,
    ),
    Dataset(
        "funding_totals",
        "Five-year totals as printed (Table 1, column Total)",
        "printed/table1.csv",
        funding_totals,
        ("STUDY_T1",),
        index="item",
        text=printed.funding_totals_text,
    ),
    Dataset(
        "exchanges",
        "Exchange and training of people, 2009, 2010 and 2003-2010 (Table 2)",
        "printed/table2.csv",
        exchanges,
        ("STUDY_T2",),
        index="item",
        text=printed.exchanges_text,
    ),
    Dataset(
        "pairings",
        "Counterpart pairings listed for 1996, 2002 and 2010",
        "study/pairings.csv",
        pairings,
        _STUDY,
    ),
    Dataset("periods", "Bounds that the study gives to its periods", "study/periods.csv", periods, _STUDY),
    Dataset("stated", "Totals and ages stated in the running text", "study/stated.csv", stated, _STUDY),
    Dataset(
        "cases",
        "Figures of the four company cases (Column 1)",
        "study/cases.csv",
        cases,
        ("STUDY_CASES",),
    ),
    Dataset(
        "fiscal_revenue",
        "Local general-budget revenue of the provincial units, 2007",
        "context/fiscal_revenue.csv",
        fiscal_revenue,
        ("NBS_YB2008_T7-7",),
        index="province",
    ),
    Dataset(
        "fiscal_expenditure",
        "Local fiscal expenditure of the provincial donors, 2003-2006",
        "context/fiscal_expenditure.csv",
        fiscal_expenditure,
        ("CHINAORG_2007",),
    ),
    Dataset("claims", "Every claim of the study, and what judges it", "claims.csv", claims, _STUDY),
    Dataset("lists", "What the study lists by name", "study/lists.csv", lists, _STUDY),
    Dataset("references", "The study's reference list", "study/references.csv", references, _STUDY),
    Dataset("citations", "Citations and source notes in the text", "study/citations.csv", citations, _STUDY),
    Dataset("dated", "Dated events, in the order told", "study/dated.csv", dated, _STUDY),
    Dataset("case_notes", "What each company case is about", "study/case_notes.csv", case_notes, ("STUDY_CASES",)),
    Dataset(
        "regional_grp",
        "Gross regional product by region and vintage, 1975-2023",
        "context/regional_grp.csv",
        regional_grp,
        ("GRP_YB_COMPILED", "GRP_NBS_2024", "GRP_GCAM"),
    ),
    Dataset(
        "regional_series",
        "Product of the ten eastern and the twelve western provinces, one vintage, 2004-2023",
        regional.FILE,
        regional_series,
        ("GRP_NBS_2024",),
        index="year",
        text=regional.regional_series_text,
        own_table=True,
    ),
    Dataset(
        "provincial_grp",
        "Gross regional product by province, 1992-2020 and as first published for 2007",
        "context/provincial_grp.csv",
        provincial_grp,
        ("GRP_NBS_2021", "NBS_YB2009_T2-16"),
    ),
    Dataset(
        "partnership_history",
        "Outside figures on the partnerships and on the dates the study names",
        "context/partnership_history.csv",
        partnership_history,
        ("WP2011",),
    ),
    Dataset(
        "partnership_pairings",
        "Pairings as outside sources attest them",
        "context/partnership_pairings.csv",
        partnership_pairings,
        ("WP2011", "GUIZHOU_20161008", "OPINIONS_2016"),
    ),
    Dataset(
        "rural_poverty",
        "Rural people below three poverty lines, nation and regions, 1978-2019",
        "context/rural_poverty.csv",
        rural_poverty,
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
        tile_grid,
        ("GEOFACET",),
        index="province",
    ),
    Dataset(
        "donor_cities",
        "Province in which each donor city lies",
        "context/donor_cities.csv",
        donor_cities,
        ("DIVISIONS",),
        index="city",
    ),
]
DATASETS = {dataset.name: dataset for dataset in _ALL}
