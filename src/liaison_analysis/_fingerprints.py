"""Fingerprints of frames, by which results of equal tables are found again."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd


def fingerprint(*parts: tuple[pd.DataFrame, Sequence[str]]) -> bytes:
    """Hash of some columns of some frames; those that a frame does not have are let pass.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"a": ["x"], "b": [1]})
    >>> fingerprint((frame, ["a"])) == fingerprint((frame.assign(b=2), ["a"]))
    True
    """
    from pandas.util import hash_pandas_object

    digest = hashlib.blake2b(digest_size=16)
    for frame, columns in parts:
        rows = hash_pandas_object(frame.reindex(columns=list(columns)), index=False)
        digest.update(rows.to_numpy().tobytes() + b"/")
    return digest.digest()
