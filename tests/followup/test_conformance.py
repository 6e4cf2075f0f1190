import pandas as pd
import pytest

from liaison_analysis.followup.conformance import directly_follows, loop_conformance
from liaison_analysis.ledger.frames import typed
from liaison_analysis.ledger.model import Ledger


def ledger(*rows):
    """Ledger of demands given as (raised, assigned, settled, fed back, status), as days of January 2022."""
    columns = ["raised_on", "assigned_on", "settled_on", "fed_back_on"]
    frame = pd.DataFrame(
        [[None if day is None else f"2022-01-{day:02}" for day in row[:4]] for row in rows], columns=columns
    ).apply(pd.to_datetime)
    frame = frame.assign(
        demand_id=[f"D{i}" for i in range(len(rows))], enterprise_id="E1", text="诉求",
        status=[row[4] for row in rows], reopened=[row[5] if len(row) > 5 else None for row in rows],
    )  # fmt: skip
    return Ledger(demands=typed("demands", frame))


def left(*row):
    """Step at which one demand left the loop, and why."""
    steps = loop_conformance(ledger(row), on="2022-02-01")
    reached = steps[steps["numerator"].eq(1)]["step"]
    at = steps[steps["left"].eq(1)]
    why = [word for word in ("waiting", "skipped", "out_of_order") if at[word].sum()]
    return (reached.iloc[-1] if len(reached) else "", why[0] if why else "")


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ((1, 2, 3, 4, "fed back"), ("fed back", "")),
        ((1, 1, 1, 1, "fed back"), ("fed back", "")),
        ((1, None, None, None, "collected"), ("collected", "waiting")),
        ((1, 2, None, None, "assigned"), ("assigned", "waiting")),
        ((1, 2, None, None, "solving"), ("solving", "waiting")),
        ((1, 2, 3, None, "settled"), ("settled", "waiting")),
        ((1, None, 3, 4, "fed back"), ("collected", "skipped")),
        ((1, None, None, None, "solving"), ("collected", "skipped")),
        ((1, 2, None, 4, "fed back"), ("solving", "skipped")),
        ((1, 5, 3, 6, "fed back"), ("solving", "out_of_order")),
        ((3, 2, 4, 5, "fed back"), ("collected", "out_of_order")),
        ((1, 2, 5, 4, "fed back"), ("settled", "out_of_order")),
        ((1, 2, 3, None, "solving", True), ("solving", "waiting")),
        ((None, 2, 3, 4, "fed back"), ("", "")),
        ((1, 2, 3, 4, None), ("fed back", "")),
    ],
)
def test_where_a_demand_leaves_the_loop(row, expected):
    assert left(*row) == expected


def test_shares_are_of_all_and_step_down():
    steps = loop_conformance(
        ledger((1, 2, 3, 4, "fed back"), (1, 2, None, None, "assigned"), (1, None, 3, None, "settled"))
    )
    assert steps["numerator"].tolist() == [3, 2, 1, 1, 1]
    assert steps["denominator"].unique().tolist() == [3]
    assert steps["left"].tolist() == [1, 1, 0, 0, 0]
    assert steps["skipped"].tolist() == [1, 0, 0, 0, 0]


def test_directly_follows_counts_the_way_that_was_taken():
    flow = directly_follows(
        ledger((1, 2, 5, 4, "fed back"), (1, 3, 4, None, "settled"), (1, None, None, None, None))
    )
    transitions = {
        (a, b): (n, days)
        for a, b, n, days in flow[["step", "next_step", "numerator", "mean_days"]].to_numpy()
    }
    assert transitions["collected", "assigned"] == (2, 1.5)
    assert transitions["assigned", "fed back"] == (1, 2)
    assert transitions["fed back", "settled"] == (1, 1)
    assert transitions["assigned", "settled"] == (1, 1)
    assert ("collected", "(no status)") in transitions
    wrong = flow[~flow["in_order"]]
    assert wrong[["step", "next_step"]].to_numpy().tolist() == [
        ["assigned", "fed back"],
        ["fed back", "settled"],
    ]


def test_a_way_back_is_not_in_order():
    flow = directly_follows(ledger((1, 2, 3, None, "solving", True)))
    assert not flow.loc[flow["step"].eq("settled"), "in_order"].item()


def test_what_cannot_be_solved_left_the_loop_as_closed():
    steps = loop_conformance(ledger((1, 2, None, None, "cannot be solved"), (1, 2, 5, None, "not accepted")))
    assert steps.set_index("step")["closed"].to_dict() == {
        "collected": 0, "assigned": 2, "solving": 0, "settled": 0, "fed back": 0,
    }  # fmt: skip
    flow = directly_follows(ledger((1, 2, 5, None, "not accepted")))
    assert flow["next_step"].tolist() == ["assigned", "(not accepted)"]
    assert flow["in_order"].all()


def test_steps_that_nobody_writes_down_can_be_left_out():
    rows = [(1, None, 3, None, "settled"), (1, None, None, None, "solving")]
    steps = loop_conformance(ledger(*rows), written_only=True)
    assert steps[["step", "numerator"]].to_numpy().tolist() == [
        ["collected", 2], ["solving", 2], ["settled", 1],
    ]  # fmt: skip
    # Without a day of settlement the status says who got there.
    rows = [
        (1, None, None, None, "settled"),
        (1, None, None, None, "fed back"),
        (1, None, None, None, "solving"),
    ]
    steps = loop_conformance(ledger(*rows), written_only=True)
    assert steps[["step", "numerator"]].to_numpy().tolist() == [
        ["collected", 3], ["solving", 3], ["settled", 2], ["fed back", 1],
    ]  # fmt: skip
