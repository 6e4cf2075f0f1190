import datetime as dt
import io
import zipfile

import docx
import openpyxl
import pandas as pd
import pytest

from liaison_analysis._outputs import (
    check_outputs,
    is_own,
    word_bytes,
    workbook_properties,
    writer,
    writing_as,
)
from liaison_analysis.errors import LiaisonError
from liaison_analysis.ledger.workbooks import write_workbook

TABLE = {"s": pd.DataFrame({"a": ["x"]})}


@pytest.fixture
def lists(tmp_path):
    """A workbook of the command ``lists``."""
    with writing_as("lists"):
        return write_workbook(tmp_path / "lists.xlsx", TABLE)


def refusal(*outputs, inputs=(), overwrite=False):
    with pytest.raises(LiaisonError) as caught:
        check_outputs(outputs, inputs=inputs, overwrite=overwrite)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_command_knows_its_own_workbook_and_no_others(lists):
    assert not is_own(lists)
    with writing_as("lists"):
        assert is_own(lists)
    with writing_as("list"):
        assert not is_own(lists)
    assert writer() == "liaison-analysis"


def test_a_workbook_that_somebody_saved_is_theirs(lists):
    book = openpyxl.load_workbook(lists)
    book.active["A2"] = "my remark"
    book.save(lists)
    with writing_as("lists"):
        assert not is_own(lists)


def test_a_command_knows_its_own_word_document(tmp_path):
    document = docx.Document()
    path = tmp_path / "handbook.docx"
    with writing_as("handbook"):
        properties, mark = document.core_properties, workbook_properties()
        properties.created = properties.modified = mark["created"]
        properties.comments = mark["comments"]
        document.save(path)
        assert is_own(path)
        changed = docx.Document(path)
        changed.core_properties.modified = dt.datetime(2026, 1, 1)  # noqa: DTZ001 - Word knows no time zone
        changed.save(path)
        assert not is_own(path)


def test_a_command_knows_its_own_page(tmp_path):
    page = tmp_path / "index.html"
    page.write_text('<meta name="generator" content="liaison-analysis report">')
    with writing_as("report"):
        assert is_own(page)
    assert not is_own(page)


@pytest.mark.parametrize("data", [b"", b"PK\3\4", b"somebody's work"])
def test_a_file_of_another_kind_is_foreign(tmp_path, data):
    for name in ("a.xlsx", "a.html", "a.txt"):
        path = tmp_path / name
        path.write_bytes(data)
        assert not is_own(path)


def test_own_files_are_replaced_and_foreign_ones_only_if_asked(lists, tmp_path):
    with writing_as("lists"):
        check_outputs([lists, tmp_path / "new.xlsx"], inputs=[])
    assert "is there already, and this command did not write it" in refusal(lists)
    check_outputs([lists], inputs=[], overwrite=True)


def test_an_output_that_is_an_input_is_refused_even_if_overwriting(lists, tmp_path):
    link = tmp_path / "link.xlsx"
    link.symlink_to(lists)
    hard = tmp_path / "hard.xlsx"
    hard.hardlink_to(lists)
    for output in (lists, link, hard, tmp_path / "x" / ".." / "lists.xlsx"):
        assert "is an input of this command" in refusal(output, inputs=[None, lists], overwrite=True)


def test_an_output_in_the_folder_that_is_read_is_refused(tmp_path):
    assert "lies in the folder that is read" in refusal(tmp_path / "a" / "b.xlsx", inputs=[tmp_path])
    check_outputs([tmp_path / "b.xlsx"], inputs=[tmp_path / "ledger"])


def test_places_that_cannot_be_written_are_refused_before_any_work(tmp_path):
    (tmp_path / "file").write_text("x")
    (tmp_path / "folder").mkdir()
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    (tmp_path / "locked").write_text("x")
    (tmp_path / "locked").chmod(0o444)
    cases = {
        "folder": "is a folder; name a file",
        "file/a.xlsx": "is no folder",
        "dangling": "is a link to a file that is not there",
        "locked": "is read-only",
        "x" * 300 + ".xlsx": "the name is too long",
        "a/" + "y" * 300 + "/b.xlsx": "the name is too long",
    }
    for name, reason in cases.items():
        assert reason in refusal(tmp_path / name, overwrite=True)


def test_a_folder_that_takes_nothing_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("liaison_analysis._outputs.is_writable", lambda folder: folder != tmp_path)
    assert "is read-only or full" in refusal(tmp_path / "new" / "a.xlsx")


def test_nothing_is_made_by_checking(tmp_path):
    check_outputs([tmp_path / "a" / "b" / "c.xlsx"], inputs=[])
    assert list(tmp_path.iterdir()) == []


def test_a_word_document_with_the_same_content_has_the_same_bytes_and_the_mark():
    def written(text):
        document = docx.Document()
        document.add_paragraph(text)
        return word_bytes(document)

    assert written("甲") == written("甲") != written("乙")
    with zipfile.ZipFile(io.BytesIO(written("甲"))) as parts:
        assert {member.date_time for member in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert docx.Document(io.BytesIO(written("甲"))).core_properties.comments == "liaison-analysis"
