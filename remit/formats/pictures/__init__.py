"""Pictures drawn on the server as SVG text: x in percent and text in pixels, classes of the house's stylesheet, no inline style, all text escaped."""

from remit.formats.pictures.cost import Part, cost_bar
from remit.formats.pictures.qualifications import Held, qualification_line
from remit.formats.pictures.strip import overlap_strip
from remit.formats.pictures.year import year_strip

__all__ = ["Held", "Part", "cost_bar", "overlap_strip", "qualification_line", "year_strip"]
