"""Probability that a clause answers the question: fitted with and without its document."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression

from liaison_analysis.policies.calibration import FEATURES, AnswerEvidence, answer_probability
from liaison_analysis.policies.ranking import ClauseRanker

FOLDER = Path(__file__).parents[1] / "tests" / "data"
#: Written without sight of the clauses; with the clauses in mind; and so again, half of them asking for what
#: no document grants.
CALIBRATION = ("calibration", "dev", "near_misses")
FOLDS = 7
SIZES = (1, 2, 4, 7, 14)


def read_questions(path):
    return pd.read_csv(path, keep_default_na=False, dtype=str)


def calibration_questions():
    files = {name: read_questions(FOLDER / f"policy_questions_{name}.csv") for name in CALIBRATION}
    asked = pd.concat(files, names=["source"]).reset_index("source").reset_index(drop=True)
    return asked.assign(document=asked["clause_id"].str.partition("-")[0])


def best_features(asked, clauses):
    """Features of each question's best clause."""
    texts, questions = clauses["text"].tolist(), asked["question"].tolist()
    scores = ClauseRanker(texts).score(questions)
    best = scores.argmax(axis=1)[:, None]
    evidence = AnswerEvidence(texts, clauses["policy"].tolist())
    return evidence.features(questions, best, np.take_along_axis(scores, best, axis=1))[:, 0]


def cases(clauses):
    """One row a question, with every document, and one more without the document that holds its answer."""
    asked = calibration_questions()
    clauses = clauses.assign(document=clauses["clause_id"].str.partition("-")[0])
    found = []
    for left_out in ["", *clauses["document"].unique()]:
        rows = asked[asked["document"].eq(left_out)] if left_out else asked
        features = pd.DataFrame(best_features(rows, clauses[clauses["document"].ne(left_out)]), rows.index)
        features.columns = list(FEATURES)
        answer = rows["clause_id"].ne("") & (not left_out)
        found.append(
            rows[["source", "document"]].join(features).assign(left_out=bool(left_out), answer=answer)
        )
    return pd.concat(found, ignore_index=True)


def weights_of(rows):
    """Answers weigh one half, questions without one and those whose document is left out one quarter each."""
    sizes = rows.groupby(["answer", "left_out"])["answer"].transform("size")
    weights = np.where(rows["answer"], 2, 1) / sizes
    return weights * len(rows) / weights.sum()


def fitted(rows):
    """Intercept and weights of a logistic regression, ridge 1 on features of spread 1."""
    scale = rows[list(FEATURES)].std().to_numpy()
    model = LogisticRegression(max_iter=1000)
    model.fit(rows[list(FEATURES)] / scale, rows["answer"], sample_weight=weights_of(rows))
    return float(model.intercept_[0]), model.coef_[0] / scale


def out_of_fold(rows):
    """Chance of each row by a fit without its document, or without its share of the unanswerable ones."""
    rng = np.random.default_rng(0)
    documents = rng.permutation(sorted(set(rows["document"]) - {""}))
    fold = rows["document"].map(dict(zip(documents, np.arange(len(documents)) % FOLDS, strict=True)))
    fold = fold.fillna(pd.Series(rng.integers(0, FOLDS, len(rows)), index=rows.index))
    probabilities = np.zeros(len(rows))
    for one in range(FOLDS):
        intercept, weights = fitted(rows[fold.ne(one)])
        logit = rows.loc[fold.eq(one), list(FEATURES)].to_numpy() @ weights + intercept
        probabilities[fold.eq(one)] = 1 / (1 + np.exp(-logit))
    return probabilities


def share(right):
    return f"{right.mean():.3f}" if len(right) else "–"


def decisions(probabilities, rows):
    """Of the answerable, answered; of the others, refused."""
    right, answer = (probabilities >= 0.5) == rows["answer"], rows["answer"]
    groups = {name: rows["source"].eq(name) & ~rows["left_out"] for name in CALIBRATION}
    groups |= {"all": ~rows["left_out"], "all, left out": rows["left_out"]}
    lines = []
    for name, here in groups.items():
        yes, no = here & answer, here & ~answer
        lines.append([name, yes.sum(), no.sum(), share(right[yes]), share(right[no])])
    return pd.DataFrame(lines, columns=["questions", "answerable", "not", "answered", "refused"])


def reliability(probabilities, rows):
    """Predicted probability against observed share, in fifths of the probability."""
    weights = weights_of(rows)
    lines = []
    for low in np.arange(0, 1, 0.2):
        here = (probabilities >= low) & (probabilities < low + 0.2)
        predicted, observed = (
            np.average(part[here], weights=weights[here]) for part in (probabilities, rows["answer"])
        )
        lines.append([f"{low:.1f}–{low + 0.2:.1f}", int(here.sum()), f"{predicted:.2f}", f"{observed:.2f}"])
    return pd.DataFrame(lines, columns=["probability", "n", "predicted", "observed"])


def sizes(clauses):
    """Decisions with the shipped weights, on six draws of documents a size."""
    rng = np.random.default_rng(1)
    asked = calibration_questions()
    of = clauses["clause_id"].str.partition("-")[0]
    lines = []
    for size in SIZES:
        found = []
        for _ in range(6 if size < of.nunique() else 1):
            kept = rng.choice(of.unique(), size, replace=False)
            sure = answer_probability(best_features(asked, clauses[of.isin(kept)])) >= 0.5
            group = np.where(
                asked["document"].eq(""), "none", np.where(asked["document"].isin(kept), "in", "out")
            )
            found.append(pd.DataFrame({"sure": sure, "group": group}))
        every = pd.concat(found)
        part = {name: every.loc[every["group"].eq(name), "sure"] for name in ("in", "none", "out")}
        lines.append([size, share(part["in"]), share(~part["none"]), share(~part["out"])])
    columns = ["documents", "answered, where one holds the answer", "refused, where none ever does",
               "refused, where the document is not there"]  # fmt: skip
    return pd.DataFrame(lines, columns=columns)


def calibrate(clauses):
    """Intercept and weights to ship."""
    intercept, weights = fitted(cases(clauses))
    return f"intercept {intercept:.2f}, weights {dict(zip(FEATURES, weights.round(2).tolist(), strict=True))}"


def tables(clauses):
    """All tables of the section ``probability``."""
    rows = cases(clauses)
    probabilities = out_of_fold(rows)
    return {
        "decisions": decisions(probabilities, rows),
        "reliability": reliability(probabilities, rows),
        "sizes": sizes(clauses),
    }
