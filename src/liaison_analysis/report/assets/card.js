// A demand's card: its words and place in the workbook, its history, limit and chance, owner, precedents, policy, introductions.
import { DATA, setState, state } from "./state.js";
import { byId, h } from "./dom.js";
import { comma, day, number, percent, plain, says, t } from "./words.js";
import { demandById, enterprises, introductions, nameOf, objects } from "./model.js";

const UNSOLVED = ["cannot be solved", "not accepted"];

export function demandLink(id) {
  return h("button", { type: "button", class: "linkish", onclick: () => openCard(id) }, id);
}

export function stateMarks(demand) {
  const style = demand.status === "settled" || demand.status === "fed back" ? "good" : "plain";
  const changed = DATA.changes ? objects(DATA.changes).find((one) => one.demand_id === demand.demand_id) : null;
  return [
    h("span", { class: `mark ${style}` }, t(demand.status ?? "unknown")), " ",
    demand.in_remit ? h("span", { class: "mark plain" }, t("in_remit")) : null, " ",
    changed ? h("span", { class: "mark" }, t(changed.change === "新增诉求" ? "new" : "changed")) : null,
  ];
}

export function synthetic(id) {
  return enterprises.get(id)?.is_synthetic ? h("span", { class: "mark" }, t("synthetic")) : null;
}

const indexes = new Map();

// Rows of a table by demand; each table is gone through once.
export function about(view, table, id) {
  const key = `${view} ${table}`;
  if (!indexes.has(key)) {
    const rows = new Map();
    objects(DATA.views[view]?.tables?.[table]).forEach((one) => { if (!rows.has(one.demand_id)) rows.set(one.demand_id, []); rows.get(one.demand_id).push(one); });
    indexes.set(key, rows);
  }
  return indexes.get(key).get(id) || [];
}

// Limit, warning and chance of an open demand.
function limits(id) {
  const due = about("today", "limits", id);
  const [chance] = about("loop", "chances", id);
  if (!due.length && !chance) return null;
  const marks = { over: "bad", near: "", "in time": "good", paused: "plain" };
  return [h("h3", {}, t("limit")),
    due.map((one) => h("p", {}, `${t("stage_due", t(`stage_${one.stage}`), day(one.due_on))} `, h("span", { class: `mark ${marks[one.state] ?? ""}` }, t(one.state)), one.level ? ` ${t("notify", number(one.level), t(one.notify))}` : "")),
    chance && chance.chance > 0 ? h("p", {}, t("chance_in_time", percent(chance.chance))) : null,
    chance ? h("p", {}, chance.expected_on ? t("expected_on", day(chance.expected_on)) : t("expected_never")) : null,
    chance?.drivers ? h("p", { class: "small soft" }, `${t("drivers")}: ${plain(says(chance.drivers))}`) : null];
}

export function suggested(id) {
  const rows = about("today", "suggestions", id);
  return rows.map((one) => h("li", {}, `${t(plain(one.owner))} ${percent(one.probability)} `, one.role === "alternative" ? null : h("span", { class: `mark ${one.role === "lead" ? "good" : "plain"}` }, t(`role_${one.role}`)), one.precedents ? [` ${t("because")}`, one.precedents.split("、").map((other) => [" ", demandLink(other)])] : null));
}

export function precedent(one) {
  const demand = demandById.get(one.precedent_id);
  const end = [one.days === null ? null : t("took", number(one.days)), one.satisfied === null ? null : t(one.satisfied ? "content" : "not_content"), one.reopened ? t("reopened") : null];
  return h("li", {}, demandLink(one.precedent_id), demand ? [" ", plain(demand.text)] : null, h("div", { class: "small soft" }, [demand?.owner ? t(plain(demand.owner)) : null, ...end].filter(Boolean).join(" · ")), one.done ? h("div", { class: "small" }, `${t("was_done")}: ${plain(one.done)}`) : null);
}

export function openCard(id, { remember = true } = {}) {
  const demand = demandById.get(id);
  if (!demand) return;
  if (remember) setState({ demand: id }, { quiet: true });
  const firm = enterprises.get(demand.enterprise_id) || {};
  const answers = about("policies", "answers", id);
  const tasks = about("loop", "tasks", id);
  const owners = suggested(id);
  const alike = about("today", "precedents", id);
  const mine = introductions().filter((one) => one.demand_id === id).sort((a, b) => b.score - a.score).slice(0, 5);
  const place = DATA.views.demands.origin?.[id];
  const steps = [["collected", demand.raised_on], ["assigned", demand.assigned_on], ["responded", demand.responded_on], [UNSOLVED.includes(demand.status) ? demand.status : "settled", demand.settled_on], ["fed_back", demand.fed_back_on]];
  const dialog = h("dialog", { "aria-labelledby": "card-title" },
    h("div", { class: "bar" }, h("h2", { id: "card-title", class: "grow" }, `${id} · ${nameOf(demand.enterprise_id)} `), synthetic(demand.enterprise_id), h("button", { type: "button", onclick: () => dialog.close() }, t("close_card"))),
    h("p", { class: "soft" }, [firm.town ? t(firm.town) : null, demand.theme ? t(demand.theme) : null, demand.owner ? t(demand.owner) : null, firm.officer_id ? t("of_officer", firm.officer_id) : null].filter(Boolean).map(plain).join(" · ")),
    h("p", {}, stateMarks(demand)),
    h("blockquote", { class: "answer" }, plain(demand.text)),
    place ? h("p", { class: "small soft" }, `${t("origin")}: `, t("origin_row", [place[0] || DATA.meta.source, place[1]].filter(Boolean).map(plain).join(" · "), number(place[2]))) : null,
    h("h3", {}, t("history")),
    h("ul", { class: "history" }, steps.filter(([, when]) => when).map(([step, when]) => h("li", {}, h("time", { datetime: when }, day(when)), t(step)))),
    tasks.length ? h("p", {}, `${t("next")}: ${t(tasks[0].next_step)}`) : null,
    limits(id),
    owners.length ? [h("h3", {}, t("suggested_owner")), h("ol", {}, owners), h("p", { class: "small soft" }, t("first_asked"))] : null,
    demand.is_open === false ? null : [h("h3", {}, t("precedents")), alike.length ? h("ol", {}, alike.map(precedent)) : h("p", { class: "soft" }, t("no_precedent"))],
    answers.length ? [h("h3", {}, t("clause_of")), answers.map((one) => h("p", {}, h("b", {}, `${plain(one.policy)} ${plain(one.article ?? "")} `), one.eligibility ? h("span", { class: "mark plain" }, t(one.eligibility)) : null, h("br"), plain(one.clause)))] : null,
    mine.length ? [h("h3", {}, t("introductions_of")), h("ol", {}, mine.map((one) => h("li", {}, `${nameOf(one.counterpart_id)}${comma()}${t(one.role)}`, one.path ? h("span", { class: "soft" }, ` ${plain(one.path)}`) : null)))] : null);
  dialog.addEventListener("close", () => { if (byId("overlay").contains(dialog)) { setState({ demand: "" }, { quiet: true }); dialog.remove(); } });
  byId("overlay").replaceChildren(dialog);
  dialog.showModal();
}

export function restoreCard() {
  if (state.demand && !document.querySelector("dialog")) openCard(state.demand, { remember: false });
}
