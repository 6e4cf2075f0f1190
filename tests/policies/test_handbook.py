import pandas as pd

from liaison_analysis.policies import handbook_entries
from liaison_analysis.policies.handbook import OTHER_THEME, theme_of, themes


def test_every_grant_is_an_entry_with_words_of_its_clause(policies):
    entries = handbook_entries(policies, towns=["鱼复", "水土", "龙兴"])
    assert len(entries) == policies["benefit"].notna().sum() > 40
    for entry in entries.to_dict("records"):
        assert all(words in entry["text"].replace("％", "%") for words in entry["what"].split("\n"))
        assert entry["policy"] in entry["source"]
        own = [line for line in entry["how"].split("\n") if "〔" not in line]
        assert all(part in entry["text"] for part in own)
    row = entries[entries["policy"].str.contains("停车")].iloc[0]
    assert "有效期：2022年5月1日至2023年4月30日" in row["until"]


def test_each_sentence_names_the_article_it_stands_in(act):
    grant, loan = handbook_entries(act).to_dict("records")
    assert (grant["article"], loan["article"]) == ("第二条", "第三条")
    assert "适用于在本市登记的工业企业。〔第一条〕" in loan["who"]
    assert loan["how"] == "申报材料通过惠企平台提交。〔第四条〕"
    assert "有效期：2022年5月1日至2023年4月30日〔第五条〕" in loan["until"].split("\n")
    assert grant["what"] == "一次性奖励20万元"
    assert grant["closes"] == pd.Timestamp("2023-03-31")
    assert loan["closes"] == pd.Timestamp("2023-04-30")


def test_entries_stand_by_theme_whatever_document_they_come_from(act, policies):
    assert handbook_entries(act)["theme"].tolist() == ["企业培育和认定", "融资和上市"]
    order = [*themes(), OTHER_THEME]
    found = handbook_entries(policies)["theme"]
    assert found.tolist() == sorted(found, key=order.index)
    assert found.nunique() >= 8
    assert theme_of("首次获评的，奖励20万元。", title="某县农机购置补贴办法") == "农业"


def test_a_word_belongs_to_one_theme():
    words = [word for some in themes().values() for word in some]
    assert len(words) == len(set(words))
