"""What a product team sets for one document: where it is called, what needs a yes, what is off, and hints for the model. Pure data."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from tools.rules import ALL, ValueRule

Rule = Literal["always", "changing", "destructive", "never"]  # what must be approved before it is sent

TIP = 600  # characters of a hint for the model
Tip = Annotated[str, Field(max_length=TIP)]
Host = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:\[\]-]{1,255}$")]  # a name or an address, without scheme, port or path
Text = Field(default=None, max_length=2_000)


class DocumentSettings(BaseModel):
    """`approvals`, `tips`, `off`: by operation id. `sensitive`, `constants`: by field name. `hosts` may have private addresses."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    base_url: str | None = Text
    server_variables: dict[str, str] = {}
    approval: Rule = "changing"
    approvals: dict[str, Rule] = {}
    when: Annotated[tuple[ValueRule, ...], Field(max_length=100)] = ()  # beside these: what is asked for by its values
    off: tuple[str, ...] = ()
    sensitive: tuple[str, ...] = ()
    constants: dict[str, Any] = {}
    hosts: tuple[Host, ...] = ()
    tips: dict[str, Tip] = {}
    honours_idempotency_key: bool | None = None  # None: where the document declares the header

    def rule(self, operation: str) -> Rule:
        return self.approvals.get(operation, self.approval)

    def operations(self) -> tuple[str, ...]:
        """The operations that these settings name."""
        ruled = (rule.operation for rule in self.when if rule.operation != ALL)
        return tuple(dict.fromkeys((*self.off, *self.approvals, *self.tips, *ruled)))

    def with_constants(self, constants: Mapping[str, Any]) -> "DocumentSettings":
        """The same settings with a connection's own constants, which win."""
        return self.model_copy(update={"constants": {**self.constants, **constants}}) if constants else self
