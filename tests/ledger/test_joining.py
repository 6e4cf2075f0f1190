"""Lists that say more of the same demands."""

import pandas as pd

from liaison_analysis.ledger.joining import joined_lists
from liaison_analysis.ledger.records import Gathered


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
