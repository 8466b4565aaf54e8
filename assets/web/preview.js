// Shows a new slip soon after it came out.
"use strict";

let timer;
const reload = () => { clearTimeout(timer); timer = setTimeout(async () => {
  const answer = await fetch("/preview");
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  byId("slips").replaceChildren(...page.getElementById("slips").children);
}, 300); };
follow("/api/v1/events", { board: reload, change: reload }, async () => { reload(); return true; }, () => {});
