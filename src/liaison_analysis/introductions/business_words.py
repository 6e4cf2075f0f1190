"""The phrases in which enterprises write what their business is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from liaison_analysis.products import without_denied

if TYPE_CHECKING:
    import pandas as pd

    from liaison_analysis.ledger import Ledger

# Weight of a phrase of the business register (…制造；…销售), and of one beside which the firm says in words
# of its own what it does; such words weigh 1 (judgement).
_REGISTER: Final = 0.6
_REGISTER_BESIDE_OWN: Final = 0.3

_SCOPE: Final = re.compile("许可项目|一般项目|经营范围|依法须经批准|一般经营项目")
_SCOPE_BEGINS: Final = re.compile(r"^[（(\s]*(?:许可|一般)?(?:经营)?(?:项目|范围)")
_BOILERPLATE: Final = re.compile(
    r"[（(](?:除)?依法须经[^）)]*[）)]|[（(]不含[^）)]*[）)]|(?:一般|许可)(?:经营)?项目[：:]|经营范围[：:]|主营[：:]?|主(?:要|营)产品(?:[：:]|为|有|是|包括)?|实际?(?:做|产|生产)(?=[^能值])|实际为|整机为|从事|主产"
)
_REGISTER_VERB: Final = re.compile(
    r"(?:制造|销售|生产|经营|研发|批发|零售|技术(?:开发|咨询|服务|转让|进出口)|货物进出口)$"
)
#: Words of a clause about what a firm buys or collects, not what it sells.
_BUYS: Final = re.compile(
    r"收购|常年收|长期收|回收|为料|为原料|集中采购|采购|再生|资源化|处置|综合利用|收集|收运|消纳"
)
_CLAUSE: Final = re.compile(r"[^；;。\n]+")
# Phrases that say where goods go, how much, or what others do for the firm, and no business of its own.
_NO_BUSINESS: Final = re.compile(
    r"(?:兼做?|以|可|九成|全部|部分)?(?:出口|内销|外销|外贸)(?:为主)?|.*(?:以内|以上|以下|外委|外购|外发)"
)
# What precedes a service or good in its phrase, and certificates, which are no business.
_BEFORE: Final = re.compile("^及(?!时|格)(?=..)|^为.+提供(?=..)")
_CERTIFICATE: Final = re.compile(
    r"CMA|CNAS|CAL|CCC|CE|FDA|GMP|GSP|HACCP|FSC|AEO|(?:ISO|IATF|GB|AS) ?/?T?[\d.-]+"
)
_CUT: Final = re.compile(r"[、，,；;。：:/\n（）()]|以及|另有|(?<=[^0-9A-Za-z])和(?=[^0-9A-Za-z])")


# Of a name: its legal form, and last words that name no trade.
_LEGAL: Final = re.compile(
    r"(?:股份|集团)?(?:有限责任|有限|股份)?(?:总?公司|合作社|工厂|经营部)$|[（(][^（）()]*[）)]"
)
_NO_TRADE: Final = re.compile(
    r"(?:科技|技术|实业|工业|产业|发展|投资|控股|集团|国际|贸易|商贸|智能|智造|制造|精密|装备|设备|系统|服务|制品|新材料|材料|生物"
    r"|环境|工程|股份|新)+$"
)


class Phrase(NamedTuple):
    """A phrase of an enterprise's business or name, and its weight: less for the boilerplate of registers."""

    enterprise_id: str
    words: str
    weight: float
    buys: bool = False
    of_name: bool = False


def business_phrases(text: str) -> list[tuple[str, float]]:
    """Cut a business text into phrases, without the boilerplate of registers.

    Parameters
    ----------
    text
        Main business, main products or the scope of a business register.

    Returns
    -------
    list
        Each phrase once, with its weight: less for phrases that end in a verb of the register (…制造；…销售),
        since such lists name what a firm is allowed to do, and for all of such a list; least where the firm
        says beside it what it really does.

    Examples
    --------
    >>> business_phrases("一般项目：塑料制品制造；塑料制品销售。实际做针座、采样管（洁净车间）")
    [('塑料制品', 0.3), ('针座', 1.0), ('采样管', 1.0), ('洁净车间', 1.0)]
    >>> business_phrases("不锈钢、铝件；不做电镀、喷粉")
    [('不锈钢', 1.0), ('铝件', 1.0)]
    """
    listed, own = _scope_and_own(text)
    of_list = _REGISTER_BESIDE_OWN if own else _REGISTER
    phrases: dict[str, float] = {}
    for sentences, most in ((listed, of_list), (own, 1.0)):
        for words, of_register in _phrases_of(sentences):
            weight = min(most, _REGISTER) if of_register else most
            phrases[words] = max(weight, phrases.get(words, 0.0))
    return list(phrases.items())


def scope_words(text: str) -> frozenset[str]:
    """Phrases of a business text that only its list of what the firm is allowed to do has.

    Examples
    --------
    >>> sorted(scope_words("一般项目：模具销售；铸造。实际为铸铁件"))
    ['模具', '铸造']
    """
    listed, own = _scope_and_own(text)
    return frozenset(words for words, _ in _phrases_of(listed)) - {words for words, _ in _phrases_of(own)}


def _scope_and_own(text: str) -> tuple[str, str]:
    """Sentences of the scope of a business register, and those in which a firm says what it does."""
    if not is_scope(text):
        return "", text
    sides: dict[bool, list[str]] = {True: [], False: []}
    for sentence in re.split(r"(?<=[。\n])", re.sub(r"[（(](?:除)?依法须经[^）)]*[）)]", "", text)):
        sides[_SCOPE_BEGINS.match(sentence) is not None].append(sentence)
    # A list without a mark of where it begins is one too.
    return ("".join(sides[True]), "".join(sides[False])) if sides[True] else (text, "")


def _phrases_of(text: str) -> list[tuple[str, bool]]:
    """Phrases of some sentences, and whether each ended in a verb of the register."""
    found = []
    for part in _CUT.split(without_denied(_BOILERPLATE.sub("，", text))):
        words = bare = _BEFORE.sub("", part.strip(" 等"))
        while (short := _REGISTER_VERB.sub("", words)) != words and len(short) >= 2:
            words = short
        if len(words) >= 2 and not _CERTIFICATE.fullmatch(words) and not _NO_BUSINESS.fullmatch(words):
            found.append((words, words != bare))
    return found


def business_texts(ledger: Ledger) -> pd.Series:
    """Give the business text of each enterprise, by id; empty where there is none."""
    firms = ledger.enterprises.reindex(columns=["enterprise_id", "main_business"])
    return firms.set_index("enterprise_id")["main_business"].astype("object").fillna("").astype("str")


def is_scope(text: str) -> bool:
    """Whether a business text is the scope of a business register, which lists what a firm may do.

    Examples
    --------
    >>> is_scope("一般项目：塑料制品制造"), is_scope("注塑件制造")
    (True, False)
    """
    return _SCOPE.search(text) is not None


def bought_words(text: str) -> frozenset[str]:
    """Phrases of a business text in clauses about what the firm buys or collects.

    Examples
    --------
    >>> sorted(bought_words("猪料、禽料；常年收麸皮、豆渣"))
    ['常年收麸皮', '豆渣']
    """
    return frozenset(
        words
        for clause in _CLAUSE.findall(text)
        if _BUYS.search(clause)
        for words, _ in business_phrases(clause)
    )


def trade_of_name(name: str, brand: str) -> str:
    """Give the trade that a firm's name says; empty where it names none.

    Parameters
    ----------
    name
        Full name.
    brand
        From ``names.brands_of``; a name without one, such as a school's, is looked at whole.

    Examples
    --------
    >>> trade_of_name("云山潮染印染有限公司", "潮染"), trade_of_name("云山华数科技有限公司", "华数")
    ('印染', '')
    """
    bare = _LEGAL.sub("", name)
    if brand and brand in bare:
        bare = bare[bare.index(brand) + len(brand) :]
    elif bare != name:  # a company's name whose brand is not known says too much
        return ""
    return bare if len(bare) >= 2 and not _NO_TRADE.fullmatch(bare) else ""
