"""New suppliers from known links: who is ranked, why, and what is refused."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from sklearn.exceptions import NotFittedError

from liaison_analysis import SupplyLinkModel, load_liangjiang
from liaison_analysis.link_prediction.choice_model import ChoiceModel
from liaison_analysis.link_prediction.explanations import ThreeLinkPaths


def grown(seed=0, n=240, periods=6):
    """Firms in groups of six tiers; each snapshot adds links between neighbouring tiers of a group."""
    rng = np.random.default_rng(seed)
    group, tier = np.arange(n) % 8, np.arange(n) // 8 % 6
    rows = []
    known = set()
    for period in range(periods):
        for _ in range(260 if period == 0 else 90):
            customer = int(rng.integers(n))
            fits = np.flatnonzero((group == group[customer]) & (tier == tier[customer] - 1))
            if len(fits):
                known.add((int(rng.choice(fits)), customer))
        rows += [(f"F{s:03d}", f"F{c:03d}", f"{2018 + period}-06-30") for s, c in sorted(known)]
    return pd.DataFrame(rows, columns=["supplier_id", "customer_id", "snapshot"])


@pytest.fixture(scope="module")
def links():
    return grown()


@pytest.fixture(scope="module")
def model(links):
    return SupplyLinkModel(random_state=3).fit(links)


@pytest.fixture(scope="module")
def choosing(links):
    """The same, by a choice model whether or not it gains anything here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ChoiceModel, "outperforms", lambda *_: True)
        yield SupplyLinkModel(random_state=3).fit(links)


def test_a_choice_model_says_so_and_is_the_same_again(links, choosing):
    assert "a choice model of" in choosing.note_
    assert sum(choosing.weights_.values()) == pytest.approx(1)
    assert choosing.weights_["firm"] > 0
    again = SupplyLinkModel(random_state=3).fit(links.sample(frac=1, random_state=5))
    assert again.rank(["F100"]).to_csv() == choosing.rank(["F100"]).to_csv()
    found = choosing.rank(sorted(set(links["customer_id"])), k=1, reasons=False)
    number = {role: found[f"{role}_id"].str[1:].astype(int) for role in ("supplier", "customer")}
    assert (number["supplier"] % 8 == number["customer"] % 8).mean() > 0.85


def test_it_finds_the_group_and_the_tier(links, model):
    assert model.learned_
    assert "new links of 3 snapshots" in model.note_
    assert sum(model.weights_.values()) == pytest.approx(1)
    customers = sorted(set(links["customer_id"]))
    found = model.rank(customers, k=1, reasons=False)
    number = {role: found[f"{role}_id"].str[1:].astype(int) for role in ("supplier", "customer")}
    same = number["supplier"] % 8 == number["customer"] % 8
    above = number["supplier"] // 8 % 6 == number["customer"] // 8 % 6 - 1
    # By chance one firm in 48 is both.
    assert (same & above).mean() > 0.85


def test_a_ranking_is_tidy_and_without_known_links(links, model):
    found = model.rank(["F060", "F010", "F060"], k=7)
    assert found.columns.tolist() == ["customer_id", "supplier_id", "score", "rank", "reason"]
    assert found["customer_id"].tolist() == ["F010"] * 7 + ["F060"] * 7
    assert found["rank"].tolist() == [*range(1, 8)] * 2
    assert found.groupby("customer_id")["score"].is_monotonic_decreasing.all()
    known = set(zip(links["supplier_id"], links["customer_id"], strict=True))
    everyone = model.rank(sorted(set(links["customer_id"])), k=10_000, reasons=False)
    pairs = list(zip(everyone["supplier_id"], everyone["customer_id"], strict=True))
    assert not set(pairs) & known
    assert not everyone["supplier_id"].eq(everyone["customer_id"]).any()
    assert len(pairs) == len(set(pairs))
    assert everyone["reason"].eq("").all()


def test_same_input_same_bytes(links, model):
    shuffled = links.sample(frac=1, random_state=5)
    again = SupplyLinkModel(random_state=3).fit(shuffled)
    assert again.rank(["F100", "F011"]).to_csv() == model.rank(["F011", "F100"]).to_csv()


def path_in_words(model, way, known):
    """The links of a path as pairs that are known, and as the reason says them."""
    pairs, steps = [], []
    for one, other in pairwise(model._firms[way]):
        forth = (other, one) in known
        assert forth or (one, other) in known
        pairs += [pair for pair in ((other, one), (one, other)) if pair in known]
        steps.append(f"{other} supplies {one}" if forth else f"{other} buys from {one}")
    return pairs, " → ".join(steps)


def assert_paths_matter(model, found, known):
    """Without its path, each pair found scores lower."""
    code = model._firms.get_indexer
    for row in found.itertuples():
        way = ThreeLinkPaths(model._graph, code([row.customer_id])[0]).to(code([row.supplier_id])[0])
        pairs, _ = path_in_words(model, way, known)
        left = model.without(pairs or [(row.customer_id, row.supplier_id)])
        after = left.rank([row.customer_id], k=10_000, reasons=False).set_index("supplier_id")["score"]
        assert after.get(row.supplier_id, 0) < row.score


@pytest.mark.parametrize("learnt", ["not", "blend", "choice"])
def test_every_reasons_path_exists_and_lowers_the_score_when_taken_away(links, model, choosing, learnt):
    if learnt == "choice":
        model = choosing
    if learnt == "not":
        links = links[links["snapshot"].eq(links["snapshot"].max())]
        model = SupplyLinkModel().fit(links)
    known = set(zip(links["supplier_id"], links["customer_id"], strict=True))
    found = model.rank(sorted(set(links["customer_id"]))[::9], k=10, language="en")
    assert len(found) > 150
    code = model._firms.get_indexer
    for customer, rows in found.groupby("customer_id"):
        paths = ThreeLinkPaths(model._graph, code([customer])[0])
        for row in rows.itertuples():
            pairs, steps = path_in_words(model, paths.to(code([row.supplier_id])[0]), known)
            reverse = (customer, row.supplier_id) in known
            assert pairs or reverse
            assert steps in row.reason
            assert reverse == ("the other way round" in row.reason)
            left = model.without([*pairs, *[(customer, row.supplier_id)] * reverse])
            after = left.rank([customer], k=10_000, reasons=False).set_index("supplier_id")["score"]
            assert after.get(row.supplier_id, 0) < row.score
            if reverse and pairs:
                after = model.without(pairs).rank([customer], k=10_000, reasons=False)
                assert after.set_index("supplier_id")["score"].get(row.supplier_id, 0) < row.score


def test_most_paths_matter_when_sizes_are_counted_anew_too(links):
    links = links[links["snapshot"].eq(links["snapshot"].max())]
    model = SupplyLinkModel().fit(links)
    known = set(zip(links["supplier_id"], links["customer_id"], strict=True))
    found = model.rank(sorted(set(links["customer_id"]))[::20], k=3, reasons=False)
    code = model._firms.get_indexer
    fell = []
    for row in found.itertuples():
        way = ThreeLinkPaths(model._graph, code([row.customer_id])[0]).to(code([row.supplier_id])[0])
        pairs, _ = path_in_words(model, way, known)
        pairs = pairs or [(row.customer_id, row.supplier_id)]
        gone = pd.MultiIndex.from_tuples(pairs)
        left = links[~pd.MultiIndex.from_frame(links[["supplier_id", "customer_id"]]).isin(gone)]
        again = SupplyLinkModel().fit(left)
        again._ranking = replace(again._ranking, floor=model._ranking.floor)
        after = pd.Series(dtype=float)
        if row.customer_id in set(left["customer_id"]) | set(left["supplier_id"]):
            after = again.rank([row.customer_id], k=10_000, reasons=False).set_index("supplier_id")["score"]
        fell.append(after.get(row.supplier_id, 0) < row.score)
    # A firm with a link less passes more on by its others.
    assert np.mean(fell) > 0.75


def test_reasons_in_chinese_with_names_reverse_and_growth():
    links = pd.DataFrame(
        [
            (1, 2, "2023-06-30"), (1, 3, "2023-06-30"), (4, 3, "2023-06-30"),
            (2, 4, "2023-06-30"), (9, 8, "2023-06-30"), (9, 7, "2023-06-30"),
        ],
        columns=["supplier_id", "customer_id", "snapshot"],
    )  # fmt: skip
    model = SupplyLinkModel().fit(links)
    found = model.rank([2], names={2: "甲厂", 1: "乙厂", 4: "丁厂"}).set_index("supplier_id")["reason"]
    assert found[4].startswith(
        "甲厂已向丁厂供货，方向相反；甲厂的供应商乙厂→乙厂的客户3→3的供应商丁厂；丁厂近两期新增1家客户"
    )
    assert found[4].endswith("（权重未经学习）")
    assert 9 not in found.index  # no known link leads there, however it grows


def test_small_and_odd_inputs():
    three = pd.DataFrame(
        {"supplier_id": [5, 5, 6], "customer_id": [7, 8, 8], "snapshot": pd.Timestamp("2024-06-30")}
    )
    model = SupplyLinkModel().fit(three)
    assert not model.learned_
    assert "1 snapshots with 0 new links" in model.note_
    assert model.rank([7], k=1)["supplier_id"].tolist() == [6]
    assert model.rank([]).columns.tolist() == ["customer_id", "supplier_id", "score", "rank", "reason"]
    nobody = SupplyLinkModel().fit(three[:0])
    assert nobody.rank([]).empty
    with pytest.raises(ValueError, match=r"got \['X', 9\]"):
        model.rank(["X", 9, 7])
    with pytest.raises(ValueError, match="k of 1 or more, got 0"):
        model.rank([7], k=0)
    with pytest.raises(ValueError, match="got 'fr'"):
        model.rank([7], language="fr")


def test_wrong_tables_are_named_in_the_error():
    good = pd.DataFrame({"supplier_id": ["a"], "customer_id": ["b"], "snapshot": ["2024"]})
    with pytest.raises(ValueError, match=r"missing \['customer_id', 'snapshot'\]"):
        SupplyLinkModel().fit(good[["supplier_id"]])
    with pytest.raises(ValueError, match=r"empty values, by column: \{'supplier_id': 1\}"):
        SupplyLinkModel().fit(good.assign(supplier_id=None))
    with pytest.raises(ValueError, match=r"one type, got \['int', 'str'\]"):
        SupplyLinkModel().fit(good.astype(object).assign(supplier_id=1))
    with pytest.raises(ValueError, match="give offers too"):
        SupplyLinkModel().fit(good, chain=pd.DataFrame({"upstream": ["x"], "downstream": ["y"]}))


def test_products_show_what_links_do_not():
    links = pd.DataFrame({"supplier_id": ["a", "c"], "customer_id": ["b", "d"], "snapshot": "2024"})
    offers = pd.DataFrame(
        [("a", "steel"), ("b", "gear"), ("c", "glass"), ("d", "car"), ("z", "glass")],
        columns=["enterprise_id", "product"],
    )
    chain = pd.DataFrame({"upstream": ["gear", "steel"], "downstream": ["car", "gear"]})
    model = SupplyLinkModel().fit(links, offers=offers, chain=chain)
    found = model.rank(["d"], k=1, language="en")
    assert found["supplier_id"].tolist() == ["b"]
    assert "gear of b goes into car of d" in found["reason"].iloc[0]
    assert found["score"].iloc[0] > 0
    # Without the match nothing leads from one to the other.
    assert SupplyLinkModel().fit(links, offers=offers, chain=chain[1:]).rank(["d"]).empty


def test_the_sample_ledgers_supplies_will_do():
    ledger = load_liangjiang()
    supplies = ledger.supplies.rename(columns={"since": "snapshot"})
    model = SupplyLinkModel().fit(
        supplies, offers=ledger.offers, chain=ledger.product_chain, firms=ledger.enterprises
    )
    customer = supplies["customer_id"].mode().iloc[0]
    found = model.rank([customer], k=5, names=ledger.names().to_dict())
    assert len(found) == 5
    known = supplies.loc[supplies["customer_id"].eq(customer), "supplier_id"]
    assert not found["supplier_id"].isin(known).any()


def test_what_cannot_be_taken_away_is_refused(model):
    with pytest.raises(ValueError, match=r"links that are known, got \[\('F001', 'nobody'\)\]"):
        model.without([("F001", "nobody")])


def test_paths_matter_beside_listed_and_guessed_products_too(links):
    firms = sorted({*links["supplier_id"], *links["customer_id"]})
    number = pd.Series(firms).str[1:].astype(int)
    made = pd.DataFrame(
        {"enterprise_id": firms, "product": (number % 8 * 10 + number // 8 % 6).astype("str")}
    )
    few = links[links["snapshot"].eq(links["snapshot"].max())]
    model = SupplyLinkModel().fit(few, offers=made[number % 3 > 0])
    known = set(zip(few["supplier_id"], few["customer_id"], strict=True))
    found = model.rank(sorted(set(few["customer_id"]))[::40], k=5, reasons=False)
    assert len(found) == 25
    assert_paths_matter(model, found, known)


def towns_of(links, odds, seed=1):
    """Firms of four towns, and links of which those within a town stay more often."""
    rng = np.random.default_rng(seed)
    firms = pd.unique(links[["supplier_id", "customer_id"]].to_numpy().ravel())
    town = pd.Series(rng.choice(["东镇", "南镇", "西镇", "北镇"], len(firms)), index=firms)
    pairs = links[["supplier_id", "customer_id"]].drop_duplicates()
    same = pairs["supplier_id"].map(town).eq(pairs["customer_id"].map(town))
    kept = pairs[same | (rng.random(len(pairs)) < 1 / odds)]
    left = links.merge(kept, on=["supplier_id", "customer_id"])
    return left, town.rename_axis("enterprise_id").reset_index(name="town")


def test_customers_that_prefer_their_town_are_ranked_so(links):
    near, firms = towns_of(links, odds=6)
    model = SupplyLinkModel().fit(near, firms=firms)
    assert np.exp(model._graph.locality) == pytest.approx(6, rel=0.35)
    assert model.weights_["place"] > 0
    assert sum(model.weights_.values()) == pytest.approx(1)
    customers = sorted(set(near["customer_id"]))
    town = firms.set_index("enterprise_id")["town"]

    def within(found):
        return found["supplier_id"].map(town).eq(found["customer_id"].map(town))

    found = model.rank(customers, k=3, language="en")
    before = SupplyLinkModel().fit(near).rank(customers, k=3, reasons=False)
    assert within(found).mean() > within(before).mean() + 0.05
    assert found["reason"].str.contains("is in the same town as").equals(within(found))
    chinese = model.rank(customers[:1], k=1)["reason"].iloc[0]
    assert ("同镇街" in chinese) == within(model.rank(customers[:1], k=1)).iloc[0]


def test_a_path_taken_away_lowers_the_score_with_towns_too(links):
    near, firms = towns_of(links, odds=6)
    model = SupplyLinkModel().fit(near, firms=firms)
    known = set(zip(near["supplier_id"], near["customer_id"], strict=True))
    found = model.rank(sorted(set(near["customer_id"]))[::20], k=4, reasons=False)
    assert len(found) >= 20
    assert_paths_matter(model, found, known)


@pytest.mark.parametrize("blank", [False, True])
def test_towns_without_a_preference_change_nothing(links, model, blank):
    _, firms = towns_of(links, odds=1)
    firms = firms.assign(town=" ") if blank else firms
    with_towns = SupplyLinkModel(random_state=3).fit(links, firms=firms)
    assert with_towns._graph.locality == 0
    assert with_towns.weights_ == {**model.weights_, "place": 0}
    customers = sorted(set(links["customer_id"]))[::5]
    assert with_towns.rank(customers).to_csv() == model.rank(customers).to_csv()


def test_wrong_towns_are_named_in_the_error(links):
    firms = pd.DataFrame({"enterprise_id": ["F001", "F002", "F001"], "town": ["东镇", None, "西镇"]})
    with pytest.raises(
        ValueError, match=r"one town per firm, got \[\['F001', '东镇'\], \['F001', '西镇'\]\]"
    ):
        SupplyLinkModel().fit(links, firms=firms)
    with pytest.raises(ValueError, match=r"firms: expected columns .* missing \['town'\]"):
        SupplyLinkModel().fit(links, firms=firms[["enterprise_id"]])
    with pytest.raises(ValueError, match=r"firms: empty values, by column: \{'enterprise_id': 1\}"):
        SupplyLinkModel().fit(links, firms=firms.assign(enterprise_id=[None, "F002", "F001"]))


def test_a_model_that_knows_no_links_says_so():
    for ask in (lambda: SupplyLinkModel().rank(["a"]), lambda: SupplyLinkModel().without([("a", "b")])):
        with pytest.raises(NotFittedError, match=r"call fit\(links\) first"):
            ask()
