// Policies: search over clauses, what answers demands, who may claim what, windows and briefings.
import { DATA, setState, state } from "./state.js";
import { h, show } from "./dom.js";
import { comma, day, number, plain, says, t } from "./words.js";
import { save } from "./export.js";
import { nameOf, objects, passes } from "./model.js";
import { cellText, tableBox } from "./table.js";

export function policiesView() {
  const part = DATA.views.policies;
  const list = h("div", {});
  const clauses = objects(part.clauses);
  const fits = new Map(objects(part.tables.fits).map((one) => [one.clause_id, one]));
  const draw = () => {
    const query = (state.q || "").trim();
    const found = clauses.map((one) => [match(one, query), one]).filter(([score]) => !query || score > 0).sort((a, b) => b[0] - a[0]).map(([, one]) => one);
    const most = document.documentElement.dataset.printing ? 4 : query ? 12 : 6;
    show(list, h("p", { class: "soft", role: "status" }, found.length === clauses.length ? t("clauses_n", number(clauses.length)) : t("clauses_of", number(found.length), number(clauses.length))), h("ul", { class: "grid" }, found.slice(0, most).map((one) => clauseCard(one, fits.get(one.clause_id)))));
  };
  draw();
  return [
    h("p", { class: "answer" }, says(part.text)),
    h("div", { class: "filters" }, h("label", {}, t("search_clauses"), h("input", { type: "search", value: state.q || "", oninput: (event) => { setState({ q: event.target.value }, { quiet: true }); draw(); } }))),
    list,
    tableBox("answers", part.tables.answers, { leave: ["clause_id"] }), tableBox("unanswered", part.tables.unanswered),
    grants(part), tableBox("asked_fields", part.tables.asked_fields),
    tableBox("windows", part.tables.windows, { filtered: false }),
    part.calendar ? h("p", { class: "no-print" }, h("button", { type: "button", onclick: () => save(`${t("windows")}.ics`, "text/calendar", part.calendar) }, t("ics"))) : null,
    h("div", { class: "columns" }, tableBox("fits", part.tables.fits, { filtered: false }), tableBox("expiring", part.tables.expiring, { filtered: false })),
    briefings(part),
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


// Grants without application, clause by clause: how many firms, which, and the sum.
function grants(part) {
  const rows = objects(part.tables.grants);
  const clauses = new Map();
  rows.forEach((one) => { if (!clauses.has(one.clause_id)) clauses.set(one.clause_id, []); clauses.get(one.clause_id).push(one); });
  const listed = [...clauses.values()].filter((mine) => mine.some((one) => passes(one)));
  return h("section", {}, h("h3", {}, t("grants")), h("p", { class: "soft small" }, t("grants_note")), listed.length ? h("ul", { class: "grid wide" }, listed.slice(0, 12).map((mine) => {
    const sum = mine.every((one) => one.amount !== null) ? mine.reduce((total, one) => total + one.amount, 0) : null;
    return h("li", { class: "card" }, h("b", {}, `${plain(mine[0].policy)} ${plain(mine[0].article ?? "")}`), mine[0].benefit ? h("p", { class: "small" }, plain(mine[0].benefit)) : null, h("p", {}, t("grants_firms", number(mine.length)), sum === null ? "" : ` · ${t("yuan", number(sum))}`), h("p", { class: "small soft" }, mine.slice(0, 8).map((one) => nameOf(one.enterprise_id)).join(comma()), mine.length > 8 ? ` ${t("more_nodes", number(mine.length - 8))}` : ""));
  })) : h("p", { class: "soft" }, t(DATA.meta.min_group ? "protected_table" : "no_grants")), rows.length ? tableBox("grants", part.tables.grants, { title: "grants_all", paper: false }) : null);
}

// Briefings, each with whom to invite.
function briefings(part) {
  const guests = new Map();
  objects(part.tables.invitations).forEach((one) => { if (!guests.has(one.session)) guests.set(one.session, []); guests.get(one.session).push(one); });
  const rows = objects(part.tables.briefings).filter((one) => !state.town || one.town === state.town);
  if (!rows.length) return null;
  const most = document.documentElement.dataset.printing ? 3 : 6;
  return h("section", {}, h("h3", {}, t("briefings")), h("p", { class: "soft small" }, t("briefings_note")), h("ul", { class: "grid wide" }, rows.slice(0, most).map((one) => h("li", { class: "card" }, h("b", {}, `${number(one.session)}. ${plain(one.policy)}`), h("p", { class: "small" }, [one.town ? t(plain(one.town)) : null, t("invited_n", number(one.n_invited)), t("clauses_n", number(one.n_clauses))].filter(Boolean).join(" · ")), guests.has(one.session) ? h("details", { class: "no-print" }, h("summary", {}, t("guests")), h("p", { class: "small" }, guests.get(one.session).map((guest) => nameOf(guest.enterprise_id)).join(comma()))) : null))),
    tableBox("briefings", part.tables.briefings, { title: "briefings_all", paper: false }), part.tables.invitations.rows.length ? tableBox("invitations", part.tables.invitations, { paper: false }) : null);
}
