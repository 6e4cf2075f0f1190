from liaison_analysis.policies.source import join_lines, row_text, unified


def test_empty_cells_keep_their_place_and_empty_rows_are_no_line():
    assert row_text(["", "20万元"]) == "|  | 20万元 |"
    assert row_text(["", ""]) == row_text([]) == ""


def test_radicals_become_the_characters_they_look_like():
    assert unified("\u2ed3\u2ee2\u2f42\u2f00\u2f2f") == "长马文一工"
    assert unified("每\u2f3e、\u2fad年、\u2fc8金") == "每户、青年、黄金"  # as the mainland writes them
    assert unified("长期，①②") == "长期，①②"


def test_a_blank_joins_latin_words_only_and_rows_of_tables_stay_lines():
    assert join_lines(["对企业", "给予补助"]) == "对企业给予补助"
    assert join_lines(["Article", "one", "第一条"]) == "Article one第一条"
    assert join_lines(["标准：", "| 甲 | 1 |", "以上。"]) == "标准：\n| 甲 | 1 |\n以上。"
