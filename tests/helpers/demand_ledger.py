"""A ledger of demands with nothing but their days."""

import pandas as pd

from liaison_analysis.ledger.frames import typed
from liaison_analysis.ledger.model import Ledger


def ledger(rows):
    """Ledger of demands given as (enterprise, raised, settled, status, reopened) in days from 2022-01-01."""
    start = pd.Timestamp("2022-01-01")
    day = [[None if d is None else start + pd.Timedelta(days=d) for d in row[1:3]] for row in rows]
    frame = pd.DataFrame(
        {
            "demand_id": [f"D{i:03}" for i in range(len(rows))],
            "enterprise_id": [row[0] for row in rows],
            "raised_on": pd.to_datetime([d[0] for d in day]),
            "settled_on": pd.to_datetime([d[1] for d in day]),
            "text": "诉求",
            "status": [row[3] for row in rows],
            "reopened": [row[4] for row in rows],
        }
    )
    return Ledger(demands=typed("demands", frame), source="test.xlsx")
