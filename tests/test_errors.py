import pickle

import pandas as pd

from liaison_analysis.errors import PROBLEM_COLUMNS, LedgerError, LiaisonError, MissingDependencyError


def table(*rows):
    return pd.DataFrame(rows, columns=PROBLEM_COLUMNS).astype({"row": "Int64"})


def test_one_problem_in_a_row_is_shown_with_its_place():
    error = LedgerError("a.xlsx", table(("demands", 7, "text", "", "empty; fill it in")))
    assert str(error) == "a.xlsx · demands: 1 problem\n  row 7 · text: empty; fill it in"


def test_sheets_are_named_where_there_are_several_and_five_problems_are_shown():
    rows = [("demands", i, "status", "x", "bad") for i in range(2, 8)]
    error = LedgerError("a.xlsx", table(("enterprises", None, "", "", "sheet is missing"), *rows))
    assert str(error).splitlines() == [
        "a.xlsx · enterprises, demands: 7 problems",
        "  enterprises: sheet is missing",
        *[f"  demands · row {i} · status = 'x': bad" for i in range(2, 6)],
        "  and 2 more; the whole table is in .problems",
    ]
    assert len(error.problems) == 7


def test_a_problem_of_a_whole_sheet_is_one_line():
    assert str(LedgerError.of_file("a.xlsx", "is damaged", sheet="demands")) == "a.xlsx · demands: is damaged"


def test_a_long_value_is_cut_and_control_characters_are_not_printed():
    error = LedgerError("a.xlsx", table(("demands", 2, "text", "\x1b[2J" + "长" * 99, "bad")))
    line = str(error).splitlines()[1]
    assert line == f"  row 2 · text = '\\x1b[2J{'长' * 35}…': bad"


def test_errors_survive_pickling_with_their_table():
    error = pickle.loads(pickle.dumps(LedgerError("a.xlsx", table(("demands", 2, "text", "x", "bad")))))  # noqa: S301 - own bytes
    assert error.source == "a.xlsx"
    assert error.problems.to_numpy().tolist() == [["demands", 2, "text", "x", "bad"]]


def test_the_errors_are_what_callers_expect_to_catch():
    assert issubclass(LedgerError, LiaisonError)
    assert issubclass(LedgerError, ValueError)
    assert issubclass(MissingDependencyError, ImportError)


def test_problems_are_numbered_anew_and_hold_the_documented_columns_only():
    rows = table(("demands", 2, "text", "x", "bad")).assign(more=1).set_axis([9])
    problems = LedgerError("a.xlsx", rows).problems
    assert list(problems) == PROBLEM_COLUMNS
    assert problems.index.tolist() == [0]


def test_a_ledger_made_in_memory_is_called_the_ledger():
    assert str(LedgerError.of_file("", "has no rows", sheet="demands")) == "ledger · demands: has no rows"
    assert str(LedgerError.of_file("", "has no rows")) == "ledger: has no rows"
