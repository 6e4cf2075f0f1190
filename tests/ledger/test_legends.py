"""What the notes of a sheet say of its signs and struck-out rows."""

import pytest

from liaison_analysis.ledger.legends import colour_named, states_by_sign, word_of_strikes, words_of_colours
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


@pytest.mark.parametrize(
    ("note", "words"),
    [
        ("备注：标黄色的为正在办理，绿色的为已办结", {"黄": "正在办理", "绿": "已办结"}),
        ("红色字体表示逾期；其他为在办", {"红": "逾期", "": "在办"}),
        ("红色：高危企业；绿色：低危企业", {}),
        ("无色为已办结", {}),
        ("绿色通道已办结3件", {}),
    ],
)
def test_colours_stand_for_states_where_a_note_says_so(note, words):
    assert words_of_colours(Sheet("", [*TABLE, [note]])) == words


def test_a_colour_is_the_nearest_one_of_the_note_and_shading_is_none():
    assert [colour_named({one}, ["红", "黄", "绿"]) for one in ("c00000", "ffe699", "00b050")] == [
        "红",
        "黄",
        "绿",
    ]
    assert (colour_named({"ffc000"}, ["黄", "橙"]), colour_named({"ffc000"}, ["黄", "绿"])) == ("橙", "黄")
    assert [colour_named({one}, ["红", "绿"]) for one in ("f2f2f2", "808080", "not one")] == ["", "", ""]
    assert (colour_named({"808080"}, ["灰", "绿"]), colour_named({"f2f2f2"}, ["灰", "绿"])) == ("灰", "")
