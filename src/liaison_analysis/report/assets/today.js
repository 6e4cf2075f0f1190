// Today: what each department and officer has to do, and matters of several enterprises to take up once.
import { DATA, setState, state } from "./state.js";
import { h, show } from "./dom.js";
import { storyLine } from "./charts.js";
import { comma, day, number, percent, plain, says, t } from "./words.js";
import { demandLink, suggested, synthetic } from "./card.js";
import { choices, demandById, nameOf, objects, passes } from "./model.js";
import { tableBox } from "./table.js";

const ACTIONS = ["route", "hand over", "breach", "call back", "visit"];
const FIRST = 10;
const shown = new Map();

const view = () => DATA.views.today;
const printing = () => document.documentElement.dataset.printing;
const priorities = () => new Map(objects(DATA.views.visits?.tables?.priorities).map((one) => [one.enterprise_id, one]));

// A demand is for the department that it names and for the one that is suggested; a visit for those it concerns.
function departments(one, risks) {
  if (one.action === "visit") return (risks.get(one.enterprise_id)?.departments || "").split("、").filter(Boolean);
  return [one.owner, one.suggested].filter(Boolean);
}

export function chosenTasks() {
  const risks = priorities();
  const officers = (one) => (one.officer_id || "").split("、");
  return objects(view().tables.todo).filter((one) => passes({ ...one, owner: undefined }) && (!state.owner || departments(one, risks).includes(state.owner)) && (!state.officer || officers(one).includes(state.officer)));
}

export function todayView() {
  const part = view();
  const rows = objects(part.tables.todo);
  const officers = [...new Set(rows.flatMap((one) => (one.officer_id || "").split("、")))].filter(Boolean).sort();
  const list = h("div", {});
  const redraw = () => show(list, sections(redraw));
  redraw();
  const pick = officers.length ? h("div", { class: "filters" }, h("label", {}, t("officer"), h("select", { name: "officer", onchange: (event) => { setState({ officer: event.target.value }, { quiet: true }); shown.clear(); redraw(); } }, h("option", { value: "" }, t("all_officers")), officers.map((one) => h("option", { value: one, selected: state.officer === one }, plain(one)))))) : null;
  return [
    h("p", { class: "answer" }, says(part.text)),
    pick,
    rows.length ? h("div", { class: "columns no-print" }, summary("owner", t("by_department"), choices.owner(), rows), officers.length ? summary("officer", t("officers"), officers, rows) : null) : h("p", { class: "soft" }, t(DATA.meta.min_group ? "protected_table" : "nothing_today")),
    list, casesBox(part), tableBox("todo", part.tables.todo, { paper: false }),
  ];
}

// How much each has to do, by kind; choosing one shows its own list.
function summary(by, title, names, rows) {
  const risks = priorities();
  const of = (one) => (by === "owner" ? departments(one, risks) : (one.officer_id || "").split("、"));
  // One pass over the rows: a large park has hundreds of officers and thousands of things to do.
  const all = new Map(names.map((name) => [name, ACTIONS.map(() => 0)]));
  rows.forEach((one) => new Set(of(one)).forEach((name) => { const mine = all.get(name); if (mine && ACTIONS.includes(one.action)) mine[ACTIONS.indexOf(one.action)] += 1; }));
  const counts = [...all].filter(([, n]) => n.some(Boolean));
  if (!counts.length) return null;
  const choose = (name) => setState({ [by]: state[by] === name ? "" : name });
  return h("div", { class: "tablebox" }, h("h3", {}, title), h("div", { class: "scroll short", tabindex: "0", role: "region", "aria-label": title }, h("table", {},
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, t(by === "owner" ? "department" : "officer")), ACTIONS.map((one) => h("th", { scope: "col", class: "number" }, t(`do_${one}`))))),
    h("tbody", {}, counts.map(([name, all]) => h("tr", {}, h("th", { scope: "row" }, h("button", { type: "button", class: "linkish", "aria-pressed": String(state[by] === name), onclick: () => choose(name) }, plain(name))), all.map((n) => h("td", { class: "number" }, n ? number(n) : ""))))))));
}

function sections(redraw) {
  const rows = chosenTasks();
  const risks = priorities();
  return ACTIONS.map((action) => {
    const mine = rows.filter((one) => one.action === action);
    if (!mine.length) return null;
    const most = printing() ? 2 : shown.get(action) || FIRST;
    return h("section", { class: "sheet", "aria-label": t(`do_${action}`) }, h("h3", {}, `${t(`do_${action}`)} · ${number(mine.length)}`), h("p", { class: "soft small" }, t(`how_${action}`)),
      mine.slice(0, most).map((one) => task(one, risks)),
      mine.length > most && !printing() ? h("button", { type: "button", class: "more", onclick: () => { shown.set(action, most + 50); redraw(); } }, t("more_cards", number(Math.min(50, mine.length - most)))) : null);
  });
}

function task(one, risks) {
  const demand = demandById.get(one.demand_id);
  const who = h("div", {}, h("b", {}, nameOf(one.enterprise_id)), " ", synthetic(one.enterprise_id), h("div", { class: "small soft" }, [one.owner ? t(plain(one.owner)) : null, one.officer_id ? t("of_officer", plain(one.officer_id)) : null].filter(Boolean).join(" · ")));
  const what = demand ? h("p", {}, demandLink(one.demand_id), " ", plain(demand.text)) : h("p", {}, visitReason(risks.get(one.enterprise_id)));
  return h("div", { class: "call wide" }, who, h("div", {}, what, one.action === "call back" ? h("p", { class: "small" }, t(`ask_${one.reason}`)) : null), h("div", { class: "small" }, aside(one)));
}

function aside(one) {
  if (one.action === "route") {
    const owners = suggested(one.demand_id);
    return [h("div", {}, t("waits", number(one.days))), owners.length ? [h("div", { class: "soft" }, `${t("suggested_owner")}:`), h("ol", { class: "plain" }, owners.slice(0, 2))] : h("div", { class: "soft" }, t("no_suggestion"))];
  }
  if (one.action === "hand over") return h("div", {}, t("waits", number(one.days)));
  if (one.action === "breach") return [h("div", {}, `${t("due_on")} ${day(one.due_on)}`), h("div", {}, t("chance_in_time", percent(one.chance)))];
  if (one.action === "call back") return [h("span", { class: `mark ${one.reason === "not fed back" ? "plain" : "bad"}` }, t(one.reason)), h("div", {}, one.days === null ? "" : t("settled_ago", number(one.days)))];
  return [h("div", {}, `${t("due_on")} ${day(one.due_on)}`), h("div", {}, one.days === null ? t("never_visited") : t("visited_ago", number(one.days)))];
}

function visitReason(risk) {
  if (!risk) return t("visit_due");
  const why = [risk.open_demands ? t("why_open", number(risk.open_demands)) : null, risk.overdue ? t("why_overdue", number(risk.overdue)) : null, risk.likely_breaches ? t("why_breach", number(risk.likely_breaches)) : null, risk.is_key ? t("why_key") : null, risk.window ? t("why_window", plain(risk.window)) : null, risk.is_group ? t("why_group", risk.departments.split("、").map((one) => t(plain(one))).join(comma())) : null].filter(Boolean);
  return why.length ? why.join("; ") : t("visit_due");
}

function casesBox(part) {
  const cases = objects(part.tables.cases).filter((one) => (!state.town || one.place === state.town) && (!state.owner || one.owners.includes(state.owner)));
  if (!cases.length) return null;
  const stories = objects(part.tables.stories);
  const most = printing() ? 2 : shown.get("cases") || 6;
  return h("section", { class: "sheet" }, h("h3", {}, t("cases")), h("p", { class: "soft small" }, t("cases_note")), h("ul", { class: "grid wide" }, cases.slice(0, most).map((one) => {
    const steps = stories.filter((step) => step.case_id === one.case_id);
    return h("li", { class: "card" }, h("p", {}, h("b", {}, `${t(plain(one.place))}: `), plain(one.matter)),
      h("p", { class: "small soft" }, t("case_counts", number(one.n_enterprises), number(one.n_demands), number(one.n_open)), ` · ${one.owners.map((name) => t(plain(name))).join(comma())}`),
      steps.length ? storyLine(t("story"), steps) : null,
      h("p", { class: "small" }, one.demand_ids.slice(0, 12).map((id) => [demandLink(id), " "])));
  })));
}
