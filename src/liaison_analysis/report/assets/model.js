// The data as objects with keys: enterprises, demands, introductions.
import { DATA, FILTERS, state } from "./state.js";
import { plain } from "./words.js";

export function objects(table) {
  if (!table) return [];
  const { columns } = table;
  return table.rows.map((row) => {
    // A loop: lists of pairs take ten times as long, and tens of thousands of rows stand before the first view.
    const one = {};
    for (let i = 0; i < columns.length; i += 1) one[columns[i]] = row[i];
    return one;
  });
}

export const enterprises = new Map(objects(DATA.enterprises).map((one) => [one.enterprise_id, one]));
export const nameOf = (id) => plain(enterprises.get(id)?.name ?? id);

const view = (name) => DATA.views[name] || {};

// Made when a view first asks for it; the first screen needs only the enterprises and the calls.
const later = (make) => { let made; return () => (made ??= make()); };
export const demands = later(() => objects(view("demands").rows));
export const introductions = later(() => objects(view("introductions").rows));
const byId = later(() => new Map(demands().map((one) => [one.demand_id, one])));
export const demandById = { get: (id) => byId().get(id), has: (id) => byId().has(id) };
export const calls = objects(view("introductions").calls);
export const themeOf = (id) => demandById.get(id)?.theme;

const seen = (values) => [...new Set(values.filter((value) => value !== null && value !== undefined && value !== ""))];
export const choices = {
  town: later(() => seen([...enterprises.values()].map((one) => one.town)).sort()),
  theme: later(() => objects(view("themes").tables?.themes).map((one) => one.name)),
  owner: later(() => seen(demands().map((one) => one.owner)).sort()),
};

// Whether any of the shared filters is set.
export const isFiltering = () => FILTERS.some((name) => state[name]);

// Whether a row passes the shared filters; a row that does not know a column passes.
export function passes(row) {
  return FILTERS.every((name) => {
    const wanted = state[name];
    if (!wanted) return true;
    const value = attribute(row, name);
    return value === undefined || value === wanted;
  });
}

function attribute(row, name) {
  if (row[name] !== undefined) return row[name];
  const demand = demandById.get(row.demand_id);
  if (demand && name !== "town") return demand[name];
  if (name === "town") {
    const id = row.enterprise_id ?? row.seeker_id ?? demand?.enterprise_id;
    return id === undefined ? undefined : enterprises.get(id)?.town ?? null;
  }
  return undefined;
}
