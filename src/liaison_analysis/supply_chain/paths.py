"""Paths through the product chain, as a join that grows with the data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from liaison_analysis.supply_chain.locality import DEGREE_EXPONENT, TOOLS

if TYPE_CHECKING:
    import ibis

#: Longest path in links: a longer chain of reasons is not convincing (judgement).
MAX_HOPS: Final = 3

#: Factor for each further link of a path, as beta in Katz 1953, doi:10.1007/BF02289026 (0.7:
#: judgement).
DECAY: Final = 0.7

#: Relation of what a product is only packed in: a bottle of oil is not in the cream that is made of the oil.
PACKAGING: Final = "packaging"

#: Factor for a link after a link by equipment, service or packaging (judgement: these do not become part of
#: the product).
TOOL: Final = 0.3


def chain_paths(feeds: ibis.Table, starts: ibis.Table, *, hops: int = MAX_HOPS) -> ibis.Table:
    """Strongest path from each product to every product it reaches, as one Ibis expression.

    The strength of a link from u to v is ``1 / (outdegree(u) · indegree(v)) ** 0.25``: an input of few
    products, or one of few inputs, is a stronger link (the degree normalisation of L3, Kovács et al. 2019,
    doi:10.1038/s41467-019-09177-y, with a milder exponent). The strength of a path is the product of its
    links, times 0.7 for each link after the first, and times 0.3 for each link after one by equipment,
    service or packaging, which do not become part of the product.

    Parameters
    ----------
    feeds
        Columns upstream, downstream and, if known, relation (see ``schema.RELATIONS``, or ``PACKAGING``);
        each pair once.
    starts
        Column product: where paths begin.
    hops
        Longest path in links.

    Returns
    -------
    ibis.Table
        Columns start, product, path (names joined by ``→``), hops, strength; one row for each pair of start
        and product, ties broken by the path's text.

    Examples
    --------
    >>> import ibis
    >>> import pyarrow as pa
    >>> chain = pa.table({"upstream": ["铝锭", "轮毂"], "downstream": ["轮毂", "乘用车"]})
    >>> start = pa.table({"product": ["铝锭"]})
    >>> paths = chain_paths(ibis.memtable(chain), ibis.memtable(start)).order_by("hops")
    >>> paths.to_pyarrow().select(["path", "strength"]).to_pydict()
    {'path': ['铝锭→轮毂', '铝锭→轮毂→乘用车'], 'strength': [1.0, 0.7]}
    """
    import ibis

    outward = feeds.group_by("upstream").agg(n_out=ibis._.count())
    inward = feeds.group_by("downstream").agg(n_in=ibis._.count())
    links = feeds.join(outward, "upstream").join(inward, "downstream")
    by_tool = ibis.literal(value=False)
    if "relation" in feeds.columns:
        by_tool = links.relation.isin((*TOOLS, PACKAGING)).fill_null(by_tool)
    # Cast degrees before dividing, since engines differ in the division of whole numbers.
    links = links.select(
        at="upstream",
        after="downstream",
        step=(links.n_out.cast("float64") * links.n_in.cast("float64")).pow(-DEGREE_EXPONENT),
        by_tool=ibis.ifelse(by_tool, TOOL, 1.0),
    )
    first = starts.select(start="product").distinct()
    layer = first.join(links, first.start == links["at"]).select(
        start="start",
        product="after",
        path=ibis._.start.concat("→", ibis._.after),
        hops=ibis.literal(1),
        strength="step",
        onward="by_tool",
    )
    layers = [layer]
    for hop in range(2, hops + 1):
        step = links.view()
        joined = layer.join(step, layer["product"] == step["at"])
        joined = joined.filter(joined.after != joined.start).select(
            start="start",
            product="after",
            path=ibis._.path.concat("→", ibis._.after),
            hops=ibis.literal(hop),
            strength=ibis._.strength * ibis._.onward * ibis._.step * DECAY,
            onward=ibis._.onward * ibis._.by_tool,
        )
        # Both are kept: the weaker of two paths to a product may be the stronger one after it.
        layer = _strongest(joined, ["start", "product", "onward"])
        layers.append(layer)
    return _strongest(ibis.union(*layers), ["start", "product"]).drop("onward")


def _strongest(paths: ibis.Table, ends: list[str]) -> ibis.Table:
    """Best path of each group."""
    import ibis

    order = [paths.strength.round(9).desc(), paths.hops, paths.path]
    best = ibis.row_number().over(group_by=ends, order_by=order)
    return paths.mutate(place=best).filter(ibis._.place == 0).drop("place")
