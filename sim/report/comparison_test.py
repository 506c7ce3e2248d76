#!/usr/bin/python3
"""Two small made-up runs, whose differences are known."""

import re
import unittest

from report_cases import Case, history, run_of, scenario, stream, words


class Comparison(Case):
    def rows(self, before, after):
        text = self.page(run_of(*before), run_of(*after))
        part = text.split('id="comparison"')[1].split("</section>")[0]
        return part, [words(row).split() for row in re.findall(r"<tr><td.*?</tr>", part, re.S)]

    def test_the_worst_difference_comes_first_and_the_best_last(self):
        before = [scenario(streams=[stream("ann", "bob", 20.0, gaps=30), stream("bob", "ann", 20.0, gaps=3)])]
        after = [scenario(streams=[stream("ann", "bob", 23.5, gaps=10), stream("bob", "ann", 21.0, gaps=3)])]
        part, rows = self.rows(before, after)
        self.assertEqual(rows, ["evening ann ← bob delay_mean_ms ✗ worse 20 23.5 +3.5".split(),
                                "evening bob ← ann delay_mean_ms ✗ worse 20 21 +1".split(),
                                "evening ann ← bob gaps ✓ better 30 10 -20".split()])
        self.assertIn("2 figures are worse after than before, 1 are better", part)

    def test_to_be_heard_less_is_worse(self):
        _, rows = self.rows([scenario(streams=[stream("ann", "bob", heard_percent=99.5)])],
                            [scenario(streams=[stream("ann", "bob", heard_percent=98)])])
        self.assertEqual(rows, ["evening ann ← bob heard_percent ✗ worse 99.5 98 -1.5".split()])

    def test_to_be_quieter_than_what_was_sent_is_as_bad_as_to_be_louder(self):
        _, rows = self.rows([scenario(streams=[stream("ann", "bob", level_db=0.5)])],
                            [scenario(streams=[stream("ann", "bob", level_db=-2.5)])])
        self.assertEqual(rows, ["evening ann ← bob level_db ✗ worse 0.5 -2.5 -3".split()])

    def test_what_is_heard_no_more_and_broken_rules_are_worst_of_all(self):
        _, rows = self.rows([scenario(streams=[stream("ann", "bob"), stream("bob", "ann")])],
                            [scenario(streams=[stream("ann", "bob", 90), stream("bob", "ann", None)],
                                      violations_count=2)])
        self.assertEqual([row[-1] for row in rows], ["+2", "measured", "+70"])

    def test_the_same_twice_has_no_difference(self):
        same = [scenario(streams=[stream("ann", "bob")])]
        part, rows = self.rows(same, same)
        self.assertIn("0 figures are worse after than before, 0 are better", part)
        self.assertEqual(rows, [])

    def test_what_only_one_run_has_is_said(self):
        part, _ = self.rows([scenario("old")], [scenario("new")])
        self.assertIn("Only the run after has new.", part)
        self.assertIn("Only the run before has old.", part)

    def test_no_more_rows_than_a_person_reads(self):
        names = [f"p{index}" for index in range(12)]
        pairs = [(one, other) for one in names for other in names if one != other]
        part, rows = self.rows([scenario(streams=[stream(*pair, 20) for pair in pairs])],
                               [scenario(streams=[stream(*pair, 21) for pair in pairs])])
        self.assertEqual(len(rows), 100)
        self.assertIn("32 smaller ones are not shown: 32 worse, 0 better.", part)

    def test_both_lines_are_drawn(self):
        runs = [run_of(scenario(streams=[stream("ann", "bob")], histories=[history("ann", "bob", lost=lost)]))
                for lost in ([0, 1], [2, 2])]
        text = self.page(*runs)
        delay = re.search(r"Delay, from.*?</svg>", text, re.S).group()
        self.assertEqual(delay.count("<path"), 2)
        self.assertIn("1 before: 0.0 ms made up, 1 lost", text)
        self.assertIn("1 after: 0.0 ms made up, 4 lost", text)


if __name__ == "__main__":
    unittest.main()
