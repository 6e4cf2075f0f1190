import itertools

import pytest

from liaison_analysis.errors import LedgerError
from liaison_analysis.ledger.sheets import Sheet, rows_of

# What a sheet is, apart from the files it comes from.


def test_blank_cells_and_rows_at_the_end_are_left_out_and_those_between_stay():
    cells = [["企业", None, "诉求", ""], [], ["甲厂", "", 12.0], ["", None], [None]]
    assert rows_of(cells, "a.csv") == [["企业", "", "诉求"], [], ["甲厂", "", "12"]]


def test_more_blank_rows_than_excel_has_are_refused():
    blank = itertools.repeat([], 1_048_578)
    with pytest.raises(LedgerError, match=r"a\.csv: .*keep the used ones only"):
        rows_of(itertools.chain([["企业"]], blank, [["甲厂"]]), "a.csv")


def test_a_row_that_was_moved_keeps_its_place_in_the_file():
    sheet = Sheet("一月", [["企业"], ["乙厂"], ["甲厂"]], places=(0, 7))
    assert [sheet.place(row) for row in range(3)] == [0, 7, 2]
