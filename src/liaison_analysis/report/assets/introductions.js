// Introductions: call sheets by officer.
import { DATA, setState, state } from "./state.js";
import { h, show } from "./dom.js";
import { comma, header, number, plain, says, t } from "./words.js";
import { demandLink, synthetic } from "./card.js";
import { calls, demandById, introductions, nameOf, passes } from "./model.js";
import { tableBox } from "./table.js";

const FIRST = 12;
const SERVICES = ["financier", "tester", "research partner"];
let limit = FIRST;

// What the demand asks for, and what the counterpart does: the same thing only where the words or the catalogue say so.
const SAME = ["same", "named", "", null, undefined];

function whyAsked(one) {
  const { role, product, object } = one;
  if (SERVICES.includes(role)) return product ? t("why_service_of", t(role), product) : t("why_service", t(role));
  if (role === "customer") return object ? (product ? t("why_sells_to", object, product) : t("why_sells", object)) : product ? t("why_customer", product) : "";
  if (!product) return object ? t("why_asked", object) : "";
  return SAME.includes(one.match) || !object ? t("why_asked", product) : t("why_asked_of", object, product);
}

// Why the two should meet, in forty characters or so.
export function whyShort(one) {
  const asked = one.demand_id ? whyAsked(one) : "";
  const back = one.counterpart_wanted_product ? t("why_back", one.counterpart_wanted_product) : "";
  const text = asked || back || one.path || "";
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}

export function evidenceBar(one) {
  const rest = Math.max(0, 1 - one.chain_share - one.asked_share - one.back_share);
  const parts = [["chain_share", one.chain_share], ["asked_share", one.asked_share], ["back_share", one.back_share], ["context_share", rest]];
  // In words: a percentage would read like a chance. What weighs less than a twentieth is in the bar alone.
  const [most, ...others] = parts.filter(([, share]) => share >= 0.05).sort((a, b) => b[1] - a[1]).map(([name]) => t(name));
  const spoken = others.length ? t("evidence_mostly", most, others.join(comma())) : most;
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 100 6");
  svg.setAttribute("width", "170");
  svg.setAttribute("height", "10");
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", `${t("evidence")}: ${spoken}`);
  let at = 0;
  ["var(--blue)", "var(--orange)", "var(--green)", "var(--soft)"].forEach((colour, i) => {
    const bar = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    const share = parts[i][1] * 100;
    Object.entries({ x: at, y: 0, width: share, height: 6, fill: colour }).forEach(([name, value]) => bar.setAttribute(name, value));
    at += share;
    svg.append(bar);
  });
  return [svg, h("span", { class: "small soft" }, spoken)];
}

export function introductionsView() {
  const part = DATA.views.introductions;
  const list = h("div", {});
  const officers = [...new Set(introductions().map((one) => one.officer_id))].filter(Boolean).sort();
  const roles = [...new Set(introductions().map((one) => one.role))];
  const redraw = () => show(list, sheets(redraw));
  const pick = (name, values, all, label) => h("label", {}, label, h("select", { name, onchange: (event) => { setState({ [name]: event.target.value, seeker: "" }, { quiet: true }); limit = FIRST; redraw(); } }, h("option", { value: "" }, t(all)), values.map(([value, text]) => h("option", { value, selected: state[name] === value }, text))));
  redraw();
  return [
    h("p", { class: "answer" }, says(part.text)),
    part.calibrated ? null : h("p", { class: "soft small" }, t("score_note")),
    h("div", { class: "filters" },
      h("label", {}, t("search"), h("input", { type: "search", value: state.q || "", oninput: (event) => { setState({ q: event.target.value, seeker: "" }, { quiet: true }); limit = FIRST; redraw(); } })),
      officers.length ? pick("officer", officers.map((one) => [one, one]), "all_officers", t("officer")) : null,
      pick("role", roles.map((one) => [one, t(one)]), "all_roles", header("role"))),
    list,
    h("p", { class: "soft small" }, t("top_only", part.listed)),
    tableBox("pairs", part.rows, { title: "all_pairs", paper: false, leave: ["chain_share", "asked_share", "back_share", "officer_id", "counterpart_demand_id", "match"] }),
    tableBox("without_introduction", part.tables.without_introduction),
  ];
}

function chosen() {
  const query = (state.q || "").trim().toLowerCase();
  const base = state.seeker || query || state.role ? introductions() : calls;
  return base.filter((one) => passes(one) && (!state.seeker || one.seeker_id === state.seeker) && (!state.officer || one.officer_id === state.officer) && (!state.role || one.role === state.role)
    && (!query || `${nameOf(one.seeker_id)} ${nameOf(one.counterpart_id)} ${one.path ?? ""} ${one.product ?? ""}`.toLowerCase().includes(query)))
    .sort((a, b) => Number(b.both_sides) - Number(a.both_sides) || b.score - a.score);
}

function sheets(redraw) {
  const rows = chosen();
  const groups = new Map();
  rows.forEach((one) => { const key = one.officer_id || ""; if (!groups.has(key)) groups.set(key, []); groups.get(key).push(one); });
  const ordered = [...groups.entries()];
  const most = document.documentElement.dataset.printing ? 4 : limit;
  return [
    rows.length ? h("p", { class: "soft", role: "status" }, t("sheet_count", number(rows.length))) : h("p", { class: "soft" }, t("no_rows")),
    ordered.slice(0, most).map(([officer, mine]) => h("section", { class: "sheet" }, h("h3", {}, officer ? t("of_officer", plain(officer)) : t("no_officer")), mine.slice(0, document.documentElement.dataset.printing ? 3 : 12).map(callRow))),
    ordered.length > most ? h("button", { type: "button", class: "more", onclick: () => { limit += FIRST; redraw(); } }, t("more", number(Math.min(FIRST, ordered.length - most)))) : null,
  ];
}

function callRow(one) {
  const demand = demandById.get(one.demand_id);
  const who = (id) => [h("b", {}, nameOf(id)), " ", synthetic(id)];
  return h("div", { class: "call" },
    h("div", {}, h("div", {}, who(one.seeker_id)), h("div", {}, "→ ", who(one.counterpart_id)), h("span", { class: "mark plain" }, t(one.role)), " ", one.both_sides ? h("span", { class: "mark good" }, t("both_want")) : null, " ", one.competitor ? h("span", { class: "mark bad" }, t("rival")) : null),
    h("div", {}, h("p", {}, whyShort(one)), one.path ? h("p", { class: "small soft" }, plain(one.path)) : null, demand ? h("p", { class: "small" }, demandLink(one.demand_id), " ", `“${plain(demand.text)}”`) : null),
    h("div", {}, evidenceBar(one)));
}
