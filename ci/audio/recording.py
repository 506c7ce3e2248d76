"""What a recording made by one client holds of what another client played: where, how well, and what else.

Arrays are (frames, 2) floats at full scale 1.0. Frame n of a recording and frame n of what its own client
played belong to the same moment. An *offset* says where the sent sound is found: recorded[n + offset] is
sent[n].
"""

import dataclasses
import math

import numpy

import slew

WINDOW_FRAMES = 1024  # what is judged as clean or not: eight packets of 128 frames
DIFFERENCE_LIMIT = 0.05  # of the sent channel's RMS: above any rounding, below a concealed or missing period
GAP_JOIN_FRAMES = 128  # differing frames nearer than this are one gap: wrong waves still cross right ones
PIECES_PER_SECOND = 4  # of what was sent, each with an offset of its own
SEARCH_SECONDS = 0.2  # how far from the whole recording's offset the offset of a single piece is looked for
SLEW_FRAMES = 96  # how far from its piece's offset that of a window is looked for: a listener's delay slews
SAME, OTHER = 1e-4, 0.75  # of a window's energy: less than this is no difference, and more no likeness
RECOGNISED = 0.5  # a piece whose correlation is lower holds no sent sound that could be located
ECHO_SECONDS_MAX = 2.0


@dataclasses.dataclass
class Comparison:
    offset_frames: int  # the most usual one
    offsets_frames: list  # of each piece of the sent sound; None where nothing was recognised
    delay_steps: int  # how often the offset changed from one recognised piece to the next
    heard_from_s: float  # first and last sent sound that was recognised, in seconds of what was sent
    heard_to_s: float
    gains: list  # per channel: recorded level / sent level
    overall_correlation: list  # per channel, over everything heard, gaps included
    clean_correlation: list  # per channel, over the windows without a gap
    clean_fraction: float  # windows without a gap / windows
    slewed_fraction: float  # windows in which the delay changes / windows
    cross_correlation: list  # recorded left with sent right, recorded right with sent left
    swapped: bool
    gaps: int
    gap_frames: int  # frames that differ from what was sent, and those between two of them in the same gap
    echo_db: float  # recorder's own sound in its recording, relative to what it played; None if silent


def cross_correlate(long, short):
    """Sum over n of long[n + lag] * short[n] for every lag from 0, then the negative lags, as an inverse
    FFT orders them."""
    size = 1 << (len(long) + len(short) - 1).bit_length()
    spectrum = numpy.fft.rfft(long, size) * numpy.conj(numpy.fft.rfft(short, size))
    return numpy.fft.irfft(spectrum, size)


def best_lag(long, short):
    """The lag with the largest cross-correlation; may be negative."""
    products = cross_correlate(long, short)
    lag = int(numpy.argmax(products))
    return lag if lag < len(long) else lag - len(products)


def correlation(a, b):
    """Pearson's correlation without removing the mean (sound has none); 0 where one of them is silent."""
    energy = math.sqrt(float(numpy.dot(a, a)) * float(numpy.dot(b, b)))
    return float(numpy.dot(a, b)) / energy if energy > 0 else 0.0


def decibels(ratio):
    return 20 * math.log10(max(ratio, 1e-10))


def mono_difference(sound):
    """Both channels in one, so that swapped ones are found too; differenced, which flattens music and
    sharpens the peak."""
    return numpy.diff(sound.sum(axis=1), prepend=0.0)


def slice_padded(sound, start, frames):
    """frames of sound from start on, silence where it does not reach; start may be negative."""
    result = numpy.zeros((frames,) + sound.shape[1:])
    first, last = max(start, 0), min(start + frames, len(sound))
    if first < last:
        result[first - start:last - start] = sound[first:last]
    return result


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


def nearest_offset(window, recorded, start, offset):
    """The whole offset, near the one given, at which the recording resembles the window most."""
    nearby = slice_padded(recorded, start + offset - SLEW_FRAMES, WINDOW_FRAMES + 2 * SLEW_FRAMES).sum(axis=1)
    products = numpy.correlate(nearby, window.sum(axis=1))
    squares = numpy.cumsum(numpy.concatenate([[0.0], nearby**2]))
    energies = squares[WINDOW_FRAMES:] - squares[:-WINDOW_FRAMES]
    likeness = products / numpy.sqrt(numpy.maximum(energies, 1e-9))
    best = int(numpy.argmax(likeness))
    # The given one, unless another is really better: a tone resembles itself a period further on.
    if likeness[best] <= likeness[SLEW_FRAMES] * (1 + 1e-4) + 1e-9:
        best = SLEW_FRAMES
    return offset + best - SLEW_FRAMES


def unlikeness(window, found):
    """The share of the window's energy that is not in what was found, at any level."""
    products, energies = numpy.sum(window * found, axis=0), numpy.sum(found**2, axis=0)
    like = float(numpy.sum(products**2 / numpy.maximum(energies, 1e-12)))
    return 1 - like / max(float(numpy.sum(window**2)), 1e-12)


def place(window, recorded, start, known):
    """The knots of the offset, near the known ones, that fits best: one that stays the same where that fits, or
    else one that slews. None if the recording ends within the window."""
    last_start = len(recorded) - WINDOW_FRAMES
    candidates = sorted(offset for offset in known | {nearest_offset(window, recorded, start, offset)
                                                      for offset in known}
                        if 0 <= start + offset <= last_start)

    def misfit(knots):
        return unlikeness(window, slew.moved(recorded, start, knots))
    if not candidates:
        return None
    placed = min((slew.constant(offset, WINDOW_FRAMES) for offset in candidates), key=misfit)
    # Neither where it fits already, nor where there is something else altogether, is there a slew to follow.
    if not SAME < misfit(placed) < OTHER:
        return placed
    return min((placed, *(slew.follow(window, recorded, start, offset) for offset in candidates)), key=misfit)


def place_windows(sent, recorded, offsets, rate):
    """For each whole window of what was sent, the knots of its offset, near those around its piece; None if there
    is none."""
    placed = []
    for start in range(0, len(sent) - WINDOW_FRAMES + 1, WINDOW_FRAMES):
        piece = start * PIECES_PER_SECOND // rate
        known = {offset for offset in offsets[max(piece - 1, 0):piece + 2] if offset is not None}
        placed.append(place(sent[start:start + WINDOW_FRAMES], recorded, start, known))
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


def level_ratio(sent, heard):
    """Gain of one channel: median of the least-squares gains of the windows where it is recognised, or 0."""
    gains = []
    for start in range(0, len(sent), WINDOW_FRAMES):
        a, b = sent[start:start + WINDOW_FRAMES], heard[start:start + WINDOW_FRAMES]
        if abs(correlation(a, b)) > RECOGNISED:
            gains.append(float(numpy.dot(a, b)) / float(numpy.dot(a, a)))
    return float(numpy.median(gains)) if gains else 0.0


def gap_mask(residual, limits):
    """Marks the frames in which a channel differs by more than its limit, with what lies between two of
    them in one gap."""
    differing = numpy.flatnonzero((numpy.abs(residual) > limits).any(axis=1))
    mask = numpy.zeros(len(residual), bool)
    if len(differing) == 0:
        return mask, 0
    groups = numpy.split(differing, numpy.flatnonzero(numpy.diff(differing) > GAP_JOIN_FRAMES) + 1)
    for group in groups:
        mask[group[0]:group[-1] + 1] = True
    return mask, len(groups)


def echo(own, residual, rate):
    """Largest gain, in dB, with which a channel of own is found in the residual, up to ECHO_SECONDS_MAX
    late."""
    lags = int(ECHO_SECONDS_MAX * rate)
    gains = []
    for source in own.T:
        energy = float(numpy.dot(source, source))
        if energy > 0:
            gains += [numpy.max(numpy.abs(cross_correlate(heard, source)[:lags])) / energy
                      for heard in residual.T]
    return decibels(float(max(gains))) if gains else None


def compare(sent, recorded, own, rate):
    """Measures recorded against sent; own is what the recording client itself played, or None. None if
    nothing is found."""
    offsets = track_offsets(sent, recorded, rate)
    known = [offset for offset in offsets if offset is not None]
    placed = place_windows(sent, recorded, offsets, rate)
    heard = heard_windows(sent, recorded, placed)
    if heard is None:
        return None
    first, end = heard
    placed = placed[first:end]
    played, found = sent[first * WINDOW_FRAMES:end * WINDOW_FRAMES], take_windows(recorded, first, placed)

    gains = [level_ratio(played[:, c], found[:, c]) for c in (0, 1)]
    residual = found - played * gains
    level = numpy.sqrt(numpy.mean(played**2, axis=0)) * numpy.maximum(numpy.abs(gains), 0.1)
    gap, gaps = gap_mask(residual, DIFFERENCE_LIMIT * level)
    is_clean = ~gap.reshape(-1, WINDOW_FRAMES).any(axis=1)
    clean = numpy.repeat(is_clean, WINDOW_FRAMES)
    overall = [correlation(played[:, c], found[:, c]) for c in (0, 1)]
    crossed = [correlation(played[:, 1 - c], found[:, c]) for c in (0, 1)]

    # Concealment resembles any music a little, so gaps are left out of the search for an echo; but not
    # where most of the recording differs, for then something else is in it all the time.
    foreign = numpy.where(gap[:, None], 0, residual) if gap.mean() < 0.5 else residual

    return Comparison(
        offset_frames=max(sorted(set(known)), key=known.count),
        offsets_frames=offsets,
        delay_steps=sum(a != b for a, b in zip(known, known[1:])),
        heard_from_s=first * WINDOW_FRAMES / rate,
        heard_to_s=end * WINDOW_FRAMES / rate,
        gains=gains,
        overall_correlation=overall,
        clean_correlation=[correlation(played[clean, c], found[clean, c]) for c in (0, 1)],
        clean_fraction=float(is_clean.mean()),
        slewed_fraction=float(numpy.mean([knots is not None and slew.changes(knots) for knots in placed])),
        cross_correlation=crossed,
        swapped=sum(map(abs, crossed)) > sum(map(abs, overall)),
        gaps=gaps,
        gap_frames=int(gap.sum()),
        echo_db=None if own is None else echo(own, put_windows(foreign, first, placed, len(recorded)), rate),
    )


def delay_ms(comparison, rate, sender_stats, recorder_stats):
    """One-way delay, from the sender's input to the recorder's output, given both clients' --stats-json."""
    starts_apart_ns = recorder_stats["audio_start_monotonic_ns"] - sender_stats["audio_start_monotonic_ns"]
    return comparison.offset_frames / rate * 1e3 + starts_apart_ns / 1e6
