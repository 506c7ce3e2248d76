"""Reads and writes the WAV files of the measurements as float arrays of shape (frames, channels), full
scale 1.0.

Python's own `wave` module knows neither float samples nor the extensible format, and RTJam's recorder may
write either.
"""

import struct

import numpy

PCM, FLOAT, EXTENSIBLE = 1, 3, 0xFFFE


def chunks(data):
    """Yields (name, body) of each RIFF chunk; a chunk cut short by a recorder that was killed counts as far
    as it goes."""
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise ValueError("not a WAV file")
    at = 12
    while at + 8 <= len(data):
        name, size = struct.unpack_from("<4sI", data, at)
        yield name, data[at + 8:at + 8 + size]
        at += 8 + size + size % 2


def read(path):
    """Returns (samples, sample rate in Hz)."""
    with open(path, "rb") as file:
        parts = dict(chunks(file.read()))
    if b"fmt " not in parts or b"data" not in parts:
        raise ValueError(f"{path}: no sound in it")
    encoding, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", parts[b"fmt "])
    if encoding == EXTENSIBLE:
        encoding, = struct.unpack_from("<H", parts[b"fmt "], 24)
    types = {(PCM, 16): ("<i2", 2.0**15), (PCM, 32): ("<i4", 2.0**31),
             (FLOAT, 32): ("<f4", 1.0), (FLOAT, 64): ("<f8", 1.0)}
    if (encoding, bits) not in types:
        raise ValueError(f"{path}: encoding {encoding} with {bits} bits is not read here")
    dtype, full_scale = types[encoding, bits]
    body = parts[b"data"]
    frame_bytes = channels * bits // 8
    samples = numpy.frombuffer(body[:len(body) // frame_bytes * frame_bytes], dtype)
    return samples.reshape(-1, channels).astype(float) / full_scale, rate


def write(path, samples, rate):
    """Writes 16-bit PCM; samples outside [-1, 1) are clipped."""
    pcm = numpy.clip(numpy.round(samples * 2.0**15), -2**15, 2**15 - 1).astype("<i2")
    channels = pcm.shape[1]
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, PCM, channels, rate, rate * channels * 2, channels * 2, 16)
    body = pcm.tobytes()
    with open(path, "wb") as file:
        file.write(struct.pack("<4sI4s", b"RIFF", 4 + len(form) + 8 + len(body), b"WAVE"))
        file.write(form + struct.pack("<4sI", b"data", len(body)) + body)
