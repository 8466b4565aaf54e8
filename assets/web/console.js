// The console of one counter.
"use strict";

const counter = byId("console").dataset.counter;
let view = null, busy = false, noticeTimer;

const STATES = { closed: "Tutup", paused: "Istirahat", ready: "Siap", called: "Dipanggil", serving: "Sedang dilayani" };
// In which states an act can be done. What cannot be done stays in its place, dimmed.
const ACTS = {
  "call-next": ["ready", "serving"], recall: ["called"], start: ["called"], finish: ["serving"],
  "no-show": ["called"], pause: ["ready", "paused", "closed"],
};

const minutes = (s) => s === null || s === undefined ? "–" : Math.max(0, Math.round(s / 60)) + " mnt";
const since = (at) => (Date.now() + clock.ahead - Date.parse(at)) / 1000;
const local = (at) => at ? at.slice(11, 16).replace(":", ".") : "–";
const name = (text) => text ? text.id : "";

function show(next) {
  if (view && next.seq < view.seq) return;
  view = next;
  setClock(view.now);
  const ticket = view.ticket, state = view.state;
  document.body.dataset.state = state;
  put("phase", { closed: "Loket tutup", paused: "Istirahat" }[state] || "Loket buka");
  byId("phase").className = "pill " + (state === "closed" || state === "paused" ? "shut" : "open");
  put("state", STATES[state]);
  put("number", ticket ? ticket.number : "–");
  put("service", name(view.service) || "–");
  put("waited", ticket ? minutes((Date.parse(ticket.called_at) - Date.parse(ticket.issued_at)) / 1000) : "–");
  put("called", ticket ? local(ticket.recalled_at || ticket.called_at) + ", " + view.calls + " kali" : "–");
  put("target", ticket && view.target_min ? "Target " + view.target_min + " menit" : "");
  put("next", view.next ? view.next.number + " · " + name(view.next.service) + (view.next.class === "priority" ? " · prioritas" : "") : "Tidak ada yang menunggu.");
  put("why", why(view.next));
  put("pause-text", state === "paused" ? "Lanjutkan" : state === "closed" ? "Buka loket" : "Istirahat");
  put("waiting-total", view.waiting_total);
  list();
  put("more", view.waiting_total > view.waiting.length ? (view.waiting_total - view.waiting.length) + " lagi" : "");
  put("served", view.today.served);
  put("missed", view.today.missed);
  put("mean-wait", minutes(view.today.mean_wait_s));
  put("mean-service", minutes(view.today.mean_service_s));
  others();
  offers();
  byId("doubt").hidden = !view.clock_doubted;
  printers();
  slips();
  for (const [act, states] of Object.entries(ACTS)) {
    const can = states.includes(state) && !(act === "call-next" && !view.next && state === "ready");
    byId(act).setAttribute("aria-disabled", String(!can));
  }
  tick();
}

function why(next) {
  if (!next) return "";
  if (next.why === "oldest") return "Mengapa: menunggu paling lama";
  if (next.why === "regulars_first") return "Mengapa: giliran nomor biasa";
  return next.regulars_called === null ? "Mengapa: prioritas didahulukan" : "Mengapa: " + next.regulars_called + " nomor biasa sudah dipanggil";
}

function list() {
  const rows = view.waiting.map((row) => {
    const item = document.createElement("li");
    if (row.class === "priority") item.className = "priority";
    const part = (tag, text) => { const element = document.createElement(tag); element.textContent = text; item.append(element); };
    part("b", row.number);
    part("span", name(row.service) + (row.class === "priority" ? " · Prioritas" : ""));
    part("small", minutes(since(row.issued_at)));
    return item;
  });
  byId("waiting").replaceChildren(...rows);
}

// What this counter offers and gives no numbers for, and why: a line each. Made anew only when one differs,
// so that it is not read out again with every ticket.
let offersShown = "";

function offers() {
  const today = view.now.slice(0, 10);
  const shut = view.services.filter((service) => service.closed)
    .map((service) => [name(service.name), closedText(service.closed, today)]);
  if (JSON.stringify(shut) === offersShown) return;
  offersShown = JSON.stringify(shut);
  byId("offers").replaceChildren(...shut.map(([service, why]) => {
    const item = document.createElement("li"), what = document.createElement("b");
    what.textContent = service + ": ";
    item.append(what, why);
    return item;
  }));
}

// An agency and its number stay on one line.
function others() {
  byId("others").replaceChildren(...view.others.flatMap((other) => {
    const item = document.createElement("span");
    item.textContent = other.prefix + " " + name(other.name) + " ";
    const count = document.createElement(other.closed ? "span" : "b");
    count.textContent = other.closed ? "tutup" : other.waiting;
    item.append(count);
    return [item, " "];
  }));
}

// Printers that want a hand, now or soon.
let printersShown = "";

function printers() {
  const now = JSON.stringify(view.printers);
  if (now === printersShown) return;
  printersShown = now;
  byId("printers").hidden = view.printers.length === 0;
  byId("printers").replaceChildren(...view.printers.map((printer) => {
    const row = byId("printer-row").content.cloneNode(true).firstElementChild;
    const left = printer.slips_left === null ? "" : " Kira-kira " + printer.slips_left + " tiket lagi.";
    row.className = printer.fault ? "fault" : "";
    row.querySelector("b").textContent = printer.fault ? name(printer.fault) : "Kertas hampir habis." + left;
    row.querySelector("small").textContent = name(printer.name) + (printer.fault ? "" : ". Siapkan gulungan baru.");
    return row;
  }));
}

// Slips that somebody should look at. Rows are made anew only when they differ, so that a button does
// not vanish under a finger.
const SLIPS_SHOWN = 3;
let slipsShown = "";

function slips() {
  const shown = view.slips.slice(0, SLIPS_SHOWN);
  const now = JSON.stringify([shown, view.slips.length]);
  if (now === slipsShown) return;
  slipsShown = now;
  byId("slips").hidden = shown.length === 0;
  byId("slips").replaceChildren(...shown.map((slip, at) => {
    const row = byId("slip-row").content.cloneNode(true).firstElementChild;
    const where = slip.kiosk ? " di " + name(slip.kiosk) : "";
    const doubt = slip.state === "uncertain" ? ": tiket belum pasti keluar" : ": tiket tidak keluar";
    const more = at === SLIPS_SHOWN - 1 && view.slips.length > SLIPS_SHOWN ? " Masih ada " + (view.slips.length - SLIPS_SHOWN) + " lagi." : "";
    row.querySelector("b").textContent = slip.number + doubt + where + ".";
    row.querySelector("small").textContent = name(slip.trouble) + more;
    for (const button of row.querySelectorAll("button")) {
      button.setAttribute("aria-label", button.firstChild.textContent + ", " + slip.number);
      button.addEventListener("click", () => { button.blur(); settle(slip, button.dataset.slip); });
    }
    if (slip.state !== "uncertain") row.querySelector("[data-slip=seen]").remove();
    return row;
  }));
}

// Says what became of a slip, or has it printed once more.
function settle(slip, act) {
  if (act === "reprint") return wish("/api/v1/tickets/" + slip.ticket + "/reprint", "");
  return wish("/api/v1/slips/" + slip.slip + "/" + act, "");
}

function tick() {
  put("clock", timeText(siteTime()));
  const ticket = view && view.ticket;
  let from = null;
  if (ticket && view.state === "serving") from = ticket.started_at;
  else if (ticket) from = ticket.recalled_at || ticket.called_at;
  const s = from ? Math.max(0, Math.floor(since(from))) : null;
  put("timer-label", view && view.state === "called" ? "Sejak dipanggil" : "Lama layanan");
  put("timer", s === null ? "–" : two(Math.floor(s / 60)) + ":" + two(s % 60));
  byId("timer").className = view && view.state === "called" && s > 60 ? "late" : "";
  const target = view && view.state === "serving" && view.target_min ? view.target_min * 60 : null;
  byId("progress").value = target ? Math.min(100, (100 * s) / target) : 0;
}

function notice(text) {
  put("notice", text);
  clearTimeout(noticeTimer);
  if (text) noticeTimer = setTimeout(() => put("notice", ""), 6000);
}

// An act names what the clerk saw, so that it never hits something else.
async function act(name) {
  const button = byId(name);
  if (!view || button.getAttribute("aria-disabled") === "true") return;
  const verb = name === "pause" && view.state !== "ready" ? "open" : name;
  const seen = view.ticket ? { ticket: view.ticket.id, seq: view.ticket.seq } : { ticket: null };
  await wish("/api/v1/counters/" + counter + "/" + verb, verb === "open" || verb === "pause" ? "" : JSON.stringify(seen));
}

// One key press is one wish with one key: sent again after a lost line, it is not done twice.
async function wish(path, body) {
  if (busy) return;
  busy = true;
  const request = {
    method: "POST",
    headers: { "Content-Type": "application/json", "Idempotency-Key": crypto.getRandomValues(new Uint32Array(4)).join("-"), "Accept-Language": "id" },
    body,
  };
  notice("");
  try {
    for (let tries = 1; ; tries++) {
      try {
        const answer = await fetch(path, request);
        if (answer.ok) break;
        if (answer.status === 503 && tries < 5) throw new Error("busy");
        if (answer.status === 401) { location.reload(); break; }
        notice((await answer.json()).message);
        break;
      } catch (error) {
        if (tries >= 5) { notice("Tidak tersambung. Tombol belum diterima; ulangi bila sudah tersambung."); break; }
        await new Promise((later) => setTimeout(later, 700));
      }
    }
    await refresh();
  } finally {
    busy = false;
  }
}

async function refresh() {
  const answer = await fetch("/console/state", { headers: { Accept: "application/json" } });
  if (answer.status === 401) { location.reload(); return false; }
  if (!answer.ok) return false;
  show(await answer.json());
  return true;
}

for (const button of document.querySelectorAll("[data-act]")) {
  button.addEventListener("click", () => { button.blur(); act(button.dataset.act); });
}

addEventListener("keydown", (event) => {
  if (event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
  if (/^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
  // A focused button answers Space and Enter by itself.
  if (event.target.tagName === "BUTTON" && (event.key === " " || event.key === "Enter")) return;
  if (event.key.toLowerCase() === "p" && view && view.slips.length > 0) {
    event.preventDefault();
    settle(view.slips[0], "reprint");
    return;
  }
  const button = document.querySelector('[data-key="' + CSS.escape(event.key.toLowerCase()) + '"]');
  if (!button) return;
  event.preventDefault();
  act(button.dataset.act);
});

follow("/console/events", { console: show }, refresh, (online) => {
  byId("line").className = "line " + (online ? "online" : "offline");
  put("line-text", online ? "Tersambung" : "Terputus, mencoba lagi…");
});
refresh().catch(() => {});
setInterval(tick, 500);
setInterval(() => { if (view) list(); }, 20000);
