"""Long steps log their begin and end, wherever a bar is shown."""

import ast
import logging
from pathlib import Path

import pytest

import liaison_analysis
from liaison_analysis._progress import long_step, parts_of_step

LOG = logging.getLogger("liaison_analysis.test")


def test_a_step_logs_its_begin_and_its_end_also_where_it_fails(caplog):
    caplog.set_level(logging.INFO, logger="liaison_analysis")
    with pytest.raises(ValueError, match="too far"), long_step(LOG, "walk"):
        raise ValueError("too far")
    begins, ends = (record.getMessage() for record in caplog.records)
    assert begins == "walk: begins"
    assert ends.startswith("walk: ends after ")


def test_parts_come_in_order_between_begin_and_end(caplog):
    caplog.set_level(logging.INFO, logger="liaison_analysis")
    parts = parts_of_step(LOG, "walk", [1, 2], hidden=True)
    assert next(parts) == 1
    assert [record.getMessage() for record in caplog.records] == ["walk: begins"]
    assert list(parts) == [2]
    assert len(caplog.records) == 2


def test_every_module_with_a_bar_logs():
    for path in Path(liaison_analysis.__file__).parent.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        imports = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ImportFrom)]
        modules = {node.module for node in imports}
        if modules & {"tqdm", "tqdm.auto"} and path.name != "_progress.py":
            assert "liaison_analysis._progress" in modules, path.name
