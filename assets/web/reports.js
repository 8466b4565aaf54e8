// Prints the page with its tables, and puts them away again.
"use strict";
const print = document.getElementById("print");
if (print) print.addEventListener("click", () => window.print());
let opened = [];
window.addEventListener("beforeprint", () => {
  opened = [...document.querySelectorAll(".card details:not([open])")];
  for (const details of opened) details.open = true;
});
window.addEventListener("afterprint", () => {
  for (const details of opened) details.open = false;
});
