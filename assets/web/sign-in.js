// Chooses the first counter of the chosen clerk's agency; who serves at none may do without.
"use strict";

const staff = document.getElementById("staff"), counter = document.getElementById("counter");

function choose() {
  const person = staff.selectedOptions[0];
  if (!person) return;
  const agency = person.dataset.agency, free = "free" in person.dataset;
  for (const option of counter.options) {
    option.hidden = "free" in option.dataset ? !free : Boolean(agency) && option.dataset.agency !== agency;
  }
  if (!counter.selectedOptions[0] || counter.selectedOptions[0].hidden) {
    const first = [...counter.options].find((option) => !option.hidden);
    if (first) counter.value = first.value;
  }
}
staff.addEventListener("change", () => { counter.value = ""; choose(); });
choose();
