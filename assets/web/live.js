// What every live page shares: a stream that says when it is dead, and comes back by itself.
"use strict";

// Follows `url`; `events` are handlers by name, `poll` is asked while the stream is away,
// `online(bool)` hears at once when the line is lost or back. What is returned ends it.
function follow(url, events, poll, online) {
  let source, alarm, poller, alive = null, over = false;
  const say = (now) => { if (now !== alive) { alive = now; online(now); } };
  const beat = () => {
    say(true);
    clearInterval(poller);
    poller = undefined;
    clearTimeout(alarm);
    // The server beats every 5 s; two missed beats are a dead line, whatever the browser thinks.
    alarm = setTimeout(lost, 12000);
  };
  const lost = () => {
    if (over) return;
    say(false);
    clearTimeout(alarm);
    if (source) source.close();
    source = undefined;
    if (poller) return;
    let turn = 0;
    const ask = () => {
      poll().then((ok) => {
        if (ok) say(true);
        if (ok || turn++ % 5 === 0) open();
      }, () => { say(false); if (turn++ % 3 === 0) open(); });
    };
    poller = setInterval(ask, 2000);
  };
  const open = () => {
    if (over) return;
    if (source) source.close();
    source = new EventSource(url);
    source.onopen = beat;
    source.onerror = lost;
    source.addEventListener("beat", beat);
    source.addEventListener("rules", (event) => { beat(); madeFor(event.data); });
    for (const [name, handler] of Object.entries(events)) {
      source.addEventListener(name, (event) => { beat(); handler(JSON.parse(event.data), event.lastEventId); });
    }
  };
  open();
  addEventListener("offline", lost);
  addEventListener("online", open);
  return () => {
    over = true;
    clearTimeout(alarm);
    clearInterval(poller);
    if (source) source.close();
  };
}

// A page holds names of the config it was made for. Under another it loads itself again, once nobody
// writes or answers a question on it.
let rules;

function madeFor(hash) {
  if (rules === undefined) rules = hash;
  if (rules !== hash) renew();
}

function renew() {
  const at = document.activeElement;
  const writing = at && at.matches("input, textarea, select") && at.value !== "";
  if (writing || document.querySelector("dialog[open]")) setTimeout(renew, 1000);
  else location.reload();
}

// An answer that takes longer is not coming: a line can die without a word.
const ANSWER_MS = 8000;

const request = (url, options) => fetch(url, { ...options, signal: AbortSignal.timeout(ANSWER_MS) });

const byId = (id) => document.getElementById(id);

function put(id, text) {
  const element = byId(id);
  if (element.textContent !== String(text)) element.textContent = text;
}

const two = (n) => String(n).padStart(2, "0");

// The server's wall clock as this page last heard it: a TV's own clock is often wrong.
const clock = { ahead: 0, zone: "+07:00" };

function setClock(rfc3339) {
  clock.ahead = Date.parse(rfc3339) - Date.now();
  clock.zone = rfc3339.slice(-6);
}

function siteTime() {
  const [hours, minutes] = clock.zone.slice(1).split(":").map(Number);
  const offset = (clock.zone[0] === "-" ? -1 : 1) * (hours * 60 + minutes) * 60000;
  return new Date(Date.now() + clock.ahead + offset);
}

function timeText(at) { return two(at.getUTCHours()) + "." + two(at.getUTCMinutes()); }

// Why no numbers are given, in the words of a waiting hall; when again, if that is today.
const CLOSED = {
  stopped: "tidak menerima nomor baru", holiday: "libur", not_yet_open: "belum dibuka", break: "istirahat",
  cut_off: "nomor terakhir sudah diberikan", day_over: "selesai hari ini", day_off: "tutup hari ini",
  quota_full: "kuota hari ini habis", unstaffed: "belum ada petugas", past_closing: "antrean penuh sampai tutup",
};

function closedText(closed, today) {
  const word = CLOSED[closed.code], name = closed.name ? closed.name.id : "";
  // "Istirahat salat Jumat" says itself what it is.
  const why = !name ? word : name.toLowerCase().startsWith(word) ? name : word + " (" + name + ")";
  const again = closed.opens && closed.opens.slice(0, 10) === today;
  const opens = closed.code === "not_yet_open" ? ", buka " : ", buka lagi ";
  return why + (again ? opens + closed.opens.slice(11, 16).replace(":", ".") : "");
}
