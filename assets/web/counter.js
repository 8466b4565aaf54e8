// The tablet above a counter: one row of the board, as large as the screen allows.
"use strict";

const tablet = byId("tablet"), counter = tablet.dataset.counter, own = tablet.dataset.number;
// Said below the number; the design's words.
const SAYS = {
  called: ["Silakan ke Loket " + own, "Please go to Counter " + own],
  serving: ["Sedang dilayani", "Now serving"],
  ready: ["Silakan menunggu", "Please wait"],
  paused: ["Istirahat", "On a break"],
  closed: ["Tutup", "Closed"],
};
// A number that nobody has confirmed for so long may have gone home.
const FORGET = 60000;

let board = null, row = null, calledSeq = 0, online = null, forget;

function whole(next) {
  board = next;
  row = board.counters.find((other) => other.id === counter) || null;
  const calls = board.calls.filter((call) => call.counter === counter);
  calledSeq = calls.length ? calls[calls.length - 1].seq : 0;
  show(false);
}

function change(event) {
  if (!board || event.seq <= board.seq) return;
  board.seq = event.seq;
  row = event.counters.find((other) => other.id === counter) || row;
  const call = event.call && event.call.counter === counter;
  if (call) calledSeq = event.call.seq;
  show(call);
}

// A line that is away is said at once; the last number stays for a minute, marked as old.
function show(blink) {
  const away = !online || !row, ticket = row && row.ticket;
  tablet.toggleAttribute("data-away", away);
  tablet.dataset.state = away ? "" : row.state;
  byId("number").hidden = !ticket;
  byId("rest").hidden = Boolean(ticket);
  if (ticket) number(byId("number"), ticket);
  const [says, english] = away
    ? board ? ["Menyambung kembali…", "Reconnecting…"] : ["Menyambung…", "Connecting…"]
    : SAYS[row.state];
  put("say", says);
  put("say-en", english);
  fit();
  byId("number").classList.remove("blink");
  if (blink) {
    // Restarting the blink needs the element to be laid out in between.
    void byId("number").offsetWidth;
    byId("number").classList.add("blink");
  }
}

function line(now) {
  online = now;
  clearTimeout(forget);
  if (!now) forget = setTimeout(() => { if (row) row = { ...row, ticket: null }; show(false); }, FORGET);
  show(false);
}

// As large as its frame, whichever way the tablet hangs.
function fit() {
  const frame = byId("number").parentElement, width = frame.clientWidth * .96, height = frame.clientHeight * .98;
  const size = (ems) => Math.min(width / ems, height / .86);
  byId("number").style.fontSize = size(numberEms(byId("number").textContent || "A000")) + "px";
  byId("rest").style.fontSize = Math.min(width / (3.4 + .66 * own.length), height / 1.6) + "px";
}

async function poll() {
  const answer = await request("/api/v1/board");
  if (!answer.ok) return false;
  whole(await answer.json());
  return true;
}

follow("/api/v1/events", { board: whole, change }, poll, line);
addEventListener("resize", fit);
document.fonts.ready.then(fit);
fit();
