"""Ranking of companies for a product: fitted to the offers, or by a fixed rule where they are few."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse as sp

from liaison_analysis._progress import parts_of_step
from liaison_analysis.link_prediction.conditional_logit import fit_conditional_logit
from liaison_analysis.link_prediction.supplier_features import KINDS, Companies

if TYPE_CHECKING:
    from collections.abc import Iterator

    from liaison_analysis.link_prediction.supplier_features import Array, Names

_LOG = logging.getLogger(__name__)

#: The fixed rule ranks where fewer links than this can be hidden (judgement).
LEAST_LINKS = 200
#: Largest number of hidden links for the fit (judgement: time).
MOST_LINKS = 3_000
#: Number of candidates from each kind of evidence that proposes them (judgement: time).
CANDIDATES = 200
_NEGATIVES = 100  # companies without the product, for each hidden link (judgement: memory)
_PENALTY = 5.0  # on the squares of the weights, against the log-likelihood of all hidden links (judgement)
_CELLS = 24_000_000  # numbers in a block of evidence: about 100 MB
_FINDING = tuple(
    KINDS.index(kind)
    for kind in (
        "grams_sum",
        "vectors_max",
        "vectors_sum8",
        "makers",
        "together",
        "alike_grams",
        "chain_shared",
    )
)


@dataclass(frozen=True)
class Block:
    """Evidence about some asked names (kinds, names, companies), their known makers, and their traits."""

    asked: Array
    evidence: Array
    known: Array
    asked_traits: Array

    def candidates(self, most: int) -> Array:
        """Mark, for each asked name, the first ``most`` companies by each kind that finds candidates."""
        chosen = np.zeros(self.known.shape, dtype=bool)
        for kind in _FINDING:
            values = np.where(self.known, 0, self.evidence[kind])
            if values.shape[1] > most:
                least = np.partition(values, values.shape[1] - most, axis=1)[:, -most, None]
                chosen |= (values >= least) & (values > 0)
            else:
                chosen |= values > 0
        return np.asarray(chosen & ~self.known)


def blocks(companies: Companies, asked: Array, *, desc: str = "suppliers") -> Iterator[Block]:
    """Evidence about the asked names, as many at a time as memory allows."""
    n_companies, n_names = companies.made.shape
    cells = len(KINDS) * n_companies + 4 * n_names
    step = max(1, _CELLS // max(cells, 1))
    for first in parts_of_step(_LOG, desc, range(0, len(asked), step), hidden=len(asked) <= step):
        some = asked[first : first + step]
        evidence = companies.evidence(some)
        known = companies.made[:, some].toarray().T > 0
        yield Block(some, evidence, known, companies.asked_traits(some))


def standings(block: Block, chosen: Array) -> tuple[Array, Array, Array]:
    """Standardise each kind of evidence of the chosen companies among those chosen for the same product.

    Returns
    -------
    tuple
        Rows (asked names) and columns (companies) of the pairs, and for each pair (pairs, kinds) its distance
        from the mean of its product's, in standard deviations. Square roots are used, since evidence has a
        long tail.
    """
    rows, columns = np.nonzero(chosen)
    values = block.evidence[:, rows, columns].T
    values = np.sign(values) * np.sqrt(np.abs(values))
    if not len(rows):
        return rows, columns, values
    starts = _starts(rows)
    sizes = np.diff(np.r_[starts, len(rows)])
    for moment in range(2):
        by = values if moment == 0 else values**2
        mean = (np.add.reduceat(by, starts, axis=0, dtype="float64") / sizes[:, None]).astype(np.float32)
        mean = np.repeat(mean, sizes, axis=0)
        values = values - mean if moment == 0 else values / np.sqrt(mean + 1e-9)
    return rows, columns, values


def _features(block: Block, rows: Array, columns: Array, values: Array) -> Array:
    """Columns of the boosted model for each pair: evidence, its standing, traits of the product."""
    parts = [block.evidence[:, rows, columns].T, values, block.asked_traits[rows]]
    return np.concatenate(parts, axis=1).astype(np.float32)


def _starts(sorted_groups: Array) -> Array:
    """Where each group begins."""
    return np.asarray(np.r_[0, np.flatnonzero(np.diff(sorted_groups)) + 1])


def fixed_scores(block: Block) -> Array:
    """Noisy-or of three: the most similar own product, similarity to the makers, neighbours in the chain.

    ``1 − (1 − name)(1 − maker)(1 − chain)``, where name is the mean of the nearest by characters and by
    vectors, squared, since moderately similar names are weak evidence; maker is ``1 − exp(−sum)`` of the
    similarities to all makers and of the cosines of products made together.
    """
    of = {kind: block.evidence[i] for i, kind in enumerate(KINDS)}
    name = ((of["grams_max"] + of["vectors_max"]) / 2).clip(0, 1) ** 2
    maker = 1 - np.exp(-(of["makers"] + of["together"]).clip(0))
    chain = 0.5 * of["chain_shared"].clip(0, 1)
    return np.asarray(1 - (1 - name) * (1 - maker) * (1 - chain))


@dataclass(frozen=True)
class Ranker:
    """A conditional logit and a boosted model, whose log odds are averaged, since their errors differ.

    Attributes
    ----------
    weights
        Weights of each kind of evidence (row): a constant, and one for each trait of the product (columns).
    middle, spread
        Of those traits.
    boosted
        Fitted to what ``_features`` gives; None before it is fitted.
    """

    weights: Array
    middle: Array
    spread: Array
    boosted: Any = None

    def scores(self, block: Block) -> Array:
        """Probability that a hidden link of the product is the company's; 0 where it is known to make it.

        The probabilities of a product's candidates sum to 1. All other companies follow, in the order of the
        fixed rule, so that the first ones do not depend on how many are requested.
        """
        candidates = block.candidates(CANDIDATES)
        rows, columns, values = standings(block, candidates)
        weights = self.weights @ self.scaled_traits(block.asked_traits).T
        odds = np.full(candidates.shape, -np.inf)
        if len(rows):
            seen = _features(block, rows, columns, values)
            by_weight = np.einsum("pk,kp->p", values, weights[:, rows])
            odds[rows, columns] = (by_weight + self.boosted.decision_function(seen)) / 2
        most = np.maximum(odds.max(axis=1, keepdims=True), -1e9)
        out = np.exp(odds - most)
        out /= np.maximum(out.sum(axis=1, keepdims=True), 1e-300)
        least = np.where(candidates, out, 1.0).min(axis=1, keepdims=True)
        return np.asarray(np.where(candidates | block.known, out, least * fixed_scores(block)))

    def scaled_traits(self, asked_traits: Array) -> Array:
        """Standardised traits of products, after a constant column."""
        scaled = (asked_traits - self.middle) / self.spread
        return np.concatenate([np.ones((len(scaled), 1)), scaled], axis=1)


def hide_links(made: Any, *, most: int, seed: int) -> tuple[Any, Array, Array]:
    """Hide one product of each of some companies that make two or more, of products with two or more makers.

    Returns
    -------
    tuple
        The remaining links, and the companies and products of the hidden ones.
    """
    rng = np.random.default_rng(seed)
    pairs = sp.coo_matrix(made)
    n_products, n_makers = (np.asarray(made.sum(axis=axis)).ravel() for axis in (1, 0))
    fit = np.flatnonzero((n_products[pairs.row] >= 2) & (n_makers[pairs.col] >= 2))
    fit = rng.permutation(fit)
    _, first = np.unique(pairs.row[fit], return_index=True)
    chosen: list[int] = []
    left = n_makers.copy()
    for i in fit[np.sort(first)]:
        if left[pairs.col[i]] >= 2 and len(chosen) < most:
            left[pairs.col[i]] -= 1
            chosen.append(i)
    hidden = np.array(chosen, dtype=np.int64)
    stay = np.setdiff1d(np.arange(pairs.nnz), hidden)
    kept = sp.csr_matrix((pairs.data[stay], (pairs.row[stay], pairs.col[stay])), shape=made.shape)
    return kept, pairs.row[hidden], pairs.col[hidden]


def learn_ranker(names: Names, made: Any) -> Ranker | None:
    """Fit a ranker to links that were hidden from the offers; None where too few can be hidden.

    One product of each company with two or more is hidden, evidence is computed from the remaining links, and
    the hidden links are ranked against other candidates for the same product.
    """
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    stay, makers, products = hide_links(made, most=MOST_LINKS, seed=0)
    if len(makers) < LEAST_LINKS:
        return None
    companies = Companies(names, stay)
    rng = np.random.default_rng(0)
    right = sp.csr_matrix((np.ones(len(makers)), (products, makers)), shape=made.shape[::-1])
    asked = np.unique(products)
    traits = companies.asked_traits(asked)
    ranker = Ranker(
        np.zeros((len(KINDS), 1 + traits.shape[1])), traits.mean(axis=0), traits.std(axis=0) + 1e-9
    )
    shown, answers, product, kept = [], [], [], 0.0
    for block in blocks(companies, asked, desc="suppliers: learning"):
        rows, columns, values = standings(block, block.candidates(CANDIDATES))
        answer = right[block.asked].toarray()[rows, columns] > 0
        # From the first block, so that the others need not be kept in memory.
        kept = kept or min(1.0, _NEGATIVES * max(1, answer.sum()) / max(1, (~answer).sum()))
        some = answer | (rng.random(len(answer)) < kept)
        shown.append(_features(block, rows[some], columns[some], values[some]))
        answers.append(answer[some])
        product.append(np.searchsorted(asked, block.asked)[rows[some]])
    seen, hidden, of = np.concatenate(shown), np.concatenate(answers), np.concatenate(product)
    with threadpool_limits(limits=1):  # so that sums have a fixed order
        scaled = ranker.scaled_traits(traits)[of]
        weights = _logit_weights(seen[:, len(KINDS) : 2 * len(KINDS)], hidden, of, scaled, kept)
        return replace(ranker, weights=weights, boosted=_boosted().fit(seen, hidden))


def _boosted() -> Any:
    """Boosted trees with a third of the features at each split, since there are only a few thousand links.

    Their numbers are judgement: shallow, slow and shrunk against learning so few links by heart;
    ``benchmarks/suppliers.py`` measures the ranking.
    """
    from sklearn.ensemble import HistGradientBoostingClassifier

    return HistGradientBoostingClassifier(
        learning_rate=0.08,
        max_iter=120,
        max_leaf_nodes=15,
        l2_regularization=20.0,
        min_samples_leaf=50,
        max_features=0.3,
        early_stopping=False,
        random_state=0,
    )


def _logit_weights(seen: Array, answers: Array, of: Array, traits: Array, kept: float) -> Array:
    """Maximum-likelihood weights (kinds × traits) of the hidden links among their products' candidates.

    A conditional logit, see ``conditional_logit``; sampled candidates are weighted for those left out.
    """
    shape = seen.shape[1], traits.shape[1]
    fitted = fit_conditional_logit(
        lambda flat: ((seen @ flat.reshape(shape)) * traits).sum(axis=1),
        lambda slope: (seen.T @ (slope[:, None] * traits)).ravel(),
        np.zeros(shape[0] * shape[1]),
        begin=_starts(of),
        chosen=answers,
        stands_for=np.where(answers, 1.0, 1 / kept),
        ridge=_PENALTY,
        rivals=True,
        most_steps=60,
    )
    return np.asarray(fitted.reshape(shape))
