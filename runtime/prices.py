"""What a model's tokens cost, by the table that comes with genai-prices. Nothing is fetched; a price that is not in the table is unknown, not 0."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from runtime.settings import Settings

# Billionths of a dollar for (input, output, input that came from the vendor's cache) tokens; None: not known.
Price: TypeAlias = Callable[[int, int, int], int | None]
NANO = 1_000_000_000

# LangChain's names of vendors, where the table has others.
VENDORS: Mapping[str, str] = {
    "azure_openai": "azure",
    "azure_ai": "azure",
    "google_genai": "google",
    "google_vertexai": "google",
    "bedrock": "aws",
    "bedrock_converse": "aws",
    "anthropic_bedrock": "aws",
    "mistralai": "mistral",
    "xai": "x-ai",
}


def price_of(settings: Settings) -> Price:
    """Of the model that the settings name. At an address of one's own a vendor's names may mean anything: only addresses in the table have prices."""
    vendor, _, model = settings.model.strip().partition(":")
    if vendor == "builtin":
        return free
    if vendor == "compatible":
        name, _, rest = model.rpartition("@http")
        return from_table(name or model, None, f"http{rest}" if name else settings.model_url)
    by_address = settings.model_url is not None and vendor != "azure_openai"
    return from_table(model, None if by_address else VENDORS.get(vendor, vendor), settings.model_url if by_address else None)


def free(read: int, written: int, cached: int) -> int:  # noqa: ARG001 - the built-in model runs here
    return 0


def unknown(read: int, written: int, cached: int) -> None:  # noqa: ARG001
    return None


def from_table(model: str, vendor: str | None, address: str | None) -> Price:
    from genai_prices import Usage, calc_price  # 0.1 s and 4 MB: only who uses a vendor pays it

    def price(read: int, written: int, cached: int) -> int:
        usage = Usage(input_tokens=read, output_tokens=written, cache_read_tokens=min(cached, read))
        found = calc_price(usage, model, provider_id=vendor) if vendor else calc_price(usage, model, provider_api_url=address)
        if vendor and found.provider.id != vendor:  # the table guesses by the model's name where it does not know the vendor
            raise LookupError(vendor)
        return -int(-found.total_price * NANO // 1)  # rounded up

    if not vendor and not address:
        return unknown
    try:
        price(1, 1, 0)
    except (LookupError, ValueError):
        return unknown
    return price
