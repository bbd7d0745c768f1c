// Measure, full screen, copy, save, and a link that brings the same view back.
// Every control stands in it but the search: what was asked about may be where a family lives.
function keepView() {
  if (!theMap || !document.body.dataset.ready) return;
  const centre = theMap.getCenter();
  const kept = { zoom: theMap.getZoom(), lat: centre.lat.toFixed(4), lon: centre.lng.toFixed(4), journey: state.direction, roads: state.scenario, off: [...state.hidden].join("."), home: state.selected ?? "",
    area: state.byArea ? 1 : "", lines: state.allLines ? "all" : "", within: state.within || "", sort: (state.sorting.down ? "-" : "") + state.sorting.key, compare: state.compared.map(encodeURIComponent).join(",") };
  for (const [key, value] of Object.entries(state.filter)) if (value) kept["if-" + key] = value === true ? 1 : value;
  history.replaceState(null, "", "#" + new URLSearchParams(Object.entries(kept).filter(([, value]) => value !== "")));
}

function bringBack() {
  const kept = new URLSearchParams(location.hash.slice(1));
  const zoom = Number(kept.get("zoom") ?? NaN), lat = Number(kept.get("lat") ?? NaN), lon = Number(kept.get("lon") ?? NaN);
  if (!Number.isFinite(zoom + lat + lon)) return null;
  if (["to_school", "from_school"].includes(kept.get("journey"))) state.direction = kept.get("journey");
  if (kept.get("roads") in plan.scenario_words) state.scenario = kept.get("roads");
  state.hidden = new Set((kept.get("off") ?? "").split(".").filter(Boolean));
  state.byArea = kept.get("area") === "1";
  state.allLines = kept.get("lines") === "all";
  const within = Number(kept.get("within"));
  state.within = Number.isInteger(within) && within > 0 ? Math.min(within, MOST_WITHIN) : 0;
  const sort = kept.get("sort") ?? "";
  if (columns.some(({ key }) => key === sort.replace(/^-/, ""))) state.sorting = { key: sort.replace(/^-/, ""), down: sort.startsWith("-") };
  state.compared = (kept.get("compare") ?? "").split(",").map(decodeURIComponent).filter((id) => home(id)).slice(0, 2);
  for (const input of document.querySelectorAll("[data-filter]")) {
    const value = kept.get("if-" + input.dataset.filter);
    if (value !== null) state.filter[input.dataset.filter] = input.type === "checkbox" ? value === "1" : input.type === "number" ? Number(value) : value;
  }
  return { zoom, centre: [lat, lon], selected: kept.get("home") };
}

// What opened a window on the map gets the focus back when it closes.
let opened = null;
function startTools(map) {
  const button = (id, action) => document.getElementById(id)?.addEventListener("click", action);
  button("measure", (event) => pick(event.currentTarget, measuring()));
  button("ask", (event) => pick(event.currentTarget, asking()));
  button("full", () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()));
  button("compare", compare);
  button("copy", copyTable);
  button("save", saveTable);
  button("print-a4", () => printOn("a4"));
  button("print-a3", () => printOn("a3"));
  button("whole", () => map.fitBounds(unpack(plan.bounds), { ...WHOLE, animate: !calm.matches }));
  L.control.scale({ imperial: true, metric: true, maxWidth: 160 }).addTo(map);
  map.getContainer().addEventListener("keydown", (event) => { if (event.key === "Enter" && event.target.classList.contains("leaflet-marker-icon")) opened = event.target; }, true);
  map.on("popupopen", ({ popup }) => {
    const content = popup.getElement().querySelector(".leaflet-popup-content");
    popup.getElement().setAttribute("role", "dialog");
    popup.getElement().setAttribute("aria-label", content.querySelector("h2, strong, p")?.textContent ?? "");
    // What does not fit is scrolled by the keyboard too.
    if (content.scrollHeight > content.clientHeight) content.tabIndex = 0;
    popup.getElement().querySelector(".leaflet-popup-close-button")?.setAttribute("aria-label", "Close");
    if (opened) popup.getElement().querySelector(".leaflet-popup-close-button")?.focus();
  });
  map.on("popupclose", () => { if (opened) { const back = opened; opened = null; if (back.isConnected) back.focus(); } });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || document.querySelector("dialog[open]")) return;
    if (picking) pick(picking.button, picking); else map.closePopup();
  });
}

// A tool that takes points of the map: by a click, or by Enter at the middle of the map, which a cross marks.
let picking = null;
function pick(button, tool) {
  if (picking) {
    const { button: before, tool: running } = picking;
    running.stop(); theMap.off("click", running.click); theMap.getContainer().removeEventListener("keydown", running.key);
    before.setAttribute("aria-pressed", "false"); document.body.classList.remove("picking"); picking = null;
    if (before === button) return;
  }
  tool.click = (event) => tool.take(event.latlng);
  tool.key = (event) => { if (event.key === "Enter" && event.target === theMap.getContainer()) { event.preventDefault(); tool.take(theMap.getCenter()); } };
  theMap.on("click", tool.click); theMap.getContainer().addEventListener("keydown", tool.key);
  picking = { button, tool };
  button.setAttribute("aria-pressed", "true"); document.body.classList.add("picking");
  theMap.getContainer().focus({ preventScroll: true });
  say(tool.words + " Arrow keys move the map, Enter takes its middle, Escape stops.");
}

function measuring() {
  const line = L.polyline([], { color: "#000", weight: 3, dashArray: "4 6" }).addTo(theMap);
  return {
    words: "Click points on the map to measure.",
    stop: () => line.remove(),
    take: (point) => {
      line.addLatLng(point);
      const points = line.getLatLngs(), metres = points.slice(1).reduce((sum, one, index) => sum + theMap.distance(points[index], one), 0);
      const words = `${miles(metres).toFixed(2)} miles (${(metres / 1000).toFixed(2)} km) in a straight line`;
      line.unbindTooltip().bindTooltip(words, { permanent: true }).openTooltip(point);
      say(words);
    },
  };
}

const tableLines = () => [columns.map(({ words }) => words), ...sorted().map((one) => columns.map(({ key }) => one[key] ?? ""))];
// A spreadsheet must not take text for a formula.
const safe = (cell) => { const words = String(cell).replaceAll(/[\t\n\r]/g, " "); return typeof cell === "string" && /^[=+\-@]/.test(words) ? "'" + words : words; };

async function copyTable() {
  const words = tableLines().map((line) => line.map(safe).join("\t")).join("\n");
  try { await navigator.clipboard.writeText(words); } catch {
    const area = make("textarea", {}); area.value = words; document.body.append(area); area.select(); document.execCommand("copy"); area.remove();
  }
  say("Table copied");
}

function saveTable() {
  const lines = tableLines().map((line) => line.map((cell) => `"${safe(cell).replaceAll('"', '""')}"`).join(","));
  const notice = `"${plan.notice.replaceAll('"', '""')}"`;
  const file = new Blob(["\ufeff" + [...lines, "", notice].join("\r\n") + "\r\n"], { type: "text/csv" });
  const link = make("a", { href: URL.createObjectURL(file), download: `homes-${plan.audience}.csv` });
  document.body.append(link); link.click(); link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  say("The table as shown is saved");
}
