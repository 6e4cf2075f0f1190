import io
import os
import subprocess
import sys

import pytest
from helpers.csv_ledger import ENTERPRISES

from liaison_analysis._messages import speaking
from liaison_analysis.commands import app, console, ledgers


@pytest.mark.parametrize("command", ["check", "report"])
def test_unreadable_ledger_is_one_line(liaison, command, tmp_path):
    (tmp_path / "empty.xlsx").touch()
    options = ["--out", tmp_path / "out"] if command == "report" else []
    result = liaison(command, tmp_path / "empty.xlsx", *options)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.startswith("empty.xlsx: the file is empty")
    assert result.stderr.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_unforeseen_error_keeps_its_traceback(liaison, source, monkeypatch):
    def broken(path, **_):
        raise ZeroDivisionError(path)

    monkeypatch.setattr(ledgers, "read_ledger", broken)
    assert isinstance(liaison("check", source).exception, ZeroDivisionError)
    # Typer's own would print local variables, and with them people's data.
    assert app.pretty_exceptions_enable is False


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["lists", "a"], "错误：缺少 'out'"),
        (["lists", "a", "b", "--no"], "错误：没有选项 --no"),
        (
            ["lists", "a", "b", "--within", "x"],
            "错误：'--within' 的值无效：诉求办结时限（天）；不给则按“时限”表，没有该表则为30天。",
        ),
        (["list"], "错误：没有命令 'list'。"),
    ],
)
def test_wrong_use_is_explained_in_chinese(liaison, monkeypatch, arguments, message):
    monkeypatch.setenv("LIAISON_LANGUAGE", "en")
    monkeypatch.setenv("LANGUAGE", "en")
    result = liaison("--language", "zh", *arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert "Error" not in result.stderr


def run(*arguments, **options):
    command = [sys.executable, "-m", "liaison_analysis", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, check=False, **options)  # noqa: S603 - own command


def test_a_console_in_gbk_shows_what_it_can(source):
    (source / "enterprises.csv").write_text(
        ENTERPRISES + "E3,𠮷\u00a0利机器人厂\nE4,𠮷利机器人厂\n", encoding="utf-8"
    )
    environment = {**os.environ, "PYTHONIOENCODING": "gbk", "LIAISON_LANGUAGE": "zh"}
    done = run("check", source, env=environment)
    assert (done.returncode, done.stderr) == (0, b"")
    text = done.stdout.decode("gbk")
    assert "可能是同一企业" in text
    assert "□ 利机器人厂" in text


@pytest.mark.parametrize("arguments", [["check", "{source}"], ["--help"], ["lists", "--help"]])
def test_a_full_place_to_print_to_is_one_line(source, arguments):
    with open("/dev/full", "wb") as full:  # noqa: PTH123 - a device
        given = [one.format(source=source) for one in arguments]
        command = [sys.executable, "-m", "liaison_analysis", *given]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False)  # noqa: S603
    assert done.returncode == 1
    assert done.stderr.decode() == "the output could not be printed: the disk is full\n"


def test_closed_streams_stop_no_command(source, tmp_path):
    shell = f"{sys.executable} -m liaison_analysis lists {source} {tmp_path}/lists.xlsx --on 2022-04-10"
    done = subprocess.run(f"{shell} >&- 2>&-", shell=True, check=False)  # noqa: S602 - own command
    assert done.returncode == 0
    assert (tmp_path / "lists.xlsx").exists()


def test_characters_that_an_encoding_lacks_are_replaced():
    codecs_errors = io.TextIOWrapper(io.BytesIO(), encoding="gbk", errors="strict")
    console.prepare_streams()
    codecs_errors.reconfigure(errors="liaison")
    codecs_errors.write("甲𠮷\u00a0乙①⑳㉑")
    codecs_errors.flush()
    assert codecs_errors.buffer.getvalue().decode("gbk") == "甲□ 乙①2021"


@pytest.mark.parametrize(
    ("arguments", "error_line"),
    [
        (["nosuch"], "错误：没有这个命令：nosuch"),
        (["check", "a", "b"], "错误：多出的参数：b"),
        (
            ["lists", "a", "b", "--within", "x"],
            "错误：'--within' 的值无效：诉求办结时限（天）；不给则按“时限”表，没有该表则为30天。",
        ),
    ],
)
def test_usage_errors_are_in_chinese(liaison, arguments, error_line):
    with speaking("zh"):
        assert liaison(*arguments).stderr.splitlines()[-1] == error_line
