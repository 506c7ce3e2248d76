"""Where a recording holds what was sent: window by window, at an *offset* of its own, as knots of slew.py.

Frame n of a recording and frame n of what its own client played belong to the same moment. An offset says where
the sent sound is found: recorded[n + offset] is sent[n].
"""

import numpy

import slew
from signals import best_lag, correlation, cross_correlate, slice_padded

WINDOW_FRAMES = 1024  # what is judged as clean or not: eight packets of 128 frames
PIECES_PER_SECOND = 4  # of what was sent, each with an offset of its own
SEARCH_SECONDS = 0.2  # how far from the whole recording's offset the offset of a single piece is looked for
SLEW_FRAMES = 96  # how far from its piece's offset that of a window is looked for: a listener's delay slews
SAME, OTHER = 1e-4, 0.75  # of a window's energy: less than this is no difference, and more no likeness
FITS = 1e-3  # of a window's energy: with more amiss, it may lie elsewhere altogether
STEP_SECONDS = 0.1  # how far from its piece's offset a window is then looked for: the delay steps
RECOGNISED = 0.5  # a piece whose correlation is lower holds no sent sound that could be located


def mono_difference(sound):
    """Both channels in one, so that swapped ones are found too; differenced, which flattens music and
    sharpens the peak."""
    return numpy.diff(sound.sum(axis=1), prepend=0.0)


def track_offsets(sent, recorded, rate):
    """The offset of each piece of what was sent, and None for the pieces that the recording does not hold."""
    sent, recorded = mono_difference(sent), mono_difference(recorded)
    coarse, reach = best_lag(recorded, sent), int(SEARCH_SECONDS * rate)
    offsets, frames = [], rate // PIECES_PER_SECOND
    for start in range(0, len(sent) - frames // 2, frames):
        piece = sent[start:start + frames]
        nearby = slice_padded(recorded, start + coarse - reach, len(piece) + 2 * reach)
        lag = best_lag(nearby, piece)
        found = slice_padded(nearby, lag, len(piece))
        offsets.append(lag + coarse - reach if correlation(found, piece) > RECOGNISED else None)
    return offsets


def nearest_offset(window, recorded, start, offset, reach):
    """The whole offset, at most `reach` from the one given, at which the recording resembles the window most."""
    nearby = slice_padded(recorded, start + offset - reach, WINDOW_FRAMES + 2 * reach).sum(axis=1)
    products = cross_correlate(nearby, window.sum(axis=1))[:2 * reach + 1]
    squares = numpy.cumsum(numpy.concatenate([[0.0], nearby**2]))
    energies = squares[WINDOW_FRAMES:] - squares[:-WINDOW_FRAMES]
    likeness = products / numpy.sqrt(numpy.maximum(energies, 1e-9))
    best = int(numpy.argmax(likeness))
    # The given one, unless another is really better: a tone resembles itself a period further on.
    if likeness[best] <= likeness[reach] * (1 + 1e-4) + 1e-9:
        best = reach
    return offset + best - reach


def unlikeness(window, found):
    """The share of the window's energy that is not in what was found, at any level but not upside down: so a deep tone
    half a period off would be."""
    products, energies = numpy.maximum(numpy.sum(window * found, axis=0), 0), numpy.sum(found**2, axis=0)
    like = float(numpy.sum(products**2 / numpy.maximum(energies, 1e-12)))
    return 1 - like / max(float(numpy.sum(window**2)), 1e-12)


def place(window, recorded, start, known, reach, earliest):
    """(knots, misfit): those of the offset, at most `reach` from the known ones, that fits best, which stays the same where
    that fits, or else slews; and how badly it fits. The window begins no earlier in the recording than `earliest`. (None, 1)
    if it lies nowhere there."""
    last_start = len(recorded) - WINDOW_FRAMES
    candidates = sorted(offset for offset in known | {nearest_offset(window, recorded, start, offset, reach)
                                                      for offset in known}
                        if earliest <= start + offset <= last_start)

    def misfit(knots):
        return unlikeness(window, slew.moved(recorded, start, knots))
    if not candidates:
        return None, 1.0
    placed = min((slew.constant(offset, WINDOW_FRAMES) for offset in candidates), key=misfit)
    # Neither where it fits already, nor where there is something else altogether, is there a slew to follow.
    if not SAME < misfit(placed) < OTHER:
        return placed, misfit(placed)
    slewed = min((slew.follow(window, recorded, start, offset) for offset in candidates), key=misfit)
    placed = slewed if misfit(slewed) < misfit(placed) / 2 else placed
    return placed, misfit(placed)


def place_windows(sent, recorded, offsets, rate):
    """For each whole window of what was sent, the knots of its offset, near those around its piece or that of the
    window before; None if there is none."""
    placed, before, step = [], set(), int(STEP_SECONDS * rate)
    recognised = [offset for offset in offsets if offset is not None]
    usual = {int(numpy.median(recognised))} if recognised else set()
    heard_up_to = 0  # in the recording, by windows that fit: sound goes on from there, and never back
    for start in range(0, len(sent) - WINDOW_FRAMES + 1, WINDOW_FRAMES):
        piece = start * PIECES_PER_SECOND // rate
        known = {offset for offset in offsets[max(piece - 1, 0):piece + 2] if offset is not None}
        window = sent[start:start + WINDOW_FRAMES]
        earliest = max(heard_up_to - SLEW_FRAMES, 0)
        knots, misfit = place(window, recorded, start, known | before, SLEW_FRAMES, earliest)
        # Where the delay steps within a piece, it is nowhere near what is known of the piece.
        if misfit > FITS:
            wide = place(window, recorded, start, known | before | usual, step, earliest)
            knots, misfit = min((knots, misfit), wide, key=lambda found: found[1])
        if misfit <= FITS:
            heard_up_to = start + WINDOW_FRAMES + round(float(knots[-1]))
        before = set() if knots is None else {round(float(knots[-1]))}
        placed.append(knots)
    return placed


def heard_windows(sent, recorded, placed):
    """The first window and one past the last that are heard in full: before, the recorder had not joined;
    after, one of them had left. The outermost two recognised ones may be cut by just that, so they are left
    out."""
    heard = []
    for index, knots in enumerate(placed):
        if knots is None:
            continue
        start = index * WINDOW_FRAMES
        found = slew.moved(recorded, start, knots)
        if correlation(sent[start:start + WINDOW_FRAMES].sum(axis=1), found.sum(axis=1)) > RECOGNISED:
            heard.append(index)
    return (heard[1], heard[-1]) if len(heard) > 2 else None


def take_windows(recorded, first, placed):
    """The recording moved onto the frames of what was sent, from window number first on."""
    windows = [numpy.zeros((WINDOW_FRAMES, 2)) if knots is None else
               slew.moved(recorded, (first + index) * WINDOW_FRAMES, knots)
               for index, knots in enumerate(placed)]
    return numpy.concatenate(windows)


def put_windows(aligned, first, placed, frames):
    """The reverse of take_windows, to the frame: sound on the sender's frames moved back to the recording's."""
    result = numpy.zeros((frames, 2))
    for index, knots in enumerate(placed):
        if knots is not None:
            start = (first + index) * WINDOW_FRAMES + round(float(numpy.mean(knots)))
            begin, end = max(start, 0), min(start + WINDOW_FRAMES, frames)
            result[begin:end] = aligned[index * WINDOW_FRAMES:][begin - start:end - start]
    return result
