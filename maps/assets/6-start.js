// Puts everything together once the map stands.
function startPlan(map) {
  theMap = map;
  document.getElementById("map-place").append(map.getContainer());
  map.attributionControl.setPrefix(false);
  map.attributionControl.addAttribution(plan.attribution);
  const before = bringBack();
  map.invalidateSize({ animate: false });
  if (before) map.setView(before.centre, before.zoom, { animate: false }); else map.fitBounds(unpack(plan.bounds), { animate: false });
  for (const [name, z] of [["ground", 210], ["areas", 300], ["roads", 350], ["names", 360], ["lines", 420]]) map.createPane(name).style.zIndex = z;
  if (plan.tiles) L.tileLayer(plan.tiles, { maxZoom: 19 }).addTo(map); else drawBackground(map);
  drawLayers(map);
  if (before) map.setView(before.centre, before.zoom, { animate: false });
  for (const [key, layer] of Object.entries(layers)) if (state.hidden.has(key)) layer.group.remove();
  fillLegend(); fillSwitches();
  if (plan.homes.length) { fillHead(); fillTable(); }
  startTools(map);
  if (before && before.selected) select(before.selected, false);
  map.on("moveend", keepView);
  document.body.dataset.ready = "yes";
}
