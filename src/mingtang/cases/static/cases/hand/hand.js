/* Approving in the hand (掌上审批): the shell on the phone, what it says without a network, and the
   number on its icon. Nothing here decides anything, and nothing of a case is kept. */
(() => {
  "use strict";
  const words = document.currentScript.dataset;
  const state = document.querySelector(".state");
  const say = (text) => {
    state.textContent = text;
    state.hidden = !text;
  };

  if ("serviceWorker" in navigator)
    navigator.serviceWorker.register(words.worker, { scope: words.scope }).catch(() => {});

  const look = () => say(navigator.onLine ? "" : words.offline);
  addEventListener("offline", look);
  addEventListener("online", look);
  look();
  // Before the house's own script marks the form as sent: it was not.
  addEventListener("submit", (event) => {
    if (navigator.onLine || event.target.method !== "post") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    say(words.unsent);
  }, true);

  const shown = document.querySelector("[data-todo]");
  const badge = (count) => navigator.setAppBadge?.(count).catch(() => {});
  const ask = async () => {
    if (!words.count || document.visibilityState !== "visible" || !navigator.onLine) return;
    try {
      const answer = await fetch(words.count, { headers: { Accept: "application/json" }, redirect: "error" });
      if (!answer.ok) return;
      const { todo } = await answer.json();
      badge(todo);
      if (!shown) return;
      const more = todo > Number(shown.dataset.todo);
      shown.textContent = todo;
      if (more) {
        const link = Object.assign(document.createElement("a"), { href: words.scope, textContent: words.more });
        state.replaceChildren(link);
        state.hidden = false;
      }
    } catch {
      // no answer: the next minute asks again
    }
  };
  ask();
  setInterval(ask, 60000);
  addEventListener("visibilitychange", ask);
  document.querySelectorAll("[data-sign-out]").forEach((form) =>
    form.addEventListener("submit", () => navigator.clearAppBadge?.().catch(() => {})));

  // Papers are made and sealed in the background: look again until they are.
  if (document.querySelector("[data-waiting]"))
    setInterval(() => navigator.onLine && document.visibilityState === "visible" && location.reload(), 5000);

  const button = document.querySelector("[data-install]");
  addEventListener("beforeinstallprompt", (event) => {
    if (!button) return;
    event.preventDefault();
    button.hidden = false;
    button.onclick = () => event.prompt();
  });
})();
