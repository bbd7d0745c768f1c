// What the plan is about: schools, areas, homes, families. Each layer can be switched.
const AREA_COLOURS = ["#08306b", "#2171b5", "#6baed6", "#9ecae1", "#c6dbef"];
const layers = {};
const markers = new Map();

// Leaflet moves each marker in three dimensions, which makes the browser keep a picture of each: hundreds make dragging jerk.
L.Marker.include({
  _setPos(place) {
    for (const part of [this._icon, this._shadow]) if (part) { part._leaflet_pos = place; part.style.transform = `translate(${place.x}px, ${place.y}px)`; }
    this._zIndex = place.y + this.options.zIndexOffset;
    this._resetZIndex();
  },
});

function drawLayers(map) {
  const limits = [...new Set(plan.areas.map((area) => area.minutes))].sort((a, b) => a - b);
  for (const [index, minutes] of limits.entries()) {
    const key = "within-" + minutes;
    layers[key] = { words: `Within ${minutes} minutes`, colour: AREA_COLOURS[Math.min(index, 4)], group: L.layerGroup(), minutes };
  }
  layers.schools = { words: plan.schools.length > 1 ? "Schools" : "School", group: L.layerGroup() };
  for (const school of plan.schools) {
    const html = make("span", { class: "school-icon" });
    html.append(star());
    L.marker(at(school.at), { title: school.school, alt: "School: " + school.school, zIndexOffset: 900, icon: L.divIcon({ className: "school-icon", html, iconSize: [30, 30] }) })
      .bindPopup(make("strong", { text: school.school })).addTo(layers.schools.group);
  }
  addShapes("authorities", "Authorities' borders", plan.authorities, (authority) =>
    L.polygon(authority.rings.map((polygon) => polygon.map(unpack)), { color: "#6a3d9a", weight: 1.6, dashArray: "6 4", fill: false, pane: "lines" })
      .bindTooltip(text(authority.name + (authority.children ? `: ${authority.children} children` : "")), { sticky: true }));
  addShapes("exclusions", "Exclusion zones", plan.exclusions, (zone) =>
    L.circle(at(zone.at), { radius: zone.radius_m, color: "#7a1206", weight: 1.5, dashArray: "3 5", fillOpacity: 0.12, pane: "lines" }).bindTooltip(text("Exclusion zone of " + zone.child_ref)));
  if (plan.homes.length) drawHomes();
  if (plan.families.length) drawFamilies();
  if (plan.engagement) drawEngagement(map);
  layers.detail = { words: plan.families.length ? "Routes and family lines of the selected home" : "Routes of the selected home", group: L.layerGroup() };
  layers.circle = { words: `${plan.family_miles} miles round the selected home`, group: L.layerGroup() };
  if (!plan.homes.length) { delete layers.detail; delete layers.circle; }
  if (layers.circle) state.hidden.add("circle");
  for (const [key, layer] of Object.entries(layers)) if (!state.hidden.has(key)) layer.group.addTo(map);
  drawAreas();
}

const text = (words) => make("span", { text: words });

function addShapes(key, words, values, shape) {
  if (!values || !values.length) return;
  layers[key] = { words, group: L.layerGroup(values.map(shape)) };
}

function star() {
  const space = "http://www.w3.org/2000/svg", svg = document.createElementNS(space, "svg"), path = document.createElementNS(space, "path");
  svg.setAttribute("width", "30"); svg.setAttribute("height", "30"); svg.setAttribute("viewBox", "0 0 24 24"); svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", "M12 1l3.2 7.1 7.8.8-5.8 5.2 1.7 7.7L12 17.9 5.1 21.8l1.7-7.7L1 8.9l7.8-.8z");
  path.setAttribute("fill", "#4b1d6b"); path.setAttribute("stroke", "#fff"); path.setAttribute("stroke-width", "1.4");
  svg.append(path);
  return svg;
}

function drawAreas() {
  for (const layer of Object.values(layers)) {
    if (layer.minutes === undefined) continue;
    layer.group.clearLayers();
    for (const area of plan.areas) {
      if (area.minutes !== layer.minutes || area.direction !== state.direction || area.scenario !== state.scenario) continue;
      L.polygon(area.polygons.map((rings) => rings.map(unpack)), { pane: "areas", color: layer.colour, weight: 1.6, fillColor: layer.colour, fillOpacity: 0.16, interactive: false }).addTo(layer.group);
    }
  }
}

function drawHomes() {
  layers.homes = { words: "Homes", group: L.layerGroup() };
  for (const home of plan.homes) {
    const chosen = plan.portfolio && plan.portfolio.chosen.includes(home.home_id);
    const marker = L.marker(at(home.at), {
      title: `${home.home_id}: ${VERDICTS[home.verdict].words}, rank ${home.rank}`, alt: `Home ${home.home_id}, ${VERDICTS[home.verdict].words}, rank ${home.rank}`,
      riseOnHover: true, icon: L.divIcon({ className: "home-icon" + (chosen ? " chosen" : ""), html: icon(home.verdict, home.rank), iconSize: [26, 26] }),
    });
    marker.bindPopup(() => homeFacts(home), { minWidth: 260 });
    marker.on("click", () => select(home.home_id, false));
    marker.addTo(layers.homes.group);
    markers.set(home.home_id, marker);
  }
}

function drawFamilies() {
  const canvas = L.canvas({ padding: 0.1 });
  layers.families = { words: "Children's families", group: L.layerGroup() };
  const draw = () => {
    layers.families.group.clearLayers();
    if (state.byArea) {
      const areas = new Map();
      for (const family of plan.families) areas.set(family.area, [...(areas.get(family.area) || []), at(family.at)]);
      for (const [area, places] of areas) {
        const middle = [0, 1].map((axis) => places.reduce((sum, place) => sum + place[axis], 0) / places.length);
        L.circleMarker(middle, { radius: 6 + 3 * Math.sqrt(places.length), color: "#4b1d6b", weight: 1.5, fillColor: "#c9a7e0", fillOpacity: 0.85 })
          .bindTooltip(text(`${area}: ${places.length}`)).addTo(layers.families.group);
      }
    } else {
      for (const family of plan.families) {
        L.circleMarker(at(family.at), { renderer: canvas, radius: 5, color: "#fff", weight: 1.2, fillColor: "#4b1d6b", fillOpacity: 1 })
          .bindTooltip(text(`${family.child_ref} (${family.authority || "no authority given"})`)).addTo(layers.families.group);
      }
    }
  };
  layers.families.redraw = draw;
  draw();
}

function drawEngagement(map) {
  const told = plan.engagement;
  layers.engagement = { words: told.words, group: L.layerGroup() };
  const shape = (rings, options) => L.polygon(rings.map((polygon) => polygon.map(unpack)), { pane: "lines", ...options }).addTo(layers.engagement.group);
  for (const plot of told.plots || []) shape(plot, { color: "#8a97a3", weight: 0.8, fill: false, interactive: false });
  for (const building of told.buildings || []) shape(building, { color: "#8a7f70", weight: 0.6, fillColor: "#cfc5b4", fillOpacity: 0.8, interactive: false });
  const area = shape(told.area, { color: "#c4510a", weight: 2, dashArray: "6 4", fillColor: "#f6c28b", fillOpacity: 0.15, interactive: false });
  if (told.boundary) shape(told.boundary, { color: "#1f4e79", weight: 3, fillOpacity: 0.1, interactive: false });
  for (const neighbour of told.neighbours || []) {
    const html = make("span", { class: "door-number", text: neighbour.number });
    L.marker(at(neighbour.at), { title: neighbour.address || "", alt: `Neighbour ${neighbour.number}`, icon: L.divIcon({ className: "", html, iconSize: [18, 18] }) })
      .bindPopup(facts(`${neighbour.number}`, [["Address", neighbour.address], ["Metres", neighbour.distance_m], ["Measured to", neighbour.basis]])).addTo(layers.engagement.group);
  }
  map.fitBounds(area.getBounds().pad(0.3));
}

function facts(title, rows, ...more) {
  const list = make("dl", { class: "facts" });
  for (const [key, value] of rows) if (value !== null && value !== undefined && value !== "") list.append(make("dt", { text: key }), make("dd", typeof value === "object" ? {} : { text: value }, ...(typeof value === "object" ? [value] : [])));
  return make("div", {}, make("h3", { text: title }), list, ...more);
}

function homeFacts(home) {
  const link = /^https?:\/\//.test(home.link || "") ? make("a", { href: home.link, rel: "noreferrer noopener", target: "_blank", text: "its web page" }) : null;
  const lives = plan.portfolio && plan.portfolio.allocation ? Object.values(plan.portfolio.allocation).filter((id) => id === home.home_id).length : null;
  return facts(`${home.rank}. ${home.home_id}`, [
    ["Address", home.address], ["Verdict", VERDICTS[home.verdict].words], ["Status", home.status], ["School", home.school],
    ["To school", home.to_school_min === null ? "no way" : number(home.to_school_min) + " min"], ["From school", home.from_school_min === null ? "no way" : number(home.from_school_min) + " min"],
    ["Margin", home.margin_min === null ? "" : number(home.margin_min) + " min"], ["Families, median", home.median_family_min ? number(home.median_family_min) + " min" : ""],
    ["Beds", home.beds], ["Price", money(home.price_gbp)], ["Chosen", plan.portfolio ? (plan.portfolio.chosen.includes(home.home_id) ? "yes" : "no") : ""], ["Children in the test", lives], ["Link", link],
  ], home.reasons ? make("p", { text: home.reasons }) : null);
}

function drawDetail() {
  if (!layers.detail) return;
  layers.detail.group.clearLayers(); layers.circle.group.clearLayers();
  const home = plan.homes.find((one) => one.home_id === state.selected);
  if (!home) return;
  const place = at(home.at), row = plan.homes.indexOf(home);
  L.circle(place, { radius: plan.family_miles * 1609.344, pane: "lines", color: "#333", weight: 1.5, dashArray: "2 6", fill: false, interactive: false }).addTo(layers.circle.group);
  for (const [index, family] of plan.families.entries()) {
    const minutes = plan.minutes[row][index];
    const line = L.polyline([place, at(family.at)], { pane: "lines", color: minutes === null ? "#4a4a52" : "#4b1d6b", weight: 1.2, opacity: 0.75, dashArray: minutes === null ? "2 4" : null });
    line.bindTooltip(text(`${family.child_ref}: ${minutes === null ? "no way" : number(minutes, 0) + " min"}`), { sticky: true, permanent: plan.families.length <= 25, direction: "center", className: "minutes" }).addTo(layers.detail.group);
  }
  const route = (plan.routes[home.home_id] || {})[state.direction];
  if (route) L.polyline(unpack(route), { pane: "lines", color: "#c4510a", weight: 5, opacity: 0.9, interactive: false }).addTo(layers.detail.group);
}
