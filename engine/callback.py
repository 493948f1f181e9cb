"""The page at which a customer comes back from the product's sign-in. Static: its one script is known to its policy by hash, all else is text."""

import base64
import hashlib
import html
from pathlib import Path

from fastapi import Response

from runtime.http import LOCKED

SCRIPT = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
HASH = base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title>
<style>body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 34rem; margin: 15vh auto; padding: 0 1rem; color-scheme: light dark }}
code {{ font-size: 1.4em; user-select: all }}</style></head>
<body>{body}</body></html>
"""
HANDING = """<main data-ticket="{ticket}" data-origin="{origin}"><h1>Go back to the conversation</h1>
<p>You can close this window.</p>
<div id="by-hand" hidden><p>Copy this code into the conversation:</p><p><code id="ticket"></code></p>
<p>Only if you began this sign-in there yourself. Give it to nobody else, not even if they sent you here.</p></div></main>
<script>{script}</script>"""
# The page that waits has a hold of this window; a policy of its own would take that away.
HELD = {"Cross-Origin-Opener-Policy": "unsafe-none"}


def failure(title: str, text: str) -> Response:
    """No script, and what a server said as text."""
    return page(title, f"<main><h1>{html.escape(title)}</h1><p>{html.escape(text)}</p></main>", 400, "")


def handing(ticket: str, origin: str) -> Response:
    """Gives the ticket to the page of this origin, if it asks; else to the customer, to be copied."""
    body = HANDING.format(ticket=html.escape(ticket), origin=html.escape(origin), script=SCRIPT)
    return page("Go back to the conversation", body, 200, f"; script-src 'sha256-{HASH}'")


def page(title: str, body: str, status: int, scripts: str) -> Response:
    policy = f"default-src 'none'; style-src 'unsafe-inline'{scripts}{LOCKED}"
    headers = {"Cache-Control": "no-store", "Content-Security-Policy": policy, **HELD}
    return Response(PAGE.format(title=html.escape(title), body=body), status, headers, media_type="text/html; charset=utf-8")
