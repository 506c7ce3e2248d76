#!/usr/bin/python3
"""Holds up a watch for stalls, and sees it noticed."""

import os
import pathlib
import re
import signal
import time
import unittest

import stall_watch

START_LIMIT_S = 30
HELD_UP_S = 0.3


def slept_often(status):
    return int(re.search(r"^voluntary_ctxt_switches:\s*(\d+)", status, re.MULTILINE)[1]) >= 3


def wait_for_sleepers(process):
    """Until one thread for each processor sleeps time and again."""
    limit = time.monotonic() + START_LIMIT_S
    tasks = pathlib.Path(f"/proc/{process.pid}/task")
    while sum(slept_often(task.joinpath("status").read_text()) for task in tasks.iterdir()) < len(os.sched_getaffinity(0)):
        if time.monotonic() > limit:
            raise TimeoutError("the watch has no threads that sleep")
        time.sleep(0.01)


class StallWatch(unittest.TestCase):
    def test_what_holds_it_up_is_a_stall_once_and_when_it_was(self):
        with stall_watch.StallWatch(stall_s=HELD_UP_S / 2) as watch:
            wait_for_sleepers(watch.process)
            begin = time.monotonic()
            os.kill(watch.process.pid, signal.SIGSTOP)
            time.sleep(HELD_UP_S)
            os.kill(watch.process.pid, signal.SIGCONT)
            end = time.monotonic()
        # This machine may stand still by itself, too.
        seen = [stall for stall in watch.stalls if stall[0] < end and stall[1] > begin]
        self.assertEqual(len(seen), 1, watch.stalls)
        # All processors sleep for one step at most.
        self.assertGreater(seen[0][1] - seen[0][0], HELD_UP_S - 2 * stall_watch.STEP_S)
        self.assertGreaterEqual(watch.longest_s(), seen[0][1] - seen[0][0])
        self.assertGreaterEqual(watch.in_all_s(), watch.longest_s())

    def test_what_is_shorter_than_asked_for_is_none(self):
        with stall_watch.StallWatch(stall_s=60) as watch:
            wait_for_sleepers(watch.process)
            os.kill(watch.process.pid, signal.SIGSTOP)
            time.sleep(HELD_UP_S)
            os.kill(watch.process.pid, signal.SIGCONT)
        self.assertEqual((watch.stalls, watch.longest_s(), watch.in_all_s()), ([], 0.0, 0))

    def test_stalls_that_overlap_are_one(self):
        self.assertEqual(stall_watch.merged([(5, 6), (1, 3), (2, 4), (1, 2), (4, 4.5), (5.2, 5.5)]), [(1, 4.5), (5, 6)])


if __name__ == "__main__":
    unittest.main()
