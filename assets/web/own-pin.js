// Says at once that the two new PINs differ; the box looks again at what is sent.
"use strict";

const fresh = document.getElementById("new"), again = document.getElementById("again");
const differ = document.getElementById("differ");

function compare() {
  const wrong = again.value.length === 6 && again.value !== fresh.value;
  differ.hidden = !wrong;
  again.setCustomValidity(wrong ? "Kedua PIN baru berbeda." : "");
}
fresh.addEventListener("input", () => {
  compare();
  if (fresh.value.length === 6 && document.activeElement === fresh) again.focus();
});
again.addEventListener("input", compare);
