"""Choices among possible suppliers: weights are found again, and more evidence never lowers a score."""

import numpy as np
import pytest

from liaison_analysis.link_prediction.choice_model import TRAITS, ChoiceModel, Choices, traits
from liaison_analysis.link_prediction.evidence import FURTHER, candidates, sources_of
from liaison_analysis.link_prediction.history import LinkHistory
from liaison_analysis.link_prediction.link_graph import LinkGraph
from liaison_analysis.link_prediction.weighted_sum import ALWAYS


def graph(seed=0, n=60, links=240):
    rng = np.random.default_rng(seed)
    pair = np.unique(rng.integers(n * n, size=links))
    pair = pair[pair // n != pair % n]
    since, idle = rng.integers(1, 7, size=(2, len(pair)))
    return LinkGraph.of(
        LinkHistory(pair // n, pair % n, np.maximum(since, idle), np.minimum(since, idle), since, n)
    )


def ranker(known=None):
    known = known or graph()
    return ChoiceModel(known, np.full(len(sources_of(known)) + len(FURTHER), 1e-3))


def choices(weights, seed, *, customers=1500, firms=60, kept=1.0):
    """One supplier a customer, chosen with odds of exp(columns · weights); a part of the others is kept."""
    rng = np.random.default_rng(seed)
    columns = rng.normal(size=(customers * firms, len(weights))).astype(np.float32)
    odds = np.exp(columns @ weights).reshape(customers, firms)
    taken = (odds.cumsum(axis=1) < rng.random((customers, 1)) * odds.sum(axis=1, keepdims=True)).sum(axis=1)
    new = np.zeros(customers * firms, bool)
    new[np.arange(customers) * firms + taken] = True
    some = new | (rng.random(len(new)) < kept)
    customer = np.repeat(np.arange(customers), firms)[some]
    return Choices(customer, columns[some], new[some], np.where(new[some], 1, 1 / kept), customers)


@pytest.mark.parametrize("kept", [1.0, 0.3])
def test_weights_of_choices_are_found_again(kept):
    made = ranker()
    truth = np.zeros(len(made.names))
    truth[[made.names.index(name) for name in ("l3", "place of walk", "customers")]] = 1.0, 0.6, -0.8
    made.fit([choices(truth, 0, kept=kept), choices(truth, 1, kept=kept)])
    assert made.weights == pytest.approx(truth, abs=0.12)
    size = made.shares()
    assert sum(size.values()) == pytest.approx(1)
    assert size["l3"] == max(part for name, part in size.items() if name != "firm")
    assert size["walk"] > size["two"]  # places count with their evidence
    assert size["firm"] > 0.2


def test_evidence_never_counts_against_a_firm_and_paths_always_for_it():
    made = ranker()
    against = -np.ones(len(made.names))
    made.fit([choices(against, 2, customers=300)])
    values = dict(zip(made.names, made.weights.tolist(), strict=True))
    assert all(values[name] == 0 for name in ("peers", "place of walk", "rivals"))
    assert all(values[name] >= 0.049 for name in ALWAYS & values.keys())
    assert values["customers"] < -0.3


def test_a_choice_is_only_better_by_more_than_a_standard_error():
    made = ranker()
    truth = np.zeros(len(made.names))
    truth[made.names.index("place of peers")] = 1.5
    snapshots = [choices(truth, seed, customers=400) for seed in (3, 4)]
    assert made.outperforms({"l3": 1.0}, snapshots)
    assert not made.outperforms({"l3": 1.0}, snapshots[:1])  # nothing to compare by
    assert not made.outperforms({"l3": 1.0}, [])
    plain = np.zeros(len(made.names))
    plain[made.names.index("l3")] = 1.5
    assert not made.outperforms({"l3": 1.0}, [choices(plain, seed, customers=400) for seed in (5, 6)])


def test_gains_by_hand():
    values = Choices(
        np.array([1, 1, 1, 4, 4, 4]),
        np.array([[5.0], [4.0], [4.0], [1.0], [3.0], [2.0]], np.float32),
        np.array([False, True, False, True, False, True]),
        np.array([1.0, 1.0, 3.0, 1.0, 7.0, 1.0]),
        4,
    )
    # Ties rank first; new ones do not displace each other; one is not a candidate.
    assert values.gains(np.ones(1)) == pytest.approx([1 / np.log2(6), 1 / np.log2(9), 1 / np.log2(9), 0])
    # In the order of the rows, however they are ranked.
    turned = [1 / np.log2(5), 1, 1, 0]
    assert values.gains(-np.ones(1)) == pytest.approx(turned)


def test_ranks_are_computed_among_candidates_by_all_known_links():
    known = graph(1)
    made = ranker(known)
    customers = np.unique(known.history.customer)[:8]
    found = next(iter(candidates(known, customers, wide=True)))
    whole = made.columns(found, found, known.history)
    at = made.names.index("place of walk")
    walk = found.evidence[:, made.names.index("walk")]
    for customer in customers:
        rows = found.customer == customer
        ahead = (walk[rows][:, None] < walk[rows]).sum(axis=1)
        level = (walk[rows][:, None] == walk[rows]).sum(axis=1)
        assert whole[rows, at] == pytest.approx(np.log(61 / (0.5 + ahead + level / 2)))
    firm = known.supply[:, [customers[0]]].nonzero()[0][0]
    left = next(iter(candidates(known.without([(firm, customers[0])]), customers, wide=True)))
    after = made.columns(left, found, known.history)
    row = {pair: at for at, pair in enumerate(zip(found.customer, found.firm, strict=True))}
    both = [row[pair] for pair in zip(left.customer, left.firm, strict=True) if pair in row]
    mine = [at for at, pair in enumerate(zip(left.customer, left.firm, strict=True)) if pair in row]
    assert (after[mine] <= whole[both] + 1e-6).all()
    assert (after[mine] < whole[both] - 1e-6).any()


def test_scores_are_above_nothing():
    known = graph(2)
    made = ranker(known)
    made.fit([choices(np.linspace(-1, 1, len(made.names)), 7, customers=200)])
    for found, score in made.score(known, known, np.unique(known.history.customer)):
        assert (score > 0).all()
        assert len(score) == len(found.firm)


def test_traits_by_hand():
    supplier, customer = np.array([0, 0, 0, 1]), np.array([1, 2, 3, 2])
    since, idle = np.array([1, 2, 5, 1]), np.array([1, 1, 3, 1])
    values = [
        dict(zip(TRAITS, row, strict=True))
        for row in traits(LinkHistory(supplier, customer, since, idle, idle, 4))
    ]
    assert values[0]["customers"] == pytest.approx(np.log(4))
    assert values[0]["fading customers"] == pytest.approx(np.log(1 + 2 + 0.49))
    assert values[0]["share active"] == values[0]["share new"] == pytest.approx(2 / 3)
    assert (values[0]["young"], values[1]["young"], values[2]["young"]) == (0, 1, 0)
    assert (values[0]["won now"], values[1]["won by 2"], values[3]["won by 4"], values[3]["sells"]) == (
        1,
        1,
        0,
        0,
    )
    assert values[2]["suppliers"] == pytest.approx(np.log(3))
    assert values[2]["new suppliers"] == pytest.approx(np.log(2))
