"""Prediction of new supply links from known links over time: `SupplyLinkModel`."""

from __future__ import annotations

import logging
from copy import copy
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np
import pandas as pd
from sklearn.exceptions import NotFittedError
from tqdm import tqdm

from liaison_analysis._checks import check_frame
from liaison_analysis._options import Language, language_for
from liaison_analysis._progress import long_step
from liaison_analysis.link_prediction.explanations import link_reasons
from liaison_analysis.link_prediction.link_inputs import link_table, product_knowledge, town_codes
from liaison_analysis.link_prediction.training import train

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping

    from numpy.typing import NDArray

_LOG = logging.getLogger(__name__)


RANKING_COLUMNS: Final = ["customer_id", "supplier_id", "score", "rank", "reason"]


class SupplyLinkModel:
    """Rank firms by how likely they are to become a supplier of a customer.

    Evidence is counted on the known links: three-hop paths, longer paths, a random walk, the supplier's size,
    recent growth, products where given, and the town; products of firms that list none are inferred from
    firms with similar trade links. The score is a weighted sum of the evidence's logarithms. The weights, and
    the decay of links with age, are fitted to the three newest snapshots, so that their new links rank
    highest given the links known before. A weight changes from its initial value only where the gain exceeds
    noise. With enough data, a choice model replaces the sum: it has more kinds of evidence, their ranks among
    the customer's candidates, and traits of the supplier. Fitted to the older snapshots, it must rank the
    newest snapshot's links higher than the sum by more than a standard error.

    Parameters
    ----------
    random_state
        Seed of the sample of customers that the model is fitted to.

    Attributes
    ----------
    learned_
        Whether there was enough data to fit weights.
    weights_
        Share of each kind of evidence in the score, by name; sums to 1. In a choice model, ``firm`` stands
        for the traits of the supplier, and a share is the part of the differences in score that is due to a
        kind.
    decay_
        Factor of a link for each snapshot since it was last seen.
    note_
        A sentence on how the order was computed.

    Notes
    -----
    Every candidate is connected to the customer by known links, or by a product that is an input of the
    customer's, and its reason states how. Removing that path (`without`) always lowers its score, since the
    sizes of firms are kept; after a new fit the other links of a firm would gain weight.

    Firms without evidence are not ranked: a firm without any known link cannot be found; in half-yearly links
    of real firms this concerns some 30 % of new suppliers. Sources: three-hop paths, Kovács et al. 2019 (doi
    10.1038/s41467-019-09177-y); personalised PageRank, Page et al. 1999; conditional logit of choices,
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
        """Fit the model to known links.

        Parameters
        ----------
        links
            Columns supplier_id, customer_id and snapshot; one row for each link of a snapshot. Snapshots are
            sortable values: dates, texts such as ``2022-06-30``, or numbers; missing ones count as the
            oldest. Where few pairs occur in two snapshots, a snapshot is taken as the date on which a link
            began, after which it continues to exist; such dates are grouped by half-years.
        offers
            Columns enterprise_id and product: what firms offer. Optional.
        chain
            Columns upstream and downstream: links between products. Optional; needs ``offers``.
        firms
            Columns enterprise_id and town. Optional; the town of a firm without a row is unknown. Customers
            may prefer suppliers of their own town: the preference is estimated from the known links, and the
            town is ignored where there is none.

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
        Nine customers of each town buy from the maker of their own town; a further customer is in town B:

        >>> import pandas as pd
        >>> rows = [(f"maker {town}", f"user {town}{n}") for town in "AB" for n in range(9)]
        >>> rows += [("shop", "user A0"), ("shop", "user B0"), ("shop", "one more")]
        >>> links = pd.DataFrame(rows, columns=["supplier_id", "customer_id"]).assign(snapshot="2024")
        >>> ids = sorted({*links["supplier_id"], *links["customer_id"]})
        >>> firms = pd.DataFrame({"enterprise_id": ids, "town": "B"})
        >>> firms.loc[firms["enterprise_id"].str.contains("A"), "town"] = "A"
        >>> firms.loc[firms["enterprise_id"] == "shop", "town"] = None
        >>> ranked = SupplyLinkModel().fit(links, firms=firms).rank(["one more"], k=1, language="en")
        >>> ranked["supplier_id"].iloc[0], "maker B is in the same town" in ranked["reason"].iloc[0]
        ('maker B', True)
        """
        check_frame(links, "links")
        for what, frame in (("offers", offers), ("chain", chain), ("firms", firms)):
            if frame is not None:
                check_frame(frame, what)
        if chain is not None and offers is None:
            raise ValueError("chain links products; give offers too, which link firms to products")
        table = link_table(links)
        self._firms = table.firms
        self._ranking = train(
            table,
            products=None if offers is None else product_knowledge(offers, chain, table.firms),
            town=None if firms is None else town_codes(firms, table.firms),
            random_state=self.random_state,
        )
        self._graph = self._ranking.graph
        self.learned_, self.decay_, self.note_ = (
            self._ranking.learned, self._ranking.decay, self._ranking.note,
        )  # fmt: skip
        self.weights_ = self._ranking.shares()
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
            Largest number for each customer.
        language
            Of the reasons: ``zh`` or ``en``; by default that of ``options``, else Chinese.
        names
            Names of firms for the reasons, id → name; ids are used where absent.
        reasons
            Whether to give reasons; without them long lists take half the time, and the texts are empty.

        Returns
        -------
        DataFrame
            customer_id, supplier_id, score, rank (from 1), reason; sorted by customer_id and rank. Known
            links are not ranked. A score orders the candidates of one customer; it is not a calibrated
            probability.

        Raises
        ------
        ValueError
            If a customer is in no known link, ``k`` is below 1 or the language is unknown.
        NotFittedError
            Before ``fit``.

        Examples
        --------
        >>> import pandas as pd
        >>> rows = [("gears", "car"), ("gears", "truck"), ("glass", "truck"), ("glass", "bus")]
        >>> links = pd.DataFrame(rows, columns=["supplier_id", "customer_id"]).assign(snapshot="2024")
        >>> SupplyLinkModel().fit(links).rank(["car"], k=1)["supplier_id"].tolist()
        ['glass']
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
            texts = link_reasons(self._graph, top, self._firms, language=language, names=names or {})
            top["reason"] = pd.Series(texts, index=top.index, dtype="str")
        if reasons and not self.learned_:
            top["reason"] += "（权重未经学习）" if language == "zh" else " (weights not learnt)"
        ends = {f"{role}_id": self._firms[top[role].to_numpy()] for role in ("customer", "supplier")}
        return top.assign(**ends)[RANKING_COLUMNS].reset_index(drop=True)

    def without(self, links: Iterable[tuple[Hashable, Hashable]]) -> Self:
        """Copy the model without some links, to see their effect on the scores.

        Parameters
        ----------
        links
            (supplier, customer) ids. They are removed from all paths and walks; sizes of firms, weights of
            evidence and the inputs that a customer still needs stay the same. Known suppliers are still not
            ranked.

        Returns
        -------
        SupplyLinkModel
            A fitted copy.

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
        unknown = [ids for ids, pair in zip(gone, pairs, strict=True) if pair not in known]
        if unknown:
            raise ValueError(f"expected links that are known, got {unknown[:5]!r}; leave them out")
        left = copy(self)
        left._graph = self._graph.without(pairs)  # noqa: SLF001 - a copy of itself
        return left

    def _check_fitted(self) -> None:
        if not hasattr(self, "learned_"):
            raise NotFittedError("this SupplyLinkModel is not fitted; call fit(links) first")

    def _top(self, customers: NDArray[np.int64], k: int) -> pd.DataFrame:
        """Codes, score and rank of the best ``k`` of each customer."""
        rows = [pd.DataFrame({"customer": [], "supplier": []}, dtype="int64").assign(score=0.0, rank=0)]
        with (
            long_step(_LOG, "customers ranked"),
            tqdm(total=len(customers), desc="customers ranked") as bar,
        ):
            for part, score in self._ranking.scores(self._graph, customers):
                rows.append(
                    pd.DataFrame({"customer": part.customer, "supplier": part.firm, "score": score})
                    .assign(score=lambda frame: frame["score"].round(9))
                    .sort_values(["customer", "score", "supplier"], ascending=[True, False, True])
                    .assign(rank=lambda frame: frame.groupby("customer").cumcount() + 1)
                    .loc[lambda frame: frame["rank"] <= k]
                )
                bar.update(np.unique(part.customer).size)
        return pd.concat(rows, ignore_index=True)
