// A ticket's number as figures, and how much room it needs.
"use strict";

// Letter, then digits in equal cells.
function number(element, text) {
  const cells = [...text].map((letter) => {
    const cell = document.createElement(/[0-9]/.test(letter) ? "span" : "i");
    cell.textContent = letter;
    return cell;
  });
  element.replaceChildren(...cells);
}

// Its width in ems of its own size: digits in cells of 0.655; letters are at most so wide, W aside.
function numberEms(text) {
  return [...text].reduce((sum, letter) => sum + (/[0-9]/.test(letter) ? .655 : /[MW]/.test(letter) ? 1 : .78), .06);
}
