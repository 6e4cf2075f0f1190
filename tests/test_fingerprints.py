import pandas as pd

from liaison_analysis._fingerprints import fingerprint

FRAME = pd.DataFrame({"a": ["x", "y"], "b": ["1", "2"]})


def test_equal_cells_give_the_same_fingerprint_and_others_do_not():
    assert fingerprint((FRAME, ["a", "b"])) == fingerprint((FRAME.copy(), ["a", "b"]))
    assert fingerprint((FRAME, ["a"])) == fingerprint((FRAME.assign(b="3"), ["a"]))
    assert fingerprint((FRAME, ["a"])) != fingerprint((FRAME.assign(a="z"), ["a"]))
    assert fingerprint((FRAME, ["a"])) != fingerprint((FRAME.iloc[::-1], ["a"]))


def test_a_column_that_is_not_there_is_let_pass():
    filled = FRAME.assign(c="1")
    assert fingerprint((FRAME, ["a", "c"])) != fingerprint((filled, ["a", "c"]))


def test_rows_of_one_frame_are_not_those_of_the_next():
    first, second = FRAME.iloc[:1], FRAME.iloc[1:]
    assert fingerprint((FRAME, ["a"]), (FRAME.iloc[:0], ["a"])) != fingerprint(
        (first, ["a"]), (second, ["a"])
    )
