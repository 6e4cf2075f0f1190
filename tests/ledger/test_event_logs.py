"""Logs with a row for each step."""

from helpers.ledger_blocks import cells, gathered, left

HEAD = ["诉求编号", "企业名称", "诉求内容", "操作", "操作时间"]


def log(*steps):
    return [[number, f"{number}公司", text, step, day] for number, text, step, day in steps]


def test_the_rows_of_a_demand_are_one_with_the_day_of_each_step():
    found = gathered(
        HEAD,
        *log(
            ("甲", "停车难", "办结", "2022-03-20"),
            ("甲", "停车难", "受理", "2022-03-05"),
            ("甲", "停车难", "交办", "2022-03-06"),
            ("乙", "停电", "受理", "2022-03-07"),
        ),
    )
    assert cells(found, "raised_on", "assigned_on", "settled_on", "status") == [
        ["2022-03-05", "2022-03-06", "2022-03-20", "settled"],
        ["2022-03-07", "", "", "collected"],
    ]
    assert (3, "操作", "受理", "a step of the demand above, read with it") in left(found)


def test_rows_with_other_words_or_without_steps_stay_apart():
    other = log(("甲", "停车难", "受理", "2022-03-05"), ("甲", "停电", "办结", "2022-03-06"))
    assert len(gathered(HEAD, *other).texts["demands"]) == 2
    single = log(("甲", "停车难", "受理", "2022-03-05"), ("乙", "停电", "办结", "2022-03-06"))
    assert cells(gathered(HEAD, *single), "raised_on") == [["2022-03-05"], ["2022-03-06"]]
