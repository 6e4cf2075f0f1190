"""Lists that say more of the same demands."""

import pandas as pd

from liaison_analysis.ledger.gathering import gather
from liaison_analysis.ledger.joining import joined_lists
from liaison_analysis.ledger.records import Gathered, Options
from liaison_analysis.ledger.sheets import Sheet


def piece(sheet, rows):
    frame = pd.DataFrame(rows).fillna("")
    return frame.assign(**{"\0file": "", "\0sheet": sheet, "\0row": range(2, 2 + len(frame))})


def test_a_list_without_days_says_more_of_the_demands_of_another():
    out = Gathered()
    rows = [("甲公司", "停车难", "2022-06-01"), ("乙公司", "招工难", "2022-06-02")]
    first = piece(
        "问题清单", [dict(zip(["企业名称", "text", "raised_on"], row, strict=True)) for row in rows]
    )
    first["status"] = ""
    second = piece("销号清单", [{"企业名称": "乙公司", "text": "招工 难", "status": "settled"}])
    [joined] = joined_lists([first, second], out)
    assert joined["status"].tolist() == ["", "settled"]
    assert {(one["value"], one["why"]) for one in out.left_out} >= {
        ("settled", "goes with row 3 of '问题清单'")
    }


def test_what_contradicts_or_goes_with_nothing_is_asked():
    out = Gathered()
    first = piece(
        "问题清单", [{"企业名称": "甲公司", "text": "停车难", "raised_on": "2022-06-01", "owner": "甲部"}]
    )
    second = piece("责任清单", [{"企业名称": "甲公司", "text": "停车难", "owner": "乙部"},
                             {"企业名称": "丙公司", "text": "漏雨", "owner": "乙部"}])  # fmt: skip
    [joined] = joined_lists([first, second], out)
    assert joined["owner"].tolist() == ["甲部"]
    assert [(one["status"], one["written"]) for one in out.review] == [
        ("contradicts", "乙部"),
        ("unmatched", "漏雨"),
    ]


def test_lists_of_different_demands_stay_apart():
    first = piece("一", [{"企业名称": "甲公司", "text": "停车难", "raised_on": "2022-06-01"}])
    second = piece("二", [{"企业名称": "乙公司", "text": "招工难"}])
    assert [len(one) for one in joined_lists([first, second], Gathered())] == [1, 1]


def lists(key, ids):
    """Problems with days, and tasks and departments under the same ids."""
    problems = [[key, "企业名称", "问题内容", "提出日期"]]
    problems += [[one, f"{name}公司", text, "2023-02-0" + one[-1]] for one, name, text in ids]
    tasks = [[key, "工作任务", "完成情况"]] + [
        [one, f"{one}号协调会", state]
        for (one, *_), state in zip(reversed(ids), ["正在推进", "已完成"], strict=True)
    ]
    owners = [[key, "责任单位", "责任人"], [ids[0][0], "住建局", "钱某"], [ids[1][0], "供电公司", "孙某"]]
    sheets = zip(["问题清单", "任务清单", "责任清单"], [problems, tasks, owners], strict=True)
    return gather([Sheet(name, rows) for name, rows in sheets], "", Options(), None)


def test_lists_of_tasks_and_departments_say_more_of_the_demands_of_their_ids():
    found = lists("问题编号", [("W1", "甲", "停车难"), ("W2", "乙", "停电")])
    demands = (
        found.texts["demands"][["企业名称", "owner", "status", "工作任务", "责任人"]].to_numpy().tolist()
    )
    assert demands == [
        ["甲公司", "住建局", "settled", "W1号协调会", "钱某"],
        ["乙公司", "供电公司", "solving", "W2号协调会", "孙某"],
    ]
    assert found.review == []
    assert {
        (one["row"], one["value"], one["why"]) for one in found.left_out if one["sheet"] == "任务清单"
    } >= {(2, "正在推进", "goes with row 3 of '问题清单'")}


def test_lists_joined_by_the_numbers_of_their_rows_are_asked_about():
    found = lists("序号", [("1", "甲", "停车难"), ("2", "乙", "停电")])
    assert found.texts["demands"]["owner"].tolist() == ["住建局", "供电公司"]
    assert [(one["sheet"], one["column"], one["status"]) for one in found.review] == [
        ("任务清单", "number", "part"),
        ("责任清单", "number", "part"),
    ]


def test_a_table_under_other_ids_is_not_joined():
    problems = [["问题编号", "企业名称", "问题内容", "提出日期"], ["W1", "甲公司", "停车难", "2023-02-01"]]
    problems.append(["W2", "乙公司", "停电", "2023-02-02"])
    other = [["问题编号", "责任单位", "责任人"], ["W2", "住建局", "钱某"], ["W3", "供电公司", "孙某"]]
    found = gather([Sheet("问题清单", problems), Sheet("责任清单", other)], "", Options(), None)
    assert "owner" not in found.texts["demands"]
