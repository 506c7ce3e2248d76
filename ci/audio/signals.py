"""The little that measuring sound takes. Sounds are (frames, 2) arrays of floats at full scale 1.0."""

import math

import numpy


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


def slice_padded(sound, start, frames):
    """frames of sound from start on, silence where it does not reach; start may be negative."""
    result = numpy.zeros((frames,) + sound.shape[1:])
    first, last = max(start, 0), min(start + frames, len(sound))
    if first < last:
        result[first - start:last - start] = sound[first:last]
    return result
