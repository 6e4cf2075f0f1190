"""Wishes of participants about each other, combined into pairs with scores for a schedule."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from liaison_analysis._checks import check_frame
from liaison_analysis.salons.timetable_checks import (
    PAIR_COLUMNS,
    REFUSED,
    WISHES,
    by_name,
    in_order,
    pair_key,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

#: What a participant is after, and what the other side then has to be after.
INTENTS: Final = {
    "supply": "buy",
    "buy": "supply",
    "finance": "finance",
    "test": "test",
    "research": "research",
}

#: By what a score is multiplied where both sides want to meet (judgement).
MUTUAL = 1.5


def combine_wishes(
    preferences: pd.DataFrame, *, weights: Mapping[Any, float] | None = None, mutual: float = MUTUAL
) -> pd.DataFrame:
    """Make pairs for `schedule_meetings` out of what each side wishes of the other.

    Parameters
    ----------
    preferences
        DataFrame[who, whom, wish] and perhaps ``score`` (otherwise 1): one row says what one participant
        wishes of another: "must", "meet", "no thanks" or "already met". A column ``intent`` may say what for:
        "supply", "buy", "finance", "test" or "research"; a column ``consent`` whether ``who`` has agreed to
        be matched at all.
    weights
        Weight of a participant's own wishes, such as 2 for a side that pays; 1 for participants not named.
    mutual
        Factor of the score where both sides want to meet with matching intents: a supplier and a buyer, or
        both for finance, a test or research. A missing intent matches every other.

    Returns
    -------
    DataFrame[a, b, score, wish], a row for two participants, best first. The score is the weighted sum of the
    sides that want to meet. "no thanks" of one side, or else "already met", decides for both (score 0);
    otherwise the pair is "must" if either side states it. A participant without consent in any row is in no
    pair.

    Raises
    ------
    ValueError
        If a column is missing, a wish or an intent is unknown, a score, a weight or ``mutual`` is not a
        finite number from 0, or somebody wishes twice of the same participant or of itself.

    Examples
    --------
    >>> preferences = pd.DataFrame(
    ...     [
    ...         ("robots", "cars", "must"), ("cars", "robots", "meet"), ("robots", "bank", "meet"),
    ...         ("cars", "bank", "no thanks"), ("bank", "cars", "must"),
    ...     ],
    ...     columns=["who", "whom", "wish"],
    ... )
    >>> print(combine_wishes(preferences, weights={"cars": 2}).to_string(index=False))
       a      b  score      wish
    cars robots    4.5      must
    bank robots    1.0      meet
    bank   cars    0.0 no thanks
    """
    check_frame(preferences, "preferences")
    weights = {} if weights is None else weights
    _check(preferences, weights, mutual)
    frame = preferences
    if "consent" in frame:
        refusing = set(frame.loc[~frame["consent"].fillna(value=True).astype(bool), "who"])
        frame = frame[~frame["who"].isin(refusing) & ~frame["whom"].isin(refusing)]
    sides: dict[tuple[tuple[str, str], ...], list[tuple[Any, Any, str, float, str]]] = {}
    score = frame["score"] if "score" in frame else [1.0] * len(frame)
    intents = frame["intent"].fillna("") if "intent" in frame else [""] * len(frame)
    for who, whom, wish, worth, intent in zip(
        frame["who"], frame["whom"], frame["wish"], score, intents, strict=True
    ):
        own = (who, whom, wish, float(worth) * weights.get(who, 1), intent)
        sides.setdefault(pair_key(who, whom), []).append(own)
    rows = []
    for statements in sides.values():
        a, b = sorted(statements[0][:2], key=by_name)
        wishes = {wish for _, _, wish, _, _ in statements}
        wish = next(wish for wish in ("no thanks", "already met", "must", "meet") if wish in wishes)
        worth = 0.0 if wish in REFUSED else math.fsum(own for _, _, _, own, _ in statements)
        rows.append((a, b, worth * (mutual if _both_want(statements) else 1), wish))
    return in_order(pd.DataFrame(rows, columns=[*PAIR_COLUMNS, "wish"]))


def _both_want(statements: list[tuple[Any, Any, str, float, str]]) -> bool:
    """Whether both sides want to meet, with matching intents."""
    first, last = statements[0][-1], statements[-1][-1]
    return len(statements) == 2 and ("" in {first, last} or INTENTS[first] == last)


def _check(preferences: pd.DataFrame, weights: Mapping[Any, float], mutual: float) -> None:
    """Raise one error that names everything wrong with the preferences."""
    missing = [name for name in ("who", "whom", "wish") if name not in preferences]
    if missing:
        got = list(preferences.columns)
        raise ValueError(
            f"preferences must have the columns who, whom, wish; {missing!r} missing, got {got!r}"
        )
    strange = sorted({str(wish) for wish in preferences["wish"]} - set(WISHES))
    aims = preferences.get("intent", pd.Series(dtype=object)).dropna()
    aimless = sorted({str(intent) for intent in aims} - set(INTENTS))
    numbers = {
        "mutual": [mutual],
        "weights": list(weights.values()),
        "preferences.score": preferences.get("score", []),
    }
    faults = {
        f"preferences.wish must be one of {WISHES!r}, got {strange!r}": bool(strange),
        f"preferences.intent must be one of {list(INTENTS)!r} or missing, got {aimless!r}": bool(aimless),
        "preferences.who and preferences.whom must not be missing": preferences[["who", "whom"]]
        .isna()
        .any(axis=None),
        "somebody wishes of itself": (preferences["who"] == preferences["whom"]).any(),
        "somebody wishes twice of the same": preferences.duplicated(["who", "whom"]).any(),
    }
    for name, values in numbers.items():
        numeric = pd.to_numeric(pd.Series(values, dtype=object), errors="coerce").astype(float)
        faults[f"{name} must be finite and not negative"] = not (numeric.ge(0) & np.isfinite(numeric)).all()
    problems = [fault for fault, bad in faults.items() if bad]
    if problems:
        raise ValueError("\n  ".join(["cannot combine the preferences:", *problems]))
