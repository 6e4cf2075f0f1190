// Words, numbers and days, in the language that is chosen.
import { DATA, state } from "./state.js";

export const language = () => (state.lang === "en" || state.lang === "zh" ? state.lang : DATA.meta.language);
const at = () => (language() === "zh" ? 0 : 1);
export const locale = () => (language() === "zh" ? "zh-CN" : "en-GB");

export function t(key, ...values) {
  const found = DATA.words.words[key];
  const text = found ? found[at()] : String(key);
  return text.replace(/\{(\d)\}/g, (_, i) => values[Number(i)]);
}

export const hasWord = (key) => key in DATA.words.words;
export const header = (column) => (DATA.words.columns[column] || [column, column])[at()];
export const meaning = (column) => (DATA.words.columns[column] || [])[3 + at()] || "";
export const kindOf = (column) => (DATA.words.columns[column] || [0, 0, "text"])[2];
// A text that is there in both languages, or a word, or a text of the ledger as it is.
export const either = (value) => (value && typeof value === "object" ? value[language()] : t(plain(value)));
export const says = (text) => (text ? text[language()] : "");
export const comma = () => (language() === "zh" ? "、" : ", ");

// A formatter takes longer to make than thousands of cells to write, so each is made once a language.
const formatters = new Map();

function formatter(key, make) {
  const name = `${locale()} ${key}`;
  if (!formatters.has(name)) formatters.set(name, make(locale()));
  return formatters.get(name);
}

export const number = (value, digits = 0) => formatter(`number ${digits}`, (where) => new Intl.NumberFormat(where, { maximumFractionDigits: digits })).format(value);
export const percent = (value) => formatter("percent", (where) => new Intl.NumberFormat(where, { style: "percent", maximumFractionDigits: 1 })).format(value);
export const order = (a, b) => formatter("order", (where) => new Intl.Collator(where)).compare(a, b);

export function day(value) {
  if (!value) return "";
  const date = new Date(`${value}T00:00:00Z`);
  if (Number.isNaN(date.getTime())) return String(value);
  const month = language() === "zh" ? "long" : "short";
  return formatter("day", (where) => new Intl.DateTimeFormat(where, { year: "numeric", month, day: "numeric", timeZone: "UTC" })).format(date);
}

export function monthName(value) {
  const date = new Date(`${value}-01T00:00:00Z`);
  if (Number.isNaN(date.getTime())) return String(value);
  const month = language() === "zh" ? "long" : "short";
  return formatter("month", (where) => new Intl.DateTimeFormat(where, { year: "numeric", month, timeZone: "UTC" })).format(date);
}

// What a search reads of a row, written once a row and language, so that typing does not wait for thousands of rows.
export function searched(write) {
  const known = { zh: new WeakMap(), en: new WeakMap() };
  return (row) => {
    const texts = known[language()];
    if (!texts.has(row)) texts.set(row, write(row).toLowerCase());
    return texts.get(row);
  };
}

// A name of the ledger on one line, without marks that turn the direction of what follows.
export function plain(name) {
  return String(name ?? "").replace(/\s+/g, " ").replace(/[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g, "");
}
