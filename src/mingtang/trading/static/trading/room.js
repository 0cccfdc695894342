/* The auction room as everybody sees it (竞价大厅): price, countdown, bids, what happens. It goes on
   from what the page said when it was made, with the lines of the bidding room. It decides
   nothing: what counts is what the server records. */
(() => {
  "use strict";
  const { clock, money, feed } = window.Mingtang;
  const config = JSON.parse(document.getElementById("room").textContent);
  const { terms, me, words } = config;
  const MOST_BIDS = 15;
  const MOST_LINES = 12;
  const LAST_MINUTE = 60_000;
  const QUIET = 2_500; // milliseconds between two things read aloud
  const OPEN = new Set(["free", "timed", "open", "falling"]);

  const at = (id) => document.getElementById(id);
  const element = (tag, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  };
  const say = (name, facts = {}) =>
    Object.entries(facts).reduce((text, [key, value]) => text.replaceAll(`{${key}}`, value), words[name] ?? name);
  const figures = (fen) => money.figures(fen, terms.fen_per_unit);
  const priced = (fen) => `${figures(fen)} ${terms.unit_of_price}`;
  const moment = (text) => Date.parse(text);

  const room = {
    config, terms, me, words, say, priced, figures, element,
    standing: config.standing,
    over: config.over,
    soldFen: config.sold_fen,
    ranks: config.ranks,
    up: false,
    isOpen: () => OPEN.has(room.standing.part),
    changed: [], // called after whatever changed: bidding.js and hosting.js listen
    lines: [], // called with every line as it comes
  };

  /* --- said aloud, politely: what came meanwhile is said together, the last thing first ---------- */
  let spoken = 0;
  let waiting;
  const announce = (text) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      at("news").textContent = text;
      spoken = Date.now();
    }, Math.max(0, spoken + QUIET - Date.now()));
  };
  room.announce = announce;

  /* --- lamps ------------------------------------------------------------------------------------ */
  const SHAPES = {
    good: ["circle", { cx: 6, cy: 6, r: 5 }],
    warn: ["path", { d: "M6 .8 11.6 11H.4z" }],
    bad: ["path", { d: "M1 1h10v10H1z" }],
    paused: ["path", { d: "M2 1h3v10H2zM7 1h3v10H7z" }],
    idle: ["circle", { class: "ring", cx: 6, cy: 6, r: 4.4 }],
  };
  const SVG = "http://www.w3.org/2000/svg";
  const lamp = (state, word) => {
    const drawn = document.createElementNS(SVG, "svg");
    const [tag, values] = SHAPES[state];
    const shape = document.createElementNS(SVG, tag);
    drawn.setAttribute("viewBox", "0 0 12 12");
    drawn.setAttribute("aria-hidden", "true");
    for (const [name, value] of Object.entries(values)) shape.setAttribute(name, value);
    drawn.append(shape);
    return element("span", { className: `lamp ${state}` }, drawn, word);
  };
  room.lamp = lamp;
  const PART_LAMPS = { before: "idle", blackout: "paused", asking: "warn", ceiling: "warn", paused: "paused", over: "idle" };

  /* --- what is shown ---------------------------------------------------------------------------- */
  const shownFen = () => room.soldFen || (room.standing.price_fen ?? room.standing.best_fen ?? terms.start_fen);
  const isSealed = () => terms.bidding === "sealed" || terms.bidding === "multi-unit";
  const priceName = () => {
    if (room.soldFen) return words.sold;
    if (room.standing.price_fen !== null) return words.falling;
    if (room.standing.best_fen !== null) return terms.reverse ? words.lowest : words.highest;
    return terms.reverse ? words.most : words.start;
  };

  const showPrice = () => {
    const fen = shownFen();
    const shown = at("price");
    const text = figures(fen);
    if (shown.textContent !== text) {
      shown.textContent = text;
      shown.classList.remove("arrives");
      void shown.offsetWidth; // so that the movement begins anew
      shown.classList.add("arrives");
    }
    at("capitals").textContent = money.capitals(fen);
    at("price-name").textContent = priceName();
    const beside = terms.unit_prices.map(({ label, by }) =>
      `${label} ${money.figures(Math.round(fen / by))} ${words["per-square-metre"]}`);
    if ((room.soldFen || !isSealed()) && fen !== terms.start_fen)
      beside.push(`${words.premium} ${money.premium(fen, terms.start_fen)}`);
    at("beside").replaceChildren(...beside.map((text) => element("span", { textContent: text })));
  };

  const showPart = () => {
    const { part, extensions } = room.standing;
    if (!room.over) at("state").replaceChildren(lamp(PART_LAMPS[part] ?? "good", words[`part-${part}`]));
    at("until-name").textContent = words[`until-${part}`];
    const extended = at("extended");
    extended.hidden = !extensions;
    extended.textContent = say("extended-times", { n: extensions });
  };

  const row = ({ paddle, price_fen: price, received, part }) => {
    const own = me?.paddle === paddle;
    const time = element("time", { className: "mono", textContent: `${clock.moment(moment(received))}.${received.match(/\.(\d{3})/)?.[1] ?? "000"}` });
    return element("tr", { className: `arrives${own ? " own" : ""}` },
      element("th", { scope: "row", textContent: own ? say("me", { paddle }) : paddle }),
      element("td", { className: "figure", textContent: figures(price) }),
      element("td", {}, time, " ", element("small", { className: "muted", textContent: words[`part-name-${part}`] ?? "" })));
  };

  const tell = (text, when, index) => {
    const time = element("time", { dateTime: when, textContent: clock.moment(moment(when)) });
    const number = index === undefined ? [] : [element("span", { className: "receipt" },
      element("a", { href: `${config.entry}${index}/`, textContent: `№ ${index.toLocaleString("en")}` }))];
    at("log").prepend(element("li", { className: "arrives" }, time, element("div", { textContent: text }), ...number));
    while (at("log").children.length > MOST_LINES) at("log").lastChild.remove();
  };

  const showEnd = (verdict, detail) => {
    room.over = true;
    const banner = at("result");
    banner.hidden = false;
    banner.classList.add(verdict);
    banner.querySelector(".verdict").textContent = verdict === "stopped" ? words["stopped"] : words[`verdict-${verdict}`];
    banner.querySelector(".detail").textContent = detail;
    at("state").replaceChildren(lamp(verdict === "sold" ? "good" : "warn", banner.querySelector(".verdict").textContent));
  };

  /* --- lines ------------------------------------------------------------------------------------ */
  let lastIndex;
  const TOLD = {
    "lot.bid-placed.v1"(entry) {
      const record = at("record");
      record?.prepend(row(entry));
      while (record && record.children.length > MOST_BIDS) record.lastChild.remove();
      if (at("no-bids")) at("no-bids").hidden = true;
      if (entry.paddle !== me?.paddle) announce(say("new-bid", { paddle: entry.paddle, price: priced(entry.price_fen) }));
    },
    "lot.paddle-appeared.v1"(entry) {
      if (entry.rank) room.ranks[entry.paddle] = entry.rank;
    },
    "lot.entry-declared.v1": (entry) => say("log-declared", entry),
    "lot.ceiling-reached.v1": (entry) => say("log-ceiling", entry),
    "lot.suspended.v1": (entry) => say("log-suspended", entry),
    "lot.resumed.v1": (entry) => say("log-resumed", { time: clock.moment(moment(entry.resumes)) }),
    "lot.stopped.v1"(entry) {
      showEnd("stopped", entry.reason);
      return say("log-stopped", entry);
    },
    "lot.paddle-barred.v1": (entry) => say("log-barred", entry),
    "lot.deadlines-shifted.v1": () => words["log-shifted"],
    "lot.changed.v1": (entry) => say("log-changed", entry),
    "lot.reserve-entered.v1": (entry) => words[entry.agreed ? "log-reserve-agreed" : "log-reserve"],
    "lot.stop-proposed.v1": (entry) => say("log-proposed", { what: words[`stopping-${entry.stopping}`], reason: entry.reason }),
    "lot.stop-declined.v1": () => words["log-declined"],
    "lot.closed.v1"(entry) {
      if (entry.awards.length === 1) room.soldFen = entry.awards[0].price_fen;
      const won = entry.awards.map(({ paddle, price_fen: price, quantity }) =>
        say(terms.quantity > 1 ? "award-units" : "award", { paddle, price: priced(price), quantity, unit: terms.unit }));
      showEnd(entry.verdict, won.join(words["and"]) || words[`unsold-${entry.verdict}`]);
      return say("log-closed", { verdict: words[`verdict-${entry.verdict}`] });
    },
  };

  const heardLine = (entry, index) => {
    lastIndex = index;
    const text = TOLD[entry.kind]?.(entry);
    if (text) {
      tell(text, entry.at, index);
      announce(text);
    }
    room.lines.forEach((listener) => listener(entry, index));
    show();
  };

  const heardStanding = (said) => {
    const before = room.standing;
    room.standing = said;
    if (said.extensions > before.extensions) {
      const text = say("log-extended", { n: said.extensions, time: clock.moment(moment(said.ends)) });
      tell(text, said.best_received ?? new Date(clock.now()).toISOString(), lastIndex);
      announce(text);
    } else if (said.part !== before.part && said.part !== "over") {
      announce(words[`part-${said.part}`]);
    }
    show();
  };

  const show = () => {
    showPrice();
    showPart();
    tick();
    room.changed.forEach((listener) => listener());
  };

  /* --- time ------------------------------------------------------------------------------------- */
  const THRESHOLDS = [60, 30, 10]; // seconds left that are read aloud
  let spokenFor = "";
  const tick = () => {
    const now = clock.now();
    const { until, part } = room.standing;
    const left = until && !room.over ? moment(until) - now : null;
    room.left = left;
    at("left").textContent = left !== null ? clock.left(left) : part === "paused" ? words["not-said"] : "—";
    document.querySelector("[data-server-clock]").textContent = clock.time(now);
    const hurry = at("hurry");
    const ending = left !== null && left > 0 && left <= LAST_MINUTE && room.isOpen() && part !== "falling";
    hurry.hidden = !ending;
    at("left").classList.toggle("soon", ending);
    if (ending) {
      hurry.querySelector("progress").value = (LAST_MINUTE - left) / 1000;
      const seconds = Math.ceil(left / 1000);
      const reached = THRESHOLDS.filter((threshold) => seconds <= threshold).at(-1);
      if (reached && spokenFor !== `${until} ${reached}`) {
        spokenFor = `${until} ${reached}`;
        announce(say("seconds-left", { n: seconds }));
      }
    }
  };

  const showOffset = () => {
    const tenths = Math.round(Math.abs(clock.offset) / 100) / 10;
    const name = !clock.measured ? "offset-unknown" : tenths < 0.1 ? "offset-none" : clock.offset > 0 ? "offset-behind" : "offset-ahead";
    at("offset").textContent = `${words.comma}${say(name, { seconds: tenths.toFixed(1) })}`;
  };

  /* --- the connection ---------------------------------------------------------------------------- */
  const connection = at("connection");
  const connected = (up) => {
    if (room.up === up && !connection.hidden === !up) return;
    room.up = up;
    connection.hidden = up;
    if (!up) connection.textContent = words.reconnecting;
    room.changed.forEach((listener) => listener());
  };

  window.Mingtang.room = room;
  // Once every script of the page has run: bidding.js and hosting.js listen from the first line on.
  document.addEventListener("DOMContentLoaded", () => {
    clock.keep();
    showOffset();
    setInterval(showOffset, 1_000);
    setInterval(tick, 200);
    show();
    if (config.over) return;
    feed(`${config.room}/lines`, config.standing.version, {
      line: heardLine,
      standing: heardStanding,
      up: () => connected(true),
      down: () => connected(false),
    });
  });
})();
