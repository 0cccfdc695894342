/* Session keys of bidders (会话密钥): the browser makes one at sign-up, keeps it, and signs with it.

   A key is an ECDSA key on P-256 that cannot be exported; IndexedDB holds it as it is, one for each
   lot and person. The server knows the public point (raw, 65 bytes, base64url) and nothing else.
   A signature is r || s, 64 bytes, base64url, over the UTF-8 bytes of the text.

   Port for certificates: what binds a key to a certificate of an authority later needs only
   `Mingtang.keys.bind`. It is given the public point before that is posted, and returns what the
   certificate's device says of it (a signature over the point, with the certificate), which then
   goes with the form as `binding`. Without a device there is none, and nothing else changes. */
(() => {
  "use strict";
  const NAME = "mingtang-trading";
  const ALGORITHM = { name: "ECDSA", namedCurve: "P-256" };
  const SIGNING = { name: "ECDSA", hash: "SHA-256" };

  const base64url = (bytes) =>
    btoa(String.fromCharCode(...new Uint8Array(bytes)))
      .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

  const opened = () => new Promise((go, fail) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("keys");
      asked.result.createObjectStore("offers");
    };
    asked.onsuccess = () => go(asked.result);
    asked.onerror = () => fail(asked.error);
  });

  /* Run one request on one store; return its result once it is on disk. */
  const stored = async (store, mode, ask) => {
    const base = await opened();
    try {
      return await new Promise((go, fail) => {
        const work = base.transaction(store, mode);
        const request = ask(work.objectStore(store));
        work.oncomplete = () => go(request.result);
        work.onerror = work.onabort = () => fail(work.error);
      });
    } finally {
      base.close();
    }
  };

  const nameOf = (lot, person) => `${lot}/${person}`;

  const keys = {
    usable: Boolean(globalThis.crypto?.subtle && globalThis.indexedDB),

    /* Binds a public point to a certificate; replaced by whoever knows a device. */
    bind: async (_point) => "",

    /* The public point of the key this browser has, empty where it has none. */
    async point(lot, person) {
      const found = await stored("keys", "readonly", (store) => store.get(nameOf(lot, person)));
      return found?.point ?? "";
    },

    /* Make a key in the place of any before it; return its public point. */
    async make(lot, person) {
      const pair = await crypto.subtle.generateKey(ALGORITHM, false, ["sign"]);
      const point = base64url(await crypto.subtle.exportKey("raw", pair.publicKey));
      const kept = { point, private: pair.privateKey };
      await stored("keys", "readwrite", (store) => store.put(kept, nameOf(lot, person)));
      return point;
    },

    async sign(lot, person, text) {
      const kept = await stored("keys", "readonly", (store) => store.get(nameOf(lot, person)));
      return base64url(await crypto.subtle.sign(SIGNING, kept.private, new TextEncoder().encode(text)));
    },

    random: (bytes = 24) => base64url(crypto.getRandomValues(new Uint8Array(bytes))),

    /* One's own sealed offers: the server has them sealed, so only this browser can show them. */
    offers: async (lot, person) =>
      (await stored("offers", "readonly", (store) => store.get(nameOf(lot, person)))) ?? [],
    async keepOffer(lot, person, offer) {
      const all = [offer, ...(await keys.offers(lot, person))];
      await stored("offers", "readwrite", (store) => store.put(all, nameOf(lot, person)));
      return all;
    },
  };

  /* A form with data-key-lot and data-key-person makes a key when it is sent, and posts its point.
     With data-key-anew it makes a new one even where there is one. */
  const beforeSending = async (form, button) => {
    const { keyLot: lot, keyPerson: person, keyAnew: anew } = form.dataset;
    const had = anew === undefined ? await keys.point(lot, person) : "";
    const point = had || (await keys.make(lot, person));
    form.elements.key.value = point;
    if (form.elements.binding) form.elements.binding.value = await keys.bind(point);
    form.requestSubmit(button ?? undefined);
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-key-lot]") || form.elements.key.value) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const trouble = form.querySelector("[data-key-trouble]");
    if (!keys.usable) {
      trouble.hidden = false;
      return;
    }
    beforeSending(form, event.submitter).catch(() => (trouble.hidden = false));
  }, true);

  window.Mingtang = Object.assign(window.Mingtang ?? {}, { keys });
})();
