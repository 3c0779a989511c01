"""Did you mean: the known names nearest to one that is not known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

LONGEST = 128
MOST = 3


def nearest(name: str, candidates: Iterable[str], other_spellings: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """At most three names someone may have meant, the likeliest first; none if nothing is near.

    `other_spellings` gives words of the other language and what they are called here; an exact one of them goes before all
    else. Case, `_`, `-` and blanks do not count; two neighbours exchanged count as one slip; a Chinese character weighs more
    than a letter.
    """
    meant = _meant(name, other_spellings or {})
    known = list(dict.fromkeys(candidates))
    if len(name) > LONGEST:
        return meant
    wanted = _plain(name)
    ranked = sorted((score, place) for place, known_name in enumerate(known) if (score := _score(wanted, _plain(known_name))))
    return tuple(dict.fromkeys([*meant, *(known[place] for _, place in ranked)]))[:MOST]


def did_you_mean(name: str, candidates: Iterable[str], language: str, other_spellings: Mapping[str, str] | None = None) -> str:
    """``did you mean `net_sales` or `net_sale`?`` in `language` ('en' or 'zh'); '' if nothing is near."""
    found = nearest(name, candidates, other_spellings)
    if not found:
        return ""
    if language == "zh":
        return "是否想写 " + " 或 ".join(f"`{item}`" for item in found) + "？"
    return "did you mean " + " or ".join(f"`{item}`" for item in found) + "?"


def _meant(name: str, other_spellings: Mapping[str, str]) -> tuple[str, ...]:
    plain = {_plain(word): here for word, here in other_spellings.items()}
    here = other_spellings.get(name) or plain.get(_plain(name))
    return (here,) if here else ()


def _plain(name: str) -> str:
    return name.casefold().replace("_", "").replace("-", "").replace(" ", "")


def _score(wanted: str, known: str) -> int:
    """0 for far apart, else the smaller the nearer."""
    if not wanted or not known:
        return 0
    allowed = _allowed(wanted, known)
    if abs(len(wanted) - len(known)) <= allowed and (slips := _slips(wanted, known, allowed)) <= allowed:
        return 1 + slips
    inside = min(len(wanted), len(known)) >= (2 if _chinese(wanted) else 4)
    return 10 if inside and (wanted in known or known in wanted) else 0


def _allowed(wanted: str, known: str) -> int:
    longest = max(len(wanted), len(known))
    if _chinese(wanted) or _chinese(known):
        return 0 if longest < 2 or not set(wanted) & set(known) else 1 + longest // 5
    return min(4, (longest + 1) // 3) if longest > 2 else longest - 1


def _chinese(text: str) -> bool:
    return any("\u3400" <= char <= "\u9fff" for char in text)


def _slips(left: str, right: str, most: int) -> int:
    """Insertions, deletions, replacements and exchanges of neighbours that turn one into the other; `most` + 1 for more."""
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, char in enumerate(left, 1):
        following = [i]
        for j, other in enumerate(right, 1):
            cost = min(row[j] + 1, following[-1] + 1, row[j - 1] + (char != other))
            if i > 1 and j > 1 and char == right[j - 2] and left[i - 2] == other:
                cost = min(cost, before[j - 2] + 1)
            following.append(cost)
        if min(following) > most + 1:
            return most + 1
        before, row = row, following
    return row[-1]
