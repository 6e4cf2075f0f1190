"""Tables of a ledger with offers, as they would stand in a workbook."""


def ledger_with_offers() -> dict[str, dict[str, list[str]]]:
    chain = {"upstream": ["工业机器人"], "downstream": ["整车"], "relation": ["equipment"]}
    enterprises = {
        "enterprise_id": [f"E{i}" for i in range(1, 7)],
        "name": ["华数机器人", "赛力斯", "=力帆", "招商银行", "检测中心", "研究院"],
        "category": ["专精特新", "四上", "四上", "金融机构", "检测机构", "科研院所"],
    }
    offers = {"enterprise_id": ["E1", "E2", "E3"], "product": ["工业机器人", "整车", "整车"]}
    demands = {
        "demand_id": ["D1"], "enterprise_id": ["E1"], "raised_on": ["2022-03-05"], "status": ["collected"],
        "text": ["希望对接整车企业,拓展工业机器人在汽车行业的客户"], "in_remit": ["true"],
    }  # fmt: skip
    return {"enterprises": enterprises, "offers": offers, "demands": demands, "product_chain": chain}
