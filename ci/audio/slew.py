"""Follows a listener's delay as it slews: within a window, each frame of what was sent lies at an offset of its
own in the recording. An offset is known at knots, a callback of 128 frames apart, and runs straight in between.

Sounds are (frames, 2) arrays, as in recording.py.
"""

import numpy

KNOT_FRAMES = 128
BEND_MAX = 0.0055 * KNOT_FRAMES  # of the offset from knot to knot: no playout slews faster than 0.5 %
TAPS, PHASES = 32, 2048  # of the interpolation between frames: wrong by less than 1/1000 below 20 kHz
ROUNDS = 5


def constant(offset, frames):
    """The knots of an offset that stays the same."""
    return numpy.full(frames // KNOT_FRAMES + 1, float(offset))


def is_constant(knots):
    return bool(numpy.all(knots == knots[0])) and float(knots[0]).is_integer()


def changes(knots):
    """Whether the delay does, by more than its measure is uncertain in quiet music."""
    return float(numpy.ptp(knots)) > 0.25


def offsets(knots):
    """The offset of each frame."""
    frames = (len(knots) - 1) * KNOT_FRAMES
    return numpy.interp(numpy.arange(frames), numpy.arange(len(knots)) * KNOT_FRAMES, knots)


def kernel_table():
    """A Kaiser-windowed sinc at each of PHASES places from one frame to the next, a row each."""
    distances = TAPS_FROM_HERE - numpy.arange(PHASES + 1)[:, None] / PHASES
    inside = numpy.clip(1 - (2 * distances / TAPS)**2, 0, None)
    return numpy.sinc(distances) * numpy.i0(8.0 * numpy.sqrt(inside)) / numpy.i0(8.0)


TAPS_FROM_HERE = numpy.arange(1, TAPS + 1) - TAPS // 2
KERNELS = kernel_table()


def taken(sound, frames):
    """These frames of it, by an array of any shape; silence where it does not reach."""
    inside = (frames >= 0) & (frames < len(sound))
    return sound[numpy.clip(frames, 0, len(sound) - 1)] * inside[..., None]


def moved(sound, start, knots):
    """The window of sound that begins at frame `start` of what was sent, moved onto its frames; silence where
    sound does not reach."""
    frames = (len(knots) - 1) * KNOT_FRAMES
    if is_constant(knots):
        return taken(sound, start + int(knots[0]) + numpy.arange(frames))
    places = start + numpy.arange(frames) + offsets(knots)
    whole = numpy.floor(places).astype(int)
    kernels = KERNELS[numpy.rint((places - whole) * PHASES).astype(int)]
    return numpy.einsum("nt,ntc->nc", kernels, taken(sound, whole[:, None] + TAPS_FROM_HERE))


def hats(knots_count):
    """One column per knot: how much it counts at each frame."""
    frames, knots = numpy.arange((knots_count - 1) * KNOT_FRAMES), numpy.arange(knots_count) * KNOT_FRAMES
    return numpy.clip(1 - numpy.abs(frames[:, None] - knots) / KNOT_FRAMES, 0, None)


def bounded(knots):
    """The same, bent no more than a listener's delay can be; from the middle, which is known best."""
    bends, middle = numpy.clip(numpy.diff(knots), -BEND_MAX, BEND_MAX), len(knots) // 2
    result = numpy.concatenate([[0.0], numpy.cumsum(bends)])
    return result - result[middle] + knots[middle]


def follow(window, recorded, start, offset):
    """The knots near a constant offset with which the recording, from `start` on, is most like the window: least
    squares in the offset at each knot and the level of each channel, by Gauss and Newton."""
    knots = constant(offset, len(window))
    weights = hats(len(knots))
    for _ in range(ROUNDS):
        found = moved(recorded, start, knots)
        slopes = numpy.gradient(found, axis=0)
        columns = [numpy.concatenate([weight * slopes[:, 0], weight * slopes[:, 1]]) for weight in weights.T]
        silence = numpy.zeros(len(window))
        columns += [numpy.concatenate([found[:, 0], silence]), numpy.concatenate([silence, found[:, 1]])]
        missing = (window - found).T.reshape(-1)
        steps = numpy.linalg.lstsq(numpy.stack(columns, axis=1), missing, rcond=1e-4)[0]
        knots = bounded(knots + numpy.clip(steps[:len(knots)], -4, 4))
    return knots
