"""Wishes for a salon's guest list: read, checked, put into numbers, and stated in words where they clash."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from liaison_analysis._checks import is_whole
from liaison_analysis.salons.guest_milp import GuestProblem
from liaison_analysis.salons.timetable_checks import by_name, unknown_names

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

_COLUMNS = ["seeker_id", "counterpart_id", "role", "score", "rank", "reason"]


@dataclass(frozen=True, eq=False)
class GuestWishes:
    """What a host wants of a guest list; the arguments of `plan_salon` under the same names."""

    capacity: int
    meetings: int | None
    required: tuple[Any, ...]
    excluded: tuple[Any, ...]
    quotas: Mapping[Any, Any]
    balance: Mapping[str, float]
    pairs_apart: tuple[tuple[Any, Any], ...]
    profiles: pd.DataFrame | None
    strong: float
    focus: tuple[Any, ...] = ()
    focus_share: float = 0.0
    any_of: tuple[tuple[Any, ...], ...] = ()

    def check(self, introductions: pd.DataFrame) -> None:
        """Raise one error that names everything wrong with the wishes and the introductions."""
        problems = []
        if not is_whole(self.capacity, 1):
            problems.append(f"capacity must be a whole number from 1, got {self.capacity!r}")
        if self.meetings is not None and not is_whole(self.meetings, 1):
            problems.append(f"meetings must be a whole number from 1, or None, got {self.meetings!r}")
        problems += [
            f"quotas[{what!r}] must be a lower limit or (lower, upper), whole numbers, got {quota!r}"
            for what, quota in self.quotas.items()
            if _limits(quota) is None
        ]
        problems += [
            f"balance[{column!r}] must be a share above 0 and up to 1, got {share!r}"
            for column, share in self.balance.items()
            if not (isinstance(share, int | float) and 0 < share <= 1)
        ]
        problems += [
            f"pairs_apart must hold pairs of two different guests, got {pair!r}"
            for pair in self.pairs_apart
            if len(pair) != 2 or pair[0] == pair[1]
        ]
        has = [] if self.profiles is None else list(self.profiles.columns)
        used = {*self.balance, *(what[0] for what in self.quotas if isinstance(what, tuple))}
        lacking = sorted(str(column) for column in used - set(has))
        if lacking or (used and "enterprise_id" not in has):
            problems.append(
                f"profiles must have the columns enterprise_id and {sorted(map(str, used))!r} for "
                f"quotas and balance, got {has!r}; give profiles=ledger.enterprises"
            )
        if not (isinstance(self.focus_share, int | float) and 0 <= self.focus_share <= 1):
            problems.append(f"focus_share must be a share from 0 to 1, got {self.focus_share!r}")
        missing = [name for name in _COLUMNS if name not in introductions]
        if missing:
            got = list(introductions.columns)
            problems.append(
                f"introductions must have the columns {_COLUMNS!r}; {missing!r} missing, got {got!r}"
            )
        else:
            problems += _row_problems(introductions)
            known = {*introductions["seeker_id"], *introductions["counterpart_id"], *self.required}
            if self.profiles is not None and "enterprise_id" in self.profiles:
                known |= set(self.profiles["enterprise_id"])
            named = {
                "pairs_apart": [end for pair in self.pairs_apart for end in pair],
                "focus": self.focus,
                "any_of": [one for wish in self.any_of for one in wish],
            }
            problems += unknown_names(named, known, "candidate")
        if problems:
            raise ValueError("\n  ".join(["cannot plan the salon:", *problems]))

    def _of_group(self, column: str, value: Any, people: list[Any]) -> NDArray[np.float64]:
        """Mark with 1 the people whose profile has the value in the column."""
        profiles = self.profiles
        if profiles is None:
            return np.zeros(len(people))
        members = set(profiles.loc[profiles[column].isin([value]), "enterprise_id"])
        return np.array([float(person in members) for person in people])

    def problem(
        self, introductions: pd.DataFrame, people: list[Any]
    ) -> tuple[GuestProblem, dict[tuple[str, int], str]]:
        """Put the wishes into numbers.

        Parameters
        ----------
        introductions
            Checked.
        people
            The candidates, in the order in which they are numbered.

        Returns
        -------
        The problem, and each of its wishes in words by its kind and number.
        """
        from scipy.sparse import csr_array

        number = {person: i for i, person in enumerate(people)}
        seeker, counterpart = (
            introductions[side].map(number).to_numpy(dtype=int) for side in ("seeker_id", "counterpart_id")
        )
        both = np.sort(np.column_stack([seeker, counterpart]), axis=1)
        ends, pair = np.unique(both, axis=0, return_inverse=True)
        pair = pair.ravel()
        score = introductions["score"].to_numpy(dtype=float)
        limits = {what: limit for what, quota in self.quotas.items() if (limit := _limits(quota))}
        by_role = {role: limit for role, limit in limits.items() if not isinstance(role, tuple)}
        roles = []
        for role in by_role:
            named = (introductions["role"] == role).to_numpy()
            makes = np.unique(np.column_stack([counterpart[named], pair[named]]), axis=0)
            roles.append(csr_array((np.ones(len(makes)), tuple(makes.T)), shape=(len(people), len(ends))))
        rows, at_most, wordings = self._groups(people, limits)
        words = self._words(people, by_role) | {("group", i): text for i, text in enumerate(wordings)}
        order = pd.Series(people, dtype=object)
        problem = GuestProblem(
            ends=ends,
            score=np.bincount(pair, score, minlength=len(ends)).astype(float),
            capacity=self.capacity,
            meetings=max(self.capacity - 1, 1) if self.meetings is None else self.meetings,
            required=order.isin(self.required).to_numpy(),
            barred=order.isin(self.excluded).to_numpy(),
            strong=np.bincount(pair[score >= self.strong], minlength=len(ends)) > 0,
            roles=tuple(roles),
            low=np.array([float(low) for low, _ in by_role.values()]),
            high=np.array([high for _, high in by_role.values()]),
            groups=csr_array(np.array(rows).reshape(len(rows), len(people))),
            group_limit=np.array(at_most, dtype=float),
        )
        return problem, words

    def _groups(
        self, people: list[Any], limits: Mapping[Any, tuple[int, float]]
    ) -> tuple[list[NDArray[np.float64]], list[float], list[str]]:
        """Rows, limits and words of quotas by profile, of balance and of who must not come together."""
        rows, at_most, wordings = [], [], []
        for what, (low, high) in limits.items():
            if not isinstance(what, tuple):
                continue
            column, value = what
            members = self._of_group(column, value, people)
            if low:
                rows.append(-members)
                at_most.append(-float(low))
                wordings.append(f"at least {_guests(low)} whose {column} is {value!r} (quotas)")
            if math.isfinite(high):
                rows.append(members)
                at_most.append(high)
                wordings.append(f"at most {_guests(int(high))} whose {column} is {value!r} (quotas)")
        for column, share in self.balance.items():
            values = [] if self.profiles is None else sorted(self.profiles[column].dropna().unique(), key=str)
            for value in values:
                rows.append(self._of_group(column, value, people) - share)
                at_most.append(0.0)
                wordings.append(f"at most {share:.0%} of the guests whose {column} is {value!r} (balance)")
        number = {person: i for i, person in enumerate(people)}
        for a, b in dict.fromkeys(self.pairs_apart):
            if a in number and b in number:
                row = np.zeros(len(people))
                row[[number[a], number[b]]] = 1
                rows.append(row)
                at_most.append(1.0)
                wordings.append(f"{a!r} and {b!r} must not both come (pairs_apart)")
        self._add_focus(people, rows, at_most, wordings)
        return rows, at_most, wordings

    def _add_focus(
        self,
        people: list[Any],
        rows: list[NDArray[np.float64]],
        at_most: list[float],
        wordings: list[str],
    ) -> None:
        """Add the rows of wishes that any of several comes, and of those whom the salon is about."""
        for wish in self.any_of:
            rows.append(-np.array([float(person in wish) for person in people]))
            at_most.append(-1.0)
            wordings.append(f"one of {', '.join(map(repr, wish))} must come (any_of)")
        if self.focus_share:
            members = np.array([float(person in set(self.focus)) for person in people])
            rows.append(self.focus_share - members)
            at_most.append(0.0)
            wordings.append(
                f"at least {self.focus_share:.0%} of the guests must be of the {int(members.sum())} in focus "
                "who could come (focus_share)"
            )

    def _words(
        self, people: list[Any], by_role: Mapping[str, tuple[int, float]]
    ) -> dict[tuple[str, int], str]:
        """State every wish that is not of a group in words."""
        capacity = self.capacity
        words = {("capacity", 0): f"at most {_guests(capacity)} (capacity={capacity})"}
        for i, person in enumerate(people):
            words["required", i] = f"{person!r} must come (required)"
            words["barred", i] = f"{person!r} must not come (excluded)"
        for i, (role, (low, high)) in enumerate(by_role.items()):
            words["low", i] = f"at least {_guests(low)} as {role} (quotas)"
            if math.isfinite(high):
                words["high", i] = f"at most {_guests(int(high))} as {role} (quotas)"
        return words


def people_of(introductions: pd.DataFrame, more: tuple[Any, ...]) -> list[Any]:
    """Everybody who could come, sorted by name.

    Examples
    --------
    >>> people_of(pd.DataFrame({"seeker_id": ["b"], "counterpart_id": ["a"]}), ("host",))
    ['a', 'b', 'host']
    """
    return sorted({*introductions["seeker_id"], *introductions["counterpart_id"], *more}, key=by_name)


def _guests(count: int) -> str:
    return f"{count} guest{'s' * (count != 1)}"


def _limits(quota: Any) -> tuple[int, float] | None:
    """Read the lower and upper limit that a quota means, None if it means nothing."""
    low, high = quota if isinstance(quota, tuple) and len(quota) == 2 else (quota, None)
    high = math.inf if high is None else high
    counts = [count for count in (low, high) if count != math.inf]
    if not counts or not all(is_whole(count, 0) for count in counts) or low > high:
        return None
    return int(low), float(high)


def _row_problems(introductions: pd.DataFrame) -> list[str]:
    """List what is wrong with rows of the introductions."""
    score = pd.to_numeric(introductions["score"], errors="coerce").astype(float)
    same = introductions["seeker_id"] == introductions["counterpart_id"]
    key = introductions[["seeker_id", "counterpart_id", "role"]]
    faults = {
        "score must be a finite number from 0": ~(score.ge(0) & np.isfinite(score)),
        "seeker_id, counterpart_id and role must not be missing": key.isna().any(axis=1),
        "an enterprise cannot be introduced to itself": same,
        "an introduction (seeker_id, counterpart_id, role) must stand once": key.duplicated(),
    }
    return [
        f"introductions: {reason}; {int(bad.sum())} rows, first {introductions.index[bad][0]!r}; drop or fix"
        for reason, bad in faults.items()
        if bad.any()
    ]
