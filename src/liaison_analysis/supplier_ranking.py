"""Rank companies for a product: learnt from the offers themselves, or by a fixed rule where they are few."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse as sp

from liaison_analysis.supplier_evidence import KINDS, Companies

if TYPE_CHECKING:
    from collections.abc import Iterator

    from liaison_analysis.supplier_evidence import Array, Names

#: Fewer hidden links than this teach nothing: the fixed rule ranks.
LEAST_LINKS = 500
#: Most links hidden in one round of practice.
MOST_LINKS = 3_000
#: Companies looked at by each kind of evidence that finds candidates.
CANDIDATES = 200
_NEGATIVES = 20  # companies without the product, for each hidden link
_CELLS = 24_000_000  # numbers in a block of evidence: about 100 MB
_FINDING = tuple(
    KINDS.index(kind)
    for kind in (
        "grams_sum",
        "vectors_max",
        "vectors_sum4",
        "makers",
        "together",
        "alike_grams",
        "chain_shared",
    )
)


@dataclass(frozen=True)
class Block:
    """Some asked names: what speaks for whom, who is known, who is worth a look."""

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


def blocks(companies: Companies, asked: Array) -> Iterator[Block]:
    """Evidence about the asked names, as many at a time as memory allows."""
    n_companies, n_names = companies.made.shape
    cells = len(KINDS) * n_companies + 4 * n_names
    step = max(1, _CELLS // max(cells, 1))
    for first in range(0, len(asked), step):
        some = asked[first : first + step]
        evidence = companies.evidence(some)
        known = companies.made[:, some].toarray().T > 0
        yield Block(some, evidence, known, companies.asked_traits(some))


def features(companies: Companies, block: Block, rows: Array, columns: Array) -> Array:
    """Give what the ranker sees of each pair: evidence, evidence against the tenth best, traits."""
    tenth = min(10, block.evidence.shape[2])
    best = np.partition(block.evidence, block.evidence.shape[2] - tenth, axis=2)[:, :, -tenth]
    values = block.evidence[:, rows, columns]
    parts = [
        values.T,
        (values / (np.abs(best[:, rows]) + 1e-6)).T,
        companies.traits[columns],
        block.asked_traits[rows],
    ]
    return np.concatenate(parts, axis=1).astype(np.float32)


def fixed_scores(block: Block) -> Array:
    """Soft-or of three: the nearest own product, likeness to the makers, neighbours shared in the chain.

    ``1 − (1 − name)(1 − maker)(1 − chain)``, where name is the mean of the nearest by characters and by
    vectors, squared, since half-near names say little; maker is ``1 − exp(−sum)`` of the likeness to all
    makers and of the cosines of what is made together.
    """
    of = {kind: block.evidence[i] for i, kind in enumerate(KINDS)}
    name = ((of["grams_max"] + of["vectors_max"]) / 2).clip(0, 1) ** 2
    maker = 1 - np.exp(-(of["makers"] + of["together"]).clip(0))
    chain = 0.5 * of["chain_shared"].clip(0, 1)
    return np.asarray(1 - (1 - name) * (1 - maker) * (1 - chain))


@dataclass(frozen=True)
class Ranker:
    """Models of different kinds whose log-odds are averaged, and the share of negatives they were shown."""

    models: tuple[Any, ...]
    kept: float

    def scores(self, companies: Companies, block: Block) -> Array:
        """Chance that a hidden link of the product is the company's; 0 where it is known to make it.

        The models have seen candidates only, so only those are put before them. All others come behind, in
        the order of the fixed rule: however many are asked for, the first are the same.
        """
        candidates = block.candidates(CANDIDATES)
        out = np.zeros(candidates.shape)
        rows, columns = np.nonzero(candidates)
        if len(rows):
            seen = features(companies, block, rows, columns)
            odds = np.mean([model.decision_function(seen) for model in self.models], axis=0)
            out[rows, columns] = 1 / (1 + np.exp(-odds) / self.kept)
        least = np.where(candidates, out, 1.0).min(axis=1, keepdims=True)
        return np.where(candidates | block.known, out, least * fixed_scores(block))


def _models() -> tuple[Any, ...]:
    """Three boosted models that see half of the features at each split, and a linear one.

    A few thousand hidden links leave a boosted model uncertain; the mean is steadier than any.
    """
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import FunctionTransformer, StandardScaler

    boosted = [
        HistGradientBoostingClassifier(
            learning_rate=0.08,
            max_iter=120,
            max_leaf_nodes=15,
            l2_regularization=20.0,
            min_samples_leaf=50,
            max_features=0.5,
            early_stopping=False,
            random_state=seed,
        )
        for seed in range(3)
    ]
    linear = make_pipeline(
        FunctionTransformer(_signed_root), StandardScaler(), LogisticRegression(C=0.1, max_iter=100)
    )
    return *boosted, linear


def _signed_root(values: Array) -> Array:
    """Square root that keeps the sign: most evidence has a long tail."""
    return np.asarray(np.sign(values) * np.sqrt(np.abs(values)))


def hide_links(made: Any, *, most: int, seed: int) -> tuple[Any, Array, Array]:
    """Hide one product of each of some companies with three or more, of products with two or more makers.

    Returns
    -------
    tuple
        The links that stay, and the companies and products of the hidden ones.
    """
    rng = np.random.default_rng(seed)
    pairs = sp.coo_matrix(made)
    n_products, n_makers = (np.asarray(made.sum(axis=axis)).ravel() for axis in (1, 0))
    fit = np.flatnonzero((n_products[pairs.row] >= 3) & (n_makers[pairs.col] >= 2))
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


def learn(names: Names, made: Any) -> Ranker | None:
    """Learn to find links that were hidden from the offers; None where too few can be hidden.

    One product of each company that can spare one is hidden, evidence is worked out from what stays, and the
    hidden links are told from other companies among the candidates. One thread, so that sums have one order.
    """
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    stay, makers, products = hide_links(made, most=MOST_LINKS, seed=0)
    if len(makers) < LEAST_LINKS:
        return None
    companies = Companies(names, stay)
    rng = np.random.default_rng(0)
    right = sp.csr_matrix((np.ones(len(makers)), (products, makers)), shape=made.shape[::-1])
    asked = np.unique(products)
    shown, answers, kept = [], [], None
    for block in blocks(companies, asked):
        positive = right[block.asked].toarray() > 0
        negative = block.candidates(CANDIDATES) & ~positive
        if kept is None:  # from the first block, so that the rest need not be remembered
            kept = min(
                1.0, _NEGATIVES * len(makers) / max(1.0, float(negative.mean(axis=0).sum()) * len(asked))
            )
        rows, columns = np.nonzero(positive | (negative & (rng.random(negative.shape) < kept)))
        shown.append(features(companies, block, rows, columns))
        answers.append(positive[rows, columns])
    seen, told = np.concatenate(shown), np.concatenate(answers)
    with threadpool_limits(limits=1):
        return Ranker(tuple(model.fit(seen, told) for model in _models()), kept or 1.0)
