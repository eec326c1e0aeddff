"""For developers: add Tabler icons by name to icons.svg, from an unpacked npm package @tabler/icons (`npm pack @tabler/icons`).

python -m remit.front.pages.add_icons PACKAGE_FOLDER NAME...
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from remit.front.pages.icons import FILE, symbols

_SHAPE = re.compile(r"<(?:path|circle|rect|line|polyline|ellipse)\b[^>]*/>")


def symbol(name: str, svg: str) -> str:
    """The icon's shapes as one line of the sprite, without Tabler's invisible frame."""
    shapes = [re.sub(r"\s+/>", "/>", shape) for shape in _SHAPE.findall(svg) if 'stroke="none"' not in shape]
    return f'<symbol id="i-{name}" viewBox="0 0 24 24">{"".join(shapes)}</symbol>'


def main(package: str, *names: str) -> None:
    known = symbols() | {name: symbol(name, (Path(package) / "icons" / "outline" / f"{name}.svg").read_text("utf-8")) for name in names}
    lines = "\n".join(known[name] for name in sorted(known))
    FILE.write_text(f'<svg xmlns="http://www.w3.org/2000/svg">\n<!-- Tabler Icons, MIT, Copyright (c) Paweł Kuna -->\n{lines}\n</svg>\n', "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
