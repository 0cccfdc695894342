/* At the window without a network (断网续填): typing is kept, encrypted, until it has been sent; what
   is submitted waits its turn and is sent with the once key it had, so that nothing is done twice.
   The key comes with the page and only to the same person. mingtang.js clears all of it on signing
   out, because every name begins with its own. */
(() => {
  "use strict";
  const words = document.currentScript.dataset;
  const ALL = "mingtang-draft:keep:", MINE = `${ALL}${words.whose}:`;
  const LONGEST = Number(words.hours) * 3600000, AGAIN = 10000, PATIENCE = 30000;
  const UNKEPT = new Set(["file", "password", "hidden", "submit", "button"]);

  const element = (tag, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  };
  const bar = element("div", { className: "keep-state", hidden: true });
  bar.setAttribute("role", "status");
  document.body.prepend(bar);
  const say = (text, ...more) => {
    bar.replaceChildren(...(text ? [element("span", { textContent: text }), ...more] : []));
    bar.hidden = !text;
  };
  const button = (text, press) => element("button", { type: "button", className: "btn quiet", textContent: text, onclick: press });
  const link = (path) => element("a", { href: path.split("#")[0], textContent: path.split("#")[0] });

  /* --- what lies in this browser ------------------------------------------------------------- */
  const bytes = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)));
  // Without a secure context there is no cipher, and then nothing is written down.
  const key = globalThis.crypto?.subtle?.importKey("raw", bytes(words.key), "AES-GCM", false, ["encrypt", "decrypt"]);
  const memory = new Map();
  const put = async (name, value) => {
    memory.set(name, value);
    if (!key) return;
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const plain = new TextEncoder().encode(JSON.stringify(value));
    const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await key, plain);
    if (memory.get(name) === value) // not dropped meanwhile
      localStorage.setItem(MINE + name, JSON.stringify({ at: value.at, queued: Boolean(value.pairs && value.url), iv: text(iv), sealed: text(sealed) }));
  };
  const get = async (name) => {
    const kept = localStorage.getItem(MINE + name);
    if (!kept || !key) return memory.get(name);
    try {
      const { iv, sealed } = JSON.parse(kept);
      const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: bytes(iv) }, await key, bytes(sealed));
      return JSON.parse(new TextDecoder().decode(plain));
    } catch {
      drop(name);
    }
  };
  const drop = (name) => {
    memory.delete(name);
    localStorage.removeItem(MINE + name);
  };
  for (const name of Object.keys(localStorage)) { // whoever's: what is old goes unread
    if (!name.startsWith(ALL)) continue;
    const { at } = JSON.parse(localStorage.getItem(name));
    if (!(Date.now() - at < LONGEST)) localStorage.removeItem(name);
  }

  /* --- typing ---------------------------------------------------------------------------------- */
  const nameOf = (form) => `${location.pathname}#${form.id || [...document.querySelectorAll("main form")].indexOf(form)}`;
  const fields = (form) => [...form.elements].filter((field) => field.name && !UNKEPT.has(field.type));
  const typed = (form) => fields(form).flatMap((field) =>
    ["checkbox", "radio"].includes(field.type) ? (field.checked ? [[field.name, field.value]] : [])
      : field.multiple ? [...field.selectedOptions].map((option) => [field.name, option.value])
        : [[field.name, field.value]]);
  const restore = (form, pairs) => {
    for (const field of fields(form)) {
      const values = pairs.filter(([name]) => name === field.name).map(([, value]) => value);
      if (["checkbox", "radio"].includes(field.type)) field.checked = values.includes(field.value);
      else if (field.multiple) for (const option of field.options) option.selected = values.includes(option.value);
      else if (values.length) field.value = values[0];
      const closed = field.closest("details:not([open])");
      if (closed && field.value && field.tagName === "TEXTAREA") closed.open = true;
    }
    form.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const queued = (value) => Boolean(value?.url);
  const keep = (form) => {
    const name = nameOf(form);
    let timer;
    form.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(async () => {
        const old = await get(name);
        // What is on its way, or waits for it, is not overwritten by what was typed before.
        if (!form.dataset.busy && !gone && !queued(old)) put(name, { at: Date.now(), typed: typed(form) });
      }, 300);
    });
    form.addEventListener("draftsaved", () => {
      clearTimeout(timer);
      get(name).then((kept) => queued(kept) || drop(name));
    });
  };

  /* --- sending --------------------------------------------------------------------------------- */
  let waiting; // name of what this page sends again
  let gone = false; // an answer came: nothing of this page is kept any more
  const under_way = new Set();
  const token = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1];
  const send = async (name) => {
    const value = await get(name);
    if (!queued(value) || under_way.has(name)) return;
    under_way.add(name);
    say(words.sending);
    const body = new URLSearchParams(value.pairs);
    if (token()) body.set("csrfmiddlewaretoken", token());
    let answer;
    try {
      answer = await fetch(value.url, { method: "POST", body, signal: AbortSignal.timeout(PATIENCE) });
    } catch {
      return later(name, value, navigator.onLine ? words.trouble : words.queued);
    } finally {
      under_way.delete(name);
    }
    if (answer.status >= 500) return later(name, value, words.trouble);
    if (answer.status === 403 || new URL(answer.url).pathname.startsWith("/account/")) {
      await later(name, value, words.expired);
      return bar.append(" ", element("a", { href: `/account/login/?next=${encodeURIComponent(location.pathname)}`, textContent: "→" }));
    }
    waiting = undefined;
    gone = true;
    drop(name);
    say("");
    if (answer.redirected) return location.assign(answer.url);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main");
    if (!page) return location.reload();
    gone = false; // the same page again, with what is to be put right
    document.querySelector("main").replaceWith(page);
    document.dispatchEvent(new CustomEvent("htmx:load", { detail: { elt: page } }));
    begin(page);
    scrollTo(0, 0);
  };
  const later = async (name, value, why) => {
    await put(name, value);
    waiting = name;
    say(why, button(words.again, () => send(name)), button(words.clear, () => {
      waiting = undefined;
      drop(name);
      look();
    }));
  };
  // Whether the house can be reached now: what the browser believes is not enough.
  const reached = async () => {
    if (!navigator.onLine) return false;
    try {
      return (await fetch(words.probe, { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(5000) })).ok;
    } catch {
      return false;
    }
  };
  // After the question before a grave step, before the house's script marks the form as sent. With
  // a connection the form goes its usual way, and its typing is dropped once an answer has come.
  const SENT = "mingtang-sent"; // not named like a draft: mingtang.js clears those on arriving
  document.addEventListener("submit", async (event) => {
    const form = event.target, pressed = event.submitter;
    if (event.defaultPrevented || !form.closest("main") || form.method !== "post") return;
    if (form.matches("[data-upload],[hx-post]") || form.querySelector("input[type=file]")) return;
    event.preventDefault();
    if (waiting || form.dataset.busy) return;
    form.dataset.busy = "yes";
    pressed?.setAttribute("aria-busy", "true");
    const name = nameOf(form), at = Date.now();
    const pairs = [...new FormData(form, pressed)].filter(([, value]) => typeof value === "string");
    const url = pressed?.hasAttribute("formaction") ? pressed.formAction : form.action;
    if (await reached()) {
      sessionStorage.setItem(SENT, name);
      if (fields(form).length) await put(name, { at, typed: typed(form) });
      if (pressed?.name) form.append(element("input", { type: "hidden", name: pressed.name, value: pressed.value }));
      form.action = url;
      gone = true;
      return form.submit();
    }
    await put(name, { at, typed: typed(form), pairs, url });
    await later(name, await get(name), words.queued);
    delete form.dataset.busy;
    pressed?.removeAttribute("aria-busy");
  }, true);
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    gone = false;
    document.querySelectorAll("main form[data-busy]").forEach((form) => delete form.dataset.busy);
    document.querySelectorAll("main [aria-busy]").forEach((one) => one.removeAttribute("aria-busy"));
  });
  // An answer came: this page is one, or the house has sent us on from one.
  const [arrival] = performance.getEntriesByType("navigation");
  if (words.answer || arrival?.redirectCount) {
    const name = sessionStorage.getItem(SENT);
    if (name) drop(name);
  }
  sessionStorage.removeItem(SENT);

  const try_again = () => waiting && navigator.onLine && send(waiting);
  addEventListener("online", () => (waiting ? try_again() : look()));
  addEventListener("offline", () => look());
  setInterval(try_again, AGAIN);

  const look = () => {
    if (waiting) return;
    if (!navigator.onLine) return say(words.offline);
    const left = Object.keys(localStorage).filter((name) => name.startsWith(MINE) && JSON.parse(localStorage.getItem(name)).queued)
      .map((name) => name.slice(MINE.length)).filter((name) => !name.startsWith(`${location.pathname}#`));
    if (left.length) say(words.waiting, ...left.map(link));
    else say("");
  };
  addEventListener("click", (event) => {
    const away = event.target.closest?.("a[href]");
    if (navigator.onLine || !away || away.getAttribute("href").startsWith("#")) return;
    event.preventDefault();
    say(words.stay);
  }, true);

  /* --- one press puts the reason ----------------------------------------------------------------- */
  document.addEventListener("click", (event) => {
    const material = event.target.closest("[data-phrase]")?.dataset.for?.match(/^why-(.+)$/)?.[1];
    if (material) document.querySelector(`[name="check-${CSS.escape(material)}"][value=no]`)?.click();
  });
  document.addEventListener("change", (event) => {
    const material = event.target.name?.match(/^check-(.+)$/)?.[1];
    const reasons = material && document.getElementById(`why-${material}`)?.closest("details");
    if (reasons) reasons.open = event.target.value === "no" || Boolean(document.getElementById(`why-${material}`).value);
  });

  const begin = async (part) => {
    for (const form of part.querySelectorAll("form[method=post]")) {
      if (!fields(form).length && !form.querySelector("[name=once_key]")) continue;
      if (form.matches("[data-upload]") || form.querySelector("input[type=file]")) continue;
      const name = nameOf(form), kept = await get(name);
      if (kept && part === document) {
        if (kept.typed && JSON.stringify(kept.typed) !== JSON.stringify(typed(form))) {
          restore(form, kept.typed);
          const time = new Date(kept.at).toTimeString().slice(0, 5);
          if (!queued(kept)) say(words.restored.replace("{time}", time), button(words.clear, () => {
            drop(name);
            location.reload();
          }));
        }
        if (queued(kept)) {
          waiting = name;
          send(name);
        }
      }
      keep(form);
    }
  };
  look();
  begin(document);
})();
