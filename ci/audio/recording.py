"""What a recording made by one client holds of what another client played: how well, and what else."""

import dataclasses
import math

import numpy

import placement
import slew
from placement import RECOGNISED, WINDOW_FRAMES
from signals import correlation, cross_correlate, decibels

DIFFERENCE_LIMIT = 0.05  # of the sent channel's RMS: above any rounding, below a concealed or missing period
GAP_JOIN_FRAMES = 128  # differing frames nearer than this are one gap: wrong waves still cross right ones
AUDIBLE_HZ = 20000
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


def level_ratio(sent, heard):
    """Gain of one channel: median of the least-squares gains of the windows where it is recognised, or 0."""
    gains = []
    for start in range(0, len(sent), WINDOW_FRAMES):
        a, b = sent[start:start + WINDOW_FRAMES], heard[start:start + WINDOW_FRAMES]
        if abs(correlation(a, b)) > RECOGNISED:
            gains.append(float(numpy.dot(a, b)) / float(numpy.dot(a, a)))
    return float(numpy.median(gains)) if gains else 0.0


def audible(residual, placed, rate):
    """What is left of it below AUDIBLE_HZ in the windows in which the delay slews or lies between two frames: no
    resampler passes what is just below half its rate, and nobody hears that."""
    taps = numpy.arange(-64, 65)
    lowpass = numpy.sinc(taps * 2 * AUDIBLE_HZ / rate) * 2 * AUDIBLE_HZ / rate * numpy.blackman(len(taps))
    passed = numpy.stack([numpy.convolve(side, lowpass, "same") for side in residual.T], axis=1)
    between = numpy.repeat([knots is not None and not slew.is_constant(knots) for knots in placed], WINDOW_FRAMES)
    return numpy.where(between[:, None], passed, residual)


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
    offsets = placement.track_offsets(sent, recorded, rate)
    known = [offset for offset in offsets if offset is not None]
    placed = placement.place_windows(sent, recorded, offsets, rate)
    heard = placement.heard_windows(sent, recorded, placed)
    if heard is None:
        return None
    first, end = heard
    placed = placed[first:end]
    played, found = sent[first * WINDOW_FRAMES:end * WINDOW_FRAMES], placement.take_windows(recorded, first, placed)

    gains = [level_ratio(played[:, c], found[:, c]) for c in (0, 1)]
    residual = found - played * gains
    level = numpy.sqrt(numpy.mean(played**2, axis=0)) * numpy.maximum(numpy.abs(gains), 0.1)
    gap, gaps = gap_mask(audible(residual, placed, rate), DIFFERENCE_LIMIT * level)
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
        echo_db=None if own is None else echo(own, placement.put_windows(foreign, first, placed, len(recorded)), rate),
    )


def delay_ms(comparison, rate, sender_stats, recorder_stats):
    """One-way delay, from the sender's input to the recorder's output, given both clients' --stats-json."""
    starts_apart_ns = recorder_stats["audio_start_monotonic_ns"] - sender_stats["audio_start_monotonic_ns"]
    return comparison.offset_frames / rate * 1e3 + starts_apart_ns / 1e6
