"""What a ``NameIndex`` is given: checked, written as text, spread over rows, dates as days."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterable


def spread(value: object, n: int, name: str) -> list[object]:
    """One value for all rows, or the values of each."""
    if value is None or isinstance(value, str) or not hasattr(value, "__len__"):
        return [value] * n
    values = list(cast("Iterable[object]", value))
    if len(values) != n:
        raise ValueError(f"expected {name} once or {n} times, got {len(values)} values; give one a name")
    return values


def column_or_none(frame: pd.DataFrame, name: str) -> pd.Series | None:
    """Return a column that may be missing."""
    return frame.get(name, None)


def days_of(dates: pd.Series | None, n: int, absent: int | None) -> list[Any]:
    """Days since 1970 of dates; ``absent`` for a missing one."""
    if dates is None:
        return [absent] * n
    stamps = pd.to_datetime(dates).astype("datetime64[s]")
    return [absent if pd.isna(s) else int(s.timestamp() // 86_400) for s in stamps]


def check_roster(enterprises: pd.DataFrame, aliases: pd.DataFrame | None) -> None:
    """Raise one ``ValueError`` with everything that is wrong with a roster and its aliases."""
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
                f"enterprises: expected every id once, got {again!r} again or missing ids; mend them"
            )
        if aliases is not None and "enterprise_id" in aliases:
            strange = sorted(set(aliases["enterprise_id"].astype(str)) - set(ids.astype(str)))[:5]
            if strange:
                wrong.append(f"aliases: expected ids of the roster, got {strange!r}; add these enterprises")
    if wrong:
        raise ValueError("\n".join(wrong))
