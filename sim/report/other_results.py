"""Further sections of the report: what `rtjam-sim playout` and `rtjam-sim quality` measured."""

import math

import charts
from charts import Line
from markup import details, escape, fixed, table, verdict
from results_file import Count, List, Number, Record, Truth, Word, load

TRACES = Record({"traces": List(Record({"trace": Word(), **{name: Number() for name in (
    "added_delay_ms", "excess_bad_percent", "j20", "j20_limit", "r")}}))})
METHOD = Record({"method": Word(), "ser_db": Number(), "lsd_db": Number(), "click_dbfs": Number()})
QUALITY = Record({"passed": Truth(), "failures": List(Word()), "concealment": List(Record({
    "loss_percent": Count(), "pattern": Word(), "methods": List(METHOD)}))})


def playout_parts(path):
    traces = sorted(load(path, TRACES)["traces"], key=lambda trace: -(trace["r"] or math.inf))
    measured = [trace["r"] for trace in traces if trace["r"]]
    yield '<section id="playout"><h2>Playout, line by line</h2>'
    if measured:
        mean = math.exp(sum(map(math.log, measured)) / len(measured))
        yield ("<p>R is the price of the delay and the gaps, J(20), by half a period and the least that it could have "
               f"been with hindsight: about 1 is the best there is. The geometric mean is {mean:.2f}; worst first.</p>")
    rows = [(trace["trace"], fixed(trace["r"], 2), fixed(trace["added_delay_ms"], 2),
             fixed(trace["excess_bad_percent"], 3), fixed(trace["j20"], 2), fixed(trace["j20_limit"], 2))
            for trace in traces]
    yield table("Playout", ("line", "R", "added delay, ms", "excess bad, %", "J(20), ms", "J*, ms"), rows)
    yield "</section>"


def by_loss(conditions, pattern, field):
    """Of each method a list of (loss in percent, value)."""
    found = {}
    for condition in conditions:
        if condition["pattern"] == pattern:
            for method in condition["methods"]:
                found.setdefault(method["method"], []).append((condition["loss_percent"], method[field]))
    return found


def quality_charts(conditions):
    for pattern in dict.fromkeys(condition["pattern"] for condition in conditions):
        for field, what in (("ser_db", "Signal-to-error ratio, dB (more is better)"),
                            ("lsd_db", "Spectral distance, dB (less is better)")):
            found = by_loss(conditions, pattern, field)
            lines = [Line(values, color, mark=f"{index}") for index, (values, color) in
                     enumerate(zip(found.values(), charts.COLORS), start=1)]
            losses = [loss for values in found.values() for loss, _ in values]
            yield charts.line_chart(f"{pattern} losses: {what}", f"{what} by loss, {pattern} losses", lines,
                                    (min(losses), max(losses)), "packets lost, %", 1.0)


def quality_parts(path):
    results = load(path, QUALITY)
    conditions = results["concealment"]
    yield '<section id="quality"><h2>What lost packets do to music and speech</h2>'
    yield f"<p>{verdict(results['passed'])} {escape('; '.join(results['failures']))}</p>"
    methods = list(dict.fromkeys(method["method"] for each in conditions for method in each["methods"]))
    items = "".join(f"<li>{charts.swatch(color)}{index} {escape(method)}</li>" for index, (method, color) in
                    enumerate(zip(methods, charts.COLORS), start=1))
    yield f'<ul class="keys">{items}</ul><div class="charts">{"".join(quality_charts(conditions))}</div>'
    rows = [(f"{each['loss_percent']} % {each['pattern']}", method["method"], fixed(method["ser_db"], 2),
             fixed(method["lsd_db"], 2), fixed(method["click_dbfs"], 1))
            for each in conditions for method in each["methods"]]
    header = ("packets lost", "method", "signal-to-error ratio, dB", "spectral distance, dB", "worst click, dBFS")
    yield details("All figures of what was made up", table("Concealment", header, rows, text_columns=2))
    yield "</section>"
