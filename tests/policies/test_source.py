from liaison_analysis.policies.source import row_text


def test_empty_cells_keep_their_place_and_empty_rows_are_no_line():
    assert row_text(["", "20万元"]) == "|  | 20万元 |"
    assert row_text(["", ""]) == row_text([]) == ""
