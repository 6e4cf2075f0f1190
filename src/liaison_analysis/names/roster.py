"""A roster of enterprises as its names are looked up: by code, by spelling, by characters."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from liaison_analysis.names.credit_codes import plain_code
from liaison_analysis.names.features import build_entries
from liaison_analysis.names.inputs import check_roster, days_of
from liaison_analysis.names.parts import NameParts, take_apart

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from liaison_analysis.names.features import Entries

    Array = np.ndarray[Any, Any]

#: Days since 1970 that stand for "no first day" and "no last day" of validity.
EARLIEST: Final = -(2**62)
LATEST: Final = 2**62


@dataclass(frozen=True, eq=False, slots=True)
class Roster:
    """Enterprises and all their names.

    An *enterprise* is counted by its row in the roster. An *entry* is one name of an enterprise: first come
    the names of the roster, entry ``i`` being the name of enterprise ``i``, then the aliases.

    Attributes
    ----------
    ids, names, towns
        One text for each enterprise; a missing town is ``""``.
    parts
        What each entry's name consists of.
    owners
        Enterprise of each entry, int64.
    valid
        First and last day of each entry since 1970, int64 of shape (2, entries).
    codes
        Enterprises by id and credit code, both normalised.
    keys
        Entries by their normalised name, with and without legal form.
    entries
        The names as arrays; None where no name has a character.
    """

    ids: Sequence[str]
    names: Sequence[str]
    towns: Sequence[str]
    parts: Sequence[NameParts]
    owners: Array
    valid: Array
    codes: Mapping[str, list[int]]
    keys: Mapping[str, list[int]]
    entries: Entries | None


def build_roster(enterprises: pd.DataFrame, aliases: pd.DataFrame | None = None) -> Roster:
    """Make the tables in which names are looked up.

    Parameters
    ----------
    enterprises
        Columns enterprise_id and name; uscc and town are used where they are there.
    aliases
        Columns enterprise_id and alias; valid_from and valid_to (both included) where they are there.

    Raises
    ------
    ValueError
        Columns are missing, ids are duplicate or missing, or aliases have ids that are not in the roster.

    Examples
    --------
    >>> roster = build_roster(pd.DataFrame({"enterprise_id": ["E1"], "name": ["云岫机器人有限公司"]}))
    >>> roster.keys["云岫机器人"], roster.codes["E1"]
    ([0], [0])
    """
    check_roster(enterprises, aliases)
    ids = enterprises["enterprise_id"].astype(str).tolist()
    names = enterprises["name"].fillna("").astype(str).tolist()
    towns = enterprises["town"] if "town" in enterprises else pd.Series([None] * len(enterprises))
    written, owners = list(names), list(range(len(ids)))
    first, last = [EARLIEST] * len(written), [LATEST] * len(written)
    if aliases is not None and len(aliases):
        enterprise_of = {enterprise: i for i, enterprise in enumerate(ids)}
        written += aliases["alias"].fillna("").astype(str).tolist()
        owners += [enterprise_of[e] for e in aliases["enterprise_id"].astype(str)]
        first += days_of(aliases.get("valid_from", None), len(aliases), EARLIEST)
        last += days_of(aliases.get("valid_to", None), len(aliases), LATEST)
    parts = take_apart(written)
    return Roster(
        ids=ids,
        names=names,
        towns=[t if isinstance(t, str) else "" for t in towns],
        parts=parts,
        owners=np.array(owners, np.int64),
        valid=np.array([first, last], np.int64).reshape(2, -1),
        codes=_by_code(ids, enterprises.get("uscc", ())),
        keys=_by_spelling(parts),
        entries=build_entries(parts) if any(p.stem for p in parts) else None,
    )


def _by_code(ids: Sequence[str], credit_codes: Iterable[object]) -> dict[str, list[int]]:
    codes: defaultdict[str, list[int]] = defaultdict(list)
    for enterprise, written in enumerate(ids):
        codes[plain_code(written)].append(enterprise)
    for enterprise, code in enumerate(credit_codes):
        if isinstance(code, str) and code.strip() and enterprise not in codes[plain_code(code)]:
            codes[plain_code(code)].append(enterprise)
    return dict(codes)


def _by_spelling(parts: Sequence[NameParts]) -> dict[str, list[int]]:
    keys: defaultdict[str, list[int]] = defaultdict(list)
    for entry, part in enumerate(parts):
        for key in sorted({part.plain, part.stem} - {""}):
            keys[key].append(entry)
    return dict(keys)
