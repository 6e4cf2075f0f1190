"""Count a demand once that stands on several sheets (months and 汇总, weekly lists), or is entered twice."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

from liaison_analysis._messages import message
from liaison_analysis.ledger.joining import fill, is_number, keys_of
from liaison_analysis.ledger.records import FILE, PLACE, ROW, SHEET

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from liaison_analysis.ledger.records import Gathered

# Name of a sheet or file that gathers the others, or is a copy of one.
_SECOND: Final = re.compile(
    r"汇总|总表|总台[账帐]|总清单|合并|全部|累计|总览|^总\b|\b(?:all|total|summary)\b"
    r"|备份|副本|旧|存档|copy|backup|\bold\b|[(（]\d+[)）](?=$|\s)",
    re.IGNORECASE,
)
# How far along a demand is; what ended it counts most.
_STAGES: Final = ("", "collected", "assigned", "solving")
# What tells how a demand goes.
_OF_PROGRESS: Final = ("status", "status_as_written", "settled_on")

_Key = tuple[str, str, str]


def counted_once(pieces: Sequence[pd.DataFrame], out: Gathered) -> list[pd.DataFrame]:
    """Take out the rows of demands that another sheet has with the same enterprise, words and day.

    Parameters
    ----------
    pieces
        Demands as text, a frame a table of the file, in its order.
    out
        Takes the cells of the rows that are taken out, and a question for each two sheets that says how many
        they are.

    Returns
    -------
    list of DataFrame
        The frames without those rows. Blank cells of the row that stays are filled from the other, and the
        state that is farther along counts: weekly lists carry open demands on. Beside a sheet that gathers
        the others or is a copy of one, states that differ are asked about.

    Notes
    -----
    Without a day, the same words may be asked again: such rows are taken out only where exactly one of the
    two sheets gathers the others or is a copy by its name (汇总, 备份). Rows with different ids stay.
    """
    frames = [_without_double_entries(frame.copy(), out) for frame in pieces]
    first: defaultdict[_Key, list[tuple[int, int]]] = defaultdict(list)
    kept = [[True] * len(frame) for frame in frames]
    joined: Counter[tuple[int, int]] = Counter()
    twice: Counter[tuple[int, int]] = Counter()
    examples: dict[tuple[int, int], int] = {}
    gathers = [_gathers(frame) for frame in frames]
    # Sheets that gather others come last: what stands on both stays where it was written first.
    for k in sorted(range(len(frames)), key=lambda k: gathers[k]):
        seen: Counter[_Key] = Counter()
        fresh: list[tuple[_Key, int]] = []
        for i, key in enumerate(_keys(frames[k])):
            before = first[key]
            nth = seen[key]
            seen[key] += 1
            if not key[0] or not key[1] or nth >= len(before):
                fresh.append((key, i))
                continue
            base, at = before[nth]
            pair = (base, k)
            examples.setdefault(pair, i)
            summary = gathers[base] != gathers[k]
            if not (key[2] or summary) or _other_ids(frames[base].iloc[at], frames[k].iloc[i]):
                twice[pair] += 1
                fresh.append((key, i))
                continue
            joined[pair] += 1
            kept[k][i] = False
            _join(frames, (base, at), (k, i), out, summary=summary)
        for key, i in fresh:
            first[key].append((k, i))
    for (base, k), i in examples.items():
        _ask(frames[base], frames[k], i, joined[base, k], twice[base, k], out)
    return [
        frame if all(stay) else frame.loc[stay].reset_index(drop=True)
        for frame, stay in zip(frames, kept, strict=True)
    ]


def _without_double_entries(frame: pd.DataFrame, out: Gathered) -> pd.DataFrame:
    """Take out rows that are entered twice in a table, all their cells alike; ask where only some are."""
    first: dict[_Key, int] = {}
    alike: list[int] = []
    others: list[tuple[int, int]] = []
    kept, rows = [True] * len(frame), frame[ROW].tolist()
    for i, key in enumerate(_keys(frame)):
        at = first.setdefault(key, i)
        if at == i or not all(key) or rows[at] == rows[i] or _other_ids(frame.iloc[at], frame.iloc[i]):
            continue
        if _cells(frame, at) == _cells(frame, i):
            why = message("the same as a row above, and counted once")
            out.leave_row(frame.iloc[i], why)
            kept[i] = False
            alike.append(i)
        else:
            others.append((at, i))
    if alike:
        why = message(
            "the row stands above word for word, as do {n} in all, and is counted once; "
            "change a word if it is a demand of its own",
            n=len(alike),
        )
        _ask_at(frame, alike[0], why, out)
    if others:
        why = message(
            "the same enterprise, words and day as row {row}, as are {n} in all, and counted twice; "
            "delete one if it is the same demand",
            row=rows[others[0][0]],
            n=len(others),
        )
        _ask_at(frame, others[0][1], why, out)
    return frame if all(kept) else frame.loc[kept].reset_index(drop=True)


def _cells(frame: pd.DataFrame, i: int) -> list[str]:
    """Cells of a row by which it is entered twice: not its place, its number or id."""
    return [
        value
        for name, value in frame.iloc[i].items()
        if name not in {*PLACE, "demand_id"} and not is_number(str(name))
    ]


def _ask_at(frame: pd.DataFrame, i: int, why: str, out: Gathered) -> None:
    """Ask about the demand of one row."""
    place = frame.iloc[i]
    out.ask(place[SHEET], int(place[ROW]), "text", place["text"], why, status="repeated")


def _keys(frame: pd.DataFrame) -> list[_Key]:
    """Enterprise, words and day of each row, by which demands are the same."""
    if "text" not in frame or not len(frame):
        return []
    days = frame["raised_on"].tolist() if "raised_on" in frame else [""] * len(frame)
    return [(*key, day) for key, day in zip(keys_of(frame), days, strict=True)]


def _gathers(frame: pd.DataFrame) -> bool:
    """Whether a sheet gathers the others or is a copy of one, by its name or its file's."""
    return len(frame) > 0 and bool(_SECOND.search(f"{frame[SHEET].iloc[0]} {frame[FILE].iloc[0]}"))


def _other_ids(one: pd.Series, other: pd.Series) -> bool:
    """Whether two rows have ids, and other ones."""
    ids = [row.get("demand_id", "") for row in (one, other)]
    return all(ids) and ids[0] != ids[1]


def _join(
    frames: list[pd.DataFrame],
    first: tuple[int, int],
    second: tuple[int, int],
    out: Gathered,
    *,
    summary: bool,
) -> None:
    """Put what the second row says into the first; the second's cells are left out."""
    (base, at), (k, i) = first, second
    frame = frames[base]
    row: Mapping[str, str] = {str(name): value for name, value in frames[k].iloc[i].items()}
    old, new = (str(one.get("status", "")) for one in (frame.iloc[at], row))
    later = _stage(new) > _stage(old)
    # Without its row, so that `check` names the reason once.
    why = message("stands on sheet {sheet!r} too, and is counted once", sheet=frame[SHEET].iloc[at])
    out.leave_row(frames[k].iloc[i], why)
    if old != new and old and new and (summary or _stage(new) == _stage(old)):
        contradicts = message("another list has {old!r} for this demand; say which is right", old=old)
        out.ask(str(row[SHEET]), int(row[ROW]), "status", new, contradicts, status="contradicts")
    for name in _OF_PROGRESS if later else ():
        if name not in row:
            continue
        if name not in frame:
            frame[name] = ""
        if frame[name].iloc[at] == row[name]:
            continue
        if frame[name].iloc[at]:
            out.leave_cell(frame.iloc[at], name, frame[name].iloc[at], message("a later list says otherwise"))
        frame.loc[frame.index[at], name] = row[name]
    rest = {name: value for name, value in row.items() if name not in _OF_PROGRESS or not old}
    if not summary:  # lists of other weeks may say other things about it
        rest = {
            name: value for name, value in rest.items() if not frame.get(name, {}).get(frame.index[at], "")
        }
    fill(frame, at, rest, out)


def _stage(status: str) -> int:
    """Give how far along a state is; every state that ends a demand is the last."""
    return _STAGES.index(status) if status in _STAGES else len(_STAGES)


def _ask(  # noqa: PLR0917 - two tables and what they share
    base: pd.DataFrame, frame: pd.DataFrame, i: int, joined: int, twice: int, out: Gathered
) -> None:
    """Say how many demands two sheets share, and ask whether they are the same."""
    before = base[SHEET].iloc[0]
    if joined:
        why = message(
            "stands on sheet {before!r} too, as do {n} in all; each is counted once, with what both say; "
            "change a day or a word of those that are to be counted twice",
            n=joined,
            before=before,
        )
    else:
        why = message(
            "stands on sheet {before!r} too with the same day, as do {n} in all, and is counted twice; "
            "delete the earlier row if it was carried on",
            n=twice,
            before=before,
        )
    _ask_at(frame, i, why, out)
