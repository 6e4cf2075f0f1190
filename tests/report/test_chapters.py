import sys

import nbformat
import pytest
from helpers.notebooks import write_notebook, write_source

from liaison_analysis.errors import LedgerError
from liaison_analysis.ledger import Ledger
from liaison_analysis.report.chapter_pages import answer_html, chapter_html
from liaison_analysis.report.chapters import Stop, find_chapters, run_chapter


def test_kernel_that_cannot_start_says_why(tmp_path, monkeypatch):
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\necho \"ModuleNotFoundError: No module named 'ipykernel'\" >&2\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(broken))
    path = write_notebook(tmp_path / "01_only.ipynb", ("# Only", "data_dir = ''", "1"))
    stop = run_chapter(path, data_dir=tmp_path).stop
    assert (stop.cell, stop.kind) == (0, "KernelDied")
    assert stop.message.endswith("\nModuleNotFoundError: No module named 'ipykernel'")


def test_file_that_is_no_notebook_is_a_failed_chapter(tmp_path):
    path = tmp_path / "01_broken.ipynb"
    path.write_text("{")
    chapter = run_chapter(path, data_dir=tmp_path)
    assert str(chapter.stop).startswith("stopped before its first code cell with NotJSONError: ")
    assert chapter.title == "01_broken"


def test_changed_ledger_is_a_failure_though_a_missing_table_is_none():
    lacking = Ledger(source="x")
    with pytest.raises(LedgerError) as caught:
        lacking.require("offers")
    assert Stop(1, type(caught.value).__name__, str(caught.value)).lacks_data
    assert not Stop(1, "LedgerError", "x: no such file or folder; check the path").lacks_data
    assert not Stop(1, "ValueError", str(caught.value)).lacks_data


def test_find_chapters_sorts_by_number(tmp_path):
    for name in ("10_last", "02_next", "x_other", "1_short"):
        (tmp_path / f"{name}.ipynb").touch()
    assert [path.stem for path in find_chapters(tmp_path)] == ["02_next", "10_last"]


def test_cells_that_list_single_enterprises_show_nothing_with_min_group(tmp_path):
    path = write_notebook(
        tmp_path / "01_x.ipynb",
        ("# X", "data_dir = ''\nmin_group = 0", "print('one enterprise')", "print('all of them')", "1 / 0"),
    )
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells[2], notebook.cells[4]:
        cell.metadata["tags"] = ["answer", "single"]
    nbformat.write(notebook, path)
    shown = {
        least: run_chapter(path, data_dir=write_source(tmp_path / f"{least}"), min_group=least)
        for least in (None, 3)
    }
    pages = {least: chapter_html(chapter) for least, chapter in shown.items()}
    assert [">one enterprise" in page for page in pages.values()] == [True, False]
    assert ["Left out" in page for page in pages.values()] == [False, True]
    assert all(">all of them" in page for page in pages.values())
    assert ["one enterprise" in answer_html(chapter) for chapter in shown.values()] == [True, False]
    assert answer_html(shown[3]) == ""
    # A cell that fails is reported as well.
    assert [chapter.stop.kind for chapter in shown.values()] == ["ZeroDivisionError"] * 2
