#!/usr/bin/python3
"""Pictures of small made-up histories, whose numbers are known."""

import re
import unittest

import charts
import results_file
import streams_over_time
from report_cases import Case, history, run_of, scenario, stream


class OverTime(Case):
    def pictures(self, *histories, streams=None):
        streams = streams or [stream(each["listener"], each["sender"]) for each in histories]
        return self.page(run_of(scenario(streams=streams, histories=histories)))

    def test_marks_are_counted_in_words(self):
        text = self.pictures(history("ann", "bob", concealed_frames=[0, 480, 96, None], lost=[1, 0, 2, 0],
                                     late=[0, 0, 1, 0]))
        self.assertIn("1 bob: 12.0 ms made up, 3 lost, 1 late</text>", text)

    def test_a_mark_for_each_step_that_has_one(self):
        row = streams_over_time.marks_row("1", "#000", history("ann", "bob", concealed_frames=[0, 4800, 0, 48],
                                                               lost=[1, 0, 2, 0], late=[0, 0, 0, 0]))
        self.assertEqual(row.lanes, ([True, False, True, False], [False] * 4))
        self.assertEqual([height > 0 for height in row.heights], [False, True, False, True])
        self.assertEqual(row.heights[1], 1.0)  # all of it
        self.assertAlmostEqual(row.heights[3], 0.5)  # 1 %, in the middle between 0.01 % and 100 %

    def test_jitter_is_told_in_words(self):
        text = self.pictures(history("ann", "bob"))
        self.assertIn("1 bob: half within 0.25 ms, 99.9 % within 1 ms</text>", text)
        slow = history("ann", "bob", jitter_packets=[1] + [0] * 398 + [9])
        self.assertIn("99.9 % over 99.75 ms", self.pictures(slow))

    def test_a_hole_in_what_was_seen_is_a_hole_in_the_line(self):
        axes = charts.Axes((0, 4), (0, 1))
        line = charts.path([(0, 0.5), (1, None), (2, 0.5), (3, 1)], axes)
        self.assertRegex(line, r"^M[\d. ]*h\.1M[\d. ]*L[\d. ]*$")

    def test_what_is_true_of_the_clock_is_drawn_dotted(self):
        text = self.pictures(history("ann", "bob", clock_ppm=[0, 9], clock_true_ppm=[10, 10]))
        clock = re.search(r"clock against.*?</svg>", text, re.S).group()
        self.assertEqual(clock.count('stroke-dasharray="1 3"'), 1)

    def test_one_who_never_spoke_is_said_to_be_silent(self):
        nothing = {name: [None, None] for name in results_file.PER_STEP}
        text = self.pictures(history("ann", "bob", jitter_packets=[], **nothing),
                             streams=[stream("ann", "bob", None, concealed_percent=None)])
        self.assertIn("nothing was heard", text)
        self.assertIn("1 bob: no packets", text)
        self.pictures(history("ann", "bob", jitter_packets=[], **{name: [] for name in results_file.PER_STEP}))

    def test_marks_at_the_ends_of_lines_are_apart_and_within_the_picture(self):
        axes = charts.Axes((0, 1), (0, 1))
        for heights in ((0.0, 0.01, 0.0, 0.02, 0.5, 1.0, 0.99, None), [1.0] * 8, [0.0] * 8):
            lines = [charts.Line([(0, 0.0), (1, height)], "#000", mark=f"{index}")
                     for index, height in enumerate(heights)]
            self.assert_are_apart(charts.end_marks(lines, axes))

    def assert_are_apart(self, marks):
        places = [float(re.search(r' y="([-\d.]+)"', mark).group(1)) for mark in marks]
        self.assertEqual(len(places), 8)
        self.assertGreaterEqual(places[0], charts.LETTERS)
        gaps = [below - above for above, below in zip(places, places[1:])]
        self.assertGreaterEqual(min(gaps), charts.LETTERS - 0.11)
        self.assertLessEqual(places[-1], charts.TOP + charts.PLOT_HEIGHT + charts.LETTERS)

    def test_of_a_long_history_every_peak_is_kept_and_no_more_points_than_can_be_seen(self):
        values = [float(index == 7777) for index in range(20_000)]
        points = charts.thinned(list(enumerate(values)))
        self.assertLessEqual(len(points), 2 * charts.COLUMNS_MAX)
        self.assertIn((7777, 1.0), points)
        self.assertLessEqual(len(charts.thinned([(x, abs(x % 100 - 30)) for x in range(20_000)])),
                             2 * charts.COLUMNS_MAX)
        columns, _ = charts.summed(values)
        self.assertLessEqual(len(columns), charts.COLUMNS_MAX)
        self.assertEqual(sum(columns), 1.0)

    def test_of_many_players_only_the_worst_are_drawn_and_that_is_said(self):
        names = [f"p{index}" for index in range(20)]
        pairs = [(one, other) for one in names for other in names if one != other]
        streams = [stream(*pair, concealed_percent=9.0 if pair == ("p19", "p18") else 0.0) for pair in pairs]
        text = self.page(run_of(scenario(streams=streams, histories=[history(*pair) for pair in pairs],
                                         players=names)))
        self.assertIn("What p19 hears (the worst 8 of 19 senders)", text)
        self.assertIn("Shown are the 8 of 20 listeners", text)
        self.assertEqual(text.count("<h3>What p"), streams_over_time.LISTENERS_MAX)
        self.assertIn("8 p18</li>", text.split("What p19 hears")[1].split("</ul>")[0])


if __name__ == "__main__":
    unittest.main()
