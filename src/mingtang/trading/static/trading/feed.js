/* The lines of a lot as they come (实时记录), by Server-Sent Events. Whatever breaks, a lost network, a
   full room, a server that is being replaced: it comes back and goes on after the last line it has.
   `after` is that line's version. It comes back by itself, not all watchers at once. */
(() => {
  "use strict";
  const SILENT = 25_000; // milliseconds without a sign of life: the room gives one every ten seconds
  const SOON = 500;
  const LONGEST_WAIT = 8_000;

  /* `heard`: {line(entry, index), standing(said), up(), down()}. */
  const feed = (url, after, heard) => {
    let source;
    let last = after;
    let alive = Date.now();
    let wait = SOON;

    const begin = () => {
      source?.close();
      alive = Date.now();
      source = new EventSource(`${url}?after=${last}`);
      source.onopen = () => {
        alive = Date.now();
        wait = SOON;
        heard.up();
      };
      source.onerror = () => {
        heard.down();
        later();
      };
      source.addEventListener("line", (event) => {
        alive = Date.now();
        const version = Number(event.lastEventId);
        if (version <= last) return;
        last = version;
        const { index, entry } = JSON.parse(event.data);
        heard.line(entry, index);
      });
      source.addEventListener("standing", (event) => {
        alive = Date.now();
        heard.standing(JSON.parse(event.data));
      });
      source.addEventListener("time", () => (alive = Date.now()));
    };
    const later = () => {
      source.close();
      setTimeout(begin, wait * (0.5 + Math.random()));
      wait = Math.min(wait * 2, LONGEST_WAIT);
    };
    setInterval(() => {
      if (Date.now() - alive < SILENT) return;
      heard.down();
      begin();
    }, 5_000);
    begin();
  };
  window.Mingtang = Object.assign(window.Mingtang ?? {}, { feed });
})();
