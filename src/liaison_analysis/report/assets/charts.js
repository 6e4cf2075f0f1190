// Figures as SVG: sharp at any size, each with a title, and its numbers beside it in a table.
import { h, s } from "./dom.js";
import { day, number, percent, plain, t } from "./words.js";

const cut = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

// Width of a label, Chinese characters as two.
const wide = (text) => [...text].reduce((sum, c) => sum + (c.charCodeAt(0) > 255 ? 2 : 1.1), 0);

// On a phone figures are drawn as narrow as they are shown: letters made smaller with them could not be read.
const narrow = () => !document.documentElement.dataset.printing && window.matchMedia("(max-width: 600px)").matches;
const room = () => (narrow() ? 345 : 620);
const longest = () => (narrow() ? 20 : 44);

// As many characters as fit, Chinese ones as two.
function fitting(label) {
  let text = plain(label);
  if (text.length > 22) text = cut(text, 22);
  while (wide(text) > longest()) text = `${text.slice(0, -2)}…`;
  return text;
}

export function figure(title, svg, note) {
  return h("figure", {}, h("figcaption", {}, title), svg, note ? h("p", { class: "soft small" }, note) : null);
}

function picture(width, height, title, ...children) {
  return s("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": title }, s("title", {}, title), children);
}

// Horizontal bars. rows: [label, value, note].
export function bars(title, rows, { format = number, colour = "var(--blue)" } = {}) {
  const most = Math.max(1, ...rows.map(([, value]) => value));
  const labels = rows.map(([label]) => fitting(label));
  const left = 12 + 6.6 * Math.max(4, ...labels.map(wide));
  const width = room();
  const scale = (width - left - 70) / most;
  const marks = rows.map(([, value, note], i) => s("g", {},
    s("text", { x: left - 6, y: 17 + i * 24, "text-anchor": "end" }, labels[i]),
    s("rect", { x: left, y: 5 + i * 24, width: Math.max(1, value * scale), height: 16, rx: 2, fill: colour }),
    s("text", { x: left + value * scale + 5, y: 17 + i * 24 }, `${format(value)}${note ? ` ${note}` : ""}`)));
  const spoken = `${title}: ${rows.map(([label, value]) => `${plain(label)} ${format(value)}`).join("; ")}`;
  return picture(width, rows.length * 24 + 8, spoken, marks);
}

// Rates with intervals. rows: [label, rate, low, high, note].
export function intervals(title, rows) {
  const labels = rows.map(([label]) => fitting(label));
  const left = 12 + 6.6 * Math.max(4, ...labels.map(wide));
  const width = room();
  const span = width - left - (narrow() ? 114 : 130);
  const x = (value) => left + value * span;
  const ticks = (narrow() ? [0, 0.5, 1] : [0, 0.25, 0.5, 0.75, 1]).map((value) => s("g", {}, s("line", { x1: x(value), x2: x(value), y1: 2, y2: rows.length * 24 + 4, class: "axis" }), s("text", { x: x(value), y: rows.length * 24 + 18, "text-anchor": "middle", class: "soft" }, percent(value))));
  const marks = rows.map(([, rate, low, high, note], i) => s("g", {},
    s("text", { x: left - 6, y: 17 + i * 24, "text-anchor": "end" }, labels[i]),
    s("line", { x1: x(low), x2: x(high), y1: 13 + i * 24, y2: 13 + i * 24, stroke: "var(--blue)", "stroke-width": 3, opacity: 0.45 }),
    s("circle", { cx: x(rate), cy: 13 + i * 24, r: 5, fill: "var(--blue)" }),
    s("text", { x: x(1) + 10, y: 17 + i * 24 }, `${percent(rate)} ${note}`)));
  const spoken = `${title}: ${rows.map(([label, rate, , , note]) => `${plain(label)} ${percent(rate)} ${note}`).join("; ")}`;
  return picture(width, rows.length * 24 + 24, spoken, ticks, marks);
}

// Lines over months, labelled at their end. series: [label, values, colour].
export function lines(title, months, series) {
  const width = room();
  const height = 220;
  const top = Math.max(1, ...series.flatMap(([, values]) => values));
  const x = (i) => 44 + (i * (width - (narrow() ? 135 : 190))) / Math.max(1, months.length - 1);
  const y = (value) => 12 + (1 - value / top) * (height - 46);
  const step = Math.max(1, Math.ceil(months.length / (narrow() ? 3 : 6)));
  const ticks = months.map((month, i) => (i % step ? null : s("text", { x: x(i), y: height - 8, "text-anchor": "middle", class: "soft" }, month)));
  const levels = [0, 0.5, 1].map((share) => s("g", {}, s("line", { x1: 44, x2: x(months.length - 1), y1: y(top * share), y2: y(top * share), class: "axis" }), s("text", { x: 38, y: y(top * share) + 4, "text-anchor": "end", class: "soft" }, number(Math.round(top * share)))));
  const ends = series.map(([, values], i) => [y(values[values.length - 1] ?? 0) + 4, i]).sort((a, b) => a[0] - b[0]);
  ends.forEach((end, i) => { if (i && end[0] < ends[i - 1][0] + 15) end[0] = ends[i - 1][0] + 15; });
  const places = Object.fromEntries(ends.map(([at, i]) => [i, at]));
  const drawn = series.map(([label, values, colour], i) => s("g", {},
    s("polyline", { points: values.map((value, j) => `${x(j)},${y(value)}`).join(" "), fill: "none", stroke: colour, "stroke-width": 2.5 }),
    s("text", { x: x(months.length - 1) + 8, y: places[i], style: null, fill: colour }, `${label} ${number(values[values.length - 1] ?? 0)}`)));
  const spoken = `${title}: ${series.map(([label, values]) => `${label} ${values.map((value) => number(value)).join(", ")}`).join("; ")}`;
  return picture(width, height, spoken, levels, ticks, drawn);
}

const STEPS = ["raised", "visited", "assigned", "decided", "settled"];

// What became of a case, step by step along its days. steps: objects with day and step.
export function storyLine(title, steps) {
  const width = narrow() ? 310 : 560;
  const days = steps.map((one) => Date.parse(one.day));
  const [from, to] = [Math.min(...days), Math.max(...days)];
  const x = (one) => 92 + ((Date.parse(one.day) - from) / Math.max(1, to - from)) * (width - 112);
  const used = STEPS.filter((step) => steps.some((one) => one.step === step));
  const colours = { raised: "var(--orange)", visited: "var(--soft)", assigned: "var(--blue)", decided: "var(--purple)", settled: "var(--green)" };
  const rows = used.map((step, i) => s("g", {}, s("text", { x: 84, y: 16 + i * 20, "text-anchor": "end" }, t(`step_${step}`)), s("line", { x1: 92, x2: width - 20, y1: 12 + i * 20, y2: 12 + i * 20, class: "axis" }),
    steps.filter((one) => one.step === step).map((one) => s("circle", { cx: x(one), cy: 12 + i * 20, r: 4.5, fill: colours[step] }, s("title", {}, `${day(one.day)} ${one.demand_id ?? ""}`)))));
  const ends = [[92, "start", steps[0]], [width - 20, "end", steps[steps.length - 1]]].map(([at, anchor, one]) => s("text", { x: at, y: used.length * 20 + 14, "text-anchor": anchor, class: "soft" }, day(one.day)));
  const spoken = used.map((step) => { const mine = steps.filter((one) => one.step === step); return `${t(`step_${step}`)} ${number(mine.length)} (${day(mine[0].day)} – ${day(mine[mine.length - 1].day)})`; }).join("; ");
  return picture(width, used.length * 20 + 20, `${title}: ${spoken}`, rows, ends);
}

// A curve that falls in steps, with its band. rows: [days, share, low, high].
export function curve(title, rows) {
  const width = room();
  const height = 230;
  const last = Math.max(1, ...rows.map(([days]) => days));
  const x = (days) => 46 + (days / last) * (width - 80);
  const y = (share) => 10 + (1 - share) * (height - 50);
  const stepped = (at) => rows.reduce((path, row) => `${path}H${x(row[0])}V${y(row[at])}`, `M${x(0)},${y(1)}`);
  const back = [...rows].reverse().reduce((path, row, i, all) => `${path}V${y(row[2])}H${x(i + 1 < all.length ? all[i + 1][0] : 0)}`, `L${x(last)},${y(rows[rows.length - 1][2])}`);
  const levels = [0, 0.25, 0.5, 0.75, 1].map((share) => s("g", {}, s("line", { x1: 46, x2: x(last), y1: y(share), y2: y(share), class: "axis" }), s("text", { x: 40, y: y(share) + 4, "text-anchor": "end", class: "soft" }, percent(share))));
  const ticks = (narrow() ? [0, 0.5, 1] : [0, 0.25, 0.5, 0.75, 1]).map((part) => s("text", { x: x(part * last), y: height - 8, "text-anchor": "middle", class: "soft" }, t("days", number(Math.round(part * last)))));
  return picture(width, height, title, levels, ticks, s("path", { d: `${stepped(3)}${back}Z`, fill: "var(--band)" }), s("path", { d: stepped(1), fill: "none", stroke: "var(--blue)", "stroke-width": 2.5 }));
}
