"""A ledger whose product chain has tiers, for tests of the chain."""

from helpers.small_ledger import frame

from liaison_analysis.ledger.model import Ledger


def tiers(offers, chain, towns=None):
    """A ledger of enterprises a, b, … in one town, unless given otherwise, and what they make."""
    firms = sorted({firm for firm, _ in offers})
    towns = towns or {}
    return Ledger(
        enterprises=frame(
            "enterprises",
            ["enterprise_id", "name", "town"],
            [(firm, f"企业{firm}", towns.get(firm, "水土")) for firm in firms],
        ),
        offers=frame("offers", ["enterprise_id", "product"], offers),
        product_chain=frame("product_chain", ["upstream", "downstream", "relation"], chain),
    )


CHAIN = [
    ("矿", "铜", "material"),
    ("铜", "线", "material"),
    ("线", "机", "part"),
    ("床", "线", "equipment"),
    ("机", "车", "part"),
    ("床", "机", "service"),
]
