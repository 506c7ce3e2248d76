#!/usr/bin/python3
"""The sections of other measurements, from small made-up results."""

import re
import unittest

import other_results
from report_cases import Case, run_of, words


def trace(name, r):
    return {"trace": name, "r": r, "added_delay_ms": 1.625, "excess_bad_percent": 0.02, "j20": 2.03,
            "j20_limit": 1}


def condition(loss, pattern, *levels):
    return {"loss_percent": loss, "pattern": pattern,
            "methods": [{"method": name, "ser_db": level, "lsd_db": 3.0, "click_dbfs": None}
                        for name, level in zip(("silence", "rtjam"), levels)]}


class OtherResults(Case):
    def section(self, make, document):
        return self.page(run_of(), others=list(make(self.write(document, "other.json"))))

    def test_the_playout_has_r_for_each_kind_of_line_worst_first(self):
        text = self.section(other_results.playout_parts,
                            {"traces": [trace("clean", 1.0), trace("dead", None), trace("wifi", 2.25)]})
        rows = [words(row).split() for row in re.findall(r"<tr><td.*?</tr>", text)]
        self.assertEqual([row[:2] for row in rows], [["dead", "–"], ["wifi", "2.25"], ["clean", "1.00"]])
        self.assertEqual(rows[1][2:], ["1.62", "0.020", "2.03", "1.00"])
        self.assertIn("The geometric mean is 1.50", text)

    def test_the_quality_has_each_method_by_loss(self):
        text = self.section(other_results.quality_parts, {
            "passed": False, "failures": ["a click of -20 dBFS"],
            "concealment": [condition(1, "single", 5.0, 12.5), condition(5, "single", 4.0, 9.0)]})
        self.assertIn("✗ FAILED", text)
        self.assertIn("a click of -20 dBFS", text)
        self.assertIn("5 % single rtjam 9.00 3.00 –", words(text))
        self.assertEqual(text.count("<figcaption>single losses: "), 2)

    def test_nothing_measured_is_a_section_without_rows(self):
        self.section(other_results.playout_parts, {"traces": []})
        self.section(other_results.quality_parts, {"passed": True, "failures": [], "concealment": []})


if __name__ == "__main__":
    unittest.main()
