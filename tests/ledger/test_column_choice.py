"""Columns by their headers, their cells and each other."""

from liaison_analysis.ledger.column_choice import column_meanings


def test_of_two_headers_with_one_meaning_the_more_specific_filled_one_is_taken():
    found = column_meanings(["问题", "诉求内容", "办理情况"], [["a"], ["b"], ["c"]], "demands")
    assert {j: one.column for j, one in found.items()} == {1: "text", 2: "status"}
    found = column_meanings(["问题", "诉求内容"], [["a"], [""]], "demands")
    assert found[0].column == "text"


def test_departments_are_found_by_their_look_but_not_those_that_only_help():
    cells = [["甲机械公司"] * 3, ["希望解决停车难"] * 3, ["区住建局", "人社局", "园区办公室"]]
    assert column_meanings(["企业", "诉求", "找谁"], cells, "demands")[2].column == "owner"
    assert 2 not in column_meanings(["企业", "诉求", "配合部门"], cells, "demands")


def test_a_column_of_deadlines_is_no_day_of_a_demand():
    cells = [["甲机械公司"] * 3, ["希望解决停车难"] * 3, ["2022-06-15"] * 3]
    assert 2 not in column_meanings(["企业", "诉求", "完成时限"], cells, "demands")


def test_a_column_of_states_in_other_words_is_found_by_its_look():
    cells = [["甲机械公司"] * 3, ["希望解决停车难"] * 3, ["预计8月底前办结", "未按期办结", "已得到解决"]]
    assert column_meanings(["企业", "诉求", "怎样了"], cells, "demands")[2].column == "status"


def test_yes_and_no_under_an_unknown_header_are_no_states():
    demands = ["停车位不足，希望协调", "招工难，请帮助", "融资难，请对接"]
    columns = [["甲机械有限公司", "乙机械有限公司", "丙机械有限公司"], ["是", "否", "是"], demands]
    found = column_meanings(["企业名称", "四上", "诉求"], columns, "demands")
    assert "status" not in {one.column for one in found.values()}
    found = column_meanings(["企业名称", "办了吗", "诉求"], columns, "demands")
    assert found[1].column in {"status", "done"}


def test_a_street_under_the_header_of_towns_is_no_department():
    columns = [["甲机械有限公司", "乙机械有限公司"], ["斗南街道", "龙城街道"], ["停车难", "招工难"]]
    found = column_meanings(["企业名称", "镇街", "诉求"], columns, "demands")
    assert 1 not in found
    found = column_meanings(["企业名称", "谁来管", "诉求"], columns, "demands")
    assert found[1].column == "owner"


def test_of_two_columns_of_states_the_one_of_words_counts():
    headers = ["企业名称", "登记日期", "诉求内容", "处理结果", "工单状态"]
    cells = [
        ["甲泵业有限公司"] * 3,
        ["2023-05-06"] * 3,
        ["希望增加班车"] * 3,
        ["已电话说明路线规划的依据", "", ""],
        ["已办结", "待派单", "办理中"],
    ]
    found = {one.column: j for j, one in column_meanings(headers, cells, "demands").items()}
    assert found["status"] == 4
    cells[3], cells[4] = cells[4], cells[3]
    found = {one.column: j for j, one in column_meanings(headers, cells, "demands").items()}
    assert found["status"] == 3


def test_a_column_of_problems_is_the_demand_before_one_of_services_or_matters():
    headers = ["走访企业", "走访日期", "服务内容", "发现问题"]
    cells = [["甲泵业有限公司"], ["2023-05-06"], ["政策宣传"], ["停车位不够"]]
    found = {one.column: j for j, one in column_meanings(headers, cells, "demands").items()}
    assert found["text"] == 3
    cells[3] = [""]
    found = {one.column: j for j, one in column_meanings(headers, cells, "demands").items()}
    assert found["text"] == 2


def test_english_names_of_firms_are_seen_by_their_look():
    headers, cells = ["Who", "Logged on", "Issue"], [["Amber Tools Co., Ltd.", "Nord Pumps GmbH"]]
    cells += [["2023-04-05", "2023-04-06"], ["No parking for buses", "Power cuts"]]
    found = {one.column: j for j, one in column_meanings(headers, cells, "demands").items()}
    assert found["enterprise"] == 0


def test_amounts_are_no_days_unless_their_header_speaks_of_time():
    firms, texts = ["甲机械有限公司"] * 3, ["希望协调解决停车位不足的问题"] * 3
    amounts, days = ["1.5", "2.5", "10.5"], ["2024-03-05"] * 3
    heads = ["公司", "总投资（亿元）", "诉求", "最近对接"]
    found = column_meanings(heads, [firms, amounts, texts, days], "demands")
    assert {found[j].column for j in found} == {"enterprise", "text", "raised_on"}
    assert found[3].column == "raised_on"
    heads = ["公司", "啥日子", "诉求", ""]
    found = column_meanings(heads, [firms, amounts, texts, [""] * 3], "demands")
    assert found[1].column == "raised_on"


def test_of_two_columns_of_demands_the_one_with_sentences_is_read():
    firms = ["甲机械有限公司"] * 2
    long, short = ["希望协调解决停车位不足的问题"] * 2, ["A1", "A2"]
    found = column_meanings(["企业", "问题", "主要困难"], [firms, short, long], "demands")
    assert found[2].column == "text"
