"""The doctor: what will go wrong with a model and a customer, before launch. Every rule over one document, bounded, with proposed changes. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from preprocess import doctor_credentials, doctor_document, doctor_operations, doctor_parameters, doctor_schemas, doctor_texts
from preprocess.doctor_facts import Facts, Finding, Going
from preprocess.doctor_why import RULES, UNKNOWN, Rule
from specs.document import Document
from specs.model import Problem, Severity
from specs.overlay import Action
from specs.pointers import value_at

SHOWN = 50  # problems of one code
_KEPT = 2_000  # findings of one code, for the proposed changes
_PROPOSED = 100  # changes for one code: a file for people to read; the next check proposes the next ones
_SINGLE = 3  # of a rule with a summary: more than these are told in one problem
_NAMED = 4  # in a summary
_SEVERITIES: Sequence[Severity] = ("error", "warning", "info")
_ORDER = {code: number for number, code in enumerate(RULES)}
_NOT_ADDED = "It can be read, but not added: describe at least one operation."
_CHECKS = (
    *doctor_document.RULES,
    *doctor_operations.RULES,
    *doctor_credentials.RULES,
    *doctor_parameters.RULES,
    *doctor_schemas.RULES,
    *doctor_texts.RULES,
)


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """`findings` worst first; `counts` of each code, also of what is not among them."""

    findings: tuple[Finding, ...]
    counts: Counter[str]

    def problems(self) -> list[Problem]:
        """Worst first, a bounded number: many of one kind are told in one."""
        groups: dict[tuple[str, Severity], list[Finding]] = defaultdict(list)
        for one in self.findings:
            groups[one.code, _severity(one)].append(one)
        return [problem for several in groups.values() for problem in _told(several, self.counts[several[0].code])]

    def actions(self) -> list[Action]:
        """Each proposed change once: first what replaces objects, so that no change is lost with the old one; last what shortens lists."""
        replacing: dict[str, tuple[Action, ...]] = {}
        updates: dict[tuple[str, str], Action] = {}
        removals: dict[str, Action] = {}
        proposed: Counter[str] = Counter()
        for one in self.findings:
            proposed[one.code] += bool(one.actions)
            if proposed[one.code] > _PROPOSED:
                continue
            if len(one.actions) == 2 and one.actions[0].remove:
                replacing.setdefault(one.actions[0].target, one.actions)
                continue
            for action in one.actions:
                if action.remove:
                    removals.setdefault(action.target, action)
                else:
                    updates.setdefault((action.target, str(sorted(action.update)) if isinstance(action.update, dict) else ""), action)
        return [*(action for several in replacing.values() for action in several), *updates.values(), *removals.values()]


def diagnose(document: Document, going: Going = lambda: True) -> Diagnosis:
    """`going` is asked now and then; when it says no, what has been found so far is the answer, and says so."""
    facts = Facts(document, going)
    counts: Counter[str] = Counter()
    kept: dict[tuple[str, str], Finding] = {}
    for one in _all(facts):
        known = kept.get((one.code, one.pointer))
        if known is None:
            counts[one.code] += 1
            if counts[one.code] <= _KEPT:
                kept[one.code, one.pointer] = one
    return Diagnosis(tuple(sorted(kept.values(), key=_rank)), counts)


def _all(facts: Facts) -> Iterator[Finding]:
    for check in (_read, *_CHECKS):
        found = check(facts)
        yield from found if check is _read else (replace(one, pointer=facts.original(one.pointer)) for one in found)
        if not facts.going():
            yield Finding("doctor_unfinished", "", "The document was not looked at to its end, because that took too long.")
            return


def _read(facts: Facts) -> Iterator[Finding]:
    """What the reading of the document found, and the reading of each operation."""
    document = facts.document
    yield from _found(facts, document.problems)
    if not document.catalogue and not any(problem.code == "paths_missing" for problem in document.problems):
        message = "The document describes no operation, so there is nothing to call."  # OpenAPI 3.1 allows webhooks alone, or components alone
        yield Finding("operations_missing", "/paths", message, fix=_NOT_ADDED)
    seen: set[str] = set()
    for entry in document.catalogue:
        if not facts.going():
            return
        yield from _found(facts, (one for one in document.operation_problems(entry.id, seen) if not _known(facts, one)))


def _known(facts: Facts, problem: Problem) -> bool:
    """A reference that is a text has been looked at already, at the place where it stands."""
    node = value_at(facts.root, problem.pointer)
    reference = node.get("$ref") if isinstance(node, dict) else node
    return problem.code.startswith("reference_") and (node is None or isinstance(reference, str))


def _found(facts: Facts, problems: Iterable[Problem]) -> Iterator[Finding]:
    for one in problems:
        mended = () if facts.swagger else doctor_parameters.mended(facts, one)  # changes in the shape of OpenAPI 3
        yield Finding(one.code, one.pointer, one.message, one.pointer, mended, one.fix, one.severity)


def _rank(one: Finding) -> tuple[int, int]:
    return _SEVERITIES.index(_severity(one)), _ORDER.get(one.code, len(_ORDER))


def _severity(one: Finding) -> Severity:
    return one.severity or _rule(one).severity


def _rule(one: Finding) -> Rule:
    return RULES.get(one.code, UNKNOWN)


def _told(several: list[Finding], count: int) -> Iterator[Problem]:
    rule = _rule(several[0])
    if rule.many and len(several) > _SINGLE:
        names = list(dict.fromkeys(one.label for one in several))[:_NAMED]
        message = f"{max(count, len(several)):,} {rule.many}, for instance {', '.join(names)}."
        yield replace(_problem(several[0]), message=message)
        return
    for one in several[:SHOWN]:
        yield _problem(one)
    if len(several) > SHOWN:
        last = several[SHOWN]
        more = max(count, len(several)) - SHOWN - 1
        yield replace(_problem(last), message=last.message + (f" There {'is' if more == 1 else 'are'} {more:,} more of this kind." if more else ""))


def _problem(one: Finding) -> Problem:
    rule = _rule(one)
    return Problem(_severity(one), one.code, one.pointer, one.message, one.fix or rule.fix or None, why=rule.why)
