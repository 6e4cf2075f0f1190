import openpyxl
import pytest
from helpers.ledger_files import ledger_file

from liaison_analysis.errors import LedgerError
from liaison_analysis.ledger import read_answers, read_ledger, write_adopted


def test_an_adopted_ledger_is_read_back_as_it_is(tmp_path):
    ledger = read_ledger(ledger_file(tmp_path))
    assert read_ledger(write_adopted(ledger, tmp_path / "out.xlsx")) == ledger


def test_every_wrong_answer_is_named(tmp_path):
    path = write_adopted(read_ledger(ledger_file(tmp_path)), tmp_path / "out.xlsx")
    book = openpyxl.load_workbook(path)
    sheet = book["understood"]
    for row in sheet.iter_rows(min_row=2):
        if row[0].value == "header" and row[2].value == "text":
            row[3].value = "colour"
        if row[0].value == "year":
            row[3].value = "last"
    book.save(path)
    with pytest.raises(LedgerError) as caught:
        read_answers(path)
    assert caught.value.problems["value"].tolist() == ["colour", "last"]


def test_another_workbook_is_no_answer(tmp_path):
    with pytest.raises(LedgerError, match="no sheet 'understood' with decisions"):
        read_answers(ledger_file(tmp_path))
