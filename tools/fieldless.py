"""Which of a team's rules on values are about a field that a document has nowhere: they would never ask, and nobody would know."""

from specs.document import Document
from tools.rules import ALL, ValueRule, declared
from tools.schema import definition
from tools.settings import DocumentSettings

LOOKED_AT = 2_000  # changing operations; in a larger document a rule for all of them is believed


def fieldless(document: Document, settings: DocumentSettings) -> list[ValueRule]:
    """Rules for an operation that is not there are another matter."""
    return [rule for rule in settings.when if not any(has(document, each, rule, settings) for each in concerned(document, rule))]


def concerned(document: Document, rule: ValueRule) -> list[str]:
    if rule.operation != ALL:
        return [rule.operation]
    return [each.id for each in document.catalogue if each.method not in ("GET", "HEAD", "OPTIONS")]


def has(document: Document, operation: str, rule: ValueRule, settings: DocumentSettings) -> bool:
    if not document.has(operation) or (rule.operation == ALL and len(document.catalogue) > LOOKED_AT):
        return True
    known = definition(document.operation(operation), settings)
    return declared(rule, known.fields, known.definitions)
