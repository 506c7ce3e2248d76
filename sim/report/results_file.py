"""Reads results that rtjam-sim has written as JSON, and refuses what is something else with one line."""

import json
import math
import pathlib

SCHEMA = 1


class ReportError(Exception):
    """One line that names the file, the place in it and what was expected there."""


class Number:
    """Of a shape: a number. What was not measured, which is null or not finite, becomes None."""

    def take(self, value, where):
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise ReportError(f"{where}: expected a number")
        try:
            return value if math.isfinite(value) else None
        except OverflowError:
            return None


class Count:
    """Of a shape: a number that must be there, and is not negative."""

    def take(self, value, where):
        if Number().take(value, where) is None or value < 0:
            raise ReportError(f"{where}: expected a number that is not negative")
        return value


class Word:
    """Of a shape: text."""

    def take(self, value, where):
        if not isinstance(value, str):
            raise ReportError(f"{where}: expected a text")
        return value


class Truth:
    """Of a shape: true or false."""

    def take(self, value, where):
        if not isinstance(value, bool):
            raise ReportError(f"{where}: expected true or false")
        return value


class NumberOrWord:
    """Of a shape: either."""

    def take(self, value, where):
        return value if isinstance(value, str) else Number().take(value, where)


class List:
    """Of a shape: a list of what has the same shape."""

    def __init__(self, each):
        self.each = each

    def take(self, value, where):
        if not isinstance(value, list):
            raise ReportError(f"{where}: expected a list")
        return [self.each.take(item, f"{where}[{index}]") for index, item in enumerate(value)]


class Record:
    """Of a shape: an object with these keys. `rest` is the shape of all others, which are dropped without it;
    what is `optional` becomes an empty list if it is not there."""

    def __init__(self, keys, rest=None, optional=()):
        self.keys, self.rest, self.optional = keys, rest, optional

    def take(self, value, where):
        if not isinstance(value, dict):
            raise ReportError(f"{where}: expected an object")
        taken = {}
        for key, shape in self.keys.items():
            if key in value:
                taken[key] = shape.take(value[key], f"{where}.{key}")
            elif key in self.optional:
                taken[key] = []
            else:
                raise ReportError(f"{where}.{key}: is missing")
        if self.rest:
            taken |= {key: self.rest.take(item, f"{where}.{key}")
                      for key, item in value.items() if key not in self.keys}
        return taken


PER_STEP = ("delay_ms", "margin_ms", "clock_ppm", "clock_true_ppm", "concealed_frames", "skipped_frames",
            "repeated_frames", "lost", "late")
HISTORY = Record({"listener": Word(), "sender": Word(), "step_ms": Count(), "jitter_step_ms": Count(),
                  "jitter_packets": List(Count()), **{name: List(Number()) for name in PER_STEP}})
EXPECTATION = Record({"text": Word(), "line": Count(), "passed": Truth(), "who": Word(), "figure": Word(),
                      "bound": Word(), "limit": NumberOrWord(), "value": NumberOrWord()})
SCENARIO = Record({
    "name": Word(), "file": Word(), "description": Word(), "seed": Count(), "duration_s": Count(),
    "digest": Word(), "passed": Truth(), "violations_count": Count(), "violations": List(Word()),
    "streams": List(Record({"listener": Word(), "sender": Word(), "delay_mean_ms": Number(),
                            "concealed_percent": Number(), "gap_longest_ms": Number()}, rest=Number())),
    "players": List(Record({"name": Word(), "connection": Word()}, rest=Number())),
    "server": Record({}, rest=Number()),
    "attackers": List(Record({"name": Word()}, rest=Number())),
    "expectations": List(EXPECTATION),
    "histories": List(HISTORY),
}, optional=("histories",))
RUN = Record({"commit": Word(), "scenarios": List(SCENARIO)})


def load(path, shape):
    """What the file has, in that shape."""
    try:
        document = json.loads(pathlib.Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise ReportError(f"{path}: cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise ReportError(f"{path}: is no JSON: {error}") from error
    return document if shape is None else shape.take(document, str(path))


def check_history(history, where):
    if history["step_ms"] <= 0 or history["jitter_step_ms"] <= 0:
        raise ReportError(f"{where}: expected steps of more than 0 ms")
    if len({len(history[name]) for name in PER_STEP}) != 1:
        raise ReportError(f"{where}: expected lists of the same length")


def load_run(path):
    """The results of `rtjam-sim run`."""
    document = load(path, None)
    schema = document.get("schema") if isinstance(document, dict) else None
    if schema != SCHEMA:
        raise ReportError(f"{path}: expected results of schema {SCHEMA}, not of {schema!r:.20}: "
                          "write them with this version's rtjam-sim run --json")
    run = RUN.take(document, str(path))
    for scenario in run["scenarios"]:
        for history in scenario["histories"]:
            pair = f"{history['listener']!r} <- {history['sender']!r}"
            check_history(history, f"{path}: {scenario['name']!r}: {pair}")
    return run
