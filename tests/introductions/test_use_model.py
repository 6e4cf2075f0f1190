"""The learnt model of who uses what."""

import numpy as np

from liaison_analysis.introductions.use_model import (
    digest_of_tables,
    known_uses,
    learnt_use_model,
    packaged_digest,
    packaged_use_model,
    scaled,
)


def nearness(model, things, businesses):
    return model.things(things) @ model.businesses(businesses).T


def test_the_packaged_model_is_learnt_from_the_tables_as_they_are():
    assert packaged_digest() == digest_of_tables(), "run .ci/packaged_weights.py"


def test_users_of_a_thing_are_nearer_than_businesses_that_have_no_use_for_it():
    near = nearness(
        packaged_use_model(), ["玻璃瓶", "轴承", "面粉"], ["白酒酿造", "减速机制造", "糕点烘焙", "幼儿园"]
    )
    assert near.argmax(axis=1).tolist() == [0, 1, 2]
    assert (near[:, 3] < near.max(axis=1) - 0.2).all()


def test_what_is_learnt_from_some_pairs_holds_for_words_like_them():
    drinks = [(f"{thing}瓶", f"{drink}酿造", 1.0) for thing in ("玻璃", "陶瓷") for drink in ("白酒", "黄酒")]
    metal = [
        (f"{thing}刀具", f"{good}机加工", 1.0) for thing in ("铣削", "车削") for good in ("齿轮", "阀体")
    ]
    model = learnt_use_model([*drinks, *metal], steps=40)
    near = nearness(model, ["塑料瓶", "钻削刀具"], ["果酒酿造", "泵体机加工"])
    assert near[0, 0] > near[0, 1]
    assert near[1, 1] > near[1, 0]


def test_possible_users_weigh_half_and_everybody_is_no_business():
    pairs = known_uses()
    weights = {weight for _, _, weight in pairs}
    assert weights == {0.5, 1.0}
    assert not [user for _, user, _ in pairs if user.startswith("@")]


def test_cosines_up_to_chance_count_nothing_and_the_whole_scale_is_used():
    assert scaled(np.array([[-1.0, 0.3, 0.65, 1.0]])).tolist() == [[0.0, 0.0, 0.5, 1.0]]
