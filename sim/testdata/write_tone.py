#!/usr/bin/python3
"""Writes a second of 440 Hz, at -12 dBFS on the left and -18 dBFS on the right, as a WAV file: write_tone.py FILE"""

import math
import struct
import sys
import wave

RATE = 48000

with wave.open(sys.argv[1], "wb") as tone:
    tone.setnchannels(2)
    tone.setsampwidth(2)
    tone.setframerate(RATE)
    for i in range(RATE):
        sine = math.sin(2 * math.pi * 440 * i / RATE)
        tone.writeframesraw(struct.pack("<2h", round(8192 * sine), round(4096 * sine)))
