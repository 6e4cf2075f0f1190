"""Implicit matrix factorisation for ``suppliers.py``, run in ``.bench-venv``: ``suppliers_peers.py FOLDER``.

Reads ``made.npz`` (companies × products) and ``asked.npy`` (products); writes ``als….npy`` (asked ×
companies) for each setting (Hu, Koren and Volinsky 2008).
"""

import os
import sys

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # implicit runs threads of its own

import numpy as np
import scipy.sparse as sp
from implicit.als import AlternatingLeastSquares


def main():
    folder = sys.argv[1]
    made = sp.load_npz(f"{folder}/made.npz").tocsr()
    asked = np.load(f"{folder}/asked.npy")
    for factors in (64, 192):
        for regularisation, alpha in ((0.01, 1.0), (0.01, 20.0), (1.0, 20.0)):
            model = AlternatingLeastSquares(
                factors=factors,
                regularization=regularisation,
                alpha=alpha,
                iterations=8,
                random_state=0,
                num_threads=1,
            )
            model.fit(made, show_progress=False)
            name = f"als {factors} factors, regularisation {regularisation}, weight {alpha}"
            np.save(f"{folder}/{name}.npy", model.item_factors[asked] @ model.user_factors.T)


if __name__ == "__main__":
    main()
