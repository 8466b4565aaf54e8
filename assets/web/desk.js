// The information desk.
"use strict";

let view = null, chosen = { agency: null, service: null }, found = [];

const STATES = {
  waiting: "Menunggu", called: "Dipanggil", serving: "Sedang dilayani", on_hold: "Ditunda", done: "Selesai",
  no_show: "Tidak hadir", cancelled: "Batal", expired: "Hangus",
};

const wish = (path, body) => wishFor(path, body, refresh);
const ofTicket = (ticket, verb, body) => wish("/api/v1/tickets/" + ticket + "/" + verb, JSON.stringify(body || {}));
const agencyOf = (id) => view.agencies.find((agency) => agency.id === id);

function serviceOf(id) {
  for (const agency of view.agencies) for (const service of agency.services) if (service.id === id) return [agency, service];
  return [null, null];
}

function wait(agency) {
  const row = view.forecasts.agencies.find((each) => each.id === agency.id);
  const range = row && row.forecast;
  return range ? " · " + Math.round(range.low_s / 60) + "–" + Math.round(range.high_s / 60) + " mnt" : "";
}

function show(next) {
  if (view && next.seq < view.seq) return;
  // Drawn again it is as old as it was.
  if (next !== view) setClock(next.now);
  view = next;
  const today = view.now.slice(0, 10);
  for (const button of document.querySelectorAll("[data-agency]")) {
    const agency = agencyOf(button.dataset.agency);
    if (!agency) continue;
    const note = agency.closed ? closedText(agency.closed, today) : agency.waiting + " menunggu" + wait(agency);
    const small = button.querySelector("small");
    if (small.textContent !== note) small.textContent = note;
    button.classList.toggle("shut", Boolean(agency.closed));
    button.setAttribute("aria-pressed", String(agency.id === chosen.agency));
  }
  services(today);
  const [agency, service] = chosen.service ? serviceOf(chosen.service) : [null, null];
  put("issue-text", service ? "Ambil nomor " + agency.name.id + " · " + name(service.name) : "Ambil nomor");
  byId("issue").setAttribute("aria-disabled", String(!service || Boolean(service.closed)));
  slips();
  kiosks();
  printers();
  alarms();
  notes(today);
  byId("doubt").hidden = !view.clock_doubted;
  tick();
}

function services(today) {
  const agency = chosen.agency && agencyOf(chosen.agency);
  if (!agency) return;
  put("services-title", "2. Layanan " + name(agency.name));
  const rows = agency.services.map((service) => [service.id, name(service.name), service.closed ? closedText(service.closed, today) : ""]);
  once("services", [rows, chosen.service], () => rows.map(([id, label, closed]) => {
    const made = button(label + (closed ? " · " + closed : ""), () => { chosen.service = id; show(view); });
    made.setAttribute("aria-pressed", String(id === chosen.service));
    made.setAttribute("aria-disabled", String(Boolean(closed)));
    return made;
  }));
}

function choose(agency) {
  const only = agencyOf(agency).services;
  chosen = { agency, service: only.length === 1 ? only[0].id : null };
  byId("given").hidden = true;
  show(view);
  // On a phone the next step is below.
  const next = byId(chosen.service ? "issue" : "services-title");
  if (next.getBoundingClientRect().bottom > innerHeight) next.scrollIntoView({ block: "center" });
}

async function issue() {
  if (byId("issue").getAttribute("aria-disabled") === "true") return;
  const printer = byId("printer").value, priority = byId("priority").checked;
  const body = { service: chosen.service, class: priority ? "priority" : "regular" };
  if (printer) body.printer = printer;
  const ticket = await wish("/api/v1/tickets", JSON.stringify(body));
  if (!ticket) return;
  const where = ticket.counters.length ? " Loket " + ticket.counters.join(", ") + "." : "";
  put("given-number", ticket.number);
  put("given-text", (priority ? "Prioritas. " : "") + (printer ? "Tiket dikirim ke " + byId("printer").selectedOptions[0].textContent + ". Bila tidak keluar, lihat Tiket perlu dicek." : "Tanpa kertas: tuliskan nomornya. Referensi " + ticket.reference + ".") + where);
  byId("given").hidden = false;
  byId("priority").checked = false;
  chosen = { agency: null, service: null };
  drawn.services = "";
  put("services-title", "2. Layanan");
  byId("services").replaceChildren(element("p", "Pilih instansi dahulu.", "hint"));
  show(view);
}

// Slips that somebody should look at: what is wrong, and three answers.
function slips() {
  put("slips-count", view.slips.length);
  byId("no-slips").hidden = view.slips.length > 0;
  once("slips", view.slips, () => view.slips.map((slip) => {
    const row = element("li"), uncertain = slip.state === "uncertain";
    row.append(element("b", slip.number, "number"));
    const what = element("span");
    what.append(element("b", uncertain ? "Belum pasti keluar. Apakah kertasnya keluar?" : "Tidak keluar."));
    what.append(element("small", [slip.kiosk ? name(slip.kiosk) : "", name(slip.trouble)].filter(Boolean).join(" · ")));
    row.append(what);
    const acts = element("div", "", "choices");
    if (uncertain) acts.append(button("Ya, keluar", () => wish("/api/v1/slips/" + slip.slip + "/seen", "")));
    acts.append(button("Cetak ulang", () => reprint(slip.ticket, slip.number)));
    acts.append(button("Sudah diberi tahu", () => wish("/api/v1/slips/" + slip.slip + "/spoiled", "")));
    for (const act of acts.children) act.setAttribute("aria-label", act.textContent + ", " + slip.number);
    row.append(acts);
    return row;
  }));
}

const KIOSKS = { on: "Menyala.", off: "Tidak menyala. Ambilkan nomor di sini.", no_paper: "Menyala, tanpa kertas: nomor tampil di layarnya." };

function kiosks() {
  once("kiosks", view.kiosks, () => view.kiosks.map((kiosk) => {
    const row = element("li", "", kiosk.state === "on" ? "well" : "low");
    row.append(element("b", name(kiosk.name)), element("small", KIOSKS[kiosk.state]));
    return row;
  }));
}

// What is wrong besides, until somebody sees to it: the worst of it, whoever runs the hall sees all.
const ALARMS_SHOWN = 3;
function alarms() {
  const worst = [...view.alarms].sort((one, other) => (other.weight === "fault") - (one.weight === "fault"));
  const more = worst.length - ALARMS_SHOWN;
  once("alarms", worst, () => worst.slice(0, ALARMS_SHOWN).map((alarm) => {
    const row = element("li", "", alarm.weight === "fault" ? "fault" : "low");
    row.append(element("b", name(alarm.about)), element("small", name(alarm.says)));
    return row;
  }).concat(more > 0 ? [element("li", "dan " + more + " peringatan lagi")] : []));
}

function printers() {
  once("printers", view.printers, () => view.printers.map((printer) => {
    const row = element("li", "", printer.fault ? "fault" : printer.near_end ? "low" : "well");
    row.append(element("b", name(printer.name)));
    const left = printer.slips_left === null ? "" : " Kira-kira " + printer.slips_left + " tiket lagi.";
    row.append(element("small", printer.fault ? name(printer.fault) : printer.near_end ? "Kertas hampir habis." + left : "Baik."));
    return row;
  }));
}

const CROWDED = 15;
function notes(today) {
  const rows = view.agencies.flatMap((agency) => {
    if (agency.closed) return [[name(agency.name), closedText(agency.closed, today)]];
    return agency.waiting >= CROWDED ? [[name(agency.name), agency.waiting + " menunggu" + wait(agency)]] : [];
  });
  once("notes", rows, () => rows.length === 0 ? [element("li", "Semua berjalan biasa.")] : rows.map(([who, what]) => {
    const row = element("li");
    row.append(element("b", who), element("small", what));
    return row;
  }));
}

// A printer is asked for only where there is a choice.
async function reprint(ticket, number) {
  let printer = view.printers.length === 1 ? view.printers[0].id : undefined;
  if (view.printers.length > 1) {
    printer = await ask("Cetak ulang " + number + " di mana?", view.printers.map((each) => ({ label: name(each.name), note: each.fault ? name(each.fault) : "", value: each.id })));
    if (!printer) return;
  }
  await ofTicket(ticket, "reprint", printer ? { printer } : {});
  await findAgain();
}

async function find(text) {
  let wanted = text.replace(/\s+/g, "").toUpperCase();
  if (!wanted) return;
  // A number is a prefix and digits, at least three of them; a reference has six signs.
  const number = /^([A-Z]{1,2})([0-9]{1,5})$/.exec(wanted), what = number ? "number" : "reference";
  if (number) wanted = number[1] + String(Number(number[2])).padStart(3, "0");
  const answer = await request("/api/v1/tickets?" + what + "=" + encodeURIComponent(wanted), { headers: { "Accept-Language": "id" } });
  if (answer.status === 401) { location.reload(); return; }
  const said = await answer.json();
  found = answer.ok ? said.tickets : [];
  drawn.found = "";
  showFound(answer.ok ? "Tidak ada " + wanted + " hari ini." : said.message);
}

const findAgain = () => found.length ? find(found[0].number) : undefined;

function showFound(nothing) {
  if (found.length === 0) return byId("found").replaceChildren(element("p", nothing, "hint"));
  byId("found").replaceChildren(...found.map((ticket) => {
    const [agency, service] = serviceOf(ticket.service), row = element("div", "", "ticket");
    const at = { no_show: local(ticket.ended_at), called: "ke loket " + ticket.counter_number, serving: "di loket " + ticket.counter_number, done: local(ticket.ended_at), on_hold: "sampai " + local(ticket.hold_until) }[ticket.state];
    row.append(element("b", ticket.number, "number"), element("span", STATES[ticket.state] + (at ? " " + at : ""), "pill"));
    const ahead = ticket.ahead === null ? "" : " · " + ticket.ahead + " di depannya";
    row.append(element("p", [name(agency && agency.name), name(service && service.name), "ref. " + ticket.reference].filter(Boolean).join(" · ") + ahead + (ticket.class === "priority" ? " · prioritas" : "")));
    const acts = element("div", "", "choices"), again = async (verb, body) => { await ofTicket(ticket.id, verb, body); await findAgain(); };
    if (ticket.state === "no_show") acts.append(button("Kembalikan ke antrean", () => again("return")));
    if (ticket.state === "waiting") {
      const priority = ticket.class === "priority";
      acts.append(button(priority ? "Jadikan biasa" : "Jadikan prioritas", () => again("priority", { class: priority ? "regular" : "priority" })));
    }
    if (["waiting", "called"].includes(ticket.state)) acts.append(button("Cetak ulang", () => reprint(ticket.id, ticket.number)));
    if (["waiting", "on_hold"].includes(ticket.state)) acts.append(button("Batalkan", async () => {
      const sure = await ask("Batalkan " + ticket.number + "?", [{ label: "Tidak, biarkan", value: "" }, { label: "Ya, batalkan " + ticket.number, value: "yes" }]);
      if (sure) await again("cancel");
    }));
    row.append(acts);
    return row;
  }));
}

// A number from the strips that are kept for a day without power.
function strip(text) {
  const wanted = text.trim().toUpperCase(), prefix = (/^[A-Z]{1,2}/.exec(wanted) || [""])[0];
  const rows = view.agencies.flatMap((agency) => agency.services.filter((service) => service.prefix === prefix)
    .map((service) => [service.id, name(agency.name) + " · " + name(service.name)]));
  once("strip-service", rows, () => rows.map(([id, label]) => Object.assign(element("option", label), { value: id })));
}

async function adopt(event) {
  event.preventDefault();
  const body = {
    number: byId("strip-number").value.trim().toUpperCase(), service: byId("strip-service").value,
    came_at: byId("strip-time").value, class: byId("strip-priority").checked ? "priority" : "regular",
  };
  byId("given").hidden = true;
  if (!body.service) return notice("Huruf nomor ini tidak dikenal.");
  const ticket = await wish("/api/v1/tickets/adopt", JSON.stringify(body));
  if (!ticket) return undefined;
  put("given-number", ticket.number);
  put("given-text", "Dicatat sebagai tiket hari ini, datang pukul " + body.came_at.replace(":", ".") + ". " + ticket.ahead + " orang di depannya.");
  byId("given").hidden = false;
  byId("strip-number").value = "";
  byId("strip-priority").checked = false;
  byId("strip-number").focus();
  return undefined;
}

async function refresh() {
  const answer = await request("/desk/state", { headers: { Accept: "application/json" } });
  if (answer.status === 401) { location.reload(); return false; }
  if (!answer.ok) return false;
  show(await answer.json());
  return true;
}

function tick() { put("clock", timeText(siteTime())); }

for (const each of document.querySelectorAll("[data-agency]")) each.addEventListener("click", () => { each.blur(); if (view) choose(each.dataset.agency); });
byId("issue").addEventListener("click", () => { byId("issue").blur(); if (view) issue(); });
const strips = byId("strip");
if (strips) {
  strips.parentElement.addEventListener("toggle", () => { if (strips.parentElement.open) strips.scrollIntoView({ block: "end" }); });
  strips.addEventListener("submit", (event) => { if (view) adopt(event); });
  byId("strip-number").addEventListener("input", () => { if (view) strip(byId("strip-number").value); });
}
byId("find").addEventListener("submit", (event) => { event.preventDefault(); if (view) find(byId("wanted").value); });
follow("/desk/events", { desk: show }, refresh, tellLine);
refresh().catch(() => {});
setInterval(tick, 1000);
