import pandas as pd
from docx import Document
from helpers.listed_demands import GIVEN

from liaison_analysis._outputs import is_own
from liaison_analysis.followup.meeting import write_meeting
from liaison_analysis.followup.meeting_document import MOST_DECISIONS, MOST_ROWS, write_document

SHEETS = ("本期变化", "超期及原因", "即将超期", "需议事项", "共性事项", "回访")
DAYS = {"since": pd.Timestamp("2022-01-31"), "on": pd.Timestamp("2022-02-28")}


def sheets(**given):
    empty = {name: pd.DataFrame({"诉求编号": pd.Series(dtype="str")}) for name in SHEETS}
    columns = ["责任部门", "未办结", "本期新增", "本期办结", "超期", "临近时限", "需议"]
    departments = pd.DataFrame([["甲部", 5, 2, 1, 4, 0, 3]], columns=columns)
    return empty | {"分部门": departments} | given


def test_the_document_says_what_the_workbook_says(tmp_path):
    path = write_document(tmp_path / "会.docx", sheets(), **DAYS)
    document = Document(path)
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert "统计区间：2022-01-31 至 2022-02-28" in texts
    assert any(text.startswith("本期新增 2 件、办结 1 件；期末未办结 5 件，其中超期 4 件") for text in texts)
    assert [c.text for c in document.tables[0].rows[1].cells] == ["甲部", "5", "2", "1", "4", "0", "3"]
    assert texts.count("无。") == len(SHEETS)


def test_long_tables_are_cut_and_the_rest_is_counted(tmp_path):
    late = pd.DataFrame({"诉求编号": [f"D{i}" for i in range(MOST_ROWS + 3)]})
    document = Document(write_document(tmp_path / "会.docx", sheets(超期及原因=late), **DAYS))
    assert [len(table.rows) for table in document.tables] == [2, MOST_ROWS + 1]
    assert any("其余 3 项见工作簿“超期及原因”" in p.text for p in document.paragraphs)


def test_no_more_matters_are_listed_than_a_meeting_decides_and_the_rest_is_counted(tmp_path):
    matters = pd.DataFrame({"诉求编号": [f"D{i}" for i in range(MOST_DECISIONS + 5)]})
    document = Document(write_document(tmp_path / "会.docx", sheets(需议事项=matters), **DAYS))
    assert [row.cells[0].text for row in document.tables[1].rows[1:]] == [
        f"D{i}" for i in range(MOST_DECISIONS)
    ]
    assert any(
        "先列多家企业的共性事项" in p.text and "其余 5 项见工作簿“需议事项”" in p.text
        for p in document.paragraphs
    )


def test_cells_are_one_line_masked_and_of_bearable_length(tmp_path):
    cells = ["请联系13812345678\x0b张工", "长" * 500, pd.Timestamp("2022-02-03"), None]
    document = Document(
        write_document(tmp_path / "会.docx", sheets(回访=pd.DataFrame({"询问": cells}, dtype=object)), **DAYS)
    )
    column = [row.cells[0].text for row in document.tables[1].rows[1:]]
    assert "13812345678" not in column[0]
    assert column[0].endswith("张工")
    assert (len(column[1]), column[1][-1], column[2], column[3]) == (120, "…", "2022-02-03", "")


def test_the_same_papers_are_the_same_bytes_and_known_as_own(tmp_path):
    first = write_document(tmp_path / "a.docx", sheets(), **DAYS)
    again = write_document(tmp_path / "b.docx", sheets(), **DAYS)
    assert first.read_bytes() == again.read_bytes()
    assert is_own(first)
    written = write_meeting(GIVEN, tmp_path / "会.xlsx", **DAYS)[1]
    assert is_own(written)
    document = Document(written)
    document.add_paragraph("补充")
    document.core_properties.modified = pd.Timestamp("2022-03-01").to_pydatetime()
    document.save(written)
    assert not is_own(written)
