"""What can be done about a gap of the chain, and the reason in words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from liaison_analysis._options import language_for

if TYPE_CHECKING:
    import pandas as pd

    from liaison_analysis.ledger import Ledger

#: What can be done about a gap: make contact with a maker near by, attract a maker, buy jointly, or import
#: the product.
ACTIONS: Final = ("near by", "attract", "buy jointly", "import")
# Smallest numbers of enterprises that need a product, and that gain by it, for attracting a maker; and
# smallest number for joint buying (judgement: a plant is not built for one customer).
_ATTRACT: Final = (5, 10)
_TOGETHER: Final = 2
# Words of a demand to buy jointly with others, and of a demand whose product comes from abroad.
_JOINTLY: Final = re.compile("拼着买|拼单|一起买|一起采购|合着买|凑单|打捆|联合采购|团购|集采")
_ABROAD: Final = re.compile("进口|国外|洋货|海外|从(?:日本|德国|美国|韩国|台湾)")
_ACTION_WORDS: Final = {
    "zh": {
        "near by": "名册中外地的{nearest}生产，可就近对接",
        "attract": "本地{n}家在用、{gain}家受益，无人生产，可招引",
        "buy jointly": "本地{n}家都要，用量分散，可联合采购",
        "jointly": "诉求说愿与别家合买（{quote}），可联合采购",
        "import": "只有{n}家要，从外地引入",
        "abroad": "只有{n}家要，诉求说现用进口（{quote}），从境外或外地引入",
        "asked": "；{asked}条诉求点名",
    },
    "en": {
        "near by": "{nearest}, elsewhere in the roster, makes it: make contact",
        "attract": "{n} here need it, {gain} gain, nobody makes it: attract a maker",
        "buy jointly": "{n} here need it, each a little: buy together",
        "jointly": "a demand would buy with others ({quote}): buy together",
        "import": "{n} here needs it: bring it in from elsewhere",
        "abroad": "{n} here needs it, and has it from abroad by its demand ({quote}): bring it in",
        "asked": "; named by demands: {asked}",
    },
}


def choose_actions(ledger: Ledger, gaps: pd.DataFrame, asked: pd.DataFrame) -> tuple[list[str], list[str]]:
    """Choose what can be done about each gap, and give the reason."""
    words = _ACTION_WORDS[language_for(None)]
    texts = ledger.demands.set_index("demand_id")["text"]
    abroad: dict[str, str] = {}
    jointly: dict[str, str] = {}
    for product, demand in asked[["product", "demand_id"]].itertuples(index=False):
        for pattern, quotes in ((_ABROAD, abroad), (_JOINTLY, jointly)):
            found = pattern.search(str(texts[demand]))
            if found:
                quotes.setdefault(product, found[0])
    actions, evidence = [], []
    columns = ["product", "nearest", "n_enterprises", "n_beneficiaries", "asked_for"]
    for product, nearest, n, gain, n_asked in gaps[columns].itertuples(index=False):
        if nearest:
            action = wording = "near by"
        elif product in jointly:
            action, wording = "buy jointly", "jointly"
        elif n >= _ATTRACT[0] and gain >= _ATTRACT[1]:
            action = wording = "attract"
        elif n >= _TOGETHER:
            action = wording = "buy jointly"
        else:
            action, wording = "import", "abroad" if product in abroad else "import"
        quotes = jointly if wording == "jointly" else abroad
        text = words[wording].format(nearest=nearest, n=n, gain=gain, quote=quotes.get(product, ""))
        actions.append(action)
        evidence.append(text + (words["asked"].format(asked=n_asked) if n_asked else ""))
    return actions, evidence
