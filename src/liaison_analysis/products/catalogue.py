"""The products that are known, the words for them, what each is a kind of, and what goes into each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pandas as pd

from liaison_analysis.products.tables import RELATIONS, product_tables
from liaison_analysis.products.terms import (
    MACHINE_DIVISIONS,
    MACHINE_ENDINGS,
    MATERIAL_DIVISIONS,
    MATERIAL_ENDINGS,
    affixes,
    fold_term,
    without_trade_words,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

#: Score of each way of recognising a term, 0–1 (judgement, an order): a product's own word, the word
#: without the name of the trade, and the last word of a compound, which names its kind.
EXACT: Final = 1.0
WITHOUT_TRADE: Final = 0.9
HEAD: Final = 0.6
#: Steps of is_a over which a kind has the uses of what it is a kind of (judgement: three steps up, as far as
#: 机械设备, a kind is too general).
KIND_STEPS: Final = 2
#: Shortest last word that names a kind, in characters, and its least share of the term (judgement).
_SHORTEST_HEAD: Final = 2
_HEAD_SHARE: Final = 0.4
# Classes of GB/T 4754 that make packaging: of paper (2231), plastics (2926), glass (3055) and metal (3333),
# and printed labels and packs (2319).
_PACKAGING: Final = ("2231", "2926", "3055", "3333", "2319")
#: What the column source says of links of the general catalogue.
GENERAL: Final = "通用产业链"


class Recognised(NamedTuple):
    """What a term means.

    Attributes
    ----------
    product
        Name of the product.
    score
        ``EXACT``, ``WITHOUT_TRADE`` or ``HEAD``.
    """

    product: str
    score: float

    @property
    def exact(self) -> bool:
        """Whether the term means the product itself, not a hyponym of it."""
        return self.score >= WITHOUT_TRADE


@dataclass(frozen=True, eq=False)
class ProductCatalogue:
    """Products by name; made by ``product_catalogue`` or ``ProductCatalogue.of``.

    Attributes
    ----------
    products
        DataFrame, indexed by product: is_a (the broader product, missing for the broadest), code (GB/T 4754).
    terms
        Folded word → product, names and synonyms alike.
    feeds
        DataFrame[upstream, downstream, relation, source], sorted; each pair once.

    Examples
    --------
    >>> catalogue = product_catalogue()
    >>> catalogue.recognise("ＲＶ 减速器行业")
    Recognised(product='RV减速器', score=0.9)
    >>> catalogue.kinds_of("协作机器人")
    ['工业机器人', '机器人']
    """

    products: pd.DataFrame
    terms: Mapping[str, str]
    feeds: pd.DataFrame

    @classmethod
    def of(cls, tables: pd.DataFrame) -> ProductCatalogue:
        """Build a catalogue of tables such as ``product_tables`` reads.

        Inputs and broader products that no row defines are left out; ``product_table_problems`` lists them.

        Parameters
        ----------
        tables
            From ``product_tables``.

        Returns
        -------
        ProductCatalogue
            To recognise terms with.

        Examples
        --------
        >>> from liaison_analysis.products import product_tables
        >>> ProductCatalogue.of(product_tables()).recognise("电芯") is not None
        True
        """
        names = tables["product"].tolist()
        terms = {fold_term(name): name for name in names}
        for name, synonyms in zip(names, tables["synonyms"], strict=True):
            for synonym in filter(None, synonyms.split("|")):
                terms.setdefault(fold_term(synonym), name)
        broader = [terms.get(fold_term(name)) for name in tables["is_a"]]
        products = pd.DataFrame({"is_a": pd.Series(broader, dtype="str"), "code": tables["code"]})
        products.index = pd.Index(names, name="product")
        links: dict[tuple[str, str], str] = {}
        for relation in RELATIONS:
            for name, inputs in zip(names, tables[relation], strict=True):
                for written in filter(None, inputs.split("|")):
                    upstream = terms.get(fold_term(written))
                    if upstream is not None and upstream != name:
                        links.setdefault((upstream, name), relation)
        feeds = pd.DataFrame(
            [(u, v, relation) for (u, v), relation in links.items()],
            columns=["upstream", "downstream", "relation"],
            dtype="str",
        )
        feeds = feeds.sort_values(["upstream", "downstream"], ignore_index=True).assign(source=GENERAL)
        return cls(products[~products.index.duplicated()], terms, feeds)

    def with_own(
        self, product_chain: pd.DataFrame | None = None, synonyms: pd.DataFrame | None = None
    ) -> ProductCatalogue:
        """Copy with additional links and words, which take precedence over the catalogue's.

        Parameters
        ----------
        product_chain
            Columns upstream, downstream and, if known, relation. A product that it names keeps only these
            inputs and uses between products that it names; with products that it does not name it keeps the
            catalogue's links.
        synonyms
            Columns term and product. The term means this product from now on.

        Returns
        -------
        ProductCatalogue
            A copy.

        Examples
        --------
        >>> own = pd.DataFrame({"term": ["小蓝盒"], "product": ["充电桩"]})
        >>> product_catalogue().with_own(synonyms=own).recognise("小蓝盒").product
        '充电桩'
        """
        terms = dict(self.terms)
        feeds = self.feeds
        own_names: set[str] = set()
        if product_chain is not None and len(product_chain):
            own = product_chain.dropna(subset=["upstream", "downstream"])
            own_names = {*own["upstream"], *own["downstream"]}
            both = feeds["upstream"].isin(own_names) & feeds["downstream"].isin(own_names)
            own = own.reindex(columns=["upstream", "downstream", "relation", "source"])
            feeds = pd.concat([own, feeds[~both]], ignore_index=True)
            feeds = feeds.drop_duplicates(["upstream", "downstream"])
            feeds = feeds.sort_values(["upstream", "downstream"], ignore_index=True)
        for name in sorted(own_names):
            terms[fold_term(name)] = name
        if synonyms is not None:
            for term, product in zip(synonyms["term"], synonyms["product"], strict=True):
                own_names.add(product)
                terms.setdefault(fold_term(product), product)
                terms[fold_term(term)] = terms[fold_term(product)]
        new = sorted(
            own_names - set(self.products.index) - {n for n in own_names if terms[fold_term(n)] != n}
        )
        products = pd.concat([self.products, pd.DataFrame(index=pd.Index(new, name="product"))])
        return ProductCatalogue(products, terms, feeds)

    def recognise(self, term: str) -> Recognised | None:
        """Say which product a term means, or None.

        A term is one of the words for a product, whatever its width, case, spaces and hyphens; or one with a
        word for the trade (…行业, …制造, 国产…) or for the sort of goods (…材料 of materials, …设备 of
        machines); or a compound whose last word is one, since a Chinese compound's head stands last.

        Parameters
        ----------
        term
            Words for one product.

        Returns
        -------
        Recognised or None
            The product, and a score (0–1) of how directly the term names it.

        Examples
        --------
        >>> catalogue = product_catalogue()
        >>> for term in ("PEEK材料行业", "医用协作机器人", "您好"):
        ...     print(catalogue.recognise(term))
        Recognised(product='PEEK材料', score=0.9)
        Recognised(product='协作机器人', score=0.6)
        None
        """
        folded = fold_term(term)
        if folded in self.terms:
            return Recognised(self.terms[folded], EXACT)
        forms = without_trade_words(folded)
        for form in forms:
            if form in self.terms:
                return Recognised(self.terms[form], WITHOUT_TRADE)
        for form in [folded, *forms]:
            if (product := self._without_sort(form)) is not None:
                return Recognised(product, WITHOUT_TRADE)
        for form in [*forms, folded]:
            # 演出行业 without 业 ends in 出行, which is another word.
            cut = form.endswith(("行", "产", "事")) and form + "业" in {folded, *forms}
            if not cut and (product := self._head(form)) is not None:
                return Recognised(product, HEAD)
        return None

    def recognise_all(self, terms: Iterable[str]) -> pd.DataFrame:
        """Recognise each of some terms.

        Parameters
        ----------
        terms
            Words for one product each.

        Returns
        -------
        DataFrame
            Columns term, product (missing where unknown) and score (0 where unknown), in the order given.

        Examples
        --------
        >>> product_catalogue().recognise_all(["电芯", "您好"])["product"].isna().tolist()
        [False, True]
        """
        written = list(terms)
        meanings = {term: self.recognise(term) for term in dict.fromkeys(written)}
        rows = [(term, *(meanings[term] or (None, 0.0))) for term in written]
        return pd.DataFrame(rows, columns=["term", "product", "score"]).astype(
            {"term": "str", "product": "str", "score": "float64"}
        )

    def kinds_of(self, product: str) -> list[str]:
        """Broader products that a product is a kind of, the nearest first.

        Parameters
        ----------
        product
            Name of a product of the catalogue.

        Returns
        -------
        list of str
            Names; empty where there is none.

        Examples
        --------
        >>> "工业机器人" in product_catalogue().kinds_of("协作机器人")
        True
        """
        kinds: list[str] = []
        while (product := self._broader.get(product, "")) and product not in kinds:
            kinds.append(product)
        return kinds

    def spellings(self, written: Iterable[str]) -> dict[str, list[str]]:
        """Written names of each product, of those that mean one and not only a kind of it.

        Parameters
        ----------
        written
            Names as they are written.

        Returns
        -------
        dict
            Product → names, in the order given.

        Examples
        --------
        >>> product_catalogue().spellings(["ＲＶ减速器", "水冷式协作机器人"])
        {'RV减速器': ['ＲＶ减速器']}
        """
        names: dict[str, list[str]] = {}
        for name in dict.fromkeys(written):
            meant = self.recognise(name)
            if meant is not None and meant.exact:
                names.setdefault(meant.product, []).append(name)
        return names

    def kinds_among(self, written: Iterable[str]) -> dict[str, list[str]]:
        """Written names under each product of which they are kinds, up to ``KIND_STEPS`` steps up.

        Parameters
        ----------
        written
            Names as they are written.

        Returns
        -------
        dict
            Product → names of its kinds, in the order given.

        Examples
        --------
        >>> product_catalogue().kinds_among(["水冷式协作机器人"])["工业机器人"]
        ['水冷式协作机器人']
        """
        names: dict[str, list[str]] = {}
        for name in dict.fromkeys(written):
            meant = self.recognise(name)
            if meant is not None:
                # A compound that is not known itself is one step away from what its last word names.
                steps = [*([] if meant.exact else [meant.product]), *self.kinds_of(meant.product)]
                for kind in steps[:KIND_STEPS]:
                    names.setdefault(kind, []).append(name)
        return names

    def text_terms(self) -> Iterator[tuple[str, str]]:
        """Folded words and their products, without those that mean no goods in a text.

        Returns
        -------
        iterator of tuple
            (folded word, product).

        Examples
        --------
        >>> dict(product_catalogue().text_terms())["电芯"] != ""
        True
        """
        everyday = frozenset(affixes("everyday word"))
        for term, product in self.terms.items():
            if len(term) > 1 and term not in everyday:
                yield term, product

    @cached_property
    def automaton(self) -> Any:
        """Aho–Corasick automaton of ``text_terms``, which gives the length of a word and its product."""
        import ahocorasick

        automaton = ahocorasick.Automaton()
        for word, product in self.text_terms():
            automaton.add_word(word, (len(word), product))
        automaton.make_automaton()
        return automaton

    @cached_property
    def _broader(self) -> dict[str, str]:
        known = self.products["is_a"].dropna()
        return dict(zip(known.index, known, strict=True))

    @cached_property
    def _codes(self) -> dict[str, str]:
        return dict(zip(self.products.index, self.products["code"].fillna(""), strict=True))

    @cached_property
    def inputs(self) -> dict[str, list[str]]:
        """Products that go into each product, where any do."""
        return _grouped(self.feeds["upstream"], self.feeds["downstream"])

    @cached_property
    def users(self) -> dict[str, list[str]]:
        """Products that each product goes into, where it goes into any."""
        return _grouped(self.feeds["downstream"], self.feeds["upstream"])

    @cached_property
    def packaging(self) -> frozenset[str]:
        """Products that others are packed in and that do not become part of them: boxes, bottles, labels."""
        return frozenset(name for name, code in self._codes.items() if code.startswith(_PACKAGING))

    def _without_sort(self, form: str) -> str | None:
        """Product of a form without 材料 or 设备, where it is a material or a machine."""
        for endings, divisions in (
            (MATERIAL_ENDINGS, MATERIAL_DIVISIONS),
            (MACHINE_ENDINGS, MACHINE_DIVISIONS),
        ):
            for ending in endings:
                product = self.terms.get(form.removesuffix(ending)) if form.endswith(ending) else None
                if product is not None and self._codes.get(product, "")[:2] in divisions:
                    return product
        return None

    def _head(self, form: str) -> str | None:
        """Product that the last word of a compound names, the longest that there is."""
        for start in range(1, len(form) - _SHORTEST_HEAD + 1):
            head = form[start:]
            if len(head) < _HEAD_SHARE * len(form):
                return None
            if "废" in form[:start] and "废" not in head:  # waste of a thing is not the thing
                return None
            within_word = form[start - 1].isascii() and form[start].isascii()  # no part of a Latin word
            if not within_word and head in self.terms and not _is_no_head(head):
                return self.terms[head]
        return None


def _grouped(words: pd.Series, by: pd.Series) -> dict[str, list[str]]:
    """List the words that stand beside each word of another column."""
    groups: dict[str, list[str]] = {}
    for word, key in zip(words.tolist(), by.tolist(), strict=True):
        groups.setdefault(key, []).append(word)
    return groups


@cache
def product_catalogue() -> ProductCatalogue:
    """Give the general catalogue that comes with the package; read once, at the first call.

    Examples
    --------
    >>> catalogue = product_catalogue()
    >>> len(catalogue.products) >= 6000, len(catalogue.terms) >= 15000, len(catalogue.feeds) >= 18000
    (True, True, True)
    """
    return ProductCatalogue.of(product_tables())


@cache
def _is_no_head(head: str) -> bool:
    """Whether a last word, with or without words for its trade, is too general for goods: 工具行业."""
    return not {head, *without_trade_words(head)}.isdisjoint(affixes("no head"))
