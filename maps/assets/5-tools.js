// Measure, full screen, copy, print, and a link that brings the same view back.
function keepView() {
  const centre = theMap.getCenter();
  const parts = [theMap.getZoom(), centre.lat.toFixed(4), centre.lng.toFixed(4), state.direction, state.scenario, [...state.hidden].join("."), state.selected ?? "", state.byArea ? 1 : 0];
  history.replaceState(null, "", "#" + parts.map(encodeURIComponent).join("/"));
}

function bringBack() {
  const parts = location.hash.slice(1).split("/").map(decodeURIComponent);
  if (parts.length < 8) return null;
  const [zoom, lat, lon] = parts.slice(0, 3).map(Number);
  if (!Number.isFinite(zoom + lat + lon)) return null;
  if (["to_school", "from_school"].includes(parts[3])) state.direction = parts[3];
  if (parts[4] in plan.scenario_words) state.scenario = parts[4];
  state.hidden = new Set(parts[5].split(".").filter(Boolean));
  state.byArea = parts[7] === "1";
  return { zoom, centre: [lat, lon], selected: parts[6] || null };
}

function startTools(map) {
  const button = (id, action) => document.getElementById(id)?.addEventListener("click", action);
  button("measure", (event) => measure(map, event.currentTarget));
  button("full", () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()));
  button("compare", compare);
  button("copy", copyTable);
  button("print-a4", () => printOn("a4"));
  button("print-a3", () => printOn("a3"));
  button("whole", () => map.fitBounds(unpack(plan.bounds)));
  L.control.scale({ imperial: true, metric: true, maxWidth: 160 }).addTo(map);
  // Paper has another shape than the screen: what is in view stays in view.
  const refit = () => { const view = map.getBounds(); map.invalidateSize({ animate: false }); map.fitBounds(view, { animate: false }); };
  window.addEventListener("beforeprint", refit);
  window.addEventListener("afterprint", refit);
  window.matchMedia("print").addEventListener("change", refit);
}

function printOn(size) {
  document.body.classList.toggle("a3", size === "a3");
  document.getElementById("paper").textContent = `@page { size: ${size.toUpperCase()} landscape; margin: 10mm; }`;
  window.print();
}

let measuring = null;

function measure(map, button) {
  if (measuring) { measuring.line.remove(); map.off("click", measuring.add); measuring = null; button.setAttribute("aria-pressed", "false"); return; }
  const line = L.polyline([], { color: "#000", weight: 3, dashArray: "4 6" }).addTo(map);
  const add = (event) => {
    line.addLatLng(event.latlng);
    const points = line.getLatLngs(), metres = points.slice(1).reduce((sum, point, index) => sum + map.distance(points[index], point), 0);
    const words = `${miles(metres).toFixed(2)} miles (${(metres / 1000).toFixed(2)} km)`;
    line.bindTooltip(words, { permanent: true }).openTooltip(event.latlng);
    say(words);
  };
  measuring = { line, add };
  map.on("click", add);
  button.setAttribute("aria-pressed", "true");
  say("Click points on the map to measure; press the button again to stop");
}

async function copyTable() {
  const lines = [plan.columns.map(({ words }) => words), ...shown().map((home) => plan.columns.map(({ key }) => home[key] ?? ""))];
  // A spreadsheet must not take text for a formula.
  const safe = (cell) => { const words = String(cell).replaceAll(/[\t\n\r]/g, " "); return typeof cell === "string" && /^[=+\-@]/.test(words) ? "'" + words : words; };
  const words = lines.map((line) => line.map(safe).join("\t")).join("\n");
  try { await navigator.clipboard.writeText(words); } catch {
    const area = make("textarea", {}); area.value = words; document.body.append(area); area.select(); document.execCommand("copy"); area.remove();
  }
  say("Table copied");
}
