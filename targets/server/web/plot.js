// A curve of the newest values, as an SVG that grows with its figure.

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 120;
const HEIGHT = 40;

export class Plot {
  // `format` writes a value for people; the scale reaches at least to `least`.
  constructor(parent, title, {values: count, least, format}) {
    Object.assign(this, {title, count, least, format, values: []});
    this.figure = document.createElement("figure");
    const caption = document.createElement("figcaption");
    const name = document.createElement("span");
    name.textContent = title;
    this.most = document.createElement("small");
    this.now = document.createElement("strong");
    caption.append(name, this.most, this.now);
    this.svg = document.createElementNS(SVG, "svg");
    this.svg.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
    this.svg.setAttribute("preserveAspectRatio", "none");
    this.svg.setAttribute("role", "img");
    this.curve = document.createElementNS(SVG, "polyline");
    this.svg.append(this.curve);
    this.figure.append(caption, this.svg);
    parent.append(this.figure);
    this.draw();
  }

  // null: not known at this time.
  add(value) {
    this.values.push(value);
    if (this.values.length > this.count) this.values.shift();
    this.draw();
  }

  draw() {
    const known = this.values.filter((value) => value !== null);
    const top = Math.max(this.least, ...known);
    const first = this.count - this.values.length;
    const points = this.values.flatMap((value, index) => {
      if (value === null) return [];
      const x = (first + index) / (this.count - 1) * WIDTH;
      const y = HEIGHT - 1 - value / top * (HEIGHT - 2);
      return [`${x.toFixed(2)},${y.toFixed(2)}`];
    });
    this.curve.setAttribute("points", points.join(" "));
    const newest = this.values.at(-1) ?? null;
    this.now.textContent = newest === null ? "–" : this.format(newest);
    this.most.textContent = known.length === 0 ? "" : `at most ${this.format(Math.max(...known))}`;
    const text = `${this.title}: ${this.now.textContent} ${this.most.textContent}; scale to ${this.format(top)}`;
    this.svg.setAttribute("aria-label", text);
  }
}
