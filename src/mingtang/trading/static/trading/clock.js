/* The server's clock (服务器时间): what counts is when the server receives something, so every
   countdown of the trading pages follows it. `offset` is by how many milliseconds the server's
   clock is ahead of this one; it is measured a few times, and the quickest answer is believed. */
(() => {
  "use strict";
  const words = document.currentScript.dataset;
  const SAMPLES = 5;
  const GAP = 120; // milliseconds between two samples
  const AGAIN = 60_000;
  const CHINA = new Intl.DateTimeFormat("zh-CN", {
    timeZone: "Asia/Shanghai", hour12: false, hour: "2-digit", minute: "2-digit", second: "2-digit",
  });
  const DAY = new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Shanghai" }); // 2026-03-16
  const rendered = document.querySelector("[data-server-clock]")?.getAttribute("datetime");

  const clock = {
    measured: false,
    // Until measured: what the page said of itself when it was made.
    offset: rendered ? Date.parse(rendered) - Date.now() : 0,
    now: () => Date.now() + clock.offset,

    async measure() {
      let best;
      for (let sample = 0; sample < SAMPLES; sample += 1) {
        const before = performance.now();
        const answer = await fetch(words.url, { cache: "no-store" });
        if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
        const said = Date.parse((await answer.json()).now);
        const took = performance.now() - before;
        if (!best || took < best.took) best = { took, offset: said + took / 2 - Date.now() };
        await new Promise((go) => setTimeout(go, GAP));
      }
      clock.offset = best.offset;
      clock.measured = true;
    },

    /* Measure now and again; without a room beside the pages what the page said has to do. */
    async keep() {
      try {
        await clock.measure();
      } catch {
        // measured again in a minute
      }
      setTimeout(clock.keep, AGAIN);
    },

    /* 10:04:12 in China. */
    time: (at) => CHINA.format(at),

    /* The time alone today, 03-16 10:04:12 on another day. */
    moment(at) {
      const day = DAY.format(at);
      return day === DAY.format(clock.now()) ? clock.time(at) : `${day.slice(5)} ${clock.time(at)}`;
    },

    /* 03:12, 1:03:12, 2 天 01:03:12. */
    left(milliseconds) {
      const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
      const two = (n) => String(n).padStart(2, "0");
      const minutes = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
      const hours = Math.floor(seconds / 3600);
      if (hours < 1) return minutes;
      if (hours < 24) return `${hours}:${minutes}`;
      return `${words.days.replace("{n}", Math.floor(hours / 24))} ${two(hours % 24)}:${minutes}`;
    },
  };
  window.Mingtang = Object.assign(window.Mingtang ?? {}, { clock });
})();
