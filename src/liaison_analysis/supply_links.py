"""Who will supply whom next, learnt from known links over time: `SupplyLinkModel`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from tqdm.auto import tqdm

from liaison_analysis.link_evidence import Candidates, LinkGraph, LinkHistory, ProductKnowledge
from liaison_analysis.link_reasons import tell

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping

    from numpy.typing import NDArray
    from sklearn.ensemble import HistGradientBoostingClassifier

LINK_COLUMNS: Final = ["supplier_id", "customer_id", "snapshot"]
RANKING_COLUMNS: Final = ["customer_id", "supplier_id", "score", "rank", "reason"]

#: Snapshots learnt from: the newest ones, each with at least ``_EARLIER`` before it.
_LESSONS: Final = 5
_EARLIER: Final = 2
#: Fewer new links than this teach nothing that would hold.
_FEWEST: Final = 50
#: Customers asked about in each lesson, and candidates shown of each: the likeliest, and some of the rest.
_CUSTOMERS: Final = 600
_LIKELY: Final = 30
_OTHERS: Final = 40
#: Weight of the paths' own order in the final score, beside what was learnt.
_TRUST_IN_PATHS: Final = 0.6


class SupplyLinkModel:
    """Rank firms by how likely they are to become a supplier of a customer.

    Each of the newest snapshots is a lesson: evidence is computed from the links before it, and a gradient
    boosting learns which evidence came before a new link. With too few snapshots or new links to learn from,
    the order is that of three-hop paths and random walks, and of products where given.

    Parameters
    ----------
    random_state
        Seed of the choice of lessons' customers and candidates, and of the boosting.

    Attributes
    ----------
    learned_
        Whether there was enough to learn from.
    note_
        What the order rests on, in a sentence.

    Notes
    -----
    More evidence never counts against a pair: the boosting is monotone in paths and walks. What no evidence
    can reach is not ranked: a firm without any known link cannot be found, and in half-yearly links of real
    firms some 30 % of new suppliers are such. Sources: three-hop paths, Kovács et al. 2019 (doi
    10.1038/s41467-019-09177-y); personalised PageRank, Page et al. 1999.

    Examples
    --------
    Two parts makers supply both carmakers' first tier; the third carmaker buys from one of them so far:

    >>> import pandas as pd
    >>> links = pd.DataFrame(
    ...     {
    ...         "supplier_id": ["gears", "gears", "glass", "gears"],
    ...         "customer_id": ["car A", "car B", "car B", "truck"],
    ...         "snapshot": "2024-06-30",
    ...     }
    ... )
    >>> model = SupplyLinkModel().fit(links)
    >>> model.rank(["truck"], k=1, language="en")["supplier_id"].tolist()
    ['glass']
    >>> model.learned_
    False
    """

    def __init__(self, random_state: int = 0) -> None:
        self.random_state = random_state

    def fit(
        self, links: pd.DataFrame, *, offers: pd.DataFrame | None = None, chain: pd.DataFrame | None = None
    ) -> Self:
        """Learn from known links.

        Parameters
        ----------
        links
            Columns supplier_id, customer_id and snapshot; one row a link in a snapshot. A snapshot is
            anything that sorts: a date, a text such as ``2022-06-30``, a number; missing ones count as the
            oldest. Where hardly a pair is seen in two snapshots, a snapshot says when a link began, and it
            holds since; such dates are taken by half-years.
        offers
            Columns enterprise_id and product: what firms offer. Optional.
        chain
            Columns upstream and downstream: what goes into what. Optional; needs ``offers``.

        Returns
        -------
        SupplyLinkModel
            Itself.

        Raises
        ------
        ValueError
            If a column is missing, an id is empty, ids are of several types, or ``chain`` comes without
            ``offers``.
        """
        _check(links, "links", LINK_COLUMNS)
        if chain is not None and offers is None:
            raise ValueError("chain says what goes into what; give offers too, so that firms stand in it")
        ends = pd.concat([links["supplier_id"], links["customer_id"]], ignore_index=True)
        if pd.api.types.infer_dtype(ends.astype(object)).startswith("mixed"):
            kinds = sorted({type(value).__name__ for value in ends})
            raise ValueError(f"expected ids of one type, got {kinds}; make all of them text")
        codes, firms = pd.factorize(ends.astype(object), sort=True)
        self._firms = pd.Index(firms)
        supplier, customer = np.split(codes.astype(np.int64), 2)
        period, periods, held = _periods(links["snapshot"], supplier * max(len(firms), 1) + customer)
        apart = supplier != customer
        self._links = (supplier[apart], customer[apart], period[apart])
        self._held, self._now = held, periods
        self._products = None if offers is None else _products(offers, chain, self._firms)
        self._graph = self._graph_before(periods)
        self._learn()
        return self

    def rank(
        self,
        customers: Iterable[Hashable],
        k: int = 10,
        *,
        language: str = "zh",
        names: Mapping[Any, str] | None = None,
        reasons: bool = True,
    ) -> pd.DataFrame:
        """List the likeliest new suppliers of each customer.

        Parameters
        ----------
        customers
            Ids that occur in the links, as customer or supplier.
        k
            At most so many for each.
        language
            Of the reasons: ``zh`` or ``en``.
        names
            Names of firms for the reasons, id → name; ids stand in where absent.
        reasons
            Whether to give any; without, long lists take half the time and the texts are empty.

        Returns
        -------
        DataFrame
            customer_id, supplier_id, score, rank (from 1), reason; sorted by customer_id and rank. Known
            links are not ranked. A score orders the candidates of one customer; it is no calibrated
            probability.

        Raises
        ------
        ValueError
            If a customer is in no known link, ``k`` is below 1 or the language is another.
        """
        if k < 1:
            raise ValueError(f"expected k of 1 or more, got {k!r}")
        if language not in {"zh", "en"}:
            raise ValueError(f"expected language 'zh' or 'en', got {language!r}")
        ids = pd.Index(pd.unique(pd.Series(list(customers), dtype=object)))
        codes = self._firms.get_indexer(ids)
        if (codes < 0).any():
            unknown = ids[codes < 0].tolist()
            more = f" and {len(unknown) - 5} more" if len(unknown) > 5 else ""
            raise ValueError(
                f"expected customers that occur in the links, got {unknown[:5]!r}{more}; "
                "leave them out, or add a link of theirs"
            )
        top = self._top(self._graph, codes.astype(np.int64), k)
        top["reason"] = ""
        if reasons:
            told = tell(self._graph, top, self._firms, language=language, names=names or {})
            top["reason"] = pd.Series(told, index=top.index, dtype="str")
        if reasons and not self.learned_:
            top["reason"] += "（仅按路径排序，未经学习）" if language == "zh" else " (paths only, not learnt)"
        ends = {f"{role}_id": self._firms[top[role].to_numpy()] for role in ("customer", "supplier")}
        return top.assign(**ends)[RANKING_COLUMNS].reset_index(drop=True)

    def _graph_before(self, now: int) -> LinkGraph:
        """Everything known before a period."""
        supplier, customer, period = self._links
        told = LinkHistory.before(supplier, customer, period, now=now, n_firms=len(self._firms))
        if self._held:
            told = LinkHistory(
                told.supplier, told.customer, told.since, np.ones_like(told.idle), told.seen, told.n_firms
            )
        return LinkGraph(told, self._products)

    def _learn(self) -> None:
        """Let each of the newest snapshots be a lesson in what came before a new link."""
        from sklearn.ensemble import HistGradientBoostingClassifier
        from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

        lessons = range(max(_EARLIER, self._now - _LESSONS), self._now)
        dice = np.random.default_rng(self.random_state)
        shown = [self._lesson(now, dice) for now in tqdm(lessons, desc="snapshots learnt from")]
        shown = [part for part in shown if part is not None]
        new = sum(int(part[1].sum()) for part in shown)
        self.learned_ = new >= _FEWEST
        self._ranker: HistGradientBoostingClassifier | None = None
        if not self.learned_:
            self.note_ = (
                f"Ranked by paths and walks alone: {self._now} snapshots with {new} new links between known "
                f"firms to learn from; at least {_EARLIER + 1} snapshots and {_FEWEST} links are needed."
            )
            return
        features, label, weight = (np.concatenate(part) for part in zip(*shown, strict=True))
        columns = self._graph.columns
        rises = [int(name in self._graph.sources) for name in columns]
        falls = [int(name.startswith("rank_")) for name in columns]
        ranker = HistGradientBoostingClassifier(
            learning_rate=0.08,
            max_iter=100,
            max_bins=63,
            max_leaf_nodes=24,
            min_samples_leaf=40,
            l2_regularization=5,
            max_features=0.5,
            early_stopping=False,
            monotonic_cst=np.subtract(rises, falls),
            random_state=self.random_state,
        )
        with threadpool_limits(limits=1):  # on a busy machine threads mostly wait for each other
            self._ranker = ranker.fit(features, label, sample_weight=weight)
        self.note_ = f"Learnt from {new} new links of {len(shown)} snapshots."

    def _lesson(
        self, now: int, dice: np.random.Generator
    ) -> tuple[NDArray[np.float32], NDArray[np.bool_], NDArray[np.float64]] | None:
        """Candidates as they were before a snapshot, and which of them became suppliers in it."""
        supplier, customer, period = self._links
        graph = self._graph_before(now)
        known = set((graph.history.supplier * graph.history.n_firms + graph.history.customer).tolist())
        current = period == now
        key = supplier[current] * len(self._firms) + customer[current]
        new = np.array(sorted(set(key.tolist()) - known), dtype=np.int64)
        buyers = np.intersect1d(new % max(len(self._firms), 1), graph.history.customer)
        if not len(buyers):
            return None
        buyers = dice.choice(buyers, min(_CUSTOMERS, len(buyers)), replace=False)
        parts = [_shown(found, graph, new, dice) for found in graph.candidates(buyers)]
        features, label, weight = (np.concatenate(part) for part in zip(*parts, strict=True))
        return features, label, weight

    def _scored(self, graph: LinkGraph, found: Candidates) -> NDArray[np.float64]:
        """Score of each candidate."""
        from threadpoolctl import threadpool_limits

        blend = found.features[:, graph.columns.index("blend")].astype(float)
        if self._ranker is None:
            places = [graph.columns.index(name) for name in graph.products]
            return np.exp(blend) + np.exp(found.features[:, places].astype(float)).sum(axis=1)
        with threadpool_limits(limits=1):
            learned = self._ranker.decision_function(found.features)
        total = learned + _TRUST_IN_PATHS * blend
        scaled: NDArray[np.float64] = 1 / (1 + np.exp(-total))
        return scaled

    def _top(self, graph: LinkGraph, customers: NDArray[np.int64], k: int) -> pd.DataFrame:
        """Codes, score and rank of the best ``k`` of each customer."""
        rows = [pd.DataFrame({"customer": [], "supplier": []}, dtype="int64").assign(score=0.0, rank=0)]
        with tqdm(total=len(customers), desc="customers ranked") as bar:
            for found in graph.candidates(customers):
                score = self._scored(graph, found)
                rows.append(
                    pd.DataFrame({"customer": found.customer, "supplier": found.firm, "score": score})
                    .assign(score=lambda frame: frame["score"].round(12))
                    .sort_values(["customer", "score", "supplier"], ascending=[True, False, True])
                    .assign(rank=lambda frame: frame.groupby("customer").cumcount() + 1)
                    .loc[lambda frame: frame["rank"] <= k]
                )
                bar.update(len(np.unique(found.customer)))
        return pd.concat(rows, ignore_index=True)


def _shown(
    found: Candidates, graph: LinkGraph, new: NDArray[np.int64], dice: np.random.Generator
) -> tuple[NDArray[np.float32], NDArray[np.bool_], NDArray[np.float64]]:
    """Choose what a lesson shows of a batch: new links, the likeliest others, a weighted sample."""
    label = np.isin(found.firm * graph.history.n_firms + found.customer, new)
    places = [graph.columns.index(f"rank_{name}") for name in graph.ranked]
    likely = found.features[:, places].min(axis=1) < _LIKELY / 2
    rest = ~likely & ~label
    many = pd.Series(rest).groupby(found.customer).transform("sum").to_numpy()
    share = np.minimum(1, _OTHERS / np.maximum(many, 1))
    drawn = rest & (dice.random(len(rest)) < share)
    weight = np.where(drawn, 1 / np.where(rest, share, 1), 1.0)
    keep = label | likely | drawn
    return found.features[keep], label[keep], weight[keep]


def _check(frame: pd.DataFrame, what: str, columns: list[str]) -> None:
    """Columns are there and ids are not empty; otherwise say everything that is wrong."""
    missing = [name for name in columns if name not in frame.columns]
    if missing:
        raise ValueError(
            f"{what}: expected columns {columns}, missing {missing}, got {list(map(str, frame.columns))}; "
            "rename yours"
        )
    empty = {
        name: int(count) for name in columns if name != "snapshot" and (count := frame[name].isna().sum())
    }
    if empty:
        raise ValueError(f"{what}: empty values, by column: {empty}; fill them in or drop the rows")


def _periods(snapshot: pd.Series, pair: NDArray[np.int64]) -> tuple[NDArray[np.int64], int, bool]:
    """Count snapshots from 0; also how many there are, and whether they are beginnings."""
    seen = pd.DataFrame({"pair": pair, "snapshot": snapshot.to_numpy()}).drop_duplicates()
    held = len(seen["snapshot"].unique()) > 1 and seen["pair"].duplicated().mean() < 0.1
    value = snapshot
    if held:
        dates = pd.to_datetime(snapshot.astype("str"), errors="coerce", format="mixed")
        if dates.notna().sum() == snapshot.notna().sum():
            value = dates.dt.year * 2 + (dates.dt.month > 6)
    code, names = pd.factorize(value, sort=True)
    blank = (code < 0).any()
    return code.astype(np.int64) + int(blank), len(names) + int(blank), held


def _products(offers: pd.DataFrame, chain: pd.DataFrame | None, firms: pd.Index) -> ProductKnowledge:
    """Turn offers and chain into matrices over the firms' codes."""
    _check(offers, "offers", ["enterprise_id", "product"])
    if chain is None:
        chain = pd.DataFrame({"upstream": [], "downstream": []}, dtype=object)
    _check(chain, "chain", ["upstream", "downstream"])
    names = pd.Index(sorted({*offers["product"], *chain["upstream"], *chain["downstream"]}))
    firm = firms.get_indexer(offers["enterprise_id"])
    product = names.get_indexer(offers["product"])
    feeds = (names.get_indexer(chain["upstream"]), names.get_indexer(chain["downstream"]))
    known = firm >= 0
    matrices = [
        csr_array((np.ones(len(rows[0]), np.float32), rows), shape=shape)
        for rows, shape in (
            ((firm[known], product[known]), (len(firms), len(names))),
            (feeds, (len(names), len(names))),
        )
    ]
    for matrix in matrices:
        matrix.sum_duplicates()
        matrix.data[:] = 1
    return ProductKnowledge(*matrices, names=tuple(names))
