"""Eighteen texts about three matters, six each."""

from __future__ import annotations

import numpy as np

PARKING = [
    "园区停车位不足",
    "厂区没地方停车",
    "车位太少,员工乱停",
    "停车场收费太贵",
    "地下车库停不下",
    "想多划些停车位",
]
LOANS = [
    "贷款利率太高",
    "银行不给贷款",
    "没有抵押物贷款难",
    "银行贷款审批慢",
    "想申请贷款贴息",
    "流动资金贷款到期",
]
SCHOOL = [
    "员工孩子上小学难",
    "幼儿园学位不够",
    "子女转学办不了",
    "孩子入学要排队",
    "小学离园区太远",
    "希望建一所小学",
]
TEXTS = PARKING + LOANS + SCHOOL
TRUTH = np.repeat([0, 1, 2], 6)
