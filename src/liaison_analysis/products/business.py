"""Products of firms, read from their own business texts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pandas as pd

from liaison_analysis._checks import check_frame
from liaison_analysis.products.catalogue import product_catalogue
from liaison_analysis.products.denied import without_denied
from liaison_analysis.products.terms import affixes, fold_term

if TYPE_CHECKING:
    from liaison_analysis.products.catalogue import ProductCatalogue

#: Columns of the result.
COLUMNS: Final = ["enterprise_id", "product", "weight", "evidence"]

#: Licence conditions, which every business scope (经营范围) contains and which are not informative.
_BOILERPLATE: Final = re.compile(
    r"(?:许可|一般)(?:经营)?项目[:：]?|主营业务[:：]?|主要产品[:：]?|主营[:：]?|经营范围[:：]?|主要从事|兼营[:：]?"
    r"|[（(](?:[^（）()]*(?:许可|批准|审批|危险化学品|国家法律|禁止|限制|除外|不含|须经|凭)[^（）()]*)[)）]"
    r"|依法须经批准的项目[^。；;]*|经相关部门批准后[^。；;]*|具体经营项目以[^。；;]*|除依法须经批准[^。；;]*"
    r"|凭营业执照[^。；;]*|法律、?行政法规[^。；;]*|国家限定公司经营[^。；;]*"
)
_CUTS: Final = re.compile(r"[、，,；;。/|\n：:]+|(?<=[一-鿿])(?:以及|及其|并|兼)(?=[一-鿿])")
_CLAUSES: Final = re.compile(r"[^；;。\n]+")
#: Words of workshops that work to order, and the broad products that they work with and on.
_WORKS: Final = re.compile("来图|来料|代工|外协加工|小件|零件加工|五轴加工|精密加工|切割加工")
_MEANS: Final = frozenset(("机床", "数控机床", "金属材料", "钢材", "有色金属", "不锈钢", "钛合金", "合金"))
_INNER: Final = re.compile(r"(?<=[一-鿿])(?:和|及|与|或)(?=[一-鿿])")
_VERBS: Final = re.compile(
    r"^(?:实际|[实主](?=[做产])|另有?一?条线|一条线|专业|专注于?|主要|从事|主营|承接|提供|负责|各类|各种|等|其他|高端|精密制造|也|另|还)?"
    r"(?:研发|开发|设计|生产|制造|加工|销售|经营|批发|零售|安装|维修|做|产|供应|代工|回收){0,3}(?:各类|各种)?"
)
_TAIL: Final = re.compile(
    r"(?:的?(?:研发|开发|设计|生产|制造|加工|销售|批发|零售|安装|维修|维护|代工|供应|等|业务|产销|研制)+)+$"
)
_NOTE: Final = re.compile(r"[（(][^（）()]*[)）]")
#: Weight of each product relative to the one before: registers and brochures name the main ones first
#: (judgement).
_NEXT: Final = 0.7
#: Largest number of products of one text: long scopes list products that are not made (judgement).
_MOST: Final = 12
#: Phrases only of the register's business scopes, in which only products of the catalogue count.
_SCOPE: Final = re.compile("许可项目|一般项目|经营范围|依法须经批准|一般经营项目")
#: A phrase that can be the name of goods though the catalogue does not know it.
_NOUN: Final = re.compile(r"[A-Za-z0-9一-鿿\-]{0,8}[一-鿿]{2,8}")
#: Longest phrase that is a product's name, in characters (judgement).
_LONGEST: Final = 14


def business_offers(enterprises: pd.DataFrame, *, catalogue: ProductCatalogue | None = None) -> pd.DataFrame:
    """Read offers out of main business, main products or business scopes.

    The text is cut at its marks; conditions of licences, activities that every register lists, and what the
    firm says that it does not do (不做电镀) are left out; verbs (研发、生产、销售) are taken off. A phrase is
    a product if the catalogue recognises it: a word for a product stands under that product's name, a kind
    of one (医用洁净注塑件) as written. Where the text is no business scope of the register, a phrase that
    the catalogue does not know stands for itself.

    Parameters
    ----------
    enterprises
        Columns enterprise_id and main_business. Missing texts give no offers.
    catalogue
        By default the one that comes with the package.

    Returns
    -------
    DataFrame
        Columns enterprise_id, product, weight (0–1, by place: each next product weighs 0.7 of the one before,
        all of a firm add up to 1) and evidence (the phrase as written). In the order of the enterprises.

    Raises
    ------
    ValueError
        A column is missing.

    Examples
    --------
    >>> firms = pd.DataFrame(
    ...     {
    ...         "enterprise_id": ["E1"],
    ...         "main_business": ["一般项目：RV减速器、谐波减速器的研发、生产；技术服务；货物进出口"],
    ...     }
    ... )
    >>> business_offers(firms)[["product", "weight", "evidence"]].to_numpy().tolist()
    [['RV减速器', 0.588235, 'RV减速器'], ['谐波减速器', 0.411765, '谐波减速器的研发']]
    """
    check_frame(enterprises, "enterprises")
    if absent := [name for name in ("enterprise_id", "main_business") if name not in enterprises]:
        raise ValueError(f"enterprises: expected enterprise_id and main_business; add {absent!r}")
    known = product_catalogue() if catalogue is None else catalogue
    rows: list[tuple[object, str, float, str]] = []
    for firm, text in zip(enterprises["enterprise_id"], enterprises["main_business"], strict=True):
        products = {} if pd.isna(text) else _products(str(text), known)
        total = sum(_NEXT**place for place in range(len(products)))
        rows += [
            (firm, product, round(_NEXT**place / total, 6), phrase)
            for place, (product, phrase) in enumerate(products.items())
        ]
    offers = pd.DataFrame(rows, columns=COLUMNS)
    return offers.astype({"product": "str", "weight": "float64", "evidence": "str"})


def _products(text: str, catalogue: ProductCatalogue) -> dict[str, str]:
    """Products that a text names, each with its phrase, in order."""
    products: dict[str, str] = {}
    plain = _BOILERPLATE.sub("；", text)
    is_scope = len(plain) < len(text) and _SCOPE.search(text) is not None
    for clause in _CLAUSES.findall(without_denied(_NOTE.sub("", plain))):
        # 走心机、五轴加工 works with such machines, and on such materials; it sells neither.
        works = _WORKS.search(clause) is not None
        for written in _CUTS.split(clause):
            phrase = written.strip(" ：:·-—")
            for piece in _pieces(phrase, catalogue):
                name = _product_of(piece, catalogue, as_written=not is_scope)
                if name is not None and not (works and _is_means(name, catalogue)):
                    products.setdefault(name, phrase)
    return dict(list(products.items())[:_MOST])


def _is_means(product: str, catalogue: ProductCatalogue) -> bool:
    """Whether a product is a machine tool or a metal: what a workshop works with, or on."""
    meant = catalogue.recognise(product)
    kinds = () if meant is None else (meant.product, *catalogue.kinds_of(meant.product))
    return any(kind in _MEANS for kind in kinds)


def _pieces(phrase: str, catalogue: ProductCatalogue) -> list[str]:
    """Give a phrase, or the parts that 和 joins where all of these are products and the whole is not."""
    bare = _bare(phrase)
    if not bare or catalogue.terms.get(fold_term(bare)):
        return [bare]
    parts = [_bare(part) for part in _INNER.split(bare)]
    # 面板及半导体设备零部件清洗 is one service, not panels and something else.
    return parts if all(catalogue.recognise(part) for part in parts) else [bare]


def _bare(phrase: str) -> str:
    """Phrase without the verbs around a product."""
    short = _TAIL.sub("", phrase)
    return _VERBS.sub("", short if len(short) >= 2 else phrase, count=1)


def _product_of(phrase: str, catalogue: ProductCatalogue, *, as_written: bool) -> str | None:
    """Product that a phrase names: the catalogue's name of it, or the phrase where it is a kind of one.

    ``as_written``: whether a phrase that the catalogue does not know stands for itself.
    """
    if not 2 <= len(phrase) <= _LONGEST or fold_term(phrase) in affixes("register phrase"):
        return None
    recognised = catalogue.recognise(phrase)
    if recognised is None:
        return phrase if as_written and _NOUN.fullmatch(phrase) else None
    return recognised.product if recognised.exact else phrase
