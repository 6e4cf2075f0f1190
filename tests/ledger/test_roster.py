from helpers.clerk_sheet import HEAD, sheet_file
from helpers.strange_sheets import book

from liaison_analysis.ledger import read_ledger


def test_a_flat_sheet_makes_its_register_with_stable_ids(tmp_path):
    rows = [
        HEAD,
        [1, "甲机械（重庆）有限公司", "东园", "2022.3.5", "希望解决停车难", "建设部", "正在推进"],
        [1, "甲机械(重庆)有限公司", "东园", "2022年3月6日", "用电不足", "电力部", "√"],
        [2, "乙食品有限公司", "西园", "20220307", "招工难", "人社部", "下周再说"],
    ]
    ledger = read_ledger(sheet_file(tmp_path / "a.xlsx", rows))
    assert ledger.enterprises[["name", "town"]].to_numpy().tolist() == [
        ["甲机械（重庆）有限公司", "东园"],
        ["乙食品有限公司", "西园"],
    ]
    assert ledger.demands["status"].fillna("").tolist() == ["solving", "settled", ""]
    assert ledger.demands["status_as_written"].tolist() == ["正在推进", "√", "下周再说"]
    assert ledger.review[["row", "column", "written", "status"]].to_numpy().tolist() == [
        [4, "status", "下周再说", "unknown"]
    ]
    again = read_ledger(sheet_file(tmp_path / "b.xlsx", [HEAD, *rows[:0:-1]]))
    assert set(again.demands["demand_id"]) == set(ledger.demands["demand_id"])
    # The number is no id, since 1 stands twice.
    assert ledger.demands["demand_id"].str.startswith("D").all()
    assert ledger.demands["序号"].tolist() == ["1", "1", "2"]


def test_rows_without_an_enterprise_are_asked_about(tmp_path):
    rows = [["序号", "企业名称", "诉求内容", "提出日期"], [1, "甲公司", "停车难", "2022-06-01"],
            [2, "", "招工难", "2022-06-02"]]  # fmt: skip
    ledger = read_ledger(sheet_file(tmp_path / "a.xlsx", rows))
    assert ledger.review[["row", "status"]].to_numpy().tolist() == [[3, "missing"]]


def test_a_running_number_is_no_part_of_a_name(tmp_path):
    rows = [
        ["企业名称", "诉求内容", "提出日期"],
        ["1.甲公司", "停车难", "2022-06-01"],
        ["甲公司", "漏雨", "2022-06-02"],
    ]
    assert read_ledger(sheet_file(tmp_path / "a.xlsx", rows)).names().tolist() == ["甲公司"]


def test_ids_and_names_beside_each_other_make_a_register(tmp_path):
    head = ["企业", "企业代码", "诉求描述", "受理时间"]
    rows = [
        head,
        ["甲机械有限公司", "K7", "停车难", "2022-06-01"],
        ["甲机械有限公司", "", "漏水", "2022-06-02"],
    ]
    rows += [["乙食品有限公司", "K9", "招工难", "2022-06-03"], ["丙物流有限公司", "K9", "停电", "2022-06-04"]]
    ledger = read_ledger(sheet_file(tmp_path / "a.xlsx", rows))
    assert ledger.enterprises[["enterprise_id", "name"]].to_numpy().tolist() == [
        ["K7", "甲机械有限公司"],
        ["K9", "乙食品有限公司"],
    ]
    assert ledger.demands["enterprise_id"].tolist() == ["K7", "K7", "K9", "K9"]
    assert ledger.review[["row", "column", "written", "status"]].to_numpy().tolist() == [
        [5, "企业", "乙食品有限公司 / 丙物流有限公司", "contradicts"]
    ]


def test_where_no_column_names_enterprises_it_is_asked_which_does(tmp_path):
    rows = [
        ["诉求内容", "提出日期", "责任部门"],
        ["停车难", "2022-06-01", "城管局"],
        ["漏水", "2022-06-02", "城管局"],
    ]
    ledger = read_ledger(sheet_file(tmp_path / "a.xlsx", rows))
    assert len(ledger.demands) == 2
    assert ledger.review[["row", "column", "status"]].to_numpy().tolist() == [[1, "enterprise", "missing"]]


def test_a_visit_without_a_demand_tells_the_town_of_its_enterprise(tmp_path):
    rows = [["甲机械厂", "东街道", "2022-03-05", "停车难"], ["乙机械厂", "西街道", "2022-03-06", "无"]]
    ledger = read_ledger(book(tmp_path, {"台账": [["企业名称", "所属街道", "走访时间", "诉求内容"], *rows]}))
    assert dict(zip(ledger.enterprises["name"], ledger.enterprises["town"], strict=True)) == {
        "甲机械厂": "东街道",
        "乙机械厂": "西街道",
    }


def test_a_credit_code_alone_tells_the_enterprise_of_the_register(tmp_path):
    register = [
        ["企业名称", "统一社会信用代码"],
        ["甲机械厂", "91330400MA2AB12345"],
        ["乙机械厂", "91330400MA2AB54321"],
    ]
    head = ["统一社会信用代码", "诉求内容", "提出日期"]
    rows = [["91330400MA2AB54321", "停车难", "2024-03-05"], ["91330400MA2AB00000", "招工难", "2024-03-06"]]
    ledger = read_ledger(book(tmp_path, {"诉求": [head, *rows], "企业名录": register}))
    names = ledger.names()
    assert [names[one] for one in ledger.demands["enterprise_id"]] == ["乙机械厂", "（未写明企业）"]
    assert [(one.row, one.written) for one in ledger.review.itertuples()] == [(3, "91330400MA2AB00000")]
