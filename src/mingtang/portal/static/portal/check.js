/* Checks a PDF in the reader's own browser (在浏览器里核对原件). Its SHA-256 is worked out here and
   only that is asked about. The file itself is sent by nobody but the reader, with a button that
   appears where nothing is on record. Without scripts, that button is always there. */
(() => {
  "use strict";
  const formOf = () => document.querySelector("form[data-check]");
  const show = (form, text, offer) => {
    form.querySelector(".asking").textContent = text;
    form.querySelector(".send").hidden = !offer;
  };

  const digestOf = async (file) => {
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
    return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
  };
  const isOnRecord = async (address) => {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return page.querySelector("[data-found]").dataset.found === "yes";
  };

  let asked = 0; // a file chosen while another is looked at takes its place
  const look = async (form, file) => {
    const turn = ++asked;
    const say = (word, offer = false) => turn === asked && show(form, form.dataset[word], offer);
    if (!globalThis.crypto?.subtle) return say("insecure", true);
    say("hashing");
    try {
      const address = form.dataset.digest.replace("/x/", `/${await digestOf(file)}/`);
      say("asking");
      const found = await isOnRecord(address);
      if (turn !== asked) return;
      if (found) location.assign(address);
      else say("unknown", true);
    } catch {
      say("unheard", true);
    }
  };

  const ready = () => {
    const form = formOf();
    if (!form || form.classList.contains("scripted")) return;
    form.classList.add("scripted");
    show(form, "", false);
  };
  document.addEventListener("change", (event) => {
    if (event.target.id === "check-file" && event.target.files.length)
      look(event.target.form, event.target.files[0]);
  });
  // Anywhere on the page: a file let go beside the area would open in place of the page.
  const carriesFile = (event) => formOf() && event.dataTransfer?.types.includes("Files");
  document.addEventListener("dragover", (event) => {
    if (!carriesFile(event)) return;
    event.preventDefault();
    formOf().classList.add("over");
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) formOf()?.classList.remove("over");
  });
  document.addEventListener("drop", (event) => {
    if (!carriesFile(event)) return;
    event.preventDefault();
    formOf().classList.remove("over");
    const input = formOf().elements.file;
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
  ready();
  new MutationObserver(ready).observe(document.querySelector("main").parentElement, { childList: true });
})();
