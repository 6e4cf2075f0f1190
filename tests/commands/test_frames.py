import pandas as pd

from liaison_analysis._messages import speaking
from liaison_analysis.commands.frames import _codes, in_words
from liaison_analysis.errors import PROBLEM_COLUMNS
from liaison_analysis.privacy import MASKS


def test_problems_have_chinese_headers_and_their_own_values():
    frame = pd.DataFrame([["demands", 3, "kind", "why", "empty"]], columns=PROBLEM_COLUMNS)
    with speaking("zh"):
        words = in_words(frame)
    assert words.columns.tolist() == ["工作表", "行", "列", "值", "原因"]
    assert words.to_numpy().tolist() == frame.to_numpy().tolist()


def test_kinds_and_reasons_are_words_and_others_stay():
    frame = pd.DataFrame(
        {"kind": ["mobile", "strange"], "why": ["same code", "strange"], "x": ["mobile", "y"]}
    )
    with speaking("zh"):
        assert in_words(frame).to_numpy().tolist() == [
            ["手机", "代码相同", "mobile"],
            ["strange", "strange", "y"],
        ]
    with speaking("en"):
        assert in_words(frame)["kind"].tolist() == ["mobile", "strange"]


def test_every_kind_of_personal_data_has_a_word():
    assert set(MASKS) <= set(_codes())
