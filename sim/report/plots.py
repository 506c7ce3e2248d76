"""What the plots of the reports have in common: one look, and a page that shows pictures with a line of text
each."""

import html
import pathlib

import matplotlib

matplotlib.use("Agg")  # no display
import matplotlib.pyplot as plt  # noqa: E402

plt.rcParams.update({
    "figure.dpi": 110, "font.size": 10, "axes.grid": True, "grid.alpha": 0.3, "axes.spines.top": False,
    "axes.spines.right": False, "axes.axisbelow": True, "legend.frameon": False,
})


def save(figure, folder, name):
    """Writes the figure as NAME.png; returns that file name."""
    figure.savefig(pathlib.Path(folder) / f"{name}.png")
    plt.close(figure)
    return f"{name}.png"


def legend_beside(axis):
    """To the right of the axis, where it hides nothing."""
    axis.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))


def table(header, rows):
    """HTML of a table; the first column is text, the others are numbers."""
    head = "".join(f"<th>{html.escape(str(cell))}</th>" for cell in header)
    lines = ("".join(f"<td>{html.escape(str(cell))}</td>" for cell in row) for row in rows)
    body = "".join(f"<tr>{line}</tr>\n" for line in lines)
    return f"<table><tr>{head}</tr>\n{body}</table>"


STYLE = """body { font: 15px sans-serif; max-width: 1100px; margin: 2em auto; padding: 0 1em }
img { max-width: 100% }
table { border-collapse: collapse }
td, th { padding: .2em .8em; border-bottom: 1px solid #ddd; text-align: right }
td:first-child, th:first-child { text-align: left }
figure { margin: 2em 0 }"""


def write_page(path, title, parts):
    """Writes a page of parts, in order: a picture is (file name, what it shows), anything else is HTML."""
    text = [f"<!doctype html><meta charset='utf-8'><title>{html.escape(title)}</title>",
            f"<style>{STYLE}</style>",
            f"<h1>{html.escape(title)}</h1>"]
    for part in parts:
        if isinstance(part, tuple):
            name, caption = part
            text.append(f"<figure><img src='{html.escape(name)}' alt='{html.escape(caption)}'>"
                        f"<figcaption>{html.escape(caption)}</figcaption></figure>")
        else:
            text.append(part)
    pathlib.Path(path).write_text("\n".join(text) + "\n", encoding="utf-8")
