// Demands: search and filter, cards or table, themes, months.
import { DATA, setState, state } from "./state.js";
import { h, show } from "./dom.js";
import { figure, lines } from "./charts.js";
import { header, monthName, number, plain, says, searched, t } from "./words.js";
import { openCard, stateMarks, synthetic } from "./card.js";
import { demands, enterprises, nameOf, objects, passes } from "./model.js";
import { tableBox } from "./table.js";

const FIRST = 24;
let limit = FIRST;

const textOf = searched((one) => `${one.demand_id} ${one.text} ${nameOf(one.enterprise_id)} ${one.theme ?? ""} ${t(one.theme ?? "")} ${one.owner ?? ""}`);

export function chosenDemands() {
  const query = (state.q || "").trim().toLowerCase();
  return demands().filter((one) => passes(one)
    && (!state.status || (state.status === "open" ? one.is_open : one.status === state.status))
    && (!state.month || (one.raised_on || "").startsWith(state.month))
    && (!query || textOf(one).includes(query)));
}

export function demandsView() {
  const part = DATA.views.demands;
  const list = h("div", { id: "demand-list" });
  const months = [...new Set(demands().map((one) => (one.raised_on || "").slice(0, 7)))].filter(Boolean).sort();
  const states = [...new Set(demands().map((one) => one.status))].filter(Boolean);
  const pick = (name, values, all, label) => h("label", {}, label, h("select", { name, onchange: (event) => { setState({ [name]: event.target.value }, { quiet: true }); limit = FIRST; redraw(); } }, h("option", { value: "" }, t(all)), values.map(([value, text]) => h("option", { value, selected: state[name] === value }, text))));
  const redraw = () => show(list, drawList());
  const search = h("label", {}, t("search"), h("input", { type: "search", name: "q", value: state.q || "", oninput: (event) => { setState({ q: event.target.value }, { quiet: true }); limit = FIRST; redraw(); } }));
  const modes = h("div", { role: "group", "aria-label": t("table"), class: "tools" }, ["cards", "table"].map((mode) => h("button", { type: "button", "aria-pressed": String((state.mode || "cards") === mode), onclick: (event) => { setState({ mode }, { quiet: true }); event.target.parentNode.querySelectorAll("button").forEach((one) => one.setAttribute("aria-pressed", String(one === event.target))); redraw(); } }, t(mode))));
  redraw();
  return [
    h("p", { class: "answer" }, says(part.text)),
    demands().length ? h("div", { class: "filters" }, search, pick("status", [["open", t("open")], ...states.map((one) => [one, t(one)])], "all_states", t("state_now")), pick("month", months.map((one) => [one, monthName(one)]), "all_months", header("month")), modes) : null,
    list,
    ...charts(part),
    h("div", { class: "columns" }, tableBox("towns", part.tables.towns), tableBox("raisers", part.tables.raisers)),
  ];
}

function drawList() {
  if (!demands().length) return h("p", { class: "soft" }, t(DATA.meta.min_group ? "protected_table" : "no_rows"));
  const rows = chosenDemands();
  const count = h("p", { class: "soft", role: "status" }, t("results", number(rows.length)));
  if (state.mode === "table") {
    const { columns } = DATA.views.demands.rows;
    return [count, tableBox("all", { name: "demands", columns, rows: rows.map((one) => columns.map((column) => one[column])) }, { filtered: false })];
  }
  const most = document.documentElement.dataset.printing ? 6 : limit;
  const more = h("button", { type: "button", class: "more", onclick: () => { limit += 48; show(document.getElementById("demand-list"), drawList()); } }, t("more_cards", number(Math.min(48, rows.length - most))));
  return [count, h("ul", { class: "grid" }, rows.slice(0, most).map(demandCard)), rows.length ? null : h("p", {}, t("no_rows")), rows.length > most ? more : null];
}

function demandCard(one) {
  const firm = enterprises.get(one.enterprise_id) || {};
  return h("li", { class: "card" },
    h("button", { type: "button", class: "name", onclick: () => openCard(one.demand_id) }, `${one.demand_id} · ${nameOf(one.enterprise_id)}`), " ", synthetic(one.enterprise_id),
    h("p", {}, plain(one.text)),
    h("p", { class: "small soft" }, [firm.town ? t(firm.town) : null, one.theme ? t(one.theme) : null, one.owner ? t(one.owner) : null].filter(Boolean).map(plain).join(" · ")),
    h("p", { class: "small" }, stateMarks(one)));
}

function charts(part) {
  const months = objects(part.tables.by_month);
  const drawn = [];
  if (months.length > 1) {
    const title = t("figure_raised_settled");
    const series = [["raised", "var(--blue)"], ["settled", "var(--green)"], ["open", "var(--orange)"]].filter(([name]) => name in months[0]);
    drawn.push(figure(title, lines(title, months.map((one) => monthName(one.month)), series.map(([name, colour]) => [t(name), months.map((one) => one[name]), colour]))));
  }
  return [h("div", { class: "columns" }, drawn)];
}
