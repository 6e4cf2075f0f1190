"""English names of the themes and groups of the packaged taxonomy."""

from __future__ import annotations

from typing import Final

#: English name of each theme and group of ``park_taxonomy``, and of what fits none.
THEME_WORDS: Final = {
    "停车与充电": "parking and charging",
    "道路与物流": "roads and freight",
    "公共交通": "public transport",
    "用电用水用气": "power, water and gas",
    "厂房与设备": "plant and equipment",
    "土地": "land",
    "通信与数字化": "networks and digitalisation",
    "环保与安全": "environment and safety",
    "融资": "finance",
    "产业政策与申报": "industrial policy and applications",
    "税费": "taxes and fees",
    "知识产权": "intellectual property",
    "招工": "recruiting",
    "培训": "training",
    "子女入学": "schooling",
    "住房与生活配套": "housing and daily life",
    "市场开拓": "finding customers",
    "上下游对接": "finding suppliers and partners",
    "检测与技术": "testing and technology",
    "手续与审批": "permits and procedures",
    "党建与活动": "party building and events",
    "法律与维权": "law and rights",
    "交通与出行": "traffic and travel",
    "要素保障": "utilities and premises",
    "资金与政策": "money and policy",
    "人才与用工": "people and labour",
    "生活服务": "daily life",
    "市场与产业链": "market and supply chain",
    "政务与服务": "administration and services",
    "其他": "others",
    "其他 others": "others",
}


def theme_name(name: object, language: str) -> str:
    """Name of a theme in one language; a theme found in the texts keeps the words of the texts.

    Examples
    --------
    >>> theme_name("停车与充电", "en"), theme_name("停车与充电", "zh"), theme_name("夜班班车", "en")
    ('parking and charging', '停车与充电', '夜班班车')
    """
    text = str(name)
    return THEME_WORDS.get(text, text) if language == "en" else text
