// Salons, closed loop, policies, visits and projects, method.
import { DATA, setState, state } from "./state.js";
import { h, show } from "./dom.js";
import { curve, figure, intervals, lines } from "./charts.js";
import { day, header, monthName, number, percent, plain, says, t } from "./words.js";
import { synthetic } from "./card.js";
import { nameOf, objects, passes } from "./model.js";
import { cellText, tableBox } from "./table.js";

export function salonsView() {
  const part = DATA.views.salons;
  const parts = [h("p", { class: "answer" }, says(part.text)), tableBox("proposals", part.tables.proposals, { filtered: false })];
  if (part.meetings) {
    const meetings = objects(part.meetings);
    parts.push(h("h3", {}, t("salon_for", nameOf(part.seeker))), h("p", { class: "soft small" }, t("gap_note", percent(part.gaps[0]), percent(part.gaps[1]))),
      tableBox("guests", part.guests, { filtered: false }), timetable(part, meetings), tableBox("meetings", part.meetings, { title: "by_guest", filtered: false }),
      h("details", {}, h("summary", {}, t("badges")), h("div", { class: "badges" }, objects(part.guests).map((guest) => badge(guest, meetings)))));
  }
  parts.push(tableBox("funnel", part.tables.funnel, { filtered: false }));
  return parts;
}

function timetable(part, meetings) {
  const slots = [...new Set(meetings.map((one) => one.slot))].sort((a, b) => a - b);
  const tables = [...new Set(meetings.map((one) => one.table))].sort((a, b) => a - b);
  const at = new Map(meetings.map((one) => [`${one.slot} ${one.table}`, one]));
  return h("div", { class: "tablebox" }, h("h3", {}, `${t("timetable")} · ${t("by_table")}`),
    h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": t("timetable") }, h("table", {}, h("thead", {}, h("tr", {}, h("th", { scope: "col" }, header("slot")), tables.map((one) => h("th", { scope: "col" }, t("table_n", one))))),
      h("tbody", {}, slots.map((slot) => h("tr", {}, h("th", { scope: "row" }, t("slot_n", slot)), tables.map((one) => { const met = at.get(`${slot} ${one}`); return h("td", {}, met ? [nameOf(met.a), h("br"), nameOf(met.b)] : ""); })))))));
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
    h("div", { class: "columns" }, drawn),
    DATA.changes ? tableBox("changes", DATA.changes) : null,
    tableBox("tasks", tables.tasks), tableBox("late", tables.late), tableBox("dispatch", tables.dispatch), tableBox("again", tables.again),
    h("div", { class: "columns" }, ["rates", "times", "times_by_owner", "ages", "steps", "by_owner", "by_town", "by_theme", "backlog"].filter((name) => name in tables).map((name) => tableBox(name, tables[name]))),
  ];
}

export function policiesView() {
  const part = DATA.views.policies;
  const list = h("div", {});
  const clauses = objects(part.clauses);
  const fits = new Map(objects(part.tables.fits).map((one) => [one.clause_id, one]));
  const draw = () => {
    const query = (state.q || "").trim();
    const found = clauses.map((one) => [match(one, query), one]).filter(([score]) => !query || score > 0).sort((a, b) => b[0] - a[0]).map(([, one]) => one);
    const most = document.documentElement.dataset.printing ? 4 : query ? 12 : 6;
    show(list, h("p", { class: "soft", role: "status" }, t("rows_of", number(found.length), number(clauses.length))), h("ul", { class: "grid" }, found.slice(0, most).map((one) => clauseCard(one, fits.get(one.clause_id)))));
  };
  draw();
  return [
    h("p", { class: "answer" }, says(part.text)),
    h("div", { class: "filters" }, h("label", {}, t("search_clauses"), h("input", { type: "search", value: state.q || "", oninput: (event) => { setState({ q: event.target.value }, { quiet: true }); draw(); } }))),
    list,
    tableBox("answers", part.tables.answers), tableBox("unanswered", part.tables.unanswered), tableBox("fits", part.tables.fits, { filtered: false }), tableBox("expiring", part.tables.expiring, { filtered: false }),
  ];
}

// How many pairs of neighbouring characters of a question stand in a clause.
function match(one, query) {
  const text = `${one.policy} ${one.article ?? ""} ${one.text} ${one.benefit ?? ""}`.toLowerCase();
  const wanted = query.toLowerCase().replace(/\s+/g, "");
  if (wanted.length < 2) return wanted && text.includes(wanted) ? 1 : 0;
  let n = 0;
  for (let i = 0; i + 1 < wanted.length; i += 1) n += text.includes(wanted.slice(i, i + 2));
  return n / (wanted.length - 1) >= 0.3 ? n / (wanted.length - 1) : 0;
}

function clauseCard(one, fit) {
  return h("li", { class: "card" }, h("b", {}, `${plain(one.policy)} ${plain(one.article ?? "")}`), h("p", {}, plain(one.text)),
    one.benefit ? h("p", { class: "small" }, plain(one.benefit)) : null,
    h("p", { class: "small soft" }, [one.valid_to ? `${cellText("valid_from", one.valid_from)} – ${day(one.valid_to)}` : null, fit ? t("fits_n", number(fit.fits), number(fit.to_check)) : null].filter(Boolean).join(" · ")));
}

export function visitsView() {
  const { visits, projects } = DATA.views;
  const parts = [];
  parts.push(h("h3", {}, t("coverage")));
  if (visits.missing || visits.failed) parts.push(lacking(visits));
  else {
    const rows = objects(visits.tables.officers).filter((one) => one.rate !== null).map((one) => [one.officer_id, one.rate, one.low, one.high, `(${number(one.numerator)}/${number(one.denominator)})`]);
    parts.push(h("p", { class: "answer" }, says(visits.text)), rows.length ? figure(`${t("officers")} ${visits.quarter}`, intervals(t("officers"), rows.slice(0, 30)), t("interval_note")) : null,
      tableBox("coverage", visits.tables.coverage), tableBox("plan", visits.tables.plan), h("div", { class: "columns" }, tableBox("officers", visits.tables.officers, { filtered: false }), tableBox("quarters", visits.tables.quarters, { filtered: false })));
  }
  parts.push(h("h3", {}, t("projects")));
  if (projects.missing || projects.failed) parts.push(lacking(projects));
  else parts.push(h("p", { class: "answer" }, says(projects.text)), tableBox("projects", projects.tables.projects), tableBox("progress", projects.tables.progress, { filtered: false }));
  return parts;
}

export function lacking(part) {
  if (part.missing) return h("p", { class: "answer" }, t("missing", part.missing.map((one) => t(`needs_${one}`)).join(", ")));
  return h("p", { class: "answer" }, t("failed", plain(part.failed)));
}

export function methodView() {
  const part = DATA.views.method;
  const { meta } = DATA;
  return [
    h("p", { class: "answer" }, says(part.text)),
    h("h3", {}, t("method_title")),
    h("dl", {}, ["demands", "chain", "introductions", "salons", "loop", "policies", "visits"].map((name) => [h("dt", {}, h("b", {}, t(name))), h("dd", {}, t(`method_${name}`))])),
    h("h3", {}, t("left_out")), meta.notes.length ? h("ul", {}, meta.notes.map((note) => h("li", {}, plain(note)))) : h("p", {}, t("nothing_left_out")),
    h("div", { class: "columns" }, tableBox("table_rows", part.tables.table_rows, { filtered: false }), tableBox("empty_cells", part.tables.empty_cells, { filtered: false })),
    part.tables.left_out ? tableBox("left_out", part.tables.left_out, { filtered: false }) : null,
  ];
}
