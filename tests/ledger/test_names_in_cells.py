"""Enterprises and departments in cells that hold more."""

import pytest

from liaison_analysis.ledger.names_in_cells import leading_office, office_of_person, part_firm


def test_a_town_before_a_name_is_no_part_of_it():
    assert part_firm("（斜桥镇）甲机械有限公司") == ("甲机械有限公司", "斜桥镇")
    assert part_firm("（海宁）甲机械有限公司") == ("（海宁）甲机械有限公司", "")


@pytest.mark.parametrize(
    ("cell", "firm"),
    [
        ("★甲机械有限公司", "甲机械有限公司"),
        ("甲机械厂（新增）", "甲机械厂"),
        ("甲机械厂*", "甲机械厂"),
        ("甲机械（中国）有限公司（续）", "甲机械（中国）有限公司"),
        ("甲机械有限公司（海宁）", "甲机械有限公司（海宁）"),
    ],
)
def test_marks_and_remarks_beside_a_name_are_no_part_of_it(cell, firm):
    assert part_firm(cell)[0] == firm


def test_a_contact_whose_bracket_is_not_opened_in_it_loses_the_bracket():
    assert part_firm("甲机械有限公司，张经理（采购）") == ("甲机械有限公司", "张经理（采购）")
    assert part_firm("甲机械有限公司（张经理 13800001111）") == ("甲机械有限公司", "张经理 13800001111")


def test_of_several_departments_one_leads_only_where_the_cell_says_so_once():
    assert leading_office("牵头单位：市工信局；配合：市财政局") == "市工信局"
    assert leading_office("市工信局（牵头）、市财政局（牵头）") == ""


def test_two_departments_are_no_department_and_its_person():
    assert office_of_person("交通局 乙某") == "交通局"
    assert office_of_person("交通局 城管局") == ""
