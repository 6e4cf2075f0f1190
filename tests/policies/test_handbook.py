import docx
import pandas as pd
import pytest

from liaison_analysis.ledger.datasets import shipped
from liaison_analysis.policies import handbook_entries, read_policies, write_handbook

FOLDER = shipped("data/liangjiang") / "policies"


@pytest.fixture(scope="module")
def policies():
    return read_policies(FOLDER, towns=["鱼复", "水土", "龙兴"])


def test_every_grant_is_an_entry_with_words_of_its_clause(policies):
    entries = handbook_entries(policies, towns=["鱼复", "水土", "龙兴"])
    assert len(entries) == policies["benefit"].notna().sum() > 40
    for entry in entries.to_dict("records"):
        assert all(words in entry["text"].replace("％", "%") for words in entry["what"].split("；"))
        assert entry["policy"] in entry["source"]
        assert all(part in entry["text"] for part in entry["how"].split("\n"))
    row = entries[entries["policy"].str.contains("停车")].iloc[0]
    assert row["until"].endswith("有效期：2022年5月1日至2023年4月30日")


def test_word_and_page_hold_every_entry_and_are_the_same_each_time(policies, tmp_path):
    entries = handbook_entries(policies)
    first = [path.read_bytes() for path in write_handbook(policies, tmp_path / "a")]
    paths = write_handbook(policies, tmp_path / "b")
    assert [path.read_bytes() for path in paths] == first
    word = "\n".join(paragraph.text for paragraph in docx.Document(str(paths[0])).paragraphs)
    page = paths[1].read_text(encoding="utf-8")
    for entry in entries.to_dict("records"):
        assert f"支持内容：{entry['what']}" in word
        assert entry["source"] in word
        assert entry["source"] in page


def test_names_of_policies_are_escaped_and_an_empty_handbook_is_refused(tmp_path):
    clause = {"clause_id": "A", "policy": "<b>甲</b>办法", "article": "一、", "text": "奖励10万元。"}
    page = write_handbook(pd.DataFrame([clause]), tmp_path)[1].read_text(encoding="utf-8")
    assert "<b>甲" not in page
    assert "&lt;b&gt;甲" in page
    with pytest.raises(ValueError, match="no clause grants anything"):
        write_handbook(pd.DataFrame([clause | {"text": "略。"}]), tmp_path)
