// Puts everything together once the map stands.
const WHOLE = { paddingTopLeft: [24, 24], paddingBottomRight: [24, 34] };
async function startPlan(map) {
  theMap = map;
  document.getElementById("map-place").append(map.getContainer());
  if (calm.matches) { map.options.zoomAnimation = map.options.fadeAnimation = map.options.inertia = false; map._zoomAnimated = false; }
  map.attributionControl.setPrefix(false);
  map.attributionControl.addAttribution(plan.attribution);
  const before = bringBack();
  map.invalidateSize({ animate: false });
  if (before) map.setView(before.centre, before.zoom, { animate: false }); else map.fitBounds(unpack(plan.bounds), { ...WHOLE, animate: false });
  for (const [name, z] of [["ground", 210], ["areas", 300], ["shade", 310], ["roads", 350], ["lines", 420], ["names", 430]]) map.createPane(name).style.zIndex = z;
  map.getPane("names").style.pointerEvents = "none";
  drawLayers(map);
  if (before) map.setView(before.centre, before.zoom, { animate: false });
  for (const [key, layer] of Object.entries(layers)) if (state.hidden.has(key)) layer.group.remove();
  fillLegend(); fillSwitches();
  if (homes.length) { fillHead(); fillTable(); offerCompare(); }
  arrange();
  startTools(map); startAsking(); startPrinting();
  // What the plan is about stands; the ground under it follows.
  await afterDrawing();
  if (plan.tiles) L.tileLayer(plan.tiles, { maxZoom: 19 }).addTo(map); else drawBackground(map);
  document.getElementById("ground").append(...groundSigns());
  drawNames();
  map.on("moveend", () => { if (state.filter.extent) fillTable(); arrange(); placeLabels(); drawNames(); keepView(); });
  if (before && before.selected) select(before.selected, false);
  document.body.dataset.ready = "yes";
  // A link that is opened where the page already stands.
  window.addEventListener("hashchange", () => { if (location.hash.startsWith("#zoom=")) location.reload(); });
  if (families.length && homes.length) whenIdle(() => familyMinutes(homes[0]));
}
