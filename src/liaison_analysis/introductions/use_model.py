"""How well a business fits a thing as its user: learnt from the table of users and the product chain."""

from __future__ import annotations

import functools
import hashlib
import io
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from liaison_analysis.introductions.contrastive import (
    Pairs,
    above_chance,
    learn_by_contrast,
    text_vectors,
)
from liaison_analysis.products import ANY_MAKER, MANY_PEOPLE, product_tables, use_table
from liaison_analysis.text import unit_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liaison_analysis.text import Floats

_FILE: Final = "use_model.npz"
# Columns of the product tables with what a product's maker buys.
_INPUTS: Final = ("material", "part", "equipment", "service")

# Length of the learnt vectors, examples compared with each other at once, steps, and what cosines are divided
# by: 128 columns, 4,000 steps and 0.1 order the wanted introductions of ten regions no better (nDCG at 5
# within 0.006).
_COLUMNS: Final = 64
_AT_ONCE: Final = 512
_STEPS: Final = 2_000
_TEMPERATURE: Final = 0.07
# Possible users count half; three names of each product and of each input are enough (judgement).
_SOMETIMES: Final = 0.5
_NAMES: Final = 3
# Cosine that counts 0 (ten regions: mean nDCG at 5 of .72, and .71 with 0).
_CHANCE: Final = 0.3


class UseModel(NamedTuple):
    """Two matrices: the vector of a thing and that of a business are near where the business uses the thing.

    Trained as in-batch contrastive learning of two towers (van den Oord et al. 2018,
    https://arxiv.org/abs/1807.03748): a thing's known user is to be nearer than the users of other things.

    Attributes
    ----------
    of_things, of_businesses
        (columns of the vectors of a text, ``_COLUMNS``).
    """

    of_things: Floats
    of_businesses: Floats

    def things(self, texts: Sequence[str]) -> Floats:
        """Vectors of things offered, a row each, of length 1."""
        return unit_rows(text_vectors(texts) @ self.of_things)

    def businesses(self, phrases: Sequence[str]) -> Floats:
        """Vectors of phrases of business, a row each, of length 1."""
        return unit_rows(text_vectors(phrases) @ self.of_businesses)

    def to_bytes(self) -> bytes:
        """Give the matrices in half precision, with the digest of what they were learnt from."""
        file = io.BytesIO()
        half = {name: values.astype("float16") for name, values in self._asdict().items()}
        np.savez_compressed(file, tables=np.array(digest_of_tables()), **half)
        return file.getvalue()


def scaled(cosines: np.ndarray[Any, Any]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Scale cosines of things and businesses to 0–1."""
    return above_chance(cosines, _CHANCE)


@functools.cache
def packaged_use_model() -> UseModel:
    """Load the model that comes with the package.

    Examples
    --------
    >>> model = packaged_use_model()
    >>> bottle = model.things(["玻璃瓶"]) @ model.businesses(["白酒酿造", "机床制造"]).T
    >>> bool(bottle[0, 0] > bottle[0, 1])
    True
    """
    with np.load(io.BytesIO(_packaged())) as file:
        return UseModel(*(file[name].astype("float32") for name in UseModel._fields))


def packaged_digest() -> str:
    """Digest of the tables that the packaged model was learnt from."""
    with np.load(io.BytesIO(_packaged())) as file:
        return str(file["tables"])


def _packaged() -> bytes:
    return files("liaison_analysis.introductions").joinpath(_FILE).read_bytes()


def known_uses() -> list[tuple[str, str, float]]:
    """List things, who uses them, and a weight: from the table of users and the general product chain."""
    pairs = []
    everybody = {ANY_MAKER, MANY_PEOPLE}
    for row in use_table():
        for users, weight in ((row.users, 1.0), (row.sometimes, _SOMETIMES)):
            named = [user for user in users if user not in everybody]
            pairs += [(thing, user, weight) for thing in row.offered for user in named]
    tables = product_tables()
    names = {
        product: [product, *filter(None, synonyms.split("|"))][:_NAMES]
        for product, synonyms in tables[["product", "synonyms"]].itertuples(index=False)
    }
    for product, *inputs in tables[["product", *_INPUTS]].itertuples(index=False):
        for thing in filter(None, "|".join(inputs).split("|")):
            pairs += [(a, b, 1.0) for a in names.get(thing, [thing]) for b in names[product]]
    return pairs


def digest_of_tables() -> str:
    """Digest of the pairs that teach the model."""
    return hashlib.blake2b(repr(known_uses()).encode(), digest_size=16).hexdigest()


def learnt_use_model(
    pairs: Sequence[tuple[str, str, float]] | None = None, *, steps: int = _STEPS
) -> UseModel:
    """Learn the model from pairs of a thing and a user, by default from all known ones.

    Takes a minute and rounds differently on different processors; the package holds its result.

    Parameters
    ----------
    pairs
        Thing, user and weight.
    steps
        Each compares ``_AT_ONCE`` pairs, drawn so that all things are seen equally often.
    """
    pairs = known_uses() if pairs is None else pairs
    offered, using = [thing for thing, _, _ in pairs], [user for _, user, _ in pairs]
    words = sorted({*offered, *using})
    number = {word: i for i, word in enumerate(words)}
    of_words = text_vectors(words)
    thing, user = (np.array([number[word] for word in side]) for side in (offered, using))
    weight = np.array([weight for _, _, weight in pairs])
    likely = weight / np.bincount(thing, weight)[thing]
    of_things, of_businesses = learn_by_contrast(
        [of_words],
        of_words,
        Pairs(thing, user, likely),
        columns=_COLUMNS,
        steps=steps,
        at_once=_AT_ONCE,
        temperature=_TEMPERATURE,
    )
    return UseModel(of_things, of_businesses)
