"""Probability that a clause answers the question: fitted on questions about three sets of documents.

The sample's, 16 invented ones (``tests/data/policy_clauses_invented.csv``), and 24 pages of governments.
"""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression

from liaison_analysis import load_liangjiang
from liaison_analysis.policies import read_policies
from liaison_analysis.policies.calibration import FEATURES, WORD_FEATURES, AnswerEvidence, bounded_odds
from liaison_analysis.policies.ranking import ClauseRanker

FOLDER = Path(__file__).parents[1] / "tests" / "data"
PAGES = Path(__file__).parents[2] / "shared" / "data" / "policy_pages"
#: Questions about the sample: written without sight of the clauses; with the clauses in mind; so again, half
#: of them asking for what no document grants; and about other matters of daily life.
CALIBRATION = ("calibration", "dev", "near_misses", "unrelated")
#: Documents that no choice among predictors rested on: they were looked at once, when all was decided.
UNTOUCHED = (
    "23_农业加工", "27_养老机构", "31_退役军人", "09_绿色低碳", "11_厂房租金", "12_产学研检测",
    "03", "19", "25b", "33",
)  # fmt: skip
FOLDS = 5
CANDIDATES = 8
ROUNDS = 4  # the weights and the best candidate of each question depend on each other


class Questions(NamedTuple):
    """Features of the candidates of each question, which of them is right, and where it comes from.

    ``kind`` is answerable, near_miss (close to a clause that does not answer it) or unrelated; ``fold`` and
    ``untouched`` go by the document that the question is about, where it has one.
    """

    features: np.ndarray
    right: np.ndarray
    kind: np.ndarray
    source: np.ndarray
    fold: np.ndarray
    untouched: np.ndarray

    @property
    def answerable(self):
        return self.kind == "answerable"


def read_questions(path):
    return pd.read_csv(path, keep_default_na=False, dtype=str)


def questions_of(asked, clauses, key):
    """Features of one set; ``key`` is the column of the clauses that says whether a candidate is right."""
    texts, words = clauses["text"].tolist(), asked["question"].tolist()
    scores = ClauseRanker(texts).score(words).round(9)
    best = np.argsort(-scores, axis=1, kind="stable")[:, :CANDIDATES]
    evidence = AnswerEvidence(texts, clauses["policy"].tolist())
    features = evidence.features(words, best, np.take_along_axis(scores, best, axis=1))
    kind, document = asked["kind"].to_numpy(), asked["document"]
    right = clauses[key].to_numpy()[best] == asked[key].to_numpy()[:, None]
    right &= (kind == "answerable")[:, None]
    group = document.where(document.ne(""), asked["question"])
    fold = np.array([zlib.crc32(one.encode()) % FOLDS for one in group])
    # A fifth of the questions without a document, too.
    drawn = np.array([zlib.crc32(f"68 {one}".encode()) % FOLDS == 0 for one in group])
    untouched = document.isin(UNTOUCHED).to_numpy() | (document.eq("").to_numpy() & drawn)
    return Questions(features, right, kind, asked["source"].to_numpy(), fold, untouched)


def questions_in(*names):
    """Question files, one after the other, with the kind of each question."""
    files = {name: read_questions(FOLDER / f"policy_questions_{name}.csv") for name in names}
    asked = pd.concat(files, names=["source"]).reset_index("source").reset_index(drop=True).fillna("")
    key = asked["clause_id"] if "clause_id" in asked else asked["document"]
    other = np.where(asked["source"].eq("near_misses"), "near_miss", "unrelated")
    kind = np.where(key.ne(""), "answerable", other)
    if "kind" in asked:
        kind = np.where(asked["kind"].ne(""), asked["kind"], kind)
    if "document" not in asked:
        asked["document"] = asked["clause_id"].str.partition("-")[0]
    return asked.assign(kind=kind)


def all_questions():
    """Questions about the sample, invented documents and, where at hand, pages of governments: one set."""
    invented = read_questions(FOLDER / "policy_clauses_invented.csv")
    found = [
        questions_of(questions_in(*CALIBRATION), load_liangjiang().policies, "clause_id"),
        questions_of(questions_in("invented"), invented, "clause_id"),
    ]
    if PAGES.exists():
        clauses = read_policies(PAGES)
        clauses = clauses.assign(document=clauses["file"].str.partition("_")[0])
        found.append(questions_of(questions_in("pages", "pages_near_misses"), clauses, "document"))
    return Questions(*(np.concatenate(parts) for parts in zip(*found, strict=True)))


def fitted(asked, kept, columns):
    """Intercept and weights: each question by its right candidate, or its best one; ridge 1."""
    intercept, weights = None, None
    part, answer = asked.features[..., :columns], asked.answerable[kept]
    share = np.where(answer, 0.5 / answer.sum(), 0.5 / (~answer).sum())
    for _ in range(ROUNDS):
        value = part[..., 0] if weights is None else part @ weights + intercept
        pick = np.where(asked.right, value, value - 1e6).argmax(axis=1)
        matrix = part[np.arange(len(pick)), pick][kept]
        scale = matrix.std(axis=0)
        model = LogisticRegression(max_iter=2000).fit(
            matrix / scale, answer, sample_weight=share * len(answer)
        )
        intercept, weights = float(model.intercept_[0]), model.coef_[0] / scale
    return intercept, weights


def best_odds(asked, kept, here, columns):
    """Log odds of the best candidate of the questions ``here``, by a fit on those ``kept``."""
    odds = {}
    for n in {len(WORD_FEATURES), columns}:
        intercept, weights = fitted(asked, kept, n)
        odds[n] = asked.features[here][..., :n] @ weights + intercept
    return bounded_odds(odds, columns).max(axis=1)


def out_of_fold(asked, columns):
    """Log odds of the best candidate of each question, by a fit without its document."""
    odds = np.zeros(len(asked.kind))
    for fold in range(FOLDS):
        here = asked.fold == fold
        odds[here] = best_odds(asked, ~here, here, columns)
    return odds


def share(right):
    return f"{right.mean():.3f}" if len(right) else "–"


def decided(label, odds, asked, here):
    """A row: how many questions of each kind, and how often the decision on them is wrong."""
    parts = [odds[here & (asked.kind == kind)] for kind in ("answerable", "near_miss", "unrelated")]
    wrong = [share(parts[0] < 0), share(parts[1] >= 0), share(parts[2] >= 0)]
    return [*label, *map(len, parts), *wrong]


def decisions(asked):
    """Answerable questions missed, other questions answered; without and with the retrieval model."""
    lines = []
    for label, columns in (
        ("words and sentence vectors", len(WORD_FEATURES)),
        ("with the retrieval model", len(FEATURES)),
    ):
        odds = out_of_fold(asked, columns)
        groups = {source: asked.source == source for source in dict.fromkeys(asked.source)}
        groups["all"] = np.ones(len(odds), bool)
        lines += [decided([label, name], odds, asked, here) for name, here in groups.items()]
        last = np.full(len(odds), np.nan)
        last[asked.untouched] = best_odds(asked, ~asked.untouched, asked.untouched, columns)
        lines.append(decided([label, "untouched documents"], last, asked, asked.untouched))
    columns = [
        "features", "questions", "answerable", "near misses", "unrelated",
        "missed", "near misses answered", "unrelated answered",
    ]  # fmt: skip
    return pd.DataFrame(lines, columns=columns)


def reliability(asked):
    """Predicted probability against observed share, in fifths of the probability."""
    odds = out_of_fold(asked, len(FEATURES))
    probability, answer = 1 / (1 + np.exp(-odds)), asked.answerable
    lines = []
    for low in np.arange(0, 1, 0.2):
        here = (probability >= low) & (probability < low + 0.2)
        lines.append(
            [
                f"{low:.1f}–{low + 0.2:.1f}",
                int(here.sum()),
                f"{probability[here].mean():.2f}",
                share(answer[here]),
            ]
        )
    return pd.DataFrame(lines, columns=["probability", "n", "predicted", "observed"])


def calibrate():
    """Intercepts and weights to ship."""
    asked = all_questions()
    lines = []
    for columns in (len(WORD_FEATURES), len(FEATURES)):
        intercept, weights = fitted(asked, np.ones(len(asked.kind), bool), columns)
        lines.append(f"{columns}: ({intercept:.3f}, {tuple(np.round(weights, 3).tolist())})")
    return "\n".join(lines)


def tables():
    """All tables of the section ``probability``."""
    asked = all_questions()
    return {"decisions": decisions(asked), "reliability": reliability(asked)}
