"""What a scenario expects, and what was seen: one row for each bound in its file, with the worst seen."""

import math

from markup import Html, escape, number, pair, table, verdict

BOUNDS = {"at_most": "at most", "at_least": "at least", "exactly": "exactly"}
FAILED_MAX = 20  # named in a row


def short(who):
    name = who.removeprefix("stream ").removeprefix("player ")
    return pair(*name.split(" <- ", 1)) if " <- " in name else name


def shown(value):
    return value if isinstance(value, str) else number(value)


def excess(expectation):
    """How far on the wrong side of its bound; negative: on the right one. What was not measured is worst."""
    value, limit = expectation["value"], expectation["limit"]
    if value is None or limit is None:
        return math.inf
    if isinstance(value, str) or isinstance(limit, str):
        return 0.0 if value == limit else math.inf
    if expectation["bound"] == "at_least":
        return limit - value
    return value - limit if expectation["bound"] == "at_most" else abs(value - limit)


def by_bound(expectations):
    """Groups of what one bound of the file has become of, those with failures first."""
    groups = {}
    for each in expectations:
        groups.setdefault((each["line"], each["figure"], each["bound"], str(each["limit"])), []).append(each)
    return sorted(groups.values(), key=lambda group: all(each["passed"] for each in group))


def bound_text(each):
    if not each["figure"]:
        return each["text"]
    return f"{each['figure']} {BOUNDS.get(each['bound'], each['bound'])} {shown(each['limit'])}"


def row_of(group):
    failed = [each for each in group if not each["passed"]]
    worst = max(failed or group, key=excess)
    if not failed:
        result = verdict(True, "seen")
    else:
        names = ", ".join(f"{short(each['who'])}: {shown(each['value'])}" for each in failed[:FAILED_MAX])
        more = f" and {len(failed) - FAILED_MAX} more" if len(failed) > FAILED_MAX else ""
        result = Html(verdict(False, bad=f"{len(failed)} of {len(group)} not")
                      + (f'<div class="names">{escape(names + more)}</div>' if worst["figure"] else ""))
    return bound_text(worst), short(worst["who"]), result, shown(worst["value"]), len(group), worst["line"]


def parts(scenario):
    expectations = scenario["expectations"]
    if not expectations:
        yield "<p>It expects nothing but that no rule of the world is broken.</p>"
        return
    yield table(f"Expectations of {scenario['name']}",
                ("expected", "worst of", "result", "worst seen", "checked", "line"),
                [row_of(group) for group in by_bound(expectations)], text_columns=3)
