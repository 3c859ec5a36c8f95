"""Finnish plane coordinates (ETRS-TM35FIN, EPSG:3067) as latitude and longitude (EUREF-FIN, as WGS84).

The closed formulas are those of the public administration's recommendation JHS 197, appendix 2
(transverse Mercator by Krüger's series; right to a millimetre in Finland).
"""

from math import asin, asinh, atan, atanh, cos, cosh, degrees, radians, sin, sinh, sqrt, tan, tanh

AXIS, FLATTENING = 6378137.0, 1 / 298.257222101  # GRS80: metres, none
SCALE, CENTRAL, FALSE_EAST = 0.9996, radians(27.0), 500_000.0
_N = FLATTENING / (2 - FLATTENING)
_A1 = AXIS / (1 + _N) * (1 + _N**2 / 4 + _N**4 / 64)
_E = sqrt(2 * FLATTENING - FLATTENING**2)
_H = (
    _N / 2 - 2 / 3 * _N**2 + 37 / 96 * _N**3 - _N**4 / 360,
    _N**2 / 48 + _N**3 / 15 - 437 / 1440 * _N**4,
    17 / 480 * _N**3 - 37 / 840 * _N**4,
    4397 / 161280 * _N**4,
)


def to_degrees(north: float, east: float) -> tuple[float, float]:
    """Latitude and longitude, in degrees, of a northing and an easting in metres."""
    xi, eta = north / (_A1 * SCALE), (east - FALSE_EAST) / (_A1 * SCALE)
    xi1 = xi - sum(h * sin(2 * i * xi) * cosh(2 * i * eta) for i, h in enumerate(_H, start=1))
    eta1 = eta - sum(h * cos(2 * i * xi) * sinh(2 * i * eta) for i, h in enumerate(_H, start=1))
    beta = asin(sin(xi1) / cosh(eta1))
    longitude = CENTRAL + asin(tanh(eta1) / cos(beta))
    conformal = asinh(tan(beta))
    isometric = conformal + _E * atanh(_E * tanh(conformal))
    for _round in range(4):
        isometric = conformal + _E * atanh(_E * tanh(isometric))
    return degrees(atan(sinh(isometric))), degrees(longitude)
