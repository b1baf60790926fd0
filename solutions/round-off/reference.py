"""What float32 makes of two equal formulas, worked out in any precision.

One operation in float64, then rounded to 24 bits, gives what float32 gives (53 bits are more than
twice 24 and two), so no tensor narrower than the pass's own is needed.
"""

import torch


def _single(t):
    mantissa, exponent = torch.frexp(t)
    return torch.ldexp(torch.round(mantissa * 2.0**24), exponent - 24)


def same_square(x):
    inverse = _single(1 / x)
    return _single(-inverse * inverse) == _single(-1 / _single(x * x))


def same_again(x):
    return _single(1 / _single(1 / x)) == x


def unequal(x):
    return int((~same_square(x)).sum())


def most_ulps(x):
    distance = (_single(1 / _single(1 / x)) - x).abs()
    return int((distance / ulp(x)).max())


def ulp(x):
    _, exponent = torch.frexp(x)
    return torch.ldexp(torch.ones_like(x), exponent - 24)


def cents(amount):
    return int(torch.round(amount * 100))
