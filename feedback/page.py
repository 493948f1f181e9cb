"""A report of cases as one page that needs nothing else: no script, no network, light, dark and on paper."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from feedback.comparison import Comparison, Difference
from feedback.markup import Child, Markup, tag
from feedback.outcomes import Called, Outcome
from feedback.plots import PLACES, confusion, costs, latency, rates
from feedback.report import Report
from feedback.statistics import Estimate
from feedback.summary import Figures, Summary, failed
from feedback.verdict import shown

STYLE = Path(__file__).with_suffix(".css")
# Even if something slipped through: nothing is run and nothing is fetched.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def page(report: Report) -> str:
    head = (
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=POLICY),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("title", report.title),
        tag("style", Markup(STYLE.read_text(encoding="utf-8"))),
    )
    return f"<!doctype html>\n{tag('html', tag('head', *head), tag('body', _body(report)), lang='en')}\n"


def _body(report: Report) -> Iterator[Markup]:
    summaries = report.summaries
    yield tag("h1", report.title)
    yield tag("p", _played(summaries), class_="soft")
    if len(summaries) > 1:
        keys = (part for each, kind in zip(summaries, PLACES, strict=False) for part in (tag("i", class_=kind), each.model))
        yield tag("p", keys, class_="key")
    if summaries:
        yield tag("div", _cards(report, summaries[0]), class_="cards")
    if report.judging:
        yield tag("p", " ".join(report.judging.told()), class_="soft")
    if report.comparison:
        yield from _comparison(report.comparison)
    if summaries:
        yield from _plots(report, summaries)
    yield from _failures(failed(report.outcomes))
    if report.not_played:
        yield tag("h2", "Not played")
        yield tag("ul", (tag("li", str(each)) for each in report.not_played))


def _played(summaries: Sequence[Summary]) -> str:
    if not summaries:
        return "Nothing was played."
    first = summaries[0]
    times = f", each played {first.repeats} times, of which all must pass" if first.repeats > 1 else ""
    return f"{first.model}{f' against {summaries[1].model}' if summaries[1:] else ''}: {first.all.cases:,} cases{times}"


def _cards(report: Report, found: Summary) -> Iterator[Markup]:
    if report.comparison and report.max_loss is not None:
        said = {True: "passed", False: "failed", None: "cannot be judged"}[report.passes_gate]
        kind = "good" if report.passes_gate else "bad"
        yield _card(f"Gate {said}", f"the interval starts at {_points(report.comparison.all.rate.low)}, allowed is {_points(-report.max_loss)}", kind)
    spent = found.spent
    yield _card(f"{found.all.rate.value:.1%}", f"of cases passed ({_range(found.all.rate)})")
    yield _card(f"{found.all.passed:,} of {found.all.cases:,}", f"cases passed{f', {found.unjudged:,} not judged' if found.unjudged else ''}")
    yield _card(f"{spent.p50:.2f} s", f"median play; 95 % within {spent.p95:.2f} s")
    yield _card(
        "unknown" if spent.cost is None else f"${spent.cost:.4f}",
        f"cost; {spent.calls:,} model calls, {spent.input_tokens + spent.output_tokens:,} tokens",
    )


def _card(figure: str, about: str, kind: str = "") -> Markup:
    return tag("div", tag("strong", figure), tag("span", about, class_="soft"), class_=f"card {kind}".strip())


def _range(found: Estimate) -> str:
    return f"{found.low:.1%} to {found.high:.1%}"


def _points(share: float) -> str:
    """A difference of shares."""
    return f"{100 * share:+.1f} points"


def _comparison(found: Comparison) -> Iterator[Markup]:
    yield tag("h2", f"{found.candidate} less {found.baseline}")
    head = _row("th", ("set", "cases", "difference", "95 % interval", "only baseline", "only candidate", "chance"), 1)
    rows = [_difference(each) for each in (*(found.sets if len(found.sets) > 1 else ()), found.all)]
    yield tag("div", tag("table", tag("thead", head), tag("tbody", rows)), class_="wide")
    seconds, cost = found.seconds, found.cost
    yield tag("p", f"Seconds a play: {seconds.value:+.3f} ({seconds.low:+.3f} to {seconds.high:+.3f}). ", class_="soft")
    yield tag("p", f"Dollars a play: {cost.value:+.5f} ({cost.low:+.5f} to {cost.high:+.5f})." if cost else "Dollars a play: unknown.", class_="soft")
    for said, cases, kind in (("Lost", found.lost, "lost"), ("Won", found.won, "won"), ("Only one has results of", found.apart, "soft")):
        if cases:
            yield tag("p", tag("span", f"{said}: ", class_=kind), ", ".join(cases))


def _difference(found: Difference) -> Markup:
    differs = found.only_baseline + found.only_candidate  # resampling differences that are all 0 would say that there can be none
    interval = f"{100 * found.rate.low:+.1f} to {100 * found.rate.high:+.1f}" if differs else "no case differs"
    counts = (f"{found.only_baseline:,}", f"{found.only_candidate:,}", f"{found.chance:.3f}")
    return _row("td", (found.name, f"{found.cases:,}", _points(found.rate.value), interval, *counts), 1)


def _row(cell: str, texts: Sequence[Child], figures_from: int) -> Markup:
    return tag("tr", (tag(cell, text, **({"class_": "figure"} if n >= figures_from else {})) for n, text in enumerate(texts)))


def _plots(report: Report, summaries: Sequence[Summary]) -> Iterator[Markup]:
    yield tag("h2", "Figures")
    yield _figure("Share of cases that passed, with its 95 % interval (Wilson)", rates(summaries))
    if len(summaries[0].sets) > 1 or summaries[0].repeats > 1:
        yield _sets(summaries[0])
    for each in summaries:
        if each.confusion:
            yield _figure(f"{each.model}: what was expected (rows) and what was done (columns), plays", confusion(each))
    runs = [run for run in (report.outcomes, report.against) if run]
    yield _figure("Share of plays that had ended, by seconds", latency(runs))
    drawn = costs(runs)
    told = "Nothing cost anything." if all(each.spent.cost == 0 for each in summaries) else "What it cost is not known."
    yield _figure("Dollars a play, by set", drawn or tag("p", told))


def _figure(caption: str, drawn: Markup) -> Markup:
    return tag("figure", tag("figcaption", caption), drawn)


def _sets(found: Summary) -> Markup:
    head = _row("th", ("set", "cases", "passed", "rate", "95 % interval", "single plays"), 1)
    rows = [_set(each) for each in (*found.sets, found.all)]
    return _figure(f"{found.model}, by set", tag("div", tag("table", tag("thead", head), tag("tbody", rows)), class_="wide"))


def _set(found: Figures) -> Markup:
    return _row("td", (found.name, f"{found.cases:,}", f"{found.passed:,}", f"{found.rate.value:.1%}", _range(found.rate), f"{found.single:.1%}"), 1)


def _failures(wrong: Sequence[Outcome]) -> Iterator[Markup]:
    yield tag("h2", f"Cases that failed: {len(wrong):,}" if wrong else "Every case passed")
    for each in wrong:
        yield tag("article", _failure(each))


def _failure(one: Outcome) -> Iterator[Markup]:
    yield tag("h3", one.id, " ", tag("small", f"{one.set}, {one.model}{f', play {one.repeat + 1}' if one.repeat else ''}"))
    yield tag("blockquote", "\n".join(one.say), dir="auto")
    yield tag("ul", (tag("li", str(each)) for each in one.missed))
    wrong = frozenset(each.about for each in one.missed if each.about)
    yield tag(
        "div", tag("div", tag("h4", "Expected"), _expected(one.expected or {})), tag("div", tag("h4", "Done"), _done(one, wrong)), class_="sides"
    )


def _expected(expected: Mapping[str, Any]) -> Iterator[Markup]:
    operations, arguments = expected.get("operation", ()), expected.get("arguments", ())
    yield tag("p", expected.get("action", "nothing"))
    for number, operation in enumerate(operations):
        yield tag("p", tag("code", operation))
        place = number - (len(operations) - len(arguments))  # one mapping belongs to the last
        if place >= 0 and arguments[place]:
            rows = (tag("tr", tag("td", name), tag("td", tag("code", _any(wanted["any_of"])))) for name, wanted in arguments[place].items())
            yield tag("table", tag("tbody", rows))
    if expected.get("asked"):
        yield tag("p", "asks for ", ", ".join(expected["asked"]))
    yield from (tag("p", "says ", tag("q", text)) for text in expected.get("says", ()))


def _any(values: Sequence[Any]) -> str:
    return " or ".join("left out" if value is None else shown(value) for value in values)


def _done(one: Outcome, wrong: frozenset[str]) -> Iterator[Markup]:
    yield tag("p", one.action, f", asks for {', '.join(one.asked)}" if one.asked else "")
    for call in one.calls:
        yield tag("p", tag("code", call.operation))
        if call.arguments:
            head = tag("tr", (tag("th", name) for name in ("argument", "value", "source")))
            yield tag("table", tag("thead", head), tag("tbody", (_argument(call, name, wrong) for name in call.arguments)))
    if one.text:
        yield tag("blockquote", one.text, dir="auto")


def _argument(call: Called, name: str, wrong: frozenset[str]) -> Markup:
    inner = {place: source for place, source in call.sources.items() if place == name or place.startswith(f"/{name}/")}
    told = "; ".join(_source(place.removeprefix(f"/{name}/") if place != name else "", source) for place, source in inner.items())
    cells = (tag("td", name), tag("td", tag("code", shown(call.arguments[name]))), tag("td", told or "not recorded"))
    return tag("tr", cells, **({"class_": "miss"} if name in wrong else {}))


def _source(place: str, source: Mapping[str, Any]) -> str:
    said = source.get("said")
    about = f": “{said}”" if said else f": {source['label']}" if source.get("label") else ""
    return f"{f'{place} ' if place else ''}{source.get('kind', '')}{about}"
