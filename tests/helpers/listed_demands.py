"""Demands at every step of the loop, and who is responsible for them."""

import pandas as pd

from liaison_analysis.ledger.frames import typed
from liaison_analysis.ledger.model import Ledger


def ledger(*rows, links=()):
    """Demands as (raised, assigned, settled, fed back, status, in remit, satisfied)."""
    columns = ["raised_on", "assigned_on", "settled_on", "fed_back_on", "status", "in_remit", "satisfied"]
    frame = pd.DataFrame(rows, columns=columns)
    frame[columns[:4]] = frame[columns[:4]].apply(pd.to_datetime)
    frame = frame.assign(
        demand_id=[f"D{i}" for i in range(len(rows))], enterprise_id="E1", text="=1+1", owner="甲部"
    )
    enterprises = typed(
        "enterprises", pd.DataFrame({"enterprise_id": ["E1"], "name": ["某厂"], "town": ["鱼复"]})
    )
    tables = {"demands": typed("demands", frame), "enterprises": enterprises}
    if links:
        tables["links"] = typed("links", pd.DataFrame(links, columns=["officer_id", "enterprise_id", "role"]))
    return Ledger(**tables)


GIVEN = ledger(
    ("2022-01-01", None, None, None, "collected", True, None),
    ("2022-01-01", None, None, None, "collected", False, None),
    ("2022-01-02", "2022-01-03", None, None, "assigned", True, None),
    ("2022-01-03", "2022-01-03", None, None, "solving", False, None),
    ("2022-01-04", "2022-01-05", "2022-01-20", None, "settled", True, None),
    ("2022-01-05", "2022-01-06", "2022-02-20", "2022-02-25", "fed back", True, False),
    ("2022-01-06", "2022-01-06", "2022-01-25", "2022-02-05", "fed back", True, True),
    ("2022-02-20", None, None, None, None, True, None),
    links=[("G1", "E1", "linked officer"), ("G2", "E1", "linked officer"), ("Y1", "E1", "park officer")],
)  # fmt: skip
