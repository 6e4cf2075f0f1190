"""Roles of a counterpart: who can fill them, how they are called, which side sells."""

import pytest

from liaison_analysis.demands.intent_model import INTENTS
from liaison_analysis.introductions.roles import (
    COMPLEMENT,
    PAIR,
    ROLE_NAMES,
    ROLES,
    SERVICE_NAMES,
    SERVICE_ROLES,
    sides,
)


def test_seeker_sells_to_customers_and_buys_from_all_others():
    assert sides("customer") == ["seeker_id", "counterpart_id"]
    for role in set(ROLES) - {"customer"}:
        assert sides(role) == ["counterpart_id", "seeker_id"]
    assert PAIR == ["seeker_id", "counterpart_id"]  # not turned over in passing


def test_each_role_is_asked_for_by_an_intent_of_its_own():
    assert set(ROLES.values()) <= set(INTENTS)
    assert len(set(ROLES.values())) == len(ROLES)


def test_roles_are_of_trade_or_of_service():
    assert {COMPLEMENT[COMPLEMENT[role]] for role in COMPLEMENT} == {"customer", "supplier"}
    assert all(COMPLEMENT[role] != role for role in COMPLEMENT)
    assert set(COMPLEMENT) | set(SERVICE_ROLES) == set(ROLES)
    assert not set(COMPLEMENT) & set(SERVICE_ROLES)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_role_and_every_service_has_a_name_of_its_own(language):
    assert set(ROLE_NAMES[language]) == {*ROLES, "seeker"}
    assert set(SERVICE_NAMES[language]) == set(SERVICE_ROLES)
    for names in (ROLE_NAMES[language], SERVICE_NAMES[language]):
        assert len(set(names.values())) == len(names)


@pytest.mark.parametrize(
    ("product", "roles"),
    [
        ("银行授信", {"financier"}),
        ("融资租赁", {"financier"}),
        ("商业保理", {"financier"}),
        ("供应链金融", {"financier"}),
        ("财产保险", {"financier"}),
        ("机器人检测认证", {"tester"}),
        ("仪器校准", {"tester"}),
        ("环境试验", {"tester"}),
        ("整车测评", {"tester"}),
        ("软件测试", {"tester"}),
        # Packaging and testing chips is making chips, and a clinical trial tests no machine.
        ("芯片封装测试", set()),
        ("临床试验服务", {"research partner"}),
        ("委托研发", {"research partner"}),
        ("工业机器人", set()),
    ],
)
def test_words_of_a_service_say_its_role(product, roles):
    assert {role for role, (_, words) in SERVICE_ROLES.items() if words.search(product)} == roles
