// Pictures, while nobody is called. A call takes the screen back at once.
"use strict";

const EACH = 12000;
const picturesAfter = Number(byId("lobby").dataset.picturesAfter) * 1000;
let quietSince = Date.now(), nextPictureAt = 0, picturesLeft = [], fetching = false;

const isQuiet = () => Date.now() - quietSince >= picturesAfter;

// Somebody is called.
function hidePicture() {
  quietSince = Date.now();
  nextPictureAt = 0;
  byId("picture").hidden = true;
}

// The next picture that can be shown. A file that the browser makes nothing of is passed over.
async function nextPicture() {
  if (picturesLeft.length === 0) {
    const answer = await fetch("/pictures");
    if (answer.ok) picturesLeft = await answer.json();
  }
  while (picturesLeft.length) {
    const image = new Image();
    image.src = "/pictures/" + encodeURIComponent(picturesLeft.shift());
    try {
      await image.decode();
      return image.src;
    } catch { /* the next one, then */ }
  }
  return null;
}

async function turnPicture() {
  if (fetching || !isQuiet() || Date.now() < nextPictureAt) return;
  fetching = true;
  try {
    const src = await nextPicture();
    nextPictureAt = Date.now() + EACH;
    // Somebody may have been called meanwhile. Without the hall the picture that is there stays.
    if (src && isQuiet()) {
      byId("picture").src = src;
      byId("picture").hidden = false;
    } else if (!src) {
      byId("picture").hidden = true;
    }
  } catch { nextPictureAt = Date.now() + EACH; }
  fetching = false;
}

if (picturesAfter) setInterval(turnPicture, 500);
