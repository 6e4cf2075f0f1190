import docx
import pandas as pd
import pytest

from liaison_analysis.policies import handbook_entries, write_handbook


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
