"""What can be wrong with a schedule's arguments; how participants and pairs are named and ordered."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from liaison_analysis._checks import is_whole

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from numpy.typing import NDArray

PAIR_COLUMNS: Final = ["a", "b", "score"]
#: Wishes of a pair that is never scheduled.
REFUSED: Final = ["no thanks", "already met"]
WISHES: Final = ["must", "meet", *REFUSED]
# Number of similar names in an error, and their smallest similarity (difflib's default).
_NEAREST: Final = 3
_LIKENESS: Final = 0.6
# A difference of two sums of scores below this is rounding error.
_EXACT: Final = 1e-9


def by_name(person: object) -> tuple[str, str]:
    """Order of participants whatever their type."""
    return str(person), type(person).__name__


def pair_key(a: object, b: object) -> tuple[tuple[str, str], ...]:
    """Name a pair whatever the order of its ends."""
    return tuple(sorted((by_name(a), by_name(b))))


def number_people(pairs: pd.DataFrame) -> tuple[list[Any], NDArray[np.int_]]:
    """Give the participants numbers by name: list them, and the ends of each pair, shape (pairs, 2).

    Examples
    --------
    >>> people, ends = number_people(pd.DataFrame({"a": ["x", "b"], "b": ["b", "c"]}))
    >>> people, ends.tolist()
    (['b', 'c', 'x'], [[2, 0], [0, 1]])
    """
    sides = [pairs["a"].tolist(), pairs["b"].tolist()]
    people = sorted({*sides[0], *sides[1]}, key=by_name)
    number = {person: i for i, person in enumerate(people)}
    return people, np.array([[number[person] for person in side] for side in sides], dtype=int).T


def in_order(pairs: pd.DataFrame) -> pd.DataFrame:
    """Sort pairs by falling score and then by name, so that the order of the input does not matter."""
    ends = np.sort(number_people(pairs)[1], axis=1)
    score = pairs["score"].to_numpy(dtype=float).round(9)
    wish = pairs["wish"].fillna("meet") if "wish" in pairs else "meet"
    frame = pairs[PAIR_COLUMNS].assign(wish=wish)
    return frame.take(np.lexsort((ends[:, 1], ends[:, 0], -score))).reset_index(drop=True)


def worth_meeting(introductions: pd.DataFrame, least: float) -> pd.DataFrame:
    """Keep the introductions of pairs whose introductions, in both directions and all roles, sum to so much.

    Examples
    --------
    >>> introductions = pd.DataFrame(
    ...     {"seeker_id": ["a", "b", "a"], "counterpart_id": ["b", "a", "c"], "score": [0.2, 0.2, 0.3]}
    ... )
    >>> worth_meeting(introductions, 0.35).index.tolist()
    [0, 1]
    """
    if not least:
        return introductions
    ends = zip(introductions["seeker_id"], introductions["counterpart_id"], strict=True)
    key = pd.Series([pair_key(a, b) for a, b in ends], index=introductions.index, dtype=object)
    worth = introductions["score"].astype(float).groupby(key).transform("sum")
    return introductions[worth.ge(least - _EXACT)].reset_index(drop=True)


def unknown_names(
    named: Mapping[str, Iterable[Any]], people: Collection[Any], what: str = "participant"
) -> list[str]:
    """List the unknown names in every argument, each with the most similar known names.

    Examples
    --------
    >>> unknown_names({"unavailable": [" 甲公司 ", "乙厂"]}, ["甲公司", "银行"])
    ["unavailable: ' 甲公司 ' is no participant; nearest: '甲公司'", "unavailable: '乙厂' is no participant"]
    """
    known = set(people)
    plain: dict[str, list[Any]] = {}
    for person in sorted(known, key=by_name):
        plain.setdefault(_plain(person), []).append(person)
    problems = []
    for argument, names in named.items():
        for name in dict.fromkeys(names):
            if name in known:
                continue
            like = difflib.get_close_matches(_plain(name), plain, n=_NEAREST, cutoff=_LIKENESS)
            nearest = [repr(person) for written in like for person in plain[written]][:_NEAREST]
            suggestion = f"; nearest: {', '.join(nearest)}" if nearest else ""
            problems.append(f"{argument}: {name!r} is no {what}{suggestion}")
    return problems


def _plain(person: Any) -> str:
    """Normalise a name: width, case and spaces."""
    return "".join(unicodedata.normalize("NFKC", str(person)).casefold().split())


def _name_problems(
    pairs: pd.DataFrame,
    named: dict[str, Collection[Any]],
    locked: pd.DataFrame,
    first: Sequence[tuple[Any, Any]],
) -> list[str]:
    """List names that are in no pair, and pairs of ``first`` that cannot meet."""
    people = {*pairs["a"], *pairs["b"]}
    named |= {
        "first": [end for pair in first for end in pair],
        "locked": [*locked.get("a", ()), *locked.get("b", ())],
    }
    keys = {pair_key(a, b) for a, b in zip(pairs["a"], pairs["b"], strict=True)}
    return unknown_names(named, people) + [
        f"first: {a!r} and {b!r} are none of the pairs"
        for a, b in first
        if {a, b} <= people and pair_key(a, b) not in keys
    ]


def check_arguments(
    pairs: pd.DataFrame,
    *,
    slots: int,
    tables: int,
    unavailable: Mapping[Any, Collection[int]],
    breaks: Collection[int],
    hosts: Mapping[Any, int],
    limits: Mapping[str, int | Mapping[Any, int]],
    locked: pd.DataFrame,
    first: Sequence[tuple[Any, Any]] = (),
    rivals: Collection[Any] = (),
) -> None:
    """Raise one error that names everything wrong with the arguments."""
    problems = pair_problems(pairs)
    usable = not problems
    if usable:
        # A host without a meeting keeps its table.
        named: dict[str, Collection[Any]] = {"unavailable": unavailable, "rivals": rivals}
        named |= {name: limit for name, limit in limits.items() if isinstance(limit, Mapping)}
        problems += _name_problems(pairs, named, locked, first)
    for name, count in {"slots": slots, "tables": tables}.items():
        if not is_whole(count, 1):
            problems.append(f"{name} must be a whole number from 1, got {count!r}")
            usable = False
    for name, limit in limits.items():
        counts = limit.values() if isinstance(limit, Mapping) else [limit]
        if is_whole(slots, 1) and not all(is_whole(count, 0) for count in counts):
            problems.append(
                f"{name} must be a whole number from 0, or one for each participant, got {limit!r}"
            )
    if is_whole(slots, 1):
        closed_slots = {f"unavailable[{person!r}]": closed for person, closed in unavailable.items()}
        problems += [
            f"{name} must hold slots from 0 to {slots - 1}, got {closed!r}"
            for name, closed in (closed_slots | {"breaks": breaks}).items()
            if not all(is_whole(slot, 0) and slot < slots for slot in closed)
        ]
    seats = list(hosts.values())
    if is_whole(tables, 1) and not (
        all(is_whole(table, 0) and table < tables for table in seats) and len(set(seats)) == len(seats)
    ):
        problems.append(f"hosts must have tables of their own from 0 to {tables - 1}, got {dict(hosts)!r}")
        usable = False
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
    if not len(locked):
        return []
    allowed = pairs[~pairs["wish"].isin(REFUSED)] if "wish" in pairs else pairs
    pair_keys = {pair_key(a, b) for a, b in zip(allowed["a"], allowed["b"], strict=True)}
    seats: set[tuple[Any, int]] = set()
    used: set[tuple[int, int]] = set()
    seen: set[tuple[tuple[str, str], ...]] = set()
    load = dict.fromkeys(range(slots), 0)
    problems = []
    table_of = locked["table"] if "table" in locked else [None] * len(locked)
    for slot, a, b, table in zip(locked["slot"], locked["a"], locked["b"], table_of, strict=True):
        if not is_whole(slot, 0) or slot >= slots:
            problems.append(f"locked: {a!r} and {b!r} must have a slot from 0 to {slots - 1}, got {slot!r}")
            continue
        load[slot] += 1
        faults = {
            "is none of the pairs that may meet": pair_key(a, b) not in pair_keys,
            "stands twice": pair_key(a, b) in seen,
            "has an end that is unavailable": any(slot in unavailable.get(end, ()) for end in (a, b)),
            "has an end that meets twice": bool({(a, slot), (b, slot)} & seats),
            "comes when all tables are taken": load[slot] > tables,
            f"has a table that is taken or not from 0 to {tables - 1}": table is not None
            and (not is_whole(table, 0) or table >= tables or (slot, table) in used),
        }
        seen.add(pair_key(a, b))
        seats |= {(a, slot), (b, slot)}
        used.add((slot, table))
        problems += [f"locked: {a!r} and {b!r} in slot {slot} {what}" for what, bad in faults.items() if bad]
    return problems


def pair_problems(pairs: pd.DataFrame) -> list[str]:
    """List what is wrong with the frame of pairs."""
    missing = [name for name in PAIR_COLUMNS if name not in pairs]
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
    people, ends = number_people(pairs)
    alone = np.flatnonzero(ends[:, 0] == ends[:, 1])
    if len(alone):
        who = people[ends[alone[0], 0]]
        problems.append(f"a participant cannot meet itself: {who!r} ({len(alone)} such rows); drop them")
    if "wish" in pairs and not pairs["wish"].dropna().isin(WISHES).all():
        strange = sorted({str(wish) for wish in pairs["wish"].dropna()} - set(WISHES))
        problems.append(f"pairs.wish must be one of {WISHES!r} or missing, got {strange!r}")
    _, first = np.unique(np.sort(ends, axis=1) @ [len(people), 1], return_index=True)
    twice = np.setdiff1d(np.arange(len(ends)), first)
    if len(twice):
        example = [people[i] for i in sorted(ends[twice[0]].tolist())]
        problems.append(
            f"each pair must stand once, {example!r} stands twice ({len(twice)} rows too many); sum them"
        )
    return problems


def best_first(introductions: pd.DataFrame, *, competitors_meet: bool) -> pd.DataFrame:
    """Introductions by falling score, then by name and role; those of competitors only if they may meet."""
    if not competitors_meet and "competitor" in introductions:
        introductions = introductions[~introductions["competitor"].fillna(value=False).astype(bool)]
    ends = zip(introductions["seeker_id"], introductions["counterpart_id"], strict=True)
    names = [(*by_name(seeker), *by_name(counterpart)) for seeker, counterpart in ends]
    score, roles = introductions["score"].astype(float).round(9).tolist(), introductions["role"].tolist()
    order = sorted(range(len(names)), key=lambda i: (-score[i], names[i], str(roles[i])))
    return introductions.iloc[order].reset_index(drop=True)
