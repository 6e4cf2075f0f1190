"""Peers of ``names.py``, run in ``.bench-venv``: ``names_peers.py PEER TASK.json`` prints one line of JSON.

Every peer gets our cleaned texts: marks of the exchange and legal forms are cut off, and places too where
that serves it.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import numpy as np


def by_rapidfuzz(roster, written, scorer):
    from rapidfuzz.process import cdist

    scores = cdist(written, roster, scorer=scorer, workers=1, dtype=np.float32)
    return np.argsort(-scores, axis=1, kind="stable")[:, :5]


def jaro_winkler(roster, written):
    from rapidfuzz.distance import JaroWinkler

    return by_rapidfuzz(roster, written, JaroWinkler.similarity)


def wratio(roster, written):
    from rapidfuzz.fuzz import WRatio

    return by_rapidfuzz(roster, written, WRatio)


def tfidf(roster, written):
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectoriser = TfidfVectorizer(analyzer="char", ngram_range=(1, 2))
    matrix = vectoriser.fit_transform(roster)
    scores = (vectoriser.transform(written) @ matrix.T).toarray()
    return np.argsort(-scores, axis=1, kind="stable")[:, :5]


def splink(roster, written):
    import pandas as pd
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    def frame(names):
        table = pd.DataFrame({"unique_id": range(len(names)), "name": names})
        for i in range(4):
            table[f"c{i}"] = table["name"].str[i].fillna("")
        table["characters"] = table["name"].map(lambda n: sorted(set(n)))
        return table

    options = SettingsCreator(
        link_type="link_only",
        comparisons=[
            cl.JaroWinklerAtThresholds("name", [0.9, 0.8, 0.7, 0.6]),
            cl.ArrayIntersectAtSizes("characters", [4, 3, 2, 1]),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("c0"),
            "l.c0 = r.c1",
            "l.c0 = r.c2",
            "l.c2 = r.c0",
            "l.c0 = r.c3",
            "l.c3 = r.c0",
            "l.c1 = r.c0",
        ],
    )
    database = DuckDBAPI()
    tables = [
        database.register(frame(names), dataset_display_name=name)
        for name, names in (("a", written), ("b", roster))
    ]
    linker = Linker(tables, options, log_level="ERROR")
    linker.training.estimate_probability_two_random_records_match([block_on("name")], recall=0.1)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=0)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("c0", "c1"))
    found = linker.inference.predict(threshold_match_weight=-20).as_pandas_dataframe()
    found = found.sort_values(["match_weight", "unique_id_r"], ascending=[False, True], kind="stable")
    top = np.full((len(written), 5), -1)
    for asked, group in found.groupby("unique_id_l"):
        best = group["unique_id_r"].to_numpy()[:5]
        top[asked, : len(best)] = best
    return top


def main():
    peer, path = sys.argv[1:]
    task = json.loads(Path(path).read_text(encoding="utf-8"))
    texts = "stems" if peer == "tfidf" else "cores"
    roster, written = task[texts]["roster"], task[texts]["written"]
    right = np.array(task["right"])[:, None]
    clock = time.perf_counter()
    top = {"jaro_winkler": jaro_winkler, "wratio": wratio, "tfidf": tfidf, "splink": splink}[peer](
        roster, written
    )
    seconds = time.perf_counter() - clock
    hit = top == right
    answer = {
        "peer": peer,
        "right first": hit[:, 0].mean().item(),
        "in first five": hit.any(axis=1).mean().item(),
    }
    print(json.dumps({**answer, "seconds": round(seconds, 1)}))


if __name__ == "__main__":
    main()
