"""Prompts as small validated files, NAME.vVERSION.toml. A version is never edited after release; a change is a new version."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from runtime.errors import NotFound, SettingsInvalid

PLACE = re.compile(r"\{([a-z][a-z0-9_]*)\}")


class Prompt(BaseModel):
    """`places` are the {names} in `text` that `fill` replaces; there is no other template language."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    name: str = Field(pattern=r"^[a-z][a-z0-9_-]*$")
    version: int = Field(ge=1)
    purpose: str = Field(min_length=1)
    places: tuple[str, ...] = ()
    text: str = Field(min_length=1)

    @model_validator(mode="after")
    def places_are_declared(self) -> Self:
        if (found := set(PLACE.findall(self.text))) != set(self.places):
            raise ValueError(f"the text holds the places {sorted(found)}, `places` declares {sorted(self.places)}")
        return self

    def fill(self, values: Mapping[str, str]) -> str:
        """Every place replaced in one pass: a value that looks like a place stays as it is."""
        if set(values) != set(self.places):
            raise ValueError(f"the prompt {self.name} needs {sorted(self.places)}, not {sorted(values)}")
        return PLACE.sub(lambda match: values[match[1]], self.text)


@cache
def load(folder: Path, name: str, version: int | None = None) -> Prompt:
    """The prompt `name` of a folder: the given version, else the newest."""
    versions = {int(path.stem.rpartition(".v")[2]): path for path in folder.glob(f"{name}.v*.toml") if path.stem.rpartition(".v")[2].isdigit()}
    wanted = version or max(versions, default=0)
    if wanted not in versions:
        raise NotFound(f"there is no prompt {name}" + (f" of version {version}" if version else "") + f" in {folder}")
    return read(versions[wanted], name, wanted)


def read(path: Path, name: str, version: int) -> Prompt:
    try:
        prompt = Prompt.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise SettingsInvalid(f"{path}: {error}") from None
    if (prompt.name, prompt.version) != (name, version):
        raise SettingsInvalid(f"{path} says it is {prompt.name} version {prompt.version}")
    return prompt
