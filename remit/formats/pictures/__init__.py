"""Pictures drawn on the server as SVG text: x in percent and text in pixels, classes of the house's stylesheet, no inline style, all text escaped."""

from remit.formats.pictures.cost import Part, cost_bar
from remit.formats.pictures.strip import overlap_strip
from remit.formats.pictures.year import year_strip

__all__ = ["Part", "cost_bar", "overlap_strip", "year_strip"]
