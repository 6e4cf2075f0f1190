"""The sample ledger that comes with the package."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from liaison_analysis.ledger.reading import read_ledger

if TYPE_CHECKING:
    from liaison_analysis.ledger.model import Ledger


def shipped(name: str) -> Path:
    """Folder that comes with the package: ``data/liangjiang`` or ``notebooks``.

    In the wheel it lies inside the package, in a checkout at the top of the repository.

    Parameters
    ----------
    name
        One of the two.

    Returns
    -------
    Path
        The folder.

    Examples
    --------
    >>> (shipped("data/liangjiang") / "demands.csv").exists()
    True
    """
    package = Path(__file__).parents[1]
    installed = package / "_shipped" / name
    return installed if installed.exists() else package.parent.parent / name


@cache
def load_liangjiang() -> Ledger:
    """Sample ledger of the Liangjiang New Area in 2022: stated margins, synthetic rows.

    240 visited enterprises in three new towns, 476 demands of which 309 are in the group's own remit and
    198 of those settled; one enterprise raised 36. ``data/liangjiang/README.md`` lists what is stated and
    what is assumed; every synthetic row has ``is_synthetic`` true.

    Returns
    -------
    Ledger
        All eleven tables.

    Examples
    --------
    >>> ledger = load_liangjiang()
    >>> len(ledger.demands), ledger.enterprises["town"].notna().sum().item()
    (476, 240)
    """
    return read_ledger(shipped("data/liangjiang"))
