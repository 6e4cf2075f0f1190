"""Probability that a clause answers the question: fitted on questions about the sample and about 24 pages."""

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
#: Written without sight of the clauses; with the clauses in mind; and so again, half of them asking for what
#: no document grants.
CALIBRATION = ("calibration", "dev", "near_misses")
FOLDS = 5
CANDIDATES = 8
ROUNDS = 4  # the weights and the best candidate of each question depend on each other


class Questions(NamedTuple):
    """Features of the candidates of each question, which of them is right, and where it comes from."""

    name: str
    features: np.ndarray
    right: np.ndarray
    answerable: np.ndarray
    source: np.ndarray
    fold: np.ndarray


def read_questions(path):
    return pd.read_csv(path, keep_default_na=False, dtype=str)


def questions_of(name, asked, clauses):
    texts, words = clauses["text"].tolist(), asked["question"].tolist()
    scores = ClauseRanker(texts).score(words).round(9)
    best = np.argsort(-scores, axis=1, kind="stable")[:, :CANDIDATES]
    evidence = AnswerEvidence(texts, clauses["policy"].tolist())
    features = evidence.features(words, best, np.take_along_axis(scores, best, axis=1))
    key = "clause_id" if "clause_id" in asked else "document"
    right = clauses[key].to_numpy()[best] == asked[key].to_numpy()[:, None]
    group = asked["document"].where(asked["document"].ne(""), asked["question"])
    fold = np.array([zlib.crc32(one.encode()) % FOLDS for one in group])
    answerable = asked[key].ne("").to_numpy()
    return Questions(name, features, right, answerable, asked["source"].to_numpy(), fold)


def all_questions():
    """Questions about the sample's documents and, where they are at hand, about pages of governments."""
    files = {name: read_questions(FOLDER / f"policy_questions_{name}.csv") for name in CALIBRATION}
    asked = pd.concat(files, names=["source"]).reset_index("source").reset_index(drop=True)
    asked = asked.assign(document=asked["clause_id"].str.partition("-")[0])
    found = [questions_of("sample", asked, load_liangjiang().policies)]
    if PAGES.exists():
        clauses = read_policies(PAGES)
        clauses = clauses.assign(document=clauses["file"].str.partition("_")[0])
        asked = read_questions(FOLDER / "policy_questions_pages.csv").assign(source="pages")
        found.append(questions_of("pages", asked, clauses))
    return found


def fitted(sets, kept, columns):
    """Intercept and weights: each question by its right candidate, or its best one; ridge 1."""
    intercept, weights = None, None
    for _ in range(ROUNDS):
        rows, answers, shares = [], [], []
        for one, here in zip(sets, kept, strict=True):
            part = one.features[..., :columns]
            value = part[..., 0] if weights is None else part @ weights + intercept
            pick = np.where(one.right, value, value - 1e6).argmax(axis=1)
            rows.append(part[np.arange(len(pick)), pick][here])
            answer = one.answerable[here]
            answers.append(answer)
            shares.append(np.where(answer, 0.5 / answer.sum(), 0.5 / (~answer).sum()))
        matrix, answer, share = map(np.concatenate, (rows, answers, shares))
        scale = matrix.std(axis=0)
        model = LogisticRegression(max_iter=2000).fit(
            matrix / scale, answer, sample_weight=share * len(answer)
        )
        intercept, weights = float(model.intercept_[0]), model.coef_[0] / scale
    return intercept, weights


def out_of_fold(sets, columns):
    """Log odds of the best candidate of each question, by a fit without its document."""
    odds = [np.zeros(len(one.answerable)) for one in sets]
    for fold in range(FOLDS):
        kept = [one.fold != fold for one in sets]
        fits = {n: fitted(sets, kept, n) for n in {len(WORD_FEATURES), columns}}
        for one, values in zip(sets, odds, strict=True):
            here = one.fold == fold
            some = one.features[here]
            found = {n: some[..., :n] @ weights + intercept for n, (intercept, weights) in fits.items()}
            values[here] = bounded_odds(found, columns).max(axis=1)
    return odds


def share(right):
    return f"{right.mean():.3f}" if len(right) else "–"


def decisions(sets):
    """Answerable questions missed, other questions answered; without and with the retrieval model."""
    lines = []
    for label, columns in (
        ("words and sentence vectors", len(WORD_FEATURES)),
        ("with the retrieval model", len(FEATURES)),
    ):
        for one, odds in zip(sets, out_of_fold(sets, columns), strict=True):
            for source in dict.fromkeys(one.source):
                yes, no = ((one.source == source) & part for part in (one.answerable, ~one.answerable))
                lines.append([label, source, yes.sum(), no.sum(), share(odds[yes] < 0), share(odds[no] >= 0)])
    columns = ["features", "questions", "answerable", "not", "missed", "answered all the same"]
    return pd.DataFrame(lines, columns=columns)


def reliability(sets):
    """Predicted probability against observed share, in fifths of the probability."""
    odds = np.concatenate(out_of_fold(sets, len(FEATURES)))
    probability, answer = 1 / (1 + np.exp(-odds)), np.concatenate([one.answerable for one in sets])
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
    sets = all_questions()
    lines = []
    for columns in (len(WORD_FEATURES), len(FEATURES)):
        intercept, weights = fitted(sets, [np.ones(len(one.answerable), bool) for one in sets], columns)
        lines.append(f"{columns}: ({intercept:.3f}, {tuple(np.round(weights, 3).tolist())})")
    return "\n".join(lines)


def tables():
    """All tables of the section ``probability``."""
    sets = all_questions()
    return {"decisions": decisions(sets), "reliability": reliability(sets)}
