"""The program, and a small ledger in a folder."""

import pytest
from helpers.csv_ledger import DEMANDS, ENTERPRISES
from typer.testing import CliRunner

from liaison_analysis.commands import app


@pytest.fixture
def liaison():
    """Run a command, and give its exit code and what it printed."""
    runner = CliRunner()
    return lambda *arguments: runner.invoke(app, list(map(str, arguments)))


@pytest.fixture
def source(tmp_path):
    """Two enterprises and a demand."""
    folder = tmp_path / "ledger"
    folder.mkdir()
    (folder / "enterprises.csv").write_text(ENTERPRISES, encoding="utf-8")
    (folder / "demands.csv").write_text(
        DEMANDS + "D1,E1,2022-03-05,停车位不足,是,collected\n", encoding="utf-8"
    )
    return folder
