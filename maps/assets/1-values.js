// The plan's values and small helpers. Text is only ever set as text, so nothing a user typed runs.
"use strict";
const plan = JSON.parse(document.getElementById("plan-data").textContent);
const state = { direction: "to_school", scenario: plan.rule_scenario, selected: null, compared: [], hidden: new Set(), byArea: false, filter: {} };

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

const VERDICTS = {
  pass: { words: "passes", shape: "circle", fill: "#0b6e4f", ink: "#ffffff" },
  marginal: { words: "marginal", shape: "triangle", fill: "#f2b134", ink: "#1b1b1b" },
  fail: { words: "fails", shape: "square", fill: "#a4262c", ink: "#ffffff" },
  unreachable: { words: "no way there", shape: "cross", fill: "#4a4a52", ink: "#ffffff" },
};

function icon(verdict, text, size = 26) {
  const { shape, fill, ink } = VERDICTS[verdict];
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("width", size); svg.setAttribute("height", size); svg.setAttribute("viewBox", "0 0 26 26"); svg.setAttribute("aria-hidden", "true");
  const outlines = { circle: "M13 2a11 11 0 1 0 .01 0z", triangle: "M13 1 25 24H1z", square: "M3 3h20v20H3z", cross: "M3 8l5-5 5 5 5-5 5 5-5 5 5 5-5 5-5-5-5 5-5-5 5-5z" };
  const outline = document.createElementNS(space, "path");
  outline.setAttribute("d", outlines[shape]); outline.setAttribute("fill", fill); outline.setAttribute("stroke", "#fff"); outline.setAttribute("stroke-width", "1.6");
  const label = document.createElementNS(space, "text");
  label.setAttribute("x", "13"); label.setAttribute("y", shape === "triangle" ? "20" : "17"); label.setAttribute("text-anchor", "middle");
  label.setAttribute("font-size", "10.5"); label.setAttribute("font-weight", "700"); label.setAttribute("fill", ink); label.textContent = text;
  svg.append(outline, label);
  return svg;
}

const say = (text) => { document.getElementById("live").textContent = text; };
const number = (value, decimals = 1) => (value === null || value === undefined ? "" : Number(value).toFixed(decimals));
const money = (value) => (value === null || value === undefined ? "" : "£" + Math.round(value).toLocaleString("en-GB"));
const miles = (metres) => (metres / 1609.344);
