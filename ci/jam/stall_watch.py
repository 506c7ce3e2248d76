#!/usr/bin/python3
"""Sees when this machine stands still: for how long a thread that had only slept is kept from running, on each
processor. A host that gives the time to somebody else does that; what is tested does not, for the watch goes before
everything else where that is permitted.

As a program: prints the longest in ms when it is told to end (SIGTERM).
"""

import os
import signal
import threading
import time

STEP_S = 0.002
# Less does not make an audio thread with a period of 128 frames miss one.
STALL_S = 0.0025
PRIORITY = 90  # JACK's server has less


class StallWatch:
    """with StallWatch() as watch: ...; then watch.stalls has (begin, end) of each, in s of CLOCK_MONOTONIC, sorted.
    Those of two processors may overlap."""

    def __init__(self, step_s=STEP_S):
        self.step_s = step_s
        self.stalls = []
        self.ended = threading.Event()
        self.sleepers = [threading.Thread(target=self.watch, args=[processor])
                         for processor in os.sched_getaffinity(0)]

    def __enter__(self):
        for sleeper in self.sleepers:
            sleeper.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        for sleeper in self.sleepers:
            sleeper.join()
        self.stalls.sort()

    def watch(self, processor):
        os.sched_setaffinity(0, {processor})
        try:
            os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(PRIORITY))
        except PermissionError:
            pass
        before = time.monotonic()
        while not self.ended.is_set():
            time.sleep(self.step_s)
            now = time.monotonic()
            if now - before - self.step_s > STALL_S:
                self.stalls.append((before + self.step_s, now))
            before = now


def longest_s(stalls):
    return max((end - begin for begin, end in stalls), default=0.0)


def in_all_s(stalls):
    return sum(end - begin for begin, end in stalls)


def summary(stalls):
    """What a person reads of them."""
    return (f"this machine stood still {len(stalls)} times, for {1000 * longest_s(stalls):.0f} ms at the longest and "
            f"{1000 * in_all_s(stalls):.0f} in all")


def main():
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    with StallWatch(step_s=0.02) as watch:
        signal.sigwait({signal.SIGTERM})
    print(round(1000 * longest_s(watch.stalls)))


if __name__ == "__main__":
    main()
