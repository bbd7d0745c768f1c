"use strict";
// Dragging a household to another time fills in the form above and sends it; the form does the same by keyboard.
document.addEventListener("DOMContentLoaded", () => {
  const form = document.getElementById("moving");
  if (!form) return;
  const who = form.querySelector("#about");
  const was = form.querySelector("#was");
  who.addEventListener("change", () => { was.value = who.selectedOptions[0].dataset.was || ""; });
  let dragged = null;
  for (const card of document.querySelectorAll(".card-move")) {
    card.addEventListener("dragstart", (event) => {
      dragged = card;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", card.dataset.about);
    });
    card.addEventListener("dragend", () => { dragged = null; });
  }
  for (const slot of document.querySelectorAll(".slot")) {
    slot.addEventListener("dragover", (event) => {
      if (!dragged) return;
      event.preventDefault();
      slot.classList.add("over");
    });
    slot.addEventListener("dragleave", () => slot.classList.remove("over"));
    slot.addEventListener("drop", (event) => {
      event.preventDefault();
      if (!dragged || dragged.dataset.was === slot.dataset.slot) return slot.classList.remove("over");
      who.value = dragged.dataset.about;
      was.value = dragged.dataset.was;
      form.querySelector("#to").value = slot.dataset.slot;
      form.requestSubmit();
    });
  }
});
