// What the pages of staff share: rows that are made anew only when they differ, and how times are written.
"use strict";

const name = (text) => text ? text.id : "";
const local = (at) => at ? at.slice(11, 16).replace(":", ".") : "–";
const since = (at) => (Date.now() + clock.ahead - Date.parse(at)) / 1000;
const minutes = (s) => s === null || s === undefined ? "–" : Math.max(0, Math.round(s / 60)) + " mnt";

// Made anew only when one differs, so that a button does not vanish under a finger.
const drawn = {};
function once(id, state, make) {
  const now = JSON.stringify(state);
  if (drawn[id] === now) return;
  drawn[id] = now;
  byId(id).replaceChildren(...make());
}

function element(tag, text, kind) {
  const made = document.createElement(tag);
  if (text) made.textContent = text;
  if (kind) made.className = kind;
  return made;
}

function button(text, act) {
  const made = element("button", text);
  made.type = "button";
  made.addEventListener("click", () => { made.blur(); act(); });
  return made;
}

function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

// Whether the line to the box is there.
function tellLine(online) {
  byId("line").className = "line " + (online ? "online" : "offline");
  put("line-text", online ? "Tersambung" : "Terputus, mencoba lagi…");
}
