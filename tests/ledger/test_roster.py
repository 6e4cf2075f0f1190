from liaison_analysis.ledger.roster import name_key, stable_id


def test_ids_depend_on_the_words_alone():
    assert stable_id("E", name_key("甲（重庆）公司")) == stable_id("E", name_key("甲(重庆) 公司"))
    assert stable_id("E", "甲") != stable_id("E", "乙")
    assert stable_id("D", "ab", "c") != stable_id("D", "a", "bc")
