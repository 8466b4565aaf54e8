// The lobby's screen. It follows the public feed and mirrors the board as every screen does.
"use strict";

const zone = byId("lobby").dataset.zone;
const agencies = {};
for (const template of document.querySelectorAll("template.agency")) agencies[template.dataset.id] = template;

let board = null, card = null, shown = 0, waiting = [], busyCalling = false, goldUntil = 0, goldTimer;
// How long a call has the card to itself, and while others wait; a call that was missed, less, and all of those
// together at most so long.
const HOLD = 5000, CROWDED = 3000, BRIEF = 1500, CATCH_UP = 8000;
const FRESH = 45000, GOLD = 12000, TURN = 8000;

const here = (row) => !zone || row.zone === zone;
const isFresh = (call) => Date.now() + clock.ahead - Date.parse(call.at) < FRESH;
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

// Spoken only while somebody is still to come.
function isCalled(call) {
  const row = board.counters.find((counter) => counter.id === call.counter);
  return Boolean(row) && row.state === "called" && row.ticket === call.number;
}

// The whole present: after a start, or after too long an absence.
function whole(next) {
  // After a restore the lines of the journal count anew.
  const first = board === null || board.lineage !== next.lineage;
  const told = JSON.stringify(board && board.notices);
  board = next;
  if (JSON.stringify(board.notices) !== told) noticesChanged();
  const calls = board.calls.filter(here);
  if (first) {
    // Nothing is repeated on the first look: the last call stands, without a blink.
    waiting = [];
    const last = calls[calls.length - 1];
    shown = last ? last.seq : 0;
    if (last) showCall(last, false); else idle();
  } else {
    missed(calls);
  }
  rows();
}

// One change: the rows that are new, and the call if there was one.
function change(event) {
  if (!board || event.seq <= board.seq) return;
  board.seq = event.seq;
  board.day = event.day;
  // What has happened is not in the future: the house's time runs faster where a day is only played.
  if (Date.parse(event.at) > Date.now() + clock.ahead + 2000) setClock(event.at);
  if (event.day_changed) { board.calls = []; waiting = []; idle(); }
  for (const kind of ["agencies", "counters"]) {
    for (const row of event[kind]) {
      const at = board[kind].findIndex((mine) => mine.id === row.id);
      if (at >= 0) board[kind][at] = row;
    }
  }
  if (event.notices) { board.notices = event.notices; noticesChanged(); }
  if (event.call) { board.calls.push(event.call); if (here(event.call)) missed([event.call]); }
  rows();
}

// Every call is shown, in order and once, however long the line was away.
function missed(calls) {
  for (const call of calls) {
    if (call.seq > shown && !waiting.some((other) => other.seq === call.seq)) waiting.push(call);
  }
  if (!busyCalling) callAll();
}

async function callAll() {
  busyCalling = true;
  for (let call = waiting.shift(); call; call = waiting.shift()) {
    shown = call.seq;
    const fresh = isFresh(call);
    showCall(call, fresh);
    const hold = fresh ? (waiting.length > 2 ? CROWDED : HOLD) : Math.min(BRIEF, CATCH_UP / (waiting.length + 1));
    await Promise.all([pause(hold), fresh && isCalled(call) ? speak(call) : null]);
  }
  busyCalling = false;
  rows();
}

function showCall(call, fresh) {
  const agency = agencies[call.agency];
  card = call;
  hidePicture();
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
    goldUntil = Date.now() + GOLD;
    clearTimeout(goldTimer);
    goldTimer = setTimeout(rows, GOLD + 100);
  }
  rows();
}

function idle() {
  card = null;
  byId("call").className = "card call";
}

// Nobody is sent to a counter that has given them up, is done with them, or has closed: the last call that still
// stands takes the card, or nobody does.
function leaveCard() {
  const stands = (call) => board.counters.some((row) => row.id === call.counter && row.ticket === call.number);
  if (!card || busyCalling || stands(card)) return;
  const other = board.calls.filter(here).filter((call) => call.seq <= shown && isCalled(call)).pop();
  if (other) showCall(other, false); else idle();
}

function rows() {
  if (!board) return;
  leaveCard();
  const calls = board.calls.filter(here), mine = board.counters.filter(here);
  const when = new Map(calls.map((call) => [call.counter, call.seq]));
  const busy = mine.filter((row) => row.ticket).sort((a, b) => (when.get(b.id) || 0) - (when.get(a.id) || 0));
  const longer = (a, b) => numberEms(b) > numberEms(a) ? b : a;
  const size = layOut(
    mine.length,
    busy.map((row) => row.ticket).reduce(longer, "A000"),
    Math.max(2, ...mine.map((row) => String(row.number).length)),
    byId("call-number").textContent || "A000",
  );
  const still = card && busy.some((row) => row.id === card.counter && row.ticket === card.number);
  const gold = still && Date.now() < goldUntil ? card.counter : null;
  const pages = Math.max(1, Math.ceil(busy.length / size));
  put("page", pages > 1 ? turns % pages + 1 + " / " + pages : "");
  const items = choose(busy, size, gold).map((row) => rowItem(row, agencies[row.agency], row.id === gold));
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

// One line of the ticker at a time, each whole: first what the hall is told just now, then what it is always told.
// While something is open, what is not has a line too.
const fixed = [...document.querySelectorAll(".ticker span")];
let line = -1;

function tickerLine(kind, text, language) {
  const told = document.createElement("span");
  told.className = kind;
  told.lang = language;
  told.textContent = text;
  return told;
}

function tickerLines() {
  const now = Date.now() + clock.ahead;
  const notices = (board && board.notices || []).filter((notice) => Date.parse(notice.until) > now).flatMap(({ text }) =>
    ["id", "en"].filter((language) => language === "id" || text.en !== text.id).map((language) =>
      tickerLine("notice", text[language], language)));
  const shut = !board || board.agencies.every((row) => !row.open) ? [] : board.agencies.filter((row) =>
    row.closed && board.counters.some((counter) => counter.agency === row.id && here(counter)));
  const closed = shut.map((row) => tickerLine("closed", row.name.id + ": " + closedText(row.closed, board.day), "id"));
  for (const old of document.querySelectorAll(".ticker .notice, .ticker .closed")) old.remove();
  byId("ticker").append(...notices, ...closed);
  return [...notices, ...fixed, ...closed];
}

// Whoever has something to say to the hall is not kept waiting.
function noticesChanged() {
  line = -1;
  turnTicker();
}

function turnTicker() {
  const lines = tickerLines();
  byId("ticker").classList.toggle("some", lines.length > 0);
  if (lines.length === 0) return;
  line = (line + 1) % lines.length;
  lines.forEach((each, at) => each.classList.toggle("on", at === line));
  byId("ticker").classList.toggle("long", lines[line].textContent.length > 75);
}

async function poll() {
  const answer = await request("/api/v1/board");
  if (!answer.ok) return false;
  heard(answer);
  whole(await answer.json());
  return true;
}

// The server's clock comes with every answer; whole seconds are enough for a lobby.
function heard(answer) {
  const date = answer.headers.get("x-site-time");
  if (!date) return;
  setClock(date);
  tick();
}

const sync = () => fetch("/healthz").then(heard).catch(() => {});
// What is fresh depends on the house's time: it is asked for first.
sync().then(() => follow("/api/v1/events", { board: whole, change }, poll, (online) => { byId("lost").hidden = online; }));
setInterval(sync, 60000);
setInterval(tick, 1000);
setInterval(() => { turnRows(); rows(); }, TURN);
addEventListener("resize", rows);
document.fonts.ready.then(rows);
turnTicker();
setInterval(turnTicker, 10000);
tick();
