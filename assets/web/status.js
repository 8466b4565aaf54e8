// How the box is: asked every few seconds, so that it says so as well when nothing answers any more.
"use strict";

const WORDS = { fine: "Baik", warning: "Peringatan", fault: "Gangguan" };
// Which part of a printer a hand should go to.
const TOUCH = { paper_out: ["cover", "roll"], near_end: ["roll"], cover_open: ["cover"], cutter: ["cutter", "cover"], waiting: ["feed"], offline: ["feed", "cable"], unplugged: ["cable"], mute: ["cable"] };
const EVERY_MS = 3000;
let heard = 0;

function summed(view) {
  const { faults, warnings } = view;
  const worst = faults ? "fault" : warnings ? "warning" : "fine";
  byId("sum").className = "sum " + worst;
  if (worst === "fine") return "Semua baik";
  return "Ada " + [faults && faults + " gangguan", warnings && warnings + " peringatan"].filter(Boolean).join(" dan ");
}

function show(view) {
  heard = Date.now();
  setClock(view.now);
  tellLine(true);
  put("sum-text", summed(view));
  put("sum-more", view.faults + view.warnings ? "Yang harus dilakukan ada di bawah tiap bagian." : "Tidak ada yang perlu dilakukan.");
  byId("lines").replaceChildren(...view.lines.map(row));
  printer(view.lines.find((line) => line.key.startsWith("printer:") && line.health !== "fine"));
  tick();
}

function row(line) {
  const made = byId("line-row").content.cloneNode(true).firstElementChild;
  made.className = line.health;
  made.dataset.key = line.key;
  made.querySelector(".pill").textContent = WORDS[line.health];
  // Drawn by the box itself, never by what somebody typed.
  made.querySelector(".icon-box").innerHTML = line.icon;
  made.querySelector(".label").textContent = line.label;
  made.querySelector(".says").textContent = line.says;
  made.querySelector(".remedy").textContent = line.remedy || "";
  return made;
}

function printer(line) {
  byId("printer-part").hidden = !line;
  if (!line) return;
  const fault = line.key.split(":").pop();
  put("printer-name", line.says.split(" (")[0]);
  put("printer-says", line.says.slice(line.says.indexOf("): ") + 3));
  put("printer-remedy", line.remedy || "");
  for (const part of document.querySelectorAll("#printer-part .part")) {
    part.classList.toggle("touch", (TOUCH[fault] || []).some((name) => part.classList.contains(name)));
  }
}

function tick() {
  put("clock", timeText(siteTime()));
  const s = Math.round((Date.now() - heard) / 1000);
  put("checked", heard ? (s < 2 ? "diperiksa baru saja" : "diperiksa " + s + " detik lalu") : "");
}

async function look() {
  try {
    const answer = await request("/status/state", { headers: { Accept: "application/json" } });
    if (answer.status === 401) { location.reload(); return; }
    show(await answer.json());
  } catch (error) {
    tellLine(false);
    byId("sum").className = "sum fault";
    put("sum-text", "Kotak tidak menjawab");
    put("sum-more", "Yang tampil di bawah adalah keadaan terakhir. Periksa listrik dan kabel jaringan kotak.");
  }
}

look();
setInterval(look, EVERY_MS);
setInterval(tick, 1000);
