"""The thing that a sentence asks for, in its own words, and for whom it asks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from liaison_analysis.demands.noun_pieces import noun_pieces
from liaison_analysis.demands.object_model import OF_THINGS, packaged_model
from liaison_analysis.products import product_catalogue

if TYPE_CHECKING:
    from liaison_analysis.products import ProductCatalogue

# A second noun counts from this probability, and from the lower one where 、 or 和 joins it to the first
# (judgement: of texts read, most that ask for two things list them).
_SECOND, _LISTED = 0.5, 0.25
_MOST = 3  # things named of one sentence (judgement)

_MONEY: Final = re.compile("贷|融资|资金|保理|保函|授信|股|租赁|周转|过桥|贴现")

#: For whom it is asked, where that is not the enterprise itself.
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


def things_asked(
    sentence: str, intent: str, *, business: str = "", catalogue: ProductCatalogue | None = None
) -> list[Thing]:
    """Name the things that a sentence asks for: goods, services or tests.

    The sentence is cut at its verbs, function words, numbers and words of time and place
    (``object_words.csv``). Each piece left is scored by the words around it, by whether the catalogue has
    it, and by whose goods it names: sellers name their own, buyers those that go into theirs. The weights
    are those of a logistic regression on the marked things of the packaged examples (``object_model``).

    Parameters
    ----------
    sentence
        A sentence that asks, of one intent.
    intent
        One of ``INTENTS``; only customers, suppliers, tests, research and money are asked for as things.
    business
        What the enterprise does, in its own words; ``""`` where that is not known.
    catalogue
        By default the one that comes with the package.

    Returns
    -------
    list
        At most three things, the likeliest first; none where the sentence names none.

    Examples
    --------
    >>> things_asked("想在附近找一家做谐波减速器的厂", "supplier")
    [Thing(words='谐波减速器', product='谐波减速器')]
    >>> things_asked("洗衣线还有四成空着，谁家用得上", "customer", business="工作服洗涤")[0].words
    '洗衣线'
    """
    if intent not in OF_THINGS:
        return []
    known = product_catalogue() if catalogue is None else catalogue
    pieces = noun_pieces(sentence)
    if intent == "finance":  # other nouns name what the money is for, or missing security
        pieces = [(a, b) for a, b in pieces if _MONEY.search(sentence, a, b)]
    if not pieces:
        return []
    chances = packaged_model().chances(sentence, pieces, intent, business, known)
    order = sorted(range(len(pieces)), key=lambda i: (-round(float(chances[i]), 9), i))
    first = order[0]
    kept = [first]
    for i in order[1:_MOST]:
        a, b = sorted((pieces[first], pieces[i]))
        listed = abs(i - first) == 1 and sentence[a[1] : b[0]] in ("、", "和", "及", "以及", "跟")
        if chances[i] > (_LISTED if listed else _SECOND):
            kept.append(i)
    things = []
    for i in kept:
        words = sentence[slice(*pieces[i])]
        recognised = known.recognise(words)
        things.append(Thing(words, recognised.product if recognised else ""))
    return things


def beneficiary(text: str) -> str:
    """Find for whom a text asks, in its own words; ``""`` where it is the enterprise itself.

    Examples
    --------
    >>> beneficiary("替配套厂问问，哪里能租到冲床"), beneficiary("想租两台冲床")
    ('配套厂', '')
    """
    hit = _FOR_OTHERS.search(text)
    return next(filter(None, hit.groups()), "") if hit else ""
