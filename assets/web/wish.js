// What staff's pages ask of the hall: one press is one wish with one key; sent again after a lost line, it is
// not done twice, and it never vanishes without a word.
"use strict";

let noticeTimer, waiting = 0, line = Promise.resolve();
// More than this is a stuck key, not a quick hand.
const AT_ONCE = 2;

function notice(text) {
  put("notice", text);
  clearTimeout(noticeTimer);
  if (text) noticeTimer = setTimeout(() => put("notice", ""), 6000);
}

// What the hall answered; null where it was not done. A second press waits for the first to be answered, and
// still says what was seen when it was pressed: what has changed since is refused, not done to somebody else.
function wishFor(path, body, refresh) {
  if (waiting >= AT_ONCE) { notice("Sebentar, tombol sebelumnya sedang dikirim."); return Promise.resolve(null); }
  waiting++;
  const mine = line.then(() => send(path, body, refresh)).finally(() => { waiting--; });
  line = mine.catch(() => null);
  return mine;
}

async function send(path, body, refresh) {
  let done = null;
  const wish = {
    method: "POST",
    headers: { "Content-Type": "application/json", "Idempotency-Key": crypto.getRandomValues(new Uint32Array(4)).join("-"), "Accept-Language": "id" },
    body,
  };
  notice("");
  for (let tries = 1; ; tries++) {
    try {
      const answer = await request(path, wish);
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
  // Without a line there is nothing to look at; what was answered stays answered.
  await refresh().catch(() => null);
  return done;
}
