"""The title of a document, on one line or several."""

import pytest
from helpers.policy_clauses import split


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        (
            ("某区人民政府关于印发某区", "促进数字经济若干政策的通知"),
            "某区人民政府关于印发某区促进数字经济若干政策的通知",
        ),
        (("某市电商示范", "基地认定办法"), "某市电商示范基地认定办法"),
        (("某市财政局文件", "某财〔2024〕3号", "某市贴息办法"), "某市贴息办法"),
        (("某市政府公报 第5期", "某市贴息办法"), "某市贴息办法"),
        (("信息公开", "某市贴息办法"), "某市贴息办法"),
    ],
)
def test_a_title_over_lines_is_one_and_what_stands_above_it_is_not_part_of_it(lines, title):
    assert split(*lines, "第一条 甲。", "第二条 乙。").title == title


def test_a_picture_that_explains_is_named_with_what_it_explains():
    document = split("一图读懂", "某市外贸稳增长十条（节选）", "政策自2025年执行，有效期一年。")
    assert document.title == "一图读懂某市外贸稳增长十条（节选）"
