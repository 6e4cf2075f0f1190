"""A ledger of few products, and what a text mentions of them."""

import pandas as pd

from liaison_analysis.demands.mentions import find_mentions
from liaison_analysis.ledger.frames import typed
from liaison_analysis.ledger.model import Ledger


def small_ledger(*, chain: bool = True) -> Ledger:
    """Eight products of four enterprises."""
    made = {
        "E1": ["工业机器人", "焊接机器人"],
        "E2": ["新能源乘用车", "燃油乘用车"],
        "E3": ["RV减速器", "谐波减速器"],
        "E4": ["MCU芯片", "减速器壳体"],
    }
    offers = [(firm, product) for firm, products in made.items() for product in products]
    links = [("RV减速器", "工业机器人"), ("谐波减速器", "工业机器人"), ("伺服电机", "工业机器人")]
    tables = {
        "enterprises": typed(
            "enterprises",
            pd.DataFrame(
                {
                    "enterprise_id": ["E1", "E2", "E3", "E4"],
                    "name": ["甲机器人(重庆)有限公司", "乙汽车有限公司", "丙传动有限公司", "丁电子有限公司"],
                    "town": ["水土", "鱼复", None, "水土"],
                }
            ),
        ),
        "aliases": typed("aliases", pd.DataFrame({"enterprise_id": ["E2"], "alias": ["乙汽车"]})),
        "offers": typed("offers", pd.DataFrame(offers, columns=["enterprise_id", "product"])),
        "demands": typed(
            "demands",
            pd.DataFrame(
                {
                    "demand_id": ["D1", "D2"],
                    "enterprise_id": ["E3", "E1"],
                    "raised_on": pd.Timestamp("2022-03-01"),
                    "text": ["想认识工业机器人厂家", "路灯不亮"],
                }
            ),
        ),
    }
    if chain:
        tables["product_chain"] = typed(
            "product_chain", pd.DataFrame(links, columns=["upstream", "downstream"])
        )
    return Ledger(**tables)


def hits(text: str, kind: str = "product") -> list[tuple[str, str, float]]:
    result = find_mentions([text], small_ledger())
    result = result[result["kind"].eq(kind)]
    return [
        (text[a:b], v, s) for a, b, v, s in result[["start", "end", "value", "score"]].itertuples(index=False)
    ]
