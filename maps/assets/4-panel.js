// The panel beside the map: legend, switches, table, comparison. Everything the map shows stands here as text too.
let theMap;

function fillLegend() {
  const place = document.getElementById("legend");
  const printed = document.getElementById("print-legend");
  for (const [key, layer] of Object.entries(layers)) {
    const box = make("input", { type: "checkbox", id: "layer-" + key, checked: !state.hidden.has(key) });
    box.addEventListener("change", () => { toggle(key, box.checked); });
    const swatch = layer.colour ? make("span", { class: "swatch", style: `background:${layer.colour}55;border-color:${layer.colour}` }) : null;
    place.append(make("label", {}, box, swatch, layer.words));
    if (layer.colour) printed.append(make("li", {}, swatch.cloneNode(), layer.words));
  }
  for (const [verdict, { words }] of Object.entries(VERDICTS)) {
    if (!plan.homes.some((home) => home.verdict === verdict)) continue;
    for (const list of [document.getElementById("verdicts"), printed]) {
      const swatch = make("span", { "aria-hidden": "true" }); swatch.append(icon(verdict, "", 18));
      list.append(make("li", {}, swatch, " " + words));
    }
  }
}

function toggle(key, on) {
  if (on) { state.hidden.delete(key); layers[key].group.addTo(theMap); } else { state.hidden.add(key); layers[key].group.remove(); }
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
  const redraw = (words) => { drawAreas(); drawDetail(); keepView(); say(words); };
  place.append(choices("direction", "Journey", [["to_school", "to the school"], ["from_school", "from the school"]], state.direction, (value) => { state.direction = value; redraw("Areas changed"); }));
  place.append(choices("scenario", "Roads", Object.entries(plan.scenario_words), state.scenario, (value) => { state.scenario = value; redraw("Areas changed"); }));
  if (plan.families.length) {
    const box = make("input", { type: "checkbox", id: "by-area" });
    box.addEventListener("change", () => { state.byArea = box.checked; layers.families.redraw(); keepView(); });
    place.append(make("label", {}, box, "Show families by postcode district only"));
  }
}

function shown() {
  const { verdict, beds, price, minutes, words } = state.filter;
  const worst = (home) => Math.max(home.to_school_min ?? Infinity, home.from_school_min ?? Infinity);
  return plan.homes.filter((home) => (!verdict || home.verdict === verdict) && (!beds || (home.beds ?? 0) >= beds) && (!price || (home.price_gbp ?? Infinity) <= price)
    && (!minutes || worst(home) <= minutes) && (!words || `${home.home_id} ${home.address ?? ""} ${home.postcode ?? ""}`.toLowerCase().replaceAll(" ", "").includes(words.toLowerCase().replaceAll(" ", ""))));
}

let sorting = { key: "rank", down: false };

function fillTable() {
  const body = document.getElementById("rows");
  if (!body) return;
  const homes = shown().sort((one, other) => order(one[sorting.key], other[sorting.key]) * (sorting.down ? -1 : 1) || one.rank - other.rank);
  body.replaceChildren(...homes.map((home) => {
    const compare = make("input", { type: "checkbox", "aria-label": `Compare ${home.home_id}`, checked: state.compared.includes(home.home_id) });
    compare.addEventListener("change", () => choose(home.home_id, compare));
    const cells = plan.columns.map(({ key, kind }) => key === "home_id"
      ? make("th", { scope: "row" }, make("button", { type: "button", text: home.home_id, onclick: () => select(home.home_id, true) }))
      : make("td", { class: kind === "text" ? null : "number", text: kind === "money" ? money(home[key]) : kind === "decimal" ? number(home[key]) : home[key] ?? "" }));
    return make("tr", { "data-home": home.home_id, class: home.home_id === state.selected ? "selected" : null }, make("td", {}, compare), ...cells);
  }));
  const kept = new Set(homes.map((home) => home.home_id));
  for (const [id, marker] of markers) { if (kept.has(id)) marker.addTo(layers.homes.group); else marker.remove(), layers.homes.group.removeLayer(marker); }
  document.getElementById("count").textContent = `${homes.length} of ${plan.homes.length} homes`;
}

function order(one, other) {
  const missing = (value) => value === null || value === undefined || value === "";
  if (missing(one) || missing(other)) return missing(one) - missing(other);
  return typeof one === "number" ? one - other : String(one).localeCompare(String(other), "en-GB", { numeric: true });
}

function fillHead() {
  const row = document.getElementById("head");
  row.append(make("th", { scope: "col", text: "Compare" }));
  for (const { key, words, kind } of plan.columns) {
    const head = make("th", { scope: "col", class: kind === "text" ? null : "number", "aria-sort": key === sorting.key ? "ascending" : "none" });
    head.append(make("button", { type: "button", text: words, onclick: () => {
      sorting = { key, down: sorting.key === key ? !sorting.down : false };
      for (const other of row.querySelectorAll("[aria-sort]")) other.setAttribute("aria-sort", "none");
      head.setAttribute("aria-sort", sorting.down ? "descending" : "ascending");
      fillTable(); say(`Sorted by ${words}`);
    } }));
    row.append(head);
  }
  for (const [id, key] of [["filter-verdict", "verdict"], ["filter-words", "words"], ["filter-beds", "beds"], ["filter-price", "price"], ["filter-minutes", "minutes"]]) {
    const input = document.getElementById(id);
    input.addEventListener("input", () => { state.filter[key] = input.type === "number" ? Number(input.value) : input.value; fillTable(); say(document.getElementById("count").textContent); });
  }
}

function select(id, open) {
  const home = plan.homes.find((one) => one.home_id === id);
  if (!home) return;
  markers.get(state.selected)?.getElement()?.classList.remove("selected");
  state.selected = id;
  markers.get(id)?.getElement()?.classList.add("selected");
  drawDetail();
  if (open) { theMap.panTo(at(home.at)); markers.get(id).openPopup(); }
  for (const row of document.querySelectorAll("#rows tr")) row.classList.toggle("selected", row.dataset.home === id);
  document.querySelector(`#rows tr[data-home="${CSS.escape(id)}"]`)?.scrollIntoView({ block: "nearest" });
  fillDetail(home);
  say(`${id} selected: ${VERDICTS[home.verdict].words}`);
  keepView();
}

function fillDetail(home) {
  const place = document.getElementById("detail");
  place.replaceChildren(homeFacts(home));
  if (!plan.families.length) return;
  const row = plan.homes.indexOf(home), body = make("tbody");
  plan.families.map((family, index) => [family, plan.minutes[row][index]]).sort((one, other) => order(one[1], other[1])).forEach(([family, minutes]) => {
    body.append(make("tr", {}, make("th", { scope: "row", text: family.child_ref }), make("td", { text: family.authority ?? "" }), make("td", { class: "number", text: minutes === null ? "no way" : number(minutes, 0) })));
  });
  const head = make("thead", {}, make("tr", {}, ...["Child", "Authority", "Minutes"].map((words) => make("th", { scope: "col", text: words }))));
  place.append(make("details", {}, make("summary", { text: "Minutes to each child's family" }), make("table", {}, head, body)));
}

function choose(id, box) {
  state.compared = box.checked ? [...state.compared, id].slice(-2) : state.compared.filter((one) => one !== id);
  fillTable();
  const button = document.getElementById("compare");
  button.disabled = state.compared.length !== 2;
  say(state.compared.length === 2 ? "Two homes chosen to compare" : "Choose two homes to compare");
}

function compare() {
  const [one, other] = state.compared.map((id) => plan.homes.find((home) => home.home_id === id));
  const rows = [...plan.columns, { key: "address", words: "Address", kind: "text" }, { key: "reasons", words: "Reasons", kind: "text" }].map(({ key, words, kind }) => {
    const show = (home) => make("td", { text: kind === "money" ? money(home[key]) : kind === "decimal" ? number(home[key]) : home[key] ?? "" });
    return make("tr", {}, make("th", { scope: "row", text: words }), show(one), show(other));
  });
  const dialog = document.getElementById("compared");
  dialog.replaceChildren(make("h2", { text: "Two homes side by side" }), make("table", {}, make("tbody", {}, ...rows)), make("form", { method: "dialog" }, make("button", { text: "Close" })));
  dialog.showModal();
}
