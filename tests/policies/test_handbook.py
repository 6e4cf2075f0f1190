import docx
import pandas as pd
import pytest

from liaison_analysis.ledger.datasets import shipped
from liaison_analysis.policies import handbook_entries, read_policies, write_handbook
from liaison_analysis.policies.handbook import OTHER_THEME, theme_of, themes

FOLDER = shipped("data/liangjiang") / "policies"
ACT = """某市扶持办法
第一条 本办法适用于在本市登记的工业企业。
第二条 对获评小巨人企业的，一次性奖励20万元。申报截止至2023年3月31日。
第三条 企业贷款给予贴息，最高50万元。
第四条 申报材料通过惠企平台提交。
第五条 本办法自2022年5月1日起施行，有效期至2023年4月30日。
"""


@pytest.fixture(scope="module")
def policies():
    return read_policies(FOLDER, towns=["鱼复", "水土", "龙兴"])


@pytest.fixture
def act(tmp_path):
    (tmp_path / "a.txt").write_text(ACT, encoding="utf-8")
    return read_policies(tmp_path)


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


def test_what_ends_soon_stands_at_the_front_and_what_has_ended_is_counted(act, tmp_path):
    paths = write_handbook(act, tmp_path / "soon", on="2023-03-15")
    page = paths[1].read_text(encoding="utf-8")
    front = page[: page.index("目录")]
    assert "60日内截止" in front
    assert front.index("第二条</a>：2023年3月31日止") < front.index("第三条</a>：2023年4月30日止")
    word = [paragraph.text for paragraph in docx.Document(str(paths[0])).paragraphs]
    assert "《某市扶持办法》第二条：2023年3月31日止" in word
    early = write_handbook(act, tmp_path / "early", on="2022-06-01")[1].read_text(encoding="utf-8")
    assert "60日内截止" not in early
    later = pd.concat([act, act.assign(policy="另一办法", valid_to=pd.Timestamp("2030-01-01"))])
    page = write_handbook(later, tmp_path / "later", on="2024-01-01")[1].read_text(encoding="utf-8")
    assert "另有2项当日不在有效期内，未收入" in page
    assert "某市扶持办法" not in page
    with pytest.raises(ValueError, match="no clause in force on 2031-01-01 grants anything"):
        write_handbook(later, tmp_path / "none", on="2031-01-01")


def test_word_and_page_hold_every_entry_and_are_the_same_each_time(policies, tmp_path):
    entries = handbook_entries(policies)
    first = [path.read_bytes() for path in write_handbook(policies, tmp_path / "a")]
    paths = write_handbook(policies, tmp_path / "b")
    assert [path.read_bytes() for path in paths] == first
    word = "\n".join(paragraph.text for paragraph in docx.Document(str(paths[0])).paragraphs)
    page = paths[1].read_text(encoding="utf-8")
    for entry in entries.to_dict("records"):
        first_words = entry["what"].split("\n")[0]
        assert f"支持内容：{first_words}〔{entry['article']}〕" in word
        assert entry["source"] in word
        assert entry["source"] in page


def test_names_of_policies_are_escaped_and_an_empty_handbook_is_refused(tmp_path):
    clause = {"clause_id": "A", "policy": "<b>甲</b>办法", "article": "一、", "text": "奖励10万元。"}
    page = write_handbook(pd.DataFrame([clause]), tmp_path)[1].read_text(encoding="utf-8")
    assert "<b>甲" not in page
    assert "&lt;b&gt;甲" in page
    with pytest.raises(ValueError, match="no clause grants anything"):
        write_handbook(pd.DataFrame([clause | {"text": "略。"}]), tmp_path)
