"""Records in JSON, tags of web editors and shares of one as columns of a table."""

import json

from helpers.ledger_blocks import table_of, tables


def test_keys_of_records_in_a_cell_are_columns():
    first = json.dumps({"诉求内容": "停车难", "责任单位": "城管局"}, ensure_ascii=False)
    second = json.dumps({"诉求内容": "招工难", "配合单位": ["人社局", "工会"]}, ensure_ascii=False)
    columns, _ = table_of(
        [["主体名称", "提交时间", "表单数据"], ["甲公司", "6.1", first], ["乙公司", "6.2", second]]
    )
    assert columns["诉求内容"] == ["停车难", "招工难"]
    assert columns["责任单位"] == ["城管局", ""]
    assert columns["配合单位"] == ["", "人社局、工会"]
    assert columns["表单数据"] == [first, second]


def test_braces_that_hold_no_record_stay_as_written():
    columns, _ = table_of([["企业名称", "诉求"], ["甲公司", "{停车难}"], ["乙公司", "{招工难}"]])
    assert columns == {"企业名称": ["甲公司", "乙公司"], "诉求": ["{停车难}", "{招工难}"]}


def test_texts_of_an_editor_of_web_pages_lose_their_tags_and_are_kept_beside():
    written = '<p style="x">停车难</p><p>用电&nbsp;紧</p>'
    columns, _ = table_of([["企业名称", "诉求"], ["甲公司", written], ["乙公司", "温度<5℃，<a>招工难</a>"]])
    assert columns["诉求"] == ["停车难\n用电 紧", "温度<5℃，招工难"]
    assert columns["原文"][0] == written


def test_shares_of_progress_are_per_cent():
    rows = [
        ["企业名称", "事项", "完成进度"],
        ["甲公司", "停车难", "1"],
        ["乙公司", "招工难", "0.6"],
        ["丙", "无电", "0"],
    ]
    columns, _ = table_of(rows)
    assert columns["完成进度"] == ["100%", "60%", "0%"]


def test_progress_under_a_header_of_per_cent_is_a_share_in_per_cent():
    rows = [["企业", "诉求", "日期", "办理进度（％）"], ["甲公司", "停车难", "2022-01-01", "100"]]
    rows += [["乙公司", "漏水", "2022-01-02", "60.5"]]
    [(headers, records)], _ = tables(rows)
    assert [one[headers.index("办理进度（％）")] for one in records] == ["100%", "60.5%"]


def test_nothing_done_is_a_share_like_the_others():
    rows = [["企业名称", "诉求", "完成进度"], ["甲公司", "停车难", "50%"], ["乙公司", "招工难", "0"]]
    made, _ = tables(rows)
    assert [cells[-1] for cells in made[0][1]] == ["50%", "0%"]
