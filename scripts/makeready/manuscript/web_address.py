"""Addresses of the web and of e-mail as links must write them."""

from __future__ import annotations

import re
from ipaddress import AddressValueError, IPv6Address
from urllib.parse import urlsplit

_WEB = re.compile(r"(?:https?|ftps?)://", re.IGNORECASE)
_MAIL = re.compile(r"mailto:.", re.IGNORECASE)
_NOT_IN_A_LINK = re.compile(r'[\[\]{}|\\^`"<>]|%(?![0-9A-Fa-f]{2})')
_LABEL = re.compile(r"[\w-]+")


def web_address(target: str) -> str | None:
    """Return an address with its special characters encoded; None if it is no valid one.

    ``target`` contains no white space. Source: URL Living Standard, 4.3.
    """
    if _MAIL.match(target):
        return _encoded(target)
    if not _WEB.match(target):
        return None
    try:
        parts = urlsplit(target)
        host = parts.hostname or ""
        _ = parts.port
        if host.startswith("[") or ":" in host:
            IPv6Address(host.strip("[]"))
        elif not all(map(_LABEL.fullmatch, host.removesuffix(".").split("."))):
            return None
    except (AddressValueError, ValueError):
        return None
    start = target.index("//") + 2 + len(parts.netloc)
    rest, _, fragment = target[start:].partition("#")
    return target[:start] + _encoded(rest) + ("#" + _encoded(fragment, "#") if fragment else "")


def _encoded(text: str, also: str = "") -> str:
    text = _NOT_IN_A_LINK.sub(lambda match: f"%{ord(match[0][0]):02X}{match[0][1:]}", text)
    return text.replace(also, f"%{ord(also):02X}") if also else text
