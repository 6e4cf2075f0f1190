"""Policy answers: cutting documents into clauses, finding the clause, saying that there is none; speed.

Peers in the same run: bm25s on characters and on jieba words, TF-IDF of characters (in ``.bench-venv``), and
the package's sentence vectors alone. ``--calibrate`` prints the weights that ``clause_ranking`` ships.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
from results import table, write_section
from sklearn.linear_model import LogisticRegression

from liaison_analysis import PolicyIndex, load_liangjiang
from liaison_analysis.answer_chance import FEATURES, AnswerEvidence
from liaison_analysis.clause_ranking import ClauseRanker
from liaison_analysis.policy_clauses import split_clauses
from liaison_analysis.policy_files import read_paragraphs
from liaison_analysis.text import encode, normalise

ROOT = Path(__file__).parents[1]
DATA = ROOT.parent / "shared" / "data"
QUESTIONS = ROOT / "data" / "liangjiang" / "policies" / "questions.csv"
CALIBRATION = [ROOT / "tests" / "data" / f"policy_questions_{name}.csv" for name in ("calibration", "dev", "near_misses")]
_RIDGE = 1.0
PEERS = {
    "bm25_characters": "bm25s, characters",
    "bm25_words": "bm25s, jieba words",
    "tfidf": "TF-IDF, characters 1–2",
}

INTRODUCTION = """## Policies

Questions written without sight of the clauses (`data/liangjiang/policies/questions.csv`; documents and
questions are synthetic). The chance of an answer was calibrated on other questions.

{found}

{search}

Cutting documents into clauses. The hard layouts were written with the splitter, which was mended on them:

{splitting}

Titles of messages to government → their own text, a stand-in:

{messages}

{speed}

Versions: {versions}; peers in `benchmarks/requirements.txt`.
"""


def read_questions(path):
    return pd.read_csv(path, keep_default_na=False, dtype=str)


def ranks_of(scores, gold):
    true = scores[np.arange(len(gold)), gold][:, None]
    return 1 + (scores > true).sum(axis=1) + ((scores == true).sum(axis=1) - 1) / 2


def figures(ranks):
    ranks = np.asarray(ranks)
    return [f"{np.mean(ranks <= 1):.3f}", f"{np.mean(ranks <= 5):.3f}", f"{np.mean(1 / ranks):.3f}"]


def peers(texts, questions, gold):
    python = ROOT / ".bench-venv" / "bin" / "python"
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        task = Path(folder) / "task.json"
        task.write_text(
            json.dumps({"texts": texts, "questions": questions, "gold": gold.tolist()}), encoding="utf-8"
        )
        for peer, name in PEERS.items():
            command = [str(python), str(Path(__file__).with_name("policies_peers.py")), peer, str(task)]
            done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - our own script
            answer = json.loads(done.stdout.splitlines()[-1])
            rows.append([name, *figures(answer["ranks"]), f"{answer['seconds']:.2f}"])
    return rows


def ours(texts, questions, gold):
    begun = time.perf_counter()
    vectors = encode(questions) @ encode(texts).T
    alone = [
        "sentence vectors alone",
        *figures(ranks_of(vectors, gold)),
        f"{time.perf_counter() - begun:.2f}",
    ]
    begun = time.perf_counter()
    scores = ClauseRanker(texts).score(questions)
    seconds = time.perf_counter() - begun
    return [alone, ["ours", *figures(ranks_of(scores, gold)), f"{seconds:.2f}"]]


def retrieval(texts, questions, gold):
    rows = [
        *peers(normalise(texts), normalise(questions), gold),
        *ours(normalise(texts), normalise(questions), gold),
    ]
    return pd.DataFrame(rows, columns=["method", "R@1", "R@5", "MRR", "seconds"])


def own_questions(clauses):
    asked = read_questions(QUESTIONS)
    ids = clauses["clause_id"].tolist()
    known = asked[asked["clause_id"].ne("")]
    gold = np.array([ids.index(one) for one in known["clause_id"]])
    table = retrieval(clauses["text"].tolist(), known["question"].tolist(), gold)
    found = PolicyIndex(clauses).search(asked["question"].tolist(), k=5)
    said_none = ~found.groupby("question")["answered"].first().to_numpy()
    is_none = asked["clause_id"].eq("").to_numpy()
    hits = found[found["clause_id"].eq(found["question"].map(asked["clause_id"]))]
    shown = 1 / hits.set_index("question")["rank"].reindex(np.flatnonzero(~is_none))
    answered = shown.where(~said_none[~is_none])
    search = pd.DataFrame(
        [
            ["questions", len(asked)],
            ["with a clause · without one", f"{(~is_none).sum()} · {is_none.sum()}"],
            ["right about whether there is one", f"{np.mean(said_none == is_none):.3f}"],
            ["of those without one, said so", f"{np.mean(said_none[is_none]):.3f}"],
            ["of those with one, answered", f"{np.mean(~said_none[~is_none]):.3f}"],
            ["recall in first five shown, the nearest clauses under a refusal included",
             f"{shown.notna().mean():.3f}"],
            ["MRR of them", f"{shown.fillna(0).mean():.3f}"],
            ["recall in first five, refusals counted as misses", f"{answered.notna().mean():.3f}"],
            ["MRR, refusals counted as misses", f"{answered.fillna(0).mean():.3f}"],
        ],
        columns=["`search`, whole", "figure"],
    )  # fmt: skip
    return table, search


def messages():
    path = DATA / "citizen_messages" / "labelled_dev.parquet"
    if not path.exists():
        return None
    rows = pd.read_parquet(path).drop_duplicates("留言主题")
    return retrieval(rows["留言详情"].str[:600].tolist(), rows["留言主题"].tolist(), np.arange(len(rows)))


def squeezed(text):
    return re.sub(r"[\s|]", "", text)


def splitting():
    """Articles and texts found, against those written; sample documents and hard layouts."""
    sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "data")]
    import policy_layouts
    from build_policies import clauses_of

    rows = []
    with tempfile.TemporaryDirectory() as folder:
        hard = []
        for layout in policy_layouts.LAYOUTS:
            name, content, wanted = layout()
            (Path(folder) / name).write_bytes(content)
            hard.append((Path(folder) / name, [text for _, text in wanted]))
        documents = sorted((ROOT / "data" / "liangjiang" / "policies").glob("[0-9]*"))
        sample = [
            (path, clauses_of(ROOT / "data" / "sources" / "policies" / f"{path.stem}.txt"))
            for path in documents
        ]
        for name, pairs in (("sample documents", sample), ("hard layouts", hard)):
            wanted = found = both = 0
            for path, texts in pairs:
                gold = {squeezed(text) for text in texts}
                got = {squeezed(clause.text) for clause in split_clauses(read_paragraphs(path)).clauses}
                wanted, found, both = wanted + len(gold), found + len(got), both + len(gold & got)
            rows.append([name, len(pairs), wanted, found, both, f"{2 * both / (wanted + found):.3f}"])
    return pd.DataFrame(rows, columns=["documents", "n", "clauses", "found", "exactly right", "F1"])


def speed():
    """10,000 clauses made of halves of the sample's, and 1,000 questions."""
    rng = np.random.default_rng(0)
    clauses = load_liangjiang().policies
    texts = clauses["text"].tolist()
    halves = [half for text in texts for half in (text[: len(text) // 2], text[len(text) // 2 :])]
    made = ["".join(rng.choice(halves, 2)) + f"第{i}类" for i in range(10_000)]
    many = pd.DataFrame({"clause_id": [f"C{i}" for i in range(len(made))], "policy": "合成", "text": made})
    asked = [f"{rng.choice(halves)[:12]}{i}" for i in range(1_000)]
    begun = time.perf_counter()
    index = PolicyIndex(many)
    built = time.perf_counter() - begun
    firm = load_liangjiang().enterprises.iloc[5]
    begun = time.perf_counter()
    index.search(asked)
    plain = time.perf_counter() - begun
    begun = time.perf_counter()
    index.search(asked, enterprise=firm, on="2022-12-01")
    judged = time.perf_counter() - begun
    return pd.DataFrame(
        [["index of 10,000 clauses", f"{built:.1f}"], ["1,000 questions", f"{plain:.1f}"],
         ["1,000 questions, conditions judged", f"{judged:.1f}"]],
        columns=["step", "seconds"],
    )  # fmt: skip


def cases(clauses):
    """Features of each calibration question's best clause, and whether there is an answer.

    With every document; then, for those that have an answer, without the document that holds it.
    """
    asked = pd.concat([read_questions(path).assign(source=path.stem) for path in CALIBRATION])
    asked["document"] = asked["clause_id"].str.partition("-")[0]
    told = clauses.assign(document=clauses["clause_id"].str.partition("-")[0])
    found = []
    for left_out in ["", *told["document"].unique()]:
        rows = asked if not left_out else asked[asked["document"].eq(left_out)]
        kept = told[told["document"].ne(left_out)]
        texts, questions = kept["text"].tolist(), rows["question"].tolist()
        scores = ClauseRanker(texts).score(questions)
        best = scores.argmax(axis=1)[:, None]
        evidence = AnswerEvidence(texts, kept["policy"].tolist())
        features = evidence.features(questions, best, np.take_along_axis(scores, best, axis=1))[:, 0]
        known = rows["clause_id"].ne("").to_numpy() & (not left_out)
        found.append(
            pd.DataFrame(features, columns=FEATURES).assign(
                source=rows["source"].to_numpy(),
                document=rows["document"].to_numpy(),
                left_out=bool(left_out),
                answer=known,
            )
        )
    return pd.concat(found, ignore_index=True)


def fitted(rows):
    """Logistic regression with answers and both kinds of their absence weighing one half, one quarter each."""
    groups = rows.groupby(["answer", "left_out"])["answer"].transform("size")
    weights = np.where(rows["answer"], 2, 1) / groups
    model = LogisticRegression(C=1 / _RIDGE, max_iter=1000)
    scale = rows[list(FEATURES)].std().to_numpy()
    model.fit(rows[list(FEATURES)] / scale, rows["answer"], sample_weight=weights * len(rows) / weights.sum())
    return float(model.intercept_[0]), model.coef_[0] / scale


def out_of_fold(rows):
    """Chance of each row by a fit without its document, or without its share of the unanswerable ones."""
    rng = np.random.default_rng(0)
    documents = rng.permutation(sorted(set(rows["document"]) - {""}))
    fold = rows["document"].map(dict(zip(documents, np.arange(len(documents)) % 7, strict=True)))
    fold = fold.fillna(pd.Series(rng.integers(0, 7, len(rows)), index=rows.index))
    told = np.zeros(len(rows))
    for one in range(7):
        intercept, weights = fitted(rows[fold.ne(one)])
        logit = rows.loc[fold.eq(one), list(FEATURES)].to_numpy() @ weights + intercept
        told[fold.eq(one)] = 1 / (1 + np.exp(-logit))
    return told


def reliability(chances, answer):
    """Said against seen, in fifths of the chance."""
    rows = pd.DataFrame({"chance": chances, "answer": answer})
    bins = pd.cut(rows["chance"], [0, 0.2, 0.4, 0.6, 0.8, 1], include_lowest=True)
    told = rows.groupby(bins, observed=True).agg(
        n=("answer", "size"), said=("chance", "mean"), seen=("answer", "mean")
    )
    told.index = [f"{max(b.left, 0):.1f}–{b.right:.1f}" for b in told.index]
    return told.round(2).rename_axis("chance").reset_index()


def decisions(chances, rows):
    right = (chances >= 0.5) == rows["answer"]
    told = []
    for source, left_out in [*((one, False) for one in rows["source"].unique()), ("all", False), ("all", True)]:
        here = rows["left_out"].eq(left_out) & rows["source"].isin({source} if source != "all" else {*rows["source"]})
        known = rows["answer"]
        told.append([
            f"{source}, document of the answer left out" if left_out else source,
            int((here & known).sum()), int((here & ~known).sum()),
            f"{right[here & known].mean():.3f}" if (here & known).any() else "–",
            f"{right[here & ~known].mean():.3f}",
        ])  # fmt: skip
    columns = ["calibration questions, out of fold", "answerable", "not", "answered", "refused"]
    return pd.DataFrame(told, columns=columns)


def calibrate(clauses):
    """Fit the chance that the first clause answers, and print what ``answer_chance`` ships."""
    rows = cases(clauses)
    intercept, weights = fitted(rows)
    print(f"intercept {intercept:.2f}, weights", dict(zip(FEATURES, weights.round(2).tolist(), strict=True)))
    return rows, out_of_fold(rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calibrate", action="store_true")
    options = parser.parse_args()
    clauses = load_liangjiang().policies
    if options.calibrate:
        rows, chances = calibrate(clauses)
        print(decisions(chances, rows).to_string(), reliability(chances, rows["answer"]), sep="\n")
        return
    found, search = own_questions(clauses)
    stand_in = messages()
    packages = ("numpy", "scikit-learn", "pdfplumber", "python-docx")
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in packages)
    text = INTRODUCTION.format(
        found=table(found),
        search=table(search),
        splitting=table(splitting()),
        messages="not at hand" if stand_in is None else table(stand_in),
        speed=table(speed()),
        versions=versions,
    )
    print(text)
    write_section("policies", text)


if __name__ == "__main__":
    main()
