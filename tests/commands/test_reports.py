from liaison_analysis import report


def test_report_passes_its_options_on_and_prints_the_path(liaison, source, tmp_path, monkeypatch):
    asked = []

    def run_report(source, out, *, notebooks=None, min_group=None):
        asked.append((source, out, notebooks, min_group))
        return out / "index.html"

    monkeypatch.setattr(report, "run_report", run_report)
    result = liaison("report", source, "--out", tmp_path / "o", "--notebooks", tmp_path, "--min-group", 3)
    assert result.stdout == f"{tmp_path / 'o' / 'index.html'}\n"
    assert result.exit_code == 0
    assert asked == [(source, tmp_path / "o", tmp_path, 3)]


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
    (out / "introductions.xlsx").write_text("somebody's work")
    assert "introductions.xlsx is there already" in liaison("report", source, "--out", out).stderr
    assert "is what is read" in liaison("report", out / "introductions.xlsx", "--out", out).stderr
    assert "lies in the folder that is read" in liaison("report", source, "--out", source / "o").stderr
    assert (out / "introductions.xlsx").read_text() == "somebody's work"
