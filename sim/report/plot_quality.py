#!/usr/bin/python3
"""Makes pictures and a page of what `rtjam-sim quality --json` measured.

  plot_quality.py RESULTS.json FOLDER      writes FOLDER/index.html and its pictures
"""

import argparse
import html
import json
import pathlib

import numpy

import plots
from plots import plt

RATE = 48000
PATTERNS = ("single", "bursty")
STYLES = {
    "silence": {"color": "#5c5c5c", "marker": "s"},
    "repetition": {"color": "#d98a1f", "marker": "^"},
    "burg 255/256": {"color": "#3572b0", "marker": "D"},
    "rtjam": {"color": "#b3202c", "marker": "o", "linewidth": 2.4},
}


def by_loss(lines, pattern, method, field):
    """Two lists: loss in percent, and the field of that method."""
    chosen = [line for line in lines if line["pattern"] == pattern]
    found = [next(each for each in line["methods"] if each["method"] == method) for line in chosen]
    return [line["loss_percent"] for line in chosen], [each[field] for each in found]


def plot_by_loss(lines, field, label, title):
    figure, axes = plt.subplots(1, 2, figsize=(10, 4.2), sharey=True, layout="constrained")
    for axis, pattern in zip(axes, PATTERNS):
        for method, style in STYLES.items():
            percents, values = by_loss(lines, pattern, method, field)
            axis.plot(range(len(percents)), values, label=method, **style)
        axis.set_xticks(range(len(percents)), [f"{percent} %" for percent in percents])
        axis.set(title=f"{pattern} losses", xlabel="packets lost")
    axes[0].set_ylabel(label)
    plots.legend_beside(axes[1])
    figure.suptitle(title)
    return figure


def plot_channels(lines, percent, pattern):
    """The signal-to-error ratio of each channel by itself: a median hides the worst."""
    line = next(line for line in lines if (line["loss_percent"], line["pattern"]) == (percent, pattern))
    names = [channel["channel"] for channel in line["methods"][0]["channels"]]
    figure, axis = plt.subplots(figsize=(10, 1.2 + 0.3 * len(names)), layout="constrained")
    rows = numpy.arange(len(names))
    for method in line["methods"]:
        style = STYLES[method["method"]]
        values = [channel["ser_db"] for channel in method["channels"]]
        axis.plot(values, rows, label=method["method"], **{**style, "linestyle": ""})
    axis.set_yticks(rows, names)
    axis.invert_yaxis()
    axis.set(xlabel="signal-to-error ratio over the damaged parts, dB (more is better)",
             title=f"Each channel at {percent} % {pattern} losses")
    plots.legend_beside(axis)
    return figure


def plot_close_up(close_up):
    """One gap: what was sent as a shade behind what each method plays."""
    sent = numpy.array(close_up["sent"])
    at_ms = (numpy.arange(len(sent)) + close_up["begin_frame"] - close_up["gap_begin_frame"]) * 1000 / RATE
    gap_ms = (close_up["gap_end_frame"] - close_up["gap_begin_frame"]) * 1000 / RATE
    played = close_up["played"]
    figure, axes = plt.subplots(len(played), 1, figsize=(10, 1.9 * len(played)), sharex=True, sharey=True,
                                layout="constrained")
    for axis, (method, samples) in zip(axes, played.items()):
        axis.axvspan(0, gap_ms, color="#f3e9c8", zorder=0)
        axis.plot(at_ms, sent, color="#b8b8b8", linewidth=2.2, label="sent")
        axis.plot(at_ms, samples, color=STYLES[method]["color"], linewidth=1.1, label="played")
        axis.set_ylabel(method)
    axes[0].legend(loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=2)
    axes[-1].set_xlabel("ms since the gap's begin (shaded: lost)")
    axes[-1].set_xlim(at_ms[0], at_ms[-1])
    figure.suptitle(f"{close_up['sound']} (left), a gap of {gap_ms:.1f} ms")
    return figure


# The motions are all but equal: the later ones are thin, to be seen on top of the others.
MOTION_STYLES = (
    {"color": "#3572b0", "marker": "o", "markersize": 14, "linewidth": 8, "alpha": 0.55},
    {"color": "#f0b429", "marker": "s", "markersize": 8, "linewidth": 4},
    {"color": "#b3202c", "marker": "^", "markersize": 4, "linewidth": 1.3},
)
THD_N_LIMIT_DB, THD_N_LIMIT_HERTZ = -90, 1000
RIPPLE_LIMIT_DB, RIPPLE_LIMIT_HERTZ = 0.1, 16000


def logarithmic_hertz(axis):
    axis.set_xscale("log")
    axis.xaxis.set_major_locator(plt.FixedLocator([100, 200, 500, 1000, 2000, 5000, 10000, 20000]))
    axis.xaxis.set_major_formatter(lambda hertz, _: f"{hertz / 1000:g}")
    axis.xaxis.set_minor_locator(plt.NullLocator())
    axis.set_xlabel("frequency, kHz")


def plot_tones(resampler):
    figure, axis = plt.subplots(figsize=(10, 4.2), layout="constrained")
    tones = resampler["tones"]
    hertz = [tone["hertz"] for tone in tones]
    for i, style in enumerate(MOTION_STYLES):
        of_motion = [tone["motions"][i] for tone in tones]
        axis.plot(hertz, [each["thd_n_db"] for each in of_motion], label=of_motion[0]["motion"], **style)
    axis.plot(hertz, [max(each["error_db"] for each in tone["motions"]) for tone in tones], color="black",
              linestyle=":", label="with errors of gain\nand time, the worst")
    axis.plot([THD_N_LIMIT_HERTZ], [THD_N_LIMIT_DB], color="black", marker="v", linestyle="", markersize=9,
              label="limit at 1 kHz")
    logarithmic_hertz(axis)
    axis.set(ylabel="THD+N, dB (less is better)", title="What the resampler adds to a sine while it moves")
    plots.legend_beside(axis)
    return figure


def plot_responses(resampler):
    figure, (gain, late) = plt.subplots(2, 1, figsize=(10, 6.6), sharex=True, layout="constrained")
    responses = resampler["responses"]
    khz = [each["hertz"] / 1000 for each in responses]
    least, most = ([each[field] for each in responses] for field in ("gain_db_min", "gain_db_max"))
    gain.fill_between(khz, least, most, color="#3572b0", alpha=0.6, linewidth=1.2, label="all fractions")
    for limit in (-RIPPLE_LIMIT_DB, RIPPLE_LIMIT_DB):
        gain.plot([0, RIPPLE_LIMIT_HERTZ / 1000], [limit, limit], color="black", linestyle=":")
    gain.plot([], [], color="black", linestyle=":", label="limit to 16 kHz")
    gain.set(ylim=(-0.4, 0.4), xlim=(0, 20), ylabel="gain, dB",
             title="The gain at all places between two frames")
    gain.set_xticks(range(0, 21, 2))
    late.semilogy(khz, [each["late_frames_max"] for each in responses], color="#b3202c",
                  label="worst fraction")
    late.set(xlabel="frequency, kHz", ylabel="off by frames",
             title="How far a sine is from its place in time")
    for axis in (gain, late):
        plots.legend_beside(axis)
    return figure


def resampler_parts(results, folder):
    resampler = results["resampler"]
    ahead = resampler["lookahead_frames"]
    yield "<h2>Resampler</h2>"
    yield f"<p>It waits for {ahead} frames: {ahead * 1000 / RATE:.3f} ms.</p>"
    yield plots.save(plot_tones(resampler), folder, "resampler_tones"), "Each sine for 1.07 s."
    yield (plots.save(plot_responses(resampler), folder, "resampler_responses"),
           "From the least to the most of 512 fractions; above 19 kHz the most leaves the picture.")
    yield plots.table(("THD+N, dB", *(each["motion"] for each in resampler["tones"][0]["motions"])),
                      ((f"{tone['hertz']} Hz", *(f"{each['thd_n_db']:.1f}" for each in tone["motions"]))
                       for tone in resampler["tones"]))


def summary_rows(lines):
    for line in lines:
        for method in line["methods"]:
            name = f"{line['loss_percent']} % {line['pattern']}, {method['method']}"
            yield (name, f"{method['ser_db']:.2f}", f"{method['ser_whole_db']:.2f}", f"{method['lsd_db']:.2f}",
                   f"{method['click_dbfs']:.1f}")


def concealment_parts(results, folder):
    lines = results["concealment"]
    channels = len(lines[0]["methods"][0]["channels"])
    yield "<h2>Concealment</h2>"
    yield (plots.save(plot_by_loss(lines, "ser_db", "signal-to-error ratio, dB (more is better)",
                                   "How much louder the music is than the damage, in gaps and 10 ms after"),
                      folder, "signal_to_error"), f"Median over {channels} channels.")
    yield (plots.save(plot_by_loss(lines, "lsd_db", "log-spectral distance, dB (less is better)",
                                   "How different the spectrum is in windows that touch a gap"),
                      folder, "spectral_distance"), f"Median over {channels} channels.")
    yield (plots.save(plot_channels(lines, 5, "bursty"), folder, "channels"), "What the medians are made of.")
    for i, close_up in enumerate(results["close_ups"]):
        yield plots.save(plot_close_up(close_up), folder, f"close_up_{i}"), "A look at one gap."
    yield plots.table(("median; click: worst", "SER damaged, dB", "SER whole, dB", "LSD, dB", "click, dBFS"),
                      summary_rows(lines))


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("results", metavar="RESULTS.json")
    parser.add_argument("folder", metavar="FOLDER")
    options = parser.parse_args()
    results = json.loads(pathlib.Path(options.results).read_text(encoding="utf-8"))
    folder = pathlib.Path(options.folder)
    folder.mkdir(parents=True, exist_ok=True)

    verdict = "passed" if results["passed"] else "FAILED: " + "; ".join(results["failures"])
    conditions = f"Packets of {results['packet_frames']} frames, seed {results['seed']}"
    head = f"<p>{html.escape(conditions)}: {html.escape(verdict)}.</p>"
    parts = [head, *concealment_parts(results, folder), *resampler_parts(results, folder)]
    plots.write_page(folder / "index.html", "Audio quality", parts)
    print(f"plot_quality: {folder / 'index.html'}")


if __name__ == "__main__":
    main()
