"""Ids that the same row has again in next month's file: of enterprises, demands and visits."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter

from liaison_analysis.ledger.headers import meaning_of
from liaison_analysis.ledger.records import PLACE, ROW, Gathered


def name_key(name: str) -> str:
    """Name without what differs between two writings of the same name: width, blanks, kind of brackets.

    Examples
    --------
    >>> name_key("嘉禾源食品（重庆） 有限公司") == name_key("嘉禾源食品(重庆)有限公司")
    True
    """
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", name)).casefold()


def stable_id(prefix: str, *parts: str) -> str:
    """Id that depends on the parts alone, so that the same row has the same id in next month's file.

    Examples
    --------
    >>> stable_id("E", "甲公司") == stable_id("E", "甲公司"), len(stable_id("D", "甲公司", "停车难"))
    (True, 9)
    """
    return prefix + hashlib.blake2b("\0".join(parts).encode(), digest_size=4).hexdigest()


def give_demand_ids(gathered: Gathered) -> None:
    """Ids of demands: those written, a running number that is unique in the whole file, or stable hashes."""
    frame = gathered.texts.get("demands")
    if frame is None:
        return
    if "demand_id" in frame:
        if gathered.own.get("demands"):
            return
        written = frame["demand_id"].tolist()
        if all(written) and len(set(written)) == len(written):
            return
        frame["demand_id (原)"] = written
    else:
        number = next(
            (
                c
                for c in frame.columns
                if c not in PLACE and (m := meaning_of(str(c), "demands")) and m.column == "number"
            ),
            None,
        )
        cells = frame[number].tolist() if number is not None else []
        if cells and all(cells) and len(set(cells)) == len(cells):
            frame["demand_id"] = cells
            return
    seen: Counter[str] = Counter()
    ids = []
    day = frame["raised_on"] if "raised_on" in frame else [""] * len(frame)
    for one, on, text in zip(frame["enterprise_id"], day, frame["text"], strict=True):
        made = stable_id("D", one, on, text)
        seen[made] += 1
        ids.append(made if seen[made] == 1 else f"{made}-{seen[made]}")
    frame["demand_id"] = ids


def give_visit_ids(gathered: Gathered) -> None:
    """Ids of visits, where the table has none."""
    frame = gathered.texts.get("visits")
    if frame is not None and "visit_id" not in frame:
        parts = zip(frame["enterprise_id"], frame["officer_id"], frame["visited_on"], frame[ROW], strict=True)
        frame["visit_id"] = [stable_id("V", *map(str, one)) for one in parts]
