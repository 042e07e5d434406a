"""Stored numbers of a workbook as its formats show them."""

import re
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

BUILT_IN = (
    {1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%"}
    | {37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00"}
    | dict.fromkeys((*range(14, 23), *range(45, 48)), "yyyy-mm-dd")
)  # by their number in a workbook, which does not spell them out
LONGEST_FORMAT = 255  # characters, as in Excel
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.')
_DIGITS = re.compile(r"[0#?,]*[0#?](,*)(?:\.([0#?]+)(,*))?")


def shown(value: str, code: str, epoch: datetime, decimal: str = ".") -> str:
    """Return a stored number as a format shows it: decimals, percent, thousands left out, or a date.

    Examples
    --------
    >>> epoch = datetime(1899, 12, 30)
    >>> shown("0.1234", "0.0%", epoch), shown("1234567", "#,##0,", epoch), shown("37622", "yyyy-mm-dd", epoch)
    ('12.3%', '1235', '2003-01-01')
    """
    number = Decimal(value)
    if not number.is_finite() or abs(number.adjusted()) > 300:
        return value
    form = _QUOTED.sub("", code[:LONGEST_FORMAT].partition(";")[0])
    if re.search("[ymdhs]", form, re.IGNORECASE) and "general" not in form.lower():
        days = float(number)
        moment = epoch + timedelta(days=days) if 0 <= days < 2_958_466 else None
        return value if moment is None else moment.date().isoformat() if days >= 1 else moment.time().isoformat()
    percent = "%" in form
    number *= 100 if percent else 1
    digits = _DIGITS.search(form)
    if digits is None or "e" in form.lower():
        number = Decimal(f"{number:.15g}").normalize()  # as a program shows a number that no format rounds
        text = f"{number:f}"
    else:
        number /= 1000 ** len((digits[1] if digits[2] is None else digits[3]) or "")
        text = f"{number.quantize(Decimal(1).scaleb(-len(digits[2] or '')), ROUND_HALF_UP):f}"
    return text.replace(".", decimal) + ("%" if percent else "")
