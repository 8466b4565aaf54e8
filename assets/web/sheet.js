// A sheet of numbered choices over the console. Asked one after the other, each is one key or one finger.
"use strict";

const sheet = byId("sheet");
let answer = null;

// What was chosen; undefined where nothing was. `choices` have a label, a value, maybe a note, a key of their
// own, and `off` with the reason why this cannot be chosen now.
function ask(title, choices) {
  put("sheet-title", title);
  const rows = choices.map((choice, at) => {
    const row = document.createElement("li"), button = document.createElement("button");
    const key = document.createElement("kbd"), label = document.createElement("b"), note = document.createElement("small");
    button.type = "button";
    button.dataset.key = choice.key || (at < 9 ? String(at + 1) : "");
    key.textContent = button.dataset.key.toUpperCase();
    key.hidden = !button.dataset.key;
    label.textContent = choice.label;
    note.textContent = choice.off || choice.note || "";
    button.setAttribute("aria-disabled", String(Boolean(choice.off)));
    button.append(key, label, note);
    button.addEventListener("click", () => { if (!choice.off) close(choice.value); });
    row.append(button);
    return row;
  });
  byId("sheet-choices").replaceChildren(...rows);
  if (!sheet.open) sheet.showModal();
  rows[0].firstElementChild.focus();
  return new Promise((resolve) => { answer = resolve; });
}

function close(value) {
  const told = answer;
  answer = null;
  // At once: a key pressed in the next moment is the page's. A question that follows opens it again before
  // anything is drawn.
  sheet.close();
  if (told) told(value);
}

sheet.addEventListener("cancel", (event) => { event.preventDefault(); close(undefined); });
sheet.addEventListener("click", (event) => { if (event.target === sheet) close(undefined); });
sheet.addEventListener("keydown", (event) => {
  event.stopPropagation();
  if (event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
  const buttons = [...sheet.querySelectorAll("button")];
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    event.preventDefault();
    const at = buttons.indexOf(document.activeElement);
    buttons[(at + step + buttons.length) % buttons.length].focus();
    return;
  }
  const button = buttons.find((each) => each.dataset.key && each.dataset.key === event.key.toLowerCase());
  if (!button) return;
  event.preventDefault();
  button.click();
});
