// What staff's pages ask of the hall: one press is one wish with one key; sent again after a lost line, it is
// not done twice, and it never vanishes without a word.
"use strict";

let busy = false, noticeTimer;

function notice(text) {
  put("notice", text);
  clearTimeout(noticeTimer);
  if (text) noticeTimer = setTimeout(() => put("notice", ""), 6000);
}

// What the hall answered; null where it was not done.
async function wishFor(path, body, refresh) {
  if (busy) { notice("Sebentar, tombol sebelumnya sedang dikirim."); return null; }
  busy = true;
  let done = null;
  const request = {
    method: "POST",
    headers: { "Content-Type": "application/json", "Idempotency-Key": crypto.getRandomValues(new Uint32Array(4)).join("-"), "Accept-Language": "id" },
    body,
  };
  notice("");
  try {
    for (let tries = 1; ; tries++) {
      try {
        const answer = await fetch(path, request);
        if (answer.ok) { done = await answer.json(); break; }
        if (answer.status === 503 && tries < 5) throw new Error("busy");
        if (answer.status === 401) { location.reload(); break; }
        notice((await answer.json()).message);
        break;
      } catch (error) {
        if (tries >= 5) { notice("Tidak tersambung. Tombol belum diterima; ulangi bila sudah tersambung."); break; }
        await new Promise((later) => setTimeout(later, 700));
      }
    }
    await refresh();
  } finally {
    busy = false;
  }
  return done;
}
