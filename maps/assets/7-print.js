// Paper: the page takes the paper's size and the map is fitted to it. A canvas that was drawn for paper is not looked at
// again before the browser prints, so what canvases show is put beside them as lines and areas, which print sharp besides.
let onPaper = null;

function outlineOf(renderer) {
  const space = "http://www.w3.org/2000/svg", svg = document.createElementNS(space, "svg");
  const { min } = renderer._bounds, { x: wide, y: high } = renderer._bounds.getSize();
  for (const [key, value] of Object.entries({ width: wide, height: high, viewBox: `${min.x} ${min.y} ${wide} ${high}` })) svg.setAttribute(key, value);
  svg.style.cssText = `position:absolute;left:${min.x}px;top:${min.y}px;pointer-events:none`;
  for (let order = renderer._drawFirst; order; order = order.next) {
    const { layer } = order, { options } = layer, closed = layer instanceof L.Polygon, round = layer instanceof L.CircleMarker;
    const path = document.createElementNS(space, "path");
    const d = round ? circlePath(layer._point, Math.max(layer._radius, 1)) : (layer._parts ?? []).map((part) => part.map(({ x, y }, index) => `${index ? "L" : "M"}${x} ${y}`).join("") + (closed ? "z" : "")).join("");
    if (!d) continue;
    path.setAttribute("d", d);
    path.setAttribute("fill", options.fill ? options.fillColor || options.color : "none");
    path.setAttribute("fill-opacity", options.fillOpacity); path.setAttribute("fill-rule", options.fillRule || "evenodd");
    if (options.stroke && options.weight) {
      for (const [key, value] of Object.entries({ stroke: options.color, "stroke-width": options.weight, "stroke-opacity": options.opacity, "stroke-dasharray": options.dashArray, "stroke-linejoin": "round" })) if (value !== null && value !== undefined) path.setAttribute(key, value);
    }
    svg.append(path);
  }
  renderer._container.before(svg);
  renderer._container.style.display = "none";
  return svg;
}

const circlePath = ({ x, y }, r) => `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;

function canvases() {
  const found = [];
  theMap.eachLayer((layer) => { if (layer instanceof L.Canvas) found.push(layer); });
  return found;
}

function toPaper() {
  if (onPaper) return;
  onPaper = { view: theMap.getBounds(), centre: theMap.getCenter(), zoom: theMap.getZoom(), drawn: [] };
  // The legend's height is known before the map is fitted to what it leaves.
  fillPrintLegend();
  document.body.classList.add("printing");
  theMap.invalidateSize({ animate: false, pan: false });
  theMap.options.zoomSnap = 0.05;
  // Paper has another shape than the screen: what is in view stays in view, and no more than the plan where all of it was.
  const whole = L.latLngBounds(unpack(plan.bounds));
  if (onPaper.view.contains(whole)) theMap.fitBounds(whole, { animate: false, padding: [18, 18] }); else theMap.fitBounds(onPaper.view, { animate: false });
  theMap.options.zoomSnap = 0.5;
  for (const renderer of canvases()) { renderer._update(); renderer._updatePaths(); onPaper.drawn.push([renderer, outlineOf(renderer)]); }
}

function toScreen() {
  if (!onPaper) return;
  const { centre, zoom, drawn } = onPaper;
  onPaper = null;
  for (const [renderer, svg] of drawn) { svg.remove(); renderer._container.style.display = ""; }
  document.body.classList.remove("printing");
  theMap.invalidateSize({ animate: false, pan: false });
  theMap.setView(centre, zoom, { animate: false });
  for (const renderer of canvases()) { renderer._update(); renderer._updatePaths(); }
}

function setPaper(size) {
  document.body.classList.toggle("a3", size === "a3");
  document.getElementById("paper").textContent = `@page { size: ${size.toUpperCase()} landscape; margin: 10mm; }`;
}

function printOn(size) { setPaper(size); window.print(); }

function startPrinting() {
  window.addEventListener("beforeprint", toPaper);
  window.addEventListener("afterprint", toScreen);
  window.matchMedia("print").addEventListener("change", (query) => (query.matches ? toPaper() : toScreen()));
}
