// Tables that sort, search, copy and download; what was chosen stays in the address.
import { DATA, setState, state } from "./state.js";
import { announce, h } from "./dom.js";
import { csv, save, tabbed, xlsx } from "./export.js";
import { comma, day, hasWord, header, kindOf, language, meaning, monthName, number, order, percent, plain, says, searched, t } from "./words.js";
import { demandById, isFiltering, nameOf, passes } from "./model.js";
import { demandLink } from "./card.js";

const PAGE = 25;
const PRINTED = 4;
const shown = new Map();

// A cell as a person reads it.
export function cellText(column, value) {
  if (value === null || value === undefined || value === "") return "";
  const kind = kindOf(column);
  if (typeof value === "boolean") return t(value ? "yes" : "no");
  if (kind === "enterprise") return nameOf(value);
  if (kind === "column") return header(value);
  if (kind === "counts") return String(value).split("、").map((one) => { const [, name, n] = /^(.*?)(\d*)$/.exec(one); return `${t(plain(name))} ${n}`.trim(); }).join(comma());
  if (kind === "words") return String(value).split("、").map((one) => t(plain(one))).join(comma());
  if (kind === "checks") return String(value).split("；").map((one) => (one in DATA.words.columns ? header(one) : plain(one))).join(language() === "zh" ? "；" : "; ");
  if (typeof value === "object" && !Array.isArray(value)) return plain(says(value));
  if (kind === "enterprises") return value.map(nameOf).join(comma());
  if (Array.isArray(value)) return value.map((one) => t(plain(one))).join(comma());
  if (kind === "date") return day(value);
  if (kind === "month") return monthName(value);
  if (kind === "share" && typeof value === "number") return percent(value);
  if (kind === "score" && typeof value === "number") return number(value, 3);
  if (typeof value === "number") return number(value, 1);
  if (kind === "word" || hasWord(value)) return t(value);
  return plain(value);
}

function cell(column, value) {
  if (kindOf(column) === "demand" && demandById.has(value)) return demandLink(value);
  return cellText(column, value);
}

const isNumeric = (column, rows, i) => !["enterprise", "demand", "date", "month", "word"].includes(kindOf(column)) && rows.some((row) => typeof row[i] === "number") && rows.every((row) => row[i] === null || typeof row[i] === "number");

function compare(a, b) {
  if (a === null || a === undefined || a === "") return b === null || b === undefined || b === "" ? 0 : 1;
  if (b === null || b === undefined || b === "") return -1;
  if (typeof a === "number" && typeof b === "number") return a - b;
  return order(String(a), String(b));
}

// Rows of a table after the shared filters, its own search and its order.
function chosenRows(id, table, filtered) {
  const { columns } = table;
  const query = (state[`${id}.q`] || "").trim().toLowerCase();
  let rows = filtered && isFiltering() ? table.rows.filter((row) => passes(Object.fromEntries(columns.map((c, i) => [c, row[i] ?? null])))) : table.rows;
  if (query) rows = rows.filter((row) => table.textOf(row).includes(query));
  const [by, way] = (state[`${id}.sort`] || "").split(" ");
  const at = columns.indexOf(by);
  if (at >= 0) {
    const key = kindOf(by) === "enterprise" ? (value) => nameOf(value) : (value) => (value && typeof value === "object" ? cellText(by, value) : value);
    const sign = way === "down" ? -1 : 1;
    rows = rows.map((row, i) => [row, i]).sort(([a, i], [b, j]) => {
      const empty = (value) => value === null || value === "";
      if (empty(a[at]) || empty(b[at])) return compare(a[at], b[at]) || i - j;
      return sign * compare(key(a[at]), key(b[at])) || i - j;
    }).map(([row]) => row);
  }
  return rows;
}

// Columns that hold nothing in any row say nothing, and make a table scroll sideways.
function withoutEmpty(table, leave) {
  const kept = table.columns.map((_, i) => i).filter((i) => !leave.includes(table.columns[i]) && table.rows.some((row) => row[i] !== null && row[i] !== undefined && row[i] !== "" && row[i]?.length !== 0));
  const columns = kept.map((i) => table.columns[i]);
  const rows = table.rows.map((row) => kept.map((i) => row[i]));
  // A search finds what stands in one cell, not what begins in one and ends in the next.
  const textOf = searched((row) => columns.map((column, i) => cellText(column, row[i])).join("\n"));
  return { ...table, columns, rows, textOf, numeric: columns.map((column, i) => isNumeric(column, rows, i)) };
}

const WIDE = 8;

// A table with its tools. Options: leave (columns that the page does not show), title (a key), filtered (whether the shared filters hold), level of the heading,
// paper (whether it is printed: what stands above it in another form is not).
export function tableBox(id, whole, { title = whole?.name, filtered = true, heading = "h3", paper = true, leave = [] } = {}) {
  const table = whole ? withoutEmpty(whole, leave) : whole;
  const caption = t(title);
  const headline = h(heading, { id: `h-${id}` }, caption);
  if (!table || !table.rows.length) {
    const reason = DATA.meta.min_group && table ? t("protected_table") : t("none_here");
    return h("div", { class: paper ? "tablebox" : "tablebox no-print" }, headline, h("p", { class: "soft" }, reason));
  }
  const wide = table.columns.length >= WIDE ? " wide" : "";
  const box = h("div", { class: `tablebox${wide}${paper ? "" : " no-print"}`, "data-table": id });
  const draw = () => {
    const texts = () => chosenRows(id, table, filtered).map((row) => table.columns.map((column, i) => (typeof row[i] === "number" && !["enterprise"].includes(kindOf(column)) ? row[i] : cellText(column, row[i]))));
    const heads = () => table.columns.map(header);
    const file = `${plain(caption).replace(/[^\p{L}\p{N}]+/gu, "_")}`;
    const search = h("input", { type: "search", value: state[`${id}.q`] || "", "aria-label": `${t("search_table")}: ${caption}`, placeholder: t("search_table"), oninput: (event) => { setState({ [`${id}.q`]: event.target.value }, { quiet: true }); shown.delete(id); body(); } });
    const counter = h("span", { class: "soft small" });
    const tools = h("div", { class: "tools" }, search, counter,
      h("button", { type: "button", onclick: () => copy(tabbed(heads(), texts())) }, t("copy")),
      h("button", { type: "button", onclick: () => save(`${file}.csv`, "text/csv", csv(heads(), texts())) }, t("csv")),
      h("button", { type: "button", onclick: () => save(`${file}.xlsx`, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx(caption, heads(), texts())) }, t("xlsx")));
    const place = h("div");
    const body = () => {
      const now = chosenRows(id, table, filtered);
      const limit = document.documentElement.dataset.printing ? PRINTED : shown.get(id) || PAGE;
      counter.textContent = now.length === table.rows.length ? t(now.length === 1 ? "row" : "rows", number(now.length)) : t("rows_of", number(now.length), number(table.rows.length));
      place.replaceChildren(...grid(id, table, now.slice(0, limit), caption, draw));
      if (!now.length) place.append(h("p", { class: "soft" }, t("no_rows")));
      if (now.length > limit) place.append(h("button", { type: "button", class: "more", onclick: () => { shown.set(id, limit + 100); body(); } }, t("more", number(Math.min(100, now.length - limit)))));
    };
    box.replaceChildren(headline, tools, place);
    body();
  };
  draw();
  return box;
}

// Whether a phone shows each row as lines below each other: not where one name and a few figures fit beside each other.
const FIT = 6;
const NOTE = "few";
const stacked = (table, numeric) => table.columns.filter((column, i) => !numeric[i] && kindOf(column) !== "flag").length > 1 || table.columns.filter((one) => one !== NOTE).length > FIT;

function grid(id, table, rows, caption, redraw) {
  if (!rows.length) return [];
  const [by, way] = (state[`${id}.sort`] || "").split(" ");
  const { numeric } = table;
  const heads = table.columns.map((column, i) => {
    const sorted = by === column ? (way === "down" ? "descending" : "ascending") : "none";
    const arrow = by === column ? (way === "down" ? " ▼" : " ▲") : "";
    const sort = () => {
      setState({ [`${id}.sort`]: by === column && way === "up" ? `${column} down` : `${column} up` }, { quiet: true });
      redraw();
      document.querySelector(`[data-table="${CSS.escape(id)}"] [data-column="${CSS.escape(column)}"]`)?.focus();
      announce(`${header(column)}: ${t(state[`${id}.sort`].endsWith("down") ? "sorted_down" : "sorted_up")}`);
    };
    return h("th", { scope: "col", role: "columnheader", class: column === NOTE ? "hide-narrow" : numeric[i] ? "number" : null, "aria-sort": sorted, title: meaning(column) || null }, h("button", { type: "button", "data-column": column, onclick: sort }, header(column), arrow));
  });
  const style = (column, i) => (column === NOTE ? "hide-narrow" : numeric[i] ? "number" : { date: "date", long: "long", enterprise: "names", enterprises: "names", demand: "short", flag: "short" }[kindOf(column)] || "text");
  const lines = rows.map((row) => h("tr", { role: "row" }, row.map((value, i) => h("td", { role: "cell", class: style(table.columns[i], i), "data-label": header(table.columns[i]), "data-empty": value === null || value === "" ? "yes" : null }, cell(table.columns[i], value)))));
  return [h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption }, h("table", { class: stacked(table, numeric) ? "rows" : null, role: "table", "aria-label": caption }, h("thead", { role: "rowgroup" }, h("tr", { role: "row", "data-label": t("sort_by") }, heads)), h("tbody", { role: "rowgroup" }, lines)))];
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = h("textarea", { class: "unseen" });
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  announce(t("copied"));
}
