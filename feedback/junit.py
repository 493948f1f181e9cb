"""A report of cases as JUnit XML, as CI systems read it: a suite for each set, a test case for each case. Pure."""

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from feedback.markup import clean
from feedback.playing import NotPlayed
from feedback.report import Report
from feedback.summary import Played, by_case


def junit(report: Report) -> bytes:
    played = by_case(report.outcomes)
    root = Element("testsuites", {"name": clean(report.title)})
    broken = report.not_played
    for name in dict.fromkeys(case.set for case in played):
        _suite(root, name, [case for case in played if case.set == name], ())
    if broken:
        _suite(root, "not played", (), broken)
    _counted(root, played, broken)
    indent(root)
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _suite(root: Element, name: str, played: Sequence[Played], broken: Sequence[NotPlayed]) -> None:
    suite = SubElement(root, "testsuite", {"name": clean(name)})
    _counted(suite, played, broken)
    suite.set("skipped", str(sum(case.passed and not case.judged for case in played)))
    if played:
        SubElement(SubElement(suite, "properties"), "property", {"name": "model", "value": clean(played[0].plays[0].model)})
    for case in played:
        _case(suite, case)
    for each in broken:
        _broken(suite, each)


def _counted(element: Element, cases: Sequence[Played], broken: Sequence[NotPlayed]) -> None:
    element.set("tests", str(len(cases) + len(broken)))
    element.set("failures", str(sum(not case.passed for case in cases)))
    element.set("errors", str(len(broken)))
    element.set("time", f"{sum(play.seconds for case in cases for play in case.plays):.3f}")


def _case(suite: Element, case: Played) -> None:
    seconds = sum(play.seconds for play in case.plays)
    test = SubElement(suite, "testcase", {"classname": clean(case.set), "name": clean(case.id), "time": f"{seconds:.3f}"})
    if case.passed and not case.judged:
        SubElement(test, "skipped", {"message": "nothing is expected of it yet"})
    for play in [each for each in case.plays if not each.passed][:1]:
        first = play.missed[0]
        failure = SubElement(test, "failure", {"type": first.kind, "message": clean(str(first))})
        said = "\n".join(f"> {text}" for text in play.say)
        failure.text = clean("\n".join([said, *map(str, play.missed), f"reply: {play.text}"]))


def _broken(suite: Element, each: NotPlayed) -> None:
    test = SubElement(suite, "testcase", {"classname": "not played", "name": clean(f"{each.id} ({each.repeat + 1})"), "time": "0"})
    SubElement(test, "error", {"type": each.code, "message": clean(each.message)})
