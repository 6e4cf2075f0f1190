import pytest

from liaison_analysis.ledger.splitting import list_lengths, split_demands, split_list

WISHES = ["宿舍不够", "污水管网堵塞", "招工困难"]


@pytest.mark.parametrize(
    "text",
    ["1、宿舍不够2、污水管网堵塞3、招工困难", "①宿舍不够；②污水管网堵塞；③招工困难",
     "（一）宿舍不够（二）污水管网堵塞（三）招工困难",
     "一是宿舍不够，二是污水管网堵塞，三是招工困难", "宿舍不够\n污水管网堵塞\n招工困难",
     "宿舍不够；污水管网堵塞；招工困难",
     "(1)宿舍不够 (2)污水管网堵塞 (3)招工困难", "企业提出三点诉求：1.宿舍不够 2.污水管网堵塞 3.招工困难",
     "一、宿舍不够 二、污水管网堵塞 三、招工困难"],
)  # fmt: skip
def test_lists_of_every_kind_are_split(text):
    assert split_demands(text)[0] == WISHES


@pytest.mark.parametrize(
    "text",
    ["希望增容2.5兆瓦，预计2、3月投产", "求购以下零件：1、减速机；2、轴承", "3号厂房漏水，2号厂房也是",
     "停车难；附近有两个停车场", "尊敬的领导您好：1、请问何时通车？2、希望尽快答复"],
)  # fmt: skip
def test_what_is_one_demand_stays_one(text):
    assert split_demands(text) == ([text], "")


def test_departments_and_states_fall_into_as_many_parts():
    assert split_list("1、已办结；2、正在办理；3、持续跟踪", 3) == ["已办结", "正在办理", "持续跟踪"]
    assert split_list("甲部/乙部/甲部", 3) == ["甲部", "乙部", "甲部"]
    assert split_list("甲部", 3) == ["甲部"] * 3
    assert split_list("甲部、乙部", 3) == []


def test_a_request_to_see_to_it_is_no_demand_of_its_own():
    text = "2022年1.5万吨铝锭项目的用电指标未落实；请予协调"
    assert split_demands(text) == ([text], "")


def test_labels_with_numbers_part_demands():
    assert split_demands("诉求1：污水管网堵塞；诉求2：用地指标迟迟未落实")[0] == [
        "污水管网堵塞",
        "用地指标迟迟未落实",
    ]


def test_in_a_numbered_list_words_for_a_matter_are_enough_and_between_semicolons_they_are_not():
    numbered = "（1）缺少叉车司机，希望推荐（2）厂门口绿篱遮挡视线，存在安全隐患"
    assert split_demands(numbered)[0] == ["缺少叉车司机，希望推荐", "厂门口绿篱遮挡视线，存在安全隐患"]
    joined = "二期用地指标未落实；影响后续投产安排"
    assert split_demands(joined)[0] == [joined]


def test_a_text_and_its_translation_are_one_demand():
    text = "Power supply is unstable\n供电不稳定"
    assert split_demands(text, {2}) == ([text], "")
    assert split_demands("宿舍不够，希望增加\n供电不稳定，希望改善")[0] == [
        "宿舍不够，希望增加",
        "供电不稳定，希望改善",
    ]
    assert list_lengths("Resolved / 已解决") == frozenset()


def test_a_line_that_ends_with_a_comma_goes_on():
    assert split_demands("招工难，\n缺普工三十人") == (["招工难，\n缺普工三十人"], "")
    assert split_demands("招工难\n缺普工三十人")[0] == ["招工难", "缺普工三十人"]
