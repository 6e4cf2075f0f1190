import openpyxl
from helpers.clerk_sheet import HEAD, sheet_file

from liaison_analysis.ledger import read_ledger


def test_uncertain_names_are_kept_as_written_and_asked(tmp_path):
    path = sheet_file(
        tmp_path / "a.xlsx",
        [HEAD, [1, "瑞达公司", "东园", "2022-03-05", "停车难", "建设部", "已办结"],
         [2, "重庆瑞达齿轮有限公司", "东园", "2022-03-06", "用电不足", "建设部", "已办结"]],
    )  # fmt: skip
    book = openpyxl.load_workbook(path)
    register = book.create_sheet("企业名录")
    for name in ("企业名称", "重庆瑞达齿轮有限公司", "重庆瑞达电子有限公司"):
        register.append([name, "所属园区" if name == "企业名称" else "东园"])
    book.save(path)
    ledger = read_ledger(path)
    names = ledger.names()
    assert [names[one] for one in ledger.demands["enterprise_id"]] == ["瑞达公司", "重庆瑞达齿轮有限公司"]
    assert ledger.review[["row", "written", "status"]].to_numpy().tolist() == [[2, "瑞达公司", "ambiguous"]]
