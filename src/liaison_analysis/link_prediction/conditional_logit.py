"""The conditional logit of choices (McFadden 1974), fitted to sets of alternatives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray


def fit_conditional_logit(
    score: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    back: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    start: NDArray[np.float64],
    *,
    begin: NDArray[Any],
    chosen: NDArray[np.bool_],
    stands_for: NDArray[np.float64],
    ridge: float,
    rivals: bool,
    bounds: list[tuple[float | None, float | None]] | None = None,
    most_steps: int = 200,
) -> NDArray[np.float64]:
    """Fit weights by maximum likelihood of the chosen alternatives among those of their set.

    An alternative i of a set S is chosen with the probability ``exp(s_i) / Σ_j n_j exp(s_j)``, where
    s is the score and n_j the sampling weight of alternative j (McFadden 1974, "Conditional logit analysis
    of qualitative choice behavior"). Minimised by L-BFGS-B: the negative log-likelihood plus
    ``ridge / 2 · Σ weights²``.

    Parameters
    ----------
    score
        Weights → score of each alternative, linear in the weights.
    back
        Gradient of the loss in the scores → gradient in the weights: the transpose of ``score``.
    start
        Initial weights.
    begin
        Index at which each set of alternatives begins; sets are contiguous.
    chosen
        Whether each alternative was chosen; a set may have several.
    stands_for
        Sampling weight of each alternative; 1 for chosen ones.
    ridge
        Penalty on the squared weights.
    rivals
        Whether a chosen alternative competes with the other chosen ones of its set as well (True), or only
        with those not chosen (False).
    bounds
        Lowest and highest value of each weight, None for none.
    most_steps
        Largest number of iterations.

    Returns
    -------
    ndarray
        The weights.

    Examples
    --------
    Of two alternatives the one with the higher column is chosen three times in four:

    >>> column = np.tile([1.0, 0.0], 400)
    >>> chosen = np.tile([True, False, True, False, True, False, False, True], 100)
    >>> weights = fit_conditional_logit(
    ...     lambda w: column * w[0],
    ...     lambda slope: np.array([slope @ column]),
    ...     np.zeros(1),
    ...     begin=np.arange(0, 800, 2),
    ...     chosen=chosen,
    ...     stands_for=np.ones(800),
    ...     ridge=0.0,
    ...     rivals=True,
    ... )
    >>> weights.round(2).tolist(), round(float(np.log(3)), 2)
    ([1.1], 1.1)
    """
    from scipy.optimize import minimize

    sizes = np.diff(np.append(begin, len(chosen)))
    group = np.repeat(np.arange(len(begin)), sizes)
    competing = stands_for if rivals else np.where(chosen, 0.0, stands_for)
    n_chosen = np.bincount(group[chosen], minlength=len(begin)).astype(float)

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        linear = score(weights)
        highest = np.maximum.reduceat(linear, begin)
        linear -= highest[group]
        odds = np.exp(np.maximum(linear, -600))  # a long step of the line search must not give 0 / 0
        total = np.add.reduceat(odds * competing, begin)
        if rivals:
            value = float(n_chosen @ np.log(total) - linear[chosen].sum())
            slope = odds * competing * (n_chosen / total)[group] - chosen
        else:
            alone = odds[chosen] + total[group[chosen]]
            value = float((np.log(alone) - linear[chosen]).sum())
            slope = odds * competing * np.bincount(group[chosen], 1 / alone, len(begin))[group]
            slope[chosen] += odds[chosen] / alone - 1
        return value + ridge / 2 * float((weights**2).sum()), back(slope) + ridge * weights

    # scipy's stubs do not allow a bound of None.
    options: Any = {"method": "L-BFGS-B", "bounds": bounds, "options": {"maxiter": most_steps}}
    fit = minimize(loss, start, jac=True, **options)
    return np.asarray(fit.x)
