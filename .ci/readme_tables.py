"""Write the tables of README.zh-CN.md that say what the code says: commands, headers, states.

Each stands between ``<!-- name -->`` and ``<!-- /name -->``; a test checks that they agree with the code.
"""

from __future__ import annotations

import csv
import re
from importlib import resources
from pathlib import Path

import typer

from liaison_analysis._messages import message, speaking
from liaison_analysis.commands import app
from liaison_analysis.ledger import TABLES

README = Path(__file__).resolve().parents[1] / "README.zh-CN.md"
KINDS = {
    "text": "文本",
    "date": "日期",
    "number": "数字",
    "integer": "整数",
    "flag": "是/否",
    "choice": "选项",
}


def commands() -> str:
    """Every command with its arguments and options."""
    lines = ["| 命令 | 参数、选项 | 作用 |", "| --- | --- | --- |"]
    with speaking("zh"):
        for name, command in typer.main.get_command(app).commands.items():
            lines.append(f"| `{name}` | | {_cell(message(command.help))} |")
            for parameter in command.params:
                shown = parameter.name if parameter.param_type_name == "argument" else parameter.opts[0]
                lines.append(f"| | `{shown}` | {_cell(message(parameter.help or ''))} |")
    return "\n".join(lines)


def headers() -> str:
    """Every column of every table, with the headers by which it is understood."""
    synonyms = _rows("headers.csv")
    lines = ["| 工作表 | 列（`*` 必填） | 内容 | 认得的表头 |", "| --- | --- | --- | --- |"]
    for table in TABLES.values():
        first = f"{'、'.join(table.chinese)} `{table.name}`"
        for column in table.columns:
            known = [column.name, *column.chinese]
            known += [
                w for row in synonyms if row[:2] == [table.name, column.name] for w in row[2].split("|")
            ]
            written = "、".join(dict.fromkeys(word for word in known if word != column.chinese[0]))
            mark = "*" if column.required or column.wanted else ""
            lines.append(f"| {first} | {column.chinese[0]}{mark} | {KINDS[column.kind]} | {_cell(written)} |")
            first = ""
    return "\n".join(lines)


def states() -> str:
    """List the states of a demand, and the words that mean each."""
    words = {row[0]: row[1].split("|") for row in _rows("states.csv")}
    lines = ["| 状态 | 认得的写法 |", "| --- | --- |"]
    for state, chinese in TABLES["demands"]["status"].choices.items():
        known = dict.fromkeys(word for word in (state, *words.get(state, ())) if word != chinese)
        lines.append(f"| {chinese} | {_cell('、'.join(known))} |")
    return "\n".join(lines)


def _rows(name: str) -> list[list[str]]:
    """Rows of a table of synonyms in the package, if there is one."""
    path = resources.files("liaison_analysis.ledger").joinpath(name)
    return list(csv.reader(path.read_text(encoding="utf-8").splitlines()))[1:] if path.is_file() else []


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def with_tables(text: str) -> str:
    """Text of the README with its tables written anew."""
    for name, table in (("commands", commands), ("headers", headers), ("states", states)):
        block = f"<!-- {name} -->\n{table()}\n<!-- /{name} -->"
        text, n = re.subn(rf"<!-- {name} -->.*?<!-- /{name} -->", lambda _, b=block: b, text, flags=re.DOTALL)
        if n != 1:
            raise SystemExit(f"{README.name}: no place for the table of {name}")
    return text


if __name__ == "__main__":
    README.write_text(with_tables(README.read_text(encoding="utf-8")), encoding="utf-8")
