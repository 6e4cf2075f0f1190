"""Who will supply whom next, learnt from known links over time: `SupplyLinkModel`."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from sklearn.exceptions import NotFittedError
from tqdm.auto import tqdm

from liaison_analysis._options import Language, language_for
from liaison_analysis.link_prediction.choice_model import LinkRanker
from liaison_analysis.link_prediction.explanations import tell
from liaison_analysis.link_prediction.features import DECAY, LinkGraph, LinkHistory, ProductKnowledge
from liaison_analysis.link_prediction.weighted_sum import START, Lesson, floors, learn, shares, strength

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Mapping

    from numpy.typing import NDArray

    from liaison_analysis.link_prediction.features import Candidates

LINK_COLUMNS: Final = ["supplier_id", "customer_id", "snapshot"]
RANKING_COLUMNS: Final = ["customer_id", "supplier_id", "score", "rank", "reason"]

#: Snapshots learnt from: the newest ones, each with at least one before it.
_LESSONS: Final = 3
#: Fewer new links than this teach nothing that would hold.
_FEWEST: Final = 50
#: Customers asked about in each lesson, for the blend and for choices, and for what next to nothing is.
_CUSTOMERS: Final = 800
_CHOOSING: Final = 1600
_SAMPLE: Final = 64


class SupplyLinkModel:
    """Rank firms by how likely they are to become a supplier of a customer.

    Evidence is counted on the known links: three-hop paths, longer paths, a random walk, the supplier's size,
    recent growth, products where given, and the town; firms that list no product are taken to make what those
    make that trade as they do. The score is a weighted sum of the evidence's logarithms. The
    weights, and how fast links fade, are learnt from the three newest snapshots: what would have ranked their
    new links highest, given what was known before. A weight departs from its start only where that gains
    clearly more than noise. Where there is enough to learn from, a choice model takes its place: more kinds
    of evidence, its place among the customer's candidates, and what the supplier is like. It has to rank the
    newest snapshot's links higher than the sum by more than a standard error, learnt from those before it.

    Parameters
    ----------
    random_state
        Seed of the choice of lessons' customers.

    Attributes
    ----------
    learned_
        Whether there was enough to learn from.
    weights_
        Share of each kind of evidence in the score, by name; sums to 1. In a choice model, ``firm`` is what
        the supplier itself is like, and a share says how much of all differences in score a kind makes.
    decay_
        What a link counts for, per snapshot since it was last seen.
    note_
        What the order rests on, in a sentence.

    Notes
    -----
    Every candidate is connected to the customer by known links, or a product of it goes into one of the
    customer's, and its reason says how. Taking that path away (`without`) always lowers its score, with what
    each firm weighs kept as it is; counted anew from fewer links, a firm passes more on by its others.

    What no evidence can reach is not ranked: a firm without any known link cannot be found, and in links of
    real firms, half-yearly, some 30 % of new suppliers are such. Sources: three-hop paths, Kovács et al. 2019
    (doi 10.1038/s41467-019-09177-y); personalised PageRank, Page et al. 1999; conditional logit of choices,
    McFadden 1974.

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
        self,
        links: pd.DataFrame,
        *,
        offers: pd.DataFrame | None = None,
        chain: pd.DataFrame | None = None,
        firms: pd.DataFrame | None = None,
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
        firms
            Columns enterprise_id and town: where firms are. Optional; an empty town says nothing, and neither
            does a firm that is not listed. Customers may prefer suppliers of their own town: how strongly is
            learnt from the known links, and nothing counts where they show no such preference.

        Returns
        -------
        SupplyLinkModel
            Itself.

        Raises
        ------
        ValueError
            If a column is missing, an id is empty, ids are of several types, a firm has several towns, or
            ``chain`` comes without ``offers``.

        Examples
        --------
        Nine customers of either town buy from its own maker; whom would one more ask?

        >>> import pandas as pd
        >>> rows = [(f"maker {town}", f"user {town}{n}") for town in "AB" for n in range(9)]
        >>> rows += [("shop", "user A0"), ("shop", "user B0"), ("shop", "one more")]
        >>> links = pd.DataFrame(rows, columns=["supplier_id", "customer_id"]).assign(snapshot="2024")
        >>> ids = sorted({*links["supplier_id"], *links["customer_id"]})
        >>> firms = pd.DataFrame({"enterprise_id": ids, "town": "B"})
        >>> firms.loc[firms["enterprise_id"].str.contains("A"), "town"] = "A"
        >>> firms.loc[firms["enterprise_id"] == "shop", "town"] = None
        >>> found = SupplyLinkModel().fit(links, firms=firms).rank(["one more"], k=1, language="en")
        >>> found["supplier_id"].iloc[0], "maker B is in the same town" in found["reason"].iloc[0]
        ('maker B', True)
        """
        _check(links, "links", LINK_COLUMNS)
        if chain is not None and offers is None:
            raise ValueError("chain says what goes into what; give offers too, so that firms stand in it")
        ends = pd.concat([links["supplier_id"], links["customer_id"]], ignore_index=True)
        if pd.api.types.infer_dtype(ends.astype(object)).startswith("mixed"):
            kinds = sorted({type(value).__name__ for value in ends})
            raise ValueError(f"expected ids of one type, got {kinds}; make all of them text")
        codes, ids = pd.factorize(ends.astype(object), sort=True)
        self._firms = pd.Index(ids)
        supplier, customer = np.split(codes.astype(np.int64), 2)
        period, periods, held = _periods(links["snapshot"], supplier * max(len(ids), 1) + customer)
        apart = supplier != customer
        self._links = (supplier[apart], customer[apart], period[apart])
        self._held, self._now = held, periods
        self._products = None if offers is None else _products(offers, chain, self._firms)
        self._town = None if firms is None else _towns(firms, self._firms)
        self.decay_ = DECAY
        # Both the blend and the choices learn from these; making one takes long where products are known.
        self._graphs: dict[tuple[int, float], LinkGraph] = {}
        self._graph = self._graph_before(periods, DECAY)
        dice = np.random.default_rng(self.random_state)
        buyers = np.unique(self._graph.history.customer)
        some = dice.choice(buyers, min(_SAMPLE, len(buyers)), replace=False)
        self._floor = floors(list(self._graph.candidates(some)), self._graph.sources)
        self._ranker: LinkRanker | None = None
        self._learn(int(dice.integers(2**31)))
        self._whole = self._graph
        self._graphs.clear()
        return self

    def rank(
        self,
        customers: Iterable[Hashable],
        k: int = 10,
        *,
        language: Language | None = None,
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
            Of the reasons: ``zh`` or ``en``; by default that of ``options``, else Chinese.
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
        NotFittedError
            Before ``fit``.
        """
        self._check_fitted()
        if k < 1:
            raise ValueError(f"expected k of 1 or more, got {k!r}")
        language = language_for(language)
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
        top = self._top(codes.astype(np.int64), k)
        top["reason"] = ""
        if reasons:
            told = tell(self._graph, top, self._firms, language=language, names=names or {})
            top["reason"] = pd.Series(told, index=top.index, dtype="str")
        if reasons and not self.learned_:
            top["reason"] += "（权重未经学习）" if language == "zh" else " (weights not learnt)"
        ends = {f"{role}_id": self._firms[top[role].to_numpy()] for role in ("customer", "supplier")}
        return top.assign(**ends)[RANKING_COLUMNS].reset_index(drop=True)

    def without(self, links: Iterable[tuple[Hashable, Hashable]]) -> Self:
        """Forget some links: a copy of the model, to see what they do for the scores.

        Parameters
        ----------
        links
            (supplier, customer) ids. They are gone from all paths and walks; how much each firm and kind of
            evidence weighs stays, and so does which inputs a customer still wants. Known suppliers are still
            not ranked.

        Raises
        ------
        ValueError
            If a link is not known.

        Examples
        --------
        >>> import pandas as pd
        >>> rows = [("gears", "car"), ("gears", "truck"), ("glass", "truck"), ("glass", "bus")]
        >>> links = pd.DataFrame(rows, columns=["supplier_id", "customer_id"]).assign(snapshot="2024")
        >>> model = SupplyLinkModel().fit(links)
        >>> before, after = model.rank(["car"]), model.without([("glass", "truck")]).rank(["car"])
        >>> "glass" in set(before["supplier_id"]), "glass" in set(after["supplier_id"])
        (True, False)
        """
        self._check_fitted()
        gone = list(links)
        code = {firm: at for at, firm in enumerate(self._firms)}
        pairs = [(code.get(supplier, -1), code.get(customer, -1)) for supplier, customer in gone]
        history = self._graph.history
        known = set(zip(history.supplier.tolist(), history.customer.tolist(), strict=True))
        strange = [ids for ids, pair in zip(gone, pairs, strict=True) if pair not in known]
        if strange:
            raise ValueError(f"expected links that are known, got {strange[:5]!r}; leave them out")
        left = copy(self)
        vars(left)["_graph"] = self._graph.without(pairs)
        return left

    def _check_fitted(self) -> None:
        if not hasattr(self, "learned_"):
            raise NotFittedError("this SupplyLinkModel knows no links yet; call fit(links) first")

    def _graph_before(self, now: int, decay: float) -> LinkGraph:
        """Everything known before a period."""
        if (now, decay) in self._graphs:
            return self._graphs[now, decay]
        supplier, customer, period = self._links
        told = LinkHistory.before(supplier, customer, period, now=now, n_firms=len(self._firms))
        if self._held:
            told = replace(told, idle=np.ones_like(told.idle))
        graph = LinkGraph(told, self._products, town=self._town, decay=decay)
        return self._graphs.setdefault((now, decay), graph)

    def _learn(self, seed: int) -> None:
        """Let each of the newest snapshots be a lesson in what came before a new link."""
        newest = range(max(1, self._now - _LESSONS), self._now)

        def lessons(decay: float) -> list[Lesson]:
            dice = np.random.default_rng(seed)
            found = [
                self._lesson(now, decay, dice)
                for now in tqdm(newest, desc=f"snapshots learnt from, decay {decay}")
            ]
            return [lesson for lesson in found if lesson is not None]

        sources = self._graph.sources
        weights = {name: START[name] for name in sources}
        shown = lessons(DECAY)
        new = sum(lesson.many for lesson in shown)
        self.learned_ = new >= _FEWEST
        if self.learned_:
            again = {DECAY: shown}
            fading = bool((self._graph.history.idle > 1).any())
            weights, self.decay_ = learn(
                lambda decay: again.get(decay) or lessons(decay), sources, fading=fading
            )
            if self.decay_ != DECAY:
                self._graph = self._graph_before(self._now, self.decay_)
            self.note_ = f"Weights learnt from {new} new links of {len(shown)} snapshots."
            self._choose(newest, weights, seed)
        else:
            self.note_ = (
                f"Ranked by weights that nothing was learnt for: {self._now} snapshots with {new} new links "
                f"between known firms to learn from; at least 2 snapshots and {_FEWEST} links are needed."
            )
        if not self._graph.locality:
            weights |= dict.fromkeys(weights.keys() & {"place"}, 0.0)
        self._weights = shares(weights)
        self.weights_ = self._weights if self._ranker is None else self._ranker.shares()

    def _choose(self, newest: range, weights: dict[str, float], seed: int) -> None:
        """Let a choice model learn from the same snapshots; keep it if it ranks the newest better."""
        dice = np.random.default_rng(seed)
        buyers = np.unique(self._graph.history.customer)
        some = dice.choice(buyers, min(_SAMPLE, len(buyers)), replace=False)
        floor = floors(
            list(self._graph.candidates(some, wide=True)), [*self._graph.sources, *self._graph.further]
        )
        ranker = LinkRanker(self._graph, np.append(self._floor, floor[len(self._floor) :]))
        asked = [
            self._asked(now, self.decay_, dice, _CHOOSING)
            for now in tqdm(newest, desc="snapshots learnt from, choices")
        ]
        offers = [ranker.offers(*found, dice) for found in asked if len(found[1])]
        if ranker.beats(weights, offers):
            ranker.fit(offers)
            self._ranker = ranker
            self.note_ += (
                f" They are those of a choice by {len(ranker.names)} columns: learnt from the others, it "
                "ranked the newest of them higher than a blend."
            )

    def _asked(
        self, now: int, decay: float, dice: np.random.Generator, most: int
    ) -> tuple[LinkGraph, NDArray[np.int64], NDArray[np.int64]]:
        """Tell what was known before a snapshot, some of its buyers, and their new links."""
        supplier, customer, period = self._links
        graph = self._graph_before(now, decay)
        n = max(len(self._firms), 1)
        known = graph.history
        new = np.setdiff1d((supplier * n + customer)[period == now], known.supplier * n + known.customer)
        firms = np.union1d(known.supplier, known.customer)
        new = new[np.isin(new % n, known.customer) & np.isin(new // n, firms)]
        buyers = np.unique(new % n)
        buyers = dice.choice(buyers, min(most, len(buyers)), replace=False)
        return graph, buyers, new[np.isin(new % n, buyers)]

    def _lesson(self, now: int, decay: float, dice: np.random.Generator) -> Lesson | None:
        """Candidates as they were before a snapshot, and which of them became suppliers in it."""
        graph, buyers, new = self._asked(now, decay, dice, _CUSTOMERS)
        if not len(buyers):
            return None
        n = len(self._firms)
        parts = list(graph.candidates(buyers))
        pair = np.concatenate([part.firm * n + part.customer for part in parts])
        place = np.minimum(np.searchsorted(new, pair), len(new) - 1)
        return Lesson(
            np.concatenate([part.customer for part in parts]),
            np.concatenate([strength(part.evidence, self._floor) for part in parts]),
            np.where(new[place] == pair, place, -1),
            len(new),
        )

    def _top(self, customers: NDArray[np.int64], k: int) -> pd.DataFrame:
        """Codes, score and rank of the best ``k`` of each customer."""
        rows = [pd.DataFrame({"customer": [], "supplier": []}, dtype="int64").assign(score=0.0, rank=0)]
        with tqdm(total=len(customers), desc="customers ranked") as bar:
            for found, score in self._scored(customers):
                rows.append(
                    pd.DataFrame({"customer": found.customer, "supplier": found.firm, "score": score})
                    .assign(score=lambda frame: frame["score"].round(9))
                    .sort_values(["customer", "score", "supplier"], ascending=[True, False, True])
                    .assign(rank=lambda frame: frame.groupby("customer").cumcount() + 1)
                    .loc[lambda frame: frame["rank"] <= k]
                )
                bar.update(np.unique(found.customer).size)
        return pd.concat(rows, ignore_index=True)

    def _scored(self, customers: NDArray[np.int64]) -> Iterator[tuple[Candidates, NDArray[np.float64]]]:
        """Candidates and their scores, by the choice model or else by the blend."""
        if self._ranker is not None:
            yield from self._ranker.score(self._graph, self._whole, customers)
            return
        weights = np.array([self._weights[name] for name in self._graph.sources])
        for found in self._graph.candidates(customers):
            yield found, strength(found.evidence, self._floor) @ weights


def _check(frame: pd.DataFrame, what: str, columns: list[str]) -> None:
    """Columns are there and ids are not empty; otherwise say everything that is wrong."""
    missing = [name for name in columns if name not in frame.columns]
    if missing:
        raise ValueError(
            f"{what}: expected columns {columns}, missing {missing}, got {list(map(str, frame.columns))}; "
            "rename yours"
        )
    empty = {
        name: int(count)
        for name in columns
        if name not in {"snapshot", "town"} and (count := frame[name].isna().sum())
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


def _towns(firms: pd.DataFrame, ids: pd.Index) -> NDArray[np.int64]:
    """Code of each firm's town, -1 where none is told."""
    _check(firms, "firms", ["enterprise_id", "town"])
    blank = firms["town"].isna() | firms["town"].astype("str").str.strip().eq("")
    told = firms.loc[~blank, ["enterprise_id", "town"]].drop_duplicates()
    several = told[told["enterprise_id"].duplicated(keep=False)].sort_values("enterprise_id", kind="stable")
    if len(several):
        raise ValueError(
            f"firms: expected one town a firm, got {several.head(4).to_numpy().tolist()!r} among others; "
            "keep the one where it supplies from"
        )
    town = pd.Series(pd.factorize(told["town"], sort=True)[0], index=pd.Index(told["enterprise_id"]))
    return town.reindex(ids, fill_value=-1).to_numpy(np.int64)


def _products(offers: pd.DataFrame, chain: pd.DataFrame | None, firms: pd.Index) -> ProductKnowledge:
    """Turn offers and chain into matrices over the firms' codes."""
    _check(offers, "offers", ["enterprise_id", "product"])
    if chain is None:
        chain = pd.DataFrame({"upstream": [], "downstream": []}, dtype=object)
    _check(chain, "chain", ["upstream", "downstream"])
    names = pd.Index(sorted({*offers["product"], *chain["upstream"], *chain["downstream"]}))
    firm = firms.get_indexer(pd.Index(offers["enterprise_id"]))
    product = names.get_indexer(pd.Index(offers["product"]))
    feeds = tuple(names.get_indexer(pd.Index(chain[side])) for side in ("upstream", "downstream"))
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
    return ProductKnowledge(matrices[0], matrices[1], tuple(names))
