"""Marked examples: text, parts, what each part asks for, and the things marked."""

from liaison_analysis.demands.intent_model import INTENTS
from liaison_analysis.demands.request_examples import (
    MARKS,
    _read,
    examples_with_things,
    intent_examples,
    request_examples,
)


def test_marks_are_taken_out_and_say_what_their_part_asks_for():
    example = _read("阀门", "不缺钱，/x 铜价涨了，/o 找做[锻铜阀体]的，/s 顺便问补贴/p")
    assert example.text == "不缺钱，铜价涨了，找做锻铜阀体的，顺便问补贴"
    assert [sorted(part.intents) for part in example.parts] == [[], [], ["supplier"], ["policy"]]
    assert [part.live for part in example.parts] == [False, True, True, True]
    assert example.parts[2].things == ("锻铜阀体",)
    assert example.intents == {"supplier", "policy"}


def test_a_sentence_asks_for_what_its_parts_ask_for():
    example = _read("阀门", "缺焊工，/h 急。/o 厂门口停车难/l")
    assert example.sentences() == [("缺焊工，急。", {"staff"}), ("厂门口停车难", {"site"})]


def test_where_only_the_whole_is_marked_no_sentence_is():
    assert _read("阀门", "缺焊工。停车难。/hl").sentences() == []


def test_every_example_has_an_asker_and_words():
    examples = request_examples()
    assert len(examples) > 5_100
    assert len({example.text for example in examples}) == len(examples)
    assert all(example.business and example.text for example in examples)
    assert set(MARKS.values()) == set(INTENTS)
    assert {intent for example in examples for intent in example.intents} == set(INTENTS)
    assert not [example.text for example in examples if set("[]/") & set(example.text)]


def test_objects_are_learnt_from_the_examples_in_which_every_thing_is_marked():
    marked = examples_with_things()
    alone = marked[len(set(marked) & set(request_examples())) :]
    assert len(alone) == 425
    assert sum(bool(example.theme) for example in alone) == 408
    assert sum(bool(part.things) for example in alone for part in example.parts) > 200


def test_intents_are_learnt_from_all_marked_demands():
    every = intent_examples()
    assert set(request_examples()) | set(examples_with_things()) == set(every)
    assert len({example.text for example in every}) == len(every)
