"""What statistical offices print in place of a figure, or beside one, each symbol with whose it is.

Offices differ: a dash is nil for one and not available for another. The first row that has a symbol says what it is
taken for; where some office takes it for nil, the figures of the table decide (`crossfoot.read.decide`).
"""

from typing import NamedTuple


class Symbol(NamedTuple):
    """Symbols (separated by spaces) that stand in place of a figure, their meaning, and who prints them so."""

    symbols: str
    meaning: str
    source: str


GAF = "UK Government Analysis Function, symbols in tables"
CENSUS = "US Census Bureau, explanation of symbols"
DESTATIS = "German statistical offices, explanation of symbols (statistik-portal.de)"
EUROSTAT = "Eurostat, special values and flags"
HUNGARY = "Hungarian Central Statistical Office, pocket book 2018"
BOSNIA = "Agency for Statistics of Bosnia and Herzegovina, prearranged signs"
ABS = "Australian Bureau of Statistics, symbols and abbreviations"
JAPAN = "Statistics Bureau of Japan, yearbook, explanatory notes"
CANADA = "Statistics Canada, standard table symbols"
NCES = "US National Center for Education Statistics, table notes"
FRANCE = "Insee, signs used"
CHINA = "National Bureau of Statistics of China, yearbook, explanatory notes"
COMMON = "common in print"

SYMBOLS = (
    Symbol("[c]", "suppressed", GAF),
    Symbol("[x] [w]", "not available", GAF),
    Symbol("[z]", "not applicable", GAF),
    Symbol("[low]", "low", GAF),
    Symbol("[u]", "not reliable", GAF),
    Symbol("[b]", "break in series", GAF),
    Symbol("[e] [f] [p] [r]", "estimated, provisional or revised", GAF),
    Symbol("(d) (s) d s", "suppressed", CENSUS),
    Symbol("(x)", "not applicable", CENSUS),
    Symbol("(na)", "not available", CENSUS),
    Symbol("(z)", "low", CENSUS),
    Symbol("** *** *****", "suppressed", CENSUS),
    Symbol("/ ()", "not reliable", DESTATIS),
    Symbol("x ·", "suppressed", DESTATIS),
    Symbol("- --- --", "not available", CENSUS),
    Symbol("- 0 n", "nil", DESTATIS),
    Symbol(":c c", "suppressed", EUROSTAT),
    Symbol(":", "suppressed", BOSNIA),
    Symbol(":u u", "not reliable", EUROSTAT),
    Symbol(":z z", "not applicable", EUROSTAT),
    Symbol(": :n", "not available", EUROSTAT),
    Symbol(".. …", "not available", HUNGARY),
    Symbol("#", "suppressed", BOSNIA),
    Symbol(".. ....", "nil", BOSNIA),
    Symbol("np n.p. n.p", "suppressed", ABS),
    Symbol("*", "suppressed", ABS),
    Symbol("... …", "not available", JAPAN),
    Symbol("... …", "nil", CHINA),
    Symbol("f", "not reliable", CANADA),
    Symbol("...", "not applicable", CANADA),
    Symbol("†", "not applicable", NCES),
    Symbol("‡", "not reliable", NCES),
    Symbol("/// //", "not applicable", FRANCE),
    Symbol("n/a na n.a. n.a n nd n.d. n.d n.c. nc ns n.s. .", "not available", COMMON),
    Symbol("missing unknown none_reported not_available no_data 无 不详 缺", "not available", COMMON),
    Symbol("## suppressed confidential", "suppressed", COMMON),
    Symbol("ref. ref reference", "reference group", COMMON),
    Symbol("not_applicable", "not applicable", COMMON),
    Symbol("nil 皆无", "nil", COMMON),
    Symbol("......  …… . ..", "nil", COMMON),
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
