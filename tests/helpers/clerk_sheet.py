"""A clerk's ledger of one sheet, written as a workbook."""

import openpyxl

HEAD = ["序号", "企业名称", "所属园区", "走访时间", "诉求内容", "责任部门", "办理情况"]


def sheet_file(path, rows, *, name="台账", change=None):
    """A workbook with one sheet of these rows."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = name
    for row in rows:
        sheet.append(row)
    if change:
        change(sheet)
    book.save(path)
    return path
