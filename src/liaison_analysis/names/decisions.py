"""Whether the most probable enterprise of a name is certain enough to be its answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from liaison_analysis._messages import message
from liaison_analysis.names.answers import Answer
from liaison_analysis.names.features import sound_of
from liaison_analysis.names.lookup import same_town
from liaison_analysis.names.parts import NameParts, is_generic
from liaison_analysis.names.places import places_differ

if TYPE_CHECKING:
    from liaison_analysis.names.candidates import Scored
    from liaison_analysis.names.roster import Roster

#: Smallest margin over the next enterprise: for a name that is a substring of exactly one enterprise's name,
#: and for any other. With these, out of sample, 99.7 of 100 certain answers to short names of 4,654 firms are
#: right, and of 100 names of firms taken off the roster 3 are answered (``benchmarks/names.py``).
CONTAINED_MARGIN: Final = 0.5
LIKELY_MARGIN: Final = 0.9
#: The same for any other name in a crowd, whose probabilities allow for nearly all names matching no
#: enterprise of the roster: 99 of 100 certain answers are right among 260,000 other firms
#: (``benchmarks/names_strangers.py``).
CROWD_MARGIN: Final = 0.5
#: Candidates shown where a name is ambiguous, or listed by default.
SHOWN: Final = 5
_MENTIONED: Final = 0.05  # judgement: a less probable candidate is not shown
_HINT: Final = 0.02  # judgement: a name whose candidates together have less is unknown


def decide(roster: Roster, part: NameParts, scored: Scored, town: str, *, least: float) -> Answer:
    """Decide on an answer: certain only where the margin is wide and no other enterprise fits as well.

    Parameters
    ----------
    roster
        Enterprises and their names.
    part
        The written name.
    scored
        Its probable enterprises.
    town
        Decides between enterprises that match equally well; ``""`` for none.
    least
        Smallest margin of a name that is not a substring of an enterprise's name.

    Examples
    --------
    >>> import pandas as pd
    >>> from liaison_analysis.names.candidates import Scored
    >>> from liaison_analysis.names.parts import take_apart
    >>> from liaison_analysis.names.roster import build_roster
    >>> roster = build_roster(pd.DataFrame({"enterprise_id": ["E1", "E2"], "name": ["云岫轴承", "澄砚食品"]}))
    >>> part = take_apart(["云岫"])[0]
    >>> [decide(roster, part, Scored([(0, p)], [0]), "", least=0.9).status for p in (0.01, 0.4, 0.6)]
    ['unknown', 'ambiguous', 'contained']
    """
    ranked, containing = scored
    if not ranked or sum(p for _, p in ranked) < _HINT:
        return Answer("unknown", why=message("no enterprise has a name like this"))
    best, score = ranked[0]
    margin = round(score - (ranked[1][1] if len(ranked) > 1 else 0.0), 9)
    status = ""
    if containing == [best] and margin >= CONTAINED_MARGIN:
        status = "contained"
    elif margin >= least:
        status = "likely"
    fitting, why = [], message("no match is certain enough")
    if not part.has_brand:
        status, why = "", message("only words of a trade, no brand")
    elif len(containing) > 1:
        status, fitting = "contained", containing
        why = message("the names of {n} enterprises hold {stem}", n=len(containing), stem=part.stem)
    elif status and (rivals := _rivals(roster, part, best, [i for i, _ in ranked], status)):
        fitting = [best, *rivals]
        why = message("{enterprise} matches as well", enterprise=roster.ids[rivals[0]])
    if status and not fitting and _is_member(part, roster.parts[best]):
        status, why = "", message("a member of {stem}, not the group itself", stem=part.stem)
    if status and not fitting:
        return Answer(status, best, score, margin)
    there = [i for i in fitting if same_town(town, roster.towns[i])] if town else []
    if len(there) == 1:
        why = message("the one in {town} of {n} that match", n=len(fitting), town=town)
        return Answer(status, there[0], dict(ranked).get(there[0], 0.0), margin, why=why)
    others = [(i, p) for i, p in ranked if p >= _MENTIONED or i in fitting or i == best]
    return Answer("ambiguous", best, score, margin, tuple(others[: 2 * SHOWN]), why=why)


def _rivals(roster: Roster, part: NameParts, best: int, enterprises: list[int], status: str) -> list[int]:
    """Firms with the same brand by pronunciation that the written name could mean as well.

    Members of a group share the brand, so the words of trade behind it decide; a name that only picks
    characters out of such words (云岫科技 for 云岫新能源科技) is ambiguous where there are several members.
    """
    heard = [sound_of(c) for c in part.core]
    loose = status == "likely" and is_generic(part.core[2:])
    rivals = []
    for enterprise in enterprises:
        theirs = roster.parts[enterprise]
        sounds = [sound_of(c) for c in theirs.core]
        if enterprise == best or sounds[:2] != heard[:2] or places_differ(part.place, theirs.place):
            continue
        left = iter(sounds)
        if loose or all(sound in left for sound in heard):
            rivals.append(enterprise)
    return rivals


def _is_member(part: NameParts, name: NameParts) -> bool:
    """Whether the written name is a group's and the enterprise's name continues it (中钢集团安徽天源…)."""
    _, group, member = name.stem.partition(part.core)
    return group.endswith("集团") and not is_generic(member)
