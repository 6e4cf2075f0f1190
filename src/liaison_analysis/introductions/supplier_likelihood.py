"""Who is likely to supply whom, where only the fields of the firms are known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import pandas as pd

from liaison_analysis._checks import check_frame, is_whole
from liaison_analysis.products import product_catalogue
from liaison_analysis.text import encode

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scipy.sparse import csr_array

    from liaison_analysis.products import ProductCatalogue
    from liaison_analysis.text import Encoder

    Floats = np.ndarray[Any, np.dtype[np.float64]]

COLUMNS: Final = ["customer", "supplier", "rank", "score", "made", "used", "via"]

# Chosen on the development half of ICKG (468 pairs of 3,345 firms; benchmarks/product_chain.py, 2026-11-30).

# Weight of a hypernym for each step of is_a, and the number of steps.
_KIND: Final = 0.5
_KIND_STEPS: Final = 3
# Exponent by which the degrees of its ends weaken a link of the chain, as in ``supply_chain.chain_paths``.
_DEGREES: Final = 0.25
# Weights relative to a path of the chain: products in common, parts in addition, and the cosine of the
# fields' characters.
_SHARED: Final = 0.5
_PART: Final = 1.0
_COSINE: Final = 8.9
# Exponent of the profile's length in its normalisation: a firm of many fields matches everybody's.
_LENGTH: Final = 0.4
# Weights of known links, each in standard deviations over those pairs: what customers similar by products,
# and by the meaning of their fields, buy; what similar firms sell to similar customers; and the chain.
_ALIKE_PRODUCTS: Final = 1 / 0.0152
_ALIKE_MEANING: Final = 1 / 0.0095
_BOTH_ALIKE: Final = 0.3 / 0.052
_CHAIN: Final = 0.7 / 3.2
# Exponents that keep only the most similar firms.
_SHARPEN_PRODUCTS: Final = 2
_SHARPEN_MEANING: Final = 8
# Customers of one batch.
_AT_ONCE: Final = 500


class _Profiles(NamedTuple):
    """Firms by the products of their fields."""

    firms: list[str]
    products: list[str]
    made: csr_array  # firms × products, kinds among them
    rare: Floats  # weight of each product: higher where few firms have it
    links: csr_array  # products × products
    parts: csr_array
    grams: csr_array  # firms × characters
    vectors: np.ndarray[Any, np.dtype[np.float32]]


def likely_suppliers(
    fields: pd.DataFrame,
    customers: Iterable[str] | None = None,
    *,
    supplies: pd.DataFrame | None = None,
    k: int = 10,
    catalogue: ProductCatalogue | None = None,
    encoder: Encoder = None,
) -> pd.DataFrame:
    """Rank the firms that are likely to supply each customer, by the fields that firms are in.

    Without known links: products of the catalogue that both have, and products of the supplier that go into
    products of the customer, weighted by rarity; and the cosine of the fields' characters. With known links
    (``supplies``) also what customers like this one buy, and what firms like a supplier sell to those.
    Weights were chosen on real firms (ICKG).

    Parameters
    ----------
    fields
        Columns firm and field: what each firm says that it does, in Chinese; several rows for a firm.
    customers
        The customers; by default every firm of ``fields``.
    supplies
        Known links, columns supplier and customer; a known supplier of a customer is not listed again.
    k
        Most suppliers for a customer.
    catalogue
        By default the one that comes with the package.
    encoder
        As in ``text.encode``; used where links are known.

    Returns
    -------
    DataFrame
        Columns customer, supplier, rank (from 1), score (above 0, comparable within a call), made and used
        (the products of the supplier and of the customer between which the chain is strongest; equal where
        both have the same product; empty where no product is known) and via (a customer like this one that
        buys from the supplier; empty where links say nothing). Sorted by customer and rank; ties by name.

    Raises
    ------
    ValueError
        A column is missing, an unknown customer, or k is not a whole number from 1.

    Examples
    --------
    >>> fields = pd.DataFrame(
    ...     {"firm": ["甲", "乙", "丙", "丙"], "field": ["RV减速器", "配合饲料", "工业机器人", "AGV"]}
    ... )
    >>> likely_suppliers(fields, ["丙"], k=1)[["supplier", "made", "used"]].to_numpy().tolist()
    [['甲', 'RV减速器', '工业机器人']]
    """
    check_frame(fields, "fields")
    if supplies is not None:
        check_frame(supplies, "supplies")
    wanted = None if customers is None else list(customers)
    _check(fields, wanted, supplies, k)
    known = product_catalogue() if catalogue is None else catalogue
    has_links = supplies is not None and len(supplies) > 0
    profiles = _profiles(fields, known, encoder, has_links=has_links)
    number = {firm: i for i, firm in enumerate(profiles.firms)}
    asked = sorted(set(profiles.firms if wanted is None else wanted))
    links = _links(supplies, number) if has_links and supplies is not None else None
    parts = [
        _ranked(profiles, [number[firm] for firm in asked[at : at + _AT_ONCE]], links, k)
        for at in range(0, len(asked), _AT_ONCE)
    ]
    empty = pd.DataFrame(columns=COLUMNS)
    table = pd.concat([part for part in parts if len(part)] or [empty], ignore_index=True)
    types = dict.fromkeys(["customer", "supplier", "made", "used", "via"], "str")
    return table.astype(types | {"rank": "int64", "score": "float64"})


def _check(fields: pd.DataFrame, customers: list[str] | None, supplies: pd.DataFrame | None, k: int) -> None:
    """Raise one error with every problem of the arguments."""
    wrong = []
    for name, frame, columns in (
        ("fields", fields, ["firm", "field"]),
        ("supplies", supplies, ["supplier", "customer"]),
    ):
        if frame is not None and (absent := [column for column in columns if column not in frame]):
            wrong.append(f"{name}: expected the columns {columns!r}; add {absent!r}")
    if not is_whole(k, 1):
        wrong.append(f"k must be a whole number from 1; got {k!r}")
    if not wrong and customers is not None:
        unknown = sorted(set(customers) - set(fields["firm"]))
        if unknown:
            wrong.append(f"customers not among the firms: {unknown[:5]!r}")
    if wrong:
        raise ValueError("; ".join(wrong))


def _profiles(
    fields: pd.DataFrame, catalogue: ProductCatalogue, encoder: Encoder, *, has_links: bool
) -> _Profiles:
    from scipy.sparse import csr_array
    from sklearn.feature_extraction.text import TfidfVectorizer

    rows = fields[["firm", "field"]].dropna().drop_duplicates()
    firms = sorted(set(rows["firm"]))
    number = {firm: i for i, firm in enumerate(firms)}
    products = catalogue.products.index.tolist()
    place = {product: i for i, product in enumerate(products)}
    meant = catalogue.recognise_all(rows["field"])
    is_known = meant["product"].notna().to_numpy()
    of_firm = rows["firm"].map(number).to_numpy()[is_known]
    of_product = meant["product"][is_known].map(place).to_numpy()
    shape = (len(firms), len(products))
    own = csr_array((meant["score"].to_numpy()[is_known], (of_firm, of_product)), shape=shape)
    kinds = [
        (place[product], place[kind], _KIND ** (step + 1))
        for product in dict.fromkeys(meant["product"][is_known])
        for step, kind in enumerate(catalogue.kinds_of(product)[:_KIND_STEPS])
        if kind in place
    ]
    ends = ([kind[0] for kind in kinds], [kind[1] for kind in kinds])
    above = csr_array(([kind[2] for kind in kinds], ends), shape=(len(products), len(products)), dtype=float)
    made = csr_array(own + own @ above)
    n_makers = np.maximum(np.asarray((made > 0).sum(axis=0)).ravel(), 1)
    texts = rows.groupby("firm")["field"].agg("、".join).reindex(firms).tolist()
    vectors = encode(texts if has_links else [], encoder=encoder)
    grams = TfidfVectorizer(analyzer="char", ngram_range=(1, 2)).fit_transform(texts)
    return _Profiles(
        firms, products, made, np.log(len(firms) / n_makers), _feeds(catalogue, place, None),
        _feeds(catalogue, place, "part"), csr_array(grams), vectors,
    )  # fmt: skip


def _feeds(catalogue: ProductCatalogue, place: dict[str, int], relation: str | None) -> csr_array:
    """Links of the chain, weighted by the degrees of their ends."""
    from scipy.sparse import csr_array

    feeds = catalogue.feeds if relation is None else catalogue.feeds[catalogue.feeds["relation"].eq(relation)]
    feeds = feeds[feeds["upstream"].isin(place) & feeds["downstream"].isin(place)]
    ends = [feeds[end].map(place).to_numpy() for end in ("upstream", "downstream")]
    degrees = [np.bincount(end, minlength=len(place)).astype(float) for end in ends]
    weight = (degrees[0][ends[0]] * degrees[1][ends[1]]) ** -_DEGREES
    return csr_array((weight, tuple(ends)), shape=(len(place), len(place)))


def _links(supplies: pd.DataFrame, number: dict[str, int]) -> csr_array:
    """Known links among the firms, suppliers × customers."""
    from scipy.sparse import csr_array

    pairs = supplies[["supplier", "customer"]].dropna().drop_duplicates()
    pairs = pairs[pairs["supplier"].isin(number) & pairs["customer"].isin(number)]
    at = tuple(pairs[side].map(number).to_numpy() for side in ("supplier", "customer"))
    return csr_array((np.ones(len(pairs)), at), shape=(len(number), len(number)))


def _ranked(profiles: _Profiles, customers: list[int], links: csr_array | None, k: int) -> pd.DataFrame:
    """First k suppliers of some customers."""
    from scipy.sparse import diags_array

    weighed = profiles.made @ diags_array(profiles.rare)
    length = np.sqrt(np.asarray(weighed.multiply(weighed).sum(axis=1)).ravel())
    theirs = profiles.made[customers].T.tocsr()
    through = (profiles.links + _PART * profiles.parts) @ (diags_array(profiles.rare) @ theirs)
    chain = (weighed @ through + _SHARED * (weighed @ theirs)).toarray()
    chain /= np.maximum(length, 1.0)[:, None] ** _LENGTH
    score = chain + _COSINE * (profiles.grams @ profiles.grams[customers].T).toarray()
    nearest = np.full(score.shape, -1)
    if links is not None:
        score *= _CHAIN
        known, nearest = _from_links(profiles, weighed, length, customers, links)
        score += known
        score[links[:, customers].toarray() > 0] = 0.0
    score[customers, np.arange(len(customers))] = 0.0
    score = score.round(9)
    rows = []
    for column, customer in enumerate(customers):
        own = score[:, column]
        best = np.lexsort((np.arange(len(own)), -own))[:k]
        for rank, supplier in enumerate((i for i in best if own[i] > 0), 1):
            made, used = _strongest(profiles, int(supplier), customer)
            via = nearest[supplier, column]
            rows.append(
                (profiles.firms[customer], profiles.firms[supplier], rank, own[supplier], made, used,
                 profiles.firms[via] if via >= 0 else "")
            )  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS)


def _from_links(
    profiles: _Profiles, weighed: csr_array, length: Floats, customers: list[int], links: csr_array
) -> tuple[Floats, np.ndarray[Any, np.dtype[np.int64]]]:
    """Give what known links add to each pair, and the most similar customer that buys from the supplier."""
    from scipy.sparse import diags_array

    profile = diags_array(1 / np.maximum(length, 1e-9)) @ weighed
    buyers = np.unique(links.indices)
    sellers = np.flatnonzero(np.diff(links.indptr))
    by_products = (profile[buyers] @ profile[customers].T).toarray() ** _SHARPEN_PRODUCTS
    by_meaning = (
        np.clip(profiles.vectors[buyers] @ profiles.vectors[customers].T, 0, None) ** _SHARPEN_MEANING
    )
    same = buyers[:, None] == np.asarray(customers)[None, :]
    by_products[same] = by_meaning[same] = 0.0
    known = links[:, buyers]
    sold = np.asarray(known @ by_products)
    like_sellers = (profile @ profile[sellers].T).toarray() ** _SHARPEN_PRODUCTS
    like_sellers[sellers, np.arange(len(sellers))] = 0.0
    score = _ALIKE_PRODUCTS * sold + _ALIKE_MEANING * np.asarray(known @ by_meaning)
    score += _BOTH_ALIKE * (like_sellers @ sold[sellers])
    alike = by_products + by_meaning
    nearest = np.full((links.shape[0], len(customers)), -1)
    for seller in sellers:
        own = known[[seller]].indices
        best = own[alike[own].argmax(axis=0)]
        nearest[seller] = np.where(alike[best, np.arange(len(customers))] > 0, buyers[best], -1)
    return score, nearest


def _strongest(profiles: _Profiles, supplier: int, customer: int) -> tuple[str, str]:
    """Products of a supplier and of a customer that are the same, or of which one goes into the other."""
    mine, theirs = profiles.made[[supplier]], profiles.made[[customer]]
    a, b = mine.indices, theirs.indices
    if not len(a) or not len(b):
        return "", ""
    strength = profiles.links[a][:, b].toarray() + _PART * profiles.parts[a][:, b].toarray()
    strength = strength + _SHARED * (a[:, None] == b[None, :])
    strength *= (mine.data * profiles.rare[a])[:, None] * (theirs.data * profiles.rare[b])[None, :]
    if strength.max() <= 0:
        return "", ""
    i, j = np.unravel_index(int(strength.argmax()), strength.shape)
    return profiles.products[a[i]], profiles.products[b[j]]
