// The supervisor: every counter, what is asked, what is wrong.
"use strict";

const page = byId("supervisor").dataset;
const may = { supervise: "supervise" in page, hall: "hall" in page, clock: "clock" in page };
const plates = new Map([...document.querySelectorAll("template[data-agency]")].map((each) => [each.dataset.agency, each.content]));
let view = null;

const STATES = { closed: "Tutup", paused: "Istirahat", ready: "Siap", called: "Dipanggil", serving: "Dilayani" };
// Longer than this nobody waits to be greeted after a call.
const CALLED_LATE_S = 120;

const wish = (path, body) => wishFor(path, JSON.stringify(body || {}), refresh);
const at = (counter, verb, body) => wish("/api/v1/counters/" + counter.id + "/" + verb, body);

function show(next) {
  if (view && next.seq < view.seq) return;
  // Drawn again it is as old as it was.
  if (next !== view) setClock(next.now);
  view = next;
  const states = view.counters.map((counter) => counter.state);
  const count = (wanted) => states.filter((state) => wanted.includes(state)).length;
  put("open", count(["ready", "called", "serving"]));
  put("paused", count(["paused"]));
  put("closed", count(["closed"]));
  counters();
  longest();
  closures();
  alarms();
  notices();
  byId("clock-part").hidden = !(may.clock && (view.clock_doubted || clockAsked));
  byId("clock-why").hidden = !view.clock_doubted;
  tick();
}

// One row a counter: what stands in it changes, the row stays.
const lines = new Map();

function counters() {
  for (const counter of view.counters) {
    let line = lines.get(counter.id);
    if (!line) {
      line = newLine(counter);
      lines.set(counter.id, line);
      byId("counters").append(line.row);
    }
    line.counter = counter;
    const closing = counter.closure && counter.closure.granted;
    say(line.state, closing ? "Nomor terakhir" : STATES[counter.state]);
    line.state.className = "pill " + counter.state;
    say(line.who, counter.staff ? view.staff[counter.staff] || counter.staff : "");
    say(line.number, counter.ticket || "–");
    say(line.waiting, String(counter.waiting));
    for (const act of line.acts) {
      act.button.hidden = !act.when(counter);
      act.button.setAttribute("aria-label", act.button.textContent + ", loket " + counter.number);
    }
  }
}

function newLine(counter) {
  const row = element("tr"), line = { row, counter, acts: [] };
  const cell = (kind, label, ...content) => {
    const made = element("td", "", kind);
    made.dataset.label = label;
    made.append(...content);
    row.append(made);
  };
  line.state = element("span");
  line.who = element("small");
  line.number = element("b", "", "number");
  line.time = element("span", "", "time");
  line.waiting = element("span");
  const what = element("div"), names = element("span"), plate = plates.get(counter.agency);
  names.append(element("b", name(counter.name)), line.who);
  what.append(...(plate ? [plate.cloneNode(true)] : []), names);
  cell("counter", "Loket", element("b", String(counter.number)));
  cell("agency", "", what);
  cell("", "Keadaan", line.state);
  cell("", "Nomor", line.number);
  cell("", "Lama", line.time);
  cell("", "Menunggu", line.waiting);
  if (may.supervise) {
    const add = (text, when, act) => {
      const made = button(text, () => act(line.counter));
      line.acts.push({ button: made, when });
      return made;
    };
    cell("doing", "",
      add("Buka", (each) => each.state === "closed" || each.state === "paused", (each) => at(each, "open")),
      add("Tutup", (each) => each.state !== "closed", close_),
      add("Layanan", (each) => each.offered.length > 1, assign));
  }
  return line;
}

async function close_(counter) {
  if (counter.ticket) {
    const sure = await ask("Tutup loket " + counter.number + "?", [
      { label: "Tidak, biarkan", value: "" },
      { label: "Ya, tutup", note: counter.ticket + " kembali ke antrean dengan gilirannya", value: "yes" },
    ]);
    if (!sure) return;
  }
  await at(counter, "close");
}

// What the counter serves for the rest of the day: several, chosen one by one.
async function assign(counter) {
  const chosen = new Set(counter.services);
  for (;;) {
    const rows = counter.offered.map((each) => ({ label: name(each.name), note: chosen.has(each.id) ? "dilayani" : "tidak di sini", value: each.id }));
    const save = { label: "Simpan sampai hari ini selesai", key: "s", off: chosen.size ? "" : "pilih sedikitnya satu", value: "save" };
    const picked = await ask("Loket " + counter.number + " melayani apa?", rows.concat([save]));
    if (!picked) return undefined;
    if (picked === "save") return at(counter, "assign", { services: [...chosen] });
    if (!chosen.delete(picked)) chosen.add(picked);
  }
}

function longest() {
  put("waiting", view.waiting);
  byId("nobody").hidden = view.longest.length > 0;
  const late = (row) => since(row.entered_at) > row.target_min * 60;
  const rows = view.longest.map((row) => [row.number, name(row.agency) + " · " + name(row.service), minutes(since(row.entered_at)), late(row)]);
  once("longest", rows, () => rows.map(([number, what, time, late]) => {
    const row = element("li", "", late ? "late" : "");
    row.append(element("b", number, "number"), element("span", what), element("b", time, "time"));
    return row;
  }));
}

function closures() {
  const asked = view.counters.filter((counter) => counter.closure && !counter.closure.granted);
  put("closures-count", asked.length);
  byId("closures-part").hidden = asked.length === 0;
  once("closures", asked.map((each) => [each.id, each.closure, each.waiting]), () => asked.map((counter) => {
    const row = element("li"), { closure } = counter;
    const head = element("p");
    head.append(element("b", "Loket " + counter.number), element("small", name(counter.name) + " · diminta pukul " + local(closure.at)));
    row.append(head, element("p", (name(closure.name) || closure.reason) + ". " + counter.waiting + " orang menunggu."));
    if (may.supervise) {
      const acts = element("div", "", "choices");
      const yes = button("Setujui", () => at(counter, "grant-closure"));
      yes.className = "yes";
      acts.append(yes, button("Tolak", () => at(counter, "refuse-closure")));
      for (const act of acts.children) act.setAttribute("aria-label", act.textContent + ", loket " + counter.number);
      row.append(acts);
    }
    return row;
  }));
}

function alarms() {
  const open = view.alarms.filter((alarm) => !alarm.acknowledged).length;
  put("alarms-count", open);
  byId("alarms-count").className = "count" + (open ? " bad" : "");
  byId("no-alarms").hidden = view.alarms.length > 0;
  once("alarms", view.alarms, () => view.alarms.map((alarm) => {
    const row = element("li", "", alarm.weight + (alarm.acknowledged ? " known" : ""));
    const what = element("span");
    const by = alarm.acknowledged ? " · ditangani " + (view.staff[alarm.acknowledged] || alarm.acknowledged) : "";
    what.append(element("b", name(alarm.about)), element("span", name(alarm.says)), element("span", name(alarm.remedy), "remedy"), element("small", "Sejak " + local(alarm.since) + by));
    row.append(what);
    if (may.clock && !alarm.acknowledged) {
      const known = button("Sudah saya tahu", () => wish("/api/v1/alarms/" + encodeURIComponent(alarm.id) + "/acknowledge"));
      known.setAttribute("aria-label", "Sudah saya tahu: " + name(alarm.about));
      row.append(known);
    }
    return row;
  }));
}

function notices() {
  once("notices", view.notices, () => view.notices.map((notice) => {
    const row = element("li"), what = element("span");
    what.append(element("span", name(notice.text)), element("small", "sampai " + local(notice.until)));
    row.append(what);
    if (may.hall) {
      const end = button("Hapus", () => wish("/api/v1/notices/" + notice.id + "/end"));
      end.setAttribute("aria-label", "Hapus: " + name(notice.text));
      row.append(end);
    }
    return row;
  }));
}

// The time goes on between two changes.
function tick() {
  put("clock", timeText(siteTime()));
  if (!view) return;
  for (const line of lines.values()) {
    const { state, since: from } = line.counter;
    const s = from && state !== "closed" ? Math.max(0, Math.floor(since(from))) : null;
    say(line.time, s === null ? "–" : two(Math.floor(s / 60)) + ":" + two(s % 60));
    line.time.className = "time" + (state === "called" && s > CALLED_LATE_S ? " late" : "");
  }
}

// "What day is it?": asked twice, the second time with the weekday, which nobody mistypes.
let clockAsked = false;
const WEEKDAYS = ["Minggu", "Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu"];
const MONTHS = ["Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember"];

async function confirmClock(event) {
  event.preventDefault();
  const date = byId("clock-date").value, time = byId("clock-time").value, typed = Date.now();
  if (!date || !time) return notice("Isi tanggal dan jam.");
  const day = new Date(date + "T00:00:00Z");
  const said = WEEKDAYS[day.getUTCDay()] + ", " + day.getUTCDate() + " " + MONTHS[day.getUTCMonth()] + " " + day.getUTCFullYear() + ", pukul " + time.replace(":", ".");
  const sure = await ask(said + ". Benar?", [{ label: "Bukan, saya perbaiki", value: "" }, { label: "Ya, hari ini " + WEEKDAYS[day.getUTCDay()], value: "yes" }]);
  if (!sure) return undefined;
  // The time that it took to answer has passed.
  const now = new Date(Date.parse(date + "T" + time + ":00" + clock.zone) + Date.now() - typed);
  const done = await wish("/api/v1/clock/confirm", { now: now.toISOString() });
  if (done) clockAsked = false;
  if (view) show(view);
  return done;
}

async function postNotice(event) {
  event.preventDefault();
  const text = byId("notice-text").value.trim();
  if (!text) return notice("Tulis pengumumannya dulu.");
  const body = { text, minutes: Number(byId("notice-minutes").value) };
  const english = byId("notice-english").value.trim();
  if (english) body.english = english;
  if (await wish("/api/v1/notices", body)) event.target.reset();
  return undefined;
}

// Who may sign in; a PIN that was forgotten is given up, and the first one counts again.
// The lower before the higher.
const ROLES = { clerk: "Petugas loket", desk: "Meja informasi", manager: "Pimpinan", supervisor: "Penyelia", technician: "Teknisi" };
const rank = (role) => Object.keys(ROLES).indexOf(role);

async function staff() {
  const answer = await request("/api/v1/staff", { headers: { "Accept-Language": "id" } });
  if (!answer.ok) return notice((await answer.json()).message);
  const everybody = await answer.json();
  once("staff", everybody, () => everybody.map((person) => {
    const row = element("li"), what = element("span");
    const counter = view && view.counters.find((each) => each.id === person.counter);
    const where = !person.signed_in ? "belum masuk" : counter ? "di loket " + counter.number : "sudah masuk";
    what.append(element("b", person.name), element("small", ROLES[person.role] + " · " + where));
    row.append(what);
    if (person.own_pin && rank(person.role) < rank(page.role)) {
      const reset = button("PIN lupa", () => resetPin(person));
      reset.setAttribute("aria-label", "PIN lupa: " + person.name);
      row.append(reset);
    }
    return row;
  }));
  return undefined;
}

async function resetPin(person) {
  const sure = await ask("PIN " + person.name + " lupa?", [
    { label: "Tidak, biarkan", value: "" },
    { label: "Ya, kembali ke PIN pertama", note: "lalu memilih PIN baru", value: "yes" },
  ]);
  if (sure && await wish("/api/v1/staff/" + encodeURIComponent(person.id) + "/reset-pin")) await staff();
}

async function refresh() {
  const answer = await request("/supervisor/state", { headers: { Accept: "application/json" } });
  if (answer.status === 401) { location.reload(); return false; }
  if (!answer.ok) return false;
  show(await answer.json());
  return true;
}

const people = byId("staff-part");
if (people) people.addEventListener("toggle", () => { if (people.open) staff(); });
byId("clock-form").addEventListener("submit", confirmClock);
const wrong = byId("clock-wrong");
if (wrong) wrong.addEventListener("click", () => { clockAsked = !clockAsked; show(view); if (clockAsked) byId("clock-date").focus(); });
const post = byId("notice-form");
if (post) post.addEventListener("submit", postNotice);
follow("/supervisor/events", { supervisor: show }, refresh, tellLine);
refresh().catch(() => {});
setInterval(tick, 1000);
setInterval(() => { if (view) longest(); }, 15000);
// What only the time makes wrong, such as an agency that has not opened, rings no bell.
setInterval(() => refresh().catch(() => {}), 30000);
