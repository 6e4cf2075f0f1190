import pytest

from liaison_analysis.introductions.named_firms import how_named, is_turned_away


@pytest.mark.parametrize(
    ("text", "named", "dealt_with"),
    [
        ("想约见温驿，谈谈运输", True, False),
        ("一直给温驿做件", False, True),
        ("一直给温驿做件，新品也一起谈", True, False),
        ("温驿只跑国内，问过了，另找一家", False, True),
        ("想找一家跑国际的", False, False),
    ],
)
def test_a_firm_is_named_to_be_met_or_as_one_that_is_known(text, named, dealt_with):
    assert how_named("温驿", text) == (named, dealt_with)


def test_only_the_clause_of_the_name_turns_it_away():
    assert not is_turned_away("温驿", "别家问过了，想约见温驿")
    assert not is_turned_away("", "问过了")
