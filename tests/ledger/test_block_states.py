"""States and answers of a table: what they were taken for, on what evidence, and what is asked."""

from helpers.ledger_blocks import HEAD, asked, cells, decided, gathered

from liaison_analysis.ledger.sheets import Marks

OWN = ["编号", "企业编号", "提出日期", "诉求内容", "办理状态"]


def row(n, day=None, state="已办结", text="停车难"):
    # Equal rows would be the same demand.
    return [str(n), "甲公司", f"2022-03-{4 + n:02}" if day is None else day, text, "建设部", state]


def own(*rows):
    lines = [[f"D{i}", "E1", day, "停车难", state] for i, (day, state) in enumerate(rows, 1)]
    return gathered(OWN, *lines, name="企业诉求")


def test_words_for_states_are_understood_by_the_callers_meaning_first_and_kept_as_written():
    found = gathered(
        HEAD,
        row(1, state="正在推进"),
        row(2, state="上会研究"),
        row(3, state="正在推进"),
        states={" 上会研究 ": "settled"},
    )
    assert cells(found, "status", "status_as_written") == [
        ["solving", "正在推进"],
        ["settled", "上会研究"],
        ["solving", "正在推进"],
    ]
    assert decided(found, "state") == [
        ("正在推进", "solving", "known word", 2),
        ("上会研究", "settled", "mapping", 1),
    ]
    assert asked(found) == []


def test_a_state_that_is_not_understood_is_blank_and_asked():
    found = gathered(HEAD, row(1, state="下周再说"), row(2, state=""))
    assert cells(found, "status", "status_as_written") == [["", "下周再说"], ["", ""]]
    assert asked(found) == [(2, "status", "下周再说", "unknown")]
    assert decided(found, "state") == [("下周再说", "", "not understood", 1)]


def test_a_mark_of_done_decides_only_where_the_state_says_nothing():
    head = [*HEAD, "是否办结"]
    found = gathered(
        head, [*row(1, state=""), "是"], [*row(2, state="办理中"), "否"], [*row(3, state=""), "否"]
    )
    assert [one[0] for one in cells(found, "status")] == ["settled", "solving", "solving"]


def test_the_schemas_own_words_leave_no_second_column_and_a_wrong_one_is_left_to_the_checks():
    plain = own(("2022-03-05", "已办结"), ("2022-03-06", "solving"))
    assert cells(plain, "status") == [["settled"], ["solving"]]
    assert "status_as_written" not in plain.texts["demands"]
    wrong = own(("2022-03-05", "下周再说"))
    assert (cells(wrong, "status"), asked(wrong)) == ([["下周再说"]], [])


def test_a_sentence_about_the_progress_gives_way_to_the_answer_whether_it_is_settled():
    head = [*HEAD, "是否解决"]
    found = gathered(
        head,
        [*row(1, state="已电话回复企业，企业表示理解"), "否"],
        [*row(2, state="正在与供电公司沟通方案"), "是"],
        [*row(3, state="已反馈"), "否"],
    )
    assert [one[0] for one in cells(found, "status")] == ["solving", "settled", "fed back"]
    assert asked(found) == []


def test_a_word_of_a_state_that_contradicts_the_answer_is_a_question():
    head = [*HEAD, "是否办结"]
    found = gathered(head, [*row(1, state="已办结"), "否"], [*row(2, state="在办"), "是"])
    assert [one[0] for one in cells(found, "status")] == ["settled", "solving"]
    assert asked(found) == [(2, "status", "已办结", "contradicts"), (3, "status", "在办", "contradicts")]


def test_an_answer_about_more_or_less_than_settling_decides_nothing_beside_a_state():
    found = gathered([*HEAD, "是否答复"], [*row(1, state="办理中"), "是"], [*row(2, state="已办结"), "否"])
    assert [one[0] for one in cells(found, "status")] == ["solving", "settled"]
    assert asked(found) == []


def test_a_day_before_a_state_does_not_hide_it():
    found = gathered(HEAD, row(1, state="2022-03-20 转区住建局办理"), row(2, state="3月20日，已修复"))
    assert cells(found, "status") == [["assigned"], ["settled"]]


def test_what_programs_write_for_no_value_is_none():
    found = gathered(
        [*HEAD, "是否满意"],
        [*row(1), "True"],
        ["2", "乙公司", "2022-03-06", "招工难", "nan", "已办结", "NaN"],
    )
    assert cells(found, "owner", "satisfied") == [["建设部", "True"], ["", ""]]
    assert asked(found) == []


def test_a_comment_on_the_header_may_explain_the_codes_of_states():
    marks = Marks(comments={(0, 5): "1=已办结；2=办理中"})
    found = gathered(HEAD, row(1, state="1"), row(2, state="2"), marks=marks)
    assert cells(found, "status") == [["settled"], ["solving"]]


def test_a_code_that_the_header_explains_is_no_sign_for_none():
    found = gathered(
        ["企业名称", "诉求内容", "状态(0未办结,1已办结)"], ["甲公司", "停车难", "1"], ["乙公司", "停电", "0"]
    )
    assert cells(found, "status") == [["settled"], ["solving"]]
