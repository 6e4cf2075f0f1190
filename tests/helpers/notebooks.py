"""Notebooks and a ledger for them, written for a test."""

import re
from pathlib import Path

import nbformat

SCRIPT = "<script>alert(1)</script>"


def write_notebook(path: Path, cells: tuple[str, ...]) -> Path:
    """A cell that starts with # or a capitalised word is Markdown; code holds outputs of an earlier run."""
    made = []
    for source in cells:
        if re.match(r"#{1,2} |[A-Z][a-z]+ ", source):
            made.append(nbformat.v4.new_markdown_cell(source))
            continue
        stale = nbformat.v4.new_output("stream", text="STALE")
        made.append(nbformat.v4.new_code_cell(source, outputs=[stale], execution_count=1))
        if source.startswith("data_dir"):
            made[-1].metadata["tags"] = ["parameters"]
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(nbformat.v4.new_notebook(cells=made), path)
    return path


def write_source(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "enterprises.csv").write_text(
        "enterprise_id,name,town,is_synthetic\nE1,华数机器人,水土,false\nE2,甲<i>厂,鱼复,true\nE3,乙厂,鱼复,true\n"
    )
    (folder / "demands.csv").write_text(
        "demand_id,enterprise_id,raised_on,text,in_remit,status\n"
        f"D1,E1,2022-03-05,希望对接整车企业{SCRIPT},true,collected\n"
    )
    return folder
