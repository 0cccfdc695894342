/* Checks a receipt in the reader's own browser (在浏览器里核验). The file is read here and sent
   nowhere. The formats: C2SP tlog-proof, signed-note, tlog-cosignature; RFC 6962 trees; RFC 9901
   digests. Every check becomes a line of its own; one that cannot be made says so. The words
   stand, translated, in <template id="verify-words">. */
(() => {
  "use strict";
  const form = document.querySelector("form[data-verify]");
  if (!form) return;
  const shelf = document.getElementById("verify-words").content;
  const word = (key, parts = {}) =>
    Object.entries(parts).reduce((text, [name, value]) => text.replaceAll(`{${name}}`, value),
      shelf.querySelector(`[data-word="${key}"]`).textContent);
  const lamp = (state) => shelf.querySelector(`.lamp.${state}`).cloneNode(true);

  /* --- bytes -------------------------------------------------------------------------------- */
  class Refused extends Error {} // its message is already in the reader's words
  const refuse = (key, parts) => { throw new Refused(word(key, parts)); };
  const utf8 = new TextEncoder();
  const join = (...parts) => {
    const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    parts.reduce((at, part) => (whole.set(part, at), at + part.length), 0);
    return whole;
  };
  const sha256 = async (...parts) => new Uint8Array(await crypto.subtle.digest("SHA-256", join(...parts)));
  const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const base64 = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  const base64url = (bytes) => base64(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const same = (a, b) => a.length === b.length && a.every((byte, place) => byte === b[place]);
  const unbase64 = (text, place) => {
    let bytes;
    try {
      bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    } catch {
      refuse("base64", { place });
    }
    return base64(bytes) === text ? bytes : refuse("base64", { place }); // its one spelling only
  };
  const decimal = (text, place) => /^(0|[1-9][0-9]{0,14})$/.test(text) ? Number(text) : refuse("number", { place });

  /* --- what the texts say ------------------------------------------------------------------- */
  const canonical = (value) => JSON.stringify(value, (_, part) =>
    part && typeof part === "object" && !Array.isArray(part)
      ? Object.fromEntries(Object.keys(part).sort().map((name) => [name, part[name]])) : part);

  const parseJson = (text, place) => {
    try {
      return JSON.parse(text);
    } catch {
      return refuse("json", { place });
    }
  };

  const parseProof = (text) => {
    const end = text.indexOf("\n\n");
    const lines = text.slice(0, Math.max(end, 0)).split("\n");
    if (lines.shift() !== "c2sp.org/tlog-proof@v1") refuse("not-proof");
    const extra = lines[0]?.startsWith("extra ") ? unbase64(lines.shift().slice(6), "extra") : null;
    if (!lines[0]?.startsWith("index ")) refuse("not-proof");
    const index = decimal(lines.shift().slice(6), "index");
    const path = lines.map((line, n) => {
      const hash = unbase64(line, word("path-line", { n: n + 1 }));
      return hash.length === 32 ? hash : refuse("base64", { place: word("path-line", { n: n + 1 }) });
    });
    return { extra, index, path, note: text.slice(end + 2) };
  };

  const parseNote = (note) => {
    const end = note.lastIndexOf("\n\n");
    const text = note.slice(0, end + 1);
    const [origin, size, root, rest, ...more] = text.split("\n");
    if (end < 0 || !note.endsWith("\n") || /[\x00-\x09\x0b-\x1f]/.test(note)) refuse("not-note");
    if (!origin || rest !== "" || more.length) refuse("not-note");
    const signatures = note.slice(end + 2, -1).split("\n").map((line) => {
      const parts = /^— ([^ +]+) ([^ ]+)$/.exec(line) ?? refuse("not-note");
      const data = unbase64(parts[2], word("line-of", { name: parts[1] }));
      return { name: parts[1], id: hex(data.slice(0, 4)), data: data.slice(4) };
    });
    return { text, origin, size: decimal(size, "size"), root: unbase64(root, "root"), signatures };
  };

  const parseKey = async (vkey) => {
    const [name, id, ...material] = vkey.trim().split("+");
    if (!name || !id || !material.length) refuse("not-key", { key: vkey });
    const bytes = unbase64(material.join("+"), name);
    const due = hex((await sha256(utf8.encode(`${name}\n`), bytes)).slice(0, 4));
    if (due !== id || bytes.length !== 33) refuse("not-key", { key: vkey });
    return { name, id, type: bytes[0], material: bytes.slice(1) };
  };

  const parseFile = async (bytes) => {
    let text;
    try {
      text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      refuse("not-utf8");
    }
    if (text.startsWith("c2sp.org/tlog-proof@")) {
      const proof = parseProof(text);
      return proof.extra ? { leaf: proof.extra, proof, disclosures: [] } : refuse("no-entry");
    }
    const document = parseJson(text, word("file"));
    if (document?.format !== "mingtang.receipt.v1") refuse("not-receipt");
    const spelled = canonical(document);
    if (text !== spelled && text !== `${spelled}\n`) refuse("spelling");
    const { sha256: said, ...rest } = document; // newer receipts carry a digest of themselves
    if (said !== undefined && said !== hex(await sha256(utf8.encode(`${canonical(rest)}\n`)))) refuse("damaged");
    if (Object.keys(rest).join() !== "disclosures,format,leaf,proof") refuse("not-receipt");
    if (typeof rest.leaf !== "string" || typeof rest.proof !== "string" || !Array.isArray(rest.disclosures)) refuse("not-receipt");
    return { leaf: unbase64(rest.leaf, "leaf"), proof: parseProof(rest.proof), disclosures: rest.disclosures };
  };

  /* --- the checks --------------------------------------------------------------------------- */
  const rootFrom = async (leaf, { index, path }, size) => {
    let [at, last, hash] = [index, size - 1, leaf];
    if (index >= size) return null;
    const half = () => { [at, last] = [Math.floor(at / 2), Math.floor(last / 2)]; };
    const one = Uint8Array.of(1);
    for (const sibling of path) {
      if (last === 0) return null;
      if (at % 2 === 1 || at === last) {
        hash = await sha256(one, sibling, hash);
        while (at % 2 === 0 && at !== 0) half();
      } else {
        hash = await sha256(one, hash, sibling);
      }
      half();
    }
    return last === 0 ? hash : null;
  };

  /* true, false, or null where this browser cannot check Ed25519 */
  const verifies = async (key, message, signature) => {
    let imported;
    try {
      imported = await crypto.subtle.importKey("raw", key.material, { name: "Ed25519" }, false, ["verify"]);
    } catch (problem) {
      return problem.name === "NotSupportedError" ? null : false;
    }
    return signature.length === 64 && crypto.subtle.verify("Ed25519", imported, signature, message);
  };
  const stateOf = { true: "good", false: "bad", null: "warn" };

  const checkLog = async (note, key, report) => {
    const lines = note.signatures.filter((line) => line.name === key.name && line.id === key.id);
    if (key.type !== 1 || note.origin !== key.name || !lines.length)
      return report("bad", "signature", word("no-signature", { name: key.name }));
    for (const line of lines) {
      const verdict = await verifies(key, utf8.encode(note.text), line.data);
      report(stateOf[verdict], "signature", word(`signature-${stateOf[verdict]}`, { name: key.name }));
    }
  };

  const checkWitnesses = async (note, log, witnesses, report) => {
    for (const line of note.signatures) {
      if (line.name === log.name && line.id === log.id) continue;
      const key = witnesses.find((one) => one.name === line.name && one.id === line.id);
      const name = line.name;
      if (!key || key.type !== 4) {
        report("warn", "witness", word("witness-unknown", { name }));
        continue;
      }
      if (line.data.length !== 72) {
        report("bad", "witness", word("witness-bad", { name }));
        continue;
      }
      const seconds = new DataView(line.data.buffer, line.data.byteOffset).getBigUint64(0);
      const message = utf8.encode(`cosignature/v1\ntime ${seconds}\n${note.text}`);
      const verdict = await verifies(key, message, line.data.slice(8));
      const at = new Date(Number(seconds) * 1000).toLocaleString("sv-SE", { timeZone: "Asia/Shanghai" });
      report(stateOf[verdict], "witness", word(`witness-${stateOf[verdict]}`, { name, at }));
    }
    if (!witnesses.some((key) => note.signatures.some((line) => line.name === key.name && line.id === key.id)))
      report("warn", "witness", word("no-witness"));
  };

  const checkDisclosures = async (disclosures, listed, report) => {
    const left = [...listed];
    for (const { name, salt, value, ...more } of disclosures) {
      const wellFormed = [name, salt, value].every((part) => typeof part === "string") && !Object.keys(more).length;
      const opened = base64url(utf8.encode(JSON.stringify([salt, name, value])));
      const place = wellFormed ? left.indexOf(base64url(await sha256(utf8.encode(opened)))) : -1;
      if (place < 0) {
        report("bad", "disclosure", word("disclosure-bad", { name }));
        continue;
      }
      left.splice(place, 1);
      report("good", "disclosure", word("disclosure-good", { name }), value);
    }
    if (left.length) report("idle", "disclosure", word("withheld", { n: left.length }));
  };

  const check = async (file, report) => {
    if (!globalThis.crypto?.subtle) refuse("insecure");
    const log = await parseKey(form.elements.vkey.value);
    const lines = form.elements.witnesses.value.split("\n").filter((line) => line.trim());
    const witnesses = await Promise.all(lines.map(parseKey));
    const { leaf, proof, disclosures } = await parseFile(new Uint8Array(await file.arrayBuffer()));
    const note = parseNote(proof.note);
    report("good", "form", word("form-good", { name: file.name }));

    const hash = await sha256(Uint8Array.of(0), leaf);
    const text = new TextDecoder().decode(leaf);
    let entry = {};
    try {
      entry = JSON.parse(text);
    } catch { /* an entry of somebody else's log need not be JSON */ }
    if (canonical(entry) !== text) entry = {}; // read in one way only, or not at all
    report("good", "leaf", word("leaf-good", { kind: entry.kind ?? "—" }), hex(hash));
    if (proof.extra && !same(proof.extra, leaf)) report("warn", "leaf", word("extra"));

    const root = await rootFrom(hash, proof, note.size);
    if (root && same(root, note.root)) report("good", "inclusion", word("inclusion-good", { index: proof.index, size: note.size }), base64(root));
    else report("bad", "inclusion", word("inclusion-bad", { index: proof.index }), root ? `${base64(root)} ≠ ${base64(note.root)}` : "");
    await checkLog(note, log, report);
    await checkWitnesses(note, log, witnesses, report);
    await checkDisclosures(disclosures, Array.isArray(entry._sd) ? entry._sd : [], report);
  };

  /* --- the page ----------------------------------------------------------------------------- */
  const results = document.getElementById("verify-results");
  const verdict = document.getElementById("verify-verdict");
  const made = (tag, className, ...children) => {
    const element = Object.assign(document.createElement(tag), { className });
    element.append(...children);
    return element;
  };
  const run = async (file) => {
    results.replaceChildren();
    verdict.replaceChildren();
    form.removeAttribute("data-verdict");
    const states = [];
    const report = (state, name, meaning, detail) => {
      states.push(state);
      const text = made("div", "", made("b", "", word(name)), made("p", "", meaning));
      if (detail) text.append(made("code", "", detail));
      results.append(made("li", state, lamp(state), text));
    };
    try {
      await check(file, report);
    } catch (problem) {
      report("bad", "form", problem instanceof Refused ? problem.message : word("unexpected", { what: String(problem) }));
    }
    const worst = ["bad", "warn"].find((state) => states.includes(state)) ?? "good";
    verdict.append(lamp(worst), word(`verdict-${worst}`, { name: file.name, n: states.filter((state) => state === "bad").length }));
    form.dataset.verdict = worst;
  };

  let file;
  const choose = (files) => {
    [file] = files;
    if (file) run(file);
  };
  const input = form.elements.file;
  form.hidden = false;
  input.addEventListener("change", () => choose(input.files));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (file) run(file);
  });
  form.addEventListener("dragover", (event) => {
    event.preventDefault();
    form.classList.add("over");
  });
  form.addEventListener("dragleave", () => form.classList.remove("over"));
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    form.classList.remove("over");
    choose(event.dataTransfer.files);
  });
})();
