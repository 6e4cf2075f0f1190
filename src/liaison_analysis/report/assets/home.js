// The first screen: figures, answers, calls, decisions.
import { DATA, addressOf } from "./state.js";
import { h } from "./dom.js";
import { comma, day, monthName, number, plain, says, t } from "./words.js";
import { calls, nameOf } from "./model.js";
import { whyShort } from "./introductions.js";

export function homeView() {
  const { home } = DATA;
  return [
    h("h2", { class: "unseen" }, t("home")),
    home.caution ? h("p", { class: "answer" }, says(home.caution)) : null,
    h("section", { "aria-label": t("figures") }, h("ul", { class: "figures" }, home.figures.map(figureOf))),
    h("div", { class: "home" },
      h("section", {}, h("h2", {}, t("questions")), h("dl", {}, home.answers.map((one) => [h("dt", {}, t(one.question)), h("dd", {}, one.text ? says(one.text) : whyNot(one.view), " ", h("a", { href: addressOf(one.view), "aria-label": `${t("open_view")}: ${t(one.view)}` }, t("open_view")))]))),
      h("section", {}, h("h2", {}, t("decisions")),
        home.decisions.length ? h("ol", { class: "decisions" }, home.decisions.map((one) => h("li", {}, decision(one), " ", h("a", { href: addressOf(one.view), "aria-label": `${t("open_view")}: ${t(one.view)}` }, t("open_view"))))) : h("p", { class: "soft" }, t("no_decision")),
        h("h2", {}, t("calls_first")),
        calls.length ? h("ol", { class: "calls" }, calls.slice(0, 10).map((one) => h("li", {}, one.both_sides ? [h("span", { class: "mark good", title: t("both_want") }, t("both_short")), " "] : null, h("a", { href: addressOf("introductions", { seeker: one.seeker_id }), title: `${nameOf(one.seeker_id)} → ${nameOf(one.counterpart_id)}` }, `${shortName(one.seeker_id)} → ${shortName(one.counterpart_id)}`), h("span", { class: "soft" }, ` ${whyShort(one)}`)))) : h("p", { class: "soft" }, t("no_introductions")))),
  ];
}

const shortName = (id) => plain(DATA.home.short[id] ?? nameOf(id));

// Why a question has no answer: what the ledger lacks for it.
function whyNot(view) {
  const part = DATA.views[view] || {};
  return part.missing ? t("missing", part.missing.map((one) => t(`needs_${one}`)).join(comma())) : t("no_answer");
}

// A month that is not over is compared with as many days of the month before.
const part = (one) => (one.part ? "_part" : "");

function figureOf(one) {
  const moved = one.change === null ? "" : t(one.change === 0 ? `same${part(one)}` : one.change > 0 ? `up${part(one)}` : `down${part(one)}`, number(Math.abs(one.change)));
  return h("li", {}, h("a", { href: addressOf(one.view) }, h("span", { class: "small soft" }, t(one.key, one.month ? monthName(one.month) : "", one.on ? day(one.on) : "")), h("b", {}, number(one.value)), h("span", { class: "small soft" }, moved)));
}

function decision(one) {
  const values = one.arguments.map((value) => (value && typeof value === "object" ? nameOf(value.enterprise) : typeof value === "number" ? number(value) : t(plain(value))));
  return t(one.key, ...values);
}
