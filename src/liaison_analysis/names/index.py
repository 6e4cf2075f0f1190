"""Which enterprise a written name means: ``NameIndex``."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from liaison_analysis._checks import as_texts, is_missing
from liaison_analysis.names.answers import Answer, answers_table, by_code, one_of, same_town
from liaison_analysis.names.credit_codes import plain_code
from liaison_analysis.names.features import (
    CANDIDATES,
    FEATURES,
    build_entries,
    is_long,
    nearest,
    odds,
    pair_features,
    sound_of,
    utilities,
)
from liaison_analysis.names.inputs import check_roster, column_or_none, days_of, spread
from liaison_analysis.names.parts import (
    NameParts,
    is_generic,
    is_place,
    places_differ,
    split_unit,
    take_apart,
)
from liaison_analysis.names.register import crowd_utilities, is_crowd, matched, standing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from liaison_analysis.names.features import Entries

    Array = np.ndarray[Any, Any]

#: Least margin over the next enterprise: for a name whose characters stand together in one enterprise's name
#: alone, and for any other. With these, out of sample, 99.7 of 100 sure answers to short names of 4,654 firms
#: are right, and of 100 names of firms taken off the roster 3 are answered (``benchmarks/names.py``).
CONTAINED_MARGIN: Final = 0.5
LIKELY_MARGIN: Final = 0.9
#: The same for any other name in a crowd, whose probabilities count with nearly all names being nobody's: 99
#: of 100 sure answers are right among 260,000 strangers (``benchmarks/names_strangers.py``).
CROWD_MARGIN: Final = 0.5
_MENTIONED: Final = 0.05  # a candidate below this is not named
_HINT: Final = 0.02  # below this, all candidates together, a name is unknown
_SHOWN: Final = 5
_KEPT: Final = 6  # candidates of a name in a crowd; the others are far behind
_CHUNK: Final = 4_000


class NameIndex:
    """Index of a roster's names, that tells which enterprise a written name means.

    Names are tried in this order: the enterprise's id or credit code; a former or short name valid on the
    date; the name itself but for width, script, marks and legal form; a name whose characters stand together
    in one enterprise's name alone; else the best of the nearest names. What several enterprises could mean is
    ``ambiguous``, never guessed.

    Parameters
    ----------
    enterprises
        Columns enterprise_id and name; uscc and town are used where they are there.
    aliases
        Columns enterprise_id and alias; valid_from and valid_to (both included) where they are there.
    weights
        Weights of the features of ``name_scores``, instead of ``name_scores.WEIGHTS``.
    crowd_weights
        The same for names in a crowd, instead of ``name_crowd.AMONG_STRANGERS``.

    Raises
    ------
    ValueError
        Columns are missing, ids are repeated or missing, or aliases name ids that are not in the roster.

    Examples
    --------
    >>> roster = pd.DataFrame({
    ...     "enterprise_id": ["E1", "E2", "E3"],
    ...     "name": ["重庆云岫机器人有限公司", "佛山云岫机器人有限公司", "重庆澄砚轴承股份有限公司"],
    ... })
    >>> found = NameIndex(roster).resolve(["澄砚轴承", "云岫机器人", "重慶雲岫機器人", "不存在的店"])
    >>> print(found[["written", "enterprise_id", "status"]].to_string(index=False))
    written enterprise_id    status
       澄砚轴承            E3 contained
      云岫机器人            E1 ambiguous
    重慶雲岫機器人            E1     exact
      不存在的店           NaN   unknown
    """

    def __init__(
        self,
        enterprises: pd.DataFrame,
        aliases: pd.DataFrame | None = None,
        *,
        weights: Array | None = None,
        crowd_weights: Array | None = None,
    ) -> None:
        check_roster(enterprises, aliases)
        self._weights, self._crowd_weights = weights, crowd_weights
        self._ids = enterprises["enterprise_id"].astype(str).tolist()
        self._names = enterprises["name"].fillna("").astype(str).tolist()
        towns = enterprises["town"] if "town" in enterprises else pd.Series([None] * len(enterprises))
        self._towns = [t if isinstance(t, str) else "" for t in towns]
        numbers = {enterprise: i for i, enterprise in enumerate(self._ids)}
        written, owners = list(self._names), list(range(len(self._ids)))
        first, last = [_EARLIEST] * len(written), [_LATEST] * len(written)
        if aliases is not None and len(aliases):
            written += aliases["alias"].fillna("").astype(str).tolist()
            owners += [numbers[e] for e in aliases["enterprise_id"].astype(str)]
            first += days_of(column_or_none(aliases, "valid_from"), len(aliases), _EARLIEST)
            last += days_of(column_or_none(aliases, "valid_to"), len(aliases), _LATEST)
        self._owners = np.array(owners, np.int64)
        self._valid = np.array([first, last], np.int64).reshape(2, -1)
        self._codes: dict[str, list[int]] = defaultdict(list)
        self._keys: dict[str, list[int]] = defaultdict(list)
        for number, enterprise in enumerate(self._ids):
            self._codes[plain_code(enterprise)].append(number)
        for number, code in enumerate(enterprises.get("uscc", ())):
            if isinstance(code, str) and code.strip() and number not in self._codes[plain_code(code)]:
                self._codes[plain_code(code)].append(number)
        parts = take_apart(written)
        for entry, part in enumerate(parts):
            for key in sorted({part.plain, part.stem} - {""}):
                self._keys[key].append(entry)
        self._parts = parts
        self._entries = build_entries(parts) if any(p.stem for p in parts) else None

    def resolve(
        self,
        names: Iterable[object],
        *,
        on: object = None,
        town: object = None,
        crowd: bool | None = None,
    ) -> pd.DataFrame:
        """Tell which enterprise each written name means.

        Parameters
        ----------
        names
            Names, ids or credit codes as people write them.
        on
            Date for which aliases must be valid, one for all names or one each; without it every alias
            counts, whatever its dates.
        town
            Town that the writer means, one for all names or one each: it decides only between enterprises
            that would be ambiguous else.
        crowd
            Whether the names are a crowd, such as a register that is searched for the roster's firms: nearly
            all are nobody's here, and each enterprise is named once at most, so that names compete for it
            (``name_crowd``; names sure by code, alias or spelling stand outside). Not for a ledger, which
            names one enterprise in several ways. None: a crowd is what has at least 1,000 different names,
            and 20 for every enterprise.

        Returns
        -------
        DataFrame
            One row a name, in their order. Columns written; enterprise_id (the best candidate even where
            ambiguous; missing where unknown); score (0–1, the candidate's probability) and margin (to the
            next enterprise); status (one of ``STATUSES``); name (the roster's); unit (plant or branch that
            was cut off, else ``""``); candidates (``"E1 name (0.52); …"``, where ambiguous); why.

        Raises
        ------
        ValueError
            ``names`` is one text, or ``on`` or ``town`` are of another length.
        """
        texts = as_texts(names, what="name")
        days = spread(on, len(texts), "on")
        towns = ["" if is_missing(t) else str(t) for t in spread(town, len(texts), "town")]
        keys = list(zip(texts, days_of(pd.Series(days, dtype=object), len(texts), None), towns, strict=True))
        asked = sorted(set(keys), key=lambda key: (key[0], key[1] or 0, key[2]))
        if crowd is None:
            crowd = is_crowd(len({text for text, _, _ in asked}), len(self._ids))
        answers = dict(zip(asked, self._answer(asked, crowd=crowd), strict=True))
        return answers_table(texts, [answers[key] for key in keys], self._ids, self._names)

    def candidates(self, names: Iterable[object], *, k: int = _SHOWN) -> pd.DataFrame:
        """List the ``k`` most probable enterprises of each name, whatever its status.

        Returns
        -------
        DataFrame
            Columns row (place in ``names``), written, rank (from 1), enterprise_id, name, score; sorted by
            row and rank.

        Examples
        --------
        >>> roster = pd.DataFrame({"enterprise_id": ["E1", "E2"], "name": ["云岫机器人", "云岫轴承"]})
        >>> NameIndex(roster).candidates(["云岫机器"])["enterprise_id"].tolist()
        ['E1', 'E2']
        """
        if k < 1:
            raise ValueError(f"expected k of at least 1, got {k!r}; write k=5")
        texts = as_texts(names, what="name")
        rows = []
        scored = self._scored(take_apart(texts), [None] * len(texts))
        for row, (written, (ranked, _)) in enumerate(zip(texts, scored, strict=True)):
            for rank, (number, score) in enumerate(ranked[:k], 1):
                rows.append((row, written, rank, self._ids[number], self._names[number], score))
        table = pd.DataFrame(rows, columns=["row", "written", "rank", "enterprise_id", "name", "score"])
        return table.astype({"written": "str", "enterprise_id": "str", "name": "str", "score": "float64"})

    def duplicates(self, *, least: float = LIKELY_MARGIN) -> pd.DataFrame:
        """List pairs of the roster's enterprises that may be one and the same.

        Parameters
        ----------
        least
            Least score of a pair whose names are only alike.

        Returns
        -------
        DataFrame
            Columns enterprise_id, other_id, name, other_name, score, why (``same code``, ``same name``,
            ``alike``); each pair once, sorted by score, highest first, then ids.

        Examples
        --------
        >>> roster = pd.DataFrame({"enterprise_id": ["E1", "E2", "E3"],
        ...     "name": ["云岫机器人有限公司", "云岫机器人股份公司", "澄砚轴承"]})
        >>> print(NameIndex(roster).duplicates()[["enterprise_id", "other_id", "why"]].to_string(index=False))
        enterprise_id other_id       why
                   E1       E2 same name
        """
        pairs: dict[tuple[int, int], tuple[float, str]] = {}
        n = len(self._ids)
        for numbers in self._codes.values():
            pairs.update(dict.fromkeys(_pairs(numbers), (1.0, "same code")))
        for entries in self._keys.values():
            for pair in _pairs([e for e in entries if e < n]):
                pairs.setdefault(pair, (1.0, "same name"))
        scored = self._scored(self._parts[:n], [None] * n, without_self=True)
        for number, (ranked, _) in enumerate(scored):
            for other, score in ranked[:1]:
                if score >= least and self._alike(number, other):
                    pairs.setdefault((min(number, other), max(number, other)), (score, "alike"))
        rows = [
            (self._ids[a], self._ids[b], self._names[a], self._names[b], round(score, 9), why)
            for (a, b), (score, why) in pairs.items()
        ]
        columns = ["enterprise_id", "other_id", "name", "other_name", "score", "why"]
        table = pd.DataFrame(rows, columns=columns).astype({"score": "float64"})
        return table.sort_values(
            ["score", "enterprise_id", "other_id"], ascending=[False, True, True]
        ).reset_index(drop=True)

    def _alike(self, a: int, b: int) -> bool:
        """Whether two names differ by no more than a slip: one character, or one written less."""
        ours, theirs = self._parts[a].stem, self._parts[b].stem
        return abs(len(ours) - len(theirs)) <= 2 and min(len(ours), len(theirs)) > 3

    def _answer(self, asked: Sequence[tuple[str, int | None, str]], *, crowd: bool) -> list[Answer]:
        """Answer names, each with its day and town."""
        parts = take_apart([text for text, _, _ in asked])
        answers: list[Answer | None] = []
        open_rows, open_parts, units = [], [], []
        for row, ((text, day, town), part) in enumerate(zip(asked, parts, strict=True)):
            answer = by_code(text, self._codes, self._ids) or self._by_key(part, day, town)
            unit = ""
            if answer is None:
                firm, unit = split_unit(part.plain, self._towns)
                if unit:
                    part = take_apart([firm])[0]  # noqa: PLW2901 - from here on the firm is what is looked for
                    answer = self._by_key(part, day, town)
                    answer = None if answer is None else replace(answer, unit=unit)
            if answer is None and (len(part.stem) < 2 or is_place(part.stem)):
                why = "a place, no name" if len(part.stem) > 1 else "less than two characters"
                answer = Answer("unknown", unit=unit, why=why)
            if answer is None:
                open_rows.append(row)
                open_parts.append(part)
                units.append(unit)
            answers.append(answer)
        days, least = [asked[row][1] for row in open_rows], CROWD_MARGIN if crowd else LIKELY_MARGIN
        scored = self._scored(open_parts, days, crowd=crowd)
        for row, part, unit, (ranked, containing) in zip(open_rows, open_parts, units, scored, strict=True):
            answer = self._decide(part, ranked, containing, asked[row][2], least=least)
            answers[row] = replace(answer, unit=unit)
        return [answer or Answer("unknown") for answer in answers]

    def _by_key(self, part: NameParts, day: int | None, town: str) -> Answer | None:
        """Answer by a former or short name, or by the name itself: as written, then without legal form."""
        n = len(self._ids)
        for key in dict.fromkeys([part.plain, part.stem]):
            entries = self._keys.get(key, ())
            valid = [e for e in entries if day is None or self._valid[0, e] <= day <= self._valid[1, e]]
            owners = sorted({int(self._owners[e]) for e in valid})
            whole = sorted({int(self._owners[e]) for e in valid if e < n and self._parts[e].plain == key})
            if len(whole) == 1 and len(owners) > 1 and all(e < n for e in valid):
                owners = whole  # one has this very name, the others have it but for their legal form
            if owners:
                status = "alias" if all(e >= n for e in valid) else "exact"
                return one_of(owners, status, "this name", town=town, towns=self._towns)
            if entries:
                former = sorted({int(self._owners[e]) for e in entries})
                share = 1 / len(former)
                why = "a name that is not valid on this date"
                others = tuple((i, share) for i in former)
                return Answer("ambiguous", former[0], share, 0.0 if former[1:] else share, others, why=why)
        return None

    def _scored(
        self,
        parts: Sequence[NameParts],
        days: Sequence[int | None],
        *,
        without_self: bool = False,
        crowd: bool = False,
    ) -> Iterator[tuple[list[tuple[int, float]], list[int]]]:
        """Probable enterprises of each name, best first, and those whose name holds it in one piece."""
        if self._entries is None:
            yield from (([], []) for _ in parts)
        elif crowd:
            yield from self._in_crowd(self._entries, parts, days)
        else:
            for some, found in self._weighed(self._entries, parts, days, without_self=without_self):
                long = is_long(some)
                utility = utilities(found.features, found.places, self._owners, long, weights=self._weights)
                yield from self._ranked(found.firms, odds(utility), found.containing)

    def _in_crowd(
        self, entries: Entries, parts: Sequence[NameParts], days: Sequence[int | None]
    ) -> Iterator[tuple[list[tuple[int, float]], list[int]]]:
        """As ``_scored``, where names compete for enterprises; one name on one day competes once."""
        keys = [(part.stem, day) for part, day in zip(parts, days, strict=True)]
        first = {key: i for i, key in reversed(list(enumerate(keys)))}
        kept = sorted(first.values())
        stands = standing([parts[i] for i in kept])
        firms, fits, containing, at = [np.empty((0, _KEPT), np.int64)], [np.empty((0, _KEPT))], [], 0
        for some, found in self._weighed(entries, [parts[i] for i in kept], [days[i] for i in kept]):
            stand, at = stands[at : at + len(some)], at + len(some)
            utility = crowd_utilities(
                some, stand, found.features, found.places, self._owners, weights=self._crowd_weights
            )
            best = np.argsort(-utility, axis=1, kind="stable")[:, :_KEPT]
            fits.append(np.take_along_axis(utility, best, axis=1))
            firms.append(np.take_along_axis(found.firms, best, axis=1))
            containing += found.containing
        everyone = np.concatenate(firms)
        shares = matched(everyone, np.concatenate(fits))
        ranked = dict(zip(kept, self._ranked(everyone, shares, containing), strict=True))
        yield from (ranked[first[key]] for key in keys)

    def _weighed(
        self,
        entries: Entries,
        parts: Sequence[NameParts],
        days: Sequence[int | None],
        *,
        without_self: bool = False,
    ) -> Iterator[tuple[Sequence[NameParts], _Candidates]]:
        """Candidates of names and what is read off each pair, chunk by chunk."""
        for start in range(0, len(parts), _CHUNK):
            some, when = parts[start : start + _CHUNK], days[start : start + _CHUNK]
            places, cosines = nearest([p.stem for p in some], entries, k=CANDIDATES)
            if any(day is not None for day in when):
                on = np.array([_LATEST if d is None else d for d in when])[:, None]
                anytime = np.array([d is None for d in when])[:, None]
                fits = (self._valid[0][places] <= on) & (on <= self._valid[1][places])
                places = np.where(fits | anytime, places, -1)
            if without_self:
                own = np.arange(start, start + len(some))[:, None]
                places = np.where(self._owners[places] == own, -1, places)
            features = pair_features(some, entries, places, cosines)
            firms = np.where(places >= 0, self._owners[places], -1)
            # All characters found, so they may stand in one piece.
            whole = (features[:, :, FEATURES.index("all_found")] > 0) & (places >= 0)
            containing = []
            for row, part in enumerate(some):
                pairs = zip(places[row][whole[row]], firms[row][whole[row]], strict=True)
                containing.append(sorted({int(f) for e, f in pairs if _holds(entries.parts[e], part.stem)}))
            yield some, _Candidates(places, firms, features, containing)

    def _ranked(
        self, firms: Array, shares: Array, containing: Sequence[list[int]]
    ) -> Iterator[tuple[list[tuple[int, float]], list[int]]]:
        for numbers, row, held in zip(firms.tolist(), np.round(shares, 9).tolist(), containing, strict=True):
            chances: dict[int, float] = {}
            for number, share in zip(numbers, row, strict=True):
                if number >= 0:
                    chances[number] = max(share, chances.get(number, 0.0))
            yield sorted(chances.items(), key=lambda pair: (-pair[1], self._ids[pair[0]])), held

    def _decide(
        self,
        part: NameParts,
        ranked: list[tuple[int, float]],
        containing: list[int],
        town: str,
        *,
        least: float,
    ) -> Answer:
        """Answer from probable enterprises: sure only where the margin is wide and no other fits as well."""
        if not ranked or sum(p for _, p in ranked) < _HINT:
            return Answer("unknown", why="no enterprise has a name like this")
        best, score = ranked[0]
        margin = round(score - (ranked[1][1] if len(ranked) > 1 else 0.0), 9)
        status = ""
        if containing == [best] and margin >= CONTAINED_MARGIN:
            status = "contained"
        elif margin >= least:
            status = "likely"
        fitting, why = [], "not near enough to be sure"
        if not part.tells:
            status, why = "", "words of trade alone, no brand"
        elif len(containing) > 1:
            status, fitting = "contained", containing
            why = f"the names of {len(containing)} enterprises hold {part.stem}"
        elif status and (rivals := self._rivals(part, best, [i for i, _ in ranked], status)):
            fitting = [best, *rivals]
            why = f"{self._ids[rivals[0]]} could be called so too"
        if status and not fitting and self._is_member(part, best):
            status, why = "", f"a member of {part.stem}, not the group itself"
        if status and not fitting:
            return Answer(status, best, score, margin)
        there = [i for i in fitting if same_town(town, self._towns[i])] if town else []
        if len(there) == 1:
            why = f"of {len(fitting)} that could be called so, the one in {town}"
            return Answer(status, there[0], dict(ranked).get(there[0], 0.0), margin, why=why)
        others = [(i, p) for i, p in ranked if p >= _MENTIONED or i in fitting or i == best]
        return Answer("ambiguous", best, score, margin, tuple(others[: 2 * _SHOWN]), why=why)

    def _rivals(self, part: NameParts, best: int, numbers: list[int], status: str) -> list[int]:
        """Firms with the same brand, to the ear, that the written name could mean as well.

        Members of a group share the brand, so the words of trade behind it decide; what only picks characters
        out of such words (云岫科技 for 云岫新能源科技) decides nothing where there are several members.
        """
        heard = [sound_of(c) for c in part.core]
        loose = status == "likely" and is_generic(part.core[2:])
        rivals = []
        for number in numbers:
            theirs = self._parts[number]
            sounds = [sound_of(c) for c in theirs.core]
            if number == best or sounds[:2] != heard[:2] or places_differ(part.place, theirs.place):
                continue
            left = iter(sounds)
            if loose or all(sound in left for sound in heard):
                rivals.append(number)
        return rivals

    def _is_member(self, part: NameParts, best: int) -> bool:
        """Whether a group is written and the enterprise's name goes on behind it (中钢集团安徽天源…)."""
        _, group, member = self._parts[best].stem.partition(part.core)
        return group.endswith("集团") and not is_generic(member)


_EARLIEST: Final = -(2**62)
_LATEST: Final = 2**62


def _holds(name: NameParts, stem: str) -> bool:
    """Whether a name holds a text in one piece that begins where the name or its brand begins."""
    return name.stem.startswith(stem) or name.core.startswith(stem)


@dataclass(frozen=True, eq=False, slots=True)
class _Candidates:
    """Nearest names, their enterprises, features of the pairs, and whose names hold each in one piece."""

    places: Array
    firms: Array
    features: Array
    containing: list[list[int]]


def _pairs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    ordered = sorted(set(numbers))
    return [(a, b) for i, a in enumerate(ordered) for b in ordered[i + 1 :]]
