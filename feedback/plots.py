"""The plots of a report as SVG: the rates with their intervals, what was done instead of what, how long it took, what it cost. Pure.

Colours are classes of the page's style sheet (one, two: the model and the baseline), so that they fit light, dark and paper.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from math import ceil, floor, log10

from feedback.markup import Markup, tag
from feedback.outcomes import Outcome
from feedback.summary import Figures, Summary

WIDTH, LEFT, RIGHT, ROW = 640, 150, 130, 30
PLACES = ("one", "two")
_LONGEST = 20  # letters of a set's name


def _svg(height: float, title: str, *children: Markup | list[Markup]) -> Markup:
    return tag("svg", tag("title", title), *children, viewBox=f"0 0 {WIDTH} {height:.0f}", role="img", xmlns="http://www.w3.org/2000/svg")


def _text(x: float, y: float, said: str, anchor: str = "start", class_: str = "label") -> Markup:
    return tag("text", said, x=x, y=y, text_anchor=anchor, class_=class_)


def _line(x1: float, y1: float, x2: float, y2: float, class_: str) -> Markup:
    return tag("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=class_)


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"


def rates(summaries: Sequence[Summary]) -> Markup:
    """A dot with its 95 % interval for each set and model."""
    groups = [*([each.name for each in summaries[0].sets] if len(summaries[0].sets) > 1 else ()), "all"]
    tall = ROW if len(summaries) == 1 else ROW + 10
    bottom = 8 + tall * len(groups)
    across = _across(LEFT, WIDTH - RIGHT)
    grid = [_line(across(n / 5), 4, across(n / 5), bottom, "grid") for n in range(6)]
    labels = [_text(across(n / 5), bottom + 16, f"{n * 20} %", "middle", "tick") for n in range(6)]
    rows = [mark for number, name in enumerate(groups) for mark in _rate_row(summaries, name, (8 + tall * number, tall), across)]
    return _svg(bottom + 24, "Share of cases that passed, by set, with 95 % intervals", grid, labels, rows)


def _across(start: float, end: float) -> Callable[[float], float]:
    return lambda share: start + (end - start) * share


def _rate_row(summaries: Sequence[Summary], name: str, place: tuple[float, float], across: Callable[[float], float]) -> Iterator[Markup]:
    top, tall = place
    yield _text(LEFT - 12, top + tall / 2 + 4, _short(name), "end")
    for number, (each, kind) in enumerate(zip(summaries, PLACES, strict=False)):
        found = _of(each, name)
        if found is None:
            continue
        y = top + tall * (0.5 if len(summaries) == 1 else 0.3 + 0.4 * number)
        yield _line(across(found.rate.low), y, across(found.rate.high), y, f"whisker {kind}")
        yield tag("circle", cx=across(found.rate.value), cy=y, r=4.5, class_=f"dot {kind}")
        yield _text(WIDTH - RIGHT + 12, y + 4, f"{found.rate.value:.1%}  {found.passed:,}/{found.cases:,}", class_="tick")


def _of(found: Summary, name: str) -> Figures | None:
    return found.all if name == "all" else next((each for each in found.sets if each.name == name), None)


def confusion(found: Summary) -> Markup:
    """Rows: what was expected; columns: what was done. The darker the more of its row."""
    columns = list(next(iter(found.confusion.values()), {}))
    cell, tall, left = min(105.0, (WIDTH - LEFT) / max(1, len(columns))), 38, 110
    heads = [_text(left + cell * (n + 0.5), 16, name, "middle") for n, name in enumerate(columns)]
    rows = [mark for n, (name, counts) in enumerate(found.confusion.items()) for mark in _confused(name, counts, (left, 26 + tall * n, cell, tall))]
    return _svg(32 + tall * len(found.confusion), f"What {found.model} did (columns) where what was expected (rows), plays", heads, rows)


def _confused(name: str, counts: Mapping[str, int], box: tuple[float, float, float, float]) -> Iterator[Markup]:
    left, top, cell, tall = box
    total = sum(counts.values())
    yield _text(left - 12, top + tall / 2 + 4, name, "end")
    for number, (did, count) in enumerate(counts.items()):
        kind = "right" if did == name else "wrong"
        share = count / total
        yield tag("rect", x=left + cell * number + 1, y=top + 1, width=cell - 2, height=tall - 2, rx=4, class_="empty")
        yield tag("rect", x=left + cell * number + 1, y=top + 1, width=cell - 2, height=tall - 2, rx=4, class_=kind, fill_opacity=0.75 * share)
        yield _text(left + cell * (number + 0.5), top + tall / 2 + 4, f"{count:,}", "middle", "label" if count else "tick")


def latency(runs: Sequence[Sequence[Outcome]]) -> Markup:
    """Which share of plays had ended after how many seconds; the scale is logarithmic."""
    seconds = [sorted(max(each.seconds, 0.001) for each in run) for run in runs]
    low, high = (of(log10(edge(map(edge, seconds)))) for of, edge in ((floor, min), (ceil, max)))
    high = max(high, low + 1)
    bottom, left, right = 190.0, 60.0, WIDTH - 30.0
    across, up = _across(left, right), _across(bottom, 14.0)

    def at(value: float) -> float:
        return across((log10(value) - low) / (high - low))

    ticks = [step * 10.0**power for power in range(low, high) for step in (1, 2, 5)] + [10.0**high]
    grid = [_line(left, up(n / 4), right, up(n / 4), "grid") for n in range(5)]
    labels = [_text(left - 8, up(n / 4) + 4, f"{n * 25} %", "end", "tick") for n in range(5)]
    marks = [
        mark
        for tick in ticks
        for mark in (_line(at(tick), bottom, at(tick), bottom + 4, "axis"), _text(at(tick), bottom + 18, f"{tick:g}", "middle", "tick"))
    ]
    lines = [
        tag("path", d=_steps([at(value) for value in run], up, right), class_=f"curve {kind}") for run, kind in zip(seconds, PLACES, strict=False)
    ]
    return _svg(
        bottom + 40,
        "Share of plays that had ended, by seconds",
        grid,
        labels,
        marks,
        lines,
        [_text((left + right) / 2, bottom + 36, "seconds", "middle", "tick")],
    )


def _steps(places: Sequence[float], up: Callable[[float], float], right: float) -> str:
    """Up by one share at each place, in order; on to the right at the top."""
    parts = [f"M{places[0]:.1f} {up(0):.1f}"]
    parts += [f"H{x:.1f}V{up((n + 1) / len(places)):.1f}" for n, x in enumerate(places)]
    return "".join([*parts, f"H{right:.1f}"])


def costs(runs: Sequence[Sequence[Outcome]]) -> Markup | None:
    """Dollars a play, by set. None where no price is known, or nothing cost anything."""
    groups = list(dict.fromkeys(each.set for run in runs for each in run))
    dear = [{name: _mean([each.usage.cost for each in run if each.set == name]) for name in groups} for run in runs]
    most = max((cost for run in dear for cost in run.values() if cost is not None), default=0.0)
    if not most:
        return None
    across = _across(LEFT, WIDTH - RIGHT)
    height = ROW if len(runs) == 1 else ROW + 6
    tall = height / len(runs) - 5
    marks: list[Markup] = []
    for number, name in enumerate(groups):
        marks.append(_text(LEFT - 12, height * (number + 0.5) + 2, _short(name), "end"))
        for place, (run, kind) in enumerate(zip(dear, PLACES, strict=False)):
            cost, y = run[name], height * number + 2 + place * (tall + 2)
            told = "price unknown" if cost is None else f"${cost:.5f}"
            marks.append(tag("rect", x=LEFT, y=y, width=max(1.0, across((cost or 0.0) / most) - LEFT), height=tall, rx=2, class_=f"bar {kind}"))
            marks.append(_text(across((cost or 0.0) / most) + 8, y + tall / 2 + 4, told, class_="tick"))
    return _svg(height * len(groups) + 4, "Dollars a play, by set", marks)


def _mean(costs: Sequence[float | None]) -> float | None:
    known = [cost for cost in costs if cost is not None]
    return sum(known) / len(known) if known and len(known) == len(costs) else None
