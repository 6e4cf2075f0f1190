"""PDF files in reading order, page after page; inputs are drawn."""

from pathlib import Path

import pytest
from helpers.pdf_drawing import ACT, HEIGHT, Drawing, texts

from liaison_analysis.errors import LedgerError
from liaison_analysis.policies.clauses import split_clauses
from liaison_analysis.policies.documents import read_document
from liaison_analysis.policies.pdf_files import read_pdf

CASES = Path(__file__).parents[2].parent / "shared" / "cases" / "policies"


def test_running_heads_page_numbers_and_footnotes_are_no_clause():
    drawing = Drawing()
    broken = [
        "第一条 对认定的企业，一次性奖励100",
        "万元，同一企业只奖励",
        "一次，并予公告。",
        "第二条 自2023年5月1日起施行。",
    ]
    for page in range(4):
        drawing.text(200, 40, "某市人民政府公报" if page % 2 else f"2023年第{page + 5}期", 9)
        drawing.text(290, 800, f"— {page + 12} —", 9)
        drawing.text(60, 100, broken[page])
        if page == 0:
            drawing.text(300, 96, "1", 6)
            drawing.text(60, 780, "1 名单以公布的为准。", 8)
        drawing.next()
    lines, notes, empty = read_pdf(drawing.bytes())
    assert [line[:2] for line in lines] == [(text, i) for i, text in enumerate(broken, start=1)]
    assert [line.notes for line in lines] == [(("一次性奖励100", "1 名单以公布的为准。"),), (), (), ()]
    assert notes == []
    assert empty == []


def test_what_a_browser_prints_around_a_page_is_no_text():
    drawing = Drawing()
    drawing.text(40, 20, "2025/9/1 下午3:04 某市政策")
    for i, line in enumerate(ACT):
        drawing.text(60, 80 + 24 * i, line)
    drawing.text(40, 800, "https://example.org/art/1.html 1/1")
    assert texts(drawing) == ACT


def test_footnotes_go_to_the_article_of_their_mark_over_lines_and_with_two_digits(tmp_path):
    drawing = Drawing()
    for i, line in enumerate(["第一条 奖励20万元。", "第二条 奖励10万元。", "第三条 施行。"]):
        drawing.text(60, 80 + 24 * i, line)
    drawing.text(60 + 12 * 9, 76 + 24, "12", 6)
    drawing.text(60, 760, "12 指上一年度在本市纳入统计的工业", 8)
    drawing.text(60, 772, "企业。", 8)
    drawing.text(60, 784, "13 无处提及。", 8)
    path = tmp_path / "a.pdf"
    path.write_bytes(drawing.bytes())
    document = read_document(path)
    clauses = {clause.article: clause.notes for clause in split_clauses(document.paragraphs).clauses}
    assert clauses == {"第一条": "", "第二条": "12 指上一年度在本市纳入统计的工业企业。", "第三条": ""}
    assert document.footnotes == ["13 无处提及。"]


def test_a_table_over_a_page_keeps_one_header_and_whole_rows():
    drawing = Drawing()
    drawing.text(60, 60, "第一条 标准如下：")
    drawing.grid(60, 100, [["等级", "标准"], ["甲级", "奖励20万元"], ["乙级", "奖励10万元，"]])
    drawing.next()
    drawing.grid(60, 60, [["等级", "标准"], ["", "不重复"], ["丙级", "奖励5万元"]])
    drawing.text(60, 180, "第二条 施行。")
    assert texts(drawing) == [
        "第一条 标准如下：", "| 等级 | 标准 |", "| 甲级 | 奖励20万元 |", "| 乙级 | 奖励10万元，不重复 |",
        "| 丙级 | 奖励5万元 |", "第二条 施行。",
    ]  # fmt: skip


def test_a_cell_of_a_ruled_table_that_spans_rows_stands_in_each_of_them():
    drawing = Drawing()
    drawing.text(60, 60, "第二条 补贴标准如下：")
    left, top, widths, step = 60, 80, (80, 120, 80), 24
    x = [left + sum(widths[:i]) for i in range(4)]
    line = drawing.canvas.line
    for i in range(5):  # 铁路 spans the second and the third row
        line(x[1] if i == 2 else x[0], HEIGHT - top - step * i, x[3], HEIGHT - top - step * i)
    for at in x:
        line(at, HEIGHT - top, at, HEIGHT - top - 4 * step)
    rows = [
        ("方式", "距离", "标准"),
        ("铁路", "500公里以内", "6元"),
        ("", "500公里以上", "9元"),
        ("水运", "不限", "4元"),
    ]
    for i, row in enumerate(rows):
        for column, cell in zip(x, row, strict=False):
            drawing.text(column + 4, top + i * step + 16, cell, 10)
    assert texts(drawing)[1:] == [
        "| 方式 | 距离 | 标准 |",
        "| 铁路 | 500公里以内 | 6元 |",
        "| 铁路 | 500公里以上 | 9元 |",
        "| 水运 | 不限 | 4元 |",
    ]


def test_a_page_without_text_is_named_and_a_scan_is_refused(tmp_path):
    drawing = Drawing()
    for i, line in enumerate(ACT):
        drawing.text(60, 80 + 24 * i, line)
    drawing.next()
    drawing.canvas.rect(60, 60, 200, 200, fill=1)
    drawing.next()
    (tmp_path / "a.pdf").write_bytes(drawing.bytes())
    assert read_document(tmp_path / "a.pdf").note == "pages without text, perhaps scans: 2"
    scan = Drawing()
    scan.canvas.rect(60, 60, 200, 200, fill=1)
    (tmp_path / "scan.pdf").write_bytes(scan.bytes())
    with pytest.raises(LedgerError, match=r"holds no text that can be read; if it is a scan, .* \(OCR\)"):
        read_document(tmp_path / "scan.pdf")


@pytest.mark.skipif(not CASES.exists(), reason="../shared/cases/policies is not at hand")
@pytest.mark.parametrize(
    ("name", "n"), [("fakebold", 3), ("fakebold2", 3), ("twocol", 4), ("watermark", 3), ("pages", 2)]
)
def test_cases(name, n):
    document = read_document(CASES / f"{name}.pdf")
    clauses = split_clauses(document.paragraphs).clauses
    assert [clause.article for clause in clauses] == [f"第{i}条" for i in "一二三四"[:n]]
    whole = "".join(clause.text for clause in clauses)
    assert "公报" not in whole
    assert "名单以" not in whole
    assert "奖励100万元" in whole


@pytest.mark.skipif(not CASES.exists(), reason="../shared/cases/policies is not at hand")
def test_a_pdf_without_a_mapping_gets_one_clear_error():
    with pytest.raises(LedgerError, match=r"its fonts do not map glyphs to characters; .*OCR"):
        read_document(CASES / "cid.pdf")


def test_columns_without_lines_are_a_table_with_cells_of_several_lines():
    drawing = Drawing()
    drawing.text(70, 60, "第一条 项目如下：")
    rows = [
        (100, ("项目名称", "申报条件", "扶持标准")),
        (130, ("小升规奖励", "首次纳入规模以上统计且", "一次性奖励15万元")),
        (148, ("", "当年不退库的企业", "")),
        (178, ("技改补助", "设备投资300万元以上的", "按12%补助，最高350万")),
        (196, ("", "项目", "元")),
    ]
    for y, cells in rows:
        for x, cell in zip((70, 180, 380), cells, strict=True):
            drawing.text(x, y, cell)
    drawing.text(70, 230, "第二条 本办法自2025年1月1日起施行。")
    assert texts(drawing) == [
        "第一条 项目如下：",
        "| 项目名称 | 申报条件 | 扶持标准 |",
        "| 小升规奖励 | 首次纳入规模以上统计且当年不退库的企业 | 一次性奖励15万元 |",
        "| 技改补助 | 设备投资300万元以上的项目 | 按12%补助，最高350万元 |",
        "第二条 本办法自2025年1月1日起施行。",
    ]


def test_signatures_and_labels_side_by_side_are_no_table():
    drawing = Drawing()
    for y, cells in (
        (60, ("某市商务局", "某市财政局", "某市税务局")),
        (84, ("某市工信局", "某市科技局", "某市统计局")),
    ):
        for x, cell in zip((70, 220, 380), cells, strict=True):
            drawing.text(x, y, cell)
    assert texts(drawing) == ["某市商务局 某市财政局 某市税务局", "某市工信局 某市科技局 某市统计局"]


def test_a_cell_that_spans_rows_on_two_pages_stands_in_the_rows_of_both():
    drawing = Drawing()
    drawing.text(70, 60, "一、标准")
    drawing.grid(70, 600, [("领域", "方向")], widths=(100, 200))
    canvas = drawing.canvas
    # Below, the first cell has no lower line: it goes on over the page.
    for i in range(3):
        canvas.grid([170, 370], [HEIGHT - 624 - 24 * i, HEIGHT - 648 - 24 * i])
        drawing.text(174, 640 + 24 * i, f"方向{'甲乙丙'[i]}", 10)
    canvas.line(70, HEIGHT - 624, 70, HEIGHT - 696)
    drawing.text(74, 640, "生物制造", 10)
    found = texts(drawing)
    assert found[1:] == ["| 领域 | 方向 |", *(f"| 生物制造 | 方向{one} |" for one in "甲乙丙")]


def test_heads_of_left_and_right_pages_with_their_numbers_are_no_text():
    drawing = Drawing()
    for page in range(3):
        drawing.text(60, 40, f"{page + 1} 某区管理办法" if page % 2 else f"某区规范性文件 {page + 1}", 9)
        drawing.text(70, 100, f"第{'一二三'[page]}条 给予补助{page + 1}万元。")
        drawing.next()
    assert texts(drawing) == [f"第{'一二三'[page]}条 给予补助{page + 1}万元。" for page in range(3)]


def test_buttons_and_imprint_of_a_printed_page_are_no_text(tmp_path):
    drawing = Drawing()
    printed = ("【打印本页】【关闭窗口】", "主办单位：某局 滇ICP备98001234号")
    for i, line in enumerate(("一、补助5万元。", *printed, "联系电话：[固定电话]")):
        drawing.text(70, 60 + 24 * i, line)
    (tmp_path / "a.pdf").write_bytes(drawing.bytes())
    read = [paragraph.text for paragraph in read_document(tmp_path / "a.pdf").paragraphs]
    assert read == ["一、补助5万元。", "联系电话：[固定电话]"]


def test_lines_that_close_only_one_column_of_a_table_do_not_tear_it_apart():
    drawing = Drawing()
    drawing.text(70, 60, "第一条 标准如下表：")
    for i, row in enumerate(
        (("类型", "首次", "复核"), ("甲级民宿", "30万元", "5万元"), ("乙级民宿", "15万元", "2万元"))
    ):
        for x, cell in zip((70, 220, 380), row, strict=True):
            drawing.text(x + 6, 100 + 24 * i, cell)
    canvas = drawing.canvas
    for i in range(4):
        canvas.line(70, HEIGHT - 84 - 24 * i, 520, HEIGHT - 84 - 24 * i)
    for x in (220, 380):
        canvas.line(x, HEIGHT - 84, x, HEIGHT - 156)
    assert texts(drawing)[1:] == [
        "| 类型 | 首次 | 复核 |",
        "| 甲级民宿 | 30万元 | 5万元 |",
        "| 乙级民宿 | 15万元 | 2万元 |",
    ]
