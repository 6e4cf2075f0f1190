"""Who should take a demand: suggestions against peers, in order of time, on the sample and other ledgers.

Run with ``python benchmarks/routing.py`` in the project's environment. The other regions' ledgers
(``--regions``, folders with demands.csv) and the citizens' messages (``--shared``, see its data/README.md;
the class of a message stands for its department) are not part of the project; what is absent is left out.
Each demand is routed with what was known the day before its block began: neither its own block nor a later
owner is learnt from.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
import pandas as pd
from results import table, targets, write_section
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, StratifiedKFold

from liaison_analysis import load_liangjiang
from liaison_analysis.followup import suggest_owner
from liaison_analysis.ledger import Ledger, typed
from liaison_analysis.text import encode, normalise, word_and_char_features

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
REGIONS = ROOT.parent / "regions"
BLOCKS = 10
FIRST = 0.2  # share of the demands that is history before the first block
PRECISION = 0.9
BINS = 10


def ledger_of(frame):
    """Ledger of demands only."""
    columns = [
        c for c in ("demand_id", "enterprise_id", "raised_on", "text", "owner", "settled_on") if c in frame
    ]
    frame = frame[columns].copy()
    frame["enterprise_id"] = frame.get("enterprise_id", "E1")
    for name in ("raised_on", "settled_on"):
        if name in frame:
            frame[name] = pd.to_datetime(frame[name])
    return Ledger(demands=typed("demands", frame))


def ledgers(regions, shared, names):
    """Every ledger at hand, by name."""
    found = {"sample": load_liangjiang()}
    for name in names:
        path = regions / name / "demands.csv"
        if path.exists():
            found[f"region {name}"] = ledger_of(pd.read_csv(path))
    path = shared / "data" / "citizen_messages" / "labelled_dev.parquet"
    if path.exists():
        raw = pd.read_parquet(path)
        frame = pd.DataFrame({
            "demand_id": raw["留言编号"].astype(str), "text": raw["留言主题"], "owner": raw["一级标签"],
            "raised_on": pd.to_datetime(raw["留言时间"]).dt.normalize(),
        })  # fmt: skip
        found["citizens' messages"] = ledger_of(frame.drop_duplicates("demand_id"))
    return found


def blocks(demands):
    """Rows of each block, and the day before it began."""
    demands = demands[demands["owner"].notna()].sort_values(["raised_on", "demand_id"])
    days = demands["raised_on"].to_numpy()
    edges = [int(len(days) * share) for share in np.linspace(FIRST, 1, BLOCKS + 1)[:-1]]
    starts = pd.to_datetime(np.unique(days[edges]))
    for start, end in zip(starts, [*starts[1:], pd.Timestamp.max], strict=True):
        inside = demands["raised_on"].ge(start) & demands["raised_on"].lt(end)
        yield demands[inside], start - pd.Timedelta(days=1)


def known(demands, day):
    """What peers may learn from: raised and assigned by the day."""
    rows = demands[demands["raised_on"].le(day) & demands["owner"].notna()]
    return rows[rows["assigned_on"].isna() | rows["assigned_on"].le(day)]


def peers(past, texts):
    """Owner and probability of each text by each peer; the probability is missing where there is none."""
    owners, written = past["owner"].to_numpy(dtype=str), normalise(past["text"])
    counts = pd.Series(owners).value_counts()
    answers = {"majority": ([counts.index[0]] * len(texts), [counts.iloc[0] / len(owners)] * len(texts))}
    tfidf = TfidfVectorizer(analyzer=word_and_char_features, sublinear_tf=True)
    left, right = tfidf.fit_transform(written), tfidf.transform(texts)
    near = (right @ left.T).toarray()
    answers["nearest neighbour, TF-IDF"] = owners[near.argmax(axis=1)], [np.nan] * len(texts)
    for name in ("use", "e5"):
        near = encode(texts, encoder=name) @ encode(written, encoder=name).T
        answers[f"nearest neighbour, {name}"] = owners[near.argmax(axis=1)], [np.nan] * len(texts)
    if len(counts) < 2:  # one department took everything so far
        answers["TF-IDF + logistic regression"] = answers["majority"]
        return answers
    model = LogisticRegression(max_iter=500, tol=1e-3)
    if counts.min() >= 2:
        folds = StratifiedKFold(min(3, int(counts.min())), shuffle=True, random_state=0)
        model = GridSearchCV(model, {"C": [10, 100]}, cv=folds)
    else:
        model = LogisticRegression(C=10, max_iter=500)
    probabilities = model.fit(left, owners).predict_proba(right)
    classes = model.classes_
    answers["TF-IDF + logistic regression"] = classes[probabilities.argmax(axis=1)], probabilities.max(axis=1)
    return answers


def route(ledger, encoders):
    """One row for each routed demand and method: truth, owner, probability."""
    rows = []
    for block, day in blocks(ledger.demands):
        past = known(ledger.demands, day)
        texts = normalise(block["text"])
        answers = peers(past, texts)
        for name, chosen in encoders.items():
            first = suggest_owner(ledger, block["text"].tolist(), on=day, top=1, encoders=chosen)
            first = first[first["rank"].eq(1)]
            answers[name] = first["owner"].to_numpy(), first["probability"].to_numpy()
        for method, (owners, probabilities) in answers.items():
            rows.append(pd.DataFrame({
                "method": method, "truth": block["owner"].to_numpy(), "owner": owners,
                "probability": np.asarray(probabilities, dtype=float),
            }))  # fmt: skip
    return pd.concat(rows, ignore_index=True)


def calibration_error(right, probability):
    """Expected calibration error: mean distance of share right and probability over ten bins, weighted."""
    place = np.minimum((probability * BINS).astype(int), BINS - 1)
    return sum(
        (place == i).mean() * abs(right[place == i].mean() - probability[place == i].mean())
        for i in np.unique(place)
    )


def least_measurable(probability, draws=300):
    """95th percentile of the calibration error of answers that are right exactly as often as they say."""
    rng = np.random.default_rng(0)
    errors = [
        calibration_error((rng.random(len(probability)) < probability).astype(float), probability)
        for _ in range(draws)
    ]
    return float(np.quantile(errors, 0.95))


def coverage(right, probability):
    """Largest share of demands, by falling probability, of which nine in ten are right."""
    order = np.argsort(-probability, kind="stable")
    shares = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero(shares >= PRECISION)
    return (enough[-1] + 1) / len(order) if len(enough) else 0.0


def measures(answers):
    """Accuracy, error reduction over majority, coverage at precision .9 and calibration error, by method."""
    answers = answers.assign(right=answers["owner"].eq(answers["truth"]))
    base = 1 - answers.loc[answers["method"].eq("majority"), "right"].mean()
    rows = []
    for method, part in answers.groupby("method", sort=False):
        right, p = part["right"].to_numpy(dtype=float), part["probability"].to_numpy()
        rows.append({
            "method": method, "n": len(part), "accuracy": right.mean(),
            "error reduction": 1 - (1 - right.mean()) / base,
            "coverage at .9": np.nan if np.isnan(p).any() else coverage(right, p),
            "calibration error": np.nan if np.isnan(p).any() else calibration_error(right, p),
            "of perfect chances, up to": np.nan if np.isnan(p).any() else least_measurable(p),
        })  # fmt: skip
    return pd.DataFrame(rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--regions", type=Path, default=REGIONS)
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--names", nargs="+", default=["medical", "display"])
    parser.add_argument("--kept-out", nargs="*", default=[], help="regions that nothing was tuned on")
    chosen = parser.parse_args()
    encoders = {"ours": ("use", "e5"), "ours, USE alone": ("use",)}
    lines, every, goals = [], [], []
    for name, ledger in ledgers(chosen.regions, chosen.shared, [*chosen.names, *chosen.kept_out]).items():
        start = time.process_time()
        answers = route(ledger, encoders)
        frame = measures(answers)
        print(name, f"{time.process_time() - start:.0f} processor seconds", frame, sep="\n", flush=True)
        every.append(answers.assign(data=name))
        kept_out = name.removeprefix("region ") in chosen.kept_out
        lines.append((name + (" (kept out)" if kept_out else ""), frame))
        by = frame.set_index("method")["error reduction"]
        best = by.drop(["ours", "ours, USE alone"]).max()
        if best > 0:
            goals.append(
                (f"{name}: error reduction over the best peer's, times", by["ours"] / best, ">=", 1.2)
            )
        else:
            goals.append((f"{name}: error reduction (no peer reduces any)", by["ours"], ">=", 0.01))
    pooled = pd.concat(every, ignore_index=True)
    ours = pooled[pooled["method"].eq("ours")]
    right = ours["owner"].eq(ours["truth"]).to_numpy(dtype=float)
    goals.append(
        ("calibration error, all data", calibration_error(right, ours["probability"].to_numpy()), "<=", 0.05)
    )
    confident = ours["probability"].ge(0.6).to_numpy()
    text = (
        "## Routing\n\n`suggest_owner`, validated in the order of time: history before the first of "
        f"{BLOCKS} blocks is {FIRST:.0%} of the demands; each block is routed with what was known the day "
        "before it began. Error reduction is that of the share of wrong departments, over always naming the "
        "most frequent one. The last column is the 95th percentile of the calibration error that so many "
        "perfectly calibrated chances show by luck: what lies below it cannot be told from none. "
        "Logistic regression's C is chosen by cross-validation on the past.\n\n"
    )
    for name, frame in lines:
        shown = frame.round(3).astype(object).where(frame.notna(), "–").rename(columns={"method": name})
        text += table(shown) + "\n\n"
    text += (
        f"Of {confident.sum()} suggestions of probability .6 and more ({confident.mean():.0%} of all), "
        f"{right[confident].mean():.1%} are right.\n\n" + targets(*goals)
    )
    print(text)
    write_section("routing", text)


if __name__ == "__main__":
    main()
