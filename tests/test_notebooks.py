"""What nbval does not compare: cells never run, and pictures."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest

NOTEBOOKS = sorted((Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))


@pytest.fixture(params=NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS])
def notebook(request):
    return nbformat.read(request.param, as_version=4)


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def kinds(cell) -> set[str]:
    return {kind for output in cell.outputs for kind in output.get("data", {})}


def test_names_are_numbered_without_gaps():
    numbers = [re.fullmatch(r"(\d\d)_[a-z_]+", path.stem)[1] for path in NOTEBOOKS]
    assert numbers == [f"{i:02}" for i in range(len(NOTEBOOKS))]


def test_every_cell_was_run_in_order(notebook):
    # nbval compares nothing in a cell that has no execution count and no outputs.
    counts = [cell.execution_count for cell in code_cells(notebook)]
    assert counts == list(range(1, len(counts) + 1))
    assert 2 <= len(counts) <= 11  # the cell of parameters and ten more
    assert all(cell.source.strip() for cell in code_cells(notebook))


def test_first_cell_takes_the_parameter(notebook):
    first, *others = code_cells(notebook)
    assert "parameters" in first.metadata.get("tags", [])
    assert re.search(r"^data_dir\b.*=", first.source, re.MULTILINE)
    assert not any("parameters" in cell.metadata.get("tags", []) for cell in others)


def test_no_plumbing_and_few_imports(notebook):
    source = "\n".join(cell.source for cell in code_cells(notebook))
    imports = re.findall(r"^(?:from|import) .+$", source, re.MULTILINE)
    assert 1 <= len(imports) <= 3
    assert imports[0] == "from liaison_analysis import Analysis"
    assert "Analysis(data_dir" in source
    assert not re.findall(r"is not None|\bif min_group|lambda|read_ledger", source)
    assert not re.findall(r"\._\w+|^def _|import .*\b_", source, re.MULTILINE)


def test_prose_is_in_both_languages(notebook):
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            assert re.search(r"[\u4e00-\u9fff]{2}", cell.source), cell.source
            assert re.search(r"[A-Za-z]{3}", cell.source), cell.source


def test_one_first_heading_and_words_at_the_end(notebook):
    texts = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    texts = [re.sub(r"```.*?```", "", text, flags=re.DOTALL) for text in texts]
    assert sum(len(re.findall(r"^# ", text, re.MULTILINE)) for text in texts) == 1
    assert texts[0].startswith("# ")
    *_, heading, answer = notebook.cells
    assert heading.source.startswith("## Answer")
    assert answer.metadata["tags"][0] == "answer"
    assert re.search(r"[\u4e00-\u9fff]{4}.*。$", answer.outputs[0]["data"]["text/markdown"])


def test_every_picture_has_its_numbers_beside_it(notebook):
    # nbval compares no pictures: the frame that a picture draws stands beside it and is compared.
    cells = code_cells(notebook)
    framed = ["text/html" in kinds(cell) for cell in cells]
    bare = [
        cell.source
        for i, cell in enumerate(cells)
        if "image/png" in kinds(cell) and not any(framed[max(0, i - 1) : i + 2])
    ]
    assert bare == []


def test_no_warnings_errors_or_scripts_are_shown(notebook):
    outputs = [output for cell in code_cells(notebook) for output in cell.outputs]
    assert outputs
    assert {output.output_type for output in outputs} <= {"stream", "display_data", "execute_result"}
    assert [o.text for o in outputs if o.output_type == "stream" and o.name == "stderr"] == []
    assert not any("<script" in output.get("data", {}).get("text/html", "") for output in outputs)
