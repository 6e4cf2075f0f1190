"""Names of groups."""

from hypothesis import given
from hypothesis import strategies as st

from liaison_analysis.text.labels import distinct_names


@given(
    st.lists(st.lists(st.sampled_from(["停车", "充电", "贷款"]), max_size=3), max_size=8),
    st.sets(st.just("停车")),
)
def test_names_are_never_empty_and_are_unique(candidates, taken):
    names = distinct_names(candidates, taken=taken)
    assert len(names) == len(candidates)
    assert all(names)
    assert len({*names, *taken}) == len(names) + len(taken)


def test_further_words_distinguish_similar_themes():
    assert distinct_names([["停车", "充电"], ["停车", "充电", "快充"]]) == ["停车、充电", "停车、充电、快充"]


def test_alike_groups_are_numbered_and_groups_without_words_fall_back():
    assert distinct_names([["停车"], ["停车"], []], taken=["停车"], fallback="集群") == [
        *("停车(2)", "停车(3)", "集群3")
    ]
