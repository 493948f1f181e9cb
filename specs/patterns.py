"""Which patterns of a document can be compiled, within a bound on what compiling them may cost."""

import re

import jsonschema_rs

# In characters once repetitions are written out: what 4,000 ordinary patterns have. Compiling takes up to 0.1 ms for each.
MOST_OF_ONE = 5_000
MOST_OF_ALL = 200_000
_PARTS = re.compile(r"\\[pP]\{[^}]*\}|\\.|\[(?:\\.|[^\]\\])*\]|\{(\d*),?(\d*)\}|[()]|.", re.DOTALL)


class Patterns:
    """Of one document: each is compiled once."""

    def __init__(self) -> None:
        self._known: dict[str, bool] = {}
        self._left = MOST_OF_ALL

    def usable(self, pattern: str) -> bool:
        known = self._known.get(pattern)
        if known is None:
            weight = weighed(pattern)
            known = weight <= min(MOST_OF_ONE, self._left)
            if known:
                self._left -= weight
                known = _compiles(pattern)
            self._known[pattern] = known
        return known


def weighed(pattern: str) -> int:
    """Its length with repetitions written out: (a{1,50}){1,50} is 2,500. More than is allowed of one may be any number above that."""
    if len(pattern) > MOST_OF_ONE:
        return len(pattern)
    groups, last = [0], 0
    for match in _PARTS.finditer(pattern):
        part = match.group()
        if part == "(":
            groups.append(0)
            last = 0
        elif part == ")" and len(groups) > 1:
            last = groups.pop() + 1
            groups[-1] += last
        elif match.group(1) is not None:
            more = last * (max(_times(match.group(1)), _times(match.group(2))) - 1)
            groups[-1] += more
            last += more
        else:
            last = len(part)
            groups[-1] += last
        if groups[-1] > MOST_OF_ONE:
            break
    return sum(groups)


def _times(digits: str) -> int:
    return max(1, int(digits[:9] or 1))


def _compiles(pattern: str) -> bool:
    try:
        jsonschema_rs.validator_for({"pattern": pattern})
    except ValueError:
        return False
    return True
