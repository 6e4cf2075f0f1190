// Header, menu, shared filters, and the view that is asked for.
import { DATA, FILTERS, VIEWS, addressOf, onState, setState, state } from "./state.js";
import { byId, h, show } from "./dom.js";
import { day, language, number, plain, t } from "./words.js";
import { choices } from "./model.js";
import { restoreCard } from "./card.js";
import { homeView } from "./home.js";
import { todayView } from "./today.js";
import { demandsView } from "./demands.js";
import { themesView } from "./themes.js";
import { introductionsView } from "./introductions.js";
import { chainView } from "./chain.js";
import { policiesView } from "./policies.js";
import { lacking, loopView, methodView, salonsView, visitsView } from "./others.js";

const DRAW = { home: homeView, today: todayView, demands: demandsView, themes: themesView, chain: chainView, introductions: introductionsView, salons: salonsView, loop: loopView, policies: policiesView, visits: visitsView, method: methodView };
const FILTERED = ["today", "demands", "introductions", "loop", "policies", "visits", "chain"];

function theme() {
  return state.look || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
}

function header() {
  const other = language() === "zh" ? "en" : "zh";
  const look = theme() === "dark" ? "light" : "dark";
  return [
    h("div", { class: "bar" }, h("h1", { class: "grow" }, `${t("title")} · ${plain(DATA.meta.source)}`),
      h("button", { type: "button", id: "language", lang: other === "zh" ? "zh-CN" : "en", onclick: () => setState({ lang: other }) }, t("other_language")),
      h("button", { type: "button", id: "look", onclick: () => setState({ look }) }, t(look)),
      h("button", { type: "button", onclick: () => window.print() }, t("print"))),
    h("nav", { "aria-label": t("menu") }, h("ul", {}, VIEWS.map((name) => h("li", {}, h("a", { href: addressOf(name), "aria-current": state.view === name ? "page" : null }, t(name)))))),
  ];
}

function about() {
  const { meta } = DATA;
  return h("div", { class: "about" }, h("span", {}, t("counted_on", day(meta.day))),
    meta.synthetic ? h("span", {}, h("span", { class: "mark" }, t("synthetic")), " ", meta.min_group ? "" : t("synthetic_note", number(meta.synthetic), number(meta.enterprises))) : null,
    meta.min_group ? h("span", {}, t("protected", number(meta.min_group))) : null,
    h("span", {}, meta.notes.length || meta.left_out || meta.review ? h("a", { href: addressOf("method") }, t(meta.left_out ? "left_out" : meta.review ? "review" : "notes")) : t("nothing_left_out")));
}

function filterBar() {
  const all = { town: "all_towns", theme: "all_themes", owner: "all_owners" };
  const label = { town: t("town"), theme: t("themes"), owner: DATA.words.columns.owner[language() === "zh" ? 0 : 1] };
  const fields = FILTERS.filter((name) => choices[name]().length > 1).map((name) => h("label", {}, label[name], h("select", { name, onchange: (event) => setState({ [name]: event.target.value }) }, h("option", { value: "" }, t(all[name])), choices[name]().map((value) => h("option", { value, selected: state[name] === value }, t(plain(value)))))));
  if (!fields.length) return null;
  return h("div", { class: "filters", role: "group", "aria-label": t("filter") }, fields, FILTERS.some((name) => state[name]) ? h("button", { type: "button", onclick: () => setState(Object.fromEntries(FILTERS.map((name) => [name, ""]))) }, t("clear")) : null);
}

function section(name) {
  const part = DATA.views[name];
  const lacks = part && name !== "visits" && (part.missing || part.failed);
  const title = name === "home" ? null : h("h2", { id: `view-${name}` }, t(name));
  return h("section", { class: "view", "data-view": name, "aria-label": t(name) }, title, FILTERED.includes(name) && !lacks && !document.documentElement.dataset.printing ? filterBar() : null, lacks ? lacking(part) : DRAW[name]());
}

function draw(moved = false) {
  document.documentElement.lang = language() === "zh" ? "zh-CN" : "en";
  document.documentElement.dataset.theme = theme();
  document.title = `${t(state.view)} · ${t("title")}`;
  byId("skip").textContent = t("skip");
  const focused = document.activeElement?.id || document.activeElement?.name;
  show(byId("top"), header());
  show(byId("main"), about(), section(state.view));
  if (moved === true) { window.scrollTo(0, 0); byId("main").focus({ preventScroll: true }); }
  else if (focused) (byId(focused) || document.getElementsByName(focused)[0])?.focus();
  restoreCard();
}

// On paper every view stands, each table with its first rows.
function printed() {
  document.documentElement.dataset.printing = "yes";
  show(byId("main"), about(), h("p", { class: "only-print soft" }, t("per_page")), VIEWS.map(section));
}

function unprinted() {
  delete document.documentElement.dataset.printing;
  draw();
}

byId("skip").addEventListener("click", (event) => { event.preventDefault(); byId("main").focus(); });
window.addEventListener("beforeprint", printed);
window.addEventListener("afterprint", unprinted);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => draw());
onState(draw);
// Not before the font is there: text that is laid out without it keeps empty boxes in Chromium.
document.fonts.load('16px "Liaison Chinese"', "中").then(() => draw(), () => draw());
