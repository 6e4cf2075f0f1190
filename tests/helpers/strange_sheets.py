"""A ledger of another province, as a workbook of several sheets."""

import openpyxl

HEAD = ["企业名称", "诉求日期", "诉求内容", "责任单位", "办理状态"]
FIRMS = ["昆山恒丰模具有限公司", "宁波海天注塑有限公司", "佛山顺德厨电配件厂"]
TEXTS = ["变压器容量不够，请求增容", "招不到数控铣工", "厂区北门道路破损"]
ROWS = [
    [firm, f"2022-06-1{i}", text, "区供电公司", state]
    for i, (firm, text, state) in enumerate(
        zip(FIRMS, TEXTS, ["已办结", "正在办理", "无法解决"], strict=True)
    )
]


def book(tmp_path, sheets, change=None, name="台账.xlsx"):
    """A workbook with these rows by the name of their sheet."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for title, rows in sheets.items():
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(row)
    if change:
        change(made)
    made.save(tmp_path / name)
    return tmp_path / name
