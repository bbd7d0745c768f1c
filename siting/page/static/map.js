"use strict";
// The map beside a table: it shows what the table says, and each picks in the other.
const COLOURS = { pass: "#00703c", marginal: "#b58900", fail: "#b10e1e", unreachable: "#505a5f" };
const GROUND = { motorway: ["#7a8fb0", 3], main: ["#9aa7b8", 2], other: ["#c3cad3", 1], water: ["#bcd7ea", 1] };

document.addEventListener("DOMContentLoaded", async () => {
  const place = document.getElementById("map");
  if (!place || typeof L === "undefined") return;
  const answer = await fetch(place.dataset.places);
  if (answer.ok) drawMap(place, await answer.json());
});

async function drawMap(place, shown) {
  const map = L.map(place, { preferCanvas: true, zoomSnap: 0.5, attributionControl: true });
  map.attributionControl.setPrefix("© OpenStreetMap contributors");
  map.createPane("ground").style.zIndex = 250;
  // Above the school, which would hide a home beside it; of many homes one canvas, under which the school does not say its name.
  map.createPane("homes").style.zIndex = 610;
  const renderer = shown.homes.length > 300 ? L.canvas({ pane: "homes" }) : L.svg({ pane: "homes" });
  const only = place.dataset.home;
  if (shown.area.length) L.polygon(shown.area, { color: "#12436d", weight: 1, fillOpacity: 0.08, interactive: false }).addTo(map);
  const markers = new Map();
  for (const school of shown.schools) {
    const words = document.createElement("span");
    words.textContent = school.name;
    const square = L.divIcon({ className: "school-mark", iconSize: [16, 16] });
    L.marker([school.lat, school.lon], { icon: square, keyboard: false }).bindTooltip(words).addTo(map);
  }
  if (place.dataset.onlySchools) shown.homes = [];
  fit(map, shown, only);
  const grounded = drawGround(place, map);
  await inSlices(shown.homes, (home) => {
    if (only && home.home_id !== only) return;
    const marker = L.circleMarker([home.lat, home.lon], {
      pane: "homes", renderer, radius: 7, weight: 1.5, color: "#0b0c0c", fillColor: COLOURS[home.verdict] || "#505a5f", fillOpacity: 0.9,
    }).addTo(map);
    marker.bindTooltip(() => {
      const words = document.createElement("span");
      words.textContent = `${home.home_id}${home.address ? ", " + home.address : ""}`;
      return words;
    });
    markers.set(home.home_id, { marker, home });
  });
  link(place, map, shown, markers);
  fill(place, map, shown.schools);
  if (only && shown.routes[only]) L.polyline(shown.routes[only], { color: "#12436d", weight: 4 }).addTo(map);
  writeNames(map, await grounded, shown.schools);
}

function fit(map, shown, only) {
  const points = only ? (shown.routes[only] || []).slice() : [];
  for (const home of shown.homes) if (!only || home.home_id === only) points.push([home.lat, home.lon]);
  for (const school of shown.schools) points.push([school.lat, school.lon]);
  if (points.length) map.fitBounds(L.latLngBounds(points).pad(0.08));
  else map.setView([52.5, -1.5], 7);
  if (points.length === 1) map.setZoom(14);
}

async function drawGround(place, map) {
  const answer = await fetch(place.dataset.ground);
  if (!answer.ok) return [];
  const ground = await answer.json();
  const renderer = L.canvas({ pane: "ground" });
  for (const [kind, [color, weight]] of Object.entries(GROUND)) {
    const lines = ground[kind] || [];
    if (!lines.length) continue;
    if (kind === "water") L.polygon(lines, { pane: "ground", renderer, stroke: false, fillColor: color, fillOpacity: 1, interactive: false }).addTo(map);
    else L.polyline(lines, { pane: "ground", renderer, color, weight, interactive: false, smoothFactor: 2 }).addTo(map);
  }
  return ground.names || [];
}

// Names by importance, those of the schools' towns first, each only where it covers no other name, no home and no school; anew whenever the scale changes.
function writeNames(map, names, schools) {
  const own = schools.map(({ lat, lon }) => names.reduce((best, one) => {
    const away_m = map.distance([lat, lon], [one[1], one[2]]);
    return !best || away_m < best[0] ? [away_m, one] : best;
  }, null)?.[1]).filter(Boolean);
  const inOrder = [...new Set([...own, ...names])];
  const size = 0.8 * parseFloat(getComputedStyle(document.documentElement).fontSize);
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = `${size}px Arial, "Helvetica Neue", "Liberation Sans", sans-serif`;
  const group = L.layerGroup().addTo(map);
  const high = Math.ceil(size * 1.4);
  const away = 8;
  const write = () => {
    const taken = [];
    map.eachLayer((layer) => {
      const is = layer instanceof L.CircleMarker || layer.options.icon?.options.className === "school-mark";
      if (!is || group.hasLayer(layer)) return;
      const { x, y } = map.project(layer.getLatLng());
      taken.push([x - away, y - away, x + away, y + away]);
    });
    group.clearLayers();
    for (const place of inOrder) {
      const [name, lat, lon] = place;
      const wide = Math.ceil(pen.measureText(name).width) + 4;
      const { x, y } = map.project([lat, lon]);
      const free = (own.includes(place) ? [1, 2, 3, 4] : [1]).flatMap((far) => [
        [far * away, -high / 2], [-far * away - wide, -high / 2], [-wide / 2, far * away], [-wide / 2, -far * away - high],
      ]).find(([dx, dy]) => {
        const [left, top] = [x + dx, y + dy];
        return !taken.some((box) => left < box[2] && left + wide > box[0] && top < box[3] && top + high > box[1]);
      });
      if (!free) continue;
      taken.push([x + free[0], y + free[1], x + free[0] + wide, y + free[1] + high]);
      const words = document.createElement("span");
      words.textContent = name;
      const icon = L.divIcon({ className: "place-name", html: words, iconSize: [wide, high], iconAnchor: [-free[0], -free[1]] });
      L.marker([lat, lon], { icon, interactive: false, keyboard: false }).addTo(group);
    }
  };
  write();
  map.on("zoomend", write);
}

function link(place, map, shown, markers) {
  const picked = document.getElementById("picked");
  if (!picked) return;
  let route = null;
  const rows = new Map([...document.querySelectorAll("tr[data-home]")].map((row) => [row.dataset.home, row]));
  let last = null;
  const pick = (name, fromMap) => {
    const found = markers.get(name);
    if (!found) return;
    for (const row of document.querySelectorAll("tr.picked")) row.classList.remove("picked");
    if (last) last.marker.setStyle({ weight: 1.5 });
    last = found;
    found.marker.setStyle({ weight: 4 }).bringToFront();
    if (route) route.remove();
    if (shown.routes[name]) route = L.polyline(shown.routes[name], { color: "#12436d", weight: 4, interactive: false }).addTo(map);
    const row = rows.get(name);
    if (row) {
      row.classList.add("picked");
      if (fromMap) row.scrollIntoView({ block: "nearest" });
    }
    const { home } = found;
    const minutes = home.to_school_min === null ? "" : `, ${home.to_school_min.toFixed(1)} ${picked.dataset.min}`;
    picked.textContent = `${home.rank}. ${home.home_id}${home.address ? ", " + home.address : ""}${minutes}`;
    if (!fromMap) map.panTo(found.marker.getLatLng());
  };
  for (const [name, { marker }] of markers) marker.on("click", () => pick(name, true));
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-show]");
    if (button) pick(button.dataset.show, false);
  });
  let latest = null;
  document.addEventListener("homes-shown", (event) => {
    latest = event.detail;
    inSlices(markers, ([name, { marker }]) => {
      if (latest.has(name)) marker.addTo(map);
      else marker.remove();
    }, () => latest === event.detail);
  });
}

function fill(place, map, schools) {
  const field = place.dataset.fills && document.getElementById(place.dataset.fills);
  if (!field) return;
  let mark = null;
  const put = (at) => {
    if (mark) mark.remove();
    mark = L.circleMarker(at, { pane: "homes", radius: 9, weight: 4, color: "#0b0c0c", fillColor: "#ffdd00", fillOpacity: 1 }).addTo(map);
  };
  if (place.dataset.at) {
    const at = place.dataset.at.split(",").map(Number);
    put(at);
    if (place.dataset.onlySchools) map.setView(at, 16);
    else map.fitBounds(L.latLngBounds([at, ...schools.map(({ lat, lon }) => [lat, lon])]).pad(0.15), { maxZoom: 14 });
  }
  map.on("click", (event) => {
    put(event.latlng);
    field.value = `${event.latlng.lat.toFixed(6)}, ${event.latlng.lng.toFixed(6)}`;
    field.focus();
  });
}
