"""Checks of the arguments of a ``NameIndex``; one value repeated for all rows; dates as days since 1970."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterable


def spread(value: object, n: int, name: str) -> list[object]:
    """Repeat one value for all rows, or give the values of each.

    Raises
    ------
    ValueError
        Values are given one each, and there are not ``n``; ``name`` says in the message of what.

    Examples
    --------
    >>> spread("水土", 2, "town"), spread(["水土", None], 2, "town")
    (['水土', '水土'], ['水土', None])
    """
    if value is None or isinstance(value, str) or not hasattr(value, "__len__"):
        return [value] * n
    values = list(cast("Iterable[object]", value))
    if len(values) != n:
        raise ValueError(f"expected {name} once or {n} times, got {len(values)} values; give one per name")
    return values


def days_of(dates: pd.Series | None, n: int, absent: int | None) -> list[Any]:
    """Days since 1970 of ``n`` dates; ``absent`` for a missing one, and for all where the column is missing.

    Examples
    --------
    >>> days_of(pd.Series(["1970-01-02", None]), 2, None), days_of(None, 1, 0)
    ([1, None], [0])
    """
    if dates is None:
        return [absent] * n
    stamps = pd.to_datetime(dates).astype("datetime64[s]")
    return [absent if pd.isna(s) else int(s.timestamp() // 86_400) for s in stamps]


def check_roster(enterprises: pd.DataFrame, aliases: pd.DataFrame | None) -> None:
    """Raise one ``ValueError`` with everything that is wrong with a roster and its aliases.

    Examples
    --------
    >>> check_roster(pd.DataFrame({"name": ["云岫"]}), None)
    Traceback (most recent call last):
    ...
    ValueError: enterprises: expected the columns enterprise_id, name, got ['name']; add ['enterprise_id']
    """
    wrong = []
    for what, frame, columns in (
        ("enterprises", enterprises, ("enterprise_id", "name")),
        ("aliases", aliases, ("enterprise_id", "alias")),
    ):
        if frame is not None and (absent := [c for c in columns if c not in frame]):
            wrong.append(
                f"{what}: expected the columns {', '.join(columns)}, got {list(frame)!r}; add {absent!r}"
            )
    if "enterprise_id" in enterprises:
        ids = enterprises["enterprise_id"]
        if ids.isna().any() or ids.duplicated().any():
            again = sorted(set(ids[ids.duplicated()].dropna().astype(str)))[:5]
            wrong.append(
                "enterprises: expected every id once, "
                f"got duplicate or missing ids {again!r}; give each enterprise an id of its own"
            )
        if aliases is not None and "enterprise_id" in aliases:
            strange = sorted(set(aliases["enterprise_id"].astype(str)) - set(ids.astype(str)))[:5]
            if strange:
                wrong.append(f"aliases: expected ids of the roster, got {strange!r}; add these enterprises")
    if wrong:
        raise ValueError("\n".join(wrong))
