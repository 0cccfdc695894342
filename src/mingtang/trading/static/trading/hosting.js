/* What a host sees beside everybody else (主持): another host's proposal as it comes, how many
   watch. What a host does goes through the page's own forms. */
(() => {
  "use strict";
  const { room } = window.Mingtang;
  const { words, say, config } = room;
  const at = (id) => document.getElementById(id);
  const EVERY = 5_000;

  room.lines.push((entry) => {
    if (entry.kind === "lot.stop-proposed.v1") {
      const mine = entry.by === config.person;
      at("proposal-words").textContent = say("proposal", { what: words[`stopping-${entry.stopping}`], reason: entry.reason });
      at("proposal-mine").hidden = !mine;
      at("proposal-yes").hidden = mine;
      at("proposal").hidden = false;
    }
    if (["lot.stop-declined.v1", "lot.stopped.v1", "lot.closed.v1"].includes(entry.kind)) at("proposal").hidden = true;
    // Other forms stand on the page of a lot that is paused, or goes on again.
    if (["lot.suspended.v1", "lot.resumed.v1"].includes(entry.kind)) location.reload();
  });

  const count = async () => {
    try {
      const { watchers } = await (await fetch(config.health, { cache: "no-store" })).json();
      at("watchers").textContent = say("watchers", { n: watchers });
    } catch {
      at("watchers").textContent = "";
    }
    setTimeout(count, EVERY);
  };
  count();
})();
