import pandas as pd

from liaison_analysis.salons.event import Event

PAIRS = pd.DataFrame(
    [("maker", "cars", 0.9, None), ("maker", "bank", 0.5, None), ("cars", "bank", 0.4, None)],
    columns=["a", "b", "score", "wish"],
)


def event(locked=(), unavailable=None, tables=2):
    kept = pd.DataFrame(locked, columns=["slot", "a", "b"])
    return Event.of(PAIRS, kept, slots=3, tables=tables, unavailable=unavailable or {}, breaks=[2])


def number(of, a, b):
    ends = [set(pair) for pair in zip(of.pairs["a"], of.pairs["b"], strict=True)]
    return ends.index({a, b})


def test_nobody_is_free_in_a_break_or_beside_a_locked_meeting():
    locked = event([(0, "bank", "maker")], {"cars": [1]})
    free = dict(zip(locked.people, locked.free.tolist(), strict=True))
    assert free == {
        "maker": [False, True, False],
        "bank": [False, True, False],
        "cars": [True, False, False],
    }
    assert locked.room.tolist() == [1, 2, 2]
    assert locked.open.tolist() == [i != number(locked, "maker", "bank") for i in range(3)]
    assert locked.present[locked.people.index("maker")].tolist() == [True, True, False]


def test_the_pair_that_comes_first_has_the_earliest_slot_and_rivals_wait_for_it():
    here = event(unavailable={"maker": [0]})
    (first,) = here.order([("maker", "cars")], rivals=None)
    assert (first.slot, here.people[first.host]) == (1, "cars")
    assert first.late == [number(here, "cars", "bank")]
    assert here.waiting({}, [first]) == {"cars": {0}}
    (alone,) = here.order([("maker", "cars")], rivals=["maker"])
    assert alone.late == []


def test_two_first_pairs_of_one_participant_stand_in_different_slots():
    here = event()
    assert [one.slot for one in here.order([("maker", "cars"), ("bank", "maker")], None)] == [0, 1]
    full = event([(0, "cars", "bank")], tables=1)
    assert [one.slot for one in full.order([("maker", "cars"), ("maker", "bank")], None)] == [1]
