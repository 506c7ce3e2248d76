#!/usr/bin/python3
"""Makes pictures and a page of what `rtjam-sim playout --json` measured.

  plot_playout.py RESULTS.json FOLDER      writes FOLDER/index.html and its pictures
"""

import argparse
import json
import pathlib

import numpy

import plots
from plots import plt

ADDED, BAD, LIMIT = "#3572b0", "#d98a1f", "#b3202c"
R_WANTED = 1.25


def column(traces, field):
    """The field of every trace; what could not be measured is not a number."""
    return numpy.array([numpy.nan if trace[field] is None else trace[field] for trace in traces], float)


def rows_figure(traces, width=10):
    figure, axis = plt.subplots(figsize=(width, 1.4 + 0.32 * len(traces)), layout="constrained")
    axis.set_yticks(range(len(traces)), [trace["trace"] for trace in traces])
    axis.set_ylim(len(traces) - 0.4, -0.6)
    axis.grid(False, axis="y")
    return figure, axis


def plot_price(traces):
    """J(20) as the sum that it is, and what nobody could do better than."""
    figure, axis = rows_figure(traces)
    rows = numpy.arange(len(traces))
    added, price = column(traces, "added_delay_ms"), column(traces, "j20")
    axis.barh(rows, added, color=ADDED, height=0.7, label="added delay")
    axis.barh(rows, price - added, left=added, color=BAD, height=0.7, label="20 · excess bad %")
    # R is J over exactly this sum.
    axis.plot(price / column(traces, "r"), rows, linestyle="", marker="|", markersize=13, markeredgewidth=2.5,
              color=LIMIT, label="J* + half a period")
    axis.set(xlabel="J(20), ms (less is better)", title="What playout costs, and what it must cost")
    plots.legend_beside(axis)
    return figure


def plot_ratio(traces):
    figure, axis = rows_figure(traces)
    ratio = column(traces, "r")
    rows = numpy.arange(len(traces))
    colors = [LIMIT if each > R_WANTED else ADDED for each in ratio]
    axis.barh(rows, ratio - 1, left=1, color=colors, height=0.7)
    mean = float(numpy.exp(numpy.nanmean(numpy.log(ratio))))
    axis.axvline(R_WANTED, color="black", linestyle=":", label=f"wanted: {R_WANTED}")
    axis.axvline(mean, color="black", label=f"geometric mean: {mean:.2f}")
    axis.set(xlabel="R = J / (J* + half a period) (J*: the optimum with hindsight)",
             title="How far from the optimum")
    plots.legend_beside(axis)
    return figure


def number(value, decimals):
    return "-" if value is None else f"{value:.{decimals}f}"


def table_rows(traces):
    for trace in traces:
        yield (trace["trace"], number(trace["added_delay_ms"], 2), number(trace["excess_bad_percent"], 3),
               number(trace["j20"], 2), number(trace["j5"], 2), number(trace["j20_limit"], 2),
               number(trace["r"], 2), number(trace["slips"], 1), number(trace["concealed_frames"], 0),
               number(trace["skipped_frames"], 0))


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("results", metavar="RESULTS.json")
    parser.add_argument("folder", metavar="FOLDER")
    options = parser.parse_args()
    traces = json.loads(pathlib.Path(options.results).read_text(encoding="utf-8"))["traces"]
    folder = pathlib.Path(options.folder)
    folder.mkdir(parents=True, exist_ok=True)
    header = ("trace", "added ms", "excess bad %", "J(20)", "J(5)", "J*", "R", "slips", "concealed", "skipped")
    plots.write_page(folder / "index.html", "Playout", [
        (plots.save(plot_price(traces), folder, "price"), "Each line, and the optimum with hindsight."),
        (plots.save(plot_ratio(traces), folder, "ratio"), "Red: beyond what is wanted of the mean."),
        plots.table(header, table_rows(traces))])
    print(f"plot_playout: {folder / 'index.html'}")


if __name__ == "__main__":
    main()
