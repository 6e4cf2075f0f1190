"""Tables of a PDF that is set in columns without lines; drawn pages are in test_pdf_files."""

import pytest

from liaison_analysis.policies.pdf_tables import Segment, unruled_tables


def page(*lines, step=20, size=10, columns=(0, 120, 320)):
    """Lines one below the other, whose pieces begin at the columns."""
    return [
        [
            Segment(x, x + size * len(text), step * i, step * i + size, text, size)
            for x, text in zip(columns, line, strict=False)
            if text
        ]
        for i, line in enumerate(lines)
    ]


HEAD = ("机具品目", "分档", "补贴（元）")


def cells(lines):
    return [[row.cells for row in rows] for _, _, rows in unruled_tables(lines, 10)]


def test_lines_of_one_distance_are_rows_and_a_line_of_text_ends_the_table():
    lines = page(
        HEAD, ("拖拉机", "50马力", "14500"), ("烘干机", "20吨", "52000"), ("第三条 每户不超过四万元。",)
    )
    assert cells(lines) == [[list(HEAD), ["拖拉机", "50马力", "14500"], ["烘干机", "20吨", "52000"]]]
    assert unruled_tables(lines, 10)[0][:2] == (0, 3)


def test_a_line_that_fills_its_column_goes_on_in_the_next():
    lines = page(
        HEAD,
        ("拖拉机", "五十马力以上且购置满一年不转让的", "14500"),
        ("", "农户", ""),
        ("烘干机", "20吨", "52000"),
    )
    assert cells(lines)[0][1] == ["拖拉机", "五十马力以上且购置满一年不转让的农户", "14500"]


@pytest.mark.parametrize(
    "lines",
    [
        # Two columns of running text.
        page(*[("本市企业购置设备的给予补助", "申请材料包括申请表和发票等")] * 4, columns=(0, 200)),
        # A list of contents.
        page(("总则", "1"), ("支持内容", "3"), ("附则", "9"), columns=(0, 200)),
        # A title whose characters are set apart.
        page(("产", "业", "奖"), ("励", "办", "法")),
        page(*[("联系人：王工", "电话：[固定电话]", "邮箱：[邮箱]")] * 2),
        page(HEAD),
    ],
)  # fmt: skip
def test_other_words_side_by_side_are_no_table(lines):
    assert cells(lines) == []


def test_two_columns_are_a_table_where_the_first_names_the_second():
    lines = page(("等级", "补助"), ("甲级", "二十万元"), ("乙级", "八万元"), columns=(0, 200))
    assert cells(lines) == [[["等级", "补助"], ["甲级", "二十万元"], ["乙级", "八万元"]]]


def test_cells_in_the_middle_of_their_row_are_joined_with_the_lines_beside_them():
    def piece(x, y, text):
        return Segment(x, x + 10 * len(text), y, y + 10, text, 10)

    rows = []
    for i, name in enumerate(("诊断", "车间")):
        y = 46 * i
        rows += [
            [piece(120, y, "选用目录内服务商且完成诊断报告并经验收")],
            [piece(0, y + 9, name), piece(400, y + 9, f"{i + 3}万元")],
            [piece(120, y + 18, "合格的企业")],
        ]
    assert cells(rows) == [
        [
            ["诊断", "选用目录内服务商且完成诊断报告并经验收合格的企业", "3万元"],
            ["车间", "选用目录内服务商且完成诊断报告并经验收合格的企业", "4万元"],
        ]
    ]


def test_a_column_that_goes_on_as_text_is_none_of_a_table():
    text = "申请材料包括申请表和发票等，"
    lines = page(*[("等级", "奖励", text), ("五星", "三十万元", text), ("四星", "十八万元", text)])
    assert cells(lines) != []
    below = page(*[("", "", "")] * 3, *[("", "", text)] * 4)[3:]
    assert cells([*lines, *below]) == []
