"""Sentences that say why two enterprises should meet, in Chinese and English."""

from __future__ import annotations

from typing import Any, Final

#: Sentence about what the seeker wants, by language and role: with the thing that it asks for, and without.
WISHES: Final[dict[str, dict[str, tuple[str, str]]]] = {
    "zh": {
        "customer": ("{seeker}想为{thing}找客户{quote}", "{seeker}想找客户或用户{quote}"),
        "supplier": ("{seeker}要买或外协{thing}{quote}", "{seeker}要采购或外协{quote}"),
        "financier": ("{seeker}要融资{quote}", "{seeker}要融资{quote}"),
        "tester": ("{seeker}要做{thing}{quote}", "{seeker}要做检测认证{quote}"),
        "research partner": ("{seeker}想就{thing}找研发合作{quote}", "{seeker}要找科研合作{quote}"),
    },
    "en": {
        "customer": (
            "{seeker} looks for customers for {thing}{quote}",
            "{seeker} looks for customers or users{quote}",
        ),
        "supplier": (
            "{seeker} wants to buy {thing}, or to have it done{quote}",
            "{seeker} wants to buy or to have made{quote}",
        ),
        "financier": ("{seeker} asks for finance{quote}", "{seeker} asks for finance{quote}"),
        "tester": ("{seeker} wants {thing} tested or done{quote}", "{seeker} asks for testing{quote}"),
        "research partner": (
            "{seeker} looks for a research partner for {thing}{quote}",
            "{seeker} asks for a research partner{quote}",
        ),
    },
}

#: Sentence about a seeker of customers whose demand names what they make.
MAKERS_OF: Final = {
    "zh": "{seeker}想找做{what}的客户{quote}",
    "en": "{seeker} looks for customers who make {what}{quote}",
}

#: Sentence about a seeker that wants its left-overs used, its waste collected, or takes in those of others.
TO_BE_TAKEN: Final[dict[str, dict[str, str]]] = {
    "zh": {
        "takes": "{seeker}要为副产物或边角料找去处{quote}",
        "collects": "{seeker}有废物要处置{quote}",
        "leaves": "{seeker}能收用或处置{thing}{quote}",
    },
    "en": {
        "takes": "{seeker} wants somebody to take what is left over{quote}",
        "collects": "{seeker} has waste to be treated{quote}",
        "leaves": "{seeker} can take or treat {thing}{quote}",
    },
}

#: How the counterpart answers, by language and ``roles.MATCHES``; {what} is the counterpart's own phrase.
ANSWERS: Final[dict[str, dict[str, str]]] = {
    "zh": {
        "same": "{counterpart}{does}",
        "like": "{counterpart}{does}，是否对口待问",
        "uses": "{counterpart}{does}，是否用得着{needed}待问",
        "feeds": "{counterpart}{does}，是否用得着{needed}待问",
        "may use": "{counterpart}{does}，是否用得着{needed}待问",
        "buys": "{counterpart}的业务写明「{what}」，可能收用",
        "takes": "{counterpart}{does}，可问能否消纳",
        "leaves": "{counterpart}{does}，是否有{needed}待问",
        "target": "{counterpart}{does}，合乎诉求要找的对象",
        "collects": "{counterpart}{does}，可问能否收运处置",
        "lends": "{counterpart}办理「{what}」",
        "asks": "{counterpart}自己的诉求正在找{needed}",
        "offers": "{counterpart}自己的诉求正在为{needed}找客户",
    },
    "en": {
        "same": "{counterpart} {does}",
        "like": "{counterpart} {does}; ask whether it fits",
        "uses": "{counterpart} {does}; ask whether it uses {needed}",
        "feeds": "{counterpart} {does}; ask whether it uses {needed}",
        "may use": "{counterpart} {does}; ask whether it uses {needed}",
        "buys": "{counterpart} writes of {what} and may take it in",
        "takes": "{counterpart} {does}; ask whether it can make use of it",
        "leaves": "{counterpart} {does}; ask whether it has {needed}",
        "target": "{counterpart} {does}, which is whom the demand describes",
        "collects": "{counterpart} {does}; ask whether it can collect and treat it",
        "lends": "{counterpart} offers {what}",
        "asks": "{counterpart} asks for {needed} itself",
        "offers": "{counterpart} looks for customers for {needed} itself",
    },
}

#: What a counterpart does: by its business, by the list of what it is registered for, by a part of its name,
#: or by its whole name.
DOES: Final[dict[str, dict[str, str]]] = {
    "zh": {
        "business": "主营「{what}」",
        "scope": "经营范围有「{what}」",
        "name": "名称写明「{what}」",
        "whole": "从名称看对口",
    },
    "en": {
        "business": "does {what}",
        "scope": "is registered for {what}",
        "name": "has {what} in its name",
        "whole": "fits by its name",
    },
}

#: How an offer in the ledger answers, by role.
LISTED: Final[dict[str, dict[str, str]]] = {
    "zh": {
        "customer": "{counterpart}正做{what}",
        "supplier": "{counterpart}供应{what}",
        "financier": "{counterpart}办理{what}",
        "tester": "{counterpart}做{what}",
        "research partner": "{counterpart}做{what}",
    },
    "en": {
        "customer": "{counterpart} makes just that",
        "supplier": "{counterpart} supplies {what}",
        "financier": "{counterpart} offers {what}",
        "tester": "{counterpart} offers {what}",
        "research partner": "{counterpart} offers {what}",
    },
}

#: How a server answers of which only the kind is known, by role.
OF_THE_KIND: Final[dict[str, dict[str, str]]] = {
    "zh": {
        "customer": "可见{counterpart}",
        "supplier": "可见{counterpart}",
        "financier": "{counterpart}办理融资业务，是否合适待问",
        "tester": "{counterpart}做检测，能否做这一项待问",
        "research partner": "{counterpart}做科研，方向是否对口待问",
    },
    "en": {
        "customer": "{counterpart} may be met",
        "supplier": "{counterpart} may be met",
        "financier": "{counterpart} is a lender, ask whether it fits",
        "tester": "{counterpart} tests, ask whether it does this test",
        "research partner": "{counterpart} does research, ask whether on this",
    },
}

#: Other sentences and parts of them, by language.
PHRASES: Final[dict[str, dict[str, Any]]] = {
    "zh": {
        "path": "{maker}的{start}{via}用于{user}的{end}",
        "via": "经{}",
        "three": "{product}由{maker}生产，可请来三方对接",
        "named": "{seeker}的诉求点名{counterpart}{quote}",
        "back": {
            "customer": "{counterpart}{also}要买或外协{what}{quote}",
            "supplier": "{counterpart}{also}在为{what}找客户{quote}",
        },
        "back_unnamed": {
            "customer": "{counterpart}{also}要采购或外协{quote}",
            "supplier": "{counterpart}{also}在找客户或用户{quote}",
        },
        "also": "也",
        "quote": "（诉求{}：「{}」）",
        "id": "（诉求{}）",
        "nobody": "没有诉求直接提到这一对接",
        "again": "双方已有{}供货往来，这次是新的需求",
        "rival": "注意：双方都做{}",
        "tied": "与{}同分，先后只按编号",
        "others": "另外{}家",
        "sells": "{}已供货给做同类产品的{}",
        "buys": "做同类产品的{}已供货给{}",
        "chain": "产业链",
        "asked_share": "本方诉求",
        "back_share": "对方诉求",
        "rests": "（依据：{}）",
        "first": "主要是{}",
        "next": "其次{}",
        "list": "、",
        "comma": "，",
        "semicolon": "；",
    },
    "en": {
        "path": "{start} of {maker} goes{via} into {end} of {user}",
        "via": " via {}",
        "three": "{product} is made by {maker}, who could join as a third",
        "named": "the demand of {seeker} names {counterpart}{quote}",
        "back": {
            "customer": "{counterpart}{also} asks to buy {what}, or to have it done{quote}",
            "supplier": "{counterpart}{also} looks for customers for {what}{quote}",
        },
        "back_unnamed": {
            "customer": "{counterpart}{also} wants to buy or to have made{quote}",
            "supplier": "{counterpart}{also} looks for customers or users{quote}",
        },
        "also": " in turn",
        "quote": " (demand {}: “{}”)",
        "id": " (demand {})",
        "nobody": "no demand speaks of this",
        "again": "they trade {} already, this is for something new",
        "rival": "mind: both offer {}",
        "tied": "equal to {}; order by id",
        "others": "{} more",
        "sells": "{} supplies {}, which makes the like",
        "buys": "{}, which makes the like, supplies {}",
        "chain": "the chain",
        "asked_share": "its own demand",
        "back_share": "the counterpart's demand",
        "rests": " (rests on {})",
        "first": "{}",
        "next": "then {}",
        "list": ", ",
        "comma": ", ",
        "semicolon": "; ",
    },
}
