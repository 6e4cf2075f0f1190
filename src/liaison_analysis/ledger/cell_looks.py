"""What names of enterprises, names of departments and requests look like in the cells of a ledger."""

from __future__ import annotations

import re
from typing import Final

#: Number of cells by which the content of a column is judged; judgement.
SAMPLED: Final = 200
#: How names of enterprises and institutions end.
FIRM_NAME: Final = re.compile(
    r"(公司|集团|厂|店|中心|合作社|研究院|研究所|银行|支行|分行|学院|大学|医院|事务所|协会|经营部|商行)([(（].*[)）])?$"
    r"|(?:Ltd|Limited|Inc|GmbH|LLC|Corp|Corporation|Company|PLC)\.?$"
)
#: How names of departments end, where they are known to be such.
BUREAU: Final = re.compile(r"(局|委|办|部|处|科|所|队|公司|中心|管委会|办公室|街道)$")
#: The same for a column or heading that says nothing more: firms and teams may be anything there.
OFFICE_NAME: Final = re.compile(
    r"(局|委|办|部|处|科|管委会|办公室|街道|海关|支队|大队|总队|供电公司|水务公司|燃气公司|热力公司|公交公司)$"
)
#: Words of a request.
REQUEST: Final = re.compile(r"希望|请|建议|协调|解决|申请|需要|困难|不足|问题|诉求|不够|缺|难|能否|求")
