// What the plan is about: schools, areas, homes, families. Each layer can be switched.
const layers = {};
const markers = new Map();

// Leaflet moves each marker in three dimensions, which makes the browser keep a picture of each: hundreds make dragging jerk.
const iconOf = L.Marker.prototype._initIcon;
L.Marker.include({
  // Leaflet gives its `alt` to pictures only; a sign that is drawn is spoken by it too.
  _initIcon() {
    iconOf.call(this);
    if (this._icon && this.options.alt && this.options.alt !== L.Marker.prototype.options.alt) this._icon.setAttribute("aria-label", this.options.alt);
  },
  _setPos(place) {
    for (const part of [this._icon, this._shadow]) if (part) { part._leaflet_pos = place; part.style.transform = `translate(${place.x}px, ${place.y}px)`; }
    this._zIndex = place.y + this.options.zIndexOffset;
    this._resetZIndex();
  },
});

function drawLayers(map) {
  for (const [index, band] of looks.areas.entries()) {
    const words = index ? `${looks.areas[index - 1].minutes} to ${band.minutes} minutes` : `Within ${band.minutes} minutes`;
    layers["within-" + band.minutes] = { words, colour: band.mixed, edge: band.colour, group: L.layerGroup(), minutes: band.minutes };
  }
  layers.schools = { words: plan.schools.length > 1 ? "Schools" : "School", group: L.layerGroup(), swatch: () => star(18) };
  for (const school of plan.schools) {
    const html = make("span", { class: "school-icon" }, star());
    L.marker(at(school.at), { title: school.school, alt: "School: " + school.school, zIndexOffset: 900, icon: L.divIcon({ className: "school-icon", html, iconSize: [30, 30] }) })
      .bindPopup(make("strong", { text: school.school })).addTo(layers.schools.group);
  }
  addShapes("authorities", "Councils' borders", plan.authorities, (authority) =>
    L.polygon(authority.rings.map((polygon) => polygon.map(unpack)), { color: looks.border, weight: 1.6, dashArray: "6 4", fill: false, pane: "lines" })
      .bindTooltip(text(authority.name + (authority.children ? `: ${authority.children} ${authority.children === 1 ? "child" : "children"}` : "")), { sticky: true }), () => dash(looks.border));
  addShapes("exclusions", "Exclusion zones", plan.exclusions, (zone) =>
    L.circle(at(zone.at), { radius: zone.radius_m, color: looks.zone, weight: 1.5, dashArray: "3 5", fillOpacity: 0.12, pane: "lines" }).bindTooltip(text("Exclusion zone of " + zone.child_ref)), () => dash(looks.zone, true));
  if (homes.length) drawHomes();
  if (families.length) drawFamilies();
  if (plan.engagement) drawEngagement(map);
  if (homes.length) {
    layers.detail = { words: families.length ? "Ways and nearest families of the selected home" : "Ways of the selected home", group: L.layerGroup(), swatch: () => dash(looks.route, false, true) };
    if (plan.family_miles) layers.circle = { words: `${plan.family_miles} miles round the selected home`, group: L.layerGroup() };
  }
  for (const [key, layer] of Object.entries(layers)) if (!state.hidden.has(key)) layer.group.addTo(map);
  drawAreas();
}

const dash = (colour, filled = false, whole = false) => drawing(20, "0 0 20 20", ["path", { d: filled ? "M3 10a7 7 0 1 0 14 0a7 7 0 1 0-14 0z" : "M1 10H19", fill: filled ? colour + "33" : "none", stroke: colour, "stroke-width": whole ? 4 : 2, "stroke-dasharray": whole ? "none" : "4 3" }]);

function addShapes(key, words, values, shape, swatch) {
  if (!values || !values.length) return;
  layers[key] = { words, group: L.layerGroup(values.map(shape)), swatch };
}

const QUIET_HOLE_KM2 = 1;
function squareKilometres(points) {
  const narrow = Math.cos((points[0][0] * Math.PI) / 180);
  let sum = 0;
  for (let i = 0, j = points.length - 1; i < points.length; j = i++) sum += (points[j][1] - points[i][1]) * narrow * (points[j][0] + points[i][0] - 2 * points[0][0]);
  return Math.abs(sum / 2) * 111.2 * 111.2;
}

// Each band is what is reached within its minutes and not within the band's before. Holes smaller than a square kilometre stay, without a line round them.
function drawAreas() {
  let nearer = [];
  for (const layer of Object.values(layers)) {
    if (layer.minutes === undefined) continue;
    layer.group.clearLayers();
    const found = plan.areas.filter((area) => area.minutes === layer.minutes && area.direction === state.direction && area.scenario === state.scenario);
    const parts = found.flatMap((area) => area.polygons.map((rings) => rings.map(unpack)));
    const edges = parts.flatMap((rings) => rings.filter((ring, index) => !index || squareKilometres(ring) >= QUIET_HOLE_KM2)).map((ring) => [...ring, ring[0]]);
    const rings = parts.flat();
    const renderer = (drawAreas.renderer ??= L.canvas({ pane: "areas", padding: 0.1 }));
    L.polygon([...rings, ...nearer], { renderer, pane: "areas", stroke: false, fillColor: layer.edge, fillOpacity: looks.area_share, fillRule: "evenodd", interactive: false }).addTo(layer.group);
    L.polyline(edges, { renderer, pane: "areas", color: layer.edge, weight: 1.2, interactive: false }).addTo(layer.group);
    nearer = rings;
  }
}

function drawHomes() { layers.homes = { words: "Homes", group: L.layerGroup() }; }

// A sign is made when it is first shown: of very many homes most stand in a sign for several.
function markerOf(one) {
  const known = markers.get(one.home_id);
  if (known) return known;
  const told = `${one.home_id}: ${VERDICTS[one.verdict].words}${one.rank ? `, rank ${one.rank}` : ""}${isChosen(one) ? ", chosen" : ""}`;
  const size = isChosen(one) ? 34 : 26;
  // A sign without a rank says whose it is.
  const name = one.rank ? null : make("span", { class: "home-name", text: one.home_id });
  const marker = L.marker(at(one.at), {
    title: told, alt: "Home " + told, riseOnHover: true, zIndexOffset: 1000,
    icon: L.divIcon({ className: "home-icon" + (isChosen(one) ? " chosen" : ""), html: make("span", {}, icon(one.verdict, plan.engagement ? "" : one.rank ?? "", size, isChosen(one)), name), iconSize: [size, size] }),
  });
  marker.bindPopup(() => homeFacts(one, "h2"), { minWidth: 260 });
  marker.on("click", () => select(one.home_id, false));
  markers.set(one.home_id, marker);
  return marker;
}

// Homes whose signs would hide each other or the school stand beside their place, with a line to it; where there are very many, a sign stands for several,
// but the selected home always has its own, and those far beyond the view have none.
const CLUSTER_FROM = 80, CLUSTER_PX = 44, CLUSTER_UNTIL = 14, FROM_SCHOOL_PX = 34;
// Signs without a rank have their home's name under them, which needs room too.
const APART_PX = homes.some((one) => one.rank) ? 30 : 44;
let standing = new Map();
function arrange() {
  if (!layers.homes) return;
  const zoom = theMap.getZoom(), group = layers.homes.group, view = theMap.getBounds().pad(0.5), found = shown(), many = found.length > CLUSTER_FROM;
  const wanted = found.map((one) => ({ one, at: at(one.at) })).filter((single) => !many || view.contains(single.at)).map((single) => ({ ...single, place: theMap.project(single.at, zoom) }));
  const alone = ({ one }) => one.home_id === state.selected;
  const groups = many && zoom < CLUSTER_UNTIL ? [...wanted.filter(alone).map((single) => [single]), ...gathered(wanted.filter((single) => !alone(single)))] : wanted.map((single) => [single]);
  const before = standing, middles = [];
  standing = new Map();
  // What stands already stays as it is.
  const stand = (key, draw) => standing.set(key, before.get(key) ?? draw());
  for (const several of groups.filter((one) => one.length > 1)) {
    middles.push(middleOf(several));
    stand(several.map(({ one }) => one.home_id).join("\n"), () => [signOfSeveral(several).addTo(group)]);
  }
  const singles = groups.filter((one) => one.length === 1).map(([single]) => ({ ...single, to: single.place.clone() }));
  spread(singles, [...plan.schools.map((school) => theMap.project(at(school.at), zoom)), ...middles]);
  for (const { one, at: home, place, to } of singles) {
    const aside = to.distanceTo(place), marker = markerOf(one), there = aside > 1 ? theMap.unproject(to, zoom) : L.latLng(home);
    if (!marker.getLatLng().equals(there)) marker.setLatLng(there);
    stand(`sign ${one.home_id}`, () => [marker.addTo(group)]);
    if (aside > 6) {
      stand(`line ${one.home_id} ${there.lat} ${there.lng}`, () => [
        L.polyline([home, there], { pane: "lines", color: "#1b1b1b", weight: 1.2, interactive: false }).addTo(group),
        L.circleMarker(home, { pane: "lines", radius: 2.5, color: "#fff", weight: 1, fillColor: "#1b1b1b", fillOpacity: 1, interactive: false }).addTo(group),
      ]);
    }
    marker.getElement()?.classList.toggle("selected", one.home_id === state.selected);
  }
  for (const [key, parts] of before) if (!standing.has(key)) for (const part of parts) group.removeLayer(part);
}

const middleOf = (several) => several.reduce((sum, { place }) => sum.add(place), L.point(0, 0)).divideBy(several.length);

// Neighbours by cells of the screen; then signs that would still lie on each other become one.
function gathered(wanted) {
  const cells = new Map();
  for (const single of wanted) {
    const key = `${Math.round(single.place.x / CLUSTER_PX)}:${Math.round(single.place.y / CLUSTER_PX)}`;
    const cell = cells.get(key);
    if (cell) cell.push(single); else cells.set(key, [single]);
  }
  const groups = [];
  for (const cell of cells.values()) {
    let several = cell, middle = middleOf(cell);
    for (let i = 0; i < groups.length; i++) {
      if (middle.distanceTo(groups[i].middle) >= APART_PX + 6) continue;
      several = [...groups[i].several, ...several]; middle = middleOf(several);
      groups.splice(i, 1); i = -1;
    }
    groups.push({ several, middle });
  }
  return groups.map(({ several }) => several);
}

function signOfSeveral(several) {
  const counts = Object.keys(VERDICTS).map((verdict) => [verdict, several.filter(({ one }) => one.verdict === verdict).length]).filter(([, count]) => count);
  const told = counts.map(([verdict, count]) => `${count} ${VERDICTS[verdict].words}`).join(", ");
  const bounds = L.latLngBounds(several.map(({ at: place }) => place));
  const html = make("span", { class: "cluster", text: several.length });
  const marker = L.marker(theMap.unproject(middleOf(several), theMap.getZoom()), { title: `${several.length} homes: ${told}`, alt: `${several.length} homes: ${told}`, zIndexOffset: 950, icon: L.divIcon({ className: "cluster-place", html, iconSize: [34, 34] }) });
  return marker.on("click", () => theMap.fitBounds(bounds.pad(0.2), { maxZoom: CLUSTER_UNTIL, animate: !calm.matches }));
}

function spread(signs, fixed) {
  for (let round = 0; round < 90; round++) {
    let moved = false;
    for (let i = 0; i < signs.length; i++) {
      for (const other of fixed) moved = push(signs[i].to, other, FROM_SCHOOL_PX, i, 1) || moved;
      for (let j = i + 1; j < signs.length; j++) {
        if (Math.abs(signs[i].to.x - signs[j].to.x) > APART_PX) continue;
        const before = signs[j].to.clone();
        if (push(signs[i].to, before, APART_PX, i + j, 0.5)) { push(signs[j].to, signs[i].to, APART_PX, i + j + 1, 1); moved = true; }
      }
    }
    if (!moved) return;
  }
}

function push(point, from, apart, turn, share) {
  let away = point.subtract(from), distance = Math.hypot(away.x, away.y);
  if (distance >= apart - 0.5) return false;
  if (distance < 0.5) { away = L.point(Math.cos(turn * 2.4), Math.sin(turn * 2.4)); distance = 1; }
  point._add(away.multiplyBy(((apart - distance) / distance) * share));
  return true;
}

// What names may not cover: the signs as they stand in the view.
function signBoxes() {
  const boxes = [];
  for (const group of [layers.homes, layers.schools]) {
    if (!group || !theMap.hasLayer(group.group)) continue;
    group.group.eachLayer((layer) => {
      if (!(layer instanceof L.Marker)) return;
      const { x, y } = theMap.latLngToContainerPoint(layer.getLatLng());
      const named = layer.getElement()?.querySelector(".home-name");
      boxes.push([x - 16, y - 15, x + 16, y + (named ? 27 : 15)]);
    });
  }
  return boxes;
}

function drawFamilies() {
  const canvas = L.canvas({ padding: 0.1 });
  layers.families = { words: "Children's families", group: L.layerGroup(), swatch: () => drawing(18, "0 0 18 18", ["circle", { cx: 9, cy: 9, r: 5, fill: looks.family, stroke: "#fff" }]) };
  const draw = () => {
    layers.families.group.clearLayers();
    if (state.byArea) {
      const areas = new Map();
      for (const family of families) areas.set(family.area, [...(areas.get(family.area) || []), at(family.at)]);
      for (const [area, places] of areas) {
        const middle = [0, 1].map((axis) => places.reduce((sum, place) => sum + place[axis], 0) / places.length);
        L.circleMarker(middle, { radius: 6 + 3 * Math.sqrt(places.length), color: looks.family, weight: 1.5, fillColor: "#c9a7e0", fillOpacity: 0.85 })
          .bindTooltip(text(`${area}: ${places.length}`)).addTo(layers.families.group);
      }
    } else {
      for (const family of families) {
        L.circleMarker(at(family.at), { renderer: canvas, radius: 5, color: "#fff", weight: 1.2, fillColor: looks.family, fillOpacity: 1 })
          .bindTooltip(text(`${family.child_ref} (${family.authority || "no council given"})`)).addTo(layers.families.group);
      }
    }
  };
  layers.families.redraw = draw;
  draw();
}

function drawEngagement(map) {
  const told = plan.engagement;
  layers.engagement = { words: told.words, group: L.layerGroup(), swatch: () => dash(looks.invited) };
  const shape = (rings, options) => L.polygon(rings.map((polygon) => polygon.map(unpack)), { pane: "lines", ...options }).addTo(layers.engagement.group);
  for (const plot of told.plots || []) shape(plot, { color: "#8a97a3", weight: 0.8, fill: false, interactive: false });
  for (const building of told.buildings || []) shape(building, { color: "#8a7f70", weight: 0.6, fillColor: "#cfc5b4", fillOpacity: 0.8, interactive: false });
  const area = shape(told.area, { color: looks.invited, weight: 2, dashArray: "6 4", fillColor: "#f6c28b", fillOpacity: 0.15, interactive: false });
  shape(told.boundary, { color: looks.boundary, weight: 3, fillOpacity: 0.1, interactive: false });
  for (const neighbour of told.neighbours || []) {
    const html = make("span", { class: "door-number", text: neighbour.number });
    L.marker(at(neighbour.at), { title: neighbour.address || "", alt: `Neighbour ${neighbour.number}`, icon: L.divIcon({ className: "", html, iconSize: [24, 24] }) })
      .bindPopup(facts(`${neighbour.number}`, [["Address", neighbour.address], ["Metres", neighbour.distance_m], ["Measured to", neighbour.basis]])).addTo(layers.engagement.group);
  }
  map.fitBounds(area.getBounds().pad(0.3), { animate: false });
}

function facts(title, rows, more = null, heading = "h2") {
  const list = make("dl", { class: "facts" });
  for (const [key, value] of rows) if (!missing(value)) list.append(make("dt", { text: key }), make("dd", typeof value === "object" ? {} : { text: value }, ...(typeof value === "object" ? [value] : [])));
  return make("div", {}, make(heading, { text: title }), list, more);
}

function homeFacts(one, heading) {
  const link = /^https?:\/\//.test(one.link || "") ? make("a", { href: one.link, rel: "noreferrer noopener", target: "_blank", text: "its web page" }) : null;
  const lives = plan.portfolio && plan.portfolio.allocation ? Object.values(plan.portfolio.allocation).filter((id) => id === one.home_id).length : null;
  const journey = (value) => (value === null ? "no way" : number(value) + " min");
  return facts(one.rank ? `${one.rank}. ${one.home_id}` : one.home_id, [
    ["Address", one.address], ["Verdict", VERDICTS[one.verdict].words], ["Status", one.status], ["Council", one.authority], ["School", one.school],
    ["To school", journey(one.to_school_min)], ["From school", journey(one.from_school_min)],
    ["Margin", missing(one.margin_min) ? "" : number(one.margin_min) + " min"], ["Families, median", missing(one.median_family_min) ? "" : number(one.median_family_min) + " min"],
    ["Beds", one.beds], ["Price", money(one.price_gbp)], ["Chosen", one.chosen], ["Children in the test", lives], ["Link", link],
  ], one.reasons ? make("p", { text: one.reasons }) : null, heading);
}

const FEW = 8;
let detailTurn = 0;
async function drawDetail() {
  if (!layers.detail) return;
  const turn = ++detailTurn;
  labels = [];
  layers.detail.group.clearLayers(); layers.circle?.group.clearLayers();
  const one = home(state.selected);
  if (!one) return;
  const place = at(one.at);
  if (layers.circle) L.circle(place, { radius: plan.family_miles * 1609.344, pane: "lines", color: "#333", weight: 1.5, dashArray: "2 6", fill: false, interactive: false }).addTo(layers.circle.group);
  const route = (plan.routes[one.home_id] || {})[state.direction];
  if (route) L.polyline(unpack(route), { pane: "lines", color: looks.route, weight: 5, opacity: 0.9, interactive: false }).addTo(layers.detail.group);
  const timed = families.length ? await timedFamilies(one) : [];
  // Another home may have been selected meanwhile.
  if (turn !== detailTurn) return;
  const drawn = state.allLines ? timed : timed.slice(0, FEW), few = drawn.length <= FEW;
  const canvas = (layers.detail.renderer ??= L.canvas({ pane: "lines", padding: 0.1 }));
  for (const [family, minutes] of drawn) {
    const line = L.polyline([place, at(family.at)], { renderer: canvas, pane: "lines", color: minutes === null ? "#4a4a52" : looks.family, weight: 1.2, opacity: 0.75, dashArray: minutes === null ? "2 4" : null, interactive: few });
    if (few) {
      const words = `${family.child_ref}: ${minutes === null ? "no way" : number(minutes, 0) + " min"}`;
      line.bindTooltip(text(words), { sticky: true, className: "minutes" });
      labels.push({ words, from: place, to: at(family.at) });
    }
    line.addTo(layers.detail.group);
  }
  placeLabels();
  whenIdle(drawNames);
}

// The minutes on the lines to the nearest families: each where it hides no sign and no other; where there is no room, a touch of the line tells.
let labels = [], labelBoxes = [], labelsShown = null;
const ALONG = [0.5, 0.65, 0.8, 0.35, 0.9];
function placeLabels() {
  if (labelsShown) layers.detail.group.removeLayer(labelsShown);
  labelBoxes = [];
  if (!labels.length || !theMap.hasLayer(layers.detail.group)) return;
  const taken = signBoxes();
  labelsShown = L.layerGroup();
  for (const { words, from, to } of labels) {
    const start = theMap.latLngToContainerPoint(from), end = theMap.latLngToContainerPoint(to), half = words.length * 3.2 + 7;
    const boxes = ALONG.map((share) => [start.x + (end.x - start.x) * share, start.y + (end.y - start.y) * share]).map(([x, y]) => [x - half, y - 9, x + half, y + 9]);
    const box = boxes.find((one) => ![...taken, ...labelBoxes].some((other) => one[0] < other[2] && one[2] > other[0] && one[1] < other[3] && one[3] > other[1]));
    if (!box) continue;
    labelBoxes.push(box);
    L.tooltip({ permanent: true, direction: "center", className: "minutes", interactive: false }).setLatLng(theMap.containerPointToLatLng([(box[0] + box[2]) / 2, (box[1] + box[3]) / 2])).setContent(text(words)).addTo(labelsShown);
  }
  labelsShown.addTo(layers.detail.group);
}

// Every family with its minutes, the nearest first.
async function timedFamilies(one) {
  const minutes = await familyMinutes(one);
  return families.map((family, index) => [family, minutes[index]]).sort((a, b) => order(a[1], b[1]));
}
