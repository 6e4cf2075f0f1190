import pytest

from liaison_analysis.ledger.schema import STATUSES
from liaison_analysis.ledger.states import state_words, status_of


def test_at_least_sixty_words_lead_to_states_of_the_schema_and_none_to_two():
    words = state_words()
    assert len(words) >= 60
    assert set(words.values()) == set(STATUSES)


def test_words_of_the_schema_mean_themselves():
    for status, chinese in STATUSES.items():
        assert (status_of(status), status_of(chinese)) == (status, status)


def test_not_yet_is_not_done_and_two_states_in_one_sentence_are_none():
    assert status_of("尚未办结") == "solving"
    assert status_of("经协调，该问题已解决") == "settled"
    assert status_of("一期已办结，二期无法解决") is None
    assert status_of("企业负责人出差") is None


@pytest.mark.parametrize(
    ("written", "status"),
    [
        ("未按期办结", "solving"),
        ("没有彻底解决", "solving"),
        ("部分已解决", "solving"),
        ("预计8月底前办理完毕", "solving"),
        ("拟于年底前完成", "solving"),
        ("已于6月15日办结", "settled"),
        ("已得到解决", "settled"),
        ("已办结，已反馈企业", "fed back"),
        ("不属于我局职责范围", "not accepted"),
        ("受条件限制无法解决", "cannot be solved"),
        ("已转住建局办理", "assigned"),
        ("已辦結", "settled"),
        ("fed_back", "fed back"),
        ("✅", "settled"),
        ("100%", "settled"),
        ("50%", "solving"),
    ],
)
def test_turns_of_phrase_mean_what_they_say(written, status):
    assert status_of(written) == status


@pytest.mark.parametrize("written", ["已承诺解决", "已要求整改", "已提请上级研究解决", "已安排专人处理"])
def test_a_promise_or_an_order_is_no_state(written):
    assert status_of(written) is None


def test_a_long_answer_counts_by_the_state_that_it_begins_with():
    answer = "已办结。经与供电公司多次协调，已为企业增容一台变压器，企业对办理过程和结果都表示满意并致谢。"
    assert status_of(answer) == "settled"
    assert status_of(answer.removeprefix("已办结。")) is None


@pytest.mark.parametrize(
    ("written", "status"),
    [
        ("🔄 协调中", "solving"),
        ("⏸暂缓", "solving"),
        ("❌无法落实", "cannot be solved"),
        ("已函覆", "fed back"),
        ("部分清零", "solving"),
        ("于3月5日清零", None),
        ("责任单位处置环节", "solving"),
        ("待企业评价", "settled"),
        ("企业已关闭", None),
    ],
)
def test_pictures_steps_and_words_of_other_bureaus_are_states(written, status):
    assert status_of(written) == status


def test_of_several_boxes_the_one_ticked_counts():
    assert status_of("□已办结　☑办理中　□无法解决") == "solving"
    assert status_of("（√）已办结 （ ）未办结") == "settled"
    assert status_of("□已办结 □办理中") is None
    assert status_of("☑已办结 ☑办理中 □无法解决") is None


@pytest.mark.parametrize(
    ("written", "state"),
    [
        ("因资金问题暂无法实施", "cannot be solved"),
        ("已向企业做好解释工作", "fed back"),
        ("相关部门正在抓紧研究", "solving"),
        ("企业已自行解决", "settled"),
        ("已完成招聘8人，其余继续推进", "solving"),
        ("需省级层面协调", "solving"),
        ("施工单位已进场", "solving"),
        ("已开通公交专线", "settled"),
        ("已开通部分线路，其余正在论证", "solving"),
        ("Closed - Resolved", "settled"),
        ("To Do", "collected"),
    ],
)
def test_phrases_of_bureaus_and_systems(written, state):
    assert status_of(written) == state


def test_a_state_before_its_translation():
    assert status_of("Resolved / 已解决") == status_of("已结") == "settled"
    assert status_of("未结") == "solving"


@pytest.mark.parametrize(
    ("written", "state"),
    [
        ("已完成50%", "solving"),
        ("完成100%", "settled"),
        ("形象进度约80%左右", "solving"),
        ("企业满意率98%", None),
    ],
)
def test_a_share_that_is_done(written, state):
    assert status_of(written) == state


def test_of_two_steps_of_an_open_demand_the_later_counts():
    assert status_of("已受理，正在审批") == "solving"
    assert status_of("已登记，已交办") == "assigned"
    assert status_of("已办结，不予受理") is None
    assert status_of("价格由市场决定，无法解决，已反馈企业") == "cannot be solved"
