import nbformat

from liaison_analysis import report


def test_report_passes_its_options_on_and_prints_the_path(liaison, source, tmp_path, monkeypatch):
    asked = []

    def run_report(source, out, **options):
        asked.append((source, out, options))
        return out / "index.html"

    monkeypatch.setattr(report, "run_report", run_report)
    options = ["--notebook-folder", tmp_path, "--min-group", 3, "--since", source, "--year", 2022]
    result = liaison("report", source, "--out", tmp_path / "o", *options)
    assert result.stdout == f"{tmp_path / 'o' / 'index.html'}\n"
    assert result.exit_code == 0
    given = {"notebooks": tmp_path, "min_group": 3, "since": source, "year": 2022, "mapping": None}
    assert asked == [(source, tmp_path / "o", given)]


def test_failed_chapters_are_one_line_and_status_1(liaison, source, tmp_path, monkeypatch):
    def run_report(_source, out, **_options):
        raise report.ReportError(out / "index.html", {"02_gaps": "stopped at code cell 3 with KeyError: 'x'"})

    monkeypatch.setattr(report, "run_report", run_report)
    result = liaison("report", source, "--out", tmp_path / "o")
    assert result.exit_code == 1
    assert result.stderr.startswith(
        "1 part of the report failed: 02_gaps stopped at code cell 3 with KeyError"
    )
    assert result.stderr.count("\n") == 1


def test_a_report_replaces_no_workbook_of_somebody_and_not_its_ledger(liaison, source, tmp_path, monkeypatch):
    def run_report(source, out, **options):
        raise AssertionError((source, out, options))

    monkeypatch.setattr(report, "run_report", run_report)
    out = tmp_path / "o"
    out.mkdir()
    (out / "report.xlsx").write_text("somebody's work")
    assert "report.xlsx is there already" in liaison("report", source, "--out", out).stderr
    assert "is an input of this command" in liaison("report", out / "report.xlsx", "--out", out).stderr
    assert "lies in the folder that is read" in liaison("report", source, "--out", source / "o").stderr
    assert (out / "report.xlsx").read_text() == "somebody's work"


def test_notebooks_are_copied_with_the_path_set_and_without_outputs(liaison, source, tmp_path):
    out = tmp_path / "notebooks"
    assert liaison("notebooks", source, "--out", out).stdout == f"{out}\n"
    start = nbformat.read(out / "00_start_here.ipynb", as_version=4)
    code = [cell for cell in start.cells if cell.cell_type == "code"]
    assert f"data_dir = {source.resolve().as_posix()!r}" in code[0].source
    assert [cell.outputs for cell in code] == [[]] * len(code)
    again = liaison("notebooks", source, "--out", out)
    assert again.exit_code == 1
    assert "holds files already; name a new folder" in again.stderr


def test_no_notebook_is_copied_for_a_ledger_that_cannot_be_read(liaison, tmp_path):
    assert liaison("notebooks", tmp_path / "none.xlsx", "--out", tmp_path / "n").exit_code == 1
    assert not (tmp_path / "n").exists()
