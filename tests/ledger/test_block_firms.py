"""Names of enterprises in the rows of a table."""

from helpers.ledger_blocks import HEAD, asked, cells, gathered, row, rows_in_file


def test_several_enterprises_in_a_cell_have_a_row_each_and_are_a_question():
    names = [
        "甲泵业有限公司、乙铸造厂",
        "丙公司（南区、北区）",
        "丁食品公司、园区食堂",
        "戊公司、己公司",
        "庚公司\n辛公司",
    ]
    texts = ["路灯不亮"] * 3 + ["1、电梯损坏；2、班车太少", "路灯不亮"]
    found = gathered(
        HEAD, *(row(n, name, text=text) for n, (name, text) in enumerate(zip(names, texts, strict=True), 1))
    )
    assert cells(found, "企业名称", "text") == [
        ["甲泵业有限公司", "路灯不亮"],
        ["乙铸造厂", "路灯不亮"],
        ["丙公司（南区、北区）", "路灯不亮"],
        ["丁食品公司、园区食堂", "路灯不亮"],
        ["戊公司、己公司", "电梯损坏"],
        ["戊公司、己公司", "班车太少"],
        ["庚公司\n辛公司", "路灯不亮"],
    ]
    assert asked(found) == [
        (2, "企业名称", "甲泵业有限公司、乙铸造厂", "part"),
        (5, "企业名称", "戊公司、己公司", "unmatched"),
        (6, "企业名称", "庚公司\n辛公司", "unmatched"),
    ]
    assert rows_in_file(found) == [2, 2, 3, 4, 5, 5, 6]


def test_a_name_broken_to_fit_its_column_is_one_and_a_contact_beside_it_is_apart():
    rows = [row(1, "甲智机器人\n有限公司"), row(2, "乙机械有限公司（张经理 13800001111）")]
    found = gathered(HEAD, *rows)
    assert cells(found, "企业名称", "企业名称（附）") == [
        ["甲智机器人有限公司", ""],
        ["乙机械有限公司", "张经理 13800001111"],
    ]


def test_a_name_that_is_a_formula_error_is_a_question():
    found = gathered(HEAD, row(1, "#N/A"), row(2))
    assert cells(found, "企业名称") == [[""], ["甲公司"]]
    assert asked(found) == [(2, "企业名称", "#N/A", "missing")]
