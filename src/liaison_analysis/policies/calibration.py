"""Probability that a clause answers a question, calibrated on questions with and without an answer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from liaison_analysis.policies import passages
from liaison_analysis.policies.ranking import background_topics, cosines
from liaison_analysis.text import Encoder, encode, normalise, topic_shares, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liaison_analysis.policies.ranking import Array

#: Predictors of the probability, in this order; see ``AnswerEvidence.features``.
WORD_FEATURES: Final = ("score", "coverage", "title", "topic")
#: Predictors that the retrieval model adds where it is installed (``passages``).
PASSAGE_FEATURES: Final = ("passage", "background_mean", "background_most")
FEATURES: Final = (*WORD_FEATURES, *PASSAGE_FEATURES)
# Intercept and a weight for each feature, without and with the retrieval model: logistic regression,
# answerable and unanswerable questions, and the three kinds of documents, with equal weight; fitted on
# tests/data/policy_questions_*.csv over the sample's documents, 48 invented ones and 24 pages. Questions
# stand both ways, with the clause that answers and without it, so that what a question sounds like does not
# count (policies_probability.py); ``benchmarks/policies.py --calibrate`` prints these.
_WEIGHTS: Final = {
    len(WORD_FEATURES): (-7.327, (0.608, 5.672, 1.056, 0.819)),
    len(FEATURES): (-74.967, (0.554, 4.712, -1.41, 0.181, 64.594, 47.649, -32.108)),
}
#: Largest amount that the retrieval model may add to the log odds of words and sentence vectors. It mistakes
#: a clause on a similar object for an answer (铁路运费 for 海运). Chosen in cross-validation among 0, ½, 1,
#: 1½, 2 and 3 on the questions of 2026-11-30 (22 % of the near misses answered without this bound, 20 %
#: with it); on those of 2026-12-01 ½, 1 and 2 are equal within chance.
WORDS_MARGIN: Final = 1.0
# Words of questions that do not say what they are about.
_FILLER_WORDS: Final = (
    "我们 你们 他们 咱们 我 你 您 他 公司 企业 厂 有 没有 没 没得 有没有 有没 吗 呢 吧 啊 呀 嘛 "
    "怎么 怎样 如何 什么 啥 咋 咋个 咋整 多少 好多 几 哪 哪里 哪个 谁 能 能不能 能不 可以 可不可以 "
    "是 是不是 会 会不会 要 要不要 想 给 给不给 补不补 行 行不行 的 了 着 过 得 把 被 和 与 或 在 "
    "从 向 到 去 来 不 也 就 都 还 请问 咨询 一下 一个 点 一部分 今年 这边 这个 钱 有啥 好"
)
_FILLERS: Final = frozenset(_FILLER_WORDS.split())
# Weight of characters in common with another word; judgement.
_SHARED_CHARACTERS: Final = 0.5
_BRACKETED: Final = re.compile(r"[（(][^（()）]*[）)]\s*$")


class AnswerEvidence:
    """Features of question and clause that separate an answer from the nearest clause that is not an answer.

    Parameters
    ----------
    texts
        The clauses.
    titles
        The title of the document of each clause.
    encoder
        See ``text.encode``.

    Examples
    --------
    >>> import numpy as np
    >>> index = AnswerEvidence(["新建停车位每个补助一千元。"], ["停车办法"])
    >>> values = index.features(["车位补助多少", "今晚吃什么"], np.zeros((2, 1), int), np.ones((2, 1)))
    >>> values.shape[:2], bool((values[0, 0, :4] >= values[1, 0, :4]).all())
    ((2, 1), True)
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
        self._vocabulary = encode(vocabulary, encoder=encoder, exact=True)
        self._titles = encode(plain, encoder=encoder, exact=True)
        self._topics = topic_shares(normalise(texts))
        # With the caller's own encoder, or words only, the retrieval model is not used.
        with_passages = encoder in {None, "use"} if isinstance(encoder, str | None) else False
        self._passages: list[str] | None = None
        if with_passages and passages.is_available():
            pairs = zip(plain, normalise(texts), strict=True)
            self._passages = [f"{title}。{text}" for title, text in pairs]
            self._background_passages = passages.background_vectors(background_topics())
        others = normalise(background_topics())
        self._background = encode(others, encoder=encoder, exact=True)
        self._background_shares = topic_shares(others)

    def features(
        self, questions: Sequence[str], clauses: np.ndarray[Any, Any], scores: np.ndarray[Any, Any]
    ) -> Array:
        """Compute the predictors of each candidate's probability of being an answer.

        None of them depends on the number of clauses, so that one calibration is valid for an index of any
        size.

        Parameters
        ----------
        questions
            In everyday words.
        clauses
            Candidates of each question as places in ``texts``: (questions, candidates).
        scores
            Their scores (``ClauseRanker.score``).

        Returns
        -------
        numpy.ndarray
            (questions, candidates, 7), or 4 columns without the retrieval model, in the order of
            ``FEATURES``: the score; the share of the
            question's words, weighted by rarity, that the clause or its title contains, similar words
            counting by their cosine; cosine of question and title, less the mean cosine of question and
            background topics; overlap of the question's topics (``text.topic_shares``) with the clause's,
            less the largest overlap with a background topic; cosine of the retrieval model for question and
            passage (title and clause), and the mean and the largest of its cosines for background topics.
        """
        clean = normalise(questions)
        vectors = encode(clean, encoder=self._encoder, exact=True).astype(np.float64)
        asked = topic_shares(clean)
        elsewhere = (asked @ self._background_shares.T).max(axis=1, initial=0)
        average = (vectors @ self._background.T).mean(axis=1)
        n = len(WORD_FEATURES) if self._passages is None else len(FEATURES)
        features = np.zeros((*clauses.shape, n))
        features[..., 0] = scores
        features[..., 1] = self._covered(clean, clauses)
        features[..., 2] = np.einsum("qd,qkd->qk", vectors, self._titles[clauses]) - average[:, None]
        features[..., 3] = np.einsum("qd,qkd->qk", asked, self._topics[clauses]) - elsewhere[:, None]
        if self._passages is not None:
            features[..., len(WORD_FEATURES) :] = self._passage_features(clean, clauses, self._passages)
        return features

    def _passage_features(
        self, questions: list[str], clauses: np.ndarray[Any, Any], texts: list[str]
    ) -> Array:
        asked = passages.vectors(questions, are_questions=True)
        wanted, at = np.unique(clauses, return_inverse=True)
        held = passages.vectors([texts[clause] for clause in wanted], are_questions=False)
        background = asked @ self._background_passages.T
        found = np.zeros((*clauses.shape, len(PASSAGE_FEATURES)))
        found[..., 0] = np.einsum("qd,qkd->qk", asked, held[at.reshape(clauses.shape)])
        found[..., 1] = background.mean(axis=1)[:, None]
        found[..., 2] = background.max(axis=1, initial=0)[:, None]
        return found

    def _covered(self, questions: list[str], clauses: np.ndarray[Any, Any]) -> Array:
        terms = [sorted(_content(text)) for text in questions]
        wanted = sorted({word for some in terms for word in some})
        at = {word: i for i, word in enumerate(wanted)}
        vectors = encode(wanted, encoder=self._encoder, exact=True)
        n = len(self._texts)
        rarity = [np.log(1 + (n + 0.5) / (self._counts.get(word, 0) + 0.5)) for word in wanted]
        covered = np.zeros(clauses.shape)
        for q, some in enumerate(terms):
            if not some:
                continue
            rows = [at[word] for word in some]
            weights = np.array([rarity[row] for row in rows])
            for k, clause in enumerate(clauses[q]):
                near = cosines(vectors[rows], self._vocabulary[self._held[clause]])
                same = [_alike(word, self._texts[clause]) for word in some]
                best = np.maximum(near.max(axis=1, initial=0), same)
                covered[q, k] = weights @ best / weights.sum()
        return covered


def answer_probability(features: np.ndarray[Any, Any]) -> Array:
    """Compute the probability that a candidate answers the question, given its ``features`` (..., 7 or 4).

    A logistic function, fitted on questions about the sample's documents, 48 invented ones and 24
    government pages, none of them used for testing; many stand with the clause that answers and without it.
    Answerable and unanswerable questions have equal weight, so that at one half both kinds of error are
    equally frequent, whatever share of the questions has no answer. The contribution of the retrieval model
    is bounded (``bounded_odds``).
    """
    n_features = features.shape[-1]
    odds = {
        n: features[..., :n] @ np.array(weights) + intercept
        for n, (intercept, weights) in _WEIGHTS.items()
        if n <= n_features
    }
    probability: Array = 1 / (1 + np.exp(-bounded_odds(odds, n_features)))
    return probability


def bounded_odds(odds: dict[int, Array], n_features: int) -> Array:
    """Give the log odds of a fit on ``n_features``, at most ``WORDS_MARGIN`` above the fit on words alone.

    Parameters
    ----------
    odds
        Log odds by number of features: of words and sentence vectors, and with the retrieval model.
    n_features
        Which of the fits to use.

    Examples
    --------
    >>> bounded_odds({4: np.array([-3.0, 2.0]), 7: np.array([5.0, 1.0])}, 7).tolist()
    [-2.0, 1.0]
    """
    if n_features == len(WORD_FEATURES):
        return odds[n_features]
    return np.minimum(odds[n_features], odds[len(WORD_FEATURES)] + WORDS_MARGIN)


def _content(text: str) -> set[str]:
    return set(words(text)) - _FILLERS


def _alike(word: str, text: str) -> float:
    if word in text:
        return 1.0
    return _SHARED_CHARACTERS * sum(character in text for character in word) / len(word)
