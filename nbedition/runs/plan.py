"""From what was asked to what will run: notebooks and checked parameters, before any kernel starts."""

from typing import Any

from crossfoot.errors import RequestError
from nbedition.notebooks.parameters import notebook_name, settings_of, validated
from nbedition.project import notebooks, program


def plan(named: list[str], values: dict[str, str]) -> list[tuple[str, dict[str, Any]]]:
    """Return the notebooks to run, each with its checked parameters.

    Parameters
    ----------
    named
        Notebooks by name, file or number; none means all.
    values
        Parameters as text. Each goes to every chosen notebook that declares it.

    Raises
    ------
    RequestError
        If a notebook is unknown, or a parameter fits none of the chosen ones, or its value is wrong.
    DataError
        If a table of the user's own does not fit.

    Examples
    --------
    >>> plan(["04"], {"aid_share": "0.002"})
    [('04_institutional_reform_options', {'aid_share': 0.002})]
    """
    chosen = list(dict.fromkeys(notebook_name(name) for name in named)) or list(notebooks())
    if not chosen:
        raise RequestError("this edition has no notebooks.")
    declared = {name: set(settings_of(name).model_fields) for name in chosen}
    for unknown in set(values).difference(*declared.values()):
        if len(chosen) > 1:
            raise RequestError(f"none of the chosen notebooks has a parameter '{unknown}'; see: {program()} params.")
        validated(chosen[0], {unknown: values[unknown]}, from_text=True)
    requests = []
    for name in chosen:
        own = {value: text for value, text in values.items() if value in declared[name]}
        checked = validated(name, own, from_text=True)
        requests.append((name, {value: getattr(checked, value) for value in own}))
    return requests
