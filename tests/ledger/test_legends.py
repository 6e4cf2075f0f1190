"""What the notes of a sheet say of its signs and struck-out rows."""

import pytest

from liaison_analysis.ledger.legends import states_by_sign, word_of_strikes
from liaison_analysis.ledger.sheets import Sheet

TABLE = [["企业名称", "诉求内容", "状态"], *[["甲公司", f"停车难{n}", "△"] for n in range(30)]]


@pytest.mark.parametrize(
    ("note", "states"),
    [
        ("注：★办结，☆在办，△未办", {"★": "settled", "☆": "solving", "△": "collected"}),
        ("A-已办结 B-办理中", {"a": "settled", "b": "solving"}),
        ("○表示未办理；●表示已办结。", {"○": "collected", "●": "settled"}),
    ],
)
@pytest.mark.parametrize("below", [False, True])
def test_signs_are_explained_above_or_below_the_table(note, states, below):
    rows = [*TABLE, [note]] if below else [[note], *TABLE]
    assert states_by_sign(Sheet("", rows)) == states


@pytest.mark.parametrize(
    "note",
    [
        "●已办结",
        "1.已办结的填是 2.附件另报",
        "截至3月已办结12件，办理中5件",
        "●甲公司 ○已办结",
        "2024年已办结",
    ],
)
def test_a_note_that_explains_no_two_signs_is_no_legend(note):
    assert states_by_sign(Sheet("", [[note], *TABLE])) == {}


@pytest.mark.parametrize(
    ("note", "word"),
    [
        ("说明：划线为已办结", "已办结"),
        ("（删除线代表已解决）", "已解决"),
        ("划掉的事项已答复", "已答复"),
        ("划线的为作废", ""),
        ("划线部分待核实", ""),
    ],
)
def test_struck_out_rows_are_settled_only_where_a_note_says_so(note, word):
    assert word_of_strikes(Sheet("", [[note], *TABLE])) == word
