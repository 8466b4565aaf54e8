// The lobby's screen. It follows the public feed and mirrors the board as every screen does.
"use strict";

const zone = byId("lobby").dataset.zone;
const agencies = {};
for (const template of document.querySelectorAll("template.agency")) agencies[template.dataset.id] = template;

let board = null, shown = null, waiting = [], page = 0, callTimer, goldUntil = 0;
const HOLD = 5000, FRESH = 45000, ROWS = 4;

const here = (row) => !zone || row.zone === zone;

// The whole present: after a start, or after too long an absence.
function whole(next) {
  const first = board === null;
  board = next;
  const calls = board.calls.filter(here);
  if (first) {
    // Nothing is repeated on the first look: the last call stands, without a blink.
    const last = calls[calls.length - 1];
    shown = last ? last.seq : 0;
    if (last) showCall(last, false); else idle();
  } else {
    missed(calls.filter((call) => call.seq > shown));
  }
  rows();
}

// One change: the rows that are new, and the call if there was one.
function change(event) {
  if (!board || event.seq <= board.seq) return;
  board.seq = event.seq;
  // What has happened is not in the future: the house's time runs faster where a day is only played.
  if (Date.parse(event.at) > Date.now() + clock.ahead + 2000) setClock(event.at);
  if (event.day_changed) { board.calls = []; waiting = []; idle(); }
  for (const kind of ["agencies", "counters"]) {
    for (const row of event[kind]) {
      const at = board[kind].findIndex((mine) => mine.id === row.id);
      if (at >= 0) board[kind][at] = row;
    }
  }
  if (event.call) { board.calls.push(event.call); if (here(event.call)) missed([event.call]); }
  rows();
}

// Every call is shown, in order; one that is no longer fresh does not take the card again.
function missed(calls) {
  for (const call of calls) {
    if (call.seq <= shown || waiting.some((other) => other.seq === call.seq)) continue;
    waiting.push(call);
  }
  if (!callTimer) nextCall();
}

function nextCall() {
  callTimer = undefined;
  const call = waiting.shift();
  if (!call) return;
  shown = call.seq;
  const fresh = Date.now() + clock.ahead - Date.parse(call.at) < FRESH;
  const last = waiting.length === 0;
  if (fresh || last) showCall(call, fresh);
  callTimer = setTimeout(nextCall, fresh ? HOLD : 0);
}

function showCall(call, fresh) {
  const agency = agencies[call.agency];
  byId("call").className = "card call on" + (fresh ? " fresh" : "");
  byId("call-emblem").replaceChildren(agency ? agency.content.cloneNode(true) : "");
  put("call-name", agency ? agency.dataset.name : "");
  put("call-full", agency && agency.dataset.full !== agency.dataset.name ? agency.dataset.full : "");
  number(byId("call-number"), call.number);
  put("call-counter", "Loket " + call.counter_number);
  if (fresh) {
    // Restarting the blink needs the element to be laid out in between.
    const element = byId("call-number");
    element.classList.remove("blink");
    void element.offsetWidth;
    element.classList.add("blink");
    goldUntil = Date.now() + 12000;
    page = 0;
    rows();
    setTimeout(rows, 12100);
  }
}

function idle() { byId("call").className = "card call"; shown = shown || 0; }

// Letter, then digits in equal cells.
function number(element, text) {
  const cells = [...text].map((letter) => {
    const cell = document.createElement(/[0-9]/.test(letter) ? "span" : "i");
    cell.textContent = letter;
    return cell;
  });
  element.dataset.length = text.length;
  element.replaceChildren(...cells);
}

function rows() {
  if (!board) return;
  const calls = board.calls;
  const when = (row) => { for (let at = calls.length - 1; at >= 0; at--) if (calls[at].counter === row.id) return calls[at].seq; return 0; };
  const busy = board.counters.filter((row) => here(row) && row.ticket).sort((a, b) => when(b) - when(a));
  const pages = Math.max(1, Math.ceil(busy.length / ROWS));
  page %= pages;
  put("page", pages > 1 ? (page + 1) + " / " + pages : "");
  const lastCall = calls.filter(here).pop();
  const items = busy.slice(page * ROWS, page * ROWS + ROWS).map((row) => {
    const item = document.createElement("li");
    if (Date.now() < goldUntil && lastCall && lastCall.counter === row.id) item.className = "gold";
    const plate = document.createElement("span");
    plate.className = "plate";
    const agency = agencies[row.agency];
    if (agency) plate.append(agency.content.cloneNode(true));
    const ticket = document.createElement("b");
    ticket.className = "number";
    number(ticket, row.ticket);
    const door = document.createElement("i");
    door.className = "door";
    const counter = document.createElement("b");
    counter.className = "counter";
    counter.textContent = row.number;
    item.append(plate, ticket, door, counter);
    return item;
  });
  byId("rows").replaceChildren(...items);
}

const DAYS = ["Minggu", "Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu"];
const MONTHS = ["Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember"];

function tick() {
  const now = siteTime();
  put("clock", timeText(now));
  put("idle-clock", timeText(now));
  put("date", DAYS[now.getUTCDay()] + ", " + now.getUTCDate() + " " + MONTHS[now.getUTCMonth()]);
}

// One line of the ticker at a time, each whole. While something is open, what is not has a line too.
const fixed = [...document.querySelectorAll(".ticker span")];
let line = -1;

function tickerLines() {
  const rows = !board || board.agencies.every((row) => !row.open) ? [] : board.agencies.filter((row) =>
    row.closed && board.counters.some((counter) => counter.agency === row.id && here(counter)));
  for (const old of document.querySelectorAll(".ticker span.closed")) old.remove();
  return fixed.concat(rows.map((row) => {
    const told = document.createElement("span");
    told.className = "closed";
    told.textContent = row.name.id + ": " + closedText(row.closed, board.day);
    byId("ticker").append(told);
    return told;
  }));
}

function turnTicker() {
  const lines = tickerLines();
  if (lines.length === 0) return;
  line = (line + 1) % lines.length;
  lines.forEach((each, at) => each.classList.toggle("on", at === line));
  byId("ticker").classList.toggle("long", lines[line].textContent.length > 75);
}

async function poll() {
  const answer = await fetch("/api/v1/board");
  if (!answer.ok) return false;
  heard(answer);
  whole(await answer.json());
  return true;
}

// The server's clock comes with every answer; whole seconds are enough for a lobby.
function heard(answer) {
  const date = answer.headers.get("x-site-time");
  if (date) setClock(date);
}

follow("/api/v1/events", { board: whole, change }, poll, (online) => { byId("lost").hidden = online; });
const sync = () => fetch("/healthz").then(heard).catch(() => {});
sync();
setInterval(sync, 60000);
setInterval(tick, 1000);
setInterval(() => { page++; rows(); }, 10000);
turnTicker();
setInterval(turnTicker, 10000);
tick();
