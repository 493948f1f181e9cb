"""Into which headers a credential may go where nobody but its giver says which."""

import pytest

from tools.headers import takes_credential


@pytest.mark.parametrize(
    "name", ["X-Api-Key", "apikey", "Authorization", "X-Auth-Token", "Ocp-Apim-Subscription-Key", "X-Amz-Security-Token", "PRIVATE-TOKEN", "X_Key"]
)
def test_names_of_credentials_are_taken(name: str) -> None:
    assert takes_credential(name)


@pytest.mark.parametrize(
    "name",
    [
        "", "X User", "X-User: a", "X-Ключ", "X\tY", "X(Y)", "Host", "hOsT", "Transfer-Encoding", "Transfer_Encoding",
        "Content-Length", "Content-Type",
        "Content-MD5", "Connection", "Keep-Alive", "Proxy-Authorization", "TE", "Trailer", "Upgrade", "Expect", "Cookie", "Set-Cookie",
        "X-HTTP-Method-Override", "X_HTTP_Method_Override", "X-HTTP-Method", "X-Method-Override", "Forwarded", "Via", "X-Forwarded-For",
        "X_Forwarded_For", "X-Forwarded-User", "X-Original-URL", "X-Rewrite-URL", "X-Real-IP", "True-Client-IP", "Sec-Fetch-Site", "If-Match",
        "Range", "Accept-Encoding",
        "Idempotency-Key", "X-Idempotency-Key",
    ],
)  # fmt: skip
def test_what_frames_or_steers_a_request_takes_no_credential(name: str) -> None:
    assert not takes_credential(name)
