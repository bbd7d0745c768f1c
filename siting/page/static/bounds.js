"use strict";
// The map of a boundary: plots are picked and corners set on it; the list and the field beside it do the same.
document.addEventListener("DOMContentLoaded", async () => {
  const place = document.getElementById("bounds");
  if (!place || typeof L === "undefined") return;
  showParts();
  const answer = await fetch(place.dataset.shapes);
  if (answer.ok) drawBounds(place, await answer.json());
});

function chosenHow() {
  const chosen = document.querySelector("input[name=how]:checked");
  return chosen ? chosen.value : "";
}

function showParts() {
  const apply = () => {
    for (const part of document.querySelectorAll("[data-of]")) part.hidden = !part.dataset.of.split(" ").includes(chosenHow());
  };
  for (const radio of document.querySelectorAll("input[name=how]")) radio.addEventListener("change", apply);
  apply();
}

function drawBounds(place, shown) {
  if (!shown.in_force) return;
  const map = L.map(place, { zoomSnap: 0.25, maxZoom: 22 });
  map.attributionControl.setPrefix(false);
  L.control.scale({ imperial: false }).addTo(map);
  for (const rings of shown.buildings) L.polygon(rings, { color: "#505a5f", weight: 1, fillColor: "#b1b4b6", fillOpacity: 0.7, interactive: false }).addTo(map);
  const boxes = new Map([...document.querySelectorAll("input[name=plot]")].map((box) => [box.value, box]));
  const styles = { plain: { color: "#505a5f", weight: 1.5, fillColor: "#ffffff", fillOpacity: 0.01 }, taken: { color: "#1a5699", weight: 3, fillColor: "#1a5699", fillOpacity: 0.3 } };
  shown.plots.forEach((plot, at) => {
    const box = boxes.get(plot.key);
    if (!box) return;
    const outline = L.polygon(plot.shape, styles.plain).addTo(map);
    const words = document.createElement("span");
    words.textContent = String(at + 1);
    outline.bindTooltip(words, { direction: "center" });
    const paint = () => outline.setStyle(chosenHow() === "plots" && box.checked ? styles.taken : styles.plain);
    outline.on("click", (event) => {
      if (chosenHow() === "drawn") return;
      L.DomEvent.stop(event);
      const plots = document.querySelector("input[name=how][value=plots]");
      if (!plots.checked) { plots.checked = true; plots.dispatchEvent(new Event("change", { bubbles: true })); }
      box.checked = !box.checked;
      document.dispatchEvent(new Event("plots-chosen"));
    });
    box.addEventListener("change", () => document.dispatchEvent(new Event("plots-chosen")));
    document.addEventListener("plots-chosen", paint);
    for (const radio of document.querySelectorAll("input[name=how]")) radio.addEventListener("change", paint);
    paint();
  });
  L.polygon(shown.in_force, { color: "#b10e1e", weight: 3, dashArray: "8 5", fill: false, interactive: false }).addTo(map);
  L.circleMarker([shown.lat, shown.lon], { radius: 6, weight: 3, color: "#0b0c0c", fillColor: "#ffdd00", fillOpacity: 1, interactive: false }).addTo(map);
  const points = shown.in_force.flat(2).concat([[shown.lat, shown.lon]]);
  // Where neither plot nor building is known there is one point, round which corners can be set.
  if (points.length > 1) map.fitBounds(L.latLngBounds(points).pad(0.9));
  else map.setView([shown.lat, shown.lon], 19);
  drawCorners(map);
}

function drawCorners(map) {
  const field = document.getElementById("corners");
  const drawn = L.layerGroup().addTo(map);
  const read = () => field.value.split("\n").map((line) => line.split(/[,;\s]+/).map(Number)).filter((pair) => pair.length >= 2 && pair.every(Number.isFinite)).map((pair) => pair.slice(0, 2));
  const write = (corners) => { field.value = corners.map(([lat, lon]) => `${lat.toFixed(7)}, ${lon.toFixed(7)}`).join("\n"); paint(); };
  const paint = () => {
    drawn.clearLayers();
    if (chosenHow() !== "drawn") return;
    const corners = read();
    if (corners.length > 2) L.polygon(corners, { color: "#1a5699", weight: 3, fillColor: "#1a5699", fillOpacity: 0.25, interactive: false }).addTo(drawn);
    else if (corners.length > 1) L.polyline(corners, { color: "#1a5699", weight: 3, interactive: false }).addTo(drawn);
    corners.forEach((corner, at) => {
      const handle = L.marker(corner, { draggable: true, keyboard: false, icon: L.divIcon({ className: "corner", iconSize: [18, 18] }) }).addTo(drawn);
      handle.on("dragend", () => {
        const moved = read();
        const { lat, lng } = handle.getLatLng();
        moved[at] = [lat, lng];
        write(moved);
      });
    });
  };
  map.on("click", (event) => {
    if (chosenHow() === "drawn") write([...read(), [event.latlng.lat, event.latlng.lng]]);
  });
  field.addEventListener("input", paint);
  document.querySelector("[data-undo-corner]").addEventListener("click", () => write(read().slice(0, -1)));
  document.querySelector("[data-no-corners]").addEventListener("click", () => write([]));
  for (const radio of document.querySelectorAll("input[name=how]")) radio.addEventListener("change", paint);
  paint();
}
