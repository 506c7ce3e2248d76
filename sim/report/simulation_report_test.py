#!/usr/bin/python3
"""Pages of small made-up results, whose numbers are known."""

import json
import pathlib
import re
import subprocess
import sys
import unittest

from report_cases import Case, expectation, history, run_of, scenario, stream, words

PROGRAM = pathlib.Path(__file__).with_name("simulation_report.py")


class Overview(Case):
    def test_failed_scenarios_come_first(self):
        text = self.page(run_of(scenario("fine"), scenario("broken", passed=False), scenario("good")))
        table = text.split("</table>")[0]
        self.assertEqual(re.findall(r"<a href=[^>]*>([a-z]*)<", table), ["broken", "fine", "good"])
        self.assertIn("✗ FAILED", table)
        self.assertIn("Passed: 2 of 3 scenarios. Failed: 1", text)

    def test_it_has_the_worst_stream_of_each(self):
        streams = [stream("ann", "bob", 20.0), stream("bob", "ann", 31.25, concealed_percent=1.5),
                   stream("cleo", "ann", None, concealed_percent=None)]
        row = words(self.page(run_of(scenario(streams=streams))).split("<tbody>")[1].split("</tr>")[0])
        self.assertEqual(row.split(), "evening ✓ passed 0 of 0 0 2 31.2 1.50 2.5".split())

    def test_an_empty_run_is_a_page_that_says_so(self):
        self.assertIn("There is no scenario in it", self.page(run_of()))

    def test_broken_rules_are_listed(self):
        text = self.page(run_of(scenario(violations=["bob hears himself"], violations_count=30, passed=False)))
        self.assertIn("✗ Rules broken: 30", text)
        self.assertIn("<li>bob hears himself</li>", text)


class Expectations(Case):
    def row(self, *expectations):
        text = self.page(run_of(scenario(expectations=list(expectations))))
        return words(text.split("What is expected")[1].split("<tbody>")[1].split("</table>")[0])

    def test_one_row_has_the_worst_of_all_that_a_bound_is_for(self):
        row = self.row(expectation("stream ann <- bob", 20.5), expectation("stream bob <- ann", 39.125))
        self.assertEqual(row.split(), "delay_mean_ms at most 40 bob ← ann ✓ seen 39.125 2 12".split())

    def test_who_failed_is_named_with_what_was_seen(self):
        row = self.row(expectation("stream ann <- bob", 20),
                       expectation("stream bob <- ann", 45.5, passed=False))
        self.assertIn("✗ 1 of 2 not bob ← ann: 45.5 45.5 2 12", row)

    def test_what_was_never_measured_is_worst(self):
        row = self.row(expectation("stream ann <- bob", 50, passed=False),
                       expectation("stream bob <- ann", None, passed=False))
        self.assertIn("delay_mean_ms at most 40 bob ← ann ✗ 2 of 2 not", row)

    def test_of_an_exact_value_the_furthest_is_worst_on_either_side(self):
        exact = [{**expectation(f"player {who}", value, 3), "bound": "exactly"}
                 for who, value in (("ann", 3), ("bob", 0), ("cleo", 4))]
        self.assertIn("delay_mean_ms exactly 3 bob", self.row(*exact))


class Matrix(Case):
    def cells(self, *streams, before=None):
        runs = ([run_of(scenario(streams=before))] if before else []) + [run_of(scenario(streams=streams))]
        table = re.search(r'<table class="matrix">.*?</table>', self.page(*runs), re.S).group()
        return [words(cell).strip() for cell in re.findall(r"<td.*?</td>", table)]

    def test_a_cell_has_the_delay_and_says_whether_it_is_late(self):
        cells = self.cells(stream("ann", "bob", 25.04), stream("bob", "ann", 25.06))
        self.assertEqual(cells, ["–", "25.0 ms ✓ in time", "25.1 ms ▲ late", "–"])

    def test_who_was_never_heard_is_neither(self):
        self.assertEqual(self.cells(stream("ann", "bob", None)), ["–", "not heard", "–", "–"])

    def test_a_comparison_has_the_change(self):
        cells = self.cells(stream("ann", "bob", 22.5), stream("bob", "ann", 20),
                           before=[stream("ann", "bob", 20.25), stream("bob", "ann", None)])
        self.assertEqual(cells[1:3], ["22.5 ms ✓ in time +2.2", "20.0 ms ✓ in time"])


class Strangeness(Case):
    def test_hostile_names_are_escaped(self):
        evil = "<script>alert(1)</script>\"' onload=\"x"
        document = run_of(scenario(evil, description=evil, players=(evil, "bob"), digest=evil,
                                   streams=[stream(evil, "bob"), stream("bob", evil)],
                                   histories=[history(evil, "bob"), history("bob", evil)],
                                   expectations=[{**expectation(evil, evil, evil, False), "bound": evil}],
                                   violations=[evil], violations_count=1, attackers=[{"name": evil}]), commit=evil)
        text = self.page(document, document)
        self.assertNotIn("<script", text)
        self.assertIn("&lt;script&gt;alert(1)", text)

    def test_what_is_no_number_was_not_measured(self):
        text = json.dumps(run_of(scenario(streams=[stream("ann", "bob", float("nan"), gaps=float("inf"))],
                                          histories=[history("ann", "bob", delay_ms=[float("nan"), 20])])))
        self.assertIn("NaN", text)
        self.assertIn("not heard", self.page(text))

    def test_half_a_letter_does_not_stop_it(self):
        path = self.write(run_of(scenario("\ud800")))
        done = self.program(path, "-o", str(self.folder / "page.html"))
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def program(self, *arguments):
        return subprocess.run([sys.executable, PROGRAM, *arguments], capture_output=True, text=True, check=False)

    def test_a_mistake_is_one_line_and_exit_2(self):
        good = self.write(run_of(scenario(histories=[history("ann", "bob")])), "good.json")
        missing = run_of(scenario())
        del missing["scenarios"][0]["streams"]
        uneven = run_of(scenario(histories=[{**history("ann", "bob"), "lost": [1]}]))
        output = ("-o", str(self.folder / "page.html"))
        for arguments, complaint in (
                ([self.write(missing, "missing.json"), *output], r"missing.json.scenarios\[0\].streams: is miss"),
                ([self.write("{", "broken.json"), *output], "broken.json: is no JSON: "),
                ([self.write("[" * 100_000, "deep.json"), *output], "deep.json: is no JSON: "),
                ([self.write("7", "seven.json"), *output], "seven.json: expected results of schema 1, not of None"),
                ([self.write({**run_of(), "schema": 2}, "later.json"), *output], "of schema 1, not of 2"),
                ([self.write(uneven, "uneven.json"), *output], "expected lists of the same length"),
                ([self.write(run_of(scenario(name=5)), "five.json"), *output], r"\[0\].name: expected a text"),
                ([good, self.write(run_of(scenario(passed=1)), "one.json"), *output], "expected true or false"),
                ([str(self.folder / "nowhere.json"), *output], "nowhere.json: cannot be read: "),
                ([good, "-o", str(self.folder / "no" / "page.html")], "page.html: cannot be written: "),
                ([good, good, good, *output], "one run, or two to compare"),
                ([good], "required: -o"),
                ([good, *output, "--playout", good], "traces: is missing")):
            with self.subTest(complaint):
                done = self.program(*arguments)
                self.assertEqual(done.returncode, 2)
                self.assertRegex(done.stderr, complaint)
                self.assertEqual(done.stderr.count("\n"), 1)


if __name__ == "__main__":
    unittest.main()
