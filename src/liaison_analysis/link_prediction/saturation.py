"""Choice of the next supplier of an input: effects of existing suppliers and of the town."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_array

from liaison_analysis.link_prediction.sparse_matrices import entries_at, entry_places

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from liaison_analysis.link_prediction.sparse_matrices import Sparse

#: Smallest gain in log-likelihood of a preference, that of two standard errors (likelihood ratio).
_CLEARLY: Final = 2.0


def shrunk(log_likelihood: Callable[[float], float], *, bound: float = 5.0) -> float:
    """Fit a coefficient of a choice model, shrunk towards 0; 0 where it is not significant.

    Parameters
    ----------
    log_likelihood
        Log-likelihood as a function of the coefficient. The prior is normal with standard deviation 1.
    bound
        Largest absolute value.

    Examples
    --------
    Of twenty customers, eighteen chose an option of probability one half by chance; then twelve:

    >>> def chosen(by):
    ...     return lambda x: by * x - 20 * np.log((1 + np.exp(x)) / 2)
    >>> round(shrunk(chosen(18)), 1), shrunk(chosen(12))
    (1.5, 0.0)
    """
    best = float(
        minimize_scalar(lambda x: x * x / 2 - log_likelihood(x), bounds=(-bound, bound), method="bounded").x
    )
    return best if log_likelihood(best) - log_likelihood(0.0) > _CLEARLY else 0.0


def covered(links: Sparse, share: Sparse, wanted: Sparse) -> Sparse:
    """Count the known suppliers of each customer for each input, dividing a maker of several.

    Parameters
    ----------
    links
        Suppliers × customers: weight of each known link.
    share
        Firms × products: each maker's share in a product.
    wanted
        Firms × products: usual number of suppliers of each input for the firm's products.

    Examples
    --------
    The supplier makes both inputs of the customer, which usually has more suppliers of the first:

    >>> share, wanted = csr_array([[0.5, 0.5], [0.0, 0.0]]), csr_array([[0.0, 0.0], [3.0, 1.0]])
    >>> covered(csr_array([[0.0, 1.0], [0.0, 0.0]]), share, wanted).toarray().tolist()
    [[0.0, 0.0], [0.75, 0.25]]
    """
    supplier, customer = links.nonzero()
    n_links = len(customer)
    counts = entries_at(links, supplier, customer)
    per_link = csr_array((counts, (customer, np.arange(n_links))), shape=(links.shape[1], n_links))
    return csr_array(per_link @ _about(supplier, customer, share, wanted))


def remaining_needs(
    links: Sparse, new: Sparse, share: Sparse, wanted: Sparse, town: NDArray[np.int64]
) -> tuple[Sparse, float]:
    """Estimate how many more suppliers of each input firms need, and the preference for their own town.

    Parameters
    ----------
    links
        Suppliers × customers: weight of each known link.
    new
        The most recent of them, to which the effect of the others is fitted.
    share, wanted
        As of ``covered``.
    town
        Code of each firm's town, -1 where unknown.

    Returns
    -------
    needed
        Firms × products. Multiplied by the makers' shares, and by the odds ratio for the same town, it is the
        expected number of further links.
    locality
        Log odds ratio of a maker from the customer's own town, 0 or more.
    """
    old = csr_array(links - links.multiply(new.astype(bool)))
    exponent = saturation(new, share, wanted, covered(old, share, wanted))
    needed = saturated(wanted, covered(links, share, wanted), exponent)
    strength = town_preference(links, share, wanted, town)
    if strength:
        firm, product = entry_places(needed)
        here = entries_at(local_shares(share, town), product, np.maximum(town[firm], 0))
        needed.data /= 1 + np.expm1(strength) * np.where(town[firm] >= 0, here, 0)
    return needed, strength


def saturated(wanted: Sparse, had: Sparse, exponent: float) -> Sparse:
    """Multiply the need for inputs by (1 + number of present suppliers) ** exponent.

    Examples
    --------
    >>> saturated(csr_array([[8.0, 1.0]]), csr_array([[1.0, 0.0]]), -2).toarray().tolist()
    [[2.0, 1.0]]
    """
    firm, product = entry_places(wanted)
    left = wanted.data * (1 + entries_at(had, firm, product)) ** exponent
    return csr_array((left, wanted.indices, wanted.indptr), shape=wanted.shape)


def saturation(new: Sparse, share: Sparse, wanted: Sparse, had: Sparse) -> float:
    """Fit the effect of present suppliers of an input on the need for further ones.

    Parameters
    ----------
    new
        The most recent links, suppliers × customers, above 0 where known.
    share, wanted
        As of ``covered``.
    had
        Suppliers of each input by the earlier links.

    Returns
    -------
    float
        The maximum-likelihood exponent of ``saturated`` for these choices: a conditional logit over inputs
        and their makers (McFadden 1974).

    Examples
    --------
    All customers need two inputs equally and have a supplier of one; most then choose one of the other:

    >>> makers = np.eye(42)[:, :2]
    >>> wanted = np.vstack([np.zeros((2, 2)), np.ones((40, 2))])
    >>> had = np.vstack([np.zeros((2, 2)), np.tile([[0, 1]], (40, 1))])
    >>> new = np.zeros((42, 42))
    >>> new[0, 2:40] = 1
    >>> new[1, 40:] = 1
    >>> round(saturation(*(csr_array(part) for part in (new, makers, wanted, had))), 1)
    -2.6
    """
    supplier, customer = new.nonzero()
    offered = share[supplier]

    def chance(exponent: float) -> NDArray[np.float64]:
        left = saturated(wanted, had, exponent)
        total = left.sum(axis=1)[customer]
        chosen = offered.multiply(left[customer]).sum(axis=1)
        share_chosen: NDArray[np.float64] = np.divide(
            chosen, total, out=np.zeros(len(total)), where=total > 0
        )
        return share_chosen

    possible = chance(0.0) > 0
    return shrunk(lambda exponent: float(np.log(chance(exponent)[possible]).sum()))


def local_shares(share: Sparse, town: NDArray[np.int64]) -> Sparse:
    """Share of each town's makers in each product: products × towns, by firms whose town is known.

    Examples
    --------
    >>> local_shares(csr_array([[0.5], [0.25], [0.25]]), np.array([0, 1, -1])).toarray().tolist()
    [[0.5, 0.25]]
    """
    located = np.flatnonzero(town >= 0)
    n_towns = int(town.max(initial=-1)) + 1
    here = csr_array((np.ones(len(located)), (located, town[located])), shape=(len(town), n_towns))
    return csr_array(share.T @ here)


def town_preference(links: Sparse, share: Sparse, wanted: Sparse, town: NDArray[np.int64]) -> float:
    """Fit the log odds ratio of a maker from the customer's own town against another maker of the same input.

    Parameters
    ----------
    links
        Suppliers × customers, above 0 where known.
    share, wanted
        As of ``covered``.
    town
        Code of each firm's town, -1 where unknown; links of such firms are not used.

    Returns
    -------
    float
        The log odds ratio; 0 where there is no clear preference, or one for other towns.

    Examples
    --------
    Thirty of forty buy from the maker of their town, twenty would by chance:

    >>> links = np.zeros((42, 42))
    >>> links[0, 2:32] = links[1, 32:] = 1
    >>> share, wanted = np.eye(42)[:, :1] + np.eye(42, k=-1)[:, :1], np.ones((42, 1))
    >>> town = np.array([0, 1, *[0] * 40])
    >>> round(town_preference(csr_array(links), csr_array(share / 2), csr_array(wanted), town), 1)
    1.0
    """
    supplier, customer = links.nonzero()
    located = (town[supplier] >= 0) & (town[customer] >= 0)
    supplier, customer = supplier[located], customer[located]
    if not located.any():
        return 0.0
    about = _about(supplier, customer, share, wanted)
    link, product = entry_places(about)
    same = (town[supplier] == town[customer])[link]
    here = entries_at(local_shares(share, town), product, town[customer][link])
    known = share[town >= 0].sum(axis=0)[product]
    here = np.divide(here, known, out=np.zeros(len(known)), where=known > 0)
    explained = np.flatnonzero(np.diff(about.indptr))

    def likelihood(strength: float) -> float:
        chance = about.data * np.exp(strength * same) / (1 + np.expm1(strength) * here)
        return float(np.log(np.bincount(link, chance, minlength=len(supplier))[explained]).sum())

    return max(shrunk(likelihood), 0.0)


def _about(supplier: Any, customer: Any, share: Sparse, wanted: Sparse) -> Sparse:
    """Probable product of each link: links × products, rows that sum to 1 or to 0."""
    likely = csr_array(share[supplier].multiply(wanted[customer]))
    total = likely.sum(axis=1)
    likely.data /= np.repeat(total, np.diff(likely.indptr))
    return likely
