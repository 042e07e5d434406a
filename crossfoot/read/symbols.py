"""What statistical offices print in place of a figure, or beside one, each symbol with whose it is.

Offices differ: a dash is nil for one and not available for another. The first row that has a symbol says what it is
taken for; where some office takes it for nil, the figures of the table decide (`crossfoot.read.decide`). Each row was
compared with what that office publishes; what is common in print has no one source.
"""

from typing import NamedTuple


class Symbol(NamedTuple):
    """Symbols (separated by spaces) that stand in place of a figure, their meaning, and who prints them so."""

    symbols: str
    meaning: str
    source: str


GSS = "UK Government Statistical Service, symbols in tables (gss.civilservice.gov.uk); StatsWales, shorthand"
CENSUS = "US Census Bureau, economic census, data flags; American Community Survey, notes on data (census.gov)"
GERMANY = "Statistical offices of Germany, explanation of symbols (statistik-portal.de)"
EUROSTAT = "Eurostat, flags and special values (ec.europa.eu/eurostat)"
HUNGARY = "Hungarian Central Statistical Office, explanation of symbols (ksh.hu)"
BOSNIA = "Agency for Statistics of Bosnia and Herzegovina, prearranged signs (bhas.ba)"
ABS = "Australian Bureau of Statistics, year book, symbols and abbreviations (abs.gov.au)"
JAPAN = "Statistics Bureau of Japan, yearbook, note for users (stat.go.jp)"
CANADA = "Statistics Canada, standard table symbols (statcan.gc.ca)"
NCES = "US National Center for Education Statistics, statistical notations (nces.ed.gov)"
IRELAND = "Central Statistics Office of Ireland, yearbook, symbols (cso.ie)"
CHINA = "National Bureau of Statistics of China, yearbook, preface (data.stats.gov.cn)"
COMMON = "common in print"

SYMBOLS = (
    Symbol("[c]", "suppressed", GSS),
    Symbol("[x] [w]", "not available", GSS),
    Symbol("[z]", "not applicable", GSS),
    Symbol("[low] [k]", "low", GSS),
    Symbol("[u]", "not reliable", GSS),
    Symbol("[b]", "break in series", GSS),
    Symbol("[e] [f] [p] [r]", "estimated, provisional or revised", GSS),
    Symbol("(d) (s) d s", "suppressed", CENSUS),
    Symbol("(x) *****", "not applicable", CENSUS),
    Symbol("(na) ** ***", "not available", CENSUS),
    Symbol("(z)", "low", CENSUS),
    Symbol("/ ()", "not reliable", GERMANY),
    Symbol("·", "suppressed", GERMANY),
    Symbol("x", "suppressed", CANADA),
    Symbol("f", "not reliable", CANADA),
    Symbol("- --- --", "not available", CENSUS),
    Symbol("- 0", "nil", GERMANY),
    Symbol(":c c", "suppressed", EUROSTAT),
    Symbol(":u u", "not reliable", EUROSTAT),
    Symbol(":z z", "not applicable", EUROSTAT),
    Symbol(": :n n", "not available", EUROSTAT),
    Symbol("..", "not available", HUNGARY),
    Symbol("#", "not applicable", BOSNIA),
    Symbol("....", "not available", BOSNIA),
    Symbol("..", "nil", BOSNIA),
    Symbol("np n.p. n.p", "suppressed", ABS),
    Symbol("*", "suppressed", IRELAND),
    Symbol("... …", "not available", JAPAN),
    Symbol("... …", "nil", CHINA),
    Symbol("†", "not applicable", NCES),
    Symbol("‡", "not reliable", NCES),
    Symbol("///", "not applicable", COMMON),
    Symbol("n/a na n.a. n.a nd n.d. n.d n.c. nc ns n.s. .", "not available", COMMON),
    Symbol("missing unknown none_reported not_available no_data 无 不详 缺", "not available", COMMON),
    Symbol("## suppressed confidential", "suppressed", COMMON),
    Symbol("ref. ref reference", "reference group", COMMON),
    Symbol("not_applicable", "not applicable", COMMON),
    Symbol("nil 皆无", "nil", COMMON),
    Symbol("......  …… . .. ....", "nil", COMMON),
)

MINUS = "△▲"  # before a figure: Japanese accounts
MISSING: dict[str, str] = {"": "blank"}
CAN_BE_NIL = {""}  # a blank cell: many offices leave nil blank
for _row in SYMBOLS:
    for _symbol in _row.symbols.split():
        MISSING.setdefault(_symbol.replace("_", " "), _row.meaning)
        if _row.meaning == "nil":
            CAN_BE_NIL.add(_symbol)
CAN_BE_NIL -= {"0", "nil", "皆无"}
MISSING.pop("0")
