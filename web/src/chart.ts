// A chart as an accessible picture: bars, a line or a pie in SVG, all words as text. The same numbers stand in a table behind it.
import { html, nothing, svg, type TemplateResult } from "lit";
import { arc, DRAWN, isWhole, type Point, places, slices, ticks } from "./chart-parts.js";
import { cut } from "./json.js";

export interface Picture { kind: "bar" | "line" | "pie"; title: string; points: Point[]; width: number; written: (value: number) => string }

const ROW = 28;
const HEIGHT = 260;
const LETTER = 7.2; // pixels, about, at 13 px

export function chart(picture: Picture): TemplateResult {
  if (!picture.points.length) return html`<p class="muted">Nothing to draw.</p>`;
  if (picture.kind === "pie" && isWhole(picture.points)) return pie(picture);
  return picture.kind === "line" ? line(picture) : bars(picture);
}

function named({ kind, title, points }: Picture): string {
  const shown = points.slice(0, 3).map((point) => `${point.label} ${point.text}`).join(", ");
  return `${{ bar: "Bar chart", line: "Line chart", pie: "Pie chart" }[kind]}: ${title}. ${points.length === 1 ? "1 value" : `${points.length} values`}: ${shown}${points.length > 3 ? " …" : ""}`;
}

function frame(picture: Picture, height: number, content: unknown): TemplateResult {
  const { width } = picture;
  return html`<svg class="chart" role="img" aria-label=${named(picture)} viewBox="0 0 ${width} ${height}" width=${width} height=${height}>${content}</svg>`;
}

// Lying down: labels keep their place however long they are, and however many bars there are.
function bars(picture: Picture): TemplateResult {
  const { width, written } = picture;
  const drawn = picture.points.slice(0, DRAWN);
  const longest = Math.max(...drawn.map((point) => point.label.length)) * LETTER;
  const left = Math.round(Math.min(longest + 12, width * 0.38));
  const right = Math.round(Math.min(Math.max(...drawn.map((point) => point.text.length)) * LETTER + 12, width * 0.3));
  const marks = ticks(drawn.map((point) => point.value), Math.max(2, Math.floor((width - left - right) / 110)));
  const [low, high] = [marks[0]!, marks.at(-1)!];
  const at = (value: number): number => left + ((value - low) / (high - low)) * (width - left - right);
  const height = drawn.length * ROW + 26;
  const zero = at(0);
  const content = svg`
    ${marks.map((mark) => svg`<line class=${mark === 0 ? "axis" : "grid"} x1=${at(mark)} x2=${at(mark)} y1="0" y2=${height - 22}></line>
      <text class="mark" x=${at(mark)} y=${height - 6} text-anchor="middle">${written(mark)}</text>`)}
    ${drawn.map((point, place) => {
      const end = at(point.value);
      return svg`<text class="label" x=${left - 8} y=${place * ROW + 18} text-anchor="end">${cut(point.label, Math.max(4, Math.floor((left - 10) / LETTER)))}</text>
        <rect class="fill0" x=${Math.min(zero, end)} y=${place * ROW + 4} width=${Math.max(Math.abs(end - zero), 1)} height=${ROW - 8} rx="2"></rect>
        <text class="label" x=${Math.max(zero, end) + 6} y=${place * ROW + 18}>${cut(point.text, 18)}</text>`;
    })}`;
  return html`${frame(picture, height, content)}
    ${picture.points.length > drawn.length ? html`<p class="muted small">The first ${drawn.length} of ${picture.points.length} are drawn.</p>` : nothing}`;
}

function line(picture: Picture): TemplateResult {
  const { points, width, written } = picture;
  const marks = ticks(points.map((point) => point.value), 4);
  const [low, high] = [marks[0]!, marks.at(-1)!];
  const left = Math.round(Math.max(...marks.map((mark) => written(mark).length)) * LETTER + 14);
  const [right, top, bottom] = [16, 12, HEIGHT - 30];
  const across = places(points).map((share) => left + share * (width - left - right));
  const down = (value: number): number => bottom - ((value - low) / (high - low)) * (bottom - top);
  const path = points.map((point, place) => `${across[place]!.toFixed(1)},${down(point.value).toFixed(1)}`).join(" ");
  const content = svg`
    ${marks.map((mark) => svg`<line class=${mark === 0 ? "axis" : "grid"} x1=${left} x2=${width - right} y1=${down(mark)} y2=${down(mark)}></line>
      <text class="mark" x=${left - 8} y=${down(mark) + 4} text-anchor="end">${written(mark)}</text>`)}
    <polyline class="stroke0" points=${path}></polyline>
    ${points.length <= 60 ? points.map((point, place) => svg`<circle class="dot" cx=${across[place]!} cy=${down(point.value)} r="3.5"></circle>`) : nothing}
    ${below(points, across, left, width - right).map((each) => svg`<text class="mark" x=${each.x} y=${HEIGHT - 10} text-anchor="middle">${each.text}</text>`)}`;
  return frame(picture, HEIGHT, content);
}

// Every label, or every second, third ...: the most that do not touch.
function below(points: readonly Point[], across: readonly number[], left: number, right: number): { x: number; text: string }[] {
  const all = points.map((point, place) => {
    const text = cut(point.label, 22);
    const half = (text.length * LETTER) / 2;
    return { text, half, x: Math.min(Math.max(across[place]!, left + half - 8), right - half + 12) };
  });
  for (let step = 1; step < all.length; step++) {
    const some = all.filter((_, place) => place % step === 0);
    if (some.every((each, place) => place === 0 || each.x - each.half - 8 >= some[place - 1]!.x + some[place - 1]!.half)) return some;
  }
  return all.slice(0, 1);
}

function pie(picture: Picture): TemplateResult {
  const parts = slices(picture.points, picture.written);
  const whole = parts.reduce((sum, part) => sum + part.value, 0);
  const share = (value: number): string => `${((value / whole) * 100).toLocaleString(undefined, { maximumFractionDigits: 1 })} %`;
  let turn = 0;
  const drawn = parts.map((part, place) => {
    const from = turn;
    turn += part.value / whole;
    return svg`<path class="slice fill${place}" d=${arc(from, turn, 96)}></path>`;
  });
  return html`<div class="pie">
    <svg class="chart" role="img" aria-label=${named(picture)} viewBox="-100 -100 200 200" width="200" height="200">${drawn}</svg>
    <ul>${parts.map((part, place) => html`<li><svg class="swatch" aria-hidden="true" viewBox="0 0 12 12" width="12" height="12"><rect class="fill${place}" width="12" height="12" rx="2"></rect></svg>
      <span>${cut(part.label, 60)}</span> <b>${part.text}</b> <span class="muted">${share(part.value)}</span></li>`)}</ul>
  </div>`;
}
