from liaison_analysis.names.answers import COLUMNS, Answer, answers_table, by_code, one_of

CODE = "91350100M000100Y43"


def test_one_slip_from_a_code_is_a_hint_and_no_answer():
    codes = {CODE: [1]}
    assert by_code(f" {CODE[:9]}-{CODE[9:]}", codes, ["E0", "E1"]) == Answer("code", 1, 1.0, 1.0)
    hint = by_code(CODE.replace("M0", "M8", 1), codes, ["E0", "E1"])
    assert (hint.status, hint.place, hint.others) == ("ambiguous", 1, ((1, 0.5),))
    assert "check digit does not fit" in hint.why
    assert "one slip from the code of E1" in hint.why
    assert by_code("91350100M000100Y3X", codes, ["E0", "E1"]).status == "unknown"
    assert by_code("重庆华数机器人", codes, ["E0", "E1"]) is None


def test_the_town_decides_between_several_only_if_one_is_there():
    towns = ["水土", "鱼复", "鱼复"]
    assert one_of([0, 1], "exact", "this name", town="水土", towns=towns).place == 0
    assert one_of([0, 1, 2], "exact", "this name", town="鱼复", towns=towns).status == "ambiguous"
    assert one_of([0, 1], "exact", "this name", towns=towns).others == ((0, 0.5), (1, 0.5))


def test_the_table_names_candidates_and_leaves_unknown_ones_empty():
    answers = [one_of([0, 1], "exact", "this name"), Answer("unknown", why="no name")]
    table = answers_table(["甲", "乙"], answers, ["E0", "E1"], ["甲厂", "甲店"])
    assert list(table) == COLUMNS
    assert table["candidates"].tolist() == ["E0 甲厂 (0.50); E1 甲店 (0.50)", ""]
    assert table["enterprise_id"].isna().tolist() == [False, True]
