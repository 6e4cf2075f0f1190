"""Which piece of a sentence names the thing asked for: learnt from marked things."""

import pytest

from liaison_analysis.demands.noun_pieces import noun_pieces
from liaison_analysis.demands.object_model import ObjectModel, packaged_model, piece_context
from liaison_analysis.demands.objects import things_asked
from liaison_analysis.products import product_catalogue


def test_learning_again_gives_the_packaged_weights():
    again, packaged = ObjectModel.learn(), packaged_model()
    assert again.of_context.keys() == packaged.of_context.keys()
    assert packaged.of_flags == pytest.approx(again.of_flags, abs=2e-3)
    assert packaged.of_context == pytest.approx(again.of_context, abs=2e-3)
    assert packaged.offset == pytest.approx(again.offset, abs=2e-3)


def test_a_model_that_is_written_and_read_gives_the_same_chances():
    written = packaged_model().to_bytes()
    again = ObjectModel.from_bytes(written)
    assert again.to_bytes() == written
    asked = "客户催得紧，老家那家停了，就缺谐波减速器", "supplier", "工业机器人", product_catalogue()
    pieces = noun_pieces(asked[0])
    chances = packaged_model().chances(asked[0], pieces, *asked[1:])
    assert again.chances(asked[0], pieces, *asked[1:]).tolist() == chances.tolist()
    assert asked[0][slice(*pieces[int(chances.argmax())])] == "谐波减速器"


def test_what_stands_beside_a_piece_counts_for_the_intent_and_for_all():
    (context,) = piece_context("就缺轴承。", [(2, 4)], "supplier", "")
    assert context["l:就缺"] == context["supplier l:就缺"] == 1.0
    assert context["r:。"] == 1.0
    assert "supplier c:缺□" in context
    assert "customer l:缺" not in context


@pytest.mark.parametrize(
    ("sentence", "intent", "business", "words"),
    [
        # A seller praises what it buys, and then names its own; no word of asking.
        ("盘条是老关系，价也谈下来了，高强螺栓在库里堆到了天花板", "customer", "高强度螺栓", "高强螺栓"),
        # A buyer speaks of its own goods first.
        ("水泵订单做不完，机械密封断货半个月了", "supplier", "离心泵", "机械密封"),
    ],
)
def test_whose_goods_they_are_tells_what_is_sold_and_what_is_bought(sentence, intent, business, words):
    assert things_asked(sentence, intent, business=business)[0].words == words
