"""Probability that a clause answers the question: fitted on questions about five sets of documents.

The sample's, 48 invented ones (``tests/data/policy_clauses_invented*.csv``), and 24 pages of governments.
An answerable question also stands as one that nothing answers: with its clause taken away. Where a near miss
has a clause that would answer it (``policy_clauses_near_misses.csv``), it also stands as an answerable one:
with this clause added. Writers make answerable questions longer than near misses, and a fit must not use it.
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
#: Later sets of invented documents, each searched by itself: what one does not grant another may.
LATER = ("invented_2", "invented_3")
#: Documents that no choice rested on: every fourth of the later ones, looked at twice: when all seemed to be
#: decided, and after kinds of documents had been given equal weight, because of pages. (Ten others, looked at
#: once before the later ones were written, are like the rest since.)
UNTOUCHED = (
    "44_知产质押", "48_数据要素", "52_高企", "56_子女入学", "60_夜班公交通勤",
    "64_孵化器", "68_建筑业", "72_会展",
)  # fmt: skip
#: Kinds of questions, from those that are answered to those that nothing answers.
ANSWERED = ("answerable", "clause added")
UNANSWERED = ("near_miss", "clause taken away", "unrelated")
#: Sources of questions about documents of one kind; each kind has equal weight in a fit.
DOCUMENTS = dict.fromkeys(CALIBRATION, "sample") | {"pages": "pages", "pages_near_misses": "pages"}
FOLDS = 5
CANDIDATES = 8
DIGITS = 5  # of the features that are kept for the test
ROUNDS = 4  # the weights and the best candidate of each question depend on each other


class Questions(NamedTuple):
    """Features of the candidates of each question, which of them is right, and where it comes from.

    ``there`` marks the candidates that are to be had: not a clause that was taken away. ``kind`` is one of
    ``ANSWERED`` or ``UNANSWERED``: near_miss is close to a clause that does not answer it. ``fold`` and
    ``untouched`` go by the document that the question is about, where it has one.
    """

    features: np.ndarray
    right: np.ndarray
    there: np.ndarray
    kind: np.ndarray
    source: np.ndarray
    fold: np.ndarray
    untouched: np.ndarray

    @property
    def answerable(self):
        return np.isin(self.kind, ANSWERED)

    @property
    def documents(self):
        """Kind of document that each question is about."""
        return np.array([DOCUMENTS.get(source, "invented") for source in self.source])

    def part(self, which):
        """Those of the questions."""
        return Questions(*(part[which] for part in self))


def joined(*parts):
    """Several sets one after the other."""
    return Questions(*(np.concatenate(some) for some in zip(*parts, strict=True)))


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
    drawn &= (document.eq("") & asked["source"].isin(LATER)).to_numpy()
    untouched = document.isin(UNTOUCHED).to_numpy() | drawn
    there = np.ones_like(right)
    found = Questions(features, right, there, kind, asked["source"].to_numpy(), fold, untouched)
    return joined(found, taken_away(found))


def taken_away(asked):
    """The answerable questions without the clauses that answer them."""
    some = asked.part((asked.kind == "answerable") & asked.right.any(axis=1) & ~asked.right.all(axis=1))
    kind = np.full(len(some.kind), "clause taken away", dtype=object)
    return some._replace(kind=kind, right=np.zeros_like(some.right), there=~some.right)


def added(asked, near_misses, clauses):
    """Near misses with a clause that answers them in place of the last candidate; ``asked`` holds them."""
    answers = read_questions(FOLDER / "policy_clauses_near_misses.csv").set_index("question")["text"]
    title = clauses.drop_duplicates("document").set_index("document")["policy"]
    words = near_misses["question"].tolist()
    texts = [*clauses["text"], *answers[words]]
    own = len(clauses) + np.arange(len(words))[:, None]
    scores = ClauseRanker(texts).score(words).round(9)
    evidence = AnswerEvidence(texts, [*clauses["policy"], *title[near_misses["document"]]])
    features = evidence.features(words, own, np.take_along_axis(scores, own, axis=1))
    some = asked.part(asked.kind == "near_miss")
    right = np.zeros_like(some.right)
    right[:, -1] = True
    together = np.concatenate([some.features[:, :-1], features], axis=1)
    kind = np.full(len(words), "clause added", dtype=object)
    return some._replace(features=together, right=right, kind=kind)


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
    found = [questions_of(questions_in(*CALIBRATION), load_liangjiang().policies, "clause_id")]
    for name in ("invented", *LATER):
        clauses, asked = read_questions(FOLDER / f"policy_clauses_{name}.csv"), questions_in(name)
        found.append(questions_of(asked, clauses, "clause_id"))
        if name in LATER:
            found.append(added(found[-1], asked[asked["kind"].eq("near_miss")], clauses))
    if PAGES.exists():
        clauses = read_policies(PAGES)
        clauses = clauses.assign(document=clauses["file"].str.partition("_")[0])
        found.append(questions_of(questions_in("pages", "pages_near_misses"), clauses, "document"))
    return joined(*found)


def fitted(asked, kept, columns):
    """Intercept and weights: each question by its right candidate, or its best one; ridge 1."""
    intercept, weights = None, None
    for _ in range(ROUNDS):
        matrix = picked(asked, columns, intercept, weights)[kept]
        intercept, weights = one_fit(matrix, asked.answerable[kept], asked.documents[kept])
    return intercept, weights


def picked(asked, columns, intercept, weights):
    """Features of the right candidate of each question, or of its best one, by weights or the score alone."""
    part = asked.features[..., :columns]
    value = part[..., 0] if weights is None else part @ weights + intercept
    value = np.where(asked.there, value, -np.inf)
    pick = np.where(asked.right, value, value - 1e6).argmax(axis=1)
    return part[np.arange(len(pick)), pick]


def one_fit(matrix, answer, documents):
    """Intercept and weights of a logistic regression; answers and kinds of documents weigh the same."""
    scale = matrix.std(axis=0)
    cell = pd.Series(documents) + answer.astype(str)
    share = (1 / cell.map(cell.value_counts()) * len(cell) / cell.nunique()).to_numpy()
    model = LogisticRegression(max_iter=2000).fit(matrix / scale, answer, sample_weight=share)
    return float(model.intercept_[0]), model.coef_[0] / scale


def best_odds(asked, kept, here, columns):
    """Log odds of the best candidate of the questions ``here``, by a fit on those ``kept``."""
    odds = {}
    for n in {len(WORD_FEATURES), columns}:
        intercept, weights = fitted(asked, kept, n)
        odds[n] = asked.features[here][..., :n] @ weights + intercept
    return np.where(asked.there[here], bounded_odds(odds, columns), -np.inf).max(axis=1)


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
    line = list(label)
    for kind in (*ANSWERED, *UNANSWERED):
        some = odds[here & (asked.kind == kind)]
        line += [f"{share((some < 0) == (kind in ANSWERED))} of {len(some)}" if len(some) else "–"]
    return line


def decisions(asked):
    """Share of wrong decisions on each kind of question; without and with the retrieval model."""
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
        "features", "questions", "answerable, missed", "clause added, missed", "near misses answered",
        "clause taken away, answered", "unrelated answered",
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
    """Intercepts and weights to ship; writes the candidates of the last fit, from which a test fits again."""
    asked = all_questions()
    every = np.ones(len(asked.kind), bool)
    lines, last = [], {"documents": asked.documents, "answer": asked.answerable.astype(int)}
    for names in (WORD_FEATURES, FEATURES):
        matrix = picked(asked, len(names), *fitted(asked, every, len(names))).round(DIGITS)
        last |= {f"{name}_{len(names)}": column for name, column in zip(names, matrix.T, strict=True)}
        intercept, weights = one_fit(matrix, asked.answerable, asked.documents)
        lines.append(f"{len(names)}: ({intercept:.3f}, {tuple(np.round(weights, 3).tolist())})")
    pd.DataFrame(last).to_csv(FOLDER / "policy_answer_evidence.csv", index=False, lineterminator="\n")
    return "\n".join(lines)


def tables():
    """All tables of the section ``probability``."""
    asked = all_questions()
    return {"decisions": decisions(asked), "reliability": reliability(asked)}
