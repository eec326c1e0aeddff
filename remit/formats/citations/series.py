"""What the table of reporters says wrongly or not at all: first and last years of the great series, last volumes, and volumes by year."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

ROOM_YEARS = 1
"""A volume may hold decisions of the year after the series is said to have ended."""
OLD = 1900
"""Series said to begin before that often go on from older ones by the same name; their first year is not held against a citation."""
VOLUME_ROOM_YEARS = 6
CLOSE = {"U.S.": 3, "S. Ct.": 3}
"""How far a volume's year may lie from the line between two known decisions; where these stand close, less."""


@dataclass(frozen=True)
class Series:
    """First and last year, both inclusive, and the last volume; None: it goes on."""

    begins: int
    ends: int | None = None
    volumes: int | None = None


SERIES: Mapping[str, Series] = {
    # Supreme Court of the United States. The U.S. Reports count the nominative reporters from Dallas (decisions since 1754) as their first 90 volumes.
    "U.S.": Series(1754),
    "S. Ct.": Series(1882),
    "L. Ed.": Series(1754, 1956, 100),
    "L. Ed. 2d": Series(1956),
    # Federal courts below it
    "F.": Series(1880, 1925, 300),
    "F.2d": Series(1924, 1993, 999),
    "F.3d": Series(1993, 2021, 999),
    "F.4th": Series(2021),
    "F. App'x": Series(2001, 2021, 861),
    "F. Supp.": Series(1932, 1998, 999),
    "F. Supp. 2d": Series(1997, 2014, 999),
    "F. Supp. 3d": Series(2013),
    "F.R.D.": Series(1938),
    "B.R.": Series(1979),
    # Regional reporters
    "A.": Series(1885, 1938, 200),
    "A.2d": Series(1938, 2010, 999),
    "A.3d": Series(2010),
    "N.E.": Series(1884, 1936, 200),
    "N.E.2d": Series(1936, 2014, 999),
    "N.E.3d": Series(2013),
    "N.W.": Series(1879, 1942, 300),
    "N.W.2d": Series(1941, 2024, 999),
    "N.W.3d": Series(2023),
    "P.": Series(1883, 1931, 300),
    "P.2d": Series(1931, 2000, 999),
    "P.3d": Series(2000),
    "S.E.": Series(1887, 1939, 200),
    "S.E.2d": Series(1939),
    "So.": Series(1886, 1941, 200),
    "So. 2d": Series(1941, 2009, 999),
    "So. 3d": Series(2008),
    "S.W.": Series(1886, 1928, 300),
    "S.W.2d": Series(1928, 2000, 999),
    "S.W.3d": Series(1999),
    # California
    "Cal.": Series(1850, 1934, 220),
    "Cal. 2d": Series(1934, 1969, 71),
    "Cal. 3d": Series(1969, 1991, 54),
    "Cal. 4th": Series(1991, 2016, 63),
    "Cal. 5th": Series(2016),
    "Cal. App.": Series(1905, 1934, 140),
    "Cal. App. 2d": Series(1934, 1969, 276),
    "Cal. App. 3d": Series(1969, 1991, 235),
    "Cal. App. 4th": Series(1991, 2016, 248),
    "Cal. App. 5th": Series(2016),
    "Cal. Rptr.": Series(1959, 1992, 286),
    "Cal. Rptr. 2d": Series(1991, 2003, 135),
    "Cal. Rptr. 3d": Series(2003),
    # New York
    "N.Y.": Series(1847, 1956, 309),
    "N.Y.2d": Series(1955, 2004, 100),
    "N.Y.3d": Series(2003),
    "A.D.": Series(1896, 1956, 286),
    "A.D.2d": Series(1955, 2004, 309),
    "A.D.3d": Series(2003),
    "Misc. 3d": Series(2003),
    "N.Y.S.": Series(1887, 1938, 300),
    "N.Y.S.2d": Series(1937, 2015),
    "N.Y.S.3d": Series(2014),
    # Other states
    "Idaho": Series(1866),
    "Ill.": Series(1819),
    "Mass.": Series(1804),
    "Ohio St. 2d": Series(1964, 1982, 70),
    "Ohio St. 3d": Series(1982),
}
"""By the name of the series in the table; what is not here stands as the table has it."""

DECISIONS: Mapping[str, tuple[tuple[int, int], ...]] = {
    # Marbury, McCulloch, Gibbons, Worcester, Dred Scott, Milligan, Slaughter-House, Munn, Civil Rights Cases, Yick Wo, Plessy, Lochner, Schenck,
    # West Coast Hotel, Korematsu, Brown, Miranda, Roe, Bakke, Chevron, Casey, Grutter, Heller, Fisher, Obergefell, Dobbs, Students for Fair Admissions
    "U.S.": (
        *((5, 1803), (17, 1819), (22, 1824), (31, 1832), (60, 1857), (71, 1866), (83, 1873), (94, 1877), (109, 1883), (118, 1886), (163, 1896)),
        *((198, 1905), (249, 1919), (300, 1937), (323, 1944), (347, 1954), (384, 1966), (410, 1973), (438, 1978), (467, 1984), (505, 1992)),
        *((539, 2003), (554, 2008), (570, 2013), (576, 2015), (597, 2022), (600, 2023)),
    ),
    # Yick Wo, Brown, Grutter, Fisher, Dobbs
    "S. Ct.": ((6, 1886), (74, 1954), (123, 2003), (133, 2013), (142, 2022)),
    # Miranda, Roe, Grutter, Fisher
    "L. Ed. 2d": ((16, 1966), (35, 1973), (156, 2003), (186, 2013)),
    # first volume, Alcoa, Carroll Towing, Dennis, Scenic Hudson, Calvert Cliffs, Borel, Ethyl, Apple v. Franklin, Whelan, Altai, last volume
    "F.2d": (
        *((1, 1924), (148, 1945), (159, 1947), (183, 1950), (354, 1965), (449, 1971), (493, 1973), (541, 1976), (714, 1983), (797, 1986), (982, 1992)),
        (999, 1993),
    ),
    # first volume, Hopwood, State Street, Napster, Microsoft, Bilski, Fisher, Massachusetts v. HHS, Fisher, Lenz, hiQ, last volume
    "F.3d": (
        *((1, 1993), (78, 1996), (149, 1998), (239, 2001), (253, 2001), (545, 2008), (631, 2011), (682, 2012), (758, 2014), (815, 2016), (938, 2019)),
        (999, 2021),
    ),
    # first volume, hiQ
    "F.4th": ((1, 2021), (31, 2022)),
    # first volume, Brown (D. Kan.), Youngstown, Roe (N.D. Tex.), AT&T, ACLU v. Reno, last volume
    "F. Supp.": ((1, 1932), (98, 1951), (103, 1952), (314, 1970), (552, 1982), (929, 1996), (999, 1998)),
    # first volume, Kitzmiller, Fisher (W.D. Tex.), Perry, Authors Guild, last volume
    "F. Supp. 2d": ((1, 1998), (400, 2005), (645, 2009), (704, 2010), (954, 2013), (999, 2014)),
}
"""Volume and year of decisions that everybody can look up, by series; in between the years run evenly."""

FEDERAL_REGISTER_BEFORE = 1935
"""Volume 1 of the Federal Register is 1936, and each year has one."""


def years_of(volume: int, series: str) -> tuple[int, int] | None:
    """The first and last year that a volume may be of; None where nothing is known."""
    known = DECISIONS.get(series)
    if known is None:
        return None
    at = bisect_left(known, (volume, 0))
    one, other = known[max(0, min(at - 1, len(known) - 2))], known[min(max(at, 1), len(known) - 1)]
    year = round(one[1] + Fraction(volume - one[0], other[0] - one[0]) * (other[1] - one[1]))
    room = CLOSE.get(series, VOLUME_ROOM_YEARS)
    return year - room, year + room
