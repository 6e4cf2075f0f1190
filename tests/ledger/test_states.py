from liaison_analysis.ledger.schema import STATUSES
from liaison_analysis.ledger.states import state_words, status_of


def test_at_least_sixty_words_lead_to_states_of_the_schema_and_none_to_two():
    words = state_words()
    assert len(words) >= 60
    assert set(words.values()) == set(STATUSES)


def test_words_of_the_schema_mean_themselves():
    for status, chinese in STATUSES.items():
        assert (status_of(status), status_of(chinese)) == (status, status)


def test_not_yet_is_not_done_and_two_states_in_one_sentence_are_none():
    assert status_of("尚未办结") == "solving"
    assert status_of("经协调，该问题已解决") == "settled"
    assert status_of("部分已办结，部分正在推进") is None
    assert status_of("企业负责人出差") is None
