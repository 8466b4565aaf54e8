// The console of one counter.
"use strict";

const counter = byId("console").dataset.counter;
const choices = JSON.parse(byId("console").dataset.choices);
let view = null;
// What the ticket at the counter was really about, until it is finished: said once, with the outcome.
let really = { ticket: null, service: null, additional: new Map() };

const STATES = { closed: "Tutup", paused: "Istirahat", ready: "Siap", called: "Dipanggil", serving: "Sedang dilayani" };
// In which states an act can be done. What cannot be done stays in its place, dimmed.
const ACTS = {
  "call-next": ["ready", "serving"], recall: ["called"], start: ["called"], finish: ["serving"],
  "no-show": ["called"], pause: ["ready", "paused", "closed"], hold: ["serving"], transfer: ["called", "serving"],
  services: ["serving"], numbers: ["closed", "paused", "ready", "called", "serving"],
};
// Why an act cannot be done now, where the state does not say it.
const WHY_NOT = {
  "call-next": { called: "Mulai layani (M) atau tandai tidak hadir (T) dulu.", ready: "Tidak ada yang menunggu loket ini.", paused: "Loket istirahat. Lanjutkan dengan I.", closed: "Loket tutup. Buka dengan I." },
  pause: { called: "Selesaikan dulu nomor yang ada di loket.", serving: "Selesaikan dulu nomor yang ada di loket." },
  start: { serving: "Nomor ini sudah dilayani.", ready: "Panggil nomor dulu (Spasi)." },
  finish: { called: "Mulai layani dulu (M).", ready: "Panggil nomor dulu (Spasi)." },
};

// The visitor may be on the way: seconds until a called ticket may be called again or given up.
function patience() {
  if (!view || view.state !== "called") return 0;
  const last = view.ticket.recalled_at || view.ticket.called_at;
  return Math.max(0, Math.ceil(choices.call_gap_s - since(last)));
}

function whyNot(name) {
  if (view.state === "called" && (name === "recall" || name === "no-show")) {
    if (name === "recall" && view.calls >= choices.calls_at_most) return "Sudah cukup sering dipanggil. Mulai layani (M) atau tandai tidak hadir (T).";
    if (name === "no-show" && view.calls < choices.calls_before_no_show) return "Panggil sekali lagi dulu (R). Mungkin belum terdengar.";
    return "Tunggu " + patience() + " detik lagi. Pengunjung mungkin sedang berjalan.";
  }
  if (name === "call-next" && view.closure && view.closure.granted) return "Loket ditutup setelah nomor ini. Selesaikan dengan S.";
  return (WHY_NOT[name] || {})[view.state] || "Tidak bisa sekarang: loket " + STATES[view.state].toLowerCase() + ".";
}

// Calls again and a no-show wait for whoever is on the way; the button counts down.
function wait() {
  const called = view && view.state === "called", left = patience();
  const can = { recall: called && !left && view.calls < choices.calls_at_most, "no-show": called && !left && view.calls >= choices.calls_before_no_show };
  for (const [name, free] of Object.entries(can)) {
    byId(name).setAttribute("aria-disabled", String(!free));
    put(name + "-wait", called && left ? left + " d" : "");
  }
}

const UNDONE = { finish: "selesai", no_show: "tidak hadir", cancel: "batal", transfer: "alihkan" };

function show(next) {
  if (view && next.seq < view.seq) return;
  const before = view;
  // Drawn again it is as old as it was.
  if (next !== view) setClock(next.now);
  view = next;
  const ticket = view.ticket, state = view.state;
  document.body.dataset.state = state;
  const closing = view.closure && view.closure.granted;
  put("phase", closing ? "Tutup setelah nomor ini" : { closed: "Loket tutup", paused: "Istirahat" }[state] || "Loket buka");
  byId("phase").className = "pill " + (closing || state === "closed" || state === "paused" ? "shut" : "open");
  closure();
  put("state", STATES[state]);
  put("number", ticket ? ticket.number : "–");
  if (!ticket || ticket.id !== really.ticket) really = { ticket: ticket && ticket.id, service: null, additional: new Map() };
  put("service", served());
  put("waited", ticket ? minutes((Date.parse(ticket.called_at) - Date.parse(ticket.issued_at)) / 1000) : "–");
  put("called", ticket ? local(ticket.recalled_at || ticket.called_at) + ", " + view.calls + " kali" : "–");
  put("target", ticket && view.target_min ? "Target " + view.target_min + " menit" : "");
  put("next", view.next ? view.next.number + " · " + name(view.next.service) + (view.next.class === "priority" ? " · prioritas" : "") : "Tidak ada yang menunggu loket ini.");
  put("why", why(view.next));
  put("pause-text", state === "paused" ? "Lanjutkan" : state === "closed" ? "Buka loket" : "Istirahat");
  put("waiting-total", view.waiting_total);
  list();
  held();
  absent();
  put("numbers-text", view.services.some((service) => service.stop) ? "Terima nomor" : "Stop nomor");
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
    if (act === "recall" || act === "no-show") continue;
    const can = states.includes(state) && !(act === "call-next" && (closing || (!view.next && state === "ready")));
    byId(act).setAttribute("aria-disabled", String(!can));
  }
  for (const button of document.querySelectorAll("[data-outcome]")) button.setAttribute("aria-disabled", String(state !== "serving"));
  tick();
  const taken = before && before.ticket && before.state !== "closed" && !(before.closure && before.closure.granted);
  if (taken && state === "closed") notice("Loket ditutup dari jauh. " + before.ticket.number + " kembali ke antrean.");
}

const serviceName = (id) => {
  for (const agency of choices.agencies) for (const service of agency.services) if (service.id === id) return service.name;
  return id;
};

// What is being served, with what is delivered besides.
function served() {
  if (!view.ticket) return "–";
  const more = [...really.additional].map(([id, quantity]) => " + " + (quantity > 1 ? quantity + " " : "") + serviceName(id));
  return (really.service ? serviceName(really.service) : name(view.service)) + more.join("");
}

function why(next) {
  if (!next) return "";
  if (next.why === "oldest") return "Mengapa: menunggu paling lama";
  if (next.why === "regulars_first") return "Mengapa: giliran nomor biasa";
  return next.regulars_called === null ? "Mengapa: prioritas didahulukan" : "Mengapa: " + next.regulars_called + " nomor biasa sudah dipanggil";
}

// What was asked of the supervisor, and what they said.
let asked = null;

function closure() {
  const now = view.closure, open = view.state !== "closed";
  if (asked && !asked.granted && !asked.withdrawn && !now && open) notice("Permintaan tutup ditolak atau ditarik. Loket tetap buka.");
  asked = now;
  byId("closure").hidden = !open || Boolean(now && now.granted);
  put("closure", now ? "Tarik permintaan tutup" : "Minta tutup");
  byId("closure").title = now ? name(now.name) || now.reason : "";
}

async function askClosure() {
  if (asked) { asked.withdrawn = true; return atCounter("withdraw-closure", {}); }
  const reason = await ask("Minta penyelia menutup loket: mengapa?", options(choices.closure_reasons));
  return reason && atCounter("request-closure", { reason });
}

// Fills a list by ticket: a row that stays is the same row, so that it does not vanish under a finger.
function rows(id, list, fill, open) {
  const known = new Map([...byId(id).children].map((item) => [item.dataset.ticket, item]));
  const items = list.map((row) => {
    let item = known.get(String(row.ticket));
    if (!item) {
      item = document.createElement("li");
      item.dataset.ticket = row.ticket;
      const button = document.createElement("button");
      button.className = "row";
      button.append(document.createElement("b"), document.createElement("span"), document.createElement("small"));
      item.append(button);
    }
    const button = item.firstElementChild, [number, what, when] = button.children;
    const [service, at] = fill(row);
    for (const [element, text] of [[number, row.number], [what, service], [when, at]]) if (element.textContent !== text) element.textContent = text;
    item.className = row.class === "priority" ? "priority" : "";
    button.onclick = () => { button.blur(); open(row); };
    return item;
  });
  const shown = [...byId(id).children];
  if (items.length !== shown.length || items.some((item, at) => item !== shown[at])) byId(id).replaceChildren(...items);
}

function list() {
  rows("waiting", view.waiting, (row) => [name(row.service) + (row.class === "priority" ? " · Prioritas" : ""), minutes(since(row.issued_at))], ofWaiting);
}

function held() {
  byId("held-part").hidden = view.held.length === 0;
  rows("held", view.held, (row) => [name(row.reason), "kembali " + local(row.until)], ofHeld);
}

function absent() {
  byId("missed-part").hidden = view.missed.length === 0;
  rows("missed-list", view.missed, (row) => [name(row.service), local(row.at)], ofMissed);
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
  // Who was away was not served meanwhile.
  const away = ticket && view.state === "serving" ? ticket.away_s : 0;
  const s = from ? Math.max(0, Math.floor(since(from)) - away) : null;
  wait();
  put("timer-label", view && view.state === "called" ? "Sejak dipanggil" : "Lama layanan");
  put("timer", s === null ? "–" : two(Math.floor(s / 60)) + ":" + two(s % 60));
  byId("timer").className = view && view.state === "called" && s > 60 ? "late" : "";
  const undo = view && view.undo && since(view.undo.until) < 0 ? view.undo : null;
  byId("undo").setAttribute("aria-disabled", String(!undo));
  put("undo-what", undo ? undo.number : "");
  byId("undo").setAttribute("aria-label", undo ? "Urungkan " + undo.number + ": " + UNDONE[undo.act] : "Urungkan");
  byId("undo").title = undo ? undo.number + ": " + UNDONE[undo.act] : "";
  const target = view && view.state === "serving" && view.target_min ? view.target_min * 60 : null;
  byId("progress").value = target ? Math.min(100, (100 * s) / target) : 0;
}

// An act names what the clerk saw, so that it never hits something else.
const seen = () => view.ticket ? { ticket: view.ticket.id, seq: view.ticket.seq } : { ticket: null };
const atCounter = (verb, body) => wish("/api/v1/counters/" + counter + "/" + verb, JSON.stringify(body));
const ofTicket = (ticket, verb, body) => wish("/api/v1/tickets/" + ticket + "/" + verb, JSON.stringify(body || {}));

async function act(name) {
  const button = byId(name);
  if (!view) return undefined;
  if (button.getAttribute("aria-disabled") === "true") return notice(whyNot(name));
  if (name === "pause") return atCounter(view.state === "ready" ? "pause" : "open", {});
  if (name === "finish") return finish();
  if (name === "call-next") return callNext();
  if (ASKED[name]) return ASKED[name]();
  return atCounter(name, seen());
}

// How it ended, and what it was really about.
function finish(outcome) {
  const body = seen();
  if (outcome) body.outcome = outcome;
  if (really.service) body.service = really.service;
  if (really.additional.size) body.additional = [...really.additional].map(([service, quantity]) => ({ service, quantity }));
  return atCounter("finish", body);
}

// The hall itself finishes what is being served in the usual way; what was said of it is said first.
async function callNext() {
  const told = view.ticket && view.ticket.id === really.ticket && (really.service || really.additional.size);
  if (told && !(await finish())) return;
  if (!told || (view.state === "ready" && view.next)) await atCounter("call-next", seen());
}

const options = (list) => list.map((each) => ({ label: each.name, value: each.id }));
const DURATIONS = [10, 15, 30, 60, 120];

function durations() {
  return DURATIONS.map((minutes) => {
    const at = new Date(siteTime().getTime() + minutes * 60000);
    return { label: minutes + " menit", note: "sampai " + timeText(at), value: minutes };
  });
}

const ASKED = {
  async hold() {
    const body = seen(), number = view.ticket.number;
    body.reason = await ask("Tunda " + number + ": untuk apa?", options(choices.hold_reasons));
    if (!body.reason) return;
    body.minutes = await ask("Tunda " + number + ": berapa lama?", durations());
    if (body.minutes) await atCounter("hold", body);
  },

  async transfer() {
    const body = seen(), number = view.ticket.number;
    const agencies = choices.agencies.map((agency) => ({ label: agency.name, key: agency.prefix.toLowerCase(), note: agency.own ? "instansi Anda" : "", value: agency }));
    const agency = await ask("Alihkan " + number + " ke instansi mana?", agencies);
    if (!agency) return;
    const service = await ask("Alihkan " + number + " ke layanan mana?", agency.services.map((service) => ({ label: service.name, value: service })));
    if (!service) return;
    body.service = service.id;
    if (service.counters.length > 1) {
      const any = { label: "Loket mana saja", value: "" };
      const at = await ask("Alihkan " + number + " ke loket mana?", [any].concat(service.counters.map((each) => ({ label: "Loket " + each.number, value: each.id }))));
      if (at === undefined) return;
      if (at) body.counter = at;
    }
    await atCounter("transfer", body);
  },

  async numbers() {
    const services = view.services;
    let service = services[0];
    if (services.length > 1) {
      service = await ask("Layanan mana?", services.map((each) => ({ label: name(each.name), note: each.stop ? "sedang berhenti" : "menerima nomor", value: each })));
    }
    if (!service) return;
    if (service.stop) return wish("/api/v1/services/" + service.service + "/accept", "");
    const reason = await ask("Stop nomor " + name(service.name) + ": mengapa?", options(choices.stop_reasons));
    if (!reason) return;
    const until = await ask("Sampai kapan?", [{ label: "Sampai dibuka lagi", value: 0 }].concat(durations()));
    if (until === undefined) return;
    await wish("/api/v1/services/" + service.service + "/stop", JSON.stringify(until ? { reason, minutes: until } : { reason }));
  },

  async undo() { await ofTicket(view.undo.ticket, "undo"); },

  // What the visitor really came for, and what was done besides.
  async services() {
    const own = choices.agencies.find((agency) => agency.own).services;
    const what = await ask("Layanan " + view.ticket.number, [
      { label: "Tambah layanan lain", value: "add" },
      { label: "Ganti layanan", note: name(view.service), value: "correct" },
      { label: "Kembalikan seperti semula", off: really.service || really.additional.size ? "" : "belum ada yang diubah", value: "reset" },
    ]);
    const ticket = view.ticket && view.ticket.id;
    if (what === "reset") really = { ticket, service: null, additional: new Map() };
    if (what === "correct") {
      const service = await ask("Sebenarnya untuk layanan apa?", options(own));
      if (service && ticket === really.ticket) really.service = service;
    }
    while (what === "add") {
      const rows = own.map((service) => ({ label: service.name, note: really.additional.has(service.id) ? really.additional.get(service.id) + " kali" : "", value: service.id }));
      const service = await ask("Layanan lain yang diberikan", rows.concat([{ label: "Cukup", key: "0", value: "" }]));
      if (!service || ticket !== really.ticket) break;
      really.additional.set(service, (really.additional.get(service) || 0) + 1);
      put("service", served());
    }
    show(view);
  },
};

// A ticket in the list: whatever can be done with it besides waiting for its turn.
async function ofWaiting(row) {
  const free = view.state === "ready" ? "" : view.state === "called" || view.state === "serving" ? "selesaikan dulu " + view.ticket.number : "buka loket dulu";
  const priority = row.class === "priority";
  const what = await ask(row.number + " · " + name(row.service), [
    { label: "Panggil sekarang, di luar giliran", off: free, value: "call" },
    { label: priority ? "Jadikan nomor biasa" : "Jadikan prioritas", value: "class" },
    { label: "Cetak ulang tiket", value: "reprint" },
    { label: "Batalkan nomor", value: "cancel" },
  ]);
  if (what === "call") {
    const reason = await ask("Panggil " + row.number + " sekarang: mengapa?", options(choices.call_reasons));
    if (reason) await ofTicket(row.ticket, "call", { free: true, reason });
  }
  if (what === "class") await ofTicket(row.ticket, "priority", { class: priority ? "regular" : "priority" });
  if (what === "reprint") await ofTicket(row.ticket, "reprint");
  if (what === "cancel") await cancel(row);
}

async function ofHeld(row) {
  const what = await ask(row.number + " · ditunda, kembali " + local(row.until), [
    { label: "Panggil sekarang", off: view.state === "ready" ? "" : "loket belum siap", value: "resume" },
    { label: "Batalkan nomor", value: "cancel" },
  ]);
  if (what === "resume") await ofTicket(row.ticket, "resume", { free: true });
  if (what === "cancel") await cancel(row);
}

async function ofMissed(row) {
  const what = await ask(row.number + " · tidak hadir " + local(row.at), [{ label: "Pengunjung sudah datang: antre lagi", value: "return" }]);
  if (what === "return") await ofTicket(row.ticket, "return");
}

async function cancel(row) {
  const sure = await ask("Batalkan " + row.number + "?", [{ label: "Tidak, biarkan menunggu", value: "" }, { label: "Ya, batalkan " + row.number, value: "yes" }]);
  if (sure) await ofTicket(row.ticket, "cancel");
}

// Whether it was done.
const wish = async (path, body) => (await wishFor(path, body, refresh)) !== null;

async function refresh() {
  const answer = await request("/console/state", { headers: { Accept: "application/json" } });
  if (answer.status === 401) { location.reload(); return false; }
  if (!answer.ok) return false;
  show(await answer.json());
  return true;
}

for (const button of document.querySelectorAll("[data-act]")) {
  button.addEventListener("click", () => { button.blur(); act(button.dataset.act); });
}
byId("closure").addEventListener("click", () => { byId("closure").blur(); if (view) askClosure(); });
for (const button of document.querySelectorAll("[data-outcome]")) {
  button.addEventListener("click", () => {
    button.blur();
    if (view && button.getAttribute("aria-disabled") !== "true") finish(button.dataset.outcome);
  });
}

addEventListener("keydown", (event) => {
  if (event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
  if (sheet.open || /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
  // A focused button answers Space and Enter by itself.
  if (event.target.tagName === "BUTTON" && (event.key === " " || event.key === "Enter")) return;
  if (event.key.toLowerCase() === "p" && view && view.slips.length > 0) {
    event.preventDefault();
    settle(view.slips[0], "reprint");
    return;
  }
  const button = document.querySelector('main [data-key="' + CSS.escape(event.key.toLowerCase()) + '"]');
  if (!button) return;
  event.preventDefault();
  button.click();
});

follow("/console/events", { console: show }, refresh, tellLine);
refresh().catch(() => {});
setInterval(tick, 500);
setInterval(() => { if (view) list(); }, 20000);
