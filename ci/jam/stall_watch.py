#!/usr/bin/python3
"""Sees when this machine stands still: for how long a thread that had only slept is kept from running, on each
processor. A host that gives the time to somebody else does that. What is tested does not, for the watch goes before
everything else, if that is permitted; it says so if not.

As a program, stall_watch.py [STEP_S [STALL_S]]: until it is told to end (SIGTERM), then prints [[begin, end], ...] in s of
CLOCK_MONOTONIC.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time

STEP_S = 0.002
# Less does not make an audio thread with a period of 128 frames miss one.
STALL_S = 0.0025
PRIORITY = 90  # JACK's server has less


class StallWatch:
    """with StallWatch() as watch: ...; then watch.stalls has (begin, end) of each, sorted, none within another. In a process
    of its own: whoever starts it may keep its interpreter busy."""

    def __init__(self, stall_s=STALL_S):
        self.stall_s = stall_s

    def __enter__(self):
        self.process = subprocess.Popen([__file__, str(STEP_S), str(self.stall_s)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.stalls = json.loads(self.process.communicate(timeout=10)[0])

    def longest_s(self):
        return max((end - begin for begin, end in self.stalls), default=0.0)

    def in_all_s(self):
        return sum(end - begin for begin, end in self.stalls)

    def summary(self):
        """What a person reads of them."""
        return (f"this machine stood still {len(self.stalls)} times, for {1000 * self.longest_s():.0f} ms at the longest "
                f"and {1000 * self.in_all_s():.0f} in all")


def sleep_on(processor, step_s, stall_s, ended, stalls):
    """Until told to end, and notes when it was kept from waking up."""
    os.sched_setaffinity(0, {processor})
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(PRIORITY))
    except PermissionError:
        print("stall watch: no real-time priority, so that what is tested may hold it up too", file=sys.stderr)
    before = time.monotonic()
    while not ended.is_set():
        time.sleep(step_s)
        now = time.monotonic()
        if now - before - step_s > stall_s:
            stalls.append((before + step_s, now))
        before = now


def merged(stalls):
    """The same, with those that overlap as one."""
    result = []
    for begin, end in sorted(stalls):
        if result and begin <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((begin, end))
    return result


def main():
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    step_s, stall_s = [float(word) for word in sys.argv[1:]] + [STEP_S, STALL_S][len(sys.argv) - 1:]
    ended, stalls = threading.Event(), []
    sleepers = [threading.Thread(target=sleep_on, args=(processor, step_s, stall_s, ended, stalls))
                for processor in os.sched_getaffinity(0)]
    for sleeper in sleepers:
        sleeper.start()
    signal.sigwait({signal.SIGTERM})
    ended.set()
    for sleeper in sleepers:
        sleeper.join()
    print(json.dumps(merged(stalls)))


if __name__ == "__main__":
    main()
