"use strict";
// What the page does beyond links and forms; everything can also be done without it.
document.addEventListener("DOMContentLoaded", () => {
  const summary = document.querySelector(".govuk-error-summary");
  if (summary) summary.focus();
  for (const form of document.querySelectorAll("form")) {
    form.addEventListener("submit", (event) => {
      const button = form.querySelector("[data-prevent-double-click]");
      if (!button) return;
      if (button.dataset.pressed) event.preventDefault();
      button.dataset.pressed = "yes";
      setTimeout(() => delete button.dataset.pressed, 3000);
    });
  }
  for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => window.print());
  document.addEventListener("click", (event) => {
    const asked = event.target.closest("[data-confirm]");
    if (asked && !window.confirm(asked.dataset.confirm)) event.preventDefault();
  });
  watchRun();
  filterHomes();
  slide();
});

// Works through many things in small pieces, between which the browser scrolls and types; tells whether it came to the end.
async function inSlices(things, work, goesOn = () => true) {
  let began = performance.now();
  for (const thing of things) {
    if (performance.now() - began > 10) {
      await new Promise((later) => { setTimeout(later); });
      if (!goesOn()) return false;
      began = performance.now();
    }
    work(thing);
  }
  return true;
}

function slide() {
  const number = (field) => Number(field.value.replace(/[,£\s]/g, ""));
  for (const slider of document.querySelectorAll("[data-slides]")) {
    const field = document.getElementById(slider.dataset.slides);
    slider.hidden = false;
    slider.addEventListener("input", () => { field.value = Number(slider.value).toLocaleString("en-GB"); });
    field.addEventListener("input", () => { if (number(field) > 0) slider.value = number(field); });
  }
}

function watchRun() {
  const watched = document.querySelector("[data-events]");
  if (!watched) return;
  const list = watched.querySelector("ol");
  const seconds = watched.querySelector("[data-seconds]");
  const bar = watched.querySelector("progress");
  const left = watched.querySelector("[data-left]");
  const events = new EventSource(watched.dataset.events);
  events.addEventListener("steps", (event) => {
    const told = JSON.parse(event.data);
    for (const step of told.steps.slice(list.children.length)) {
      const item = document.createElement("li");
      item.textContent = step.text;
      if (step.lang) item.lang = step.lang;
      list.append(item);
    }
    [...list.children].forEach((item, at) => { item.className = at === list.children.length - 1 ? "now" : ""; });
    if (told.share !== null) bar.value = told.share;
    if (left.textContent !== told.left) left.textContent = told.left;
    seconds.textContent = seconds.dataset.seconds.replace("{n}", told.seconds);
  });
  events.addEventListener("ended", () => {
    events.close();
    window.location.assign(watched.dataset.ends);
  });
}

function filterHomes() {
  const words = document.getElementById("filter");
  if (!words) return;
  const verdict = document.getElementById("filter-verdict");
  const shown = document.getElementById("shown");
  const rows = [...document.querySelectorAll("#homes tbody tr")];
  const texts = new Map();
  let waiting = 0;
  let latest = 0;
  const apply = async () => {
    const own = ++latest;
    const wanted = words.value.trim().toLowerCase();
    const visible = new Set();
    const whole = await inSlices(rows, (row) => {
      if (wanted && !texts.has(row)) texts.set(row, row.textContent.toLowerCase());
      const fits = (!wanted || texts.get(row).includes(wanted)) && (!verdict.value || row.dataset.verdict === verdict.value);
      if (row.hidden === fits) row.hidden = !fits;
      if (fits) visible.add(row.dataset.home);
    }, () => own === latest);
    if (!whole) return;
    for (const some of document.querySelectorAll("#homes tbody")) {
      const left = [...some.rows].filter((row) => !row.hidden).length;
      some.hidden = !left;
      some.style.containIntrinsicBlockSize = `${3.8 * left}rem`;
    }
    shown.textContent = shown.dataset.words.replace("{n}", visible.size);
    document.dispatchEvent(new CustomEvent("homes-shown", { detail: visible }));
  };
  const later = () => {
    clearTimeout(waiting);
    waiting = setTimeout(apply, 120);
  };
  words.addEventListener("input", later);
  verdict.addEventListener("change", apply);
}
