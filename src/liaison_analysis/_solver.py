"""HiGHS: linear relaxations, and runs without its console output, which its options do not turn off."""

from __future__ import annotations

import contextlib
import ctypes
import math
import os
import sys
import threading
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray
    from scipy.sparse import csr_array


_lock = threading.Lock()
# Standard output and where it goes meanwhile, once for each block that runs.
_running: list[tuple[int, int]] = []


@contextlib.contextmanager
def silenced() -> Iterator[None]:
    """Suppress what C code prints to the terminal and to notebooks while the block runs.

    Standard output belongs to the whole process: of several threads the first closes it, and the last opens
    it again.

    Examples
    --------
    >>> with silenced():
    ...     written = os.write(1, b"not seen")
    """
    with _lock:
        if not _running:
            sys.stdout.flush()
            _flush_c()
            files = os.dup(1), os.open(os.devnull, os.O_WRONLY)
            os.dup2(files[1], 1)
        _running.append(_running[0] if _running else files)
    try:
        yield
    finally:
        with _lock:
            saved, nowhere = _running.pop()
            if not _running:
                _flush_c()
                os.dup2(saved, 1)
                os.close(saved)
                os.close(nowhere)


def _flush_c() -> None:
    """Flush C's output buffers, which would otherwise be printed after the block."""
    if os.name == "posix":
        ctypes.CDLL(None).fflush(None)


def incidence(ends: NDArray[np.int_], n: int) -> csr_array:
    """Incidence matrix (ends, pairs): 1 where the end belongs to the pair."""
    from scipy.sparse import csr_array

    columns = np.tile(np.arange(len(ends)), 2)
    return csr_array((np.ones(2 * len(ends)), (ends.T.ravel(), columns)), shape=(n, len(ends)))


def relax_program(
    gain: NDArray[np.float64], rows: csr_array, limit: NDArray[np.float64], bounds: NDArray[np.float64]
) -> tuple[float, NDArray[np.float64]]:
    """Solve the linear relaxation of a program.

    Parameters
    ----------
    gain, rows, limit
        Maximise ``gain @ x`` subject to ``rows @ x <= limit``.
    bounds
        Shape (variables, 2): lower and upper bound of each.

    Returns
    -------
    The optimum, and the reduced cost of each variable: at least how much the optimum falls for each unit
    above the lower bound, or (negative) below the upper bound. Infinity and zeros where the solver failed.

    Examples
    --------
    >>> from scipy.sparse import csr_array
    >>> one_of_two = csr_array([[1.0, 1.0]])
    >>> relax_program(np.array([3.0, 2.0]), one_of_two, np.array([1.0]), np.array([[0, np.inf]] * 2))
    (3.0, array([0., 1.]))
    """
    from scipy.optimize import linprog

    run: Any = linprog  # its stubs do not accept sparse matrices
    result = run(-gain, A_ub=rows, b_ub=limit, bounds=bounds, method="highs")
    if result.status != 0:
        return math.inf, np.zeros(len(gain))
    return -float(result.fun), np.asarray(result.lower.marginals + result.upper.marginals)
