"""The words that mentions are found by, and what each means: products, industries, enterprises, towns."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import defaultdict
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from liaison_analysis.ledger import as_ledger, ledger_catalogue
from liaison_analysis.products import GENERAL

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from liaison_analysis.ledger import Ledger

#: Scores of matches, by reliability (judgement): the vocabulary's own word, a trade word for it, a last word
#: that several products share.
EXACT_SCORE: Final = 1.0
TRADE_WORD_SCORE: Final = 0.8
SHARED_ENDING_SCORE: Final = 0.5
# A last word that more products share than this is too broad for an introduction (judgement).
_MOST_PRODUCTS: Final = 8
_TOO_BROAD: Final = frozenset([
    "系统", "设备", "服务", "材料", "生产线", "装配线", "总装线", "部件", "零件", "总成", "平台",
    "产品", "合金", "制品", "机构", "组件", "试验", "装置", "软件", "测试", "检测", "认证",
    "加工", "终端", "合作", "机器", "仪器", "工具", "车间", "板材",
])  # fmt: skip
#: A meaning of a word: kind, value, score, and the intent a text must have for it ("" for any).
Meaning = tuple[str, str, float, str]


def products_of(ledger: Ledger) -> list[str]:
    """Every product of the completed ledger's offers and product chain, sorted.

    Parameters
    ----------
    ledger
        Any ledger.

    Returns
    -------
    list of str
        Names of products, each once.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> "工业机器人" in products_of(load_liangjiang())
    True
    """
    ledger = as_ledger(ledger)
    ledger = ledger.completed
    chain = ledger.product_chain
    return sorted({*ledger.offers["product"], *chain["upstream"], *chain["downstream"]})


class _Folds(dict[int, str]):
    """Width and case folded character by character; a character that would become longer stays as it is."""

    def __missing__(self, code: int) -> str:
        """Fold a character when it is met first."""
        folded = unicodedata.normalize("NFKC", chr(code)).upper()
        self[code] = folded if len(folded) == 1 else chr(code)
        return self[code]


_FOLDS: Final = _Folds()


def fold(text: str) -> str:
    """Text in one width and case, as long as before, so that places in it stay what they are."""
    return text.translate(_FOLDS)


# A space or hyphen beside a letter or digit of a name, that people write or leave out: RV-减速器, RV 减速器.
_JOINTS: Final = re.compile(
    r"(?<=[0-9A-Z])[\s\-‐-―_·]{1,2}(?=[\u4e00-\u9fff0-9A-Z])|(?<=[\u4e00-\u9fff])[\s\-‐-―_·]{1,2}(?=[0-9A-Z])"
)


def without_joints(folded: str) -> tuple[str, list[int]]:
    """Folded text without spaces and hyphens inside names, and the place of each character that is left."""
    if not _JOINTS.search(folded):
        return folded, []
    gone = {place for joint in _JOINTS.finditer(folded) for place in range(*joint.span())}
    places = [i for i in range(len(folded)) if i not in gone]
    return "".join(folded[i] for i in places), places


def _word(written: str) -> str:
    """Key of a word of the vocabulary."""
    return without_joints(fold(written))[0]


def meanings_by_word(ledger: Ledger) -> dict[str, list[Meaning]]:
    """Meanings of each folded word; a word with a meaning of a higher score has none of a lower."""
    products = products_of(ledger)
    words: dict[str, list[Meaning]] = defaultdict(list)
    for product in products:
        words[_word(product)].append(("product", product, EXACT_SCORE, ""))
    named = [("enterprise", *row) for row in _rows(ledger.enterprises, "enterprise_id", "name")]
    named += [("enterprise", *row) for row in _rows(ledger.aliases, "enterprise_id", "alias")]
    named += [("town", town, town) for town in sorted(ledger.enterprises["town"].dropna().unique())]
    for kind, value, name in named:
        words[_word(name)].append((kind, value, EXACT_SCORE, ""))
    for further in (_trade_words(products), _catalogue_words(ledger, products)):
        words.update({word: meanings for word, meanings in further.items() if meanings and word not in words})
    for industry in _table("industries.csv"):
        for word, score in [
            (industry["name"], EXACT_SCORE),
            *((w, TRADE_WORD_SCORE) for w in industry["words"].split()),
        ]:
            words[_word(word)].append(("industry", industry["code"], score, ""))
    for word, meant in sorted(_shared_endings(products).items()):
        if _word(word) not in words:
            words[_word(word)] += [("product", product, SHARED_ENDING_SCORE, "") for product in meant]
    return {word: meanings for word, meanings in words.items() if meanings}


def _rows(frame: pd.DataFrame, *columns: str) -> Iterator[tuple[str, str]]:
    return frame[list(columns)].itertuples(index=False, name=None)


def _table(name: str) -> list[dict[str, str]]:
    return list(
        csv.DictReader(files("liaison_analysis.demands").joinpath(name).read_text("utf-8").splitlines())
    )


def _trade_words(products: list[str]) -> dict[str, list[Meaning]]:
    """Words that the trade uses, folded: the product they mean, or the products that end in it."""
    entries = _table("trade_words.csv")
    named = set(products)
    # Indexed by length of the ending, since a search of every product for every trade word is slow with
    # 90,000.
    ending: dict[str, list[str]] = defaultdict(list)
    for length in {len(entry["means"]) for entry in entries}:
        for product in products:
            if len(product) >= length:
                ending[product[-length:]].append(product)
    words: dict[str, list[Meaning]] = {}
    for entry in entries:
        means = entry["means"]
        meant = [means] if means in named else ending.get(means, [])
        words[_word(entry["word"])] = [
            ("product", product, TRADE_WORD_SCORE, entry["intent"]) for product in meant
        ]
    return words


def _catalogue_words(ledger: Ledger, products: list[str]) -> dict[str, list[Meaning]]:
    """Other words for products, folded: the ledger's synonyms, and the general chain's if it is used.

    A word for what several offered products are kinds of (机器人 for 协作机器人) means these, with the score
    of a shared last word.
    """
    words: dict[str, list[Meaning]] = {}
    for term, product in _rows(ledger.synonyms, "term", "product"):
        known = product in products
        words[_word(term)] = [("product", product, TRADE_WORD_SCORE, "")] if known else []
    if ledger.product_chain["source"].eq(GENERAL).any():
        catalogue, offered = ledger_catalogue(ledger), sorted(set(ledger.offers["product"]))
        spellings, kinds = catalogue.spellings(products), catalogue.kinds_among(offered)
        for term, name in catalogue.text_terms():
            if name in spellings:
                meant = [("product", product, TRADE_WORD_SCORE, "") for product in spellings[name]]
            else:
                meant = [("product", product, SHARED_ENDING_SCORE, "") for product in kinds.get(name, ())]
            if 0 < len(meant) <= _MOST_PRODUCTS:
                words.setdefault(_word(term), meant)
    return words


def _shared_endings(products: list[str]) -> dict[str, list[str]]:
    """Last two to four characters that two to eight products share, and these products."""
    endings: dict[str, list[str]] = defaultdict(list)
    for product in products:
        for length in range(2, min(5, len(product))):
            endings[product[-length:]].append(product)
    return {e: p for e, p in endings.items() if 2 <= len(p) <= _MOST_PRODUCTS and e not in _TOO_BROAD}
