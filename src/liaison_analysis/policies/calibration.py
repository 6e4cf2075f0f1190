"""How sure a clause's text makes one that it answers a question: evidence beyond its rank, calibrated."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from liaison_analysis.policies.ranking import other_matters
from liaison_analysis.text import Encoder, encode, normalise, topic_shares, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liaison_analysis.policies.ranking import Array

#: What the chance is a function of; see ``AnswerEvidence.features``.
FEATURES: Final = ("standing", "words", "title", "matter")
# Logistic regression with both kinds of question weighing alike, fitted by ``benchmarks/policies.py
# --calibrate``, which prints these: intercept, then a weight for each feature.
_CHANCE: Final = (-11.27, (0.87, 10.09, 7.32, 1.98))
# How a question is put, not what it is about.
_FILLER_WORDS: Final = (
    "我们 你们 他们 咱们 我 你 您 他 公司 企业 厂 有 没有 没 没得 有没有 有没 吗 呢 吧 啊 呀 嘛 "
    "怎么 怎样 如何 什么 啥 咋 咋个 咋整 多少 好多 几 哪 哪里 哪个 谁 能 能不能 能不 可以 可不可以 "
    "是 是不是 会 会不会 要 要不要 想 给 给不给 补不补 行 行不行 的 了 着 过 得 把 被 和 与 或 在 "
    "从 向 到 去 来 不 也 就 都 还 请问 咨询 一下 一个 点 一部分 今年 这边 这个 钱 有啥 好"
)
_FILLERS: Final = frozenset(_FILLER_WORDS.split())
_HALF: Final = 0.5  # what characters in common count where the word is another
_BRACKETED: Final = re.compile(r"[（(][^（()）]*[）)]\s*$")


class AnswerEvidence:
    """Index of clauses with their documents' titles, to tell an answer from the nearest miss.

    Parameters
    ----------
    texts
        The clauses.
    titles
        The title of the document that each stands in.
    encoder
        See ``text.encode``.

    Examples
    --------
    >>> import numpy as np
    >>> index = AnswerEvidence(["新建停车位每个补助一千元。"], ["停车办法"])
    >>> found = index.features(["车位补助多少", "今晚吃什么"], np.zeros((2, 1), int), np.ones((2, 1)))
    >>> found.shape, bool((found[0, 0] >= found[1, 0]).all())
    ((2, 1, 4), True)
    """

    def __init__(self, texts: Sequence[str], titles: Sequence[str], *, encoder: Encoder = None) -> None:
        self._encoder = encoder
        plain = normalise([_BRACKETED.sub("", title) for title in titles])
        self._texts = [f"{text}。{title}" for text, title in zip(normalise(texts), plain, strict=True)]
        held = [sorted(_content(text)) for text in self._texts]
        vocabulary = sorted({word for some in held for word in some})
        at = {word: i for i, word in enumerate(vocabulary)}
        self._held = [np.array([at[word] for word in some], dtype=np.int64) for some in held]
        counts = np.bincount(np.concatenate([*self._held, [0]]).astype(np.int64), minlength=len(vocabulary))
        self._counts = dict(zip(vocabulary, counts.tolist(), strict=False))
        self._vocabulary = encode(vocabulary, encoder=encoder)
        self._titles = encode(plain, encoder=encoder)
        self._matters = topic_shares(normalise(texts))
        others = normalise(other_matters())
        self._others = encode(others, encoder=encoder)
        self._other_matters = topic_shares(others)

    def features(
        self, questions: Sequence[str], clauses: np.ndarray[Any, Any], standing: np.ndarray[Any, Any]
    ) -> Array:
        """Measure what speaks for each candidate's being an answer.

        None of it grows with the number of clauses, so that one calibration serves an index of any size.

        Parameters
        ----------
        questions
            In everyday words.
        clauses
            Candidates of each question as places in ``texts``: (questions, candidates).
        standing
            Their scores (``ClauseRanker.score``).

        Returns
        -------
        numpy.ndarray
            (questions, candidates, 4), in the order of ``FEATURES``: the standing; the share of the
            question's words, by rarity, that the clause or its title holds, a near word counting by its
            cosine; how much nearer the title is than other matters are on average; how much more the clause
            speaks of the question's matters (``text.topic_shares``) than any other matter does.
        """
        clean = normalise(questions)
        vectors = encode(clean, encoder=self._encoder)
        asked = topic_shares(clean)
        elsewhere = (asked @ self._other_matters.T).max(axis=1, initial=0)
        average = (vectors @ self._others.T).mean(axis=1)
        found = np.zeros((*clauses.shape, len(FEATURES)))
        found[..., 0] = standing
        found[..., 1] = self._covered(clean, clauses)
        found[..., 2] = np.einsum("qd,qkd->qk", vectors, self._titles[clauses]) - average[:, None]
        found[..., 3] = np.einsum("qd,qkd->qk", asked, self._matters[clauses]) - elsewhere[:, None]
        return found

    def _covered(self, questions: list[str], clauses: np.ndarray[Any, Any]) -> Array:
        told = [sorted(_content(text)) for text in questions]
        wanted = sorted({word for some in told for word in some})
        at = {word: i for i, word in enumerate(wanted)}
        vectors = encode(wanted, encoder=self._encoder)
        n = len(self._texts)
        rarity = [np.log(1 + (n + 0.5) / (self._counts.get(word, 0) + 0.5)) for word in wanted]
        covered = np.zeros(clauses.shape)
        for q, some in enumerate(told):
            if not some:
                continue
            rows = [at[word] for word in some]
            weights = np.array([rarity[row] for row in rows])
            for k, clause in enumerate(clauses[q]):
                near = vectors[rows] @ self._vocabulary[self._held[clause]].T
                same = [_alike(word, self._texts[clause]) for word in some]
                best = np.maximum(near.max(axis=1, initial=0), same)
                covered[q, k] = weights @ best / weights.sum()
        return covered


def chance(features: np.ndarray[Any, Any]) -> Array:
    """Chance from 0 to 1 that a candidate answers, given its ``features``.

    A logistic function, fitted on questions about the sample's documents that were not written for testing:
    with every document in the index, and again without the document that holds the answer, where the
    nearest clause is a near miss. Answerable and unanswerable questions weigh alike, so one half is where
    both kinds of error are equally frequent, whatever share of the questions asked has no answer.
    """
    intercept, weights = _CHANCE
    sure: Array = 1 / (1 + np.exp(-(features @ np.array(weights) + intercept)))
    return sure


def _content(text: str) -> set[str]:
    return set(words(text)) - _FILLERS


def _alike(word: str, text: str) -> float:
    if word in text:
        return 1.0
    return _HALF * sum(character in text for character in word) / len(word)
