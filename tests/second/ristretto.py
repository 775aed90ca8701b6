# SPDX-License-Identifier: EUPL-1.2
"""ristretto.py - ristretto255 (RFC 9496) and Ed25519 verification (RFC 8032) on Python's integers.

For tests: slow, and it takes variable time.
"""
import functools
import hashlib

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = (-121665 * pow(121666, P - 2, P)) % P
SQRT_M1 = pow(2, (P - 1) // 4, P)
SQRT_AD_MINUS_ONE = 25063068953384623474111414158702152701244531502492656460079210482610430750235
ONE_MINUS_D_SQ = (1 - D * D) % P
D_MINUS_ONE_SQ = (D - 1) ** 2 % P
IDENTITY = (0, 1, 1, 0)


class Refused(Exception):
    """What was given does not verify."""


def require(condition, what):
    if not condition:
        raise Refused(what)


def absolute(x):
    x %= P
    return P - x if x & 1 else x


def sqrt_ratio(u, v):
    """RFC 9496, section 3.1.3: (was u / v a square, its root)."""
    r = u * pow(v, 3, P) * pow(u * pow(v, 7, P) % P, (P - 5) // 8, P) % P
    check = v * r * r % P
    correct, flipped, flipped_i = check == u % P, check == -u % P, check == -u * SQRT_M1 % P
    if flipped or flipped_i:
        r = r * SQRT_M1 % P
    return correct or flipped, absolute(r)


INVSQRT_A_MINUS_D = sqrt_ratio(1, (-1 - D) % P)[1]


def add(p, q):
    a = (p[1] - p[0]) * (q[1] - q[0])
    b = (p[1] + p[0]) * (q[1] + q[0])
    c = 2 * D * p[3] * q[3]
    d = 2 * p[2] * q[2]
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def negate(p):
    return -p[0] % P, p[1], p[2], -p[3] % P


def multiply(k, p):
    table = [IDENTITY]
    for _ in range(15):
        table.append(add(table[-1], p))
    out = IDENTITY
    for digit in "%x" % k:
        for _ in range(4):
            out = add(out, out)
        if digit != "0":
            out = add(out, table[int(digit, 16)])
    return out


def combine(pairs):
    """The sum of k p over pairs (k, p), by buckets of six bits."""
    pairs = [(k % L, p) for k, p in pairs]
    out = IDENTITY
    for shift in range(252, -1, -6):
        for _ in range(6):
            out = add(out, out)
        buckets = [None] * 64
        for k, p in pairs:
            digit = k >> shift & 63
            if digit:
                buckets[digit] = p if buckets[digit] is None else add(buckets[digit], p)
        running = total = IDENTITY
        for digit in range(63, 0, -1):
            if buckets[digit] is not None:
                running = add(running, buckets[digit])
            total = add(total, running)
        out = add(out, total)
    return out


def equal(p, q):
    return (p[0] * q[1] - p[1] * q[0]) % P == 0 or (p[1] * q[1] - p[0] * q[0]) % P == 0


def decode(data):
    s = int.from_bytes(data, "little")
    require(s < P and s & 1 == 0, "a point is not canonical")
    u1, u2 = (1 - s * s) % P, (1 + s * s) % P
    v = (-(D * u1 * u1) - u2 * u2) % P
    square, inverse = sqrt_ratio(1, v * u2 * u2 % P)
    den_x = inverse * u2 % P
    x, y = absolute(2 * s * den_x), u1 * inverse * den_x * v % P
    require(square and x * y % P & 1 == 0 and y != 0, "not a point")
    return x, y, 1, x * y % P


def encode(p):
    x, y, z, t = p
    u1, u2 = (z + y) * (z - y) % P, x * y % P
    inverse = sqrt_ratio(1, u1 * u2 * u2 % P)[1]
    den1, den2 = inverse * u1 % P, inverse * u2 % P
    z_inverse = den1 * den2 * t % P
    den = den2
    if t * z_inverse % P & 1:
        x, y, den = y * SQRT_M1 % P, x * SQRT_M1 % P, den1 * INVSQRT_A_MINUS_D % P
    if x * z_inverse % P & 1:
        y = -y
    return absolute(den * (z - y)).to_bytes(32, "little")


def _elligator(t):
    r = SQRT_M1 * t * t % P
    u, v = (r + 1) * ONE_MINUS_D_SQ % P, (-1 - r * D) * (r + D) % P
    square, s = sqrt_ratio(u, v)
    c = P - 1
    if not square:
        s, c = -absolute(s * t) % P, r
    n = (c * (r - 1) * D_MINUS_ONE_SQ - v) % P
    w0, w1, w2, w3 = 2 * s * v, n * SQRT_AD_MINUS_ONE, 1 - s * s, 1 + s * s
    return w0 * w3 % P, w2 * w1 % P, w1 * w3 % P, w0 * w2 % P


def from_uniform(data):
    """RFC 9496, section 4.3.4."""
    halves = [int.from_bytes(data[i : i + 32], "little") % 2**255 % P for i in (0, 32)]
    return add(_elligator(halves[0]), _elligator(halves[1]))


BASE = decode(bytes.fromhex("e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76"))


def _edwards_decode(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y % 2**255
    require(y < P, "a public key is not canonical")
    square, x = sqrt_ratio((y * y - 1) % P, (D * y * y + 1) % P)
    require(square and not (x == 0 and sign), "not a public key")
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


_EDWARDS_BASE = _edwards_decode((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


# Remembered, as all that follows from bytes alone: a test verifies many bundles of the same parties.
@functools.lru_cache(maxsize=None)
def verify_signature(signature, key, message, what):
    """Ed25519, with the refusals of docs/protocol.md, section 4."""
    require(len(signature) == 64 and len(key) == 32, what)
    a = _edwards_decode(key)
    eight = add(a, a)
    for _ in range(2):
        eight = add(eight, eight)
    require(not (eight[0] % P == 0 and (eight[1] - eight[2]) % P == 0), what + ": weak key")
    s = int.from_bytes(signature[32:], "little")
    require(s < L, what)
    k = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    r = add(multiply(s, _EDWARDS_BASE), negate(multiply(k, a)))
    z_inverse = pow(r[2], P - 2, P)
    x, y = r[0] * z_inverse % P, r[1] * z_inverse % P
    require((y | (x & 1) << 255).to_bytes(32, "little") == signature[:32], what)
