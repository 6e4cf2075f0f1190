// Salons, closed loop, visits and projects, method.
import { DATA } from "./state.js";
import { h } from "./dom.js";
import { curve, figure, intervals, lines } from "./charts.js";
import { comma, either, header, monthName, number, percent, plain, says, t } from "./words.js";
import { synthetic } from "./card.js";
import { nameOf, objects, passes } from "./model.js";
import { tableBox } from "./table.js";

// Below it a gap is written as 0%: the best within the solver's own tolerance.
const NO_GAP = 0.0005;

export function salonsView() {
  const part = DATA.views.salons;
  const parts = [h("p", { class: "answer" }, says(part.text)), proposals(part)];
  if (part.meetings) {
    const meetings = objects(part.meetings);
    parts.push(h("h3", {}, t("salon_for", nameOf(part.seeker))), h("p", { class: "soft small" }, part.gaps.some((gap) => gap >= NO_GAP) ? t("gap_note", percent(part.gaps[0]), percent(part.gaps[1])) : t("gap_none")),
      tableBox("guests", part.guests, { filtered: false }), timetable(part, meetings), tableBox("meetings", part.meetings, { title: "meetings", filtered: false, paper: false }),
      h("details", {}, h("summary", {}, t("badges")), h("div", { class: "badges" }, objects(part.guests).map((guest) => badge(guest, meetings)))));
  }
  if (part.tables.funnel) parts.push(tableBox("funnel", part.tables.funnel, { filtered: false }));
  return parts;
}

// Salons worth holding, each with its subject, what it lacks, and whom it would bring together.
function proposals(part) {
  const rows = objects(part.tables.proposals);
  if (!rows.length) return tableBox("proposals", part.tables.proposals, { filtered: false });
  return h("section", {}, h("h3", {}, t("proposals")), h("ol", { class: "grid wide" }, rows.map((one) => h("li", { class: "card" }, h("b", {}, says(one.title)),
    h("p", { class: "small" }, t("proposal_counts", number(one.n_guests), number(one.n_meetings), number(one.net, 1))),
    one.lacking ? h("p", { class: "small" }, `${t("lacks")}: ${says(one.lacking)}`) : null,
    h("p", { class: "small soft" }, one.guests.slice(0, 6).map(nameOf).join(comma()), one.guests.length > 6 ? ` ${t("more_nodes", number(one.guests.length - 6))}` : "")))),
    tableBox("proposals", part.tables.proposals, { filtered: false, title: "proposals_all", paper: false }));
}

function timetable(part, meetings) {
  const slots = [...new Set(meetings.map((one) => one.slot))].sort((a, b) => a - b);
  const tables = [...new Set(meetings.map((one) => one.table))].sort((a, b) => a - b);
  const at = new Map(meetings.map((one) => [`${one.slot} ${one.table}`, one]));
  return h("div", { class: "tablebox" }, h("h3", {}, `${t("timetable")} · ${t("by_table")}`),
    h("div", { class: "scroll tall", tabindex: "0", role: "region", "aria-label": t("timetable") }, h("table", { class: "rows", role: "table", "aria-label": t("timetable") }, h("thead", { role: "rowgroup", class: "hide-narrow" }, h("tr", { role: "row" }, h("th", { scope: "col", role: "columnheader" }, header("slot")), tables.map((one) => h("th", { scope: "col", role: "columnheader" }, t("table_n", one))))),
      h("tbody", { role: "rowgroup" }, slots.map((slot) => h("tr", { role: "row" }, h("th", { scope: "row", role: "rowheader" }, t("slot_n", slot)), tables.map((one) => { const met = at.get(`${slot} ${one}`); return h("td", { role: "cell", "data-label": t("table_n", one), "data-empty": met ? null : "yes" }, met ? [nameOf(met.a), h("br"), nameOf(met.b)] : ""); })))))));
}

function badge(guest, meetings) {
  const mine = meetings.filter((one) => one.a === guest.enterprise_id || one.b === guest.enterprise_id).sort((a, b) => a.slot - b.slot);
  return h("div", { class: "badge" }, h("b", {}, nameOf(guest.enterprise_id)), " ", synthetic(guest.enterprise_id),
    guest.offer ? h("p", { class: "small" }, `${t("offer")}: ${plain(guest.offer)}`) : null, guest.ask ? h("p", { class: "small" }, `${t("ask")}: ${plain(guest.ask)}`) : null,
    h("table", {}, h("tbody", {}, mine.map((one) => h("tr", {}, h("td", {}, t("slot_n", one.slot)), h("td", {}, t("table_n", one.table)), h("td", {}, nameOf(one.a === guest.enterprise_id ? one.b : one.a)))))));
}

const rated = (table, column) => objects(table).filter((one) => one.rate !== null && passes({ [column]: one[column] })).slice(0, 20).map((one) => [t(one[column] ?? "unnamed"), one.rate, one.low, one.high, `(${number(one.numerator)}/${number(one.denominator)})`]);

export function loopView() {
  const part = DATA.views.loop;
  const { tables } = part;
  const months = objects(tables.backlog);
  const steps = objects(tables.curve);
  const drawn = [["by_owner", "owner"], ["by_town", "town"], ["by_theme", "theme"]].map(([name, column]) => [name, rated(tables[name], column)]).filter(([, rows]) => rows.length).map(([name, rows]) => { const title = t(tables[name].name); return figure(title, intervals(title, rows), t("interval_note")); });
  if (months.length > 1) drawn.push(figure(t("backlog"), lines(t("backlog"), months.map((one) => monthName(one.month)), [[t("raised"), months.map((one) => one.raised), "var(--blue)"], [t("settled"), months.map((one) => one.settled), "var(--green)"], [t("open"), months.map((one) => one.closing), "var(--orange)"]])));
  if (steps.length > 1) drawn.push(figure(t("curve"), curve(t("curve"), steps.map((one) => [one.days, one.open_share, one.low, one.high])), t("curve_note")));
  return [
    h("p", { class: "answer" }, says(part.text)), h("p", { class: "soft small" }, t("within_days", number(DATA.meta.within))),
    h("div", { class: "columns flow" }, drawn),
    DATA.changes ? tableBox("changes", DATA.changes) : null,
    tables.chances ? tableBox("chances", tables.chances) : null, tableBox("tasks", tables.tasks), tableBox("late", tables.late, { paper: false }), tableBox("dispatch", tables.dispatch), tableBox("again", tables.again),
    h("div", { class: "columns" }, ["rates", "solved", "times", "times_by_owner", "ages", "steps", "by_owner", "by_town", "by_theme", "backlog"].filter((name) => name in tables).map((name) => tableBox(name, tables[name]))),
  ];
}

export function visitsView() {
  const { visits, projects } = DATA.views;
  const parts = [];
  parts.push(h("h3", {}, t("coverage")));
  if (visits.missing || visits.failed) parts.push(lacking(visits));
  else {
    const rows = objects(visits.tables.officers).filter((one) => one.rate !== null).map((one) => [one.officer_id, one.rate, one.low, one.high, `(${number(one.numerator)}/${number(one.denominator)})`]);
    parts.push(h("p", { class: "answer" }, says(visits.text)), rows.length ? figure(`${t("officers")} ${visits.quarter}`, intervals(t("officers"), rows.slice(0, 30)), t("interval_note")) : null,
      tableBox("priorities", visits.tables.priorities), tableBox("coverage", visits.tables.coverage, { paper: false }), tableBox("plan", visits.tables.plan), h("div", { class: "columns" }, tableBox("officers", visits.tables.officers, { filtered: false }), tableBox("quarters", visits.tables.quarters, { filtered: false })));
  }
  parts.push(h("h3", {}, t("projects")));
  if (projects.missing || projects.failed) parts.push(lacking(projects));
  else parts.push(h("p", { class: "answer" }, says(projects.text)), tableBox("projects", projects.tables.projects, { leave: ["oldest_days", "demand_ids"] }), tableBox("progress", projects.tables.progress, { filtered: false }));
  return parts;
}

// Why a part is not there.
function reason(part) {
  return part.missing ? t("missing", part.missing.map((one) => t(`needs_${one}`)).join(comma())) : t("failed", plain(part.failed));
}

export function lacking(part) {
  return h("p", { class: "answer" }, reason(part));
}

export function methodView() {
  const part = DATA.views.method;
  const { meta } = DATA;
  return [
    h("p", { class: "answer" }, says(part.text)),
    h("h3", {}, t("method_title")),
    h("dl", {}, ["today", "themes", "chain", "introductions", "salons", "loop", "policies", "visits"].map((name) => [h("dt", {}, h("b", {}, t(name))), h("dd", {}, t(`method_${name}`))])),
    part.limits?.length ? [h("h3", {}, t("limits_taken")), h("ul", {}, part.limits.map(([key, taken, all]) => h("li", {}, t(key, number(taken), number(all)))))] : null,
    part.limits_unknown ? [h("h3", {}, t("limits_unknown")), h("dl", {}, Object.entries(part.limits_unknown).map(([name, why]) => [h("dt", {}, h("b", {}, t(name))), h("dd", {}, reason(why))]))] : null,
    meta.lacks.length ? [h("h3", {}, t("lacking_tables")), h("ul", {}, meta.lacks.map((name) => h("li", {}, t(`lacks_${name}`))))] : null,
    meta.notes.length ? [h("h3", {}, t("notes")), h("ul", {}, meta.notes.map((note) => h("li", {}, plain(either(note)))))] : null,
    meta.left_out || !meta.notes.length ? h("h3", {}, t("left_out")) : null,
    meta.left_out ? h("p", {}, t("left_out_n", number(meta.left_out))) : meta.notes.length ? null : h("p", {}, t("nothing_left_out")),
    meta.review ? h("p", {}, t("review_n", number(meta.review))) : null,
    h("div", { class: "columns" }, tableBox("table_rows", part.tables.table_rows, { filtered: false }), tableBox("empty_cells", part.tables.empty_cells, { filtered: false })),
    part.tables.left_out ? tableBox("left_out", part.tables.left_out, { filtered: false, title: "left_out_cells" }) : null,
    part.tables.review ? tableBox("review", part.tables.review, { filtered: false }) : null,
  ];
}
