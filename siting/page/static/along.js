"use strict";
// One file to take along: what is noted is kept in this browser at once, and saved as a file to bring back.
const given = JSON.parse(document.getElementById("given").textContent);
const KEY = `${given.kind} ${given.home}`;
const WORDS = Object.fromEntries(given.events.map(({ event, words }) => [event, words]));
let entries = [];
let keeps = true;
let saved = 0;

try {
  const kept = JSON.parse(localStorage.getItem(KEY) || "{}");
  entries = kept.entries || [];
  saved = kept.saved || 0;
  localStorage.setItem(`${KEY} trial`, "1");
  localStorage.removeItem(`${KEY} trial`);
} catch {
  keeps = false;
}

function keep() {
  try {
    localStorage.setItem(KEY, JSON.stringify({ entries, saved }));
    // What cannot be read back was not kept, whatever the browser says.
    keeps = JSON.parse(localStorage.getItem(KEY)).entries.length === entries.length;
  } catch {
    keeps = false;
  }
  show();
}

function mark() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function now() {
  const at = new Date();
  const two = (value) => String(value).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

function answers() {
  return JSON.stringify({ kind: given.kind, home: given.home, entries });
}

function build(section) {
  const about = section.dataset.about;
  const label = document.createElement("label");
  label.textContent = given.words.note;
  const note = document.createElement("input");
  note.autocomplete = "off";
  label.append(note);
  const buttons = document.createElement("div");
  buttons.className = "big";
  for (const { event, words } of given.events) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = words;
    button.dataset.event = event;
    button.addEventListener("click", () => {
      entries.push({ mark: mark(), at: now(), event, about, note: note.value.trim() });
      note.value = "";
      keep();
    });
    buttons.append(button);
  }
  const list = document.createElement("ul");
  list.className = "noted";
  section.append(label, buttons, list);
}

function show() {
  for (const section of document.querySelectorAll(".visit")) {
    const list = section.querySelector(".noted");
    list.replaceChildren(...entries.filter((entry) => entry.about === section.dataset.about).map((entry) => {
      const item = document.createElement("li");
      const words = document.createElement("span");
      words.textContent = `${entry.at.slice(11)} ${WORDS[entry.event]}${entry.note ? ": " + entry.note : ""}`;
      const back = document.createElement("button");
      back.type = "button";
      back.textContent = given.words.back;
      back.setAttribute("aria-label", `${given.words.back}: ${words.textContent}`);
      back.addEventListener("click", () => {
        entries = entries.filter((other) => other.mark !== entry.mark);
        saved = Math.min(saved, entries.length);
        keep();
      });
      item.append(words, back);
      return item;
    }));
  }
  const state = document.getElementById("state");
  const unsaved = entries.length - saved;
  const told = entries.length ? given.words.count.replace("{n}", entries.length) : given.words.none;
  state.textContent = [told, unsaved > 0 ? given.words.unsaved.replace("{n}", unsaved) : "", keeps ? "" : given.words.lost].filter(Boolean).join(" ");
  state.className = keeps ? "" : "warn";
  document.getElementById("answers").value = answers();
}

document.getElementById("save").addEventListener("click", () => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([answers()], { type: "application/json" }));
  link.download = `answers-${given.home.replace(/[^A-Za-z0-9]+/g, "-")}-${now().slice(0, 10)}.json`;
  link.click();
  saved = entries.length;
  keep();
});
document.getElementById("copy").addEventListener("click", async () => {
  document.getElementById("text").hidden = false;
  const field = document.getElementById("answers");
  field.focus();
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    document.getElementById("state").textContent = given.words.copied;
  } catch {
    // The field is selected, so that it can be copied by hand.
  }
});
document.getElementById("clear").addEventListener("click", (event) => {
  if (!window.confirm(event.target.dataset.sure)) return;
  entries = [];
  saved = 0;
  keep();
});
window.addEventListener("beforeunload", (event) => {
  if (!keeps && entries.length > saved) event.preventDefault();
});
document.querySelectorAll(".visit").forEach(build);
show();
