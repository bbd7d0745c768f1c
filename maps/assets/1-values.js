// The plan's values and small helpers. Text is only ever set as text, so nothing a user typed runs.
"use strict";
const plan = JSON.parse(document.getElementById("plan-data").textContent);
// Large parts are read when they are first asked for, so that the page stands before.
for (const block of document.querySelectorAll("script[data-part]")) {
  const key = block.dataset.part;
  Object.defineProperty(plan, key, { configurable: true, get: () => {
    const value = JSON.parse(block.textContent);
    Object.defineProperty(plan, key, { value });
    return value;
  } });
}
// What an audience may not see is not in its file: these are then empty.
const homes = plan.homes ?? [], families = plan.families ?? [], columns = plan.columns ?? [];
const homeOf = new Map(homes.map((one) => [one.home_id, one]));
const looks = plan.looks, VERDICTS = looks.verdicts;
const state = {
  direction: "to_school", scenario: plan.rule_scenario, selected: null, compared: [], hidden: new Set(plan.engagement ? ["circle", "detail", "authorities", "exclusions", "families", ...looks.areas.map(({ minutes }) => "within-" + minutes)] : ["circle"]),
  byArea: false, allLines: false, within: 0, filter: {}, sorting: { key: columns.some(({ key }) => key === "rank") ? "rank" : "home_id", down: false },
};
const MOST_WITHIN = 90;
const calm = window.matchMedia("(prefers-reduced-motion: reduce)");

// Coordinates stand as differences in millionths of a degree from the plan's corner.
function unpack(numbers) {
  const points = new Array(numbers.length / 2);
  let lat = 0, lon = 0;
  for (let i = 0; i < points.length; i++) {
    lat += numbers[2 * i]; lon += numbers[2 * i + 1];
    points[i] = [plan.corner[0] + lat / 1e6, plan.corner[1] + lon / 1e6];
  }
  return points;
}
const at = (pair) => unpack(pair)[0];

// Bytes that stand in base64, compressed.
async function inflate(base64) {
  const letters = atob(base64), bytes = new Uint8Array(letters.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = letters.charCodeAt(i);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

// The minutes between a home and each family, null where there is no way.
let tenths = null;
async function familyMinutes(one) {
  tenths ??= inflate(plan.minutes).then((bytes) => new Uint16Array(bytes.buffer));
  const start = homes.indexOf(one) * families.length;
  return Array.from((await tenths).subarray(start, start + families.length), (value) => (value === 65535 ? null : value / 10));
}

// After the browser has drawn what stands.
// A page in the background is not drawn, and does not wait for it.
const afterDrawing = () => new Promise((done) => { requestAnimationFrame(() => setTimeout(done)); setTimeout(done, 250); });

function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(properties)) {
    if (key === "text") element.textContent = value;
    else if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

function drawing(size, box, ...parts) {
  const space = "http://www.w3.org/2000/svg", svg = document.createElementNS(space, "svg");
  for (const [key, value] of Object.entries({ width: size, height: size, viewBox: box, "aria-hidden": "true" })) svg.setAttribute(key, value);
  for (const [tag, values, words] of parts) {
    const part = document.createElementNS(space, tag);
    for (const [key, value] of Object.entries(values)) part.setAttribute(key, value);
    if (words !== undefined) part.textContent = words;
    svg.append(part);
  }
  return svg;
}

const OUTLINES = { circle: "M13 2a11 11 0 1 0 .01 0z", triangle: "M13 1 25 24H1z", square: "M3 3h20v20H3z", cross: "M3 8l5-5 5 5 5-5 5 5-5 5 5 5-5 5-5-5-5 5-5-5 5-5z" };

function icon(verdict, text = "", size = 26, chosen = false) {
  const { shape, colour, ink } = VERDICTS[verdict];
  const ring = chosen ? [["circle", { cx: 13, cy: 13, r: 16, fill: "#fff", "fill-opacity": 0.8, stroke: looks.chosen, "stroke-width": 2.4 }]] : [];
  return drawing(size, chosen ? "-5 -5 36 36" : "0 0 26 26", ...ring, ["path", { d: OUTLINES[shape], fill: colour, stroke: "#fff", "stroke-width": 1.6 }],
    ["text", { x: 13, y: shape === "triangle" ? 20 : 17, "text-anchor": "middle", "font-size": 10.5, "font-weight": 700, fill: ink }, text]);
}

const star = (size = 30) => drawing(size, "0 0 24 24", ["path", { d: "M12 1l3.2 7.1 7.8.8-5.8 5.2 1.7 7.7L12 17.9 5.1 21.8l1.7-7.7L1 8.9l7.8-.8z", fill: looks.school, stroke: "#fff", "stroke-width": 1.4 }]);

const say = (text) => { document.getElementById("live").textContent = text; };
const number = (value, decimals = 1) => (value === null || value === undefined ? "" : Number(value).toFixed(decimals));
const money = (value) => (value === null || value === undefined ? "" : "£" + Math.round(value).toLocaleString("en-GB"));
const miles = (metres) => metres / 1609.344;
const missing = (value) => value === null || value === undefined || value === "";
const home = (id) => homeOf.get(id);
const isChosen = (one) => one.chosen === "yes";
const text = (words) => make("span", { text: words });
const written = (one, { key, kind }) => (kind === "money" ? money(one[key]) : kind === "decimal" ? number(one[key]) : key === "verdict" ? VERDICTS[one[key]].words : one[key] ?? "");
