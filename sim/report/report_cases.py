"""What the tests of the report have in common: small made-up results, and a page that is checked for what
every page must be."""

import html.parser
import json
import pathlib
import re
import tempfile
import unittest

import results_file
import simulation_report

VOID = {"meta", "br"}


def stream(listener, sender, delay=20.0, **figures):
    return {"listener": listener, "sender": sender, "delay_mean_ms": delay, "concealed_percent": 0.5,
            "gap_longest_ms": 2.5, "heard_percent": 99.5, "gaps": 3, **figures}


def history(listener, sender, **lists):
    steps = len(next(iter(lists.values()), [0, 0]))
    return {"listener": listener, "sender": sender, "step_ms": 100, "jitter_step_ms": 0.25,
            "jitter_packets": [90, 9, 0, 1], **{name: [1] * steps for name in results_file.PER_STEP}, **lists}


def expectation(who, value, limit=40, passed=True):
    return {"text": f"{who}: delay_mean_ms", "line": 12, "passed": passed, "who": who, "figure": "delay_mean_ms",
            "bound": "at_most", "limit": limit, "value": value}


def scenario(name="evening", streams=(), histories=(), players=("ann", "bob"), **more):
    return {"name": name, "file": f"scenarios/{name}.toml", "description": "", "seed": 7, "duration_s": 10,
            "digest": "abc", "passed": True, "violations": [], "violations_count": 0, "streams": list(streams),
            "players": [{"name": each, "connection": "joined", "hears": 1} for each in players],
            "server": {"joins": 2}, "attackers": [], "expectations": [], "histories": list(histories), **more}


def run_of(*scenarios, **more):
    return {"schema": 1, "commit": "c0ffee", "passed": True, "scenarios": list(scenarios), **more}


class Case(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def write(self, document, name="run.json"):
        path = self.folder / name
        path.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
        return str(path)

    def page(self, *runs, others=()):
        """The page's text, which is HTML whose tags close and that has no number that is none."""
        loaded = [(name, results_file.load_run(self.write(run, name))) for name, run in
                  zip(("before.json", "after.json"), runs)]
        text = simulation_report.report(loaded, others)
        parser = Tags()
        parser.feed(text)
        self.assertEqual(parser.open, [])
        self.assertNotRegex(text, r"\b(nan|inf|None)\b")
        return text


class Tags(html.parser.HTMLParser):
    """Which tags are open; a tag that closes another one is a mistake."""

    def __init__(self):
        super().__init__()
        self.open, self.seen = [], set()

    def handle_starttag(self, tag, attributes):
        self.seen.add(tag)
        self.attributes_are_known(attributes)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.attributes_are_known(attributes)

    def attributes_are_known(self, attributes):
        assert not any(name.startswith("on") for name, _ in attributes), attributes

    def handle_endtag(self, tag):
        assert self.open and self.open.pop() == tag, tag


def words(text):
    """A page's text without its tags, words apart by one space."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", text))
