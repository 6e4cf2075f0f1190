"""Products that demands ask for, on a ledger small enough to work out by hand."""

from helpers.small_ledger import frame, ledger

from liaison_analysis.supply_chain.sought import asked_products, sought_products


def test_products_sought_are_those_asked_for_and_not_ones_own():
    found = sought_products(ledger())
    assert found.to_numpy().tolist() == [
        ["G", "伺服电机", "supplier", "D3", 1.0],
        ["M", "力矩传感器", "supplier", "D5", 1.0],
        # D1 names the seeker's own robots too; 主机厂 is a trade word, hence 0.8. D6 asks for nobody.
        ["R", "新能源乘用车", "customer", "D1", 0.8],
        # Two demands for the same: the highest score, then the first id.
        ["V", "电池包", "supplier", "D2", 1.0],
    ]


def test_with_both_intents_the_chain_decides_between_customer_and_supplier():
    both = frame(
        "demands",
        ["demand_id", "enterprise_id", "raised_on", "text"],
        [("D1", "R", "2022-01-05", "伺服电机断货，要找供应商；另外订单不足，想找焊装生产线厂家做客户。")],
    )
    led = ledger(demands=both)
    assert asked_products(led, "customer")["product"].tolist() == ["焊装生产线"]
    assert asked_products(led, "supplier")["product"].tolist() == ["伺服电机"]
    # What is an input and comes out again as well can be asked for either way.
    chain = [("伺服电机", "工业机器人", "part"), ("工业机器人", "伺服电机", "equipment")]
    circle = frame("product_chain", ["upstream", "downstream", "relation"], chain)
    led = ledger(demands=both, product_chain=circle)
    for intent in ("customer", "supplier"):
        assert "伺服电机" in set(asked_products(led, intent)["product"])
