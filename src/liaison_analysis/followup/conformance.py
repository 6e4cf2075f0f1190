"""Whether demands go through the loop in order: collected, assigned, solving, settled, fed back."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from liaison_analysis._stats import RATE, with_rates
from liaison_analysis.followup.facts import DATES, DONE, By, Facts, demand_facts, is_known
from liaison_analysis.ledger import CLOSED_UNSOLVED, LOOP_STATUSES, as_ledger

if TYPE_CHECKING:
    import ibis

    from liaison_analysis._calendar import Unit
    from liaison_analysis.ledger import Ledger

#: Steps of the loop, in order; those of a date have its name in ``_DATED``.
STEPS: Final = LOOP_STATUSES
_DATED: Final = dict(zip(("collected", "assigned", "settled", "fed back"), DATES, strict=True))
_PLACE: Final = {step: i for i, step in enumerate([*_DATED, *(f"({status})" for status in STEPS)])}
_WHY: Final = ("waiting", "skipped", "out_of_order", "closed")


def _patterns(facts: Facts) -> pd.DataFrame:
    """Count demands by which steps have a day, and in which order: a few hundred rows, however many demands.

    Columns of the groups, status, again, is_closed, has_<date>, <earlier>_<later> (whether the step that
    should come first does not come after the other; missing where one has no day), n, and
    days_<earlier>_<later> (their sum).
    """
    table = facts.table
    has = {f"has_{name}": is_known(table[name]) for name in DATES}
    pairs = [(a, b) for i, a in enumerate(DATES) for b in DATES[i + 1 :]]
    order = {f"{a}_{b}": table[a] <= table[b] for a, b in pairs}
    table = table.mutate(**has, **order)
    sums = {f"days_{a}_{b}": (table[b] - table[a]).sum() for a, b in pairs}
    flags = ["again", "is_closed"]
    counted = table.group_by([*facts.keys, "status", *flags, *has, *order]).agg(n=table.count(), **sums)
    return facts.collect(counted, "status", *flags, *has, *order)


def _trace(pattern: dict[str, Any]) -> list[str]:
    """Sort the steps that have a day by day; steps of the same day in the order of the loop."""
    steps = [step for step, name in _DATED.items() if pattern[f"has_{name}"]]

    def place(step: str) -> int:
        mine = DATES.index(_DATED[step])
        before = 0
        for other in steps:
            theirs = DATES.index(_DATED[other])
            if theirs < mine:
                before += bool(pattern[f"{_DATED[other]}_{_DATED[step]}"])
            elif theirs > mine:
                before += not pattern[f"{_DATED[step]}_{_DATED[other]}"]
        return before

    return sorted(steps, key=place)


def _left(pattern: dict[str, Any], steps: dict[str, bool]) -> tuple[str, str]:
    """Last step reached in order, and why the next was not: waiting, skipped, …, closed, or done."""
    reached, why = _end(pattern, steps)
    return (reached, "closed") if pattern["is_closed"] and why == "waiting" else (reached, why)


def _end(pattern: dict[str, Any], steps: dict[str, bool]) -> tuple[str, str]:
    """As ``_left``, closed or not; ``steps`` says of each step whether the ledger has days of it."""
    status = pattern["status"] if isinstance(pattern["status"], str) else ""
    if not pattern["has_raised"]:
        return "", "skipped" if _trace(pattern) else "waiting"
    if pattern["again"]:
        # The settlement did not hold: the demand is back where its status says.
        pattern = pattern | {"has_settled": False, "has_fed_back": False}
    beyond = STEPS.index(status) if status in STEPS else 0
    reached = "collected"
    order = list(steps)
    for before, step in pairwise(order):
        past = beyond >= STEPS.index(step)
        if steps[step]:
            here = bool(pattern[f"has_{_DATED[step]}"])
            earlier = [_DATED[s] for s in order[: order.index(step)] if steps[s]]
            in_order = here and all(pattern[f"{name}_{_DATED[step]}"] for name in earlier)
        else:
            # No day of it: passed where the status says so, or a settlement shows that it was begun.
            here = past or (step == "solving" and pattern["has_settled"])
            in_order = True
        if not here:
            later = [s for s in order[order.index(step) + 1 :] if steps[s] and pattern[f"has_{_DATED[s]}"]]
            return before, "skipped" if later or past else "waiting"
        if not in_order:
            return before, "out_of_order"
        reached = step
    return reached, "done"


def loop_conformance(
    ledger: Ledger,
    by: By = None,
    *,
    on: Any = None,
    engine: ibis.BaseBackend | None = None,
    written_only: bool = False,
) -> pd.DataFrame:
    """Share of demands that went through the loop in order, step by step, and where the others left it.

    A demand reaches a step in order if it has that step's day and every step before it, none of them later.
    Steps on the same day are in order. The ledger has no day of ``solving``: it counts as passed where the
    status says so or the demand was settled.

    Parameters
    ----------
    ledger, by, on, engine
        As in ``settlement``.
    written_only
        Whether to leave out steps that the ledger does not record: ``assigned`` and ``fed back`` where no
        demand has the day, nor, of feedback, the status. Where no demand has the day of settlement, the
        status says who was settled.

    Returns
    -------
    DataFrame
        Columns of the groups, step, numerator (reached it in order), denominator (all), rate, low, high, few,
        and of those that did not go on: left, waiting (the next step has not come), skipped (it has no day
        though a later one has, or the status says that it is past), out_of_order (it came before an
        earlier one), closed (it cannot be solved, or was not accepted). The last row of a group, ``fed back``
        where the ledger knows of feedback, has the share that went through in order. A
        demand without the day it was raised reaches no step.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> steps = loop_conformance(load_liangjiang())
    >>> steps[["step", "numerator", "rate", "left", "waiting", "skipped"]].round(3)
            step  numerator   rate  left  waiting  skipped
    0  collected        476  1.000    23       23        0
    1   assigned        453  0.952    88       88        0
    2    solving        365  0.767   167      167        0
    3    settled        198  0.416    39       39        0
    4   fed back        159  0.334     0        0        0
    """
    ledger = as_ledger(ledger)
    facts = demand_facts(ledger, by, on=on, engine=engine, in_order=False)
    patterns = _patterns(facts)
    records: list[dict[str, Any]] = patterns.to_dict("records")  # type: ignore[assignment]
    steps = _written_steps(patterns) if written_only else {step: step in _DATED for step in STEPS}
    ends = pd.DataFrame([_left(record, steps) for record in records], columns=["reached", "why"])
    counted = pd.concat([patterns[[*facts.names, "n"]], ends], axis=1)
    rows = []
    parts = counted.groupby(list(facts.names), dropna=False, sort=True) if facts.names else [((), counted)]
    for key, part in parts:
        place = part["reached"].map({step: i for i, step in enumerate(steps)}).fillna(-1)
        for i, step in enumerate(steps):
            here = part.loc[place.eq(i)]
            stopped = [int(here.loc[here["why"].eq(why), "n"].sum()) for why in _WHY]
            reached = int(part.loc[place.ge(i), "n"].sum())
            rows.append((*key, step, reached, int(part["n"].sum()), sum(stopped), *stopped))
    columns = [*facts.names, "step", "numerator", "denominator", "left", *_WHY]
    frame = with_rates(pd.DataFrame(rows, columns=columns))
    frame.attrs["on"] = facts.on
    return frame[[*columns[: -len(_WHY) - 1], "rate", "low", "high", "few", "left", *_WHY]]


def _written_steps(patterns: pd.DataFrame) -> dict[str, bool]:
    """List the steps that the ledger records, each with whether it has days of it.

    A demand may be solved without ever being assigned to anybody else, so that no status shows it.
    """
    statuses = set(patterns["status"].dropna())
    steps = {}
    for step in STEPS:
        dated = step in _DATED and bool(patterns[f"has_{_DATED[step]}"].any())
        if dated or step in {STEPS[0], "solving", "settled"} or (step == DONE[1] and step in statuses):
            steps[step] = dated
    return steps


def directly_follows(
    ledger: Ledger,
    by: By = None,
    *,
    on: Any = None,
    unit: Unit = "calendar",
    engine: ibis.BaseBackend | None = None,
) -> pd.DataFrame:
    """Count which step comes directly after which, by the days of each demand.

    The directly-follows table of process mining (van der Aalst, Process Mining, 2016, section 6). Only steps
    of a day count, ``solving`` has none; where a demand ends, ``next_step`` says what its status is, as in
    ``(solving)``.

    Parameters
    ----------
    ledger, by, on, unit, engine
        As in ``time_to_settle``.

    Returns
    -------
    DataFrame
        Columns of the groups, step, next_step, numerator, denominator (all that had the step), rate, low,
        high, few, mean_days (between the two; missing at the end), unit, in_order (whether the loop has
        this transition).

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> flow = directly_follows(load_liangjiang())
    >>> flow.loc[flow["step"].eq("settled"), ["next_step", "numerator", "denominator"]].to_numpy().tolist()
    [['fed back', 159, 198], ['(settled)', 39, 198]]
    """
    ledger = as_ledger(ledger)
    facts = demand_facts(ledger, by, on=on, unit=unit, engine=engine, in_order=False)
    rows = []
    for record in _patterns(facts).to_dict("records"):
        group = tuple(record[name] for name in facts.names)
        status = record["status"] if isinstance(record["status"], str) else "no status"
        trace = _trace(record)  # type: ignore[arg-type]
        for step, after in pairwise([*trace, f"({status})"]):
            rows.append((*group, step, after, record["n"], _days_between(record, step, after)))
    names = list(facts.names)
    frame = pd.DataFrame(rows, columns=[*names, "step", "next_step", "numerator", "days"])
    grouped = frame.groupby([*names, "step", "next_step"], dropna=False, sort=False)[["numerator", "days"]]
    frame = grouped.sum(min_count=1).reset_index()
    whole = frame.groupby([*names, "step"], dropna=False)["numerator"].transform("sum")
    frame["denominator"] = whole
    frame["from"], frame["to"] = (frame[c].map(_PLACE).fillna(len(_PLACE)) for c in ("step", "next_step"))
    frame = with_rates(frame.sort_values([*names, "from", "to"], ignore_index=True))
    frame["mean_days"] = (frame["days"] / frame["numerator"]).astype("float64")
    # A demand that has been settled and stands at an earlier status came back into the loop.
    back = frame["from"].ge(_PLACE["settled"]) & ~frame["next_step"].isin([f"({status})" for status in DONE])
    closed = frame["next_step"].isin([f"({status})" for status in CLOSED_UNSOLVED])
    back &= ~closed
    ends = frame["next_step"].str.startswith("(")
    frame["in_order"] = np.where(ends, ~back, frame["to"].eq(frame["from"] + 1))
    frame.attrs["on"] = facts.on
    frame["unit"] = unit
    columns = ["step", "next_step", *RATE, "mean_days", "unit", "in_order"]
    return frame[[*names, *columns]]


def _days_between(record: dict[Any, Any], step: str, after: str) -> float:
    """Sum of days between two steps over the demands of a pattern; NaN at the end."""
    if after not in _DATED:
        return float("nan")
    one, other = _DATED[step], _DATED[after]
    if DATES.index(one) < DATES.index(other):
        return float(record[f"days_{one}_{other}"])
    return -float(record[f"days_{other}_{one}"])
