"""The thing that a sentence asks for, in its own words, and for whom it asks."""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from liaison_analysis.products import product_catalogue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liaison_analysis.products import ProductCatalogue

#: Words before the thing that is bought, found or made elsewhere.
_SEEKING: Final = (
    r"(?:想找|要找|寻找|寻求|求购|采购|订购|选购|购买|购置|外协|外发|委外|引进|换成|改用|急需|急要|急缺|就缺|缺的是|还缺|就差|还差"
    r"|差的是|打听|找|寻|求|买|缺|差|换|租|订|上)"
)
_FILLER: Final = (
    r"(?:(?:一|两|三|几|哪|个|家|位|台|套|条|批|些|点|种|款|样|间|处|只|份|下|能|会|肯|可以|愿意|做|专门|懂|有|过|来|个能|到|不到"
    r"|本地|附近|就近|近处|国产|园区|里|内|的|在|从|再|去)(?!具|产品))*"
)
_TAIL: Final = re.compile(
    r"的?(?:生产|制造)?(?:厂家|厂商|供应商|供货商|企业|单位|公司|工厂|商家|机构|实验室|厂|家|人|老师|团队|师傅|班组|队|活|单子|订单|渠道|货源|来源|资源"
    r"|报告|服务)+$|(?:来|去)?(?:合作|配套|供货|代工|代做|对接|帮忙|一起做|加工一下|处理一下)$|[的了吗呢吧呀]+$"
)
_END: Final = re.compile(r"[，。；？！,;?!：:（(]")
_BOUGHT: Final = re.compile(rf"{_SEEKING}{_FILLER}([^，。；？！,;?!：:（(]{{2,24}})")
_BEFORE: Final = re.compile(
    r"([^，。；？！,;?!：:]{2,14}?)(?:一直|以前|原来|现在|目前|都|全|还)*(?:停产|停供|断供|断货|缺货|没货|靠进口|靠外省|用(?:的)?进口)"
)
_SOLD: Final = (
    re.compile(
        r"(?:想|要|希望)?(?:把|将)([^，。；？！,;?!：:]{2,16}?)(?:也|一起|都)?(?:卖|推|供|销|打进|送|介绍)"
    ),
    re.compile(
        r"([^，。；？！,;?!：:]{2,14}?)(?:还有?|仍|只|才|都|现在|目前|已经|每天|每月|夜班|白班)*(?:空着|闲着|晾着|富余|吃不饱|没活|剩|卖不|没人要|没销路)"
    ),
    re.compile(
        r"(?:新?做出了?|新添了?|新上了?|开发了?|生产的?|代理的?|卖的?|能做|可做|承接|主营)([^，。；？！,;?!：:]{2,16})"
    ),
)
#: Who it is asked for, where that is not the enterprise itself.
_FOR_OTHERS: Final = re.compile(
    r"(?:替|帮|代)(?P<a>[^，。；？！,;?!：:我你]{2,10}?)(?:问|打听|找|反映|带话|捎话|说)"
    r"|(?P<b>[^，。；？！,;?!：:我你]{2,10}?)(?:托|让|请|叫)我们?(?:问|打听|带|捎|找|帮)"
    r"|(?P<c>外地员工|新员工|员工|职工|工人|女工|青工|外籍专家|专家|师生|家属|驾驶员|司机)"
)


class Thing(NamedTuple):
    """What is asked for.

    Attributes
    ----------
    words
        As they stand in the text.
    product
        Name in the catalogue, ``""`` where it knows none.
    """

    words: str
    product: str


def things_asked(sentence: str, intent: str, *, catalogue: ProductCatalogue | None = None) -> list[Thing]:
    """Name the things that a sentence asks for: goods, services or tests.

    Parameters
    ----------
    sentence
        What asks, of one intent.
    intent
        One of ``INTENTS``; things are named for customer, supplier, test, research and finance.
    catalogue
        By default the one that comes with the package.

    Returns
    -------
    list
        Things in the order of the text; none where the sentence names none.

    Examples
    --------
    >>> things_asked("想在附近找一家做谐波减速器的厂", "supplier")
    [Thing(words='谐波减速器', product='谐波减速器')]
    """
    if intent not in ("customer", "supplier", "test", "research", "finance"):
        return []
    known = product_catalogue() if catalogue is None else catalogue
    words = _named(sentence, intent)
    if words:
        recognised = known.recognise(words)
        return [Thing(words, recognised.product if recognised else "")]
    return [Thing(sentence[a:b], product) for a, b, product in product_places(sentence, known)[:2]]


def beneficiary(text: str) -> str:
    """Say for whom a text asks, in its own words; ``""`` where it is the enterprise itself.

    Examples
    --------
    >>> beneficiary("替配套厂问问，哪里能租到冲床"), beneficiary("想租两台冲床")
    ('配套厂', '')
    """
    hit = _FOR_OTHERS.search(text)
    return next(filter(None, hit.groups()), "") if hit else ""


def product_places(text: str, catalogue: ProductCatalogue) -> list[tuple[int, int, str]]:
    """Places of words for products in a text: (start, end, product), the longest where words overlap."""
    folded = [unicodedata.normalize("NFKC", c).lower() for c in text]
    plain = "".join(c if len(c) == 1 else " " for c in folded)
    hits = [
        (last + 1 - length, last + 1, product)
        for last, (length, product) in _automaton(catalogue).iter(plain)
    ]
    taken = bytearray(len(plain))
    kept = []
    for start, end, product in sorted(hits, key=lambda hit: (hit[0] - hit[1], hit[0])):
        if not any(taken[start:end]):
            taken[start:end] = b"\1" * (end - start)
            kept.append((start, end, product))
    return sorted(kept)


def _named(sentence: str, intent: str) -> str:
    """Words of the thing after or before the turn of phrase that asks for it."""
    patterns: Sequence[re.Pattern[str]] = _SOLD if intent == "customer" else (_BOUGHT, _BEFORE)
    for pattern in patterns:
        hit = pattern.search(sentence)
        if hit:
            words = _bare(hit[1])
            if len(words) >= 2:
                return words
    return ""


def _bare(words: str) -> str:
    """Without the kind of organisation, and what stands around a noun."""
    before = None
    while before != words:
        before, words = words, _TAIL.sub("", words).strip(" 、的")
    return words


@functools.lru_cache(maxsize=2)
def _automaton(catalogue: ProductCatalogue) -> Any:
    import ahocorasick

    automaton = ahocorasick.Automaton()
    for word, product in catalogue.text_terms():
        automaton.add_word(word, (len(word), product))
    automaton.make_automaton()
    return automaton
