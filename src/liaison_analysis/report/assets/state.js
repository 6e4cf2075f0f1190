// What is shown: kept in the address after #, so that a link leads back to it.
const read = (id) => JSON.parse(document.getElementById(id).textContent);
export const DATA = read("data");

// Large tables are read when a view first asks for them, so that the first screen does not wait for them.
DATA.later.forEach((place, i) => {
  const name = place[place.length - 1];
  const part = place.slice(0, -1).reduce((values, key) => values[key], DATA);
  const put = (value) => Object.defineProperty(part, name, { value, enumerable: true, configurable: true });
  Object.defineProperty(part, name, { enumerable: true, configurable: true, get: () => { const value = read(`later-${i}`); put(value); return value; } });
});

export const VIEWS = ["home", "today", "demands", "themes", "chain", "introductions", "salons", "loop", "policies", "visits", "method"];
export const FILTERS = ["town", "theme", "owner"];

const listeners = [];
export const state = readState();

function readState() {
  const [view, query = ""] = decodeAddress().split("?");
  const values = Object.fromEntries(new URLSearchParams(query));
  return { ...values, view: VIEWS.includes(view) ? view : "home" };
}

function decodeAddress() {
  return location.hash.replace(/^#/, "");
}

export function address(changes) {
  const next = { ...state, ...changes };
  const { view, ...rest } = next;
  const kept = Object.entries(rest).filter(([, value]) => value !== "" && value !== null && value !== undefined);
  const query = new URLSearchParams(kept.sort()).toString();
  return `#${view}${query ? `?${query}` : ""}`;
}

// Moving on to another view keeps language, look and the shared filters, and drops what only the old view knows.
export function addressOf(view, changes = {}) {
  const kept = ["lang", "look", ...FILTERS].map((name) => [name, state[name]]);
  const others = Object.fromEntries(Object.keys(state).map((name) => [name, ""]));
  return address({ ...others, ...Object.fromEntries(kept), ...changes, view });
}

export function setState(changes, { quiet = false, replace = true } = {}) {
  const to = address(changes);
  Object.assign(state, changes);
  if (replace) history.replaceState(null, "", to);
  else history.pushState(null, "", to);
  if (!quiet) listeners.forEach((listen) => listen());
}

export function onState(listen) {
  listeners.push(listen);
}

window.addEventListener("hashchange", () => {
  if (!VIEWS.includes(decodeAddress().split("?")[0])) return;
  Object.keys(state).forEach((name) => delete state[name]);
  Object.assign(state, readState());
  listeners.forEach((listen) => listen(true));
});
