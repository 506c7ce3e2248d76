#!/usr/bin/python3
"""Makes one HTML page of what `rtjam-sim run --history --json` has measured, to be opened from disk.

  simulation_report.py RUN.json -o PAGE.html                   of one run
  simulation_report.py BEFORE.json AFTER.json -o PAGE.html     of two runs, and what is different
"""

import argparse
import pathlib
import sys

import comparison
import expectations
import latency_matrix
import other_results
import streams_over_time
from markup import Html, details, escape, fixed, number, page, table, verdict
from results_file import ReportError, load_run


def worst(scenario, figure):
    """The largest of all streams, of those that have it."""
    return max((stream[figure] for stream in scenario["streams"] if stream[figure] is not None), default=None)


def anchor(index):
    return f"scenario-{index}"


def overview(matched):
    """HTML of a table of all scenarios, failed ones first; `matched` has (before or None, scenario)."""
    rows = []
    order = sorted(enumerate(matched), key=lambda each: each[1][1]["passed"])
    for index, (before, scenario) in order:
        met = sum(each["passed"] for each in scenario["expectations"])
        row = (link(index, scenario), verdict(scenario["passed"]), f"{met} of {len(scenario['expectations'])}",
               scenario["violations_count"], len(scenario["players"]), fixed(worst(scenario, "delay_mean_ms"), 1),
               fixed(worst(scenario, "concealed_percent"), 2), fixed(worst(scenario, "gap_longest_ms"), 1))
        rows.append(row if before is None else (*row[:2], verdict(before["passed"]), *row[2:]))
    header = ["scenario", "result", "expectations seen", "rules broken", "players", "largest mean delay, ms",
              "made up at most, %", "longest gap, ms"]
    if any(before for before, _ in matched):
        header.insert(2, "before")
        rows = [row if len(row) == len(header) else (*row[:2], "–", *row[2:]) for row in rows]
    return table("All scenarios", header, rows, text_columns=len(header) - 6)


def link(index, scenario):
    return Html(f'<a href="#{anchor(index)}">{escape(scenario["name"])}</a>')


def all_figures(scenario):
    """Every figure of everybody, folded away."""
    kinds = (("streams", 2), ("players", 2), ("attackers", 1))
    tables = []
    for kind, texts in kinds:
        if scenario[kind]:
            header = list(scenario[kind][0])
            rows = [[value if isinstance(value := each.get(key), str) else number(value) for key in header]
                    for each in scenario[kind]]
            tables.append(table(f"{kind} of {scenario['name']}", header, rows, texts))
    server = [(key, number(value)) for key, value in scenario["server"].items()]
    tables.append(table(f"server of {scenario['name']}", ("of the server", "figure"), server))
    return details("All figures of streams, players, attackers and the server", "<br>".join(tables))


def scenario_parts(index, scenario, before):
    yield f'<section id="{anchor(index)}"><h2>{escape(scenario["name"])} {verdict(scenario["passed"])}</h2>'
    if scenario["description"]:
        yield f"<p>{escape(scenario['description'])}</p>"
    yield (f'<p class="note">{scenario["duration_s"]:g} s, {len(scenario["players"])} players, digest '
           f'{escape(scenario["digest"])}; to replay: rtjam-sim run {escape(scenario["file"])} '
           f'--seed {scenario["seed"]}</p>')
    if scenario["violations_count"]:
        broken = "".join(f"<li>{escape(text)}</li>" for text in scenario["violations"])
        count = verdict(False, bad=f"Rules broken: {scenario['violations_count']}")
        yield f"<h3>{count}</h3><ul>{broken}</ul>"
    yield "<h3>What is expected</h3>"
    yield from expectations.parts(scenario)
    yield "<h3>Who hears whom how late</h3>"
    yield latency_matrix.matrix(scenario, before)
    yield from streams_over_time.parts(scenario, before)
    yield all_figures(scenario)
    yield "</section>"


def summary(matched):
    failed = sum(not scenario["passed"] for _, scenario in matched)
    broken = sum(scenario["violations_count"] > 0 for _, scenario in matched)
    if not matched:
        return "<p>There is no scenario in it.</p>"
    return (f"<p>Passed: {len(matched) - failed} of {len(matched)} scenarios. Failed: {failed}, of which {broken} "
            "broke a rule of the world.</p>")


def report(runs, others=()):
    """The page's text. `runs` are (file name, run), the earlier one first; `others` is further HTML."""
    (_, run), before = runs[-1], runs[0][1] if len(runs) == 2 else {"scenarios": []}
    every = comparison.pairs(before, run)
    matched = [(earlier, scenario) for earlier, scenario in every if scenario]
    words = ("before", "after") if len(runs) == 2 else ("results",)
    parts = [f'<p class="note">{word}: {escape(name)}, of commit {escape(each["commit"])}</p>'
             for word, (name, each) in zip(words, runs)]
    parts += [summary(matched), overview(matched) if matched else ""]
    if len(runs) == 2:
        parts += comparison.parts(every)
    parts += others
    for index, (earlier, scenario) in enumerate(matched):
        parts += scenario_parts(index, scenario, earlier)
    return page("RTJam: two simulated runs" if len(runs) == 2 else "RTJam: simulated jams", parts)


class Parser(argparse.ArgumentParser):
    """Complains in one line."""

    def error(self, message):
        sys.exit(complain(message))


def main():
    parser = Parser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", metavar="RUN.json", nargs="+")
    parser.add_argument("-o", "--output", metavar="PAGE.html", required=True)
    parser.add_argument("--playout", metavar="FILE", help="what rtjam-sim playout --json wrote")
    parser.add_argument("--quality", metavar="FILE", help="what rtjam-sim quality --json wrote")
    options = parser.parse_args()
    if len(options.runs) > 2:
        parser.error("one run, or two to compare")
    try:
        runs = [(name, load_run(name)) for name in options.runs]
        others = []
        if options.playout:
            others += other_results.playout_parts(options.playout)
        if options.quality:
            others += other_results.quality_parts(options.quality)
        # A name may have anything in it, also halves of letters that UTF-8 has no bytes for.
        pathlib.Path(options.output).write_text(report(runs, others), encoding="utf-8", errors="replace")
    except ReportError as error:
        sys.exit(complain(error))
    except OSError as error:
        sys.exit(complain(f"{options.output}: cannot be written: {error.strerror}"))
    print(f"simulation_report: {options.output}")


def complain(error):
    print(f"simulation_report: {error}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    main()
