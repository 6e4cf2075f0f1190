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
_FINDING = tuple(KINDS.index(kind) for kind in (
    "grams_sum", "vectors_max", "vectors_sum4", "makers", "together", "alike_grams", "chain_shared"))  # fmt: skip


@dataclass(frozen=True)
class Block:
    """Some asked names: what speaks for whom, who is known, who is worth a look."""

    asked: Array
    evidence: Array
    known: Array
    places: Array
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
    cells = 2 * len(KINDS) * n_companies + 4 * n_names
    step = max(1, _CELLS // max(cells, 1))
    for first in range(0, len(asked), step):
        some = asked[first : first + step]
        evidence = companies.evidence(some)
        known = companies.made[:, some].toarray().T > 0
        places = np.stack([_places(np.where(known, 0, values)) for values in evidence])
        yield Block(some, evidence, known, places, companies.asked_traits(some))


def _places(values: Array) -> Array:
    """Logarithm of each company's place by one kind; those without evidence come last together."""
    order = np.argsort(-values, axis=1, kind="stable")
    places = np.empty(values.shape, dtype=np.float32)
    np.put_along_axis(places, order, np.arange(values.shape[1], dtype=np.float32)[None], axis=1)
    return np.log1p(np.where(values > 0, places, values.shape[1]))


def features(companies: Companies, block: Block, rows: Array, columns: Array) -> Array:
    """What the ranker sees of each pair: evidence, evidence against the tenth best, places, traits."""
    tenth = min(10, block.evidence.shape[2])
    best = np.partition(block.evidence, block.evidence.shape[2] - tenth, axis=2)[:, :, -tenth]
    values = block.evidence[:, rows, columns]
    parts = [
        values.T,
        (values / (np.abs(best[:, rows]) + 1e-6)).T,
        block.places[:, rows, columns].T,
        companies.traits[columns],
        block.asked_traits[rows],
    ]
    return np.concatenate(parts, axis=1).astype(np.float32)


def fixed_scores(block: Block) -> Array:
    """Soft-or of three: the nearest own product, the most alike maker, neighbours shared in the chain.

    ``1 − (1 − name)(1 − maker)(1 − chain)``, where name is the mean of the nearest by characters and by
    vectors, squared, since half-near names say little.
    """
    of = {kind: block.evidence[i] for i, kind in enumerate(KINDS)}
    name = ((of["grams_max"] + of["vectors_max"]) / 2).clip(0, 1) ** 2
    maker = of["makers_max"].clip(0, 1)
    chain = 0.5 * of["chain_shared"].clip(0, 1)
    return np.asarray(1 - (1 - name) * (1 - maker) * (1 - chain))


@dataclass(frozen=True)
class Ranker:
    """A gradient boosting over the features, and the share of negatives it was shown."""

    model: Any
    kept: float

    def scores(self, companies: Companies, block: Block, candidates: Array) -> Array:
        """Chance that a hidden link of the product is the company's; 0 where it is no candidate."""
        out = np.zeros(candidates.shape)
        rows, columns = np.nonzero(candidates)
        if len(rows):
            chance = self.model.predict_proba(features(companies, block, rows, columns))[:, 1]
            out[rows, columns] = chance * self.kept / (chance * self.kept + 1 - chance)
        return out


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
    hidden, left = [], n_makers.copy()
    for i in fit[np.sort(first)]:
        if left[pairs.col[i]] >= 2 and len(hidden) < most:
            left[pairs.col[i]] -= 1
            hidden.append(i)
    hidden = np.array(hidden, dtype=np.int64)
    stay = np.setdiff1d(np.arange(pairs.nnz), hidden)
    kept = sp.csr_matrix((pairs.data[stay], (pairs.row[stay], pairs.col[stay])), shape=made.shape)
    return kept, pairs.row[hidden], pairs.col[hidden]


def learn(names: Names, made: Any, *, rounds: int = 1) -> Ranker | None:
    """Learn to find links that were hidden from the offers; None where too few can be hidden.

    In each round a product of each company that can spare one is hidden, evidence is worked out from what
    stays, and the hidden links are told from other companies among the candidates.
    """
    from sklearn.ensemble import HistGradientBoostingClassifier

    shown, answers = [], []
    kept = 1.0
    for seed in range(rounds):
        stay, makers, products = hide_links(made, most=MOST_LINKS, seed=seed)
        if len(makers) < LEAST_LINKS:
            return None
        companies = Companies(names, stay)
        rng = np.random.default_rng(seed)
        wanted = _NEGATIVES * len(makers)
        asked = np.unique(products)
        right = sp.csr_matrix((np.ones(len(makers)), (products, makers)), shape=made.shape[::-1])
        seen = 0
        for block in blocks(companies, asked):
            positive = right[block.asked].toarray() > 0
            negative = block.candidates(CANDIDATES) & ~positive
            if not seen:
                seen = max(1, round(negative.sum() / len(block.asked) * len(asked)))
                kept = min(1.0, wanted / seen)
            rows, columns = np.nonzero(positive | (negative & (rng.random(negative.shape) < kept)))
            shown.append(features(companies, block, rows, columns))
            answers.append(positive[rows, columns])
    model = HistGradientBoostingClassifier(
        learning_rate=0.08,
        max_iter=120,
        max_leaf_nodes=15,
        l2_regularization=20.0,
        min_samples_leaf=50,
        early_stopping=False,
        random_state=0,
    )
    model.fit(np.concatenate(shown), np.concatenate(answers))
    return Ranker(model, kept)
