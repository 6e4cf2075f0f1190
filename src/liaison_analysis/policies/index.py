"""Clauses that answer a question, and eligibility for them: ``PolicyIndex``."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from liaison_analysis._calendar import as_day
from liaison_analysis._checks import check_frame, is_whole, refuse_one_text
from liaison_analysis.demands import find_mentions
from liaison_analysis.ledger import as_ledger, typed
from liaison_analysis.policies.calibration import AnswerEvidence, answer_probability
from liaison_analysis.policies.eligibility import NO, OUT_OF_FORCE, YES, judge, judge_all, validity_on
from liaison_analysis.policies.ranking import ClauseRanker

if TYPE_CHECKING:
    from liaison_analysis.ledger import Ledger
    from liaison_analysis.text import Encoder

_SHOWN: Final = ["clause_id", "policy", "article", "text", "benefit", "valid_from", "valid_to"]
_JUDGED: Final = ["town", "industry", "category", "headcount", "eligibility", "missing"]
# Probability from which a clause counts as an answer: where both kinds of error are equally frequent.
_ANSWERS: Final = 0.5
# Smallest number of clauses per question whose probability is computed; the retrieval model is slow.
_CANDIDATES: Final = 8
_DIGITS: Final = 6  # of a probability
_SCORE_DIGITS: Final = 9  # of a score: the last bits of 64-bit sums vary
_WORD: Final = re.compile(r"\w")
_BATCH: Final = 256  # questions compared at once, so that memory does not grow with their number

#: The ``text`` of a result where no clause answers.
NO_CLAUSE: Final = "没有找到相符的条款"


class PolicyIndex:
    """Policy clauses, searched by the words of a question and by the conditions of an enterprise.

    Text only ranks; conditions decide. A clause that is not in force on the day is left out, a clause whose
    conditions the enterprise fails comes after those that it may claim, and conditions missing from its
    profile are to be checked (待核实), never a "no".

    Parameters
    ----------
    policies
        The ledger's ``policies``, or what ``read_policies`` gives: ``clause_id``, ``policy``, ``text``, and
        conditions where known.
    encoder
        See ``text.encode``.

    Raises
    ------
    ValueError
        There are no clauses, none has a text, or a column is missing.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> ledger = load_liangjiang()
    >>> index = PolicyIndex(ledger.policies)
    >>> firm = ledger.enterprises.query("category == '小巨人'").iloc[0]
    >>> result = index.search(["小巨人租厂房能便宜吗"], enterprise=firm, on="2022-12-01", k=1)
    >>> result[["article", "category", "eligibility"]].iloc[0].to_list()
    ['第七条', '符合', '符合']
    """

    def __init__(self, policies: pd.DataFrame, *, encoder: Encoder = None) -> None:
        check_frame(policies, "policies", source="read_policies")
        lacking = [name for name in ("clause_id", "policy", "text") if name not in policies.columns]
        if lacking or policies.empty:
            what = f"the columns {', '.join(lacking)} are missing" if lacking else "there are no rows"
            raise ValueError(
                f"policies: expected one row per clause; {what}; add clauses to the sheet policies (政策条款)"
            )
        self.policies = typed("policies", policies)
        self._rows: list[dict[str, Any]] = self.policies.to_dict("records")  # type: ignore[assignment]
        if not policies["text"].astype("str").str.contains(r"\w").any():
            raise ValueError("policies: no clause has a text; fill the column text (条款内容)")
        texts, titles = (self.policies[name].fillna("").tolist() for name in ("text", "policy"))
        ids = self.policies["clause_id"].astype("str")
        self._place_of_id = ids.rank(method="first").to_numpy()
        self._ranker = ClauseRanker(texts, encoder=encoder)
        self._evidence = AnswerEvidence(texts, titles, encoder=encoder)

    def search(
        self,
        questions: Sequence[str],
        *,
        enterprise: Mapping[str, Any] | pd.Series | None = None,
        on: str | pd.Timestamp | None = None,
        k: int = 5,
    ) -> pd.DataFrame:
        """Find the clauses that answer each question, best first.

        Parameters
        ----------
        questions
            In everyday words.
        enterprise
            A row of the ledger's ``enterprises``; the conditions of each clause are judged for it.
        on
            The day; clauses that are not in force on it are left out.
        k
            Largest number of clauses for a question.

        Returns
        -------
        DataFrame
            Columns question (its place, from 0), asked, rank, answered, clause_id, policy, article, text,
            benefit, valid_from, valid_to, score (probability that the clause answers, see
            ``calibration.answer_probability``); with a day, validity; with an enterprise, town, industry,
            category, headcount, eligibility and missing (see ``eligibility.judge``). Ranks go from 1.
            ``answered`` is about the question: false in all its rows where no clause answers with a
            probability of one half. Then a row of rank 0 without a clause states this in its text, and the
            nearest clauses follow it, for a person to look at.

        Raises
        ------
        ValueError
            ``k`` is below 1, ``on`` is not a date, ``enterprise`` not a row, or ``questions`` a single text.

        Examples
        --------
        >>> from liaison_analysis import load_liangjiang
        >>> index = PolicyIndex(load_liangjiang().policies)
        >>> bool(index.search(["技改设备买了能补贴多少"], k=1)["answered"].iloc[-1])
        True
        """
        refuse_one_text(questions, what="question")
        if not is_whole(k, 1):
            raise ValueError(f"k: expected a whole number from 1, got {k!r}")
        if enterprise is not None and not isinstance(enterprise, Mapping | pd.Series):
            raise ValueError(
                f"enterprise: expected a row of enterprises, got {enterprise!r}; write "
                "ledger.enterprises.set_index('enterprise_id').loc[...]"
            )
        day = None if on is None else as_day(on)
        profile = None if enterprise is None else dict(enterprise)
        open_now = np.array([day is None or validity_on(row, day) not in OUT_OF_FORCE for row in self._rows])
        judged = [*(["validity"] if day is not None else []), *(_JUDGED if profile is not None else [])]
        rows = []
        for start in range(0, len(questions), _BATCH):
            batch = list(questions[start : start + _BATCH])
            scores = np.where(open_now, self._ranker.score(batch).round(_SCORE_DIGITS), -np.inf)
            best = self._ordered(-scores)[:, : min(max(k, _CANDIDATES), int(open_now.sum()))]
            features = self._evidence.features(batch, best, np.take_along_axis(scores, best, axis=1))
            probabilities = answer_probability(features).round(_DIGITS)
            # Sorted by the shown (rounded) score, then by words, then by id, so that the order depends
            # neither on the run nor on the order of the rows.
            order = np.argsort(-probabilities, axis=1, kind="stable")[:, :k]
            best = np.take_along_axis(best, order, axis=1)
            probabilities = np.take_along_axis(probabilities, order, axis=1)
            for i, asked in enumerate(batch):
                # A question without a word has no near clause.
                n = best.shape[1] if _WORD.search(str(asked or "")) else 0
                answers = self._answers(best[i, :n], probabilities[i, :n], profile, day)
                rows += [{"question": start + i, "asked": asked} | row for row in answers]
        columns = ["question", "asked", "rank", "answered", *_SHOWN, "score", *judged]
        texts = ["asked", "clause_id", "policy", "article", "text", "benefit", *judged]
        types = dict.fromkeys(texts, "str") | dict.fromkeys(["valid_from", "valid_to"], "datetime64[s]")
        numbers = {"question": "int64", "rank": "int64", "answered": "bool", "score": "float64"}
        return pd.DataFrame(rows, columns=columns).astype({**types, **numbers})

    def _ordered(self, values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """Sort each row's values in ascending order and give their places (ties: by the clause's id)."""
        ids = np.broadcast_to(self._place_of_id, values.shape)
        return np.lexsort((ids, values), axis=1)

    def _answers(
        self,
        order: np.ndarray[Any, Any],
        probabilities: np.ndarray[Any, Any],
        profile: dict[str, Any] | None,
        day: pd.Timestamp | None,
    ) -> list[dict[str, Any]]:
        """Rows of one question, failed clauses last; rank 0 states that no clause answers."""
        rows = []
        for at, probability in zip(order, probabilities.tolist(), strict=True):
            row = self._rows[at]
            shown = {name: row[name] for name in _SHOWN} | {"score": probability}
            if profile is not None:
                shown |= judge(row, profile, on=day)
            elif day is not None:
                shown["validity"] = validity_on(row, day)
            rows.append(shown)
        if profile is not None:
            rows.sort(key=lambda row: row["eligibility"] == NO)
        best = float(probabilities[:1].sum())
        ranked = [row | {"rank": rank} for rank, row in enumerate(rows, start=1)]
        none = [] if best >= _ANSWERS else [{"rank": 0, "text": NO_CLAUSE, "score": best}]
        return [row | {"answered": not none} for row in [*none, *ranked]]

    def beneficiaries(
        self, clause_id: str, ledger: Ledger, *, on: str | pd.Timestamp | None = None
    ) -> pd.DataFrame:
        """Find the enterprises that are eligible for a clause, or may be once something is checked.

        Parameters
        ----------
        clause_id
            One of ``policies``.
        ledger
            Its enterprises are judged.
        on
            The day; the result is empty if the clause is not in force on it.

        Returns
        -------
        DataFrame
            Columns enterprise_id, name, then as ``eligibility.judge``; without those that are not eligible.
            Eligible ones first, then by id.

        Raises
        ------
        ValueError
            No clause has this id.

        Examples
        --------
        >>> from liaison_analysis import load_liangjiang
        >>> ledger = load_liangjiang()
        >>> result = PolicyIndex(ledger.policies).beneficiaries("02_专精特新-第七条", ledger)
        >>> result["eligibility"].value_counts().to_dict()
        {'待核实': 13, '符合': 10}
        """
        ledger = as_ledger(ledger)
        row = next((row for row in self._rows if row["clause_id"] == clause_id), None)
        if row is None:
            known = ", ".join(repr(one["clause_id"]) for one in self._rows[:3])
            raise ValueError(f"clause_id: expected one of the policies ({known}, …), got {clause_id!r}")
        day = None if on is None else as_day(on)
        judged, place = judge_all(row, ledger.enterprises, on=day)
        verdicts = pd.DataFrame(judged, columns=[*_JUDGED, "validity"], dtype="str")
        firms = ledger.enterprises[["enterprise_id", "name"]].astype("str").reset_index(drop=True)
        verdicts = pd.concat([firms, verdicts.iloc[place].reset_index(drop=True)], axis=1)
        verdicts = verdicts[verdicts["eligibility"].ne(NO)]
        verdicts = verdicts.assign(_later=verdicts["eligibility"].ne(YES))
        return verdicts.sort_values(["_later", "enterprise_id"], ignore_index=True).drop(columns="_later")

    def unanswered(self, ledger: Ledger, *, on: str | pd.Timestamp | None = None) -> pd.DataFrame:
        """List demands about policy that no clause answers.

        Parameters
        ----------
        ledger
            Its demands with the intent ``policy`` by ``find_mentions``.
        on
            The day on which clauses must be in force; by default all clauses count.

        Returns
        -------
        DataFrame
            Columns demand_id, enterprise_id, raised_on, text, score (probability that the nearest clause
            answers) and nearest (its clause_id, missing where no clause is in force), sorted by score, lowest
            first, then demand_id.

        Examples
        --------
        >>> from liaison_analysis import load_liangjiang
        >>> ledger = load_liangjiang()
        >>> unanswered = PolicyIndex(ledger.policies).unanswered(ledger)
        >>> unanswered["score"].is_monotonic_increasing
        True
        """
        ledger = as_ledger(ledger)
        texts = ledger.demands["text"].tolist()
        mentions = find_mentions(texts, ledger)
        rows = mentions.loc[mentions["kind"].eq("intent") & mentions["value"].eq("policy"), "row"].unique()
        asked = ledger.demands.iloc[sorted(rows)].reset_index(drop=True)
        answers = self.search(asked["text"].tolist(), on=on, k=1)
        nearest = answers[answers["rank"].eq(1)].set_index("question")["clause_id"].reindex(asked.index)
        first = answers.drop_duplicates("question").reset_index(drop=True)
        without = asked.assign(score=first["score"], nearest=nearest)[~first["answered"]]
        columns = ["demand_id", "enterprise_id", "raised_on", "text", "score", "nearest"]
        return without[columns].sort_values(["score", "demand_id"], ignore_index=True)

    def expiring(self, on: str | pd.Timestamp, *, days: int = 60) -> pd.DataFrame:
        """List the clauses that are in force on a day and end within ``days``.

        Parameters
        ----------
        on
            The day.
        days
            Number of days ahead.

        Returns
        -------
        DataFrame
            Columns clause_id, policy, article, valid_to, days_left; sorted by end, then as in the documents.

        Raises
        ------
        ValueError
            ``on`` is not a date, or ``days`` is below 0.

        Examples
        --------
        >>> from liaison_analysis import load_liangjiang
        >>> index = PolicyIndex(load_liangjiang().policies)
        >>> index.expiring("2022-12-01")["policy"].unique().tolist()
        ['示例园区厂房租赁与场地支持办法（合成示例）']
        """
        if days < 0:
            raise ValueError(f"days: expected 0 or more, got {days!r}")
        day = as_day(on)
        ends = self.policies["valid_to"]
        holds = np.array([validity_on(row, day) == "有效" for row in self._rows])
        soon = self.policies[holds & ends.le(day + pd.Timedelta(days=days)).fillna(value=False)]
        ending = soon[["clause_id", "policy", "article", "valid_to"]].assign(
            days_left=(soon["valid_to"] - day).dt.days
        )
        return ending.sort_values("valid_to", kind="stable", ignore_index=True)
