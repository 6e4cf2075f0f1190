"""How well a business answers a demand: learnt from demands with the firms that an officer would propose."""

from __future__ import annotations

import csv
import functools
import hashlib
import io
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

import numpy as np

from liaison_analysis.introductions.contrastive import (
    Pairs,
    above_chance,
    learn_by_contrast,
    text_vectors,
)
from liaison_analysis.products import ANY_MAKER, MANY_PEOPLE, use_table
from liaison_analysis.text import unit_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liaison_analysis.text import Floats

#: Whether a demand looks for customers, or for what a firm supplies, tests or studies.
Side = Literal["customer", "other"]
SIDES: Final[tuple[Side, ...]] = ("customer", "other")

_PACKAGE: Final = "liaison_analysis.introductions"
_FILE: Final = "answer_model.npz"
_EXAMPLES: Final = "answer_examples.csv"

# Length of the learnt vectors, examples compared at once, steps for each side, what cosines are divided by,
# and the share of parts left out of a step: 128 columns, half and twice the steps, 0.1, and shares of 0.1
# and 0.5 order the wanted introductions of eleven regions no better (nDCG at 5 within 0.01; another seed
# makes as much).
_COLUMNS: Final = 64
_AT_ONCE: Final = 256
_STEPS: Final[dict[Side, int]] = {"customer": 600, "other": 300}
_TEMPERATURE: Final = 0.07
_LEFT_OUT: Final = 0.3
# How much the table of users counts beside the examples (judgement).
_OF_USES: Final = 0.5
# Cosine that counts 0 (judgement: near the mean of pairs that do not belong together).
_CHANCE: Final = 0.2


class Demand(NamedTuple):
    """What is known of a demand: the sentence that asks, all of it, who asks, and the things read from it."""

    sentence: str
    text: str
    business: str
    things: str


class Example(NamedTuple):
    """A demand with businesses that answer it, and others that only look as if they did.

    ``sought`` is what it asks for in the terms of the trade.
    """

    side: Side
    demand: Demand
    sought: str
    who: tuple[str, ...]
    wrong: tuple[str, ...]


class AnswerModel(NamedTuple):
    """Matrices: the vector of a demand and that of a business are near where the business answers it.

    Two towers learnt by contrast (``contrastive.learn_by_contrast``).

    Attributes
    ----------
    of_demands
        (fields of ``Demand``, columns of the vectors of a text, ``_COLUMNS``).
    of_businesses
        (columns of the vectors of a text, ``_COLUMNS``).
    """

    of_demands: Floats
    of_businesses: Floats

    def demands(self, demands: Sequence[Demand]) -> Floats:
        """Vectors of demands, a row each, of length 1."""
        texts = [text for demand in demands for text in demand]
        vectors = text_vectors(texts).reshape(len(demands), len(Demand._fields), -1)
        return unit_rows(np.einsum("dfw,fwc->dc", vectors, self.of_demands))

    def businesses(self, phrases: Sequence[str]) -> Floats:
        """Vectors of phrases of business, a row each, of length 1."""
        return unit_rows(text_vectors(phrases) @ self.of_businesses)


def scaled(cosines: np.ndarray[Any, Any]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Scale cosines of demands and businesses to 0–1."""
    return above_chance(cosines, _CHANCE)


@functools.cache
def packaged_answer_model(side: Side) -> AnswerModel:
    """Load the model of one side that comes with the package.

    Examples
    --------
    >>> model = packaged_answer_model("other")
    >>> asked = Demand("站子想整个包给专业的来管", "站子想整个包给专业的来管", "印染", "")
    >>> near = model.demands([asked]) @ model.businesses(["印染废水处理站运营", "加油站建设"]).T
    >>> bool(near[0, 0] > near[0, 1])
    True
    """
    with np.load(io.BytesIO(_packaged())) as file:
        return AnswerModel(*(file[f"{side}_{name}"].astype("float32") for name in AnswerModel._fields))


def packaged_digest() -> str:
    """Digest of the examples that the packaged models were learnt from."""
    with np.load(io.BytesIO(_packaged())) as file:
        return str(file["examples"])


def digest_of_examples() -> str:
    """Digest of what teaches the models."""
    learnt_from = [answer_examples(), _known_users()]
    return hashlib.blake2b(repr(learnt_from).encode(), digest_size=16).hexdigest()


def _packaged() -> bytes:
    return files(_PACKAGE).joinpath(_FILE).read_bytes()


def to_bytes(models: dict[Side, AnswerModel]) -> bytes:
    """Write the models of both sides in half precision, with the digest of what they were learnt from."""
    file = io.BytesIO()
    half = {
        f"{side}_{name}": values.astype("float16")
        for side, model in models.items()
        for name, values in model._asdict().items()
    }
    np.savez_compressed(file, examples=np.array(digest_of_examples()), **half)
    return file.getvalue()


def answer_examples() -> list[Example]:
    """Read the packaged examples."""
    table = files(_PACKAGE).joinpath(_EXAMPLES).read_text("utf-8")
    found = []
    for row in csv.DictReader(io.StringIO(table)):
        sought, text = row["sought"], row["text"]
        demand = Demand(row["sentence"] or text, text, row["business"], row["things"] or sought)
        side: Side = "customer" if row["role"] == "customer" else "other"
        wrong = tuple(filter(None, row["not"].split("|")))
        found.append(Example(side, demand, sought, tuple(row["who"].split("|")), wrong))
    return found


def _known_users() -> dict[str, list[str]]:
    """Users of each thing that the table of users lists."""
    known: dict[str, list[str]] = {}
    for row in use_table():
        users = [user for user in row.users if user not in {ANY_MAKER, MANY_PEOPLE}]
        for thing in row.offered if users else ():
            known.setdefault(thing, []).extend(users)
    return known


def learnt_answer_model(
    side: Side, examples: Sequence[Example] | None = None, *, steps: int | None = None
) -> AnswerModel:
    """Learn the model of one side from examples; customers also from the table of users.

    Each example teaches twice, as it is spoken and by what it seeks in the terms of the trade. Takes a minute
    and rounds differently on different processors; the package holds its result.

    Parameters
    ----------
    side
        Of the demands that are learnt from.
    examples
        By default the packaged ones, with the table of users.
    steps
        Each compares ``_AT_ONCE`` pairs.
    """
    users = _known_users() if examples is None and side == "customer" else {}
    mine = [one for one in (answer_examples() if examples is None else examples) if one.side == side]
    rows: list[tuple[Demand, Sequence[str], Sequence[str], float]] = []
    for one in mine:
        rivals = [*one.wrong, *filter(None, [one.demand.business])]
        named = Demand(one.sought, "", one.demand.business, one.sought)
        rows += [(demand, one.who, rivals, 1.0) for demand in (one.demand, named)]
    share = _OF_USES / (1 - _OF_USES) * len(rows) / max(len(users), 1)
    rows += [(Demand(thing, "", "", thing), using, (), share) for thing, using in users.items()]
    number: dict[str, int] = {}
    left, right, likely, wrong = [], [], [], []
    for i, (_, who, unlike, weight) in enumerate(rows):
        at = [number.setdefault(business, len(number)) for business in who]
        left += [i] * len(at)
        right += at
        likely += [weight / len(at)] * len(at)
        wrong.append([number.setdefault(business, len(number)) for business in unlike])
    lefts = [text_vectors(texts) for texts in zip(*(demand for demand, *_ in rows), strict=True)]
    pairs = Pairs(np.array(left), np.array(right), np.array(likely), wrong)
    *of_demands, of_businesses = learn_by_contrast(
        lefts,
        text_vectors(list(number)),
        pairs,
        columns=_COLUMNS,
        steps=_STEPS[side] if steps is None else steps,
        at_once=_AT_ONCE,
        temperature=_TEMPERATURE,
        left_out=_LEFT_OUT,
    )
    return AnswerModel(np.stack(of_demands), of_businesses)
