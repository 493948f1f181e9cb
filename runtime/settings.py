"""What an operator can set, in one frozen class: environment (PARLANCE_...), then parlance.toml, then these defaults. Read once, at start."""

import difflib
import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from runtime.errors import SettingsInvalid

PREFIX = "PARLANCE_"
CONFIG = "PARLANCE_CONFIG"  # names another file than ./parlance.toml

Seconds = Annotated[float, Field(gt=0)]
Days = Annotated[float, Field(gt=0)]
Count = Annotated[int, Field(ge=1, le=2**50)]
Dollars = Annotated[float, Field(gt=0, le=1_000_000)]


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid", env_ignore_empty=True, populate_by_name=True)

    # Where it stands
    redis_url: str | None = Field(None, description="Redis 6.2 or later; REDIS_URL is read too. Without it an embedded one is started.")
    data: Path | None = Field(None, description="Folder of the embedded Redis; default $XDG_DATA_HOME/parlance.")
    artifacts: Path | None = Field(None, description="Folder for large results and files, shared by all workers; default: in Redis.")
    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8080, ge=0, le=65535, description="Port to listen on.")
    tenant: str = Field("local", description="Tenant of the command line and of `parlance demo`; over HTTP the API key says whose it is.")
    allowed_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Comma-separated origins of pages that embed the panel, such as https://app.example.com; our own needs none."
    )
    public_url: str | None = Field(
        None, description="Where browsers reach Parlance, such as https://parlance.example.com; customers come back there when they have signed in."
    )
    max_request_bytes: Count = Field(32 * 2**20, description="Largest request body that is read.")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least important line that is logged.")
    log_format: Literal["auto", "json", "console"] = Field("auto", description="auto: console on a terminal, JSON elsewhere.")

    # Secrets
    secret_keys: Annotated[tuple[SecretStr, ...], NoDecode] = Field(
        (), description="Comma-separated keys of 32 random bytes in base64; the first seals and signs, all open and verify."
    )

    # The model
    model: str = Field("builtin", description='"builtin", or a vendor\'s model as "openai:NAME", "azure_openai:NAME", "compatible:NAME" ...')
    model_url: str | None = Field(None, description="Address of an OpenAI-compatible server, up to and including /v1.")
    model_key: SecretStr | None = Field(None, description="Key for that server; a vendor's own variable (OPENAI_API_KEY ...) works as well.")
    model_seconds: Seconds = Field(60, description="Longest wait for one answer of a model.")
    max_reply_tokens: Count | None = Field(
        None, description="Tokens of one answer of a model, sent to the vendor and reserved of a day's budget (not set: the vendor's, and 4,096)."
    )

    # Moderation of what the model says, where a tenant wants it (docs/replies.md)
    moderation_url: str | None = Field(None, description="Address of a server with OpenAI's moderation API, up to and including /v1; else OpenAI's.")
    moderation_key: SecretStr | None = Field(None, description="Key for it; for OpenAI itself OPENAI_API_KEY works as well.")

    # A turn
    lease_seconds: Seconds = Field(15, description="How long a worker owns a session without a heartbeat.")
    heartbeat: Seconds = Field(5, description="Seconds between heartbeats.")
    product_timeout: Seconds = Field(8, description="Longest wait for one answer of the product.")
    max_answer_bytes: Count = Field(50 * 2**20, description="Largest answer of the product that is read; of a larger one it is said that it is.")
    respond_within: Seconds = Field(25, description="After this a message is answered with 202 and the turn goes on; gateways cut at 29.")
    turn_seconds: Seconds = Field(120, description="Longest turn.")
    max_model_calls: Count = Field(12, description="Model calls of a turn.")
    max_tool_calls: Count = Field(24, description="Tool calls of a turn.")
    turn_tokens: Count | None = Field(None, description="Tokens of a turn, read and written; not set: no limit.")
    turn_dollars: Dollars | None = Field(None, description="US dollars of a turn; the model's price must be known.")

    # What each tenant may use; its own settings may only be lower
    messages_per_minute: Count | None = Field(None, description="Messages of a tenant in any 60 seconds; not set: no limit.")
    turns_at_once: Count | None = Field(None, description="Turns of a tenant that run at once; who waits for an answer does not count.")
    tokens_per_day: Count | None = Field(None, description="Tokens of a tenant in a day (UTC).")
    dollars_per_day: Dollars | None = Field(None, description="US dollars of a tenant in a day (UTC); the model's price must be known.")

    # Products
    allow_private_hosts: bool = Field(False, description="Every document may reach private addresses, also by http; else per document by `hosts`.")
    allow_http: bool = Field(False, description="Every document may be called by http, not only by https; else per document by `hosts`.")

    # How long things are kept
    session_days: Days = Field(30, description="Lifetime of a session after its last event.")
    document_days: Days = Field(90, description="Lifetime of a document after its last use.")
    rating_days: Days = Field(365, description="Lifetime of a rating.")

    @field_validator("secret_keys", "allowed_origins", mode="before")
    @classmethod
    def split(cls, value: Any) -> Any:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("allowed_origins")
    @classmethod
    def are_origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        """As a browser sends them (RFC 6454, 7): else no page would ever match."""
        for origin in value:
            if not re.fullmatch(r"https?://[^\s/?#@]+", origin):
                raise ValueError(f"{origin} is no origin such as https://app.example.com")
        return value

    @field_validator("public_url")
    @classmethod
    def is_address(cls, value: str | None) -> str | None:
        if value is None:
            return None
        if not re.fullmatch(r"https?://[^\s/?#@]+(/[^\s?#]*)?", value):
            raise ValueError("is no address such as https://parlance.example.com")
        return value.rstrip("/")

    @field_validator("redis_url")
    @classmethod
    def known_scheme(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("redis://", "rediss://", "unix://")):
            raise ValueError("begins with redis://, rediss:// or unix://")
        return value

    @model_validator(mode="after")
    def waits_fit(self) -> Self:
        if self.heartbeat * 2 > self.lease_seconds:
            raise ValueError("heartbeat must be at most half of lease_seconds, else a slow moment loses the session")
        if self.product_timeout >= self.lease_seconds:
            raise ValueError("product_timeout must be less than lease_seconds, else another worker takes a call that still runs")
        return self

    @classmethod
    def settings_customise_sources(
        cls, settings_cls: type[BaseSettings], *_: PydanticBaseSettingsSource, **sources: PydanticBaseSettingsSource
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return sources["init_settings"], sources["env_settings"], TomlConfigSettingsSource(settings_cls, config_file())


def load(**given: Any) -> Settings:
    """The settings of this process; what is `given` wins. A name nobody reads is refused, with the one it was probably meant to be."""
    refuse_unknown(name for name in os.environ if name.startswith(PREFIX) and name != CONFIG)
    if "redis_url" not in given and not os.environ.get(PREFIX + "REDIS_URL") and os.environ.get("REDIS_URL"):
        given["redis_url"] = os.environ["REDIS_URL"]
    try:
        return Settings(**given)
    except ValidationError as error:
        raise SettingsInvalid("; ".join(complaint(each) for each in error.errors(include_input=False, include_url=False))) from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsInvalid(f"{config_file()}: {error}") from None


def config_file() -> Path:
    return Path(os.environ.get(CONFIG) or "parlance.toml")


def names() -> list[str]:
    """Every variable this module reads."""
    return sorted(PREFIX + name.upper() for name in Settings.model_fields)


def complaint(error: Mapping[str, Any]) -> str:
    """One wrong setting in words, never with its value: it may be a secret."""
    name = str(error["loc"][0]) if error["loc"] else ""
    if error["type"] == "extra_forbidden":
        return f"{config_file()}: there is no setting `{name}`{meant(name, list(Settings.model_fields))}"
    message = str(error["msg"]).removeprefix("Value error, ")
    return f"{PREFIX}{name.upper()}: {message}" if name else message


def refuse_unknown(given: Iterable[str]) -> None:
    known = names()
    for name in sorted(given):
        if name.upper() not in known:
            raise SettingsInvalid(f"there is no setting {name}{meant(name, known)}")


def meant(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    return f"; did you mean {near[0]}?" if near else ""
