"""How well enterprises answer requests: by words, meaning, kinds of products, and who uses what."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import pandas as pd

from liaison_analysis.introductions.answer_model import Demand, packaged_answer_model
from liaison_analysis.introductions.answer_model import scaled as scaled_answers
from liaison_analysis.introductions.business_words import (
    Phrase,
    bought_words,
    business_phrases,
    business_texts,
    is_scope,
    trade_of_name,
)
from liaison_analysis.introductions.match_probability import FEATURES
from liaison_analysis.introductions.named_firms import how_named
from liaison_analysis.introductions.phrase_likeness import PhraseLikeness, units
from liaison_analysis.introductions.product_matches import product_matcher
from liaison_analysis.introductions.roles import SERVICE_ROLES, serving_roles
from liaison_analysis.introductions.targets import target_strength, targets_of
from liaison_analysis.introductions.use_model import packaged_use_model, scaled
from liaison_analysis.ledger import ledger_catalogue
from liaison_analysis.names import brands_of
from liaison_analysis.products import (
    ANY_MAKER,
    MANY_PEOPLE,
    Use,
    Used,
    denied_words,
    fold_term,
    use_strength,
    uses_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from liaison_analysis.introductions.answer_model import Side
    from liaison_analysis.ledger import Ledger
    from liaison_analysis.text import Encoder

    Floats = np.ndarray[Any, np.dtype[np.float64]]

# Weight of the trade in a firm's name against a phrase of its business, and of what it needs by that, since
# 医疗器械 is too broad to say (judgement).
_OF_NAME: Final = 0.8
_NEEDED_BY_NAME: Final = 0.4
# Factor for each phrase that precedes another (registers and brochures name the main ones first).
_LATER: Final = 0.93
# Weight of an enterprise's own goods where the demand names none of them, and where it names others
# (judgement).
_OWN_SPOKEN: Final = 0.9
_OWN_UNSPOKEN: Final = 0.8
_OWN_PASSED_OVER: Final = 0.3
# Weights of a clause of the asking sentence, and of the whole demand; the thing itself counts 1.
_OF_SENTENCE: Final = 0.9
_OF_TEXT: Final = 0.7
# Things of a demand that the learnt model of users is asked about (speed: few demands have more).
_MOST_THINGS: Final = 12
# A technology is not sold to the users of the product that it is about.
_OF_TECHNOLOGY: Final = 0.3
_TECHNOLOGY: Final = re.compile("技术$|工艺$|专利|中试|成果")
_TRANSFER: Final = re.compile(
    "技术入股|成果转化|转化(?:给|落地)|中试|小试|专利(?:许可|转让)|授权后分成|产业化"
)
# Weight of any maker, and of an enterprise of 1,000 people, as users of what every maker, or everybody,
# needs.
_ANY: Final = 0.5
# Weight of users whom the table says use it only sometimes (judgement).
_SOMETIMES: Final = 0.6
_PEOPLE: Final = 1000.0

# Weight, in a search for suppliers, of a phrase about what the firm buys or collects (judgement).
_TAKEN_IN: Final = 0.3
_WASTE: Final = re.compile("废|处置|回收|清运|污|渣")

# Words of who wants to be rid of something.
_TO_BE_RID_OF: Final = re.compile(
    "没人|无人|垃圾|堆[着满了得在]|堆场|堆不|下家|去处|去路|出路|处理掉|处理不|收去|来收|来拉|上门|有人[收要]|谁[要收]|谁家|哪家[要收]|卖掉"
    "|转让|清走|清运费|处置费|白扔|扔[了掉]|占地|找.{0,8}(?:收|处置|处理|回收|消纳)的?"
)
# A row of left-overs as seen by who takes them and by who has them.
_SIDES: Final[dict[str, Callable[[Use], Use]]] = {
    "takes": lambda use: use,
    "leaves": lambda use: use._replace(users=use.sources, sometimes=()),
}

# Shares of words, or of a kind, from which a phrase names the thing itself (judgement).
_SAME: Final = {"same": 0.8, "thing": 0.75, "phrase": 0.9}
# Matches that a reason can state of a customer, the most specific first.
_CUSTOMER_WHY: Final = ("buys", "uses", "feeds", "target", "text", "near_target", "meaning")
# Below this, what is known of a customer is too little to be stated.
_SOME: Final = 0.3
# Weight of a row of the table that matches only the kind of the thing.
_OF_KIND: Final = 0.8
# Share of a good's words that a demand must contain to be about that good (judgement).
_DOING: Final = re.compile("(?:制造|生产|加工|代工|服务|供应|检测|试验|试制|外协)+")
_HALF: Final = 0.5
# From this probability the chain is said to need the thing, or the demand to describe it; below it is asked
# whether it may (judgement).
_SURELY: Final = 0.7
# Matches by similarity alone.
_SAID_AS: Final = dict.fromkeys(("text", "near_target", "meaning", "fits"), "like")

_CLAUSES: Final = re.compile("[^，。；！？、,;：:]+")
_LARGEST: Final = 8.0
_MANUFACTURING: Final = range(13, 44)
_NO_MAKERS: Final = frozenset(("financier", "tester"))


class Request(NamedTuple):
    """What a demand asks of a counterpart in one role."""

    demand_id: str
    enterprise_id: str
    things: tuple[str, ...]
    sentence: str
    text: str


class Answer(NamedTuple):
    """How a counterpart answers a request."""

    thing: str
    phrase: str
    how: str
    needed: str = ""


class RequestMatcher:
    """Phrases of the enterprises' business, compared with what demands ask for.

    Parameters
    ----------
    ledger
        Its business texts, offers and names are compared.
    counterparts
        Enterprise ids.
    encoder
        As in ``text.encode``.
    """

    def __init__(self, ledger: Ledger, counterparts: Iterable[str], *, encoder: Encoder = None) -> None:
        self.ledger = ledger
        self.all_phrases = _phrases(ledger)
        self.phrases_of: dict[str, list[Phrase]] = {}
        for phrase in self.all_phrases:
            self.phrases_of.setdefault(phrase.enterprise_id, []).append(phrase)
        there = set(counterparts)
        self.phrases = [phrase for phrase in self.all_phrases if phrase.enterprise_id in there]
        self.words = [phrase.words for phrase in self.phrases]
        self.firms = list(dict.fromkeys(phrase.enterprise_id for phrase in self.phrases))
        number = {firm: i for i, firm in enumerate(self.firms)}
        self.firm_of = np.array([number[phrase.enterprise_id] for phrase in self.phrases], dtype=int)
        self.buys = np.array([float(phrase.buys) for phrase in self.phrases])
        self.weight = np.array([phrase.weight for phrase in self.phrases])
        # 医疗器械 of a name is too broad to say what its firm needs.
        self.own_words = np.array([float(not phrase.of_name) for phrase in self.phrases])
        place = pd.Series(self.firm_of).groupby(self.firm_of).cumcount().to_numpy() if self.phrases else 0
        self.later = _LATER ** np.asarray(place, float)
        self.catalogue = ledger_catalogue(ledger)
        self.products = product_matcher(self.catalogue)
        firms = ledger.enterprises.set_index("enterprise_id").reindex(self.firms)
        size = firms["headcount"].astype("float64").fillna(0.0).to_numpy()
        self.size = size
        self.large = np.log1p(size) / _LARGEST
        servers = [category for category, _ in SERVICE_ROLES.values()]
        self.serves = firms["category"].isin(servers).fillna(value=False).to_numpy(dtype=float)
        self.servers = {str(firm): str(role) for firm, role in serving_roles(ledger.enterprises).items()}
        brands = brands_of({str(firm): str(name) for firm, name in ledger.names().items()})
        written = "\n".join(phrase.words for phrase in self.all_phrases)
        # A common word such as 医疗 of 医疗器械检测中心 names no enterprise.
        self.brands = {firm: brand for firm, brand in brands.items() if brand not in written}
        self.likeness = PhraseLikeness(self.words, self.firm_of, ledger.demands["text"], encoder=encoder)
        # The learnt model knows the vectors of the packaged encoder only.
        self.use_model = packaged_use_model() if encoder is None or encoder == "use" else None
        texts = business_texts(ledger)
        self.denied = [[units(words) for words in denied_words(texts.get(firm, ""))] for firm in self.firms]
        self._left_overs: dict[Request, tuple[list[Used], bool]] = {}
        self._kinds: dict[str, dict[str, int]] = {}
        self._use_rows: dict[Use, Floats] = {}
        self._makes: dict[str, Floats] = {}
        self._needs: dict[str, Floats] = {}
        self._known_answers: dict[Side, tuple[Any, Any]] = {}

    def named(self, words: str) -> dict[str, float]:
        """Products of the catalogue that some words name, with the probability of each."""
        return self.products.meant(words)

    def kinds(self, words: str) -> dict[str, int]:
        """Products that some words name and their hypernyms, with the number of steps up to each."""
        if words not in self._kinds:
            kinds: dict[str, int] = {}
            for product in self.named(words):
                for step, kind in enumerate((product, *self.catalogue.kinds_of(product))):
                    kinds[kind] = min(step, kinds.get(kind, step))
            self._kinds[words] = kinds
        return self._kinds[words]

    def features(self, request: Request, role: str) -> tuple[pd.DataFrame, list[Answer]]:
        """Features of every counterpart for a request, and how each answers it best.

        Returns
        -------
        tuple
            A frame of ``FEATURES`` with the counterparts as index, and an answer for each.
        """
        side: Side = "customer" if role == "customer" else "other"
        frame, answers = (self._as_customers if side == "customer" else self._as_suppliers)(request)
        if role == "financier":  # the examples seek no lenders
            frame["answers"] = 0.0
        # Who writes 不做并网 is not asked for 并网.
        asked = units(request.sentence) | units("".join(request.things))
        denies = [any(words and words <= asked for words in of_firm) for of_firm in self.denied]
        frame.loc[(frame.index == request.enterprise_id) | np.array(denies)] = 0.0
        return frame[list(FEATURES[side])], answers

    def _answering(self, request: Request, side: Side) -> tuple[Floats, Floats]:
        """How well each phrase, and all that each enterprise writes, answers a demand by the learnt model."""
        if self.use_model is None or not self.phrases:
            return np.zeros(len(self.phrases)), np.zeros(len(self.firms))
        demand = Demand(
            request.sentence, request.text, "、".join(self._own(request)), "、".join(request.things)
        )
        asked = packaged_answer_model(side).demands([demand])[0]
        of_phrases, of_firms = self._answer_vectors(side)
        return scaled_answers(of_phrases @ asked) * self.weight, scaled_answers(of_firms @ asked)

    def _answer_vectors(self, side: Side) -> tuple[Any, Any]:
        """Vectors of one side's learnt model of answers: of phrases, and of all that a firm writes."""
        if side not in self._known_answers:
            own = [
                "、".join(phrase.words for phrase in self.phrases_of[firm] if not phrase.of_name)
                for firm in self.firms
            ]
            model = packaged_answer_model(side)
            self._known_answers[side] = (model.businesses(self.words), model.businesses(own))
        return self._known_answers[side]

    def _as_customers(self, request: Request) -> tuple[pd.DataFrame, list[Answer]]:
        things = self._things_sold(request)
        taken = self._takes(request)
        need, why = self._needing(
            things,
            left_over=self._left_over(request),
            taken=taken,
            services_only=self.servers.get(request.enterprise_id) in _NO_MAKERS,
        )
        like = np.zeros(len(self.phrases))
        if request.things and self._is_unknown_or_left_over(request, things):
            like = self.likeness.cosines(list(request.things)).max(axis=0)
        targets = targets_of(request.text, request.things)
        field = np.zeros(len(self.phrases))
        if self._offers_technology(request):
            about = [_TECHNOLOGY.sub("", thing) for thing in request.things]
            about = [thing for thing in about if len(thing) > 1] or [request.sentence]
            field = np.maximum(
                self.likeness.cosines(about).max(axis=0), self.likeness.overlap("".join(about))[0]
            )
        described = {w: target_strength(targets, w, self.kinds(w)) for w in set(self.words)}
        target = np.array([described[words] for words in self.words])
        near = self.likeness.cosines(targets).max(axis=0) if targets else np.zeros(len(self.phrases))
        text = self.likeness.shared(request.sentence, without=request.things)
        own = np.where(self.own_words > 0, 1.0, _NEEDED_BY_NAME)
        asked_about = [] if taken else [thing for thing, trust in things if trust >= _OF_SENTENCE]
        weighed = {
            "uses": need["uses"] * self.weight * self.later * own,
            "feeds": need["feeds"] * self.weight * self.later * own,
            "takes": need["takes"] * self.weight, "buys": need["buys"], "target": target, "near_target": near,
            "text": text * self.weight, "meaning": like * self.weight, "field": field,
            "fits": self._fits([] if taken else request.things),
            "fits_any": self._fits(asked_about),
        }  # fmt: skip
        weighed["answers"], of_firms = self._answering(request, "customer")
        frame = self._by_firm(weighed)
        frame["answers"] = frame["answers"].clip(lower=of_firms)
        frame["needs"] = frame[["uses", "feeds", "field"]].max(axis=1)
        frame["large"], frame["serves"] = self.large, self.serves
        self._add_named(frame, request.text)
        table = frame[list(_CUSTOMER_WHY)].to_numpy()
        named = frame["named"].to_numpy()
        answers = []
        for firm in range(len(self.firms)):
            at = np.flatnonzero(self.firm_of == firm)
            how = _CUSTOMER_WHY[int(table[firm].argmax())] if table[firm].max() > _SOME else "fits"
            fitting = weighed[how] + weighed["answers"] if how == "fits" else weighed[how]
            i = int(at[np.argmax(fitting[at])])
            thing, word = why[how][i] if how in why else ("", "")
            match = "named" if named[firm] else _how_a_customer(how, i, need, target)
            match = "leaves" if taken and match in {"uses", "may use"} else match
            offered = self._may_be_named(thing, request)
            if match in {"uses", "feeds", "may use"} and not (offered and self._is_all_of(word, thing)):
                match, word = "like", ""  # 菜籽 of 菜籽粕 is not what is sold
            thing = thing if offered else ""
            answers.append(Answer(thing, self.words[i], match, word))
        return frame, answers

    def _needing(
        self, things: list[tuple[str, float]], *, left_over: bool, taken: list[Used], services_only: bool
    ) -> tuple[dict[str, Floats], dict[str, list[tuple[str, str]]]]:
        """Probability that each phrase's enterprise needs some things, and by which thing and word.

        Goods that a lender or a laboratory names are its clients', so it offers ``services_only``.
        """
        n = len(self.phrases)
        need = {name: np.zeros(n) for name in ("uses", "feeds", "takes", "buys")}
        why = {name: [("", "")] * n for name in ("uses", "feeds")}
        if taken:
            for row in taken:
                _keep(need["uses"], why["uses"], row.strength * self._sources(row.use), ("", row.word))
            return need, why
        for thing, trust in things:
            of_technology = _OF_TECHNOLOGY if _TECHNOLOGY.search(thing) else 1.0
            rows = self._use_rows_of(thing)
            if left_over:
                rows = [row for row in rows if row.use.relation == "byproduct"]
            if services_only:
                rows = [row for row in rows if row.use.relation == "service"]
            for row in rows:
                strength = trust * row.strength * of_technology * self._users(row.use)
                _keep(need["uses"], why["uses"], strength, (thing, row.word))
                if row.use.relation == "byproduct":
                    need["takes"] = np.maximum(need["takes"], strength)
            need["buys"] = np.maximum(need["buys"], trust * self.likeness.overlap(thing)[0] * self.buys)
            goods = {} if left_over or services_only else self.named(thing)
            for product, p in goods.items():
                _keep(need["feeds"], why["feeds"], trust * p * self._needed(product), (thing, product))
        return need, why

    def _use_rows_of(self, thing: str) -> list[Used]:
        """Rows of the table of users for a thing, or else for the kinds of it that the catalogue knows."""
        rows = uses_of(thing)
        if rows:
            return rows
        kinds = [row for kind in self.kinds(thing) for row in uses_of(kind)]
        return [row._replace(strength=row.strength * _OF_KIND) for row in kinds]

    def _is_unknown_or_left_over(self, request: Request, things: list[tuple[str, float]]) -> bool:
        """Whether a business similar to the thing is a match; otherwise it is a rival's."""
        spoken = [thing for thing, trust in things if trust > _OWN_PASSED_OVER]
        return self._left_over(request) or not (
            self._takes(request) or any(uses_of(thing) for thing in spoken)
        )

    def _by_products(self, request: Request) -> tuple[list[Used], bool]:
        """Rows of left-overs that a demand is about, and whether its enterprise takes these in."""
        if request not in self._left_overs:
            about = [*request.things, *_CLAUSES.findall(request.text)]
            rows = [row for thing in about for row in uses_of(thing) if row.use.relation == "byproduct"]
            taken = bool(rows) and not _TO_BE_RID_OF.search(request.text)
            if taken:
                own = self._own(request)
                most = {side: max(_most(own, of(row.use)) for row in rows) for side, of in _SIDES.items()}
                taken = most["takes"] > _SOME and most["takes"] >= most["leaves"]
            self._left_overs[request] = rows, taken
        return self._left_overs[request]

    def _takes(self, request: Request) -> list[Used]:
        """Rows of left-overs that the enterprise of a demand takes in from others."""
        rows, taken = self._by_products(request)
        return rows if taken else []

    def _left_over(self, request: Request) -> bool:
        """Whether a demand offers what is left over, not what its enterprise makes or takes in."""
        rows, taken = self._by_products(request)
        return bool(rows) and not taken

    def _sources(self, use: Use) -> Floats:
        """How likely the production of each phrase's enterprise leaves a by-product over."""
        return self._users(_SIDES["leaves"](use))

    def _offers_technology(self, request: Request) -> bool:
        """Whether a demand offers a technology: it goes to who works in its field."""
        return any(_TECHNOLOGY.search(thing) for thing in request.things) or bool(
            _TRANSFER.search(request.text)
        )

    @cached_property
    def _business_vectors(self) -> Floats:
        if self.use_model is None:
            return np.zeros((len(self.words), 0))
        return self.use_model.businesses(self.words).astype("float64")

    def _fits(self, things: Iterable[str]) -> Floats:
        """How well each phrase's business fits as a user of the best of some things, by the learnt model.

        Who leaves waste over is no user of it, so a collector's things are not given.
        """
        named = list(things)[:_MOST_THINGS]
        if not named or self.use_model is None:
            return np.zeros(len(self.words))
        return scaled((self.use_model.things(named) @ self._business_vectors.T).max(axis=0))

    def _may_be_named(self, thing: str, request: Request) -> bool:
        """Whether a thing is certainly what the demand offers: named by it, or made by its enterprise."""
        if thing in request.things:
            known = uses_of(thing)[:1]
            return bool(known and known[0].strength == 1.0) or bool(self.catalogue.recognise(thing))
        own = units(thing)
        return thing in self._own(request) and len(own & units(request.text)) >= _HALF * len(own) > 0

    def _is_all_of(self, word: str, thing: str) -> bool:
        """Whether a word of the tables says what a thing is: its head, its product, or a kind of that."""
        head = _DOING.sub("", fold_term(thing)) or fold_term(thing)
        return head.endswith(word) or word in self.kinds(thing)

    def _own(self, request: Request) -> list[str]:
        """Phrases of the business of the enterprise that asks."""
        return [phrase.words for phrase in self.phrases_of.get(request.enterprise_id, [])]

    def is_in(self, firm: str, text: str) -> bool:
        """Whether a text has the brand of an enterprise."""
        return self.brands.get(firm, "\0") in text

    def is_bystander(self, firm: str, role: str) -> bool:
        """Whether an enterprise that lends, tests or studies is looked at as a buyer or a maker of goods.

        Of 442 wanted customers and 160 wanted suppliers of ten regions none was such a one, but institutes
        among the suppliers.
        """
        serves = self.servers.get(firm, "")
        return (role == "customer" and serves != "") or (role == "supplier" and serves in _NO_MAKERS)

    def is_rival(self, request: Request, phrase: str) -> bool:
        """Whether a phrase names the product asked for, and the enterprise that asks makes it too."""
        own = [p.words for p in self.phrases_of.get(request.enterprise_id, []) if not p.buys]
        return bool(self._products_of(own) & self._products_of([phrase]) & self._products_of(request.things))

    def _products_of(self, written: Iterable[str]) -> set[str]:
        """Products that some phrases name as wholes: 绞纱染色 is no yarn."""
        known = {words: self.catalogue.recognise(words) for words in written}
        return {meant.product if meant else fold_term(words) for words, meant in known.items()}

    def _as_suppliers(self, request: Request) -> tuple[pd.DataFrame, list[Answer]]:
        things = self._things_sought(request)
        names = [thing for thing, _ in things]
        n = len(self.phrases)
        best, left = [""] * n, [""] * n
        parts = {name: np.zeros(n) for name in ("same", "thing", "phrase", "meaning")}
        whole = np.zeros(n)
        cosines = self.likeness.cosines(names)
        for number, (thing, trust) in enumerate(things):
            same = np.zeros(n)
            for product, p in self.named(thing).items():
                same = np.maximum(same, p * self._made(product))
            of_thing, of_phrase = self.likeness.overlap(thing)
            row = {"same": same, "thing": of_thing, "phrase": of_phrase, "meaning": cosines[number]}
            together = trust * np.sum(list(row.values()), axis=0)
            for at_phrase in np.flatnonzero(together > whole):
                best[at_phrase] = thing if thing in request.things else ""
            whole = np.maximum(whole, together)
            for name, values in row.items():
                parts[name] = np.maximum(parts[name], trust * values)
        for taken in self._takes(request):
            leaves = taken.strength * self._sources(taken.use)
            for at_phrase in np.flatnonzero(leaves > _SOME):
                left[at_phrase] = taken.word
            for name in ("same", "phrase"):
                parts[name] = np.maximum(parts[name], leaves)
        parts["text"] = self.likeness.shared(request.sentence)
        # A firm that buys or collects a thing does not sell it, except where collection of waste is asked
        # for.
        takes_in = self.buys * (not _WASTE.search("".join(names)))
        weight = self.weight * np.where(takes_in > 0, _TAKEN_IN, 1.0)
        weighed = {name: values * weight for name, values in parts.items()}
        weighed["answers"], of_firms = self._answering(request, "other")
        frame = self._by_firm(weighed)
        frame["answers"] = frame["answers"].clip(lower=of_firms)
        self._add_named(frame, request.text)
        total = np.sum(list(weighed.values()), axis=0)
        named = frame["named"].to_numpy()
        answers = []
        for firm in range(len(self.firms)):
            at = np.flatnonzero(self.firm_of == firm)
            i = int(at[np.argmax(total[at])])
            is_same = parts["same"][i] >= _SAME["same"] or parts["phrase"][i] >= _SAME["phrase"]
            if not is_same and best[i] and parts["thing"][i] >= _SAME["thing"]:
                # 试剂卡壳 is no 试剂.
                after = self.words[i].rpartition(best[i])[2] if best[i] in self.words[i] else ""
                is_same = not after or _DOING.fullmatch(after) is not None
            how = "leaves" if left[i] else "same" if is_same else "like"
            how = "named" if named[firm] else how
            # The thing read from a demand is shown only where it is what matches.
            answers.append(Answer(best[i] if is_same else "", self.words[i], how, left[i]))
        return frame, answers

    def _things_sought(self, request: Request) -> list[tuple[str, float]]:
        """List what is sought, with weights: the thing, and the clauses of the demand."""
        things = dict.fromkeys(request.things, 1.0)
        for text, trust in ((request.sentence, _OF_SENTENCE), (request.text, _OF_TEXT)):
            for clause in _CLAUSES.findall(text):
                if len(clause) > 1:
                    things.setdefault(clause, trust)
        return list(things.items())

    def _things_sold(self, request: Request) -> list[tuple[str, float]]:
        """List what is offered, with weights: what the demand names, and what its enterprise makes."""
        things = dict.fromkeys(request.things, 1.0)
        mine = [] if self._left_over(request) else self._own(request)
        request_units = units(request.sentence) | units("".join(request.things))
        spoken = {words for words in mine if any(len(unit) > 1 for unit in units(words) & request_units)}
        for words in mine:
            silent = _OWN_PASSED_OVER if spoken else _OWN_UNSPOKEN
            trust = _OWN_SPOKEN if words in spoken else silent
            things.setdefault(words, trust)
        # 印染 of 印染的、烘干的 says who is to buy, not what is sold.
        buyers = sorted(targets_of(request.text, request.things), key=len, reverse=True)
        said_of_buyers = re.compile("|".join(map(re.escape, buyers)) or "(?!)")
        for text, trust in ((request.sentence, _OF_SENTENCE), (request.text, _OF_TEXT)):
            for clause in _CLAUSES.findall(text):
                offered = said_of_buyers.sub("", clause)
                if len(offered) > 1:
                    things.setdefault(offered, trust)
        return list(things.items())

    def _users(self, use: Use) -> Floats:
        """How likely each phrase's enterprise uses what a row of the table offers."""
        if use not in self._use_rows:
            known = {words: use_strength(use, words, self.kinds(words)) for words in set(self.words)}
            strength = np.array([known[words] for words in self.words])
            for listed, share in ((use.users, 1.0), (use.sometimes, _SOMETIMES)):
                if ANY_MAKER in listed:
                    strength = np.maximum(strength, share * _ANY * self._makers)
                if MANY_PEOPLE in listed:
                    people = np.minimum(self.size / _PEOPLE, 1.0) * _ANY
                    strength = np.maximum(strength, share * people[self.firm_of])
            self._use_rows[use] = strength
        return self._use_rows[use]

    @cached_property
    def _makers(self) -> Floats:
        """Whether a phrase names goods of manufacturing."""
        codes = self.catalogue.products["code"].fillna("").str[:2]
        made = set(codes.index[codes.isin([str(code) for code in _MANUFACTURING])])
        known = {words: bool(made & set(self.named(words))) for words in dict.fromkeys(self.words)}
        return np.array([float(known[words]) for words in self.words])

    def _made(self, product: str) -> Floats:
        """How well each phrase's goods answer a search for a product."""
        if product not in self._makes:
            self._makes[product] = self._over_products(lambda other: self.products.answers(product, other))
        return self._makes[product]

    def _needed(self, product: str) -> Floats:
        """Probability that each phrase's goods are made with a product."""
        if product not in self._needs:
            self._needs[product] = self._over_products(lambda made: self.products.goes_into(product, made))
        return self._needs[product]

    def _over_products(self, fit: Callable[[str], float]) -> Floats:
        fits = {product: fit(product) for words in set(self.words) for product in self.named(words)}
        best = {
            words: max((likely * fits[p] for p, likely in self.named(words).items()), default=0.0)
            for words in set(self.words)
        }
        return np.array([best[words] for words in self.words])

    def _by_firm(self, weighed: dict[str, Floats]) -> pd.DataFrame:
        frame = pd.DataFrame(weighed)
        grouped = frame.groupby(self.firm_of).max()
        return grouped.set_axis(pd.Index(self.firms, name="counterpart_id"), axis=0)

    def _add_named(self, frame: pd.DataFrame, text: str) -> None:
        """Add whether the demand names each counterpart, and as one that it deals with."""
        brands = self.brands.values()
        named = [how_named(self.brands.get(firm, ""), text, brands) for firm in self.firms]
        frame["named"], frame["deals"] = ([float(pair[side]) for pair in named] for side in (0, 1))


def _most(own: list[str], use: Use) -> float:
    """How likely an enterprise is a user that a row lists, by its own phrases."""
    return max((use_strength(use, words) for words in own), default=0.0)


def _how_a_customer(how: str, phrase: int, need: dict[str, Floats], target: Floats) -> str:
    """Choose what the reason states of a customer; an uncertain use becomes a question."""
    if how == "uses" and need["takes"][phrase] > 0:
        return "takes"
    if how in {"uses", "feeds"} and need[how][phrase] < _SURELY:
        return "may use"
    if how == "target" and target[phrase] < _SURELY:
        return "like"
    return _SAID_AS.get(how, how)


def _keep(best: Floats, why: list[tuple[str, str]], strength: Floats, reason: tuple[str, str]) -> None:
    for i in np.flatnonzero(strength > best):
        why[i] = reason
    np.maximum(best, strength, out=best)


def _phrases(ledger: Ledger) -> list[Phrase]:
    """Phrases of the business texts and names of the offers of all enterprises."""
    phrases: dict[tuple[str, str], float] = {}
    bought: set[tuple[str, str]] = set()
    named: set[tuple[str, str]] = set()
    for firm, text in business_texts(ledger).items():
        own = not is_scope(text)
        bought |= {(str(firm), words) for words in bought_words(text)}
        for words, weight in business_phrases(text):
            phrases[str(firm), words] = 1.0 if own else weight
    for firm, product in ledger.offers[["enterprise_id", "product"]].itertuples(index=False):
        phrases.setdefault((firm, product), 1.0)
    names = {str(firm): str(name) for firm, name in ledger.names().items()}
    brands = brands_of(names)
    for firm, name in names.items():
        trade = trade_of_name(name, brands.get(firm, ""))
        if trade and not any(trade in words for other, words in phrases if other == firm):
            phrases[firm, trade] = _OF_NAME
            named.add((firm, trade))
    return [Phrase(*key, weight, key in bought, key in named) for key, weight in phrases.items()]
