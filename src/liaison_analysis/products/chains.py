"""The part of the general chain about products made and sought in one place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pandas as pd

from liaison_analysis._checks import check_kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from liaison_analysis.products.catalogue import ProductCatalogue

#: Relations that end a chain: machines and services do not become part of the product.
_STAYS: Final = ("equipment", "service")
#: A product that is neither made nor looked for here stands in the chain if so many materials and parts of it
#: are made here, since it could be made here as well (judgement).
_INPUTS_HERE: Final = 3
#: Beginnings of names of goods that are made for one trade.
_FOR_ONE_TRADE: Final = re.compile("药用|医用|车规|车用|航空|航天|军用|食品级|电子级|核级|船用")
_COLUMNS: Final = ["upstream", "downstream", "relation", "source"]


def local_chain(
    catalogue: ProductCatalogue, offered: Iterable[str], sought: Iterable[str] = ()
) -> pd.DataFrame:
    """Select the links of the general chain to and from some products, in their own spelling.

    A link is kept where its downstream end is offered or sought, so that gaps are seen; where it leads by
    materials and parts from an offered product to an input of such a product; and where it leads to something
    of which three materials and parts are offered. A kind stands for what it is a kind of: where RV减速器 is
    offered and 减速器 goes into 机器人, RV减速器 goes into 机器人, and 减速器 itself is no gap.

    Parameters
    ----------
    catalogue
        The general catalogue, with additional links and words where there are any.
    offered
        Products that somebody makes, as written.
    sought
        Products that somebody looks for, as written.

    Returns
    -------
    DataFrame
        Columns upstream, downstream, relation and source, sorted; each pair once. Products that the
        catalogue does not know have no links.

    Examples
    --------
    >>> from liaison_analysis.products import product_catalogue
    >>> chain = local_chain(product_catalogue(), ["ＲＶ减速器", "工业机器人"])
    >>> chain[chain["upstream"].eq("ＲＶ减速器")]["downstream"].tolist()
    ['工业机器人']
    """
    check_kind(catalogue, "catalogue", "ProductCatalogue", source="product_catalogue")
    made = sorted(set(offered))
    named = sorted({*made, *sought})
    stand_ins = _stand_ins(catalogue, made)
    ends = _ends(catalogue, named)
    feeds = catalogue.feeds[_COLUMNS]
    kept = feeds[_which(feeds, set(stand_ins), set(ends))]
    rows = [
        (up, down, relation, source)
        for upstream, downstream, relation, source in kept.itertuples(index=False, name=None)
        for up in stand_ins.get(upstream, [upstream])
        for down in ends.get(downstream, [downstream])
        if up != down
    ]
    chain = pd.DataFrame(rows, columns=_COLUMNS, dtype="str")
    # Of a kind's own link and one that it has from what it is a kind of, the one read first stays.
    return chain.drop_duplicates(_COLUMNS[:2]).sort_values(_COLUMNS[:2], ignore_index=True)


def _which(feeds: pd.DataFrame, made: set[str], ends: set[str]) -> pd.Series:
    """Whether each link of the general chain concerns what is made, or looked for, here."""
    from_here, to_here = feeds["upstream"].isin(made), feeds["downstream"].isin(ends)
    runs_on = ~feeds["relation"].isin(_STAYS)
    inputs = set(feeds.loc[to_here & runs_on & ~from_here, "upstream"])
    n_here = feeds.loc[from_here & runs_on & ~to_here, "downstream"].value_counts()
    could = set(n_here.index[n_here.ge(_INPUTS_HERE)])
    second = from_here & runs_on & feeds["downstream"].isin(inputs)
    return to_here | second | feeds["downstream"].isin(could)


def _stand_ins(catalogue: ProductCatalogue, made: list[str]) -> Mapping[str, list[str]]:
    """Written names of what is made here, by product of the catalogue that they are, or are kinds of."""
    names = catalogue.spellings(made)
    # Goods made for one trade do not have the uses that their kind has in other trades.
    for kind, written in catalogue.kinds_among(m for m in made if not _FOR_ONE_TRADE.match(m)).items():
        names[kind] = list(dict.fromkeys([*names.get(kind, []), *written]))
    return names


def _ends(catalogue: ProductCatalogue, named: list[str]) -> Mapping[str, list[str]]:
    """Written names by the product whose inputs they have: their own, or that of their last word."""
    names: dict[str, list[str]] = {}
    for name in named:
        meant = catalogue.recognise(name)
        if meant is not None:
            names.setdefault(meant.product, []).append(name)
    return names
