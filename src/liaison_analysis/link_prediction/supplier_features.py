"""Features of a company as a maker of a product: names, similarity to makers, the chain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import scipy.sparse as sp

from liaison_analysis.text import encode

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from liaison_analysis.text import Encoder

Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]

# What the cosine of sentence vectors counts beside those of names and of products, and the cosine of names
# from which they are near (judgement, both; the learnt weights of ``supplier_models`` scale them).
_OF_VECTORS = 0.5
_NEAR = 0.4

#: Kinds of evidence, in the order of ``Companies.evidence``; all but the last are sums or maxima over a
#: company's other products, or over the companies that make the product.
KINDS = (
    "grams_max",  # the most similar own product by n-grams of characters
    "grams_sum",
    "grams_sum3",  # sum of cubes: a few similar names count more than many dissimilar ones
    "vectors_max",  # the most similar own product by sentence vectors
    "vectors_sum8",
    "vectors_mean",
    "ending",  # own products with the same head noun, which is last in a Chinese compound
    "last_character",  # the same by one character, weighted by rarity
    "name_in_profile",  # similarity of the product's name to all names of the company
    "vector_in_profile",
    "makers_grams",  # similarity of the company's names to those of makers
    "makers_vectors",
    "makers_products",  # products in common with makers, weighted by rarity
    "makers",  # all three, among the companies most like this one
    "makers_max",  # similarity to the most similar maker
    "together",  # item-based collaborative filtering: cosine of the products' makers
    "alike_grams",  # similar companies make products with similar names
    "alike_vectors",
    "alike_makers",  # similar companies make it, or products with similar names
    "chain",  # own products adjacent to it in the chain
    "chain_shared",  # own products that share a neighbour in the chain
    "size",  # how many products the company makes
)
#: Columns of ``Companies.asked_traits``.
ASKED_TRAITS = ("n_makers", "length", "n_near_names")
_NEIGHBOURS = 200  # nearest neighbours kept for each company
_DENSE = 6_000_000  # cells of a dense block


@dataclass(frozen=True)
class Names:
    """Product names as vectors: one row for each name, independent of who makes what."""

    keys: list[str]
    grams: Any
    vectors: Array
    endings: Any
    last: Any
    links: Any
    chain: Any


def build_names(keys: Sequence[str], *, chain: pd.DataFrame | None, encoder: Encoder) -> Names:
    """Vectors of normalised product names: characters 1–3 TF-IDF, sentence vectors, endings, chain links.

    A chain link from u to v counts ``1 / sqrt(degree(u) · degree(v))``, in both directions: links of products
    with many neighbours are weak.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer

    keys = list(keys)
    vectoriser = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True, dtype=np.float32)
    grams = vectoriser.fit_transform(keys).tocsr()
    links, direct = _chain_links(keys, chain)
    return Names(
        keys=keys,
        grams=grams,
        vectors=encode(keys, encoder=encoder),
        endings=_endings(keys, 2),
        last=_endings(keys, 1),
        links=links,
        chain=direct,
    )


def _endings(keys: list[str], length: int) -> Any:
    """Matrix of names (rows) and their endings (columns): 1 where a name has the ending."""
    endings: dict[str, int] = {}
    places = [endings.setdefault(key[-length:], len(endings)) for key in keys]
    ones = np.ones(len(keys), dtype=np.float32)
    return sp.csr_matrix((ones, (np.arange(len(keys)), places)), shape=(len(keys), max(len(endings), 1)))


def _chain_links(keys: list[str], chain: pd.DataFrame | None) -> tuple[Any, Any]:
    """Links of the products (rows) to every node of the chain, and to each other.

    Nodes are the chain's products, offered or not: two products may have a neighbour in common that nobody
    offers.
    """
    ends: list[list[str]] = [
        [] if chain is None else chain[end].to_list() for end in ("upstream", "downstream")
    ]
    nodes = {name: i for i, name in enumerate(sorted({*keys, *ends[0], *ends[1]}))}
    up, down = (np.array([nodes[name] for name in end], dtype=np.int64) for end in ends)
    up, down = up[up != down], down[up != down]
    ones = np.ones(2 * len(up), dtype=np.float32)
    links: Any = sp.csr_matrix((ones, (np.r_[up, down], np.r_[down, up])), shape=(len(nodes), len(nodes)))
    links.data[:] = 1.0
    scale: Any = sp.diags(1 / np.sqrt(np.maximum(np.asarray(links.sum(axis=1)).ravel(), 1)))
    rows = [nodes[key] for key in keys]
    links = sp.csr_matrix((scale @ links @ scale)[rows], dtype=np.float32)
    return links, links[:, rows]


class Companies:
    """Companies and their products, with features for any of the names.

    Parameters
    ----------
    names
        From ``build_names``.
    made
        (companies, names), 1 where a company is known to make it.
    """

    def __init__(self, names: Names, made: Any) -> None:
        self.names, self.made = names, sp.csr_matrix(made, dtype=np.float32)
        n_companies = self.made.shape[0]
        self.n_products = np.asarray(self.made.sum(axis=1)).ravel()
        self.n_makers = np.asarray(self.made.sum(axis=0)).ravel()
        self._mean = sp.diags(1 / np.maximum(self.n_products, 1)).astype(np.float32) @ self.made
        self._rare = np.log(n_companies / np.maximum(self.n_makers, 1)).astype(np.float32)
        products = _unit(self.made @ sp.diags(self._rare))
        grams = sp.csr_matrix(self.made @ (names.grams > 0).astype(np.float32))
        grams.data = 1 + np.log(grams.data)
        spread = np.bincount(grams.indices, minlength=grams.shape[1])
        self._gram_weights = sp.diags(np.log(n_companies / np.maximum(spread, 1)).astype(np.float32))
        vectors = np.asarray(self._mean @ names.vectors)
        # What all companies have in common is subtracted: only differences from the mean count.
        self._middle = vectors[self.n_products > 0].mean(axis=0) if n_companies else vectors.sum(axis=0)
        vectors = np.where(self.n_products[:, None] > 0, vectors - self._middle, 0)
        vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
        self.profiles = (_unit(grams @ self._gram_weights), vectors.astype(np.float32), products)
        self.neighbours = self._neighbours()
        closest = self.neighbours.power(2)
        weight = np.asarray(closest.sum(axis=1)).ravel()
        self._alike = sp.diags(1 / np.maximum(weight, 1e-9)).astype(np.float32) @ closest
        # Weighted by rarity: a frequent last character is weak evidence.
        of_last = self.n_makers @ names.last
        rare = np.log(np.maximum(of_last.sum(), 1) / np.maximum(of_last, 1))
        self._last = names.last @ sp.diags(np.sqrt(rare).astype(np.float32))

    def near_names(self, asked: Array) -> tuple[Array, Array]:
        """Cosine of each asked name with every name, by characters and by vectors; 0 with itself."""
        alike = (self.names.grams[asked] @ self.names.grams.T).toarray()
        alike_vectors = np.clip(self.names.vectors[asked] @ self.names.vectors.T, 0, None)
        for block in (alike, alike_vectors):
            block[np.arange(len(asked)), asked] = 0
        return alike, alike_vectors

    def likeness(self, companies: Array) -> Array:
        """Similarity of the given companies (rows) to all companies: 0 to 1; 0 with itself."""
        grams, vectors, products = self.profiles
        alike = (grams[companies] @ grams.T).toarray() + (products[companies] @ products.T).toarray()
        alike = np.clip(alike + _OF_VECTORS * (vectors[companies] @ vectors.T), 0, None) / (2 + _OF_VECTORS)
        alike[np.arange(len(companies)), companies] = 0
        return np.asarray(alike)

    def _neighbours(self) -> Any:
        """Similarity of each company (row) to its nearest neighbours."""
        n = self.made.shape[0]
        step = max(1, _DENSE // max(n, 1))
        rows = []
        for first in range(0, n, step):
            alike = self.likeness(np.arange(first, min(first + step, n)))
            if n > _NEIGHBOURS:
                least = np.partition(alike, n - _NEIGHBOURS, axis=1)[:, -_NEIGHBOURS, None]
                alike[alike < least] = 0
            rows.append(sp.csr_matrix(alike))
        return sp.vstack(rows, format="csr", dtype=np.float32)

    def evidence(self, asked: Array) -> Array:
        """Compute the features of each company for each asked name, with that name left out of its products.

        Returns
        -------
        numpy.ndarray
            (kinds, asked, companies), float32, kinds as in ``KINDS``.
        """
        names, made = self.names, self.made
        alike, alike_vectors = self.near_names(asked)
        known = made[:, asked].toarray()
        grams, vectors, products = self.profiles
        asked_grams = _unit((names.grams[asked] > 0).astype(np.float32) @ self._gram_weights)
        near = np.asarray(made @ (alike**3).T), np.asarray(made @ (alike_vectors**8).T)
        size = np.log1p(self.n_products)
        rows = [
            segment_max(alike, made),
            (made @ alike.T).T,
            near[0].T,
            segment_max(alike_vectors, made),
            near[1].T,
            (self._mean @ alike_vectors.T).T,
            self._same(names.endings, asked).T,
            self._same(self._last, asked).T / np.sqrt(np.maximum(self.n_products, 1)),
            (grams @ asked_grams.T).toarray().T,
            (vectors @ names.vectors[asked].T).T,
            self._to_makers(grams, known).T,
            self._to_makers(vectors, known).T,
            self._to_makers(products, known).T,
            (self.neighbours @ known).T,
            self._nearest_maker(asked),
            self._together(asked).T,
            (self._alike @ near[0]).T,
            (self._alike @ near[1]).T,
            (self._alike @ (known + near[0] + near[1])).T,
            (made @ names.chain[asked].T).toarray().T,
            self._same(names.links, asked).T,
            np.broadcast_to(size, (len(asked), len(size))),
        ]
        return np.stack([np.asarray(row, dtype=np.float32) for row in rows])

    def asked_traits(self, asked: Array) -> Array:
        """Traits of the asked names: one row each, columns as in ``ASKED_TRAITS``."""
        alike = self.names.grams[asked] @ self.names.grams.T
        near = np.asarray((alike > _NEAR).sum(axis=1)).ravel()
        length = [len(self.names.keys[i]) for i in asked]
        return np.stack([np.log1p(self.n_makers[asked]), length, np.log1p(near)], axis=1)

    def _same(self, features: Any, asked: Array) -> Array:
        """Features that own products (rows: companies) share with the asked one, itself left out."""
        own = self.made @ features
        shared = (own @ features[asked].T).toarray()
        itself = np.asarray(features[asked].multiply(features[asked]).sum(axis=1)).ravel()
        return np.asarray(shared - self.made[:, asked].toarray() * itself)

    @staticmethod
    def _to_makers(profile: Any, known: Array) -> Array:
        """Sum of the similarities to the makers, without that of a maker to itself."""
        squares = profile**2 if isinstance(profile, np.ndarray) else profile.multiply(profile)
        own = np.asarray(squares.sum(axis=1)).reshape(-1, 1)
        return np.asarray(np.asarray(profile @ (profile.T @ known)) - own * known)

    def _nearest_maker(self, asked: Array) -> Array:
        """Similarity to the most similar maker, 0 where no maker is among the neighbours."""
        by_maker = self.neighbours.tocsc()
        out = np.zeros((len(asked), self.made.shape[0]), dtype=np.float32)
        listed = self.made.tocsc()[:, asked]
        for i, (start, end) in enumerate(zip(listed.indptr[:-1], listed.indptr[1:], strict=True)):
            near = by_maker[:, listed.indices[start:end]].tocoo()
            np.maximum.at(out[i], near.row, near.data)
        return out

    def _together(self, asked: Array) -> Array:
        """Sum over own products of the cosine of their makers with the asked one's makers."""
        scale = sp.diags(1 / np.sqrt(np.maximum(self.n_makers, 1)))
        shared = scale @ (self.made.T @ self.made[:, asked])
        shared = sp.csr_matrix(shared @ sp.diags(1 / np.sqrt(np.maximum(self.n_makers[asked], 1))))
        own = np.zeros((self.made.shape[0], len(asked)), dtype=np.float32)
        known = self.made[:, asked].toarray()
        own[known > 0] = 1
        return np.asarray((self.made @ shared).toarray() - own)


def segment_max(values: Array, made: Any) -> Array:
    """Largest value among the names each company makes: (rows, names) to (rows, companies); 0 for none."""
    out = np.zeros((values.shape[0], made.shape[0]), dtype=np.float32)
    some = np.flatnonzero(np.diff(made.indptr) > 0)
    if len(some):
        out[:, some] = np.maximum.reduceat(values[:, made.indices], made.indptr[:-1][some], axis=1)
    return out


def _unit(matrix: Any) -> Any:
    """Rows of length 1."""
    from sklearn.preprocessing import normalize

    return normalize(sp.csr_matrix(matrix, dtype=np.float32))
