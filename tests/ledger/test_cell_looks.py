"""Names and requests by how they look."""

import pytest

from liaison_analysis.ledger.cell_looks import BUREAU, FIRM_NAME, OFFICE_NAME, REQUEST, has_ditto, is_ditto


@pytest.mark.parametrize(
    "name", ["甲机械有限公司", "甲（佛山）电器厂（东区）", "乙研究院", "Acme Tools Co., Ltd."]
)
def test_names_of_enterprises_and_institutions_end_as_such(name):
    assert FIRM_NAME.search(name)


@pytest.mark.parametrize("text", ["公司门口停车难", "张三", "区住建局"])
def test_other_texts_are_no_names_of_enterprises(text):
    assert not FIRM_NAME.search(text)


def test_a_firm_may_be_a_department_only_where_departments_are_expected():
    assert BUREAU.search("物业公司")
    assert not OFFICE_NAME.search("物业公司")
    assert OFFICE_NAME.search("供电公司")
    assert OFFICE_NAME.search("区住建局")


def test_requests_have_a_word_of_wanting_or_lacking():
    assert REQUEST.search("希望增加公交")
    assert not REQUEST.search("订单稳定")


def test_ditto_marks_are_whole_cells():
    assert has_ditto(["甲部", "〃"])
    assert not has_ditto(["甲部", "同上海公司对接"])
    assert [is_ditto(cell) for cell in (" 同上。", "''", "同上述问题", "上")] == [True, True, False, False]
