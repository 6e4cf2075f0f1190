"""Turns of phrase that say outright what a sentence asks for, or that it does not."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np

from liaison_analysis.demands.intent_model import INTENTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_LEFT_OVER: Final = (
    r"边角|下脚|水口|废料|药渣|酒糟|炉渣|污泥|泥|残靶|屑|副产|粉煤灰|石膏|锯末|木屑|布条|尾料"
    r"|余热|库存|当(?:垃圾|固废)|填埋"
)
_TAKER: Final = (
    r"(?:谁|哪家|有(?:没有)?人|找).{0,10}(?:收|要(?!求)|拉|用得上|吃掉|当.{0,4}料|提|买|造粒|处理)"
    r"|白送|便宜处理"
)

#: Phrases and what they add to the log odds of intents in a sentence. Phrases of everyday Chinese, no trade's
#: words. Chosen on the two regions that ``benchmarks/regions.py`` develops on, in whole and half steps.
CUES: Final[tuple[tuple[re.Pattern[str], dict[str, float]], ...]] = tuple(
    (re.compile(pattern), added)
    for pattern, added in (
        # Something to sell: a product without buyers, idle capacity, what is left over.
        (
            (
                r"(?:肯|敢|愿意?)(?:试|用|先用)|试(?:料|样|用)的?机会|(?:想|求)(?:进|入).{0,10}(?:名录|供应商|供应链|配套)"
                r"|想(?:卖|推|转头做|转内销|把.{0,12}(?:卖|推|供|销))|卖给|供进去|见面会|没.{0,3}门路|求.{0,8}来做样"
                r"|找(?:客户|买家|销路|订单)|缺(?:客户|订单|单子)(?!.{0,4}不)"
            ),
            {"customer": 2.5, "supplier": -1.5, "test": -1.5},
        ),
        (
            (
                r"晾着|闲(?:着|置)|空(?:着|位|位子|机时)|机时很空|吃不饱|没活|下?半年才有活|排期.{0,4}空"
                r"|(?:产能|线|机时|柜|夜班|仓|库).{0,8}(?:空|剩|富余|闲)|富余|只吃(?:到|了)|来料就做|给点活"
                r"|都(?:能|可以)?(?:接|做|磨)(?=，|,|。|$)"
            ),
            {"customer": 3.0, "supplier": -2.0, "test": -1.0, "research": -1.0},
        ),
        (
            rf"(?:{_LEFT_OVER}).*(?:{_TAKER})|(?:{_TAKER}).*(?:{_LEFT_OVER})",
            {"customer": 3.0, "supplier": -3.0, "site": -1.0},
        ),
        # Enough orders: then the sentence is about something else.
        (
            (
                r"订单(?:充足|饱满|排|很?多|不愁)|单子?(?:不愁|够|多|排)|不缺(?:客户|订单|单)|不愁(?:卖|单|订单)|满产满销"
                r"|(?:排|接)到.{0,4}月|客户(?:还在)?催|做不过来|接不完|做不完"
            ),
            {"customer": -3.0},
        ),
        # Something to buy: goods, work done elsewhere, waste that needs a licence.
        (
            (
                r"(?:想|要|须|需)(?:在|就|从)?(?:附近|就近|本地|园区|近处|内地)?(?:再)?"
                r"(?:找|寻|买|采购|外协|外发|换(?:成|国产|一?家|纸|可降解)|收一批|改)"
                r"|找(?:个|家|一家|几家)?.{0,14}(?:会|能|肯|做|有资质|有证)|备份|第二供方|第二家|外协|委外|代(?:办|工|加工)"
                r"|还有没有别?家|停(?:供|产|售)|断供|不再供|一直(?:靠|用|买)|(?:缺|差)的?是|就差.{0,8}(?:道|工序|那)"
                r"|肯不肯给|让对方给|谁能做|上(?:一套|套|机器|机械手|自动)|安装队|班组|就近买"
            ),
            {"supplier": 1.5},
        ),
        (
            r"肯不肯给|让对方给|(?:缺|差)的是(?!(?:钱|人|工|师傅))|找人代办|代办.{0,4}(?:手续|认证|注册)|想请(?:对方|他们).{0,4}(?:上门|来谈)",
            {"supplier": 2.5},
        ),
        (r"许可给|转让给|授权给|一起上中试", {"customer": 2.0}),
        (
            r"(?:废(?:液|酸|碱|油|溶剂|活性炭|乳化液|切削液|漆渣|灯管|试剂|桶)|危废|废弃试剂).*(?:收|拉|处置|处理|堆|满|攒)",
            {"supplier": 2.5, "customer": -2.0},
        ),
        # Hands.
        (
            (
                r"(?:缺|招|少|找)(?:不到)?.{0,6}(?:工(?![具厂程业序艺件])|师傅|人手|技工|普工|操作员|质检员|工程师|学徒)"
                r"|要人|招不到|招不来|挖走|留不住"
            ),
            {"staff": 2.5},
        ),
        # What is named beside a test is none, and what needs somebody who knows is no purchase.
        (
            r"自己测|测试程序|检测(?:大厦|公司)|报告厅|试验车|检测中心一?层|暗室.{0,4}(?:平|扩)|扩.{0,4}暗室",
            {"test": -3.0},
        ),
        (
            (
                r"原因不明|找不到(?:根子|原因|问题)|懂行|把(?:把)?脉|诊断|一起(?:上)?中试|联合(?:攻关|研发|申报)|让出.{0,4}线"
                r"|做验证|看断口|(?:老师|专家|教授).{0,10}(?:看|改|配方|合作)|切片"
            ),
            {"research": 3.0, "supplier": -2.0},
        ),
        # Offices and rooms.
        (
            (
                r"申请(?:办|放宽|补|延)|通行证|牌照|注册地址|限行|通行时段|积分入学|跑了.{0,3}趟|哪个(?:科|部门|窗口)"
                r"|(?:科|部门)说?讲?了算|补贴|补助|奖(?:补|励)|退税|核查|换证|续期"
            ),
            {"policy": 2.0},
        ),
        (
            r"(?:厂房|仓库|那间|一层|楼).{0,10}(?:接过来|租|调剂)|租.{0,6}(?:厂房|车间|仓库|现成|净化)|净化间",
            {"site": 1.5, "customer": -2.0, "supplier": -1.5},
        ),
        (
            r"商标|抢注|维权|侵权|打擂台|党日|联谊|托管班|学位",
            {"supplier": -2.0, "customer": -2.0, "research": -2.0, "test": -2.0, "staff": -2.0, "site": -1.0},
        ),
    )
)


def weigh_cues(probabilities: NDArray[np.float64], sentences: Sequence[str]) -> NDArray[np.float64]:
    """Move probabilities of intents by the phrases of their sentences.

    Parameters
    ----------
    probabilities
        Shape (sentences, intents), in the order of ``INTENTS``.
    sentences
        The texts.

    Returns
    -------
    Array of the same shape: every phrase of ``CUES`` in a sentence adds to the log odds.

    Examples
    --------
    >>> even = np.full((1, len(INTENTS)), 0.5)
    >>> moved = weigh_cues(even, ["二号线夜班空着"])[0]
    >>> dict(zip(INTENTS, moved.round(2).tolist()))["customer"]
    0.95
    """
    if not len(sentences):
        return probabilities
    added = np.zeros(probabilities.shape)
    for row, sentence in enumerate(sentences):
        for phrase, intents in CUES:
            if phrase.search(sentence):
                for intent, weight in intents.items():
                    added[row, INTENTS.index(intent)] += weight
    bounded = np.clip(probabilities, 1e-4, 1 - 1e-4)
    odds = np.log(bounded / (1 - bounded)) + added
    return np.where(added == 0, probabilities, 1 / (1 + np.exp(-odds)))
