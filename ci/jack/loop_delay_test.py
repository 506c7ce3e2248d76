#!/usr/bin/python3
"""What loop_delay makes of the clients' seconds, without JACK."""

import importlib.machinery
import importlib.util
import json
import pathlib
import tempfile
import unittest

LOADER = importlib.machinery.SourceFileLoader("loop_delay", str(pathlib.Path(__file__).with_name("loop_delay")))
loop_delay = importlib.util.module_from_spec(importlib.util.spec_from_loader(LOADER.name, LOADER))
LOADER.exec_module(loop_delay)


def line(frames, marks=""):
    return f"  {frames:.3f} frames      5.333 ms total roundtrip latency{marks}\n"


class Readings(unittest.TestCase):
    def test_those_that_jack_iodelay_doubts_do_not_count(self):
        text = "capture latency  = 0\n" + line(132.5) + line(90, " ??") + line(133)
        self.assertEqual(loop_delay.readings(text), [132.5, 133.0])

    def test_it_has_settled_when_the_last_ones_are_near_each_other(self):
        last = "".join(line(130 + i) for i in (0, 1, 4, 2, 3, 4))
        self.assertTrue(loop_delay.has_settled(line(500) + last))
        self.assertFalse(loop_delay.has_settled(last + line(136)))
        self.assertFalse(loop_delay.has_settled(last[last.index("\n") + 1:]), "one reading less")


class GapSeconds(unittest.TestCase):
    def found(self, heard, spoken_xruns=(), stalls_ago=()):
        """heard: of each second (xruns, frames made up)."""
        spoken = [{"xruns": int(i in spoken_xruns)} for i in range(len(heard))]
        heard = [{"xruns": xruns, "concealed_frames": made_up} for xruns, made_up in heard]
        quiet = loop_delay.quiet_seconds(heard, spoken, stalls_ago)
        return tuple(loop_delay.gap_seconds(heard, *quiet).values())

    def test_gaps_in_seconds_without_an_xrun_count(self):
        self.assertEqual(self.found([(0, 0)] * 8 + [(0, 64)] * 2), (10, 2, 10, 2))

    def test_only_the_last_seconds_are_looked_at(self):
        with tempfile.TemporaryDirectory() as folder:
            stats = pathlib.Path(folder, "stats.json")
            stats.write_text(json.dumps({"seconds": [5, 6, 7, 8]}), encoding="utf-8")
            self.assertEqual(loop_delay.last_seconds(stats, 3), [6, 7, 8])

    def test_an_xrun_of_either_excuses_its_second_and_those_beside_it(self):
        heard = [(0, 0)] * 10
        heard[2] = (1, 64)
        heard[3] = (0, 64)
        heard[4] = (0, 64)
        self.assertEqual(self.found(heard), (7, 1, 7, 1))
        heard[2] = (0, 64)
        self.assertEqual(self.found(heard, spoken_xruns={2}), (7, 1, 7, 1))

    def test_seconds_in_which_the_machine_stood_still_are_told_apart(self):
        heard = [(0, 0)] * 10
        heard[6] = heard[3] = (0, 64)
        # In the seconds 6 and 7, and so 4 to 9 are not undisturbed.
        self.assertEqual(self.found(heard, stalls_ago=[(3.5, 2.5)]), (10, 2, 4, 1))


class OwnDelays(unittest.TestCase):
    def test_a_packet_is_late_by_what_those_around_it_are_not(self):
        rows = [(2**32 - 2 + i, 1000 * i, 5000 + 1000 * i) for i in range(5)]
        rows[3] = (rows[3][0], rows[3][1], rows[3][2] + 700)
        rows[4] = (rows[4][0], rows[4][1], "")
        with tempfile.TemporaryDirectory() as folder:
            trace = pathlib.Path(folder, "client-1.csv")
            trace.write_text("seq,send_us,recv_us\n" + "".join(f"{a},{b},{c}\n" for a, b, c in rows), encoding="utf-8")
            own = loop_delay.own_delays(trace)
        self.assertEqual(own, {2**32 - 2: 0, 2**32 - 1: 0, 0: 0, 1: 700})


if __name__ == "__main__":
    unittest.main()
