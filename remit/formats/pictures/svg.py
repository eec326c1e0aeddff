"""The few SVG elements that the pictures are made of."""

from __future__ import annotations

import html
import re

NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
NOT_A_NAME = re.compile(r"[^A-Za-z0-9_-]")


def text_of(words: str) -> str:
    """Escaped for content and attributes; characters that XML cannot hold become U+FFFD."""
    return html.escape(NOT_XML.sub("\N{REPLACEMENT CHARACTER}", words))


def percent(share: float) -> str:
    """A share of the whole width, two decimals."""
    return f"{share * 100:.2f}%"


def rect(x: float, width: float, y: float, height: float, css: str, *, round_px: int = 0, title: str = "") -> str:
    """`x` and `width` are shares of the width, `y` and `height` pixels."""
    corner = f' rx="{round_px}"' if round_px else ""
    head = f'<rect x="{percent(x)}" width="{percent(width)}" y="{y:g}" height="{height:g}"{corner} class="{css}"'
    return f"{head}><title>{text_of(title)}</title></rect>" if title else f"{head}/>"


def line(x: float, top: float, bottom: float, css: str) -> str:
    """A vertical line at a share of the width."""
    return f'<line x1="{percent(x)}" x2="{percent(x)}" y1="{top:g}" y2="{bottom:g}" class="{css}"/>'


def label(x: float, y: float, words: str, css: str, anchor: str = "middle") -> str:
    """Text at a share of the width."""
    return f'<text x="{percent(x)}" y="{y:g}" text-anchor="{anchor}" class="{css}">{text_of(words)}</text>'


def picture(kind: str, height: int, key: str, title: str, description: str, parts: list[str]) -> str:
    """An image with title and description for those who hear it; `key` makes the ids unique on the page."""
    name = NOT_A_NAME.sub("-", key)
    head = f'<svg class="viz {kind}" role="img" aria-labelledby="st-{name} sd-{name}" width="100%" height="{height}">'
    said = f'<title id="st-{name}">{text_of(title)}</title><desc id="sd-{name}">{text_of(description)}</desc>'
    return f"{head}\n{said}\n" + "\n".join(parts) + "</svg>"
