// The panel beside the map: legend, switches, table, comparison. Everything the map shows stands here as text too.
let theMap;

function swatchOf(layer) {
  const swatch = make("span", { class: layer.colour ? "swatch" : "swatch sign", "aria-hidden": "true", style: layer.colour ? `background:${layer.colour};border-color:${layer.edge}` : null });
  if (!layer.colour) swatch.append(layer.swatch());
  return swatch;
}

function fillLegend() {
  const place = document.getElementById("legend");
  for (const [key, layer] of Object.entries(layers)) {
    const box = make("input", { type: "checkbox", id: "layer-" + key, checked: !state.hidden.has(key) });
    box.addEventListener("change", () => { toggle(key, box.checked); });
    place.append(make("label", {}, box, layer.colour || layer.swatch ? swatchOf(layer) : null, layer.words));
  }
  for (const item of signs()) document.getElementById("verdicts").append(item);
}

// The signs of the homes that there are.
function* signs() {
  for (const [verdict, { words }] of Object.entries(VERDICTS)) {
    if (homes.some((one) => one.verdict === verdict)) yield make("li", {}, make("span", { "aria-hidden": "true" }, icon(verdict, "", 18)), " home: " + words);
  }
  if (homes.some(isChosen)) yield make("li", {}, make("span", { "aria-hidden": "true" }, icon("pass", "", 22, true)), " ringed: chosen");
}

// What the ground under it all shows; with a zoom only what is drawn from there.
function* groundSigns(zoom = Infinity) {
  if (plan.tiles) return;
  const { areas, roads, lines, marks } = plan.background, item = (sign, words) => make("li", {}, make("span", { "aria-hidden": "true" }, sign), words);
  const stroke = (...parts) => drawing(16, "0 0 16 16", ...parts.map(([colour, width, dashes]) => ["path", { d: "M0 8H16", stroke: colour, "stroke-width": width, "stroke-dasharray": dashes ?? "none" }]));
  for (const [kind, words] of [["motorway", "Motorway or trunk road"], ["primary", "Main road"], ["secondary", "Secondary road"]]) if (roads[kind]?.length && zoom >= ROAD_LOOKS[kind].from) yield item(stroke([looks.roads[kind], 3]), words);
  if (lines.rail?.length) yield item(stroke([looks.rail, 3], ["#fff", 1.4, "4 4"]), "Railway");
  for (const [kinds, words] of [[["built"], "Built-up area"], [["wood"], "Wood"], [["water", "sea"], "Water"]]) {
    if (kinds.some((kind) => areas[kind]?.length)) yield item(drawing(16, "0 0 16 16", ["rect", { width: 16, height: 12, y: 2, fill: looks.ground[kinds[0]] }]), words);
  }
  const marked = new Set((marks ?? []).map(([kind]) => kind));
  for (const [kind, { from, fill, words }] of Object.entries(MARK_LOOKS)) {
    if (marked.has(kind) && zoom >= from) yield item(drawing(12, "0 0 12 12", ["circle", { cx: 6, cy: 6, r: 4, fill }]), words + (zoom === Infinity && kind === "school" ? ", nearer by" : ""));
  }
}

const MOST_ON_PAPER = 60;
function fillPrintLegend() {
  const items = Object.entries(layers).filter(([key, layer]) => !state.hidden.has(key) && (layer.colour || layer.swatch) && layer.group.getLayers().length)
    .map(([, layer]) => make("li", {}, swatchOf(layer), layer.words));
  if (state.within) items.push(make("li", {}, make("span", { class: "swatch", "aria-hidden": "true", style: `background:rgba(${SHADE}, ${SHADE_SHARE})` }), withinWords()));
  if (!state.hidden.has("homes")) items.push(...signs());
  items.push(...groundSigns(theMap.getZoom()));
  document.getElementById("print-legend").replaceChildren(...items);
  // On paper nothing can be clicked: each number says which home it is.
  const numbered = state.hidden.has("homes") ? [] : shown().filter((one) => one.rank);
  document.getElementById("print-homes").textContent = numbered.length && numbered.length <= MOST_ON_PAPER ? "Homes: " + numbered.map((one) => `${one.rank} ${one.home_id}`).join(", ") + "." : "";
  if (plan.engagement) {
    const told = plan.engagement.neighbours ?? [];
    document.getElementById("print-homes").textContent = told.length ? "Neighbours: " + told.map((one) => `${one.number} ${one.address}`).join("; ") + "." : "";
    document.getElementById("print-words").textContent = plan.engagement.words + ".";
    return;
  }
  const way = state.direction === "to_school" ? "to the school" : "from the school";
  document.getElementById("print-words").textContent = `Areas by car ${way}, ${plan.scenario_words[state.scenario]}.`;
}

function toggle(key, on) {
  if (on) { state.hidden.delete(key); layers[key].group.addTo(theMap); } else { state.hidden.add(key); layers[key].group.remove(); }
  if (key === "detail") placeLabels();
  drawNames();
  say(`${layers[key].words} ${on ? "shown" : "hidden"}`);
  keepView();
}

function choices(id, words, options, current, change) {
  const set = make("fieldset", {}, make("legend", { text: words }));
  for (const [value, label] of options) {
    const radio = make("input", { type: "radio", name: id, id: `${id}-${value}`, value, checked: value === current });
    radio.addEventListener("change", () => change(value));
    set.append(make("label", {}, radio, label));
  }
  return set;
}

function fillSwitches() {
  const place = document.getElementById("switches");
  if (!plan.areas.length) return;
  const redraw = (words) => { drawAreas(); drawDetail(); if (state.within) drawWithin(); keepView(); say(words); };
  place.append(choices("direction", "Journey", [["to_school", "to the school"], ["from_school", "from the school"]], state.direction, (value) => { state.direction = value; redraw("Areas changed"); }));
  place.append(choices("scenario", "Roads", Object.entries(plan.scenario_words), state.scenario, (value) => { state.scenario = value; redraw("Areas changed"); }));
  const box = (id, words, key, change) => {
    const input = make("input", { type: "checkbox", id, checked: state[key] });
    input.addEventListener("change", () => { state[key] = input.checked; change(); keepView(); });
    place.append(make("label", {}, input, words));
  };
  if (families.length) {
    box("by-area", "Show families by postcode district only", "byArea", () => layers.families.redraw());
    box("all-lines", `Lines to all families, not the nearest ${FEW} only`, "allLines", drawDetail);
  }
}

// What the filters keep; those that the page has not are no condition.
function shown() {
  const { verdict, status, authority, chosen, beds, price, minutes, words, extent } = state.filter;
  const worst = (one) => Math.max(one.to_school_min ?? Infinity, one.from_school_min ?? Infinity);
  const plain = (value) => String(value ?? "").toLowerCase().replaceAll(" ", "");
  const view = extent && theMap ? theMap.getBounds() : null;
  return homes.filter((one) => (!verdict || one.verdict === verdict) && (!status || one.status === status) && (!authority || one.authority === authority) && (!chosen || isChosen(one))
    && (!beds || (one.beds ?? 0) >= beds) && (!price || (one.price_gbp ?? Infinity) <= price) && (!minutes || worst(one) <= minutes) && (!view || view.contains(at(one.at)))
    && (!words || plain(`${one.home_id} ${one.address ?? ""} ${one.postcode ?? ""}`).includes(plain(words))));
}

const sorted = () => shown().sort((one, other) => order(one[state.sorting.key], other[state.sorting.key]) * (state.sorting.down ? -1 : 1) || order(one.rank, other.rank) || order(one.home_id, other.home_id));

// Each home's row is made once; of very many the first stand at once and the others follow when the browser has time.
const AT_ONCE = 60, rows = new Map();
let waiting = [];
function rowOf(one) {
  const known = rows.get(one.home_id);
  if (known) return known;
  const compare = make("input", { type: "checkbox", "aria-label": `Compare ${one.home_id}` });
  compare.checked = state.compared.includes(one.home_id);
  compare.addEventListener("change", () => choose(one.home_id, compare));
  const cells = columns.map((column) => column.key === "home_id"
    ? make("th", { scope: "row" }, make("button", { type: "button", text: one.home_id, onclick: () => select(one.home_id, true) }))
    : make("td", { class: column.kind === "text" ? null : "number", text: written(one, column) }));
  const row = make("tr", { "data-home": one.home_id, class: one.home_id === state.selected ? "selected" : null }, make("td", {}, make("label", { class: "target" }, compare)), ...cells);
  rows.set(one.home_id, row);
  return row;
}

function fillTable() {
  const body = document.getElementById("rows");
  if (!body) return;
  const found = sorted(), idle = waiting.length === 0;
  body.replaceChildren(...found.slice(0, AT_ONCE).map(rowOf));
  waiting = found.slice(AT_ONCE);
  if (idle && waiting.length) whenIdle(addRows);
  document.getElementById("count").textContent = `${found.length} of ${homes.length} homes`;
}

const whenIdle = (work) => (window.requestIdleCallback ? window.requestIdleCallback(work, { timeout: 1000 }) : setTimeout(work, 50));

function addRows() {
  document.getElementById("rows").append(...waiting.splice(0, 150).map(rowOf));
  if (waiting.length) whenIdle(addRows);
}

function refilter() { fillTable(); arrange(); drawNames(); keepView(); say(document.getElementById("count").textContent); }

function order(one, other) {
  if (missing(one) || missing(other)) return missing(one) - missing(other);
  return typeof one === "number" ? one - other : String(one).localeCompare(String(other), "en-GB", { numeric: true });
}

function fillHead() {
  const row = document.getElementById("head");
  row.append(make("th", { scope: "col", text: "Compare" }));
  const tell = (head, key) => head.setAttribute("aria-sort", key !== state.sorting.key ? "none" : state.sorting.down ? "descending" : "ascending");
  const heads = columns.map(({ key, words, kind }) => {
    const head = make("th", { scope: "col", class: kind === "text" ? null : "number" });
    head.append(make("button", { type: "button", text: words, onclick: () => {
      state.sorting = { key, down: state.sorting.key === key ? !state.sorting.down : false };
      heads.forEach(([other, otherKey]) => tell(other, otherKey));
      fillTable(); keepView(); say(`Sorted by ${words}, ${state.sorting.down ? "descending" : "ascending"}`);
    } }));
    tell(head, key);
    row.append(head);
    return [head, key];
  });
  for (const input of document.querySelectorAll("[data-filter]")) {
    const key = input.dataset.filter;
    if (input.tagName === "SELECT" && key !== "verdict") for (const value of [...new Set(homes.map((one) => one[key]).filter((value) => !missing(value)))].sort()) input.append(make("option", { text: value }));
    const given = state.filter[key];
    if (input.type === "checkbox") input.checked = Boolean(given); else if (given) input.value = given;
    input.addEventListener("input", () => { state.filter[key] = input.type === "checkbox" ? input.checked : input.type === "number" ? Number(input.value) : input.value; refilter(); });
  }
}

function select(id, open) {
  const one = home(id);
  if (!one) return;
  markers.get(state.selected)?.getElement()?.classList.remove("selected");
  rows.get(state.selected)?.classList.remove("selected");
  state.selected = id;
  drawDetail();
  arrange();
  if (open) {
    const opener = document.activeElement;
    // The window moves the map as far as it needs; only a home beyond the view is gone to.
    if (!theMap.getBounds().contains(at(one.at))) theMap.setView(at(one.at), theMap.getZoom(), { animate: false });
    if (standing.has(`sign ${id}`) && theMap.hasLayer(layers.homes.group)) { markers.get(id).openPopup(); opened = opener; }
  }
  const row = rowOf(one);
  row.classList.add("selected");
  if (waiting.includes(one)) document.getElementById("rows").append(...waiting.splice(0).map(rowOf));
  if (row.isConnected) bringIntoView(row);
  fillDetail(one);
  say(`${id} selected: ${VERDICTS[one.verdict].words}`);
  keepView();
}

// On a narrow screen the table stands under the map: whoever taps a sign stays with the map, and only the table is moved.
function bringIntoView(row) {
  if (!window.matchMedia("(max-width: 800px)").matches) { row.scrollIntoView({ block: "nearest" }); return; }
  const place = row.closest(".table-place"), inside = row.getBoundingClientRect(), frame = place.getBoundingClientRect(), head = document.getElementById("head").offsetHeight;
  if (inside.top < frame.top + head || inside.bottom > frame.bottom) place.scrollTop += inside.top - frame.top - head;
}

function fillDetail(one) {
  const place = document.getElementById("detail");
  place.replaceChildren(homeFacts(one, "h3"));
  if (!families.length) return;
  const body = make("tbody"), head = make("thead", {}, make("tr", {}, ...["Child", "Council", "Minutes"].map((words) => make("th", { scope: "col", text: words }))));
  const more = make("details", {}, make("summary", { text: "Minutes to each child's family" }), make("table", {}, head, body));
  more.addEventListener("toggle", async () => {
    body.replaceChildren(...(await timedFamilies(one)).map(([family, minutes]) =>
      make("tr", {}, make("th", { scope: "row", text: family.child_ref }), make("td", { text: family.authority ?? "" }), make("td", { class: "number", text: minutes === null ? "no way" : number(minutes, 0) }))));
  }, { once: true });
  place.append(more);
  if (plan.unplaced_children) place.append(make("p", { text: `Of ${plan.unplaced_children} ${plan.unplaced_children === 1 ? "child" : "children"} the family's place is not known: no line and no minutes stand for them.` }));
}

function choose(id, box) {
  state.compared = box.checked ? [...state.compared, id].slice(-2) : state.compared.filter((one) => one !== id);
  for (const [other, row] of rows) row.querySelector("input").checked = state.compared.includes(other);
  offerCompare();
  keepView();
  say(state.compared.length === 2 ? "Two homes chosen to compare" : "Choose two homes to compare");
}

const offerCompare = () => { document.getElementById("compare").disabled = state.compared.length !== 2; };

function compare() {
  const two = state.compared.map(home);
  const more = [["bedrooms", "Bedrooms"], ["school_road_miles", "Road miles to school", "decimal"], ["route", "By"], ["address", "Address"], ["reasons", "Reasons"]];
  const rows = [...columns, ...more.map(([key, words, kind]) => ({ key, words, kind: kind ?? "text" }))].filter(({ key }) => key !== "home_id" && two.some((one) => !missing(one[key]))).map((column) => {
    const cells = two.map((one) => written(one, column));
    // Long sentences are never alike: there heavy type would say nothing.
    return make("tr", { class: column.key === "reasons" || String(cells[0]) === String(cells[1]) ? null : "differs" }, make("th", { scope: "row", text: column.words }), ...cells.map((cell) => make("td", { text: cell })));
  });
  const head = make("thead", {}, make("tr", {}, make("td"), ...two.map((one) => make("th", { scope: "col", text: one.home_id }))));
  const dialog = document.getElementById("compared");
  dialog.replaceChildren(make("h2", { text: "Two homes side by side" }), make("form", { method: "dialog" }, make("button", { text: "Close" })), make("table", {}, head, make("tbody", {}, ...rows)));
  dialog.showModal();
}
