/* The service worker of 掌上审批. VERSION, SHELL, WORDS and CALLS stand before this line, written by the server.
   Kept are style, scripts, icons and the page that says there is no network; no page of a case, no
   file of one, no answer that depends on who asks. */
const CACHE = `mingtang-hand-${VERSION}`, OFFLINE = SHELL[0], PATIENCE = 30000;

addEventListener("install", (event) => {
  const kept = SHELL.map((path) => new Request(path, { credentials: "omit", cache: "reload" }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(kept)).then(() => skipWaiting()));
});

addEventListener("activate", (event) => {
  const old = (name) => name.startsWith("mingtang-hand-") && name !== CACHE;
  event.waitUntil(caches.keys().then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name))))
    .then(() => clients.claim()));
});

addEventListener("fetch", (event) => {
  const { request } = event, place = new URL(request.url);
  if (request.method !== "GET" || place.origin !== location.origin) return;
  if (request.mode === "navigate") {
    const late = new AbortController(), timer = setTimeout(() => late.abort(), PATIENCE);
    event.respondWith(fetch(request, { signal: late.signal })
      .catch(() => caches.match(OFFLINE).then((page) => page ?? Response.error()))
      .finally(() => clearTimeout(timer)));
  } else if (SHELL.includes(place.pathname)) {
    event.respondWith(caches.match(request, { ignoreSearch: true }).then((kept) => kept ?? fetch(request)));
  }
});

/* Called while no page is open. The message says how many tasks wait, and in what language. */
addEventListener("push", (event) => {
  const { todo, language } = event.data.json(), { title, text } = WORDS[language] ?? Object.values(WORDS)[0];
  const icon = SHELL.find((path) => path.includes("icon-192"));
  event.waitUntil(Promise.all([
    registration.showNotification(title, { body: text.replace("{n}", todo), tag: "work", renotify: true, icon, badge: icon, lang: language }),
    navigator.setAppBadge?.(todo).catch(() => {}),
  ]));
});

/* A browser may change where it is called by itself: the house is told, while its holder is signed in. */
addEventListener("pushsubscriptionchange", (event) => event.waitUntil((async () => {
  const { oldSubscription, newSubscription } = event;
  const one = newSubscription ?? await registration.pushManager.subscribe(oldSubscription.options);
  const page = await (await fetch(CALLS.page, { redirect: "error" })).text();
  const [, csrfmiddlewaretoken] = /name="csrfmiddlewaretoken" value="(\w+)"/.exec(page);
  const { endpoint, keys } = one.toJSON();
  const said = { csrfmiddlewaretoken, endpoint, key: keys.p256dh, secret: keys.auth, before: oldSubscription?.endpoint ?? "" };
  await fetch(CALLS.keep, { method: "POST", body: new URLSearchParams(said), redirect: "manual" });
})()));

addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(clients.matchAll({ type: "window" }).then((open) => {
    const here = open.find((page) => page.url.startsWith(registration.scope));
    return here ? here.navigate(registration.scope).then((page) => page?.focus()) : clients.openWindow(registration.scope);
  }));
});
