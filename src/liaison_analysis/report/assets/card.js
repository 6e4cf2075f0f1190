// A demand's card: its words, where it stands in the workbook, its history, the policy and introductions.
import { DATA, setState, state } from "./state.js";
import { byId, h } from "./dom.js";
import { comma, day, plain, t } from "./words.js";
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

export function openCard(id, { remember = true } = {}) {
  const demand = demandById.get(id);
  if (!demand) return;
  if (remember) setState({ demand: id }, { quiet: true });
  const firm = enterprises.get(demand.enterprise_id) || {};
  const answers = objects(DATA.views.policies?.tables?.answers).filter((one) => one.demand_id === id);
  const tasks = objects(DATA.views.loop?.tables?.tasks).filter((one) => one.demand_id === id);
  const mine = introductions.filter((one) => one.demand_id === id).sort((a, b) => b.score - a.score).slice(0, 5);
  const place = DATA.views.demands.origin?.[id];
  const steps = [["collected", demand.raised_on], ["assigned", demand.assigned_on], [UNSOLVED.includes(demand.status) ? demand.status : "settled", demand.settled_on], ["fed_back", demand.fed_back_on]];
  const dialog = h("dialog", { "aria-labelledby": "card-title" },
    h("div", { class: "bar" }, h("h2", { id: "card-title", class: "grow" }, `${id} · ${nameOf(demand.enterprise_id)} `), synthetic(demand.enterprise_id), h("button", { type: "button", onclick: () => dialog.close() }, t("close"))),
    h("p", { class: "soft" }, [firm.town ? t(firm.town) : null, demand.theme, demand.owner ? t(demand.owner) : null, firm.officer_id ? t("of_officer", firm.officer_id) : null].filter(Boolean).map(plain).join(" · ")),
    h("p", {}, stateMarks(demand)),
    h("blockquote", { class: "answer" }, plain(demand.text)),
    place ? h("p", { class: "small soft" }, `${t("origin")}${t("origin_place", ...place)}`) : null,
    h("h3", {}, t("history")),
    h("ul", { class: "history" }, steps.filter(([, when]) => when).map(([step, when]) => h("li", {}, h("time", { datetime: when }, day(when)), t(step)))),
    tasks.length ? h("p", {}, `${t("state_now")}: ${t(tasks[0].next_step)}`) : null,
    answers.length ? [h("h3", {}, t("clause_of")), answers.map((one) => h("p", {}, h("b", {}, `${plain(one.policy)} ${plain(one.article ?? "")} `), one.eligibility ? h("span", { class: "mark plain" }, t(one.eligibility)) : null, h("br"), plain(one.clause)))] : null,
    h("h3", {}, t("introductions_of")),
    mine.length ? h("ol", {}, mine.map((one) => h("li", {}, `${nameOf(one.counterpart_id)}${comma()}${t(one.role)}`, one.path ? h("span", { class: "soft" }, ` ${plain(one.path)}`) : null))) : h("p", { class: "soft" }, t("no_introductions")));
  dialog.addEventListener("close", () => { setState({ demand: "" }, { quiet: true }); dialog.remove(); });
  byId("overlay").replaceChildren(dialog);
  dialog.showModal();
}

export function restoreCard() {
  if (state.demand && !document.querySelector("dialog")) openCard(state.demand, { remember: false });
}
