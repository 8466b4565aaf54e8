// The lobby's sizes: millimetres on the configured TV become pixels of this page.
"use strict";

// What is read from the far end of the hall, as the height of a capital: 40 mm in the list, product.md §5. An eye
// that sees well needs 12 mm at 8 m; who sees a third of that still reads the list.
const LIST_MM = 40;
// A capital's share of its font's size.
const CAPITAL = .668;
// A row, the height of its figures being 1.
const ROW = 1.42;
// As drawn on 1920 × 1080.
const DRAWN = { list: 704, last: 384, go: 150, beside: 200, without: 66, gap: 10, padding: 64 };

// Pixels a millimetre. A page that is no full screen is a smaller TV of the same kind.
function pixelsPerMm() {
  return Math.hypot(innerWidth, innerHeight) / (Number(byId("lobby").dataset.diagonal) * 25.4);
}

// Lays out the list for `counters` in this lobby, whose longest number and counter read so, and the last call beside
// it. Answers how many rows a page has.
function layOut(counters, longest, counterDigits, call) {
  const u = Math.min(innerWidth / 1920, innerHeight / 1080), room = byId("rows").clientHeight;
  const gap = DRAWN.gap * u, beside = DRAWN.beside * u, without = DRAWN.without * u;
  const ems = numberEms(longest) + Math.max(1.32, .66 * counterDigits);
  // At most half of the screen: the last call needs the rest.
  const most = innerWidth * .47, drawn = DRAWN.list * u;
  const wanted = Math.min(LIST_MM * pixelsPerMm() / CAPITAL, (most - without) / ems);
  const fit = Math.floor((room + gap) / (wanted * ROW + gap));
  // Larger figures are better than more rows, as long as no counter has to wait for its page.
  const rows = Math.max(1, Math.min(fit, Math.max(4, counters)));
  const high = ((room + gap) / rows - gap) / ROW;
  const least = Math.min(wanted, high);
  const bare = beside + least * ems > most;
  const taken = bare ? without : beside;
  const figure = Math.min(high, Math.max(least, (drawn - taken) / ems));
  const list = Math.max(drawn, taken + figure * ems);
  const card = innerWidth - list - 116 * u - DRAWN.padding * u;
  // What is left of the card between the agency's name and the counter.
  const middle = innerHeight - (132 + 136 + 64 + 230 + 130) * u;
  const last = Math.min(middle * .95, DRAWN.last * u, card / numberEms(call));
  const go = Math.min(DRAWN.go * u, card / 6.9);
  const set = (name, px) => byId("lobby").style.setProperty(name, px + "px");
  set("--list", list);
  set("--figure", figure);
  set("--last", last);
  set("--go", go);
  byId("lobby").style.setProperty("--rows", rows);
  byId("rows").classList.toggle("bare", bare);
  return rows;
}
