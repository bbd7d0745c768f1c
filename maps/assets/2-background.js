// The base map: drawn from the same OpenStreetMap data as the times, without a request to anybody.
function drawBackground(map) {
  map.getPane("names").style.pointerEvents = "none";
  const ground = L.canvas({ pane: "ground", padding: 0.1 });
  const roads = L.canvas({ pane: "roads", padding: 0.1 });
  const fills = { built: "#e9e3d8", wood: "#cfe3c4", water: "#a9cde4" };
  for (const kind of ["built", "wood", "water"]) {
    for (const rings of plan.background.areas[kind] || []) {
      L.polygon(rings.map(unpack), { renderer: ground, pane: "ground", stroke: false, fillColor: fills[kind], fillOpacity: 1, interactive: false }).addTo(map);
    }
  }
  for (const line of plan.background.rivers || []) {
    L.polyline(unpack(line), { renderer: ground, pane: "ground", color: "#8bb9d6", weight: 2.5, interactive: false }).addTo(map);
  }
  const styles = {
    tertiary: { color: "#c9bfae", from: 10, weights: [0.8, 1.6, 3, 5] }, secondary: { color: "#d8b26a", from: 9, weights: [1, 2, 3.5, 6] },
    primary: { color: "#cf8f4a", from: 0, weights: [1.4, 2.4, 4, 7] }, motorway: { color: "#5b7fa6", from: 0, weights: [2, 3, 5, 9] },
  };
  const drawn = [];
  for (const [kind, style] of Object.entries(styles)) {
    const lines = (plan.background.roads[kind] || []).map(unpack);
    if (lines.length) drawn.push([style, L.polyline(lines, { renderer: roads, pane: "roads", color: style.color, weight: 2, interactive: false, smoothFactor: 1 })]);
  }
  const weigh = () => {
    const zoom = map.getZoom(), step = zoom < 10 ? 0 : zoom < 13 ? 1 : zoom < 16 ? 2 : 3;
    for (const [style, layer] of drawn) {
      layer.options.weight = style.weights[step];
      if (zoom >= style.from) { if (!map.hasLayer(layer)) layer.addTo(map); layer.setStyle({ weight: style.weights[step] }); } else layer.remove();
    }
  };
  drawStreets(map, roads);
  map.on("zoomend", weigh); weigh();
  drawNames(map);
}

// Streets are many: those in view are drawn, from a zoom at which they can be told apart.
function drawStreets(map, renderer) {
  const cells = (plan.background.streets || []).map((cell) => ({ bounds: L.latLngBounds(unpack(cell.bounds)), lines: cell.lines, layer: null }));
  const update = () => {
    const view = map.getBounds().pad(0.2), near = map.getZoom() >= 13;
    for (const cell of cells) {
      const wanted = near && view.intersects(cell.bounds);
      if (wanted && !cell.layer) {
        cell.layer = L.polyline(cell.lines.map(unpack), { renderer, pane: "roads", color: "#b9b3a7", weight: map.getZoom() > 15 ? 3.5 : 1.6, interactive: false }).addTo(map);
      } else if (!wanted && cell.layer) { cell.layer.remove(); cell.layer = null; }
    }
  };
  map.on("moveend", update); update();
}

// Names from the most to the least important; one that would lie on another waits for a nearer view.
function drawNames(map) {
  const from = { city: 6, town: 9, road: 10, village: 11, suburb: 12, hamlet: 13 };
  const names = (plan.background.names || []).map(([text, kind, place]) => ({ text, kind, place: at(place) }));
  const shown = L.layerGroup().addTo(map);
  const update = () => {
    shown.clearLayers();
    const taken = [], zoom = map.getZoom(), view = map.getBounds().pad(0.1);
    for (const name of names) {
      if (zoom < (from[name.kind] || 13) || !view.contains(name.place)) continue;
      const point = map.latLngToContainerPoint(name.place), half = name.text.length * 3.9 + 6;
      if (taken.some(([x, y, other]) => Math.abs(x - point.x) < half + other && Math.abs(y - point.y) < 17)) continue;
      taken.push([point.x, point.y, half]);
      const label = make("span", { class: "place-name " + name.kind, text: name.text });
      L.marker(name.place, { pane: "names", interactive: false, keyboard: false, icon: L.divIcon({ className: "", html: label, iconSize: [half * 2, 14] }) }).addTo(shown);
    }
  };
  map.on("moveend", update); update();
}
