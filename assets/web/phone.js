// The visitor's page. The server draws it; this asks for it again when the ticket's own stream says so,
// says when the line is dead, and rings.
"use strict";

const AGAIN = 20000;
let drawn = byId("page").outerHTML, online = true, risen = false, asking = false, stop = () => {};

// Asks for the page and shows what is new of it. Another day knows the ticket no more: that is an answer too.
async function look() {
  const answer = await fetch(location.href, { cache: "no-store" });
  if (!answer.ok && answer.status !== 404) return false;
  show(new DOMParser().parseFromString(await answer.text(), "text/html"));
  return true;
}

function show(next) {
  const old = byId("page"), page = next.getElementById("page");
  if (!page || page.outerHTML === drawn) return;
  const was = old.dataset, is = page.dataset;
  // A finish or a "not here" taken back: what has stopped begins again.
  if ("over" in was && !("over" in is)) return location.reload();
  if (Number(is.ahead) > Number(was.ahead)) risen = true;
  const call = is.call && is.call !== was.call;
  drawn = page.outerHTML;
  document.title = next.title;
  document.body.className = next.body.className + (call ? " new" : "");
  const held = document.activeElement ? document.activeElement.id : "";
  old.replaceWith(document.adoptNode(page));
  if (next.title !== byId("said").textContent) put("said", next.title);
  if (call) ring(); else if (!is.call) hush();
  paint();
  if (held && byId(held)) byId(held).focus();
  if ("over" in is) stop();
}

// What the server cannot know of this phone.
function paint() {
  const page = byId("page"), over = "over" in page.dataset;
  const set = (id, act) => { const element = byId(id); if (element) act(element); };
  set("lost", (lost) => { lost.hidden = online || over; });
  set("rose", (rose) => { rose.hidden = !risen; });
  set("ring", (button) => { button.hidden = !window.AudioContext && !navigator.vibrate; button.setAttribute("aria-checked", String(!!loud)); });
  set("keep", (keep) => { keep.hidden = false; });
  set("cancel", (cancel) => { cancel.open = asking; cancel.ontoggle = () => { if (cancel.open && !asking) cancel.scrollIntoView({ block: "end" }); asking = cancel.open; }; });
}

// A browser lets a page ring only after a touch on it, and keeps the screen on only over https.
let loud = null, ringing, awake;

function listen() {
  if (loud) {
    if (loud.close) loud.close();
    if (awake) awake.release();
    loud = awake = null;
    return hush();
  }
  loud = window.AudioContext ? new AudioContext() : {};
  tone(880, 0, .12);
  if (navigator.vibrate) navigator.vibrate(60);
  stayAwake();
}

function stayAwake() {
  if (loud && navigator.wakeLock && !document.hidden) navigator.wakeLock.request("screen").then((lock) => { awake = lock; }, () => {});
}

function tone(pitch, after, length) {
  if (!loud || !loud.createOscillator) return;
  if (loud.state !== "running") loud.resume();
  const from = loud.currentTime + after, swing = loud.createOscillator(), level = loud.createGain();
  swing.frequency.value = pitch;
  level.gain.setValueAtTime(.0001, from);
  level.gain.exponentialRampToValueAtTime(.6, from + .02);
  level.gain.exponentialRampToValueAtTime(.0001, from + length);
  swing.connect(level).connect(loud.destination);
  swing.start(from);
  swing.stop(from + length + .05);
}

// Two tones as in the hall, five times, or until a finger says that it was heard.
function ring() {
  hush();
  let left = 5;
  const once = () => {
    tone(659, 0, .5);
    tone(523, .45, .8);
    if (loud && navigator.vibrate) navigator.vibrate([300, 150, 300]);
    if (--left === 0) hush();
  };
  once();
  ringing = setInterval(once, 3000);
}

function hush() { clearInterval(ringing); }

addEventListener("click", (event) => {
  if (event.target.closest("#ring")) listen();
  else if (event.target.closest("#keep")) asking = false;
  paint();
});
addEventListener("pointerdown", hush);
// A phone that was in a pocket looks again at once.
document.addEventListener("visibilitychange", () => { if (!document.hidden) { stayAwake(); look().catch(() => {}); } });
// What others are called to is not in the ticket's stream.
setInterval(() => { if (!document.hidden && online) look().catch(() => {}); }, AGAIN);

paint();
if (!("over" in byId("page").dataset)) {
  const ticket = "/api/v1/tickets/by-token/" + location.pathname.split("/")[2];
  stop = follow(ticket + "/events", { ticket: () => { look().catch(() => {}); } }, look, (now) => { online = now; paint(); });
}
