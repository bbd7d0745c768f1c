// The base map: drawn from the same OpenStreetMap data as the times, without a request to anybody.
// From which zoom roads of a class are drawn, and how wide.
const ROAD_LOOKS = {
  tertiary: { from: 10, weights: [0.8, 1.6, 3, 5] }, secondary: { from: 9, weights: [1, 2, 3.5, 6] },
  primary: { from: 0, weights: [1.4, 2.4, 4, 7] }, motorway: { from: 0, weights: [2, 3, 5, 9] },
};
function drawBackground(map) {
  const ground = L.canvas({ pane: "ground", padding: 0.1 });
  const roads = L.canvas({ pane: "roads", padding: 0.1 });
  for (const [kind, fillColor] of Object.entries(looks.ground)) {
    for (const rings of plan.background.areas[kind] || []) {
      L.polygon(rings.map(unpack), { renderer: ground, pane: "ground", stroke: false, fillColor, fillOpacity: 1, interactive: false }).addTo(map);
    }
  }
  const lines = { river: { color: looks.river, weight: 2.2 }, coast: { color: looks.river, weight: 1.5 } };
  for (const [kind, style] of Object.entries(lines)) {
    const found = (plan.background.lines[kind] || []).map(unpack);
    if (found.length) L.polyline(found, { renderer: ground, pane: "ground", interactive: false, ...style }).addTo(map);
  }
  const rails = (plan.background.lines.rail || []).map(unpack);
  if (rails.length) {
    L.polyline(rails, { renderer: roads, pane: "roads", color: looks.rail, weight: 2.2, interactive: false }).addTo(map);
    L.polyline(rails, { renderer: roads, pane: "roads", color: "#fff", weight: 1, dashArray: "5 5", interactive: false }).addTo(map);
  }
  const drawn = [];
  for (const [kind, style] of Object.entries(ROAD_LOOKS)) {
    const found = (plan.background.roads[kind] || []).map(unpack);
    if (found.length) drawn.push([style, L.polyline(found, { renderer: roads, pane: "roads", color: looks.roads[kind], weight: 2, interactive: false, smoothFactor: 1 })]);
  }
  const weigh = () => {
    const zoom = map.getZoom(), step = zoom < 10 ? 0 : zoom < 13 ? 1 : zoom < 16 ? 2 : 3;
    for (const [style, layer] of drawn) {
      layer.options.weight = style.weights[step];
      if (zoom >= style.from) { if (!map.hasLayer(layer)) layer.addTo(map); layer.setStyle({ weight: style.weights[step] }); } else layer.remove();
    }
  };
  drawStreets(map, roads);
  drawMarks(map, roads);
  map.on("zoomend", weigh); weigh();
}

// Streets are many: those in view are drawn, from a zoom at which they can be told apart.
function drawStreets(map, renderer) {
  const cells = (plan.background.streets || []).map((cell) => ({ bounds: L.latLngBounds(unpack(cell.bounds)), lines: cell.lines, layer: null }));
  const update = () => {
    const view = map.getBounds().pad(0.2), near = map.getZoom() >= 13;
    for (const cell of cells) {
      const wanted = near && view.intersects(cell.bounds);
      if (wanted && !cell.layer) {
        cell.layer = L.polyline(cell.lines.map(unpack), { renderer, pane: "roads", color: looks.roads.streets, weight: map.getZoom() > 15 ? 3.5 : 1.6, interactive: false }).addTo(map);
      } else if (!wanted && cell.layer) { cell.layer.remove(); cell.layer = null; }
    }
  };
  map.on("moveend", update); update();
}

// Stations, hospitals and other schools: quiet marks to find one's way by, from a zoom at which they do not crowd.
const MARK_LOOKS = {
  station: { from: 9.5, fill: looks.rail, words: "Station" }, hospital: { from: 10, fill: "#8a3b3b", words: "Hospital" }, school: { from: 12, fill: "#7a6a8f", words: "Other school" },
};
function drawMarks(map, renderer) {
  const groups = Object.fromEntries(Object.keys(MARK_LOOKS).map((kind) => [kind, L.layerGroup()]));
  for (const [kind, name, place] of plan.background.marks || []) {
    const { fill, words } = MARK_LOOKS[kind];
    L.circleMarker(at(place), { renderer, pane: "roads", radius: kind === "school" ? 2.6 : 3.6, color: "#fff", weight: 1, fillColor: fill, fillOpacity: 1, interactive: false }).addTo(groups[kind]);
    if (name && kind !== "school") plan.background.names.push([name, kind, place, 0, 0]);
  }
  const update = () => { for (const [kind, group] of Object.entries(groups)) if (map.getZoom() >= MARK_LOOKS[kind].from) group.addTo(map); else group.remove(); };
  map.on("zoomend", update); update();
}

// Names from the most to the least important. One that would lie on a sign or on another name stands beside its place, or waits for a nearer view.
const NAME_FROM = { road: 10, station: 12, hospital: 12.5 };
const FAR = [60, 90, 120, 160].flatMap((far) => Array.from({ length: 16 }, (_, turn) => [0, far * Math.sin(turn * 0.3927), far * Math.cos(turn * 0.3927)]));
const BESIDE = [[0, 0], [0, -25], [0, 27], [1, 0], [-1, 0], [1, -20], [-1, -20], [1, 20], [-1, 20], [0, -36], [0, 38], [1, -36], [-1, 38], [0, -54], [0, 56]];
function namesOf() {
  return (plan.background.names || []).map(([words, kind, place, people, first]) => ({
    words, kind, first: first === 1, place: at(place),
    from: first === 1 ? 0 : NAME_FROM[kind] ?? (people >= 100000 ? 6 : people >= 8000 ? 8.5 : people >= 3000 ? 10.5 : people >= 800 ? 11.5 : 13),
  }));
}
let names = null, namesShown = null;
function drawNames() {
  const map = theMap;
  names ??= namesOf();
  namesShown ??= L.layerGroup().addTo(map);
  namesShown.clearLayers();
  const taken = [...signBoxes(), ...labelBoxes], zoom = map.getZoom(), view = map.getBounds().pad(0.05), { x: wide, y: high } = map.getSize();
  const free = (box) => !taken.some((other) => box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1]);
  for (const name of names) {
    if (zoom < name.from || !view.contains(name.place)) continue;
    const point = map.latLngToContainerPoint(name.place), half = name.words.length * (name.first || name.kind === "city" ? 4.4 : 3.7) + 5;
    // A road's number stands on its road or not at all.
    const tries = name.kind === "road" ? BESIDE.slice(0, 1) : name.first ? [...BESIDE, ...FAR] : BESIDE.slice(0, name.from < 10 ? 9 : 5);
    const found = tries.map(([aside, down, along = 0]) => [point.x + aside * (half + 15) + along, point.y + down]).find(([x, y]) => {
      return x - half > 0 && x + half < wide && y > 10 && y < high - 20 && free([x - half, y - 9, x + half, y + 9]);
    });
    if (!found) continue;
    const [x, y] = found;
    taken.push([x - half, y - 9, x + half, y + 9]);
    const label = make("span", { class: `place-name ${name.kind}${name.first ? " first" : ""}`, text: name.words });
    L.marker(map.containerPointToLatLng([x, y]), { pane: "names", interactive: false, keyboard: false, icon: L.divIcon({ className: "name-place", html: label, iconSize: [half * 2, 14] }) }).addTo(namesShown);
  }
}
