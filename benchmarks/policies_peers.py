"""Peers of ``policies.py``, run in ``.bench-venv``: ``policies_peers.py PEER TASK.json`` prints JSON.

The task holds ``texts`` and ``questions``; the answer has the ranks of ``gold`` and the seconds taken.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import numpy as np


def bm25_characters(texts, questions):
    return bm25(
        [list("".join(text.split())) for text in texts], [list("".join(q.split())) for q in questions]
    )


def bm25_words(texts, questions):
    import jieba

    return bm25([jieba.lcut(text) for text in texts], [jieba.lcut(q) for q in questions])


def bm25(texts, questions):
    import bm25s

    index = bm25s.BM25()
    index.index(texts, show_progress=False)
    return np.array(
        [index.get_scores(question) if question else np.zeros(len(texts)) for question in questions]
    )


def tfidf(texts, questions):
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectoriser = TfidfVectorizer(analyzer="char", ngram_range=(1, 2), sublinear_tf=True)
    matrix = vectoriser.fit_transform(texts)
    return (vectoriser.transform(questions) @ matrix.T).toarray()


def main():
    task = json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))
    begun = time.perf_counter()
    scores = globals()[sys.argv[1]](task["texts"], task["questions"])
    seconds = time.perf_counter() - begun
    gold = np.array(task["gold"])
    true = scores[np.arange(len(gold)), gold][:, None]
    # A tie counts half, so that a scorer gains nothing by giving many the same score.
    ranks = 1 + (scores > true).sum(axis=1) + ((scores == true).sum(axis=1) - 1) / 2
    print(json.dumps({"ranks": ranks.tolist(), "seconds": seconds}))


if __name__ == "__main__":
    main()
