"""Which enterprise a written name means: ``NameIndex``."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from liaison_analysis._checks import as_texts, check_frame, is_missing
from liaison_analysis._messages import message
from liaison_analysis.names.answers import Answer, answers_table
from liaison_analysis.names.candidates import score_crowd, score_names
from liaison_analysis.names.decisions import CROWD_MARGIN, LIKELY_MARGIN, SHOWN, decide
from liaison_analysis.names.duplicates import find_duplicates
from liaison_analysis.names.inputs import days_of, spread
from liaison_analysis.names.lookup import by_code, by_name
from liaison_analysis.names.parts import split_unit, take_apart
from liaison_analysis.names.places import is_place
from liaison_analysis.names.register import is_crowd
from liaison_analysis.names.roster import build_roster

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np

    from liaison_analysis.names.parts import NameParts

    Array = np.ndarray[Any, Any]


class NameIndex:
    """Index of a roster's names, which finds the enterprise that a written name means.

    Names are tried in this order: the enterprise's id or credit code; a former or short name valid on the
    date; the name itself, apart from width, script, marks and legal form; a name that is a substring of
    exactly one enterprise's name; else the best of the nearest names. A name that could mean several
    enterprises is ``ambiguous``, never guessed.

    Parameters
    ----------
    enterprises
        Columns enterprise_id and name; uscc and town are used where they are there.
    aliases
        Columns enterprise_id and alias; valid_from and valid_to (both included) where they are there.
    weights
        Weights of ``names.features.FEATURES``, instead of ``names.features.WEIGHTS``.
    crowd_weights
        The same for names in a crowd, instead of ``names.register.AMONG_STRANGERS``.

    Raises
    ------
    ValueError
        Columns are missing, ids are duplicate or missing, or aliases have ids that are not in the roster.

    Examples
    --------
    >>> roster = pd.DataFrame({
    ...     "enterprise_id": ["E1", "E2", "E3"],
    ...     "name": ["重庆云岫机器人有限公司", "佛山云岫机器人有限公司", "重庆澄砚轴承股份有限公司"],
    ... })
    >>> answers = NameIndex(roster).resolve(["澄砚轴承", "云岫机器人", "重慶雲岫機器人", "不存在的店"])
    >>> print(answers[["written", "enterprise_id", "status"]].to_string(index=False))
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
        check_frame(enterprises, "enterprises", ["enterprise_id", "name"])
        if aliases is not None:
            check_frame(aliases, "aliases", ["enterprise_id", "alias"])
        self._roster = build_roster(enterprises, aliases)
        self._weights, self._crowd_weights = weights, crowd_weights

    def resolve(
        self,
        names: Iterable[object],
        *,
        on: object = None,
        town: object = None,
        crowd: bool | None = None,
    ) -> pd.DataFrame:
        """Find the enterprise that each written name means.

        Parameters
        ----------
        names
            Names, ids or credit codes as people write them.
        on
            Date for which aliases must be valid, one for all names or one each; without it every alias
            counts, whatever its dates.
        town
            Town that the writer means, one for all names or one each: it decides only between enterprises
            that would be ambiguous otherwise.
        crowd
            Whether the names are a crowd, such as a register that is searched for the roster's firms: nearly
            all match no enterprise of the roster, and each enterprise is named once at most, so that names
            compete for it (Choo and Siow 2006, ``names.register``; names resolved by code, alias or spelling
            do not compete). Not for a ledger, which names one enterprise in several ways. None: names are a
            crowd if there are at least 1,000 different ones, and 20 for every enterprise.

        Returns
        -------
        DataFrame
            One row for each name, in their order. Columns written; enterprise_id (the best candidate even
            where ambiguous; missing where unknown); score (0–1, the candidate's probability) and margin (to
            the next enterprise); status (``code``, ``alias``, ``exact``, ``contained``, ``likely``,
            ``ambiguous`` or ``unknown``); name (the roster's); unit (plant or branch that was cut off, else
            ``""``); candidates (``"E1 name (0.52); …"``, where ambiguous); why.

        Raises
        ------
        ValueError
            ``names`` is one text, or ``on`` or ``town`` are of another length.

        Examples
        --------
        >>> roster = pd.DataFrame({"enterprise_id": ["E1"], "name": ["云岫机器人"], "town": ["水土"]})
        >>> NameIndex(roster).resolve(["云岫机器人水土工厂"])[["status", "unit"]].to_numpy().tolist()
        [['exact', '水土工厂']]
        """
        texts = as_texts(names, what="name")
        days = spread(on, len(texts), "on")
        towns = ["" if is_missing(t) else str(t) for t in spread(town, len(texts), "town")]
        keys = list(zip(texts, days_of(pd.Series(days, dtype=object), len(texts), None), towns, strict=True))
        asked = sorted(set(keys), key=lambda key: (key[0], key[1] or 0, key[2]))
        if crowd is None:
            crowd = is_crowd(len({text for text, _, _ in asked}), len(self._roster.ids))
        answers = dict(zip(asked, self._answer(asked, crowd=crowd), strict=True))
        return answers_table(texts, [answers[key] for key in keys], self._roster.ids, self._roster.names)

    def candidates(self, names: Iterable[object], *, k: int = SHOWN) -> pd.DataFrame:
        """List the ``k`` most probable enterprises of each name, whatever its status.

        Parameters
        ----------
        names
            Names as they are written.
        k
            Largest number of enterprises of a name.

        Returns
        -------
        DataFrame
            Columns row (place in ``names``, from 0), written, rank (from 1), enterprise_id, name, score
            (0–1); sorted by row and rank.

        Raises
        ------
        ValueError
            ``names`` is one text, or ``k`` is below 1.

        Examples
        --------
        >>> roster = pd.DataFrame({"enterprise_id": ["E1", "E2"], "name": ["云岫机器人", "云岫轴承"]})
        >>> NameIndex(roster).candidates(["云岫机器"])["enterprise_id"].tolist()
        ['E1', 'E2']
        """
        if k < 1:
            raise ValueError(f"expected k of at least 1, got {k!r}; write k=5")
        texts, roster = as_texts(names, what="name"), self._roster
        scored = score_names(roster, take_apart(texts), [None] * len(texts), weights=self._weights)
        rows = [
            (row, written, rank, roster.ids[number], roster.names[number], score)
            for row, (written, (ranked, _)) in enumerate(zip(texts, scored, strict=True))
            for rank, (number, score) in enumerate(ranked[:k], 1)
        ]
        table = pd.DataFrame(rows, columns=["row", "written", "rank", "enterprise_id", "name", "score"])
        return table.astype({"written": "str", "enterprise_id": "str", "name": "str", "score": "float64"})

    def duplicates(self, *, least: float = LIKELY_MARGIN) -> pd.DataFrame:
        """List pairs of the roster's enterprises that may be one and the same.

        Parameters
        ----------
        least
            Smallest score of a pair whose names are only similar.

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
        return find_duplicates(self._roster, least=least, weights=self._weights)

    def _answer(self, asked: Sequence[tuple[str, int | None, str]], *, crowd: bool) -> list[Answer]:
        """Answer names, each with its day and town: those that can be looked up, then the others."""
        parts = take_apart([text for text, _, _ in asked])
        answers: list[Answer] = []
        unsettled: list[tuple[int, NameParts, str]] = []
        for row, (key, part) in enumerate(zip(asked, parts, strict=True)):
            answer, firm, unit = self._looked_up(key, part)
            if answer is None:
                unsettled.append((row, firm, unit))
            answers.append(answer or Answer("unknown"))
        firms, days = [firm for _, firm, _ in unsettled], [asked[row][1] for row, _, _ in unsettled]
        if crowd:
            scored = score_crowd(self._roster, firms, days, weights=self._crowd_weights)
        else:
            scored = score_names(self._roster, firms, days, weights=self._weights)
        least = CROWD_MARGIN if crowd else LIKELY_MARGIN
        for (row, firm, unit), one in zip(unsettled, scored, strict=True):
            answers[row] = replace(decide(self._roster, firm, one, asked[row][2], least=least), unit=unit)
        return answers

    def _looked_up(
        self, key: tuple[str, int | None, str], part: NameParts
    ) -> tuple[Answer | None, NameParts, str]:
        """Answer by code or spelling, if possible; also the firm without its plant, and the plant."""
        (text, day, town), roster = key, self._roster
        answer = by_code(text, roster.codes, roster.ids) or by_name(roster, part, day, town)
        if answer is not None:
            return answer, part, ""
        written, unit = split_unit(part.plain, roster.towns)
        if unit:
            part = take_apart([written])[0]
            answer = by_name(roster, part, day, town)
            if answer is not None:
                return replace(answer, unit=unit), part, unit
        if len(part.stem) < 2 or is_place(part.stem):
            why = message("a place, no name") if len(part.stem) > 1 else message("less than two characters")
            return Answer("unknown", unit=unit, why=why), part, unit
        return None, part, unit
