"""Which department should take a new demand, learnt from who took the ledger's earlier ones."""

from __future__ import annotations

import csv
import functools
import re
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from liaison_analysis._checks import as_texts, is_whole
from liaison_analysis.followup.facts import count_day
from liaison_analysis.followup.likeness import ENCODERS, Likeness, clean_texts
from liaison_analysis.followup.reminders import open_demands, settled_by
from liaison_analysis.ledger import ROLES, as_ledger

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from liaison_analysis.ledger import Ledger
    from liaison_analysis.text import Encoder

#: Probability below which a suggestion is unsure; of those above it 87 % were right, three in four of all
#: (benchmarks/routing.py, five sets of data in the order of time, 2026-11-30).
LEAST: Final = 0.6
#: Most past demands that are learnt from, the newest; judgement: the slower encoder reads 50 a second.
MOST_HISTORY: Final = 1_500

# Strength of the ridge penalty (scikit-learn's C); tuned as the weights in ``likeness``.
_C: Final = 10.0
# Weight of a department's duties relative to a past demand. Share of the vote of similar demands in a long
# history, the history at which it is half of that, how fast a vote falls with likeness, and the share of the
# regression in the vote itself. Chosen on the sample, medical, display and the first half of the citizens'
# messages (2026-11-30); on the second half the errors fell from 19.2 % to 18.1 %.
_DUTIES_WEIGHT: Final = 6.0
_VOTE_SHARE, _HALF_HISTORY, _VOTE_SHARPNESS, _VOTE_FLOOR = 0.6, 150, 24.0, 0.1
# Share of the largest eigenvalue below which one is rounding; change of the coefficients at which a fit is
# done (scikit-learn's default).
_NOTHING: Final = 1e-8
_TOLERANCE: Final = 1e-4
# A department supports the leading one if a single sentence belongs to it with the first probability, and the
# whole text with the second; judgement: no ledger at hand names supporting departments.
_SENTENCE, _WHOLE = 0.6, 0.1
_SENTENCES: Final = re.compile(r"[^。；;！!？?\n]+[。；;！!？?\n]*")
_N_PRECEDENTS: Final = 3
_COLUMNS: Final = ["row", "rank", "owner", "probability", "precedents", "role"]


def suggest_owner(
    ledger: Ledger,
    texts: Sequence[str],
    *,
    on: Any = None,
    top: int = 3,
    least: float = LEAST,
    owners: Sequence[str] = (),
    encoders: Sequence[Encoder] = ENCODERS,
) -> pd.DataFrame:
    """Suggest which department should take each new demand, with a calibrated probability and precedents.

    Multinomial logistic regression on words and characters (TF-IDF), sentence vectors, the topics of the
    thesaurus and the probabilities of what a text asks for and of its theme, fitted to who took the ledger's
    demands up to a day. The duties that a department's name implies (人社 recruits and trains,
    ``departments.csv``) count as six of its past demands, so that a short history is sufficient. The longer
    the history, the more a vote of its demands counts beside the regression, weighted by how alike they are
    (a product of experts, Hinton 2002, https://doi.org/10.1162/089976602760128018). The probability that the
    demand belongs to a department that has never taken one is estimated by the share of departments seen once
    (Good, 1953, https://doi.org/10.1093/biomet/40.3-4.237), and the others are scaled down by it.

    A suggestion does not change responsibility: the department that received the demand stays responsible
    until another has accepted it (首问负责制; see ``responsibility``).

    Parameters
    ----------
    ledger
        Its demands with ``owner``.
    texts
        New demands, one text each.
    on
        Day up to which the ledger counts: demands raised and assigned by then, settlements up to then. By
        default the last date of anything that happened in the ledger.
    top
        Most departments to name for each text.
    least
        Probability below which the first department's role is ``unsure``.
    owners
        Further departments that may take a demand; only their names are known.
    encoders
        Sentence encoders compared side by side, as in ``text.encode``; ``("use",)`` is twenty times faster
        and somewhat less accurate.

    Returns
    -------
    DataFrame
        Columns row (of ``texts``, from 0), rank (from 1), owner, probability, precedents (up to three
        demand_ids of settled demands that this department took, the most alike first, separated by 、), role:
        ``lead``, or ``unsure`` if the first department's probability is below ``least``; ``support`` for one
        that a sentence of the text concerns; ``alternative`` for the others. By row and rank. ``attrs``:
        on, n_history (demands learnt from).

    Raises
    ------
    ValueError
        No demand has an owner by that day and ``owners`` names none; or an argument is not as described.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> texts = ["厂门口没地方停车，员工绕三圈找车位"]
    >>> suggested = suggest_owner(load_liangjiang(), texts, encoders=["use"])
    >>> suggested.loc[0, ["owner", "role"]].tolist(), suggested["probability"].is_monotonic_decreasing
    (['园区运营部', 'lead'], True)
    """
    ledger = as_ledger(ledger)
    cleaned = clean_texts(as_texts(texts))
    if not is_whole(top, 1) or not 0 <= least <= 1:
        raise ValueError(f"expected top of 1 or more and least of 0 to 1; got {top!r} and {least!r}")
    day = count_day(ledger, on)
    history = known_owners(ledger, day)
    router = _Router.learn(history, owners, encoders)
    blocks = router.likeness.features(cleaned)
    probabilities = router.probabilities(blocks)
    support = _support(router, cleaned, probabilities)
    alike = router.likeness.cosines(blocks).round(6)
    settled = settled_by(history, day).to_numpy(dtype=bool)
    took = {owner: settled & history["owner"].eq(owner).to_numpy(dtype=bool) for owner in router.owners}
    rows: list[tuple[Any, ...]] = []
    for i, row in enumerate(probabilities):
        order = np.lexsort((router.owners, -row.round(6)))
        # Supporting departments are named regardless of their probability as lead.
        named = [j for place, j in enumerate(order) if place < top or support[i, j]]
        for rank, j in enumerate(named, start=1):
            role = "alternative"
            if rank == 1:
                role = "lead" if row[j] >= least else "unsure"
            elif support[i, j]:
                role = "support"
            ids = _most_alike(history["demand_id"], alike[i], took[router.owners[j]])
            rows.append((i, rank, router.owners[j], round(float(row[j]), 3), ids, role))
    frame = pd.DataFrame(rows, columns=_COLUMNS).astype({"row": "int64", "rank": "int64"})
    frame.attrs = {"on": day, "n_history": len(history)}
    return frame


def responsibility(ledger: Ledger, on: Any = None) -> pd.DataFrame:
    """Say who is responsible for each open demand, as first-asked responsibility has it (首问负责制).

    The department that received a demand stays responsible until another has accepted it. A transfer is
    accepted once the other has responded (``responded_on`` by the day) or the demand is being dealt with
    (``solving`` and beyond). While no department is named, the enterprise's linked officer is responsible.

    Parameters
    ----------
    ledger
        Its demands; ``transferred_to`` and ``responded_on`` where it has them; ``links`` name the officers.
    on
        Day of the count; by default the last date of anything that happened in the ledger.

    Returns
    -------
    DataFrame
        Columns demand_id, enterprise_id, owner, transferred_to, responsible (missing: nobody is known), why
        (``owner``; ``accepted``: the transfer was; ``not accepted``: it was not yet; ``officer``: no
        department is named; ``nobody``). In the ledger's order. ``attrs["on"]`` is the day.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> responsibility(load_liangjiang(), "2022-12-31")["why"].value_counts().to_dict()
    {'owner': 276, 'officer': 2}
    """
    ledger = as_ledger(ledger)
    day = count_day(ledger, on)
    rows = open_demands(ledger, day)
    nothing = pd.Series(np.nan, index=rows.index, dtype="str")
    moved_to = rows.get("transferred_to", nothing)
    begun = rows["status"].isin(["solving", "settled", "fed back"])
    if "responded_on" in rows:
        begun |= rows["responded_on"].le(day).fillna(value=False)
    links = ledger.links[ledger.links["role"].fillna(next(iter(ROLES))).eq(next(iter(ROLES)))]
    links = links.dropna(subset="officer_id")
    officers = links.sort_values("officer_id").groupby("enterprise_id")["officer_id"].agg("、".join)
    officer = rows["enterprise_id"].map(officers).astype("str")
    moved, named = moved_to.notna(), rows["owner"].notna()
    why = np.select(
        [moved & begun.astype(bool), moved & named, named, officer.notna()],
        ["accepted", "not accepted", "owner", "officer"],
        "nobody",
    )
    responsible = rows["owner"].mask(why == "accepted", moved_to).mask(why == "officer", officer)
    frame = rows[["demand_id", "enterprise_id", "owner"]].assign(
        transferred_to=moved_to, responsible=responsible, why=why
    )
    frame = frame.reset_index(drop=True)
    frame.attrs = {"on": day}
    return frame


def known_owners(ledger: Ledger, day: pd.Timestamp) -> pd.DataFrame:
    """Demands whose owner was known by a day, the newest ``MOST_HISTORY``, in order of day and demand_id.

    A demand that was assigned after the day had no owner yet; the owner of one without a day of assignment
    is taken as known from when it was raised. A demand that was transferred and settled by the day belongs to
    the department it was transferred to.
    """
    demands = ledger.demands
    known = demands["raised_on"].le(day) & demands["owner"].notna() & demands["text"].notna()
    known &= demands["assigned_on"].isna() | demands["assigned_on"].le(day)
    rows = demands[known.fillna(value=False).astype(bool)].sort_values(["raised_on", "demand_id"])
    rows = rows.tail(MOST_HISTORY).reset_index(drop=True)
    if "transferred_to" in rows:
        moved = rows["transferred_to"].notna() & rows["settled_on"].le(day).fillna(value=False)
        rows["owner"] = rows["owner"].mask(moved.astype(bool), rows["transferred_to"])
    return rows


@functools.lru_cache(maxsize=1)
def _departments() -> list[tuple[list[str], str]]:
    """Parts of departments' names, and the duties that each implies."""
    table = files("liaison_analysis.followup").joinpath("departments.csv").read_text(encoding="utf-8")
    return [(row["name_parts"].split(), row["duties"]) for row in csv.DictReader(table.splitlines())]


def duties(owner: str) -> str:
    """Write what a department does, as far as its name says.

    Examples
    --------
    >>> duties("人社分中心")
    '人社分中心，招工用工，缺工缺普工，技能培训，社保医保，劳动合同与工资，人才引进落户补贴'
    >>> duties("第三组")
    '第三组'
    """
    implied = [text for parts, text in _departments() if any(part in owner for part in parts)]
    return "，".join([owner, *implied])


@dataclass(frozen=True, eq=False)
class _Router:
    """Logistic regression over departments, in the space spanned by the past texts."""

    owners: NDArray[np.str_]
    likeness: Likeness
    duties: dict[str, Any]
    to_space: NDArray[np.float64]
    model: Any
    took: NDArray[np.float64]
    unseen: float

    @classmethod
    def learn(cls, history: pd.DataFrame, owners: Sequence[str], encoders: Sequence[Encoder]) -> _Router:
        names = np.array(sorted({*history["owner"], *as_texts(owners, what="department")}), dtype=str)
        if not len(names):
            raise ValueError(
                "no demand of the ledger has an owner by that day, so there is nothing to learn from; name "
                "the departments: owners=['建设管理部', …]"
            )
        written = clean_texts([duties(name) for name in names])
        texts = clean_texts(history["text"].tolist())
        likeness = Likeness.learn(texts or written, encoders)
        implied = likeness.features(written)
        past = likeness.rows if texts else {name: rows[:0] for name, rows in implied.items()}
        both = {name: _stacked(past[name], implied[name]) for name in implied}
        values, vectors = np.linalg.eigh(likeness.products(both, both))
        kept = values > values[-1] * _NOTHING
        scale = np.sqrt(values[kept])
        model = None
        if len(names) > 1:
            from sklearn.linear_model import LogisticRegression

            labels = np.r_[history["owner"].to_numpy(dtype=str), names]
            weights = np.r_[np.ones(len(history)), np.full(len(names), _DUTIES_WEIGHT)]
            model = LogisticRegression(C=_C, max_iter=500, tol=_TOLERANCE)
            model.fit(vectors[:, kept] * scale, labels, sample_weight=weights)
        counts = history["owner"].value_counts()
        unseen = float(counts.eq(1).sum() / len(history)) if len(history) else 0.0
        took = (history["owner"].to_numpy(dtype=str)[:, None] == names).astype(np.float64)
        return cls(names, likeness, both, vectors[:, kept] / scale, model, took, min(unseen, 0.5))

    def probabilities(self, blocks: dict[str, Any]) -> NDArray[np.float64]:
        """(texts, owners); what is missing to 1 is the probability of a department never seen."""
        n = blocks["topics"].shape[0]
        if self.model is None or not n:
            return np.full((n, len(self.owners)), 1 - self.unseen)
        seen = self.model.predict_proba(self.likeness.products(blocks, self.duties) @ self.to_space)
        return np.asarray(self._with_vote(seen, blocks) * (1 - self.unseen), dtype=np.float64)

    def _with_vote(self, seen: NDArray[np.float64], blocks: dict[str, Any]) -> NDArray[np.float64]:
        """Probabilities of the regression, sharpened by the vote of similar demands of the past."""
        n = len(self.took)
        if not n:
            return seen
        alike = self.likeness.cosines(blocks)
        vote = np.exp(_VOTE_SHARPNESS * (alike - alike.max(axis=1, keepdims=True))) @ self.took
        vote /= vote.sum(axis=1, keepdims=True)
        # A department that took nothing yet has no vote, and is not ruled out by that.
        vote = (1 - _VOTE_FLOOR) * vote + _VOTE_FLOOR * seen
        share = _VOTE_SHARE * n / (n + _HALF_HISTORY)
        both = seen ** (1 - share) * vote**share
        return np.asarray(both / both.sum(axis=1, keepdims=True), dtype=np.float64)


def _stacked(upper: Any, lower: Any) -> Any:
    from scipy.sparse import vstack

    is_sparse = hasattr(lower, "tocsr")
    return vstack([upper, lower]).tocsr() if is_sparse else np.vstack([upper, lower])


def _support(router: _Router, texts: list[str], whole: NDArray[np.float64]) -> NDArray[np.bool_]:
    """(texts, owners): departments that a sentence of a text of several concerns, besides the first."""
    support = np.zeros(whole.shape, dtype=bool)
    sentences = [[s for s in _SENTENCES.findall(text) if len(s.strip()) > 1] for text in texts]
    several = [i for i, parts in enumerate(sentences) if len(parts) > 1]
    flat = [sentence for i in several for sentence in sentences[i]]
    if not flat:
        return support
    alone = router.probabilities(router.likeness.features(flat))
    start = 0
    for i in several:
        end = start + len(sentences[i])
        support[i] = (alone[start:end].max(axis=0) >= _SENTENCE) & (whole[i] >= _WHOLE)
        support[i, whole[i].argmax()] = False
        start = end
    return support


def _most_alike(ids: pd.Series, alike: NDArray[np.float64], among: NDArray[np.bool_]) -> str:
    rows = np.flatnonzero(among)
    order = rows[np.lexsort((rows, -alike[rows]))][:_N_PRECEDENTS]
    return "、".join(ids.iloc[order])
