import subprocess
import sys
from importlib.metadata import entry_points

from liaison_analysis.commands import app


def test_no_arguments_print_help(liaison):
    result = liaison()
    assert result.exit_code == 0
    for command in ("check", "report", "sample"):
        assert command in result.stdout


def test_installed_as_liaison_and_as_a_module(source):
    (point,) = entry_points(group="console_scripts", name="liaison")
    assert point.load() is app
    command = [sys.executable, "-m", "liaison_analysis", "check", str(source)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - the command is the test's own
    assert done.stdout.startswith("ok ledger\n")


def test_the_program_speaks_chinese_where_it_is_asked_to(liaison, monkeypatch):
    monkeypatch.setenv("LIAISON_LANGUAGE", "en")
    monkeypatch.setenv("LANGUAGE", "en")
    text = liaison("--language", "zh", "lists", "--help").stdout
    assert "写出问题、任务、责任三张清单和调度单。" in text
    assert text.startswith("用法：root lists")  # the runner calls the program root
    assert "覆盖不是本命令所写" in text
    assert "显示本说明。" in text
    monkeypatch.setenv("LIAISON_LANGUAGE", "zh")
    assert "检查台账" in liaison().stdout
    assert "Write the lists" in liaison("--language", "en", "lists", "--help").stdout
