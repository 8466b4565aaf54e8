// Who is being served: as many rows as are legible, the others in turn, and the newest call always among them.
"use strict";

// When each counter was last on the screen, by its id; and who is on it now.
const seenAt = new Map();
let chosen = [], turns = 0;

// The rows of this turn: whoever is on the screen stays, free places go to whoever was away longest.
function choose(busy, size, gold) {
  const waited = (row) => seenAt.get(row.id) || 0;
  const stay = busy.filter((row) => chosen.includes(row.id)).slice(0, size);
  const others = busy.filter((row) => !stay.includes(row)).sort((a, b) => waited(a) - waited(b));
  const shown = stay.concat(others.slice(0, size - stay.length));
  const newest = busy.find((row) => row.id === gold);
  if (newest && !shown.includes(newest)) shown.splice(size - 1, 1, newest);
  chosen = shown.map((row) => row.id);
  const now = Date.now();
  for (const id of chosen) seenAt.set(id, now);
  return busy.filter((row) => shown.includes(row));
}

// The next ones, please.
function turnRows() {
  chosen = [];
  turns++;
}

function rowItem(row, agency, gold) {
  const item = document.createElement("li");
  if (gold) item.className = "gold";
  const part = (tag, name) => { const element = document.createElement(tag); element.className = name; return element; };
  const plate = part("span", "plate"), ticket = part("b", "number"), counter = part("b", "counter");
  if (agency) plate.append(agency.content.cloneNode(true));
  number(ticket, row.ticket);
  counter.textContent = row.number;
  item.append(plate, ticket, part("i", "door"), counter);
  return item;
}
