"""README's Python runs, and its commands are there."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from liaison_analysis.commands import app

ROOT = Path(__file__).parents[1]
READMES = sorted(ROOT.glob("README*.md"))


@pytest.mark.parametrize("path", READMES, ids=[path.name for path in READMES])
def test_python_blocks_run_and_print_the_quoted_output(path, capsys):
    blocks = re.findall(r"```python\n(.*?)```", path.read_text(encoding="utf-8"), re.DOTALL)
    assert blocks
    for block in blocks:
        exec(compile(block, path.name, "exec"), {})  # noqa: S102 - our own documentation
        reason, summary = capsys.readouterr().out.strip().split("\n", 1)
        assert re.search("诉求476条|476 demands", summary), summary
        quoted = re.findall(r"\((重庆.+?)\)", path.read_text(encoding="utf-8"), re.DOTALL)
        parts = [part.replace("\n", "") for part in "".join(quoted).split("…")]
        assert [part for part in parts if part not in reason] == []


@pytest.mark.parametrize("path", READMES, ids=[path.name for path in READMES])
def test_commands_and_options_exist(path):
    text = path.read_text(encoding="utf-8")
    commands = set(re.findall(r"bin/liaison (\w+)", text))
    assert commands
    for command in commands:
        result = CliRunner().invoke(app, [command, "--help"])
        assert result.exit_code == 0, command


@pytest.mark.parametrize("path", READMES, ids=[path.name for path in READMES])
def test_links_to_files_lead_somewhere(path):
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", path.read_text(encoding="utf-8")):
        assert (ROOT / target).exists(), target
