/* What a page gains with scripts (界面脚本). Without them every form and link still works.
   Nothing here decides anything: the server checks all of it again. Words come translated in the
   data attributes of the script element. */
(() => {
  "use strict";
  const words = document.currentScript.dataset;
  const say = (key, parts = {}) =>
    Object.entries(parts).reduce((text, [name, value]) => text.replaceAll(`{${name}}`, value), words[key]);

  const element = (tag, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  };

  /* A short notice, read aloud too. Only for what can also be seen on the page. */
  let live;
  const announce = (text) => {
    live ??= document.body.appendChild(element("p", { className: "live", role: "status" }));
    live.textContent = text;
    clearTimeout(announce.timer);
    announce.timer = setTimeout(() => (live.textContent = ""), 6000);
  };

  /* --- a question before a step that cannot be undone ------------------------------------- */
  const confirmed = new WeakSet();
  const ask = (question, go) => {
    const yes = element("button", { className: "btn", value: "yes", textContent: words.confirm });
    const no = element("button", { className: "btn quiet", value: "no", textContent: words.cancel, autofocus: true });
    const dialog = element("dialog", {}, element("p", { textContent: question }),
      element("form", { method: "dialog", className: "bar" }, no, yes));
    dialog.addEventListener("close", () => {
      dialog.remove();
      if (dialog.returnValue === "yes") go();
    });
    document.body.append(dialog);
    dialog.showModal();
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const button = event.submitter;
    const question = button?.dataset.confirm || form.dataset.confirm;
    if (!question || confirmed.delete(form)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    ask(question, () => {
      confirmed.add(form);
      form.requestSubmit(button ?? undefined);
    });
  }, true);

  /* --- one press, one submission ------------------------------------------------------------ */
  const sent = new Set();
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method === "dialog" || form.method === "get" || event.defaultPrevented) return;
    if (sent.has(form)) return event.preventDefault();
    if (form.matches("[hx-post],[hx-put],[hx-patch],[hx-delete]")) return; // htmx answers in place
    sent.add(form);
    // After this turn, so that the pressed button still counts as part of the form.
    setTimeout(() => event.submitter?.setAttribute("aria-busy", "true"));
  });
  const release = (form) => {
    sent.delete(form);
    form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
  };
  addEventListener("pageshow", (event) => {
    if (event.persisted) [...sent].forEach(release);
  });

  /* --- drafts ------------------------------------------------------------------------------- */
  // Typing is sent to data-draft-url a moment after it stops. It stays in this browser only while
  // the server does not have it: at a public computer nothing personal may be left behind.
  // What is just being sent waits in this tab, should the answer be an error page.
  const DRAFT = "mingtang-draft:";
  const skipped = new Set(["csrfmiddlewaretoken", "once_key"]);
  const typed = (form) => [...new FormData(form)].filter(([name, value]) =>
    typeof value === "string" && !skipped.has(name) && form.elements[name]?.type !== "password");

  const restore = (form, pairs) => {
    for (const field of form.elements) {
      if (!field.name || skipped.has(field.name) || ["hidden", "file", "password", "submit"].includes(field.type)) continue;
      const values = pairs.filter(([name]) => name === field.name).map(([, value]) => value);
      if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
      else if (field.multiple) for (const option of field.options) option.selected = values.includes(option.value);
      else if (values.length) field.value = values[0];
    }
  };

  const sending = Object.entries({ ...sessionStorage }).filter(([key]) => key.startsWith(DRAFT));
  const failed = document.querySelector("main .explain");
  if (!failed) sending.forEach(([key]) => sessionStorage.removeItem(key));

  const keepDraft = (form) => {
    const key = DRAFT + form.dataset.draftUrl;
    const state = form.querySelector(".draft-state") ??
      form.appendChild(element("output", { className: "draft-state", role: "status" }));
    let timer;
    let unsent = false;
    let leaving = false;

    const tell = (text, offline = false) => {
      state.textContent = text;
      state.classList.toggle("offline", offline);
    };
    // At a window what is typed is somebody else's: there it is kept encrypted (cases/counter.js).
    const keepHere = (store, content) => {
      if (!form.hasAttribute("data-sealed")) store.setItem(key, JSON.stringify(content));
    };
    const parcel = (content) => {
      const body = new FormData();
      body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken?.value ?? "");
      for (const [name, value] of content) body.append(name, value);
      return body;
    };
    const save = async () => {
      if (leaving) return;
      const content = typed(form);
      tell(words.saving);
      unsent = false;
      try {
        const answer = await fetch(form.dataset.draftUrl, { method: "POST", body: parcel(content), redirect: "manual" });
        if (answer.type === "opaqueredirect") throw 401; // sent to the sign-in page
        if (!answer.ok) throw answer.status;
        localStorage.removeItem(key);
        form.dispatchEvent(new Event("draftsaved"));
        const now = new Date();
        tell(`${words.saved} ${String(now.getHours()).padStart(2, "0")}:${String(now.getMinutes()).padStart(2, "0")}`);
      } catch (problem) {
        unsent = true;
        keepHere(localStorage, content);
        tell(problem === 401 || problem === 403 ? words.expired : words.offline, true);
      }
    };
    const soon = () => {
      unsent = true;
      leaving = false;
      clearTimeout(timer);
      timer = setTimeout(save, 1200);
    };
    const left = localStorage.getItem(key) ?? Object.fromEntries(sending)[key];
    if (left) {
      restore(form, JSON.parse(left));
      tell(words.restored);
      soon();
    }
    form.addEventListener("input", soon);
    addEventListener("online", () => localStorage.getItem(key) && soon());
    form.addEventListener("submit", (event) => {
      if (event.defaultPrevented) return;
      leaving = true;
      clearTimeout(timer);
      keepHere(sessionStorage, typed(form));
    });
    // Closing the page with something unsent: the browser delivers it after the page is gone.
    addEventListener("pagehide", () => {
      clearTimeout(timer);
      if (!unsent || leaving) return;
      const taken = navigator.sendBeacon(form.dataset.draftUrl, parcel(typed(form)));
      if (!taken) keepHere(localStorage, typed(form));
    });
  };

  /* --- uploads ------------------------------------------------------------------------------ */
  const size = (bytes) => bytes < 1048576 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / 1048576).toFixed(1)} MB`;
  const allows = (file, accept) => accept.split(",").map((part) => part.trim().toLowerCase()).some((part) =>
    part.startsWith(".") ? file.name.toLowerCase().endsWith(part)
      : part.endsWith("/*") ? file.type.startsWith(part.slice(0, -1)) : file.type === part);
  const stateOf = (input) => {
    const next = input.nextElementSibling;
    return next?.classList.contains("upload-state") ? next
      : input.insertAdjacentElement("afterend", element("output", { className: "upload-state", role: "status" }));
  };
  document.addEventListener("change", (event) => {
    const input = event.target;
    if (input.type !== "file") return;
    const limit = Number(input.dataset.maxBytes || Infinity);
    const state = stateOf(input);
    for (const file of input.files) {
      const refusal = file.size > limit ? say("tooLarge", { name: file.name, size: size(file.size), limit: size(limit) })
        : input.accept && !allows(file, input.accept) ? say("wrongType", { name: file.name, types: input.accept }) : "";
      state.classList.toggle("refused", Boolean(refusal));
      if (refusal) {
        state.textContent = refusal;
        input.value = "";
        return;
      }
    }
    state.textContent = [...input.files].map((file) => `${file.name} · ${size(file.size)}`).join("\n");
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-upload]") || event.defaultPrevented) return;
    if (![...form.querySelectorAll("input[type=file]")].some((input) => input.files.length)) return;
    event.preventDefault();
    const body = new FormData(form, event.submitter);
    const bar = element("progress", { max: 100, value: 0 });
    bar.setAttribute("aria-label", words.uploading);
    const box = element("div", { className: "progress" }, bar, element("span", { textContent: words.uploading }));
    form.append(box);
    const request = new XMLHttpRequest();
    // A button without formaction answers with the address of the page, not of the form.
    const target = event.submitter?.hasAttribute("formaction") ? event.submitter.formAction : form.action;
    const fail = () => {
      box.remove();
      release(form);
      announce(words.uploadFailed);
    };
    request.upload.onprogress = (progress) => {
      bar.value = (progress.loaded / progress.total) * 100;
      box.lastChild.textContent = `${words.uploading} ${Math.floor(bar.value)}%`;
    };
    request.onerror = fail;
    request.onload = () => {
      if (request.status < 400 && request.responseURL !== target) return location.assign(request.responseURL);
      // The same page again, with its errors: put its main part in place of ours.
      const answer = new DOMParser().parseFromString(request.responseText, "text/html").querySelector("main");
      if (!answer) return fail();
      document.querySelector("main").replaceWith(answer);
      ready(answer);
      answer.scrollIntoView();
    };
    request.open("POST", target);
    request.send(body);
  });

  /* --- small conveniences -------------------------------------------------------------------- */
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (button) {
      await navigator.clipboard.writeText(button.dataset.copy);
      announce(words.copied);
    }
    const phrase = event.target.closest("[data-phrase]");
    if (phrase) {
      const field = document.getElementById(phrase.dataset.for);
      field.value += phrase.dataset.phrase;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.focus();
    }
    for (const menu of document.querySelectorAll("details.menu[open]"))
      if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-sign-out]")) return;
    for (const store of [localStorage, sessionStorage])
      for (const key of Object.keys(store)) if (key.startsWith(DRAFT)) store.removeItem(key);
  });
  for (const failure of ["htmx:sendError", "htmx:responseError", "htmx:timeout"])
    document.addEventListener(failure, () => announce(words.noAnswer));
  document.addEventListener("htmx:load", (event) => ready(event.detail.elt));

  const ready = (part) => {
    part.querySelectorAll("form[data-draft-url]").forEach((form) => {
      if (form.dataset.kept) return;
      form.dataset.kept = "yes";
      keepDraft(form);
    });
    if (navigator.clipboard) part.querySelectorAll("[data-copy]").forEach((button) => (button.hidden = false));
    part.querySelector(".error-summary, [data-focus]")?.focus();
  };
  ready(document);
})();
