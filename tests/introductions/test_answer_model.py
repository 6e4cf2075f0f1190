"""The learnt model of which business answers a demand."""

import numpy as np

from liaison_analysis.introductions.answer_model import (
    Demand,
    Example,
    answer_examples,
    digest_of_examples,
    learnt_answer_model,
    packaged_answer_model,
    packaged_digest,
    scaled,
    to_bytes,
)


def asked(text, business="", things=""):
    return Demand(text, text, business, things)


def nearness(model, demands, businesses):
    return model.demands(demands) @ model.businesses(businesses).T


def test_the_packaged_models_are_learnt_from_the_examples_as_they_are():
    assert packaged_digest() == digest_of_examples(), "run .ci/packaged_weights.py"


def test_what_is_described_and_not_named_finds_who_supplies_it():
    demands = [
        asked("站子想整个包给专业的来管", "印染布"),
        asked("三号釜崩了一块瓷，巴掌大，问有没有人补得了", "农药中间体"),
        asked("门口那班保安换了三拨，夜里仓库没人转", "家用电器"),
    ]
    businesses = ["印染废水处理站托管运营", "搪玻璃反应釜修补", "保安服务、门卫巡逻", "陶瓷餐具"]
    near = nearness(packaged_answer_model("other"), demands, businesses)
    assert near.argmax(axis=1).tolist() == [0, 1, 2]


def test_customers_of_what_is_offered_are_nearer_than_firms_without_a_use_for_it():
    demands = [
        asked("灰铁件月富余三百吨，找新客户", "铸铁件"),
        asked("海绵开年后没什么单", "聚氨酯海绵"),
        asked("面粉新磨了一批，想进厂", "面粉"),
    ]
    near = nearness(
        packaged_answer_model("customer"), demands, ["水泵整机", "床垫、沙发", "速冻水饺", "幼儿园"]
    )
    assert near.argmax(axis=1).tolist() == [0, 1, 2]


def test_the_two_sides_of_a_demand_are_told_apart():
    text = asked("面包糠一个月用二十吨", "速冻食品", "面包糠")
    supplier = nearness(packaged_answer_model("other"), [text], ["面包糠、裹粉生产", "速冻食品"])
    assert supplier[0, 0] > supplier[0, 1]


def test_what_is_learnt_from_some_examples_holds_for_words_like_them_and_against_the_wrong_ones():
    examples = [
        Example(
            "other", asked(f"{what}坏了没人修", "机械"), f"{what}维修", (f"{what}维修",), (f"{what}制造",)
        )
        for what in ("水泵", "风机", "冲床", "锅炉", "叉车", "磨床")
    ]
    model = learnt_answer_model("other", examples, steps=60)
    near = nearness(model, [asked("铣床坏了没人修", "机械")], ["铣床维修", "铣床制造"])
    assert near[0, 0] > near[0, 1]


def test_a_part_that_is_empty_counts_nothing():
    model = packaged_answer_model("other")
    one, other = model.demands([asked("缺轴承"), Demand("缺轴承", "缺轴承", "减速机", "轴承")])
    assert not np.allclose(one, other)
    assert np.allclose(np.linalg.norm([one, other], axis=1), 1.0, atol=1e-5)


def test_models_are_stored_in_half_precision_with_the_digest_of_their_examples(tmp_path):
    sides = {side: packaged_answer_model(side) for side in ("customer", "other")}
    (tmp_path / "model.npz").write_bytes(to_bytes(sides))
    with np.load(tmp_path / "model.npz") as stored:
        assert str(stored["examples"]) == digest_of_examples()
        assert np.array_equal(stored["other_of_businesses"], sides["other"].of_businesses.astype("float16"))


def test_every_example_says_who_answers_and_no_business_is_right_and_wrong():
    for example in answer_examples():
        assert example.demand.text
        assert example.sought
        assert all(example.who)
        assert not set(example.who) & set(example.wrong), example.demand.text


def test_cosines_up_to_chance_count_nothing_and_the_whole_scale_is_used():
    assert scaled(np.array([[-1.0, 0.2, 0.6, 1.0]])).tolist() == [[0.0, 0.0, 0.5, 1.0]]
