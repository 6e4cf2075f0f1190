// Themes: the taxonomy in two levels with counts and trend, what is new or weak, and where the clerk's category differs.
import { DATA, addressOf } from "./state.js";
import { h, s } from "./dom.js";
import { header, monthName, number, percent, plain, says, t } from "./words.js";
import { objects } from "./model.js";
import { tableBox } from "./table.js";

export function themesView() {
  const part = DATA.views.themes;
  const { tables } = part;
  const rows = objects(tables.levels);
  const some = (name) => (tables[name].rows.length ? tableBox(name, tables[name], { filtered: false }) : null);
  return [
    h("p", { class: "answer" }, says(part.text)),
    rows.length ? [themeMap(rows), levelTable(rows, part.months)] : null,
    rows.some((one) => one.origin !== "taxonomy") ? h("p", { class: "soft small" }, t("new_note")) : null,
    some("weak"), some("agreement"), some("differences"),
    h("div", { class: "columns" }, some("trends"), some("over")),
    tableBox("themes", tables.themes, { filtered: false, title: "theme_words", paper: false }),
  ];
}

const MAP = { width: 1200, height: 330, head: 22, gap: 3, line: 15, letter: 7.2 };

// A map of all demands: a column for each group and a cell for each theme, areas as many as there are demands.
function themeMap(rows) {
  const sum = (some) => some.reduce((total, one) => total + one.size, 0);
  const groups = [...new Set(rows.map((one) => one.group))].map((group) => rows.filter((one) => one.group === group).sort((a, b) => b.size - a.size)).sort((a, b) => sum(b) - sum(a));
  const all = Math.max(1, sum(rows));
  let left = 0;
  const drawn = groups.map((mine) => {
    const width = (sum(mine) / all) * MAP.width;
    const x = left;
    left += width;
    let top = MAP.head;
    const cells = mine.map((one) => {
      const height = (one.size / sum(mine)) * (MAP.height - MAP.head);
      const y = top;
      top += height;
      return mapCell(one, x, y, width - MAP.gap, height - MAP.gap);
    });
    return s("g", {}, s("text", { x: x + 2, y: MAP.head - 8, class: "soft" }, fitted(t(plain(mine[0].group)), width - MAP.gap)), cells);
  });
  return h("figure", { class: "hide-narrow" }, h("figcaption", {}, t("theme_map")), s("svg", { viewBox: `0 0 ${MAP.width} ${MAP.height}`, width: MAP.width, height: MAP.height, role: "group", "aria-label": t("theme_map") }, drawn), h("p", { class: "soft small" }, t("theme_map_note")));
}

function mapCell(one, x, y, width, height) {
  const name = t(plain(one.name));
  const spoken = `${name} ${number(one.size)}${one.trend ? `, ${t(one.trend)}` : ""}`;
  const arrow = one.trend === "rising" ? " ▲" : one.trend === "falling" ? " ▼" : "";
  const room = height >= MAP.line;
  return s("a", { href: addressOf("demands", { theme: one.name }), class: `cell ${one.trend ?? ""}` }, s("title", {}, spoken), s("rect", { x, y, width: Math.max(1, width), height: Math.max(1, height), rx: 3 }),
    room ? s("text", { "aria-hidden": "true", x: x + 6, y: y + Math.min(height / 2 + 5, 18) }, fitted(`${name} ${number(one.size)}${arrow}`, width - 8)) : null);
}

// As much of a text as fits into so many pixels; Chinese characters are as wide as two letters.
function fitted(text, width) {
  let used = 0;
  let kept = "";
  for (const letter of text) {
    used += /[\u2e80-\uffef]/.test(letter) ? 2 * MAP.letter * 0.86 : MAP.letter;
    if (used > width) return kept.length > 1 ? `${kept.slice(0, -1)}…` : "";
    kept += letter;
  }
  return kept;
}

// Classes of the columns; a phone has room for the theme, its count and its trend.
const NARROW = [null, "number", "number hide-narrow", "number hide-narrow", null, "hide-narrow", "long hide-narrow"];

function levelTable(rows, months) {
  const groups = [...new Set(rows.map((one) => one.group))];
  const most = Math.max(1, ...rows.map((one) => one.size));
  const total = (group) => rows.filter((one) => one.group === group).reduce((sum, one) => sum + one.size, 0);
  const range = months.months.length > 1 ? t("from_to", monthName(months.months[0]), monthName(months.months[months.months.length - 1])) : "";
  return h("div", { class: "tablebox" }, h("h3", {}, t("levels")), h("div", { class: "scroll all", tabindex: "0", role: "region", "aria-label": t("levels") }, h("table", {},
    h("thead", {}, h("tr", {}, [header("theme"), header("size"), header("share"), header("firms"), header("trend"), range || header("month"), header("phrase")].map((one, i) => h("th", { scope: "col", class: NARROW[i] }, one)))),
    groups.map((group) => h("tbody", {}, h("tr", { class: "grouprow" }, h("th", { scope: "rowgroup" }, t(plain(group))), h("td", { class: "number" }, number(total(group))), h("td", { colspan: "5" })),
      rows.filter((one) => one.group === group).map((one) => h("tr", {},
        h("th", { scope: "row", class: "inner" }, h("a", { href: addressOf("demands", { theme: one.name }) }, t(plain(one.name))), " ", one.origin === "new" ? h("span", { class: "mark" }, t("new")) : null),
        h("td", { class: "number" }, number(one.size)), h("td", { class: NARROW[2] }, percent(one.share)), h("td", { class: NARROW[3] }, number(one.firms)),
        h("td", {}, one.trend === "rising" ? "▲ " : one.trend === "falling" ? "▼ " : "", one.trend ? t(one.trend) : ""),
        h("td", { class: NARROW[5] }, spark(months.counts[one.name], months.months)),
        h("td", { class: NARROW[6] }, one.phrase ? plain(one.phrase) : bar(one.size / most)))))))));
}

function bar(share) {
  return s("svg", { viewBox: "0 0 100 8", width: 100, height: 8, "aria-hidden": "true" }, s("rect", { x: 0, y: 0, width: share * 100, height: 8, fill: "var(--blue)" }));
}

// Counts month by month as small bars.
function spark(counts, months) {
  if (!counts || counts.length < 2) return "";
  const most = Math.max(1, ...counts);
  const width = Math.min(9, 130 / counts.length);
  const spoken = counts.map((n, i) => `${monthName(months[i])} ${number(n)}`).join(", ");
  return s("svg", { viewBox: `0 0 ${counts.length * width} 22`, width: counts.length * width, height: 22, role: "img", "aria-label": spoken }, s("title", {}, spoken),
    counts.map((n, i) => s("rect", { x: i * width, y: 22 - Math.max(1, (n / most) * 20), width: width - 1.5, height: Math.max(1, (n / most) * 20), fill: n ? "var(--blue)" : "var(--line)" })));
}
