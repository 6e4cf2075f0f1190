"""One sheet of text, gathered as the rows of its tables."""

from liaison_analysis.ledger.gathering import gather
from liaison_analysis.ledger.layout import find_blocks
from liaison_analysis.ledger.records import PLACE, Gathered, Options
from liaison_analysis.ledger.reshaping import reshaped
from liaison_analysis.ledger.sheets import Marks, Sheet

HEAD = ["序号", "企业名称", "走访时间", "诉求内容", "责任部门", "办理情况"]


def row(n, firm="甲公司", day=None, text="停车难", owner="建设部", state="已办结"):
    """Cells under ``HEAD``, each number on a day of its own: equal rows would be the same demand."""
    day = f"2022-03-{4 + (n or 1):02}" if day is None else day
    return [str(n) if n else "", firm, day, text, owner, state]


def gathered(*rows, name="台账", file="", source="", year=None, states=None, headers=None, marks=None):
    """What is gathered from one sheet."""
    sheet = Sheet(name, [list(row) for row in rows], file=file, marks=marks or Marks())
    return gather([sheet], source, Options(year=year, states=states or {}, headers=headers or {}), None)


def cells(found, *columns, table="demands"):
    """Cells of some columns of a gathered table, a list a row."""
    return found.texts[table][list(columns)].to_numpy().tolist()


def rows_in_file(found, table="demands"):
    """Row of the file that each gathered row stands in, as Excel counts."""
    return found.texts[table][PLACE[2]].tolist()


def left(found):
    """Row, column, value and reason of every cell that was left out."""
    return [(one["row"], one["column"], one["value"], one["why"]) for one in found.left_out]


def asked(found):
    """Row, column, cell and status of every question."""
    return [(one["row"], one["column"], one["written"], one["status"]) for one in found.review]


def decided(found, kind):
    """What was written, what it was taken for, on what evidence and how often, of one kind of decision."""
    return [
        (one["written"], one["meaning"], one["evidence"], one["n"])
        for one in found.decisions
        if one["kind"] == kind
    ]


def tables(rows, *, name="台账", merged=()):
    """Headers and rows of every table that a sheet's rows become, and what was asked."""
    out = Gathered()
    blocks, _ = find_blocks(Sheet(name, rows, marks=Marks(merged=merged)))
    made = [one for block in blocks for one in reshaped(block, out)]
    return [(one.headers, [list(row) for row in zip(*one.cells, strict=True)]) for one in made], out.review


def table_of(rows, **marks):
    """Cells by header of the one table that rows become, and what was left out."""
    out = Gathered()
    blocks, _ = find_blocks(Sheet("台账", rows, marks=Marks(**marks)))
    [made] = [one for block in blocks for one in reshaped(block, out)]
    return dict(zip(made.headers, made.cells, strict=True)), out.left_out
