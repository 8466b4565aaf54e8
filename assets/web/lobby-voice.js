// The calls that are heard from this screen. One after the other, each once; which, the server says.
"use strict";

const voice = byId("voice"), soundButton = byId("sound");
const speaksFor = new Set(byId("lobby").dataset.speaks.split(" ").filter(Boolean));
// No announcement is longer; a player that does not end has stalled.
const LONGEST = 25000;

// Plays a file to its end, if this browser lets it.
function play(url) {
  return new Promise((done) => {
    const over = () => {
      clearTimeout(alarm);
      voice.onended = voice.onerror = null;
      done();
    };
    const alarm = setTimeout(() => { voice.pause(); over(); }, LONGEST);
    voice.onended = voice.onerror = over;
    voice.src = url;
    voice.play().then(() => { soundButton.hidden = true; }, (error) => {
      if (error.name === "NotAllowedError") soundButton.hidden = false;
      over();
    });
  });
}

// What a call sounds like, where it is heard from here.
function speak(call) {
  return speaksFor.has(call.counter) ? play("/lobby/say/" + call.seq) : Promise.resolve();
}

// Some browsers play nothing before somebody has touched the page: better known now than at the first call.
if (speaksFor.size) {
  const tryIt = () => play("/assets/silence.wav");
  for (const touch of ["click", "keydown"]) addEventListener(touch, () => { if (!soundButton.hidden) tryIt(); });
  tryIt();
}
