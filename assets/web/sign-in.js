// Chooses the first counter of the chosen clerk's agency.
"use strict";

const staff = document.getElementById("staff"), counter = document.getElementById("counter");
const agencyOf = {};
for (const option of staff.options) agencyOf[option.value] = option.dataset.agency;

function choose() {
  const agency = agencyOf[staff.value];
  for (const option of counter.options) option.hidden = Boolean(agency) && option.dataset.agency !== agency;
  if (counter.selectedOptions[0] && counter.selectedOptions[0].hidden) {
    const first = [...counter.options].find((option) => !option.hidden);
    if (first) counter.value = first.value;
  }
}
staff.addEventListener("change", choose);
choose();
