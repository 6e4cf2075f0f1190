"""Demands as a narrow table for counting: their state on a day, and columns to group by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from liaison_analysis._calendar import Unit, as_day, check_unit, day_numbers, elapsed_days
from liaison_analysis._checks import check_frame
from liaison_analysis._engines import collect, tables_like
from liaison_analysis._messages import message
from liaison_analysis._options import engine_for
from liaison_analysis.errors import PROBLEM_COLUMNS, LedgerError
from liaison_analysis.ledger import CLOSED_UNSOLVED, LOOP_STATUSES, as_ledger, last_plausible

if TYPE_CHECKING:
    import ibis
    import pyarrow as pa

    from liaison_analysis.ledger import Ledger

#: What measures can be grouped by: the name of a column, or a group for each demand.
By = str | Mapping[Any, Any] | pd.Series | Sequence[Any] | None

DATES = ("raised", "assigned", "settled", "fed_back")
_MONTHS = {"raised": "month", "settled": "settled_month", "closed": "closed_month"}
_FLAGS = ("in_remit", "satisfied", "reopened")
#: Statuses of demands that need no further work.
DONE = ("settled", "fed back")

# Dates of what happened, as opposed to what is planned.
_HAPPENED = {
    "demands": tuple(f"{name}_on" for name in DATES),
    "visits": ("visited_on",),
    "projects": ("done_on",),
    "salons": ("held_on",),
}


def count_day(ledger: Ledger, on: Any = None, *, otherwise: pd.Timestamp | None = None) -> pd.Timestamp:
    """Day on which to count: ``on``, or the last date of anything that happened according to the ledger.

    Parameters
    ----------
    ledger
        Its dates.
    on
        The day, where it is known.
    otherwise
        The day where no ``on`` is given and the ledger holds no date.

    Returns
    -------
    Timestamp
        The day, without a time.

    Raises
    ------
    ValueError
        ``on`` is no date, or none is given and the ledger holds none.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> count_day(load_liangjiang())
    Timestamp('2022-12-30 00:00:00')
    """
    ledger = as_ledger(ledger)
    if on is None:
        dates = [ledger.tables[name][column] for name, columns in _HAPPENED.items() for column in columns]
        # A typing error, such as 2032 for 2022, does not change the day of the count.
        last = last_plausible(pd.concat(dates, ignore_index=True))
        last = otherwise if last is None else last
        if last is None:
            raise ValueError(
                message("the ledger holds no date of anything that happened; give on=, such as '2022-12-31'")
            )
        return pd.Timestamp(last).normalize()
    return as_day(on)


@dataclass(frozen=True)
class Facts:
    """Demands ready to be counted by an engine.

    Attributes
    ----------
    table
        Ibis table, one row for each demand raised by ``on`` or on an unknown day: ``enterprise_id``,
        ``status``, the flags in_remit, satisfied and reopened; ``raised``, ``assigned``, ``settled``,
        ``fed_back`` as numbers of ``_calendar.elapsed_days``, missing where there is no such day up to
        ``on``; ``month``, ``settled_month`` and ``closed_month``, counted from January 1970; ``is_settled``,
        ``is_fed_back`` and ``is_closed`` (closed without being solved); ``undated`` (whether the day it was
        raised or settled is unknown) and ``closed_undated``; ``again`` (reopened, and dealt with again);
        ``days`` (until it was settled, or not settled so far); and ``by_0``, ``by_1``, … for each group.
    names
        What the groups are called.
    on
        Day of the count.
    now
        Number of that day.
    engine
        Backend that counts.
    given
        The data of ``table``.
    """

    table: ibis.Table
    names: tuple[str, ...]
    on: pd.Timestamp
    now: int
    engine: ibis.BaseBackend
    given: dict[str, pa.Table]

    @property
    def keys(self) -> list[str]:
        """Columns of the groups in ``table``."""
        return [f"by_{i}" for i in range(len(self.names))]

    def collect(self, counted: ibis.Table, *order: str) -> pd.DataFrame:
        """Run an expression; the groups get their own names, and rows are sorted by them and ``order``."""
        frame: pd.DataFrame = collect(self.engine, counted, self.given).to_pandas()
        frame = frame.rename(columns=dict(zip(self.keys, self.names, strict=True)))
        if "month" in self.names:
            frame["month"] = month_text(frame["month"])
        for name in self.names:
            frame[name] = frame[name].astype("str")
        columns = [*self.names, *order]
        return frame.sort_values(columns, ignore_index=True) if columns else frame


def month_text(months: pd.Series) -> pd.Series:
    """Months counted from January 1970 as text.

    Examples
    --------
    >>> month_text(pd.Series([626, None])).tolist()
    ['2022-03', nan]
    """
    texts = [None if pd.isna(m) else f"{1970 + int(m) // 12}-{int(m) % 12 + 1:02}" for m in months]
    return pd.Series(texts, index=months.index, dtype="str")


def by_group(counts: pd.DataFrame, names: tuple[str, ...]) -> Iterator[tuple[tuple[Any, ...], pd.DataFrame]]:
    """Go through the rows of each group, in order; all at once where there are no groups."""
    if not names:
        yield (), counts
        return
    for key, part in counts.groupby(list(names), dropna=False, sort=True):
        yield key if isinstance(key, tuple) else (key,), part


def demand_facts(
    ledger: Ledger,
    by: By = None,
    *,
    on: Any = None,
    unit: Unit = "calendar",
    engine: ibis.BaseBackend | None = None,
    in_order: bool = True,
) -> Facts:
    """Make the table from which follow-up measures are counted.

    A demand is settled when it has a day of settlement up to ``on``, unless it was reopened and its status
    says that it is being dealt with again: then that settlement did not hold, and it counts as open. A
    demand whose status says settled while no day is given was settled on an unknown day (``undated``). One
    that cannot be solved or was not accepted is closed without being settled, on the day that stands as that
    of settlement or feedback, or on an unknown one.

    Parameters
    ----------
    ledger
        Its demands; enterprises where a group is theirs.
    by
        What to group by: ``month`` (in which it was raised), a column of demands or of enterprises
        (``town``, ``owner``, ``category``, …), a mapping or Series from demand_id to a group (a Series'
        name becomes the column's), a list of several of these, or nothing. A missing group stays a group.
    on
        Day of the count; by default the ledger's last date (see ``count_day``).
    unit
        ``calendar`` days, or ``working`` days of mainland China.
    engine
        Where expressions are carried out; by default that of ``options``, else DuckDB in this process.
    in_order
        Whether a settlement before the day on which the demand was raised is refused.

    Raises
    ------
    LedgerError
        Demands were settled before they were raised; ``problems`` lists every one.
    ValueError
        No such column, two groups of one name, or a day outside the years of the working-day calendar.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> facts = demand_facts(load_liangjiang(), "town", on="2022-12-31")
    >>> facts.collect(facts.table.group_by(facts.keys).agg(n=facts.table.count())).to_numpy().tolist()
    [['水土', 154], ['鱼复', 170], ['龙兴', 152]]
    """
    import ibis
    import pyarrow as pa

    check_unit(unit)
    day = count_day(ledger, on)
    groups = _groups(ledger, by)
    if in_order:
        _refuse_backwards(ledger)
    today = np.array([np.datetime64(day, "D").astype(np.int64)])
    now = int(elapsed_days(today, unit)[0])
    columns = _columns(ledger.demands, int(today[0]), unit)
    firms = {"firm": _texts(ledger.enterprises["enterprise_id"])}
    for i, group in enumerate(groups):
        if group.cells is not None:
            (firms if group.of_enterprises else columns)[f"by_{i}"] = _texts(group.cells.astype("str"))
    given = {"demands": pa.table(columns), "firms": pa.table(firms)}
    tables = tables_like(given)
    table = tables["demands"].filter(~ibis._.later).drop("later")
    if len(firms) > 1:
        right = tables["firms"]
        table = table.left_join(right, table.enterprise_id == right.firm).drop("firm")
    table = _with_state(table, now)
    months = {f"by_{i}": table.month for i, group in enumerate(groups) if group.cells is None}
    table = table.mutate(**months) if months else table
    return Facts(table, tuple(group.name for group in groups), day, now, engine_for(engine), given)


def _texts(cells: pd.Series) -> Any:
    import pyarrow as pa

    return pa.Array.from_pandas(cells, type=pa.string())


def _columns(demands: pd.DataFrame, today: int, unit: Unit) -> dict[str, Any]:
    """Arrow columns: texts and flags as they are, days as numbers of ``_calendar.elapsed_days``.

    Days have no nulls, since Ibis would make each of a column null on Spark if one is: ``absent_<day>`` says
    where there is none up to today, and ``no_<day>`` where none was given.
    """
    import pyarrow as pa

    unsolved = demands["status"].isin(CLOSED_UNSOLVED)
    days_of = {name: demands[f"{name}_on"] for name in DATES}
    days_of["closed"] = closing_days(demands)
    days_of["settled"] = days_of["settled"].mask(unsolved)
    columns: dict[str, Any] = {name: _texts(demands[name]) for name in ("enterprise_id", "status")}
    columns["unsolved"] = pa.array(unsolved.to_numpy(dtype=bool))
    for flag in _FLAGS:
        columns[flag] = pa.Array.from_pandas(demands[flag].astype("boolean"), type=pa.bool_())
    for name, dates in days_of.items():
        days, missing = day_numbers(dates)
        columns[f"no_{name}"] = pa.array(missing)
        after = ~missing & (days > today)
        if name == "raised":
            columns["later"] = pa.array(after)
        absent = missing | after
        numbers = np.zeros(len(days), dtype=np.int32)
        numbers[~absent] = elapsed_days(days[~absent], unit)
        columns[name], columns[f"absent_{name}"] = pa.array(numbers), pa.array(absent)
        if name in _MONTHS:
            months = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int32)
            columns[_MONTHS[name]] = pa.array(months)
    return columns


def _with_state(table: ibis.Table, now: int) -> ibis.Table:
    """Add what follows from the days and the status; a day that is not there becomes null."""
    import ibis

    names = (*DATES, "closed")
    days = {
        name: table[f"absent_{name}"].ifelse(ibis.null("int64"), table[name].cast("int64")) for name in names
    }
    months = {
        month: table[f"absent_{name}"].ifelse(ibis.null("int64"), table[month].cast("int64"))
        for name, month in _MONTHS.items()
    }
    table = table.mutate(**days, **months).drop(*(f"absent_{name}" for name in names))
    status = table.status.fill_null("")
    opened = [word for word in LOOP_STATUSES if word not in DONE]
    table = table.mutate(
        again=table.reopened.fill_null(False) & status.isin(opened),  # noqa: FBT003 - ibis names it differently by type
        settled_by_status=table.no_settled & status.isin(DONE),
        is_closed=table.unsolved & (is_known(table.closed) | table.no_closed),
        is_fed_back=is_known(table.fed_back) | (table.no_fed_back & (status == DONE[1])),
    )
    table = table.mutate(
        is_settled=(is_known(table.settled) & ~table.again) | table.settled_by_status,
        undated=table.no_raised | table.settled_by_status,
        closed_undated=table.unsolved & table.no_closed,
    )
    waited = ibis.ifelse(table.is_settled, table.settled, now) - table.raised
    return table.mutate(days=waited).drop(*(f"no_{name}" for name in names), "settled_by_status", "unsolved")


def closing_days(demands: pd.DataFrame) -> pd.Series:
    """Day on which each demand was closed without being solved: that of settlement, or else of feedback.

    Missing for every other demand, and where neither is known.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> demands = load_liangjiang().demands.head(2).assign(settled_on=pd.Timestamp("2022-05-01"))
    >>> closing_days(demands.assign(status=["cannot be solved", "settled"])).dt.day.tolist()
    [1.0, nan]
    """
    day = demands["settled_on"].fillna(demands["fed_back_on"])
    return day.where(demands["status"].isin(CLOSED_UNSOLVED))


def has_states(demands: pd.DataFrame) -> bool:
    """Whether anything is written down of what became of demands: a state, or the day of an answer.

    Parameters
    ----------
    demands
        As in ``Ledger.demands``.

    Returns
    -------
    bool
        False where no demand has a state, or a day of answer, settlement or feedback; True without demands.

    Raises
    ------
    ValueError
        A column is missing.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> has_states(load_liangjiang().demands)
    True
    """
    columns = ["status", "settled_on", "fed_back_on", "responded_on"]
    check_frame(demands, "demands", columns, source="Ledger.demands")
    return demands.empty or bool(demands[columns].notna().to_numpy().any())


def has_settling_days(demands: pd.DataFrame) -> bool:
    """Whether any settled demand has the day on which it was settled, so that durations can be counted.

    Parameters
    ----------
    demands
        As in ``Ledger.demands``.

    Returns
    -------
    bool
        False where states say settled and no demand has the day.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> has_settling_days(load_liangjiang().demands)
    True
    """
    check_frame(demands, "demands", ["status", "settled_on"])
    days = demands["settled_on"].mask(demands["status"].isin(CLOSED_UNSOLVED))
    return bool(days.notna().any())


@dataclass(frozen=True)
class _Group:
    """What demands are grouped by: a cell for each of them or for each enterprise; none for the month."""

    name: str
    cells: pd.Series | None = None
    of_enterprises: bool = False


def is_known(column: Any) -> Any:
    """Whether a column of an Ibis table holds a value."""
    return column.notnull()  # noqa: PD004 - ibis knows no notna


def _groups(ledger: Ledger, by: By) -> list[_Group]:
    if by is None:
        return []
    groups: list[_Group] = []
    for one in by if isinstance(by, Sequence) and not isinstance(by, str) else [by]:
        if isinstance(one, str):
            groups.append(_named(ledger, one))
        elif isinstance(one, pd.Series | Mapping):
            name = str(one.name) if isinstance(one, pd.Series) and one.name is not None else "group"
            if isinstance(one, pd.Series) and one.index.has_duplicates:
                again = one.index[one.index.duplicated()][0]
                raise ValueError(f"by: expected one group per demand_id, got several for {again!r}")
            groups.append(_Group(name, ledger.demands["demand_id"].map(one)))
        else:
            raise ValueError(  # noqa: TRY004 - as for any other wrong group
                f"by: names of columns, or mappings from demand_id to a group, expected; got {one!r}"
            )
    names = [group.name for group in groups]
    if len(set(names)) < len(names):
        raise ValueError(f"by: each group needs a name of its own; got {names!r}; name the Series")
    return groups


def group_columns(ledger: Ledger, by: By) -> pd.DataFrame:
    """Write the group of each demand, one column for each group, with the index of ``ledger.demands``.

    Raises
    ------
    ValueError
        As ``demand_facts``.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> group_columns(load_liangjiang(), ["town", "month"]).iloc[0].tolist()
    ['鱼复', '2022-01']
    """
    demands, frame = ledger.demands, pd.DataFrame(index=ledger.demands.index)
    firms = ledger.enterprises.drop_duplicates("enterprise_id")["enterprise_id"]
    for group in _groups(ledger, by):
        if group.cells is None:
            frame[group.name] = demands["raised_on"].dt.strftime("%Y-%m").astype("str")
        elif group.of_enterprises:
            cells = group.cells.loc[firms.index].set_axis(firms)
            frame[group.name] = demands["enterprise_id"].map(cells).astype("str")
        else:
            frame[group.name] = group.cells.astype("str")
    return frame


def _named(ledger: Ledger, name: str) -> _Group:
    if name == "month":
        return _Group(name)
    for frame in (ledger.demands, ledger.enterprises):
        if name in frame.columns:
            return _Group(name, frame[name], of_enterprises=frame is ledger.enterprises)
    columns = {"month", *ledger.demands.columns, *ledger.enterprises.columns} - {"text", "name", "demand_id"}
    raise ValueError(
        f"by: no column {name!r} in demands or enterprises; there are {', '.join(sorted(columns))}; "
        "or give a mapping or Series from demand_id to a group"
    )


def _refuse_backwards(ledger: Ledger) -> None:
    """Raise a ``LedgerError`` with every demand that was settled before it was raised."""
    demands = ledger.demands
    wrong = np.flatnonzero((demands["settled_on"] < demands["raised_on"]).fillna(value=False))
    if not len(wrong):
        return
    rows = [
        {
            "sheet": "demands",
            "row": int(i) + 2,
            "column": "settled_on",
            "value": f"{row['settled_on']:%Y-%m-%d}",
            "reason": message(
                "{demand} was raised on {day:%Y-%m-%d}, after it was settled; correct one of the dates",
                demand=row["demand_id"],
                day=row["raised_on"],
            ),
        }
        for i, row in zip(wrong.tolist(), demands.iloc[wrong].to_dict("records"), strict=True)
    ]
    raise LedgerError(ledger.source, pd.DataFrame(rows, columns=PROBLEM_COLUMNS).astype({"row": "Int64"}))
