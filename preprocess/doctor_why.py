"""The doctor's rules by code, as doctor.toml has them: how bad it is, why it matters to a customer or a model, what mends it."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from specs.model import Severity

_FILE = Path(__file__).with_name("doctor.toml")


@dataclass(frozen=True, slots=True)
class Rule:
    """`many` is what a summary says where single places would only be noise; `overlay`: a change can be proposed, at least mostly."""

    severity: Severity
    why: str
    fix: str
    many: str = ""
    overlay: bool = False


RULES: Mapping[str, Rule] = {code: Rule(**fields) for code, fields in tomllib.loads(_FILE.read_text(encoding="utf-8")).items()}
UNKNOWN = Rule("warning", "", "")
