/* Sending an act to the room (送出), until it is known what became of it. The same `ref` is sent
   again when no answer comes: the room answers it with the first receipt, it never counts twice. */
(() => {
  "use strict";
  const PATIENCE = 4_000; // milliseconds one try may take
  const WAITS = [300, 700, 1_500, 3_000, 5_000];
  const AGAIN = new Set([429, 502, 503, 504]); // nothing was decided: the same may be sent again

  /* Return {receipt, received} or {refused: {code, zh, en}}; never gives up by itself.
     `unsure` is called when an answer is missing, with how often. */
  const send = async (url, token, body, unsure) => {
    const text = JSON.stringify(body);
    for (let tries = 0; ; tries += 1) {
      try {
        const answer = await fetch(url, {
          method: "POST",
          headers: { "Content-Type": "application/json", Authorization: `Bearer ${token}` },
          body: text,
          signal: AbortSignal.timeout(PATIENCE),
        });
        if (!AGAIN.has(answer.status)) return await answer.json();
      } catch {
        // no answer: it may have been recorded or not
      }
      unsure(tries + 1);
      await new Promise((go) => setTimeout(go, WAITS[Math.min(tries, WAITS.length - 1)]));
    }
  };
  window.Mingtang = Object.assign(window.Mingtang ?? {}, { send });
})();
