"""Names of headers: which belong to the transport, which to credentials, and which a credential may be given. Pure."""

import re

from tools.fields import names, plain_name

TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")  # RFC 9110, 5.6.2: what a header's name may be
# RFC 9110, 7.2, 7.6.1, and RFC 9112, 6: where a message goes and where it ends.
FRAMING = names("host connection keepalive proxyconnection upgrade te trailer transferencoding expect contentlength contenttype contentencoding")
MESSAGE = FRAMING | names(
    "accept acceptcharset acceptencoding proxyauthorization cookie useragent forwarded xforwardedfor xforwardedhost xforwardedproto",
    "xhttpmethodoverride",
)
# Owned by the transport or by credentials: never shown to a model, never asked for.
TRANSPORT = MESSAGE | names("authorization xapikey apikey xauthtoken xaccesstoken authtoken accesstoken")
# What products and the proxies before them take for another method, address or sender than the request has.
STEERING = names(
    "xhttpmethod xmethodoverride via maxforwards xrealip xclientip clientip trueclientip xhost xremoteuser remoteuser setcookie range date origin",
    "referer destination",
)
STEERING_BEGINNINGS = re.compile(r"(?:content|proxy|accept|if|sec|access-control|x-forwarded|x-original|x-rewrite|x-envoy|x-http)-")


def takes_credential(name: str) -> bool:
    """Whether a credential may go into a header of this name, where no document says it: whoever gives the one gives the other too."""
    dashed = name.lower().replace("_", "-")  # servers that hand headers on as variables know no difference
    if not TOKEN.fullmatch(name) or is_idempotency_header(name):
        return False
    return plain_name(name) not in MESSAGE | STEERING and STEERING_BEGINNINGS.match(dashed) is None


def transported(name: str) -> bool:
    """By its words: Content-Type and content_type are the transport's header, contentType is the product's own."""
    return plain_name(name) in TRANSPORT and not re.search(r"[a-z][A-Z]", name)


def is_idempotency_header(name: str) -> bool:
    return plain_name(name).removeprefix("x") in {"idempotencykey", "idempotenttoken", "idempotencytoken", "idempotencyid", "idempotentkey"}
