"""Supplier discovery: companies that could make a product although it is not among their offers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import scipy.sparse as sp

from liaison_analysis._checks import check_frame, is_whole
from liaison_analysis.link_prediction.supplier_features import Companies, build_names
from liaison_analysis.link_prediction.supplier_models import Ranker, blocks, fixed_scores, learn_ranker
from liaison_analysis.text import normalise

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from liaison_analysis.link_prediction.supplier_features import Array
    from liaison_analysis.link_prediction.supplier_models import Block
    from liaison_analysis.text import Encoder

#: Columns of the result, and those that ``reasons=True`` adds.
COLUMNS = ("product", "enterprise_id", "score", "rank", "listed")
REASON_COLUMNS = ("own_product", "nearness", "share", "maker", "likeness", "reason")


def find_suppliers(
    offers: pd.DataFrame,
    products: Iterable[str] | str,
    *,
    chain: pd.DataFrame | None = None,
    k: int = 10,
    reasons: bool = False,
    names: Mapping[Any, str] | pd.Series | None = None,
    encoder: Encoder = None,
) -> pd.DataFrame:
    """Rank the companies that could make each product, although they are not listed with it.

    Evidence for a company are the names of its other products (character n-grams, sentence vectors, the head
    noun at the end of a Chinese compound), its similarity to the companies that make the product (in names,
    vectors and common products; item-based collaborative filtering after Sarwar et al. 2001,
    doi:10.1145/371920.372071), and common neighbours in the product chain. The weights are fitted to the
    offers themselves: one product of each company with two or more is hidden, and two models are fitted to
    find it: a conditional logit (McFadden 1974) whose weights depend on the number of makers of the product
    and on its name, and a gradient boosting (Friedman 2001, doi:10.1214/aos/1013203451). Where fewer than 200
    links can be hidden, as in the ledger of a district, a fixed rule ranks: the noisy-or of the most similar
    name, similarity to makers and common neighbours.

    The fit reproduces how such lists are written. If companies never list a product together with its
    hypernym (机器人 with 工业机器人), the fit gives makers of one a low score for the other, although they
    could make it.

    Parameters
    ----------
    offers
        Columns enterprise_id and product: who is known to make what. Other columns are optional; ``weight``
        (share of revenue) is used by ``reasons`` where it lies between 0 and 1.
    products
        Products to look for, listed with somebody or not. Names that differ in width, script, blanks or case
        are the same product.
    chain
        Columns upstream and downstream: products that are inputs of each other, or otherwise related.
    k
        Largest number of companies for each product that do not list it, and of those that do.
    reasons
        Add the columns that explain the rank.
    names
        Names of companies for the reasons, id → name (``ledger.names()``); ids are used where absent.
    encoder
        As of ``text.encode``: the packaged sentence vectors, ``"lexical"``, or a callable.

    Returns
    -------
    DataFrame
        Columns product, enterprise_id, score, rank, listed; by product as asked, then rank. Companies that do
        **not list** the product come first, by score, then id: they are the result. Their score lies between
        0 and 1 and compares companies for one product: for the fitted ranking it is the estimated probability
        that a hidden link of the product belongs to the company (candidates sum to 1), for the fixed rule an
        index. Then companies that list it, with score 1, the most specialised first. Ranks start at 1 and
        continue. A company without evidence has no row.

        ``reasons`` adds own_product (the other product with the nearest name), nearness (mean of its two
        cosines, 0–1), share (of that product in the company's offers: its weight, or equal parts), maker (the
        most similar company that lists the product, empty where none), likeness (0–1), and reason in Chinese.

    Raises
    ------
    ValueError
        ``offers`` or ``products`` is empty, or a column, an id or a product is missing, or ``k`` is below 1.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> ledger = load_liangjiang()
    >>> makers = find_suppliers(ledger.offers, ["RV减速器"], chain=ledger.product_chain, k=2, reasons=True)
    >>> makers[["enterprise_id", "rank", "listed", "own_product"]]
      enterprise_id  rank  listed own_product
    0          E047     1   False       减速器总成
    1          E172     2   False       谐波减速器
    """
    check_frame(offers, "offers")
    if chain is not None:
        check_frame(chain, "chain")
    asked = _checked(offers, products, chain, k)
    keys, asked_keys = _keys(offers["product"]), _keys(asked)
    if chain is not None:
        chain = pd.DataFrame({end: _keys(chain[end]) for end in ("upstream", "downstream")})
    vectors = build_names(sorted({*keys, *asked_keys}), chain=chain, encoder=encoder)
    place = {key: i for i, key in enumerate(vectors.keys)}
    ids = pd.Index(sorted(offers["enterprise_id"].unique().tolist(), key=str))
    share = _shares(offers, ids.get_indexer(offers["enterprise_id"]), [place[key] for key in keys])
    share = sp.csr_matrix(share, shape=(len(ids), len(vectors.keys)))
    made = share.copy()
    made.data = np.ones_like(made.data)
    companies = Companies(vectors, made)
    ranker = learn_ranker(vectors, made)
    wanted = np.unique([place[key] for key in asked_keys])
    parts = [_first(ranker, block, share, k) for block in blocks(companies, wanted)]
    ranked = pd.concat(parts, ignore_index=True)
    if reasons:
        written = dict(zip(keys[::-1], offers["product"].tolist()[::-1], strict=True))  # as first written
        evidence = _reasons(companies, ranked, share, ids, written)
        called = evidence["maker"].map(lambda maker: maker if names is None else names.get(maker, maker))
        evidence["reason"] = [_in_words(row) for row in evidence.assign(maker=called).to_dict("records")]
        ranked = pd.concat([ranked, evidence], axis=1)
    order = pd.DataFrame({"product": asked, "name": [place[key] for key in asked_keys]})
    ranked = order.merge(ranked, on="name", how="inner")  # keeps the order asked, then ranks
    ranked["enterprise_id"] = ids[ranked["company"]]
    return ranked[[*COLUMNS, *(REASON_COLUMNS if reasons else ())]]


def _checked(
    offers: pd.DataFrame, products: Iterable[str] | str, chain: pd.DataFrame | None, k: int
) -> list[str]:
    """Distinct products in the order asked; one ``ValueError`` with everything that is wrong."""
    asked = list(dict.fromkeys([products] if isinstance(products, str) else products))
    wrong = []
    for what, frame, columns in (
        ("offers", offers, ("enterprise_id", "product")),
        ("chain", chain, ("upstream", "downstream")),
    ):
        if frame is None:
            continue
        if absent := [column for column in columns if column not in frame]:
            wrong.append(
                f"{what}: expected the columns {', '.join(columns)}, got {list(frame)!r}; add {absent!r}"
            )
        elif n := int(frame[list(columns)].isna().any(axis=1).sum()):
            wrong.append(
                f"{what}: expected {' and '.join(columns)} in every row, got {n} rows without; drop them"
            )
    if not len(offers):
        wrong.append("offers: expected who makes what, got no rows; fill the table 企业产品")
    if not asked:
        wrong.append("products: expected at least one name, got none; name what is looked for")
    if blank := [product for product in asked if pd.isna(product) or not str(product).strip()]:
        wrong.append(f"products: expected names, got {blank!r}; leave them out")
    if not is_whole(k, 1):
        wrong.append(f"k: expected a whole number of at least 1, got {k!r}; write k=10")
    if wrong:
        raise ValueError("\n".join(wrong))
    return asked


def _keys(products: Iterable[object]) -> list[str]:
    """Product names as they are compared."""
    return [key.lower() for key in normalise(products)]


def _shares(offers: pd.DataFrame, companies: Array, products: list[int]) -> Any:
    """Share of each product (columns) in the offers of a company (row); the largest where listed twice."""
    weight = offers["weight"] if "weight" in offers else pd.Series(np.nan, index=offers.index)
    weight = pd.to_numeric(weight, errors="coerce").astype("float64")
    pairs = pd.DataFrame({"company": companies, "product": products, "weight": weight.to_numpy()})
    pairs["weight"] = pairs["weight"].where(pairs["weight"].between(0, 1))
    pairs = pairs.groupby(["company", "product"])["weight"].max().reset_index()
    share = pairs["weight"].fillna(1 / pairs.groupby("company")["product"].transform("size"))
    return share.to_numpy(), (pairs["company"].to_numpy(), pairs["product"].to_numpy())


def _first(ranker: Ranker | None, block: Block, share: Any, k: int) -> pd.DataFrame:
    """First ``k`` companies of each kind, listed or not, for every asked name of a block."""
    scores = np.where(block.known, 0, fixed_scores(block)) if ranker is None else ranker.scores(block)
    scores = scores.round(12)  # probabilities of a long list are small
    parts = []
    for row, name in enumerate(block.asked):
        order = np.argsort(-scores[row], kind="stable")[:k]  # companies are sorted by id
        order = order[scores[row, order] > 0]
        makers = np.flatnonzero(block.known[row])
        shares = share[makers, name].toarray().ravel() if len(makers) else np.empty(0)
        makers = makers[np.argsort(-shares, kind="stable")][:k]
        both = np.r_[order, makers]
        parts.append(
            pd.DataFrame(
                {
                    "name": name,
                    "company": both,
                    "score": np.r_[scores[row, order], np.ones(len(makers))],
                    "rank": np.arange(1, len(both) + 1),
                    "listed": np.arange(len(both)) >= len(order),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def _reasons(
    companies: Companies, ranked: pd.DataFrame, share: Any, ids: pd.Index, written: dict[str, str]
) -> pd.DataFrame:
    """Most similar other product and most similar maker of each ranked company."""
    made, keys = companies.made, companies.names.keys
    by_name: Any = made.tocsc()
    out = []
    for name in ranked["name"].unique().tolist():
        group = ranked[ranked["name"].eq(name)]
        grams, vectors = companies.near_names(np.array([name]))
        alike = (grams[0] + vectors[0]) / 2
        makers = by_name.indices[by_name.indptr[name] : by_name.indptr[name + 1]]
        likeness = companies.likeness(group["company"].to_numpy())
        for row, (index, company) in enumerate(group["company"].items()):
            own = made[company].indices
            own = own[own != name]
            why = dict.fromkeys(REASON_COLUMNS, "") | {"nearness": 0.0, "share": 0.0, "likeness": 0.0}
            if len(own):
                best = own[np.argmax(alike[own].round(6))]
                why["own_product"], why["share"] = written[keys[best]], float(share[company, best])
                why["nearness"] = round(float(alike[best]), 3)
            if len(makers) and likeness[row, makers].max() > 0:
                best = makers[np.argmax(likeness[row, makers].round(6))]
                why["maker"], why["likeness"] = ids[best], round(float(likeness[row, best]), 3)
            out.append((index, why))
    rows = [why for _, why in out]
    return pd.DataFrame(rows, columns=list(REASON_COLUMNS), index=[index for index, _ in out])


def _in_words(why: Mapping[Any, Any]) -> str:
    """Reason in Chinese of one row of ``_reasons``."""
    parts = []
    if why["own_product"]:
        parts.append(
            f"生产{why['own_product']}（名称相近度{why['nearness']:.2f}，占其产品{why['share']:.0%}）"
        )
    if why["maker"] != "":
        parts.append(f"与已知厂家{why['maker']}相似（{why['likeness']:.2f}）")
    return "；".join(parts) or "由产品链相邻推断"
