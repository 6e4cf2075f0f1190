from liaison_analysis.names.answers import COLUMNS, STATUSES, SURE, Answer, answers_table


def test_the_table_names_candidates_and_leaves_unknown_ones_empty():
    ambiguous = Answer("ambiguous", 0, 0.5, 0.0, ((0, 0.5), (1, 0.5)), why="2 have this name")
    table = answers_table(
        ["甲", "乙"], [ambiguous, Answer("unknown", why="no name")], ["E0", "E1"], ["甲厂", "甲店"]
    )
    assert list(table) == COLUMNS
    assert table["candidates"].tolist() == ["E0 甲厂 (0.50); E1 甲店 (0.50)", ""]
    assert table["enterprise_id"].isna().tolist() == [False, True]
    assert table["name"].iloc[0] == "甲厂"


def test_ambiguous_and_unknown_answers_are_not_certain():
    assert set(STATUSES) - set(SURE) == {"ambiguous", "unknown"}
