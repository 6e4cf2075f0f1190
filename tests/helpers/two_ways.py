"""Firms that two routes of the chain connect."""

# 铜 goes into 线 and 板, both into 机, which goes into 车; 线 is made by b alone, 板 by c and d.
TWO_WAYS = [
    ("铜", "线", "material"),
    ("铜", "板", "material"),
    ("线", "机", "part"),
    ("板", "机", "part"),
    ("机", "车", "part"),
]


FIRMS = [("a", "铜"), ("b", "线"), ("c", "板"), ("d", "板"), ("e", "机"), ("f", "车")]
