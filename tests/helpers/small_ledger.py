"""A robot maker and its chain, small enough to work out by hand."""

import pandas as pd

from liaison_analysis.ledger.frames import typed
from liaison_analysis.ledger.model import Ledger


def frame(table: str, columns: list[str], rows: list[tuple]) -> pd.DataFrame:
    return typed(table, pd.DataFrame(rows, columns=columns))


def ledger(**changes: pd.DataFrame) -> Ledger:
    tables = {
        "enterprises": frame(
            "enterprises",
            ["enterprise_id", "name", "town", "category", "is_synthetic"],
            [
                ("R", "甲机器人", "水土", "四上", True),
                ("V", "乙整车", "鱼复", None, True),
                ("G", "丙减速器", "水土", None, True),
                ("W", "丁焊装", None, None, True),
                ("M", "戊电机", None, None, True),
            ],
        ),
        "offers": frame(
            "offers",
            ["enterprise_id", "product", "weight"],
            [
                ("R", "工业机器人", 0.8),
                ("V", "新能源乘用车", None),
                ("G", "谐波减速器", 0.5),
                ("W", "焊装生产线", 1.0),
                ("M", "伺服电机", 0.3),
            ],
        ),
        "product_chain": frame(
            "product_chain",
            ["upstream", "downstream", "relation"],
            [
                ("谐波减速器", "工业机器人", "part"),
                ("伺服电机", "工业机器人", "part"),
                ("力矩传感器", "工业机器人", "part"),
                ("工业机器人", "焊装生产线", "equipment"),
                ("焊装生产线", "新能源乘用车", "equipment"),
                ("电池包", "新能源乘用车", "part"),
            ],
        ),
        "supplies": frame("supplies", ["supplier_id", "customer_id", "product"], [("G", "R", "谐波减速器")]),
        "demands": frame(
            "demands",
            ["demand_id", "enterprise_id", "raised_on", "text"],
            [
                ("D1", "R", "2022-01-05", "想认识主机厂，把工业机器人卖进去"),
                ("D2", "V", "2022-02-05", "电池包断货，找新的供应商"),
                ("D3", "G", "2022-03-05", "伺服电机缺货，哪里有现货"),
                ("D4", "V", "2022-04-05", "电池包又缺货了，求购现货"),
                ("D5", "M", "2022-04-06", "力矩传感器断货"),
                ("D6", "R", "2022-04-07", "新能源乘用车停不下，缺车位"),
            ],
        ),
    }
    return Ledger(**(tables | changes))
