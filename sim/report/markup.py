"""HTML in pieces: every text that comes from results goes through escape() or one of these."""

import html

STYLE = """
:root { color-scheme: light }
* { box-sizing: border-box }
body { font: 16px/1.45 system-ui, sans-serif; color: #1a1a1a; background: #fff; max-width: 1240px;
  margin: 0 auto; padding: 1rem }
h1 { font-size: 1.6rem; margin: .5rem 0 } h2 { font-size: 1.3rem; margin: 0 0 .3rem; overflow-wrap: anywhere }
h3 { font-size: 1.05rem; margin: 1.2rem 0 .4rem }
p { margin: .4rem 0; max-width: 75ch; overflow-wrap: anywhere }
section { border-top: 3px solid #1a1a1a; margin-top: 2.5rem; padding-top: .8rem }
a { color: #00558a }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .9rem }
th, td { padding: .25rem .6rem; border-bottom: 1px solid #ccc; text-align: right; vertical-align: top }
th { font-weight: 600; vertical-align: bottom } tbody th { vertical-align: middle }
th.text, td.text { text-align: left; overflow-wrap: break-word }
.wide { overflow-x: auto; max-width: 100% } .wide:focus { outline: 2px solid #00558a }
.good { color: #00558a; font-weight: 600; white-space: nowrap }
.bad { color: #a03000; font-weight: 700; white-space: nowrap }
.names { min-width: 15rem }
.note { color: #444; font-size: .9rem }
.matrix td { border: 1px solid #fff; min-width: 5.2rem; text-align: center; white-space: nowrap }
.matrix thead th { text-align: center }
.matrix td.near { background: #d5e9f7 } .matrix td.far { background: #f9d9bf; font-weight: 700 }
.matrix td.none { background: #eee }
.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(330px, 100%), 1fr));
  gap: 1rem 1.2rem; align-items: start }
figure { margin: 0 } figcaption { font-weight: 600; font-size: .9rem }
svg { width: 100%; height: auto; display: block }
svg text { font: 11.5px system-ui, sans-serif; fill: #1a1a1a; paint-order: stroke; stroke: #fff;
  stroke-width: 3px; stroke-linejoin: round }
@media (max-width: 600px) { body { padding: .7rem } th, td { padding: .2rem .35rem } }
summary { cursor: pointer; padding: .3rem 0; color: #00558a }
ul.keys { list-style: none; padding: 0; margin: .2rem 0 .6rem; display: flex; flex-wrap: wrap; gap: .2rem 1.2rem;
  font-size: .9rem }
ul.keys svg { display: inline-block; width: 34px; height: 14px; vertical-align: -2px; margin-right: .3rem }
"""


def escape(text):
    return html.escape(str(text))


class Html(str):
    """Text that is HTML already."""


def cell(value):
    """HTML of a table's cell."""
    return value if isinstance(value, Html) else escape(value)


def fixed(value, decimals):
    """A number for people. What was not measured is a dash."""
    return "–" if value is None else f"{value:.{decimals}f}"


def number(value, decimals=3):
    """The same with no more decimals than it needs."""
    text = fixed(value, decimals)
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def table(label, header, rows, text_columns=1):
    """The first columns are text, the others numbers. It scrolls where it is too wide, also by keyboard."""
    kind = [' class="text"' if column < text_columns else "" for column in range(len(header))]
    head = "".join(f'<th scope="col"{kind[i]}>{cell(each)}</th>' for i, each in enumerate(header))
    lines = ("".join(f"<td{kind[i]}>{cell(each)}</td>" for i, each in enumerate(row)) for row in rows)
    body = "".join(f"<tr>{line}</tr>\n" for line in lines)
    return wide(label, f"<table><thead><tr>{head}</tr></thead>\n<tbody>{body}</tbody></table>")


def wide(label, content):
    return f'<div class="wide" role="group" tabindex="0" aria-label="{escape(label)}">{content}</div>'


def pair(listener, sender):
    """A stream's name, which no line break divides."""
    return f"{listener}\N{NO-BREAK SPACE}←\N{NO-BREAK SPACE}{sender}"


def verdict(passed, good="passed", bad="FAILED"):
    """In words and with a mark: colour alone tells nothing to some."""
    return Html(f'<span class="good">✓ {escape(good)}</span>' if passed
                else f'<span class="bad">✗ {escape(bad)}</span>')


def details(summary, content):
    return f"<details><summary>{escape(summary)}</summary>{content}</details>"


def page(title, parts):
    return (f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            f"<style>{STYLE}</style></head>\n<body><main>\n<h1>{escape(title)}</h1>\n"
            + "\n".join(parts) + "\n</main></body></html>\n")
