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

  /* --- called while no page is open, where the house allows it (来活提醒) -------------------------- */
  const subscribed = async () =>
    (await navigator.serviceWorker?.getRegistration(words.scope))?.pushManager?.getSubscription();
  const hex = (octets) => [...new Uint8Array(octets)].map((one) => one.toString(16).padStart(2, "0")).join("");
  const calls = document.querySelector("form[data-calls]");
  if (calls && "PushManager" in window && "Notification" in window && navigator.serviceWorker) {
    const told = document.querySelector("[data-calls-state]");
    told.textContent = "";
    calls.hidden = false;
    subscribed().then(async (one) => {
      const digest = one && hex(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(one.endpoint)));
      const mine = document.querySelector(`[data-phone="${digest}"]`);
      if (!mine) return;
      mine.querySelector("[data-this]").hidden = false;
      calls.hidden = true;
    });
    calls.addEventListener("submit", async (event) => {
      const { endpoint, key, secret } = calls.elements;
      if (endpoint.value) return;
      event.preventDefault();
      if (await Notification.requestPermission() !== "granted") return (told.textContent = calls.dataset.denied);
      try {
        await (await subscribed())?.unsubscribe(); // it may be for a key the house had before
        const { pushManager } = await navigator.serviceWorker.ready;
        const one = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: calls.dataset.calls });
        const { keys } = one.toJSON();
        endpoint.value = one.endpoint;
        key.value = keys.p256dh;
        secret.value = keys.auth;
        calls.requestSubmit();
      } catch {
        told.textContent = calls.dataset.failed;
      }
    });
  }

  // Signed out, the phone is called no more; a browser that does not answer holds nobody up.
  const LONGEST = 2000;
  document.querySelectorAll("[data-sign-out]").forEach((form) => {
    let done = false;
    form.addEventListener("submit", (event) => {
      navigator.clearAppBadge?.().catch(() => {});
      if (done || !calls) return;
      event.preventDefault();
      done = true;
      const ended = subscribed().then((one) => one?.unsubscribe());
      Promise.race([ended, new Promise((go) => setTimeout(go, LONGEST))]).catch(() => {}).then(() => form.requestSubmit());
    });
  });

  // Papers are made and sealed in the background: look again until they are, and leave the rest of
  // the page as it is being read.
  const papers = () => document.querySelector("[data-waiting]");
  const again = setInterval(async () => {
    if (!papers()) return clearInterval(again);
    if (!navigator.onLine || document.visibilityState !== "visible") return;
    try {
      const answer = await fetch(location.href, { cache: "no-store", redirect: "error" });
      if (!answer.ok) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("papers");
      if (fresh) papers().replaceWith(fresh);
    } catch {
      // no answer: asked again in a moment
    }
  }, 5000);

  const button = document.querySelector("[data-install]");
  addEventListener("beforeinstallprompt", (event) => {
    if (!button) return;
    event.preventDefault();
    button.hidden = false;
    button.onclick = () => event.prompt();
  });
})();
