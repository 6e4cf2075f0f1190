"""Who meets whom in which slot: the best schedule of meetings, and the proof of how good it is."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from liaison_analysis.matching import MeetingAnswer, MeetingProblem, incidence, solve_meetings

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray
    from scipy.sparse import csr_array

_PAIR_COLUMNS = ["a", "b", "score"]
_REFUSED = ["no thanks", "already met"]
_WISHES = ["must", "meet", *_REFUSED]


def schedule_meetings(
    pairs: pd.DataFrame,
    *,
    slots: int,
    tables: int,
    unavailable: Mapping[Any, Collection[int]] | None = None,
    min_meetings: int | Mapping[Any, int] = 0,
    max_meetings: int | Mapping[Any, int] | None = None,
    locked: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Choose the meetings worth most and give each a slot and a table.

    Parameters
    ----------
    pairs
        DataFrame[a, b, score]: who could meet whom and what the meeting is worth. Each two participants
        stand at most once, in either order. A column ``wish`` may say more of a pair: "must" (a promise, as
        those of ``min_meetings``), "meet" or nothing, "no thanks" or "already met" (never scheduled). Other
        columns are ignored.
    slots, tables
        How many slots there are and how many meetings can go on at the same time; both are numbered from 0.
    unavailable
        The slots in which a participant cannot meet; who is not named can always.
    min_meetings
        How many meetings everybody in ``pairs`` is promised, or a number for each participant named. Where
        not all promises can be kept, as few meetings as possible are missing, and only then counts the score.
    max_meetings
        How many meetings a participant has at most, one number for all or one for each participant named.
    locked
        DataFrame[slot, a, b] and perhaps ``table``: meetings already accepted. They stand as they are, the
        rest is planned around them; each is one of ``pairs``. They count for ``min_meetings`` and
        ``max_meetings`` but are never taken away.

    Returns
    -------
    DataFrame[slot, table, a, b, score], sorted by slot and table; in a slot the meetings worth most have the
    first tables that are not locked. ``attrs`` holds floats: ``value`` (the sum of scores), ``bound`` (no
    schedule that misses as few promised meetings can be worth more), ``gap`` (``(bound - value) / bound``),
    ``shortfall`` (promised meetings that are missing) and ``shortfall_bound`` (the fewest that any schedule
    misses).

    Raises
    ------
    ValueError
        If an argument cannot be used; the message lists every problem.

    Notes
    -----
    First a maximum-weight b-matching (a mixed-integer program, solved by HiGHS) says which meetings to hold
    when every participant has as many as it has slots: its optimum bounds the whole problem. Then edge
    colouring places them (see `placement`). What cannot be placed is settled by time-indexed programs, first
    over a few slots at a time, then over the meetings that reduced costs leave open, which also lowers the
    bound. Up to 1,000 possible (pair, slot) the optimum is proven, except where the solver's fixed number of
    nodes runs out; above, the work ends at a gap of 0.02 %; above 60,000 the programs with slots are left
    out. The same input gives the same schedule, in whatever order the pairs stand.

    Examples
    --------
    >>> pairs = pd.DataFrame(
    ...     [("robot maker", "car maker", 0.9), ("robot maker", "bank", 0.5), ("car maker", "bank", 0.4)],
    ...     columns=["a", "b", "score"],
    ... )
    >>> plan = schedule_meetings(pairs, slots=2, tables=5, unavailable={"bank": {0}})
    >>> print(plan.to_string(index=False))
     slot  table           a         b  score
        0      0 robot maker car maker    0.9
        1      0 robot maker      bank    0.5
    >>> plan.attrs["gap"]
    0.0
    """
    unavailable = {} if unavailable is None else unavailable
    locked = pd.DataFrame(columns=["slot", "a", "b"]) if locked is None else locked
    limits = {"min_meetings": min_meetings, "max_meetings": slots if max_meetings is None else max_meetings}
    _check(pairs, slots=slots, tables=tables, unavailable=unavailable, limits=limits, locked=locked)
    pairs = _in_order(pairs)
    people = sorted({*pairs["a"], *pairs["b"]}, key=by_name)
    number = {person: i for i, person in enumerate(people)}
    ends = np.column_stack([pairs["a"].map(number), pairs["b"].map(number)]).astype(int)
    free = np.ones((len(people), slots), dtype=bool)
    for person, closed in unavailable.items():
        if person in number:
            free[number[person], list(closed)] = False
    kept = _kept_slots(pairs, locked)
    free[ends[kept >= 0].T, kept[kept >= 0]] = False
    held = np.bincount(ends[kept >= 0].ravel(), minlength=len(people))
    is_open = (kept < 0) & ~pairs["wish"].isin(_REFUSED).to_numpy()
    promises, promised = _promises(pairs, ends, np.maximum(_per_person(min_meetings, people, 0) - held, 0))
    promised[len(people) :] -= kept[(pairs["wish"] == "must").to_numpy()] >= 0
    answer = solve_meetings(
        MeetingProblem(
            ends=ends[is_open],
            score=pairs["score"].to_numpy(dtype=float)[is_open],
            free=free,
            room=tables - np.bincount(kept[kept >= 0], minlength=slots),
            most=np.maximum(_per_person(limits["max_meetings"], people, slots) - held, 0),
            promises=promises[promised > 0][:, is_open],
            promised=promised[promised > 0],
        )
    )
    slot = kept.copy()
    slot[is_open] = answer.slot
    return _frame(pairs, slot, answer, fixed=kept >= 0, locked=locked, tables=tables)


def combine_wishes(
    wishes: pd.DataFrame, *, weights: Mapping[Any, float] | None = None, mutual: float = 1.5
) -> pd.DataFrame:
    """Make pairs for `schedule_meetings` out of what each side says of the other.

    Parameters
    ----------
    wishes
        DataFrame[who, whom, wish] and perhaps ``score`` (otherwise 1): one row says what one participant
        wishes of another: "must", "meet", "no thanks" or "already met".
    weights
        How much a participant's own wishes count; 1 for who is not named.
    mutual
        By what the score is multiplied where both sides want to meet.

    Returns
    -------
    DataFrame[a, b, score, wish], a row for two participants, best first. The score is the weighted sum of the
    sides that want to meet. One side's "no thanks", or else its "already met", decides for both (score 0);
    otherwise "must" stands if either side says so.

    Raises
    ------
    ValueError
        If a column is missing, a wish is unknown, a score, a weight or ``mutual`` is not a finite number from
        0, or somebody wishes twice of the same participant or of itself.

    Examples
    --------
    >>> wishes = pd.DataFrame(
    ...     [
    ...         ("robots", "cars", "must"), ("cars", "robots", "meet"), ("robots", "bank", "meet"),
    ...         ("cars", "bank", "no thanks"), ("bank", "cars", "must"),
    ...     ],
    ...     columns=["who", "whom", "wish"],
    ... )
    >>> print(combine_wishes(wishes, weights={"cars": 2}).to_string(index=False))
       a      b  score      wish
    cars robots    4.5      must
    bank robots    1.0      meet
    bank   cars    0.0 no thanks
    """
    weights = {} if weights is None else weights
    _check_wishes(wishes, weights, mutual)
    sides: dict[tuple[tuple[str, str], ...], list[tuple[Any, Any, str, float]]] = {}
    score = wishes["score"] if "score" in wishes else [1.0] * len(wishes)
    for who, whom, wish, worth in zip(wishes["who"], wishes["whom"], wishes["wish"], score, strict=True):
        own = (who, whom, wish, float(worth) * weights.get(who, 1))
        sides.setdefault(_pair_key(who, whom), []).append(own)
    rows = []
    for said in sides.values():
        a, b = sorted(said[0][:2], key=by_name)
        told = {wish for _, _, wish, _ in said}
        wish = next(wish for wish in ("no thanks", "already met", "must", "meet") if wish in told)
        worth = 0.0 if wish in _REFUSED else math.fsum(own for *_, own in said)
        rows.append((a, b, worth * (mutual if len(said) == 2 else 1), wish))
    return _in_order(pd.DataFrame(rows, columns=[*_PAIR_COLUMNS, "wish"]))


def _check_wishes(wishes: pd.DataFrame, weights: Mapping[Any, float], mutual: float) -> None:
    """Raise one error that names everything wrong with the wishes."""
    missing = [name for name in ("who", "whom", "wish") if name not in wishes]
    if missing:
        got = list(wishes.columns)
        raise ValueError(f"wishes must have the columns who, whom, wish; {missing!r} missing, got {got!r}")
    strange = sorted({str(wish) for wish in wishes["wish"]} - set(_WISHES))
    numbers = {"mutual": [mutual], "weights": list(weights.values()), "wishes.score": wishes.get("score", [])}
    faults = {
        f"wishes.wish must be one of {_WISHES!r}, got {strange!r}": bool(strange),
        "wishes.who and wishes.whom must not be missing": wishes[["who", "whom"]].isna().any(axis=None),
        "somebody wishes of itself": (wishes["who"] == wishes["whom"]).any(),
        "somebody wishes twice of the same": wishes.duplicated(["who", "whom"]).any(),
    }
    for name, values in numbers.items():
        found = pd.to_numeric(pd.Series(values, dtype=object), errors="coerce").astype(float)
        faults[f"{name} must be finite and not negative"] = not (found.ge(0) & np.isfinite(found)).all()
    problems = [fault for fault, bad in faults.items() if bad]
    if problems:
        raise ValueError("\n  ".join(["cannot combine the wishes:", *problems]))


def by_name(person: object) -> tuple[str, str]:
    """Order of participants whatever their type."""
    return str(person), type(person).__name__


def _pair_key(a: object, b: object) -> tuple[tuple[str, str], ...]:
    """Name a pair whatever the order of its ends."""
    return tuple(sorted((by_name(a), by_name(b))))


def _in_order(pairs: pd.DataFrame) -> pd.DataFrame:
    """Sort pairs by falling score and then by name, so that the order of the input does not matter."""
    names = [_pair_key(a, b) for a, b in zip(pairs["a"], pairs["b"], strict=True)]
    score = pairs["score"].astype(float).round(9)
    order = sorted(range(len(pairs)), key=lambda i: (-score.iloc[i], names[i]))
    wish = pairs["wish"].fillna("meet") if "wish" in pairs else "meet"
    return pairs[_PAIR_COLUMNS].assign(wish=wish).iloc[order].reset_index(drop=True)


def _per_person(limit: int | Mapping[Any, int], people: list[Any], default: int) -> NDArray[np.int_]:
    """Spread a limit over participants."""
    if isinstance(limit, Mapping):
        return np.array([int(limit.get(person, default)) for person in people], dtype=int)
    return np.full(len(people), int(limit))


def _kept_slots(pairs: pd.DataFrame, locked: pd.DataFrame) -> NDArray[np.int_]:
    """Find the locked slot of each pair, -1 where there is none."""
    rows = zip(locked["a"], locked["b"], locked["slot"], strict=True)
    slot = {_pair_key(a, b): int(slot) for a, b, slot in rows}
    ends = zip(pairs["a"], pairs["b"], strict=True)
    return np.array([slot.get(_pair_key(a, b), -1) for a, b in ends], dtype=int)


def _promises(
    pairs: pd.DataFrame, ends: NDArray[np.int_], least: NDArray[np.int_]
) -> tuple[csr_array, NDArray[np.int_]]:
    """Make one row a participant, then one a pair that must be held, and what each is promised."""
    from scipy.sparse import csr_array, vstack

    must = np.flatnonzero(pairs["wish"] == "must")
    one = csr_array((np.ones(len(must)), (np.arange(len(must)), must)), shape=(len(must), len(pairs)))
    rows = vstack([incidence(ends, len(least)), one]).tocsr()
    return rows, np.concatenate([least, np.ones(len(must), dtype=int)])


def _frame(
    pairs: pd.DataFrame,
    slot: NDArray[np.int_],
    answer: MeetingAnswer,
    *,
    fixed: NDArray[np.bool_],
    locked: pd.DataFrame,
    tables: int,
) -> pd.DataFrame:
    """Make a frame of the meetings held; tables that nobody locked are given out by falling score."""
    given = {}
    if "table" in locked:
        rows = zip(locked["a"], locked["b"], locked["table"], strict=True)
        given = {_pair_key(a, b): int(table) for a, b, table in rows}
    frame = pairs.assign(slot=slot)[slot >= 0].sort_values("slot", kind="stable")
    ends = zip(frame["a"], frame["b"], strict=True)
    frame["table"] = [given.get(_pair_key(a, b), -1) for a, b in ends]
    left = {held: iter(sorted(set(range(tables)) - set(own))) for held, own in frame.groupby("slot")["table"]}
    seats = zip(frame["slot"], frame["table"], strict=True)
    frame["table"] = [table if table >= 0 else next(left[held]) for held, table in seats]
    frame = frame.sort_values(["slot", "table"], ignore_index=True)
    already = math.fsum(pairs.loc[fixed, "score"])
    value, bound = already + answer.value, already + answer.bound
    frame.attrs = {
        "value": value,
        "bound": bound,
        "gap": (bound - value) / abs(bound) if answer.gap else 0.0,
        "shortfall": float(answer.shortfall),
        "shortfall_bound": float(answer.shortfall_bound),
    }
    return frame[["slot", "table", *_PAIR_COLUMNS]]


def _check(
    pairs: pd.DataFrame,
    *,
    slots: int,
    tables: int,
    unavailable: Mapping[Any, Collection[int]],
    limits: Mapping[str, int | Mapping[Any, int]],
    locked: pd.DataFrame,
) -> None:
    """Raise one error that names everything wrong with the arguments."""
    problems = _pair_problems(pairs)
    usable = not problems
    for name, count in {"slots": slots, "tables": tables}.items():
        if not is_count(count, 1):
            problems.append(f"{name} must be a whole number from 1, got {count!r}")
            usable = False
    for name, limit in limits.items():
        counts = limit.values() if isinstance(limit, Mapping) else [limit]
        if is_count(slots, 1) and not all(is_count(count, 0) for count in counts):
            problems.append(
                f"{name} must be a whole number from 0, or one for each participant, got {limit!r}"
            )
    if is_count(slots, 1):
        problems += [
            f"unavailable[{person!r}] must hold slots from 0 to {slots - 1}, got {closed!r}"
            for person, closed in unavailable.items()
            if not all(is_count(slot, 0) and slot < slots for slot in closed)
        ]
    if usable:
        problems += _locked_problems(pairs, locked, slots=slots, tables=tables, unavailable=unavailable)
    if problems:
        raise ValueError("\n  ".join(["cannot schedule meetings:", *problems]))


def _locked_problems(
    pairs: pd.DataFrame,
    locked: pd.DataFrame,
    *,
    slots: int,
    tables: int,
    unavailable: Mapping[Any, Collection[int]],
) -> list[str]:
    """List what is wrong with the locked meetings."""
    missing = [name for name in ("slot", "a", "b") if name not in locked]
    if missing:
        return [f"locked must have the columns slot, a, b; {missing!r} missing, got {list(locked.columns)!r}"]
    wish = pairs["wish"] if "wish" in pairs else pd.Series("meet", index=pairs.index)
    rows = zip(pairs["a"], pairs["b"], wish, strict=True)
    allowed = {_pair_key(a, b) for a, b, said in rows if said not in _REFUSED}
    seats: set[tuple[Any, int]] = set()
    used: set[tuple[int, int]] = set()
    seen: set[tuple[tuple[str, str], ...]] = set()
    load = dict.fromkeys(range(slots), 0)
    problems = []
    table_of = locked["table"] if "table" in locked else [None] * len(locked)
    for slot, a, b, table in zip(locked["slot"], locked["a"], locked["b"], table_of, strict=True):
        if not is_count(slot, 0) or slot >= slots:
            problems.append(f"locked: {a!r} and {b!r} must have a slot from 0 to {slots - 1}, got {slot!r}")
            continue
        load[slot] += 1
        faults = {
            "is none of the pairs that may meet": _pair_key(a, b) not in allowed,
            "stands twice": _pair_key(a, b) in seen,
            "has an end that is unavailable": any(slot in unavailable.get(end, ()) for end in (a, b)),
            "has an end that meets twice": bool({(a, slot), (b, slot)} & seats),
            "comes when all tables are taken": load[slot] > tables,
            f"has a table that is taken or not from 0 to {tables - 1}": table is not None
            and (not is_count(table, 0) or table >= tables or (slot, table) in used),
        }
        seen.add(_pair_key(a, b))
        seats |= {(a, slot), (b, slot)}
        used.add((slot, table))
        problems += [f"locked: {a!r} and {b!r} in slot {slot} {what}" for what, bad in faults.items() if bad]
    return problems


def is_count(count: object, least: int) -> bool:
    """Tell whether a value is a whole number and not too small."""
    return isinstance(count, (int, np.integer)) and not isinstance(count, bool) and bool(count >= least)


def _pair_problems(pairs: pd.DataFrame) -> list[str]:
    """List what is wrong with the frame of pairs."""
    missing = [name for name in _PAIR_COLUMNS if name not in pairs]
    if missing:
        return [f"pairs must have the columns a, b, score; {missing!r} missing, got {list(pairs.columns)!r}"]
    problems = []
    if (
        not pd.api.types.is_numeric_dtype(pairs["score"])
        or not np.isfinite(pairs["score"].astype(float)).all()
    ):
        problems.append("pairs.score must be finite numbers; drop or fill the others")
    if pairs[["a", "b"]].isna().any(axis=None):
        problems.append("pairs.a and pairs.b must not be missing; drop those rows")
        return problems
    alone = pairs.loc[pairs["a"] == pairs["b"], "a"]
    if len(alone):
        problems.append(
            f"a participant cannot meet itself: {alone.iloc[0]!r} ({len(alone)} such rows); drop them"
        )
    if "wish" in pairs and not pairs["wish"].dropna().isin(_WISHES).all():
        strange = sorted({str(wish) for wish in pairs["wish"].dropna()} - set(_WISHES))
        problems.append(f"pairs.wish must be one of {_WISHES!r} or missing, got {strange!r}")
    seen = pd.Series([frozenset(pair) for pair in zip(pairs["a"], pairs["b"], strict=True)], dtype=object)
    twice = seen[seen.duplicated()]
    if len(twice):
        example = sorted(twice.iloc[0], key=by_name)
        problems.append(
            f"each pair must stand once, {example!r} stands twice ({len(twice)} rows too many); sum them"
        )
    return problems
