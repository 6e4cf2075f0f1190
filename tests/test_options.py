import threading

import ibis
import pytest
from helpers.small_ledger import ledger

from liaison_analysis import options, rank_introductions
from liaison_analysis._options import engine_for, language_for


def test_an_option_holds_in_its_block_and_the_outer_one_comes_back():
    with options(language="en"):
        with options(language="zh"):
            assert language_for(None) == "zh"
        assert language_for(None) == "en"
    assert language_for(None) == "zh"


def test_options_of_an_outer_block_stay_where_the_inner_one_sets_another():
    con = ibis.duckdb.connect()
    with options(engine=con), options(language="en"):
        assert engine_for(None) is con
        assert language_for(None) == "en"


def test_what_a_call_is_given_comes_before_the_option():
    con = ibis.duckdb.connect()
    with options(language="en", engine=con):
        assert language_for("zh") == "zh"
        other = ibis.duckdb.connect()
        assert engine_for(other) is other


def test_a_thread_keeps_its_own_duckdb():
    others = []
    thread = threading.Thread(target=lambda: others.append(engine_for(None)))
    thread.start()
    thread.join()
    assert engine_for(None) is engine_for(None)
    assert others[0].name == "duckdb"


def test_reasons_follow_the_option():
    plain = rank_introductions(ledger(), ["R"])["reason"].iloc[0]
    with options(language="en"):
        english = rank_introductions(ledger(), ["R"])["reason"].iloc[0]
        again = rank_introductions(ledger(), ["R"], language="zh")["reason"].iloc[0]
    assert again == plain != english


def test_an_error_in_the_block_takes_the_option_away():
    with pytest.raises(KeyError), options(language="en"):
        raise KeyError
    assert language_for(None) == "zh"


def test_another_thread_keeps_its_own_options():
    seen = []
    with options(language="en"):
        thread = threading.Thread(target=lambda: seen.append(language_for(None)))
        thread.start()
        thread.join()
    assert seen == ["zh"]


def test_another_language_is_refused():
    with pytest.raises(ValueError, match="expected language 'zh' or 'en', got 'fr'"), options(language="fr"):
        pass
