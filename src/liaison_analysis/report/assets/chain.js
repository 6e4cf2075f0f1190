// The supply chain: one thing in the middle, what goes into it on the left, what it goes into on the right.
import { DATA, setState, state } from "./state.js";
import { announce, h, s, show } from "./dom.js";
import { comma, number, plain, says, t } from "./words.js";
import { enterprises, nameOf } from "./model.js";
import { tableBox } from "./table.js";

const TALLEST = 12;
const WIDTH = 190;
const HEIGHT = 30;
const SWEEPS = 6;

const graph = { made: new Map(), makes: new Map(), up: new Map(), down: new Map(), sought: new Set(), wants: new Map(), sells: new Map(), buys: new Map() };

function add(map, key, value) {
  if (!map.has(key)) map.set(key, []);
  map.get(key).push(value);
}

function load() {
  const raw = DATA.views.chain?.graph;
  if (!raw || graph.loaded) return Boolean(raw);
  raw.offers.forEach(([firm, product]) => { add(graph.made, product, firm); add(graph.makes, firm, product); });
  raw.feeds.forEach(([from, to]) => { add(graph.down, from, to); add(graph.up, to, from); });
  raw.supplies.forEach(([from, to]) => { add(graph.sells, from, to); add(graph.buys, to, from); });
  raw.sought.forEach(([firm, product]) => { graph.sought.add(product); add(graph.wants, firm, product); });
  graph.loaded = true;
  return true;
}

const E = (id) => `e:${id}`;
const P = (name) => `p:${name}`;
const label = (node) => (node.startsWith("e:") ? nameOf(node.slice(2)) : plain(node.slice(2)));
const list = (map, key) => map.get(key) || [];

function kind(node) {
  if (node.startsWith("e:")) return "enterprise";
  const product = node.slice(2);
  const makers = list(graph.made, product).filter((firm) => firm !== state.without);
  if (makers.length) return graph.sought.has(product) ? "made sought" : "made";
  return graph.sought.has(product) ? "missing sought" : "missing";
}

// Products first that a demand asks for, then those that somebody makes, then by how much hangs on them.
function ranked(products) {
  const weight = (name) => [graph.sought.has(name) ? 0 : 1, list(graph.made, name).length ? 0 : 1, -list(graph.down, name).length];
  return [...new Set(products)].sort((a, b) => {
    const [x, y] = [weight(a), weight(b)];
    return x[0] - y[0] || x[1] - y[1] || x[2] - y[2] || (a < b ? -1 : 1);
  });
}

// Columns around the centre: node -> layer, and how many each layer leaves out.
function around(centre) {
  const layers = new Map();
  const more = new Map();
  const edges = [];
  const place = (layer, nodes) => {
    const fresh = nodes.filter((node) => ![...layers.values()].some((column) => column.includes(node)));
    const room = Math.max(0, TALLEST - (layers.get(layer)?.length || 0));
    layers.set(layer, [...(layers.get(layer) || []), ...fresh.slice(0, room)]);
    if (fresh.length > room) more.set(layer, (more.get(layer) || 0) + fresh.length - room);
  };
  layers.set(0, [centre]);
  if (centre.startsWith("e:")) {
    const own = ranked(list(graph.makes, centre.slice(2)));
    place(1, own.map(P));
    place(-1, ranked(own.flatMap((one) => list(graph.up, one))).filter((one) => !own.includes(one)).map(P));
    place(2, ranked(own.flatMap((one) => list(graph.down, one))).filter((one) => !own.includes(one)).map(P));
    layers.get(1).forEach((node) => edges.push([centre, node]));
    layers.get(-1).forEach((node) => edges.push([node, centre]));
    link(layers.get(1), layers.get(2), edges);
  } else {
    const product = centre.slice(2);
    place(-1, ranked(list(graph.up, product)).map(P));
    place(1, ranked(list(graph.down, product)).map(P));
    place(-2, ranked(layers.get(-1).flatMap((node) => list(graph.up, node.slice(2)))).slice(0, TALLEST).map(P));
    layers.get(-1).forEach((node) => edges.push([node, centre]));
    layers.get(1).forEach((node) => edges.push([centre, node]));
    link(layers.get(-2), layers.get(-1), edges);
    place(2, list(graph.made, product).map(E));
    layers.get(2).filter((node) => node.startsWith("e:")).forEach((node) => edges.push([centre, node, "makes"]));
  }
  return { layers, more, edges };
}

function link(left = [], right = [], edges = []) {
  left.forEach((a) => right.forEach((b) => { if (list(graph.down, a.slice(2)).includes(b.slice(2))) edges.push([a, b]); }));
}

// Rows by the mean row of the neighbours, sweep by sweep (Sugiyama et al. 1981), as supply_chain.layouts does.
function arrange({ layers, edges }) {
  const near = new Map();
  edges.forEach(([a, b]) => { add(near, a, b); add(near, b, a); });
  const row = new Map();
  const order = [...layers.keys()].sort((a, b) => a - b);
  const settle = (column) => column.forEach((node, i) => row.set(node, i - (column.length - 1) / 2));
  order.forEach((layer) => settle(layers.get(layer)));
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    (sweep % 2 ? [...order].reverse() : order).forEach((layer) => {
      const column = layers.get(layer);
      const mean = (node) => { const rows = list(near, node).map((one) => row.get(one)); return rows.length ? rows.reduce((sum, one) => sum + one, 0) / rows.length : row.get(node); };
      column.map((node, i) => [mean(node), i, node]).sort((a, b) => a[0] - b[0] || a[1] - b[1]).forEach(([, , node], i) => { column[i] = node; });
      settle(column);
    });
  }
  return { order, row };
}

export function chainFigure(centre, route = []) {
  const view = route.length ? routeLayers(route) : around(centre);
  const { order, row } = arrange(view);
  const tallest = Math.max(...order.map((layer) => view.layers.get(layer).length));
  const width = order.length * (WIDTH + 56) + 10;
  const height = Math.max(2, tallest) * (HEIGHT + 8) + 56;
  const x = (node) => 8 + order.findIndex((layer) => view.layers.get(layer).includes(node)) * (WIDTH + 56);
  const y = (node) => height / 2 - 12 + row.get(node) * (HEIGHT + 8) - HEIGHT / 2;
  const lines = view.edges.map(([a, b]) => { const [x1, y1, x2, y2] = [x(a) + WIDTH, y(a) + HEIGHT / 2, x(b), y(b) + HEIGHT / 2]; return s("path", { class: `edge${route.length ? " onroute" : ""}`, d: `M${x1},${y1}C${x1 + 28},${y1} ${x2 - 28},${y2} ${x2},${y2}` }); });
  const nodes = order.flatMap((layer) => view.layers.get(layer)).map((node) => box(node, x(node), y(node), node === centre));
  const rest = [...view.more].filter(([layer]) => order.includes(layer)).map(([layer, n]) => s("text", { class: "soft", x: 12 + order.indexOf(layer) * (WIDTH + 56), y: height - 8 }, t("more_nodes", number(n))));
  const title = route.length ? t("routes_found", route.length - 1) : t("view_of", label(centre));
  const svg = s("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "group", "aria-label": title }, lines, nodes, rest);
  svg.addEventListener("keydown", (event) => move(event, svg));
  return [h("div", { class: "chainbox", tabindex: "0", role: "region", "aria-label": title }, svg), asList(view, order, title)];
}

function routeLayers(route) {
  const layers = new Map(route.map((node, i) => [i, [node]]));
  return { layers, more: new Map(), edges: route.slice(1).map((node, i) => [route[i], node]) };
}

function box(node, left, top, isCentre) {
  const text = label(node);
  const short = text.length > 13 ? `${text.slice(0, 12)}…` : text;
  const dropped = state.without && node === E(state.without);
  const note = node.startsWith("p:") ? list(graph.made, node.slice(2)).length : 0;
  const choose = () => centreOn(node);
  return s("g", { class: `node ${kind(node)}${isCentre ? " centre" : ""}${dropped ? " lost" : ""}`, transform: `translate(${left},${top})`, tabindex: isCentre ? "0" : "-1", role: "button", "aria-label": `${short}${note ? ` ${number(note)}` : ""}${short === text ? "" : comma2() + text}${comma2()}${kind(node).split(" ").map((one) => t({ enterprise: "enterprise_node", made: "made_here", sought: "asked_for_node", missing: "nobody_makes" }[one])).join(comma2())}`, onclick: choose, onkeydown: (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); choose(); } } },
    s("title", {}, text), s("rect", { width: WIDTH, height: HEIGHT, rx: 6 }), s("text", { x: 8, y: 20 }, short), note ? s("text", { x: WIDTH - 8, y: 20, "text-anchor": "end", class: isCentre ? null : "soft" }, number(note)) : null);
}

const comma2 = comma;

function move(event, svg) {
  const by = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
  if (!by) return;
  const nodes = [...svg.querySelectorAll(".node")];
  const at = nodes.indexOf(document.activeElement);
  if (at < 0) return;
  event.preventDefault();
  const next = nodes[(at + by + nodes.length) % nodes.length];
  nodes.forEach((one) => one.setAttribute("tabindex", one === next ? "0" : "-1"));
  next.focus();
}

function asList(view, order, title) {
  return h("details", { class: "no-print", open: matchMedia("(max-width: 480px)").matches }, h("summary", {}, t("chain_list")), h("ul", {}, order.map((layer) => h("li", {}, `${layer < 0 ? t("upstream") : layer > 0 ? t("downstream") : title}: ${view.layers.get(layer).map(label).join(comma())}`))));
}

let panel = null;

function centreOn(node) {
  setState({ node, from: "", to: "" }, { quiet: true });
  redraw();
  panel?.querySelector(".node.centre")?.focus();
  announce(t("view_of", label(node)));
}

function find(text) {
  const wanted = text.trim().toLowerCase();
  if (!wanted) return null;
  const nodes = allNodes();
  return nodes.find((node) => label(node).toLowerCase() === wanted) || nodes.find((node) => label(node).toLowerCase().includes(wanted)) || null;
}

function allNodes() {
  const products = new Set([...graph.made.keys(), ...graph.up.keys(), ...graph.down.keys()]);
  return [...[...enterprises.keys()].map(E), ...[...products].sort().map(P)];
}

// Shortest route by steps over products that somebody here makes.
export function routeBetween(from, to) {
  const next = (node) => {
    if (node.startsWith("e:")) return list(graph.makes, node.slice(2)).map(P);
    const product = node.slice(2);
    const made = list(graph.down, product).filter((one) => list(graph.made, one).some((firm) => firm !== state.without));
    return [...made.map(P), ...list(graph.made, product).map(E).filter((one) => one === to)];
  };
  const before = new Map([[from, null]]);
  const queue = [from];
  while (queue.length) {
    const node = queue.shift();
    if (node === to) {
      const path = [];
      for (let at = node; at; at = before.get(at)) path.unshift(at);
      return path;
    }
    next(node).forEach((one) => { if (!before.has(one)) { before.set(one, node); queue.push(one); } });
  }
  return [];
}

// What an enterprise alone makes here, and who would lack it, straight or over others.
export function dropOut(firm) {
  const lost = list(graph.makes, firm).filter((product) => list(graph.made, product).length === 1);
  const reached = new Set(lost);
  const queue = [...lost];
  while (queue.length) list(graph.down, queue.shift()).forEach((one) => { if (!reached.has(one) && list(graph.made, one).length) { reached.add(one); queue.push(one); } });
  const hit = new Set([...reached].flatMap((product) => list(graph.made, product)).filter((one) => one !== firm));
  return { lost, hit: [...hit] };
}

function firstNode() {
  const seeker = DATA.views.introductions?.rows ? DATA.views.salons?.seeker : "";
  const gap = DATA.views.chain.tables.gaps?.rows?.[0]?.[0];
  return seeker ? E(seeker) : gap ? P(gap) : allNodes()[0];
}

function redraw() {
  if (!panel) return;
  const centre = state.node && (state.node.startsWith("e:") ? enterprises.has(state.node.slice(2)) : true) ? state.node : firstNode();
  if (!centre) return show(panel, h("p", {}, t("no_rows")));
  const route = state.from && state.to ? routeBetween(state.from, state.to) : [];
  const isFirm = centre.startsWith("e:");
  const id = centre.slice(2);
  const known = Number(enterprises.get(id)?.is_synthetic);
  const facts = isFirm
    ? [[t("products"), list(graph.makes, id).map(P)], [t("suppliers"), list(graph.buys, id).map(E)], [t("customers"), list(graph.sells, id).map(E)], [t("ask"), list(graph.wants, id).map(P)]]
    : [[t("makers"), list(graph.made, id).map(E)], [t("upstream"), list(graph.up, id).map(P)], [t("downstream"), list(graph.down, id).map(P)]];
  const links = (nodes) => nodes.slice(0, 12).map((node, i) => [i ? comma() : "", h("button", { type: "button", class: "linkish", onclick: () => centreOn(node) }, label(node))]);
  const drop = isFirm ? dropOut(id) : null;
  const missed = state.from && state.to && !route.length ? h("p", { class: "mark bad" }, t("no_route")) : null;
  show(panel,
    h("h3", {}, label(centre), " ", isFirm && known ? h("span", { class: "mark" }, t("synthetic")) : null, " ",
      isFirm ? h("button", { type: "button", class: "no-print", "aria-pressed": String(state.without === id), onclick: () => { setState({ without: state.without === id ? "" : id }, { quiet: true }); redraw(); } }, t(state.without === id ? "restore" : "drop_out")) : null),
    state.without && isFirm && state.without === id ? h("p", { class: "answer", role: "status" }, t("dropped", label(centre), number(drop.lost.length), number(drop.hit.length)), drop.lost.length ? [" ", links(drop.lost.map(P))] : null) : null,
    missed, route.length ? h("p", {}, t("routes_found", number(route.length - 1))) : null,
    chainFigure(centre, route),
    h("ul", {}, facts.filter(([, nodes]) => nodes.length).map(([name, nodes]) => h("li", {}, h("b", {}, `${name}: `), links(nodes), nodes.length > 12 ? ` ${t("more_nodes", number(nodes.length - 12))}` : ""))));
  return undefined;
}

export function chainView() {
  const part = DATA.views.chain;
  load();
  panel = h("div", {});
  redraw();
  const options = h("datalist", { id: "chain-names" }, allNodes().slice(0, 6000).map((node) => h("option", { value: label(node) })));
  const field = (name, key, run) => h("label", {}, t(key), h("input", { list: "chain-names", name, type: "search", value: name === "find" ? "" : state[name] ? label(state[name]) : "", onchange: (event) => run(event.target.value) }));
  const tables = part.tables;
  return [
    h("p", { class: "answer" }, says(part.text)),
    h("div", { class: "filters" }, options,
      field("find", "search_chain", (text) => { const node = find(text); if (node) centreOn(node); }),
      field("from", "route_from", (text) => { setState({ from: find(text) || "" }, { quiet: true }); redraw(); }),
      field("to", "route_to", (text) => { setState({ to: find(text) || "" }, { quiet: true }); redraw(); }),
      h("button", { type: "button", onclick: () => { setState({ from: "", to: "", without: "" }, { quiet: true }); redraw(); } }, t("clear"))),
    h("p", { class: "soft small no-print" }, t("chain_help")),
    h("ul", { class: "keys", "aria-label": t("legend") }, [["enterprise", "enterprise_node"], ["made", "made_here"], ["sought", "asked_for_node"], ["missing", "nobody_makes"]].map(([name, key]) => h("li", { class: name }, h("i", { "aria-hidden": "true" }), t(key)))),
    panel,
    tableBox("gaps", tables.gaps, { filtered: false }),
    h("div", { class: "columns" }, tableBox("gaps_by_town", tables.gaps_by_town), tableBox("extensions", tables.extensions, { filtered: false })),
    tableBox("single", tables.single, { filtered: false }),
    tableBox("key", tables.key), tableBox("clusters", tables.clusters, { filtered: false }),
  ];
}
