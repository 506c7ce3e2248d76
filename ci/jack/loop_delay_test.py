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
gap_explanation = loop_delay.gap_explanation


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


class StateOfAGap(unittest.TestCase):
    HEARD = [{"concealed_frames": int(i in (2, 5, 7))} for i in range(10)]

    def state(self, ago_s):
        return loop_delay.state_of(ago_s, self.HEARD, without_xrun=[4, 5, 6, 7, 8], undisturbed=[7, 8])

    def test_the_second_may_have_begun_up_to_a_second_before(self):
        self.assertEqual(self.state(2.5), "undisturbed")
        self.assertEqual(self.state(3.5), "undisturbed")
        self.assertEqual(self.state(5.9), "machine stood still")
        self.assertEqual(self.state(7.5), "xrun")

    def test_a_gap_that_no_second_counts_is_excused_by_none(self):
        self.assertEqual(self.state(0.5), "in no whole second")


class OwnDelays(unittest.TestCase):
    def test_a_packet_is_late_by_what_those_around_it_are_not(self):
        rows = [(2**32 - 2 + i, 1000 * i, 5000 + 1000 * i) for i in range(5)]
        rows[3] = (rows[3][0], rows[3][1], rows[3][2] + 700)
        rows[4] = (rows[4][0], rows[4][1], "")
        with tempfile.TemporaryDirectory() as folder:
            traces = [pathlib.Path(folder, name) for name in ("client-1.csv", "client-1-2.csv")]
            for trace, lines in zip(traces, (rows, [(77, 0, 1)])):
                trace.write_text("seq,send_us,recv_us\n" + "".join(f"{a},{b},{c}\n" for a, b, c in lines),
                                 encoding="utf-8")
            own = gap_explanation.own_delays(traces)
        self.assertEqual(own, {2**32 - 2: 0, 2**32 - 1: 0, 0: 0, 1: 700, 77: 0})


class Description(unittest.TestCase):
    def text(self, at_server=30.0, at_listener=1030.0, **changed):
        gap = {"concealed_frames": "124", "last_callback_us": "2666", "missing_seq": "9", "came_after_us": "400"}
        return gap_explanation.describe({**gap, **changed}, 2667, at_server, at_listener)

    def test_it_names_the_packet_and_both_parts_of_its_way(self):
        self.assertEqual(self.text(), "124 frames; packet 9 came 400 us after the callback's time; held up 30 us "
                                      "before the server's socket, 1000 us from there to the listener's")

    def test_what_was_not_fetched_was_lost_or_was_never_sent_is_told_apart(self):
        self.assertIn("had come 5 us before the callback's time, but was not fetched", self.text(came_after_us="-5"))
        lost = self.text(came_after_us="", at_listener=None)
        self.assertIn("never came", lost)
        self.assertIn("lost behind it", lost)
        self.assertIn("not seen at the server", self.text(came_after_us="", at_server=None, at_listener=None))

    def test_missed_callbacks_are_told(self):
        self.assertIn("callbacks were missed for 2667 us", self.text(last_callback_us="5334"))

    def test_without_a_missing_packet_none_is_said_to_be_lost(self):
        self.assertEqual(self.text(missing_seq="", came_after_us=""), "124 frames; no packet was missing")


if __name__ == "__main__":
    unittest.main()
