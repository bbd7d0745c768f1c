// "How many minutes from here?", the slider of minutes, and the search for a place, a postcode or a home.
let grids = null, postcodes = null;

async function openGrids() {
  if (!plan.times || grids) return grids;
  grids = { to_school: await inflate(plan.times.to_school), from_school: await inflate(plan.times.from_school) };
  return grids;
}

// The least and the most minutes at the grid's points round a place: they differ where roads part, by which road a house stands on.
// Null where there is no way, undefined beyond the grid.
function minutesAt({ lat, lng }, direction) {
  const { south, west, lat_step, lon_step, rows, columns: wide } = plan.times, values = grids[direction];
  const down = (lat - south) / lat_step, along = (lng - west) / lon_step, row = Math.floor(down), column = Math.floor(along);
  if (row < 0 || column < 0 || row + 1 >= rows || column + 1 >= wide) return undefined;
  const corner = row * wide + column, round = [values[corner], values[corner + 1], values[corner + wide], values[corner + wide + 1]];
  const known = round.filter((value) => value !== 255), least = Math.min(...known), most = Math.max(...known);
  if (!known.length) return null;
  if (known.length < 4 || most - least > ALIKE_MIN) return [least, most];
  const y = down - row, x = along - column;
  const between = Math.round((round[0] * (1 - x) + round[1] * x) * (1 - y) + (round[2] * (1 - x) + round[3] * x) * y);
  return [between, between];
}
const ALIKE_MIN = 4;

const timesWords = ([least, most], way, exactly) => (least === most ? `${exactly ? "" : "about "}${least} minute${least === 1 ? "" : "s"} ${way}` : `${least} to ${most} minutes ${way}`);

// A postcode's minutes were reckoned for its own place; those of any other place stand on the grid.
async function tellMinutes(place, words) {
  await openGrids();
  const told = [["to_school", "to school"], ["from_school", "back"]].map(([direction, way]) => {
    const own = place[direction], found = own === undefined ? minutesAt(place, direction) : own === 255 ? null : [own, own];
    return found === undefined ? "beyond this map" : found === null ? `no way ${way}` : timesWords(found, way, own !== undefined);
  });
  const parted = told.some((one) => / to \d+ minutes/.test(one)) ? ", by which road it stands on" : "";
  const answer = [...new Set(told)].join(", ") + ` ${plan.scenario_words[plan.times.scenario]}${parted}`;
  L.popup().setLatLng(place).setContent(make("div", {}, words ? make("strong", { text: words }) : null, make("p", { text: answer[0].toUpperCase() + answer.slice(1) + "." }),
    make("p", { class: "quiet", text: place.to_school === undefined ? "By points of a grid; a home is judged by its own times." : "For the middle of the postcode; a home is judged by its own times." }))).openOn(theMap);
  document.getElementById("found").textContent = (words ? words + ": " : "") + answer;
  say(answer);
}

const asking = () => ({ words: "Click a place to hear how many minutes it is from the school.", stop: () => theMap.closePopup(), take: (place) => tellMinutes(place, "") });

async function openPostcodes() {
  if (postcodes || !plan.postcodes) return postcodes;
  postcodes = new Map();
  const { south, west, packed } = plan.postcodes;
  for (const line of new TextDecoder().decode(await inflate(packed)).split("\n")) {
    const [outward, digit, ...units] = line.split(" ");
    for (const unit of units) {
      const [letters, row, column, to, from] = unit.split(",");
      postcodes.set(outward + digit + letters, { lat: south + row / 1e4, lng: west + column / 1e4, to_school: Number(to), from_school: Number(from) });
    }
  }
  return postcodes;
}

function sectorMiddle(sector) {
  const inside = [...postcodes].filter(([code]) => code.length === sector.length + 2 && code.startsWith(sector)).map(([, place]) => place);
  const mean = (key) => inside.reduce((sum, place) => sum + place[key], 0) / inside.length;
  return inside.length ? { lat: mean("lat"), lng: mean("lng") } : null;
}

const POSTCODE = /\b([A-Z]{1,2}[0-9][A-Z0-9]?)\s*([0-9])([A-Z]{2})?\b/i;
async function find(words) {
  const plain = words.trim().toLowerCase();
  const degrees = words.match(/(-?\d{1,2}\.\d+)\s*,\s*(-?\d{1,3}\.\d+)/);
  if (degrees) return [{ lat: Number(degrees[1]), lng: Number(degrees[2]) }, words.trim()];
  const one = homes.find((other) => other.home_id.toLowerCase() === plain);
  if (one) return [L.latLng(at(one.at)), one.home_id, one];
  const code = words.toUpperCase().match(POSTCODE), known = code ? await openPostcodes() : null;
  if (known) {
    const found = known.get(code[1] + code[2] + (code[3] ?? ""));
    if (found && code[3]) return [found, `${code[1]} ${code[2]}${code[3]}`];
    // Of a postcode that is not known, its sector's middle is told, and said to be that.
    const sector = found ?? known.get(code[1] + code[2]) ?? sectorMiddle(code[1] + code[2]);
    if (sector) return [{ lat: sector.lat, lng: sector.lng }, `${code[1]} ${code[2]} (the middle of the sector)`];
  }
  const named = (names ?? namesOf()).filter(({ kind }) => kind !== "road").sort((a, b) => a.words.length - b.words.length);
  const place = named.find((name) => name.words.toLowerCase() === plain) ?? named.find((name) => plain.length > 2 && name.words.toLowerCase().startsWith(plain));
  if (place) return [{ lat: place.place[0], lng: place.place[1] }, place.words];
  const addressed = plain.length > 4 ? homes.find((other) => (other.address ?? "").toLowerCase().includes(plain)) : null;
  return addressed ? [L.latLng(at(addressed.at)), addressed.home_id, addressed] : null;
}

function startAsking() {
  const form = document.getElementById("search");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const words = document.getElementById("search-words").value, found = words.trim() ? await find(words) : null;
    const told = document.getElementById("found");
    if (!found) { told.textContent = words.trim() ? "Not found on this map." : ""; say(told.textContent); return; }
    const [place, name, one] = found;
    theMap.setView(place, Math.max(theMap.getZoom(), 12), { animate: !calm.matches });
    if (one) { told.textContent = name; select(one.home_id, true); } else if (plan.times) await tellMinutes(place, name);
    else { told.textContent = name; L.popup().setLatLng(place).setContent(text(name)).openOn(theMap); say(name + " is in the middle of the map"); }
  });
  const slider = document.getElementById("slider");
  if (!slider || !plan.times) return;
  slider.max = MOST_WITHIN;
  slider.value = state.within;
  slider.addEventListener("input", () => { state.within = Number(slider.value); drawWithin(); });
  slider.addEventListener("change", () => { say(withinWords()); keepView(); });
  if (state.within) drawWithin();
}

const withinWords = () => (state.within ? `within ${state.within} minutes, ${state.direction === "to_school" ? "to" : "from"} school ${plan.scenario_words[plan.times.scenario]}` : "off");

// The ground within the slider's minutes, in the journey's direction and the rule's scenario.
let shade = null;
async function drawWithin() {
  if (!plan.times) return;
  await openGrids();
  document.getElementById("slider-words").textContent = withinWords();
  shade?.remove();
  shade = state.within ? L.imageOverlay(shadeOf(state.within), gridBounds(), { pane: "shade", opacity: SHADE_SHARE, interactive: false, alt: "" }).addTo(theMap) : null;
}

const SHADE = [196, 81, 10], SHADE_SHARE = 0.55;
const gridBounds = () => {
  const { south, west, lat_step, lon_step, rows, columns: wide } = plan.times;
  return [[south - lat_step / 2, west - lon_step / 2], [south + (rows - 0.5) * lat_step, west + (wide - 0.5) * lon_step]];
};

// The grid's ground within so many minutes, as a picture: rows of the map are drawn closer in the north, those of the grid are not.
function shadeOf(minutes) {
  const { lat_step, rows, columns: wide } = plan.times, [[low], [high]] = gridBounds();
  const northing = (lat) => Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360));
  const canvas = make("canvas"), bottom = northing(low), top = northing(high);
  canvas.width = wide; canvas.height = rows;
  const pen = canvas.getContext("2d"), picture = pen.createImageData(wide, rows), values = grids[state.direction];
  for (let y = 0; y < rows; y++) {
    const lat = (Math.atan(Math.exp(top - ((y + 0.5) / rows) * (top - bottom))) * 360) / Math.PI - 90;
    const row = Math.min(rows - 1, Math.max(0, Math.floor((lat - low) / lat_step)));
    for (let x = 0; x < wide; x++) if (values[row * wide + x] <= minutes) picture.data.set([...SHADE, 255], 4 * (y * wide + x));
  }
  pen.putImageData(picture, 0, 0);
  return canvas.toDataURL();
}
