/* What a host sees beside everybody else (主持): another host's proposal as it comes, how many
   watch. What a host does goes through the page's own forms. */
(() => {
  "use strict";
  const { room } = window.Mingtang;
  const { words, say, config } = room;
  const at = (id) => document.getElementById(id);
  const EVERY = 5_000;
  const forms = document.querySelectorAll("[data-while]");
  const MAY = { "lot.suspended.v1": "paused", "lot.resumed.v1": "going", "lot.stopped.v1": "over", "lot.closed.v1": "over" };

  room.lines.push((entry) => {
    if (entry.kind === "lot.stop-proposed.v1") {
      const mine = entry.by === config.person;
      at("proposal-words").textContent = say("proposal", { what: words[`stopping-${entry.stopping}`], reason: entry.reason });
      at("proposal-mine").hidden = !mine;
      at("proposal-yes").hidden = mine;
      at("proposal").hidden = false;
    }
    if (["lot.stop-declined.v1", "lot.stopped.v1", "lot.closed.v1"].includes(entry.kind)) at("proposal").hidden = true;
    // The page is never loaded anew: an act just being sent would be cut off, and what is typed lost.
    if (entry.kind in MAY) forms.forEach((form) => (form.hidden = !form.dataset.while.split(" ").includes(MAY[entry.kind])));
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
