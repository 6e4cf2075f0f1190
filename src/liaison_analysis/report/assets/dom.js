// Elements made of names and texts; text is never read as markup.
const SVG = "http://www.w3.org/2000/svg";
const CHINESE = /[\u3400-\u9fff]/;
const RUNS = /[\u3000-\u303f\u3400-\u9fff\uff00-\uffef][\u3000-\u303f\u3400-\u9fff\uff00-\uffef0-9A-Za-z·()（）、-]*/g;
// Elements that hold text alone: their language is that of the element.
const WHOLE = new Set(["option", "title", "text", "textarea"]);

// Chinese of the ledger on an English page, marked as such, so that it is read aloud and broken as Chinese.
function marked(element, child) {
  if (typeof child !== "string" || document.documentElement.lang !== "en" || !CHINESE.test(child)) return child;
  if (WHOLE.has(element.localName)) {
    element.setAttribute("lang", "zh-CN");
    return child;
  }
  const parts = [];
  let at = 0;
  for (const run of child.matchAll(RUNS)) {
    if (!CHINESE.test(run[0])) continue;
    const span = document.createElement("span");
    span.lang = "zh-CN";
    span.textContent = run[0];
    parts.push(child.slice(at, run.index), span);
    at = run.index + run[0].length;
  }
  return [...parts, child.slice(at)];
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "value") element.value = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(5).filter((child) => child !== null && child !== undefined && child !== false).map((child) => marked(element, child)).flat());
  return element;
}

export const h = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);
export const s = (tag, attributes, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);
export const byId = (id) => document.getElementById(id);
export const show = (element, ...children) => element.replaceChildren(...children.flat(5).filter(Boolean));

export function announce(text) {
  byId("status").textContent = text;
}
