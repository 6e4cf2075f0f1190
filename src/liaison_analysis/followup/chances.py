"""When each open demand will be settled: its probability to be in time, its expected day, and the factors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from liaison_analysis._calendar import WITHIN, Unit, check_unit, day_numbers, due_days, elapsed_days
from liaison_analysis._checks import check_frame
from liaison_analysis._options import Language, language_for
from liaison_analysis._stats import ridge_cox
from liaison_analysis.followup.facts import count_day
from liaison_analysis.followup.reminders import closed_by, settled_by
from liaison_analysis.ledger import as_ledger

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from liaison_analysis._stats import RidgeCox
    from liaison_analysis.ledger import Ledger

#: Columns that settlement may depend on, those of demands before those of enterprises; used where they are
#: there and take more than one value.
FACTORS: Final = ("owner", "kind", "in_remit", "town")
#: Probability of settlement in time below which an open demand counts as a likely breach; judgement: one
#: half.
LIKELY_BREACH: Final = 0.5

_NAMES: Final[dict[str, str]] = {
    "owner": "责任部门", "kind": "诉求类别", "in_remit": "职责范围内", "town": "所在片区", "theme": "主题",
}  # fmt: skip
_FLAGS: Final = {"true": "是", "false": "否"}
_NAMES_EN: Final = {"owner": "department", "kind": "category", "in_remit": "in remit"}
_FLAGS_EN: Final = {"true": "yes", "false": "no"}
# A factor that changes the speed by less than a twentieth is not named as a driver (judgement).
_NAMED: Final = 0.05


@dataclass(frozen=True, eq=False)
class _Table:
    """Demands as numbers: the value of each factor, days waited, whether settled, whether open."""

    rows: pd.DataFrame
    codes: NDArray[np.int64]
    levels: list[list[str]]
    days: NDArray[np.int64]
    settled: NDArray[np.bool_]
    is_open: NDArray[np.bool_]


def settlement_chances(
    ledger: Ledger,
    on: Any = None,
    *,
    within: int | Mapping[str, int] = WITHIN,
    unit: Unit = "calendar",
    by: Sequence[str] = FACTORS,
    groups: Mapping[str, Mapping[Any, Any]] | None = None,
    language: Language | None = None,
) -> pd.DataFrame:
    """Estimate for each open demand the probability of settlement within its limit, and the expected day.

    A proportional-hazards model (Cox 1972; Kalbfleisch and Prentice’s baseline) of the days from raised to
    settled, with the open demands as right-censored. Each value of each factor (department, kind, remit,
    town) has an effect that is shrunk towards zero, more strongly for few demands and small differences: a
    Gaussian prior per factor, its variance by type-II maximum likelihood (MacKay 1992,
    https://doi.org/10.1162/neco.1992.4.3.415). So three demands of a department do not determine its curve.
    Only what was known on the day counts. Demands that were closed without being solved enter the fit as
    never settled (Fine and Gray’s sub-distribution, see ``time_to_settle``) and are not listed, so the chance
    allows for others that will end like them.

    Parameters
    ----------
    ledger
        Its demands; enterprises for columns of theirs.
    on
        Day of the count; by default the last date of anything that happened in the ledger.
    within
        Days allowed from the day a demand was raised; or days by demand_id, 30 for a demand that it lacks.
    unit
        ``calendar`` days, or ``working`` days of mainland China.
    by
        Columns of demands or of enterprises that settlement may depend on; those that are missing or take
        only one value are left out.
    groups
        Further factors: name → mapping from demand_id to a value, such as themes.
    language
        Of ``drivers``: ``"zh"`` or ``"en"``.

    Returns
    -------
    DataFrame
        One row for each open demand of known day: demand_id, enterprise_id, owner, raised_on, days (waited),
        due_on, chance (to be settled by due_on, given that it is still open; 0 if that day is past),
        expected_on (the day by which half of such demands are settled; missing: not reached within the days
        that the ledger has seen), unit, likely_breach (not over its limit yet and ``chance`` below one
        half), speed (settlements a day compared with the average, 1: as fast), drivers (factors that change
        it, the strongest first).
        By chance, then days left, then demand_id. ``attrs``: on, n (demands learnt from), n_settled.

    Raises
    ------
    ValueError
        ``within`` is below 0, no demand was settled by that day, or a day lies outside the years of the
        working-day calendar.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> chances = settlement_chances(load_liangjiang(), "2022-12-31", within=60)
    >>> len(chances), chances["chance"].between(0, 1).all().item()
    (278, True)
    """
    ledger = as_ledger(ledger)
    check_unit(unit)
    if min(within.values(), default=0) < 0 if isinstance(within, Mapping) else within < 0:
        raise ValueError(f"within must be a number of days, 0 or more; got {within!r}")
    day = count_day(ledger, on)
    table = _known_by(ledger, day, unit, by, groups or {})
    model = fit_settlement(table)
    waiting = np.flatnonzero(table.is_open)
    log_speed = model.log_speed(table.codes[waiting])
    waited = table.days[waiting]
    rows = table.rows.iloc[waiting]
    allowed = _allowed(rows["demand_id"], within)
    chance = 1 - model.survival(allowed, log_speed, given=waited)
    median = model.median(log_speed, given=waited)
    raised, _ = day_numbers(rows["raised_on"])
    reached = ~np.isnan(median)
    expected = np.full(len(rows), np.datetime64("NaT"), dtype="datetime64[s]")
    for length in np.unique(median[reached]).astype(int).tolist():
        here = reached & (median == length)
        expected[here] = due_days(raised[here], length, unit).astype("datetime64[D]")
    over = waited >= allowed
    frame = rows[["demand_id", "enterprise_id", "owner", "raised_on"]].assign(
        days=waited,
        due_on=due_days(raised, allowed, unit).astype("datetime64[D]").astype("datetime64[s]"),
        chance=np.where(over, 0.0, chance).round(3),
        expected_on=expected,
        unit=unit,
        speed=np.exp(log_speed).round(3),
        drivers=_drivers(model, table, waiting, language_for(language)),
    )
    frame["likely_breach"] = frame["chance"].lt(LIKELY_BREACH) & ~over
    columns = ["demand_id", "enterprise_id", "owner", "raised_on", "days", "due_on", "chance", "expected_on"]
    frame = frame[[*columns, "unit", "likely_breach", "speed", "drivers"]]
    order = ["chance", "due_on", "demand_id"]
    frame = frame.sort_values(order, ascending=[True, True, True], ignore_index=True)
    frame.attrs = {"on": day, "n": len(table.rows), "n_settled": int(table.settled.sum())}
    return frame


def _allowed(ids: pd.Series, within: int | Mapping[str, int]) -> NDArray[np.int64]:
    """Days allowed for each demand."""
    if not isinstance(within, Mapping):
        return np.full(len(ids), within, dtype=np.int64)
    return np.array([within.get(one, WITHIN) for one in ids], dtype=np.int64)


def chances_by_limit(
    ledger: Ledger, on: Any, due: pd.DataFrame, *, language: Language | None = None
) -> pd.DataFrame:
    """Chances of the demands that have a limit, each by its own, with its pauses.

    Parameters
    ----------
    ledger, on, language
        As in ``settlement_chances``.
    due
        Rows of stage ``close`` of ``check_limits``.

    Returns
    -------
    DataFrame
        As ``settlement_chances`` gives it, for the demands in ``due``.

    Raises
    ------
    ValueError
        As ``settlement_chances``.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> from liaison_analysis.followup import check_limits
    >>> ledger = load_liangjiang()
    >>> due = check_limits(ledger, "2022-12-31", limits="60 min / 24 h / 7 d")
    >>> chances = chances_by_limit(ledger, "2022-12-31", due[due["stage"].eq("close")])
    >>> set((chances["due_on"] - chances["raised_on"]).dt.days)
    {7}
    """
    ledger = as_ledger(ledger)
    check_frame(due, "due", ["demand_id", "within", "unit", "paused"], source="check_limits")
    parts = []
    for unit in ("calendar", "working"):
        mine = due[due["unit"].eq(unit)]
        if unit == "calendar" or len(mine):
            within = dict(zip(mine["demand_id"], mine["within"] + mine["paused"], strict=True))
            chances = settlement_chances(ledger, on, within=within, unit=unit, language=language)
            parts.append(chances[chances["demand_id"].isin(mine["demand_id"])])
    both = pd.concat(parts, ignore_index=True)
    return both.sort_values(["chance", "due_on", "demand_id"], ignore_index=True)


def fit_settlement(table: _Table) -> RidgeCox:
    """Fit the model to demands as numbers.

    Raises
    ------
    ValueError
        None of them was settled.
    """
    if not table.settled.any():
        raise ValueError(
            "no demand was settled by that day, so there is nothing to learn from; choose a later on=, or "
            "enter days of settlement"
        )
    return ridge_cox(table.days, table.settled, table.codes, [len(values) for values in table.levels])


def _known_by(
    ledger: Ledger,
    day: pd.Timestamp,
    unit: Unit,
    by: Sequence[str],
    groups: Mapping[str, Mapping[Any, Any]],
) -> _Table:
    """Demands raised by a day, as they were known on it; those of unknown days are left out."""
    demands = ledger.demands
    settled = settled_by(demands, day)
    dated = demands["raised_on"].le(day) & (~settled | demands["settled_on"].notna())
    dated &= ~(settled & demands["settled_on"].lt(demands["raised_on"]))
    kept = dated.fillna(value=False).to_numpy(dtype=bool)
    rows, done = demands[kept], settled.to_numpy(dtype=bool)[kept]
    cells = _factors(ledger, rows, day, by, groups)
    codes, values = [], []
    for name, column in cells.items():
        # In order of the values, so that the same ledger in another order gives the same numbers.
        code, seen = pd.factorize(column, sort=True)
        if len(seen) > 1:
            codes.append(code)
            values.append([f"{name}={value}" for value in seen])
    ends, _ = day_numbers(rows["settled_on"].where(done, day))
    raised, _ = day_numbers(rows["raised_on"])
    days = elapsed_days(ends, unit) - elapsed_days(raised, unit)
    matrix = np.column_stack(codes) if codes else np.zeros((len(rows), 0))
    is_open = ~done & ~closed_by(rows, day).to_numpy(dtype=bool)
    return _Table(rows, matrix.astype(np.int64), values, days.astype(np.int64), done, is_open)


def _factors(
    ledger: Ledger,
    rows: pd.DataFrame,
    day: pd.Timestamp,
    by: Sequence[str],
    groups: Mapping[str, Mapping[Any, Any]],
) -> dict[str, pd.Series]:
    """Value of each factor as a text; a missing one is a value of its own, the empty text."""
    cells: dict[str, pd.Series] = {}
    for name in by:
        if name in rows:
            cells[name] = rows[name]
        elif name in ledger.enterprises:
            of = ledger.enterprises.drop_duplicates("enterprise_id").set_index("enterprise_id")[name]
            cells[name] = rows["enterprise_id"].map(of)
    if "owner" in cells:
        # Who would be assigned later was not known yet.
        cells["owner"] = cells["owner"].mask(rows["assigned_on"].gt(day).fillna(value=False).astype(bool))
    for name, mapping in groups.items():
        cells[name] = rows["demand_id"].map(mapping)
    return {name: column.astype("str").str.lower().fillna("") for name, column in cells.items()}


def _drivers(model: RidgeCox, table: _Table, rows: NDArray[np.int64], language: Language) -> list[str]:
    """For each row the factors that change its speed, the strongest first."""
    cells, cell = np.unique(table.codes[rows], axis=0, return_inverse=True)
    effects = model.effects(cells)
    texts = [[_in_words(value, language) for value in values] for values in table.levels]
    written = []
    for codes, row in zip(cells, effects, strict=True):
        order = np.argsort(-np.abs(row.round(6)), kind="stable")
        named = [k for k in order if abs(np.expm1(row[k])) >= _NAMED]
        written.append("；".join(f"{texts[k][codes[k]]} ×{np.exp(row[k]):.2f}" for k in named))
    return [written[i] for i in cell.ravel()]


def _in_words(value: str, language: Language) -> str:
    name, _, cell = value.partition("=")
    if language == "en":
        return f"{_NAMES_EN.get(name, name)} {_FLAGS_EN.get(cell, cell) or 'unknown'}"
    return f"{_NAMES.get(name, name)} {_FLAGS.get(cell, cell) or '未填'}"
