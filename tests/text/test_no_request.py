import pytest

from liaison_analysis.text import asks_nothing, asks_nothing_new, disclaims_requests, ends_requests


def test_words_for_nothing():
    yes = [
        "无",
        "暂无",
        "暂无诉求",
        "无。",
        "/",
        "目前没有需要协调的问题",
        "企业暂无困难和需求",
        "无其他诉求",
        "(空)",
        "（跳过）",
        "未填写",
        "无需求，对园区服务表示感谢",
        "企业无相关诉求反馈",
        "不涉及",
    ]
    no = ["对物业服务不满意", "无法停车", "暂无公交，希望增加线路", "没有宿舍", "无人机检测需求"]
    assert [asks_nothing(one) for one in yes + no] == [True] * len(yes) + [False] * len(no)


@pytest.mark.parametrize(
    ("written", "nothing"),
    [("企业暂无需要协调解决的问题", True), ("经营正常，无困难", True), ("目前经营情况良好；暂无诉求。", True),
     ("没有食堂", False), ("经营正常，但招工难", False), ("无电可用", False), ("经营正常", False)],
)  # fmt: skip
def test_asking_for_nothing_in_words(written, nothing):
    assert asks_nothing(written) is nothing


def test_what_is_not_wanted_or_settled_asks_for_nothing():
    settled = ["厂房不缺", "手续已经办好", "设备修好了", "人招满了", "没有其他困难"]
    wanted = ["还没修好", "不要求高薪", "饱和了想扩产"]
    assert [asks_nothing_new(one) for one in settled] == [True] * len(settled)
    assert [asks_nothing_new(one) for one in wanted] == [False] * len(wanted)


def test_thanks_end_what_was_asked_for_and_discontent_does_not():
    assert [ends_requests(one) for one in ("办得好", "不用你们操心", "不满意", "请跟进")] == [
        True,
        True,
        False,
        False,
    ]


def test_a_text_that_only_reports_says_so():
    assert disclaims_requests("没什么大事，当闲话听")
    assert not disclaims_requests("没事干，想找订单")
