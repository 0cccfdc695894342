/* What a bidder can do in the room (报价): bid, take a falling price, offer sealed, declare. Each is
   signed with this browser's session key and sent until it is known what became of it. */
(() => {
  "use strict";
  const { clock, money, keys, send, room } = window.Mingtang;
  const { terms, me, words, say, priced, element, config } = room;
  const at = (id) => document.getElementById(id);
  const english = document.documentElement.lang === "en";
  const nonces = () => keys.random(32);
  let steps = 0; // chosen beyond the least that counts
  let busy = false;
  let asked = ""; // the asking window that was answered in the dialog
  let hasKey = false;
  let offers = [];

  /* --- what is possible now --------------------------------------------------------------------- */
  const isSealed = () => ["sealed", "one-shot"].includes(room.standing.part);
  const isAsking = () => room.standing.part === "ceiling"
    || (room.standing.part === "asking" && terms.entry.includes("asked"));
  const mayDeclare = () => isAsking() && !me.declared && !me.barred
    && (room.standing.part === "ceiling" || terms.entry !== "quoted-and-asked" || me.quoted);
  const mayEnter = () => {
    if (room.standing.part !== "timed") return true;
    return { quoted: me.quoted, asked: me.declared, "quoted-and-asked": me.quoted && me.declared }[terms.entry] ?? true;
  };
  const leads = () => room.standing.best_paddle === me.paddle;
  const direction = terms.reverse ? -1 : 1;

  const chosen = () => {
    const { next_fen: next, step_fen: step } = room.standing;
    const price = next + direction * steps * step;
    return terms.ceiling_fen ? Math.min(price, terms.ceiling_fen) : price;
  };
  const mostSteps = () => {
    const { next_fen: next, step_fen: step, best_fen: best } = room.standing;
    if (terms.bidding === "dutch" || !step) return 0;
    const first = Math.abs(next - (best ?? terms.start_fen)) / step;
    const once = terms.most_at_once ? terms.most_at_once - first : Infinity;
    const ceiling = terms.ceiling_fen ? Math.ceil((terms.ceiling_fen - next) / step) : Infinity;
    const floor = terms.reverse ? Math.ceil(next / step) - 1 : Infinity;
    return Math.max(0, Math.min(once, ceiling, floor));
  };
  const mayMatch = () => {
    const { best_fen: best, best_paddle: paddle } = room.standing;
    if (!terms.priority || !me.rank || best === null || leads() || !mayEnter()) return false;
    const rank = room.ranks[paddle] ?? 0;
    return !rank || (terms.ranked && me.rank < rank);
  };

  /* --- shown ------------------------------------------------------------------------------------ */
  const why = () => {
    if (me.barred) return words.barred;
    const { best_fen: best, next_fen: next } = room.standing;
    if (room.isOpen() && next === null && best === terms.ceiling_fen) return words["ceiling-reached"];
    const leftOut = room.standing.part === "asking" && terms.entry.includes("quoted") && !me.quoted;
    return leftOut || (room.isOpen() && !mayEnter()) ? words["not-yours"] : "";
  };
  const show = () => {
    at("bidding").hidden = room.over;
    at("key-missing").hidden = hasKey || !keys.usable;
    at("cannot").hidden = keys.usable && !why();
    at("cannot").textContent = keys.usable ? why() : words.insecure;
    const may = hasKey && !room.over && !me.barred;
    const open = may && room.isOpen() && room.standing.next_fen !== null && mayEnter();
    at("box").hidden = !open;
    if (open) showBox();
    const match = open && mayMatch();
    at("match").hidden = !match;
    if (match) at("match").textContent = say("match", { price: priced(room.standing.best_fen) });
    const declare = may && mayDeclare();
    at("declare").hidden = !declare;
    if (declare) at("declare").textContent = words[declareName()];
    at("other-ways").hidden = !(match || declare);
    showOffers(may);
    if (declare) ask();
    else if (at("asking").open) at("asking").close("no");
    showPlace();
    checkDialog();
  };
  const declareName = () => {
    if (room.standing.part !== "ceiling") return "declare-timed";
    return terms.after === "lot" ? "declare-lot" : "declare-one-shot";
  };

  const showBox = () => {
    const most = mostSteps();
    steps = Math.min(steps, most);
    const fen = chosen();
    const dutch = terms.bidding === "dutch";
    const count = steps + (room.standing.best_fen !== null && room.standing.next_fen !== room.standing.best_fen ? 1 : 0);
    at("chosen").textContent = priced(fen);
    at("steps").textContent = stepsInWords(count);
    const [least, farthest] = direction > 0 ? ["less", "more"] : ["more", "less"];
    at(least).disabled = dutch || steps <= 0 || busy;
    at(farthest).disabled = dutch || steps >= most || busy;
    for (const id of ["less", "more"]) at(id).hidden = dutch;
    const amount = at("amount");
    amount.setAttribute("aria-valuenow", fen / 100);
    amount.setAttribute("aria-valuetext", `${priced(fen)} ${at("steps").textContent}`);
    const button = at("bid");
    const leading = leads() && !dutch;
    button.textContent = leading ? words.leading : say(dutch ? "take" : "bid", { price: priced(fen) });
    button.classList.toggle("quiet", leading);
    button.disabled = busy || leading;
  };
  const stepsInWords = (count) => {
    if (terms.bidding === "dutch") return "";
    if (terms.ceiling_fen && chosen() === terms.ceiling_fen) return words["to-ceiling"];
    if (count) return say(terms.reverse ? "steps-down" : "steps", { n: count, step: priced(room.standing.step_fen) });
    if (room.standing.best_fen !== null) return words["same-as-best"];
    return words[terms.reverse ? "first-price-down" : "first-price"];
  };

  const PLACES = { leading: "good", overtaken: "warn", "not-yet": "idle", barred: "bad", won: "good", "not-won": "idle" };
  let place = "";
  const placeNow = () => {
    if (me.won !== undefined) return me.won ? "won" : "not-won";
    if (me.barred) return "barred";
    if (sealsOffers()) return offers.length || me.offers ? "offered" : "not-yet";
    return leads() ? "leading" : me.quoted ? "overtaken" : "not-yet";
  };
  const sealsOffers = () => terms.bidding === "sealed" || terms.bidding === "multi-unit";
  const showPlace = () => {
    if (config.over) return;
    const now = placeNow();
    at("place").replaceChildren(room.lamp(PLACES[now] ?? "good", words[now]));
    at("last").textContent = me.last_fen ? say("last-bid", { price: priced(me.last_fen) }) : "";
    if (place && now !== place && now === "overtaken")
      room.announce(`${words.overtaken}${words.comma}${words.highest} ${priced(room.standing.best_fen)}`);
    place = now;
  };

  /* --- confirming ------------------------------------------------------------------------------- */
  const dialog = at("confirm");
  let pending = null; // {price, quantity, go, still}: what the dialog asks about
  const confirmed = (price, quantity, label, still, go) => {
    pending = { price, still, go };
    at("confirm-price").textContent = quantity > 1 || terms.quantity > 1 ? `${money.figures(price)} ${words.yuan}/${terms.unit}` : priced(price);
    at("confirm-capitals").textContent = money.capitals(price);
    at("confirm-quantity").hidden = terms.quantity <= 1;
    at("confirm-quantity").textContent = `${quantity} ${terms.unit}`;
    at("confirm-yes").textContent = label;
    at("confirm-moved").hidden = true;
    at("confirm-yes").disabled = false;
    dialog.returnValue = "";
    dialog.showModal();
    at("confirm-yes").focus();
  };
  dialog.addEventListener("close", () => {
    const { go } = pending ?? {};
    pending = null;
    if (dialog.returnValue === "yes") go?.();
  });
  /* While it is open somebody else may bid: what is confirmed must still count. */
  const checkDialog = () => {
    if (!pending || !dialog.open || pending.still()) return;
    at("confirm-moved").hidden = false;
    at("confirm-moved").textContent = words["price-moved"];
    at("confirm-yes").disabled = true;
  };

  /* --- acts ------------------------------------------------------------------------------------- */
  const answer = (text, kind = "") => {
    at("answer").textContent = text;
    at("answer").className = `answer ${kind}`;
  };
  const act = async (path, message, body, done) => {
    busy = true;
    show();
    answer(words.sending, "waits");
    try {
      body.signature = await keys.sign(config.lot, me.person, message);
      const said = await send(`${config.room}/${path}`, me.token, body, () => answer(words["asking-again"], "waits"));
      if (said.receipt) done(said);
      else if (said.refused) {
        const over = said.refused.code.startsWith("room.token");
        answer(over ? words["session-over"] : said.refused[english ? "en" : "zh"], "refused");
      } else answer(words["no-answer"], "refused");
    } catch {
      answer(words["no-answer"], "refused");
    } finally {
      busy = false;
      show();
    }
  };
  const signed = (price, quantity, ref) =>
    ["mingtang-bid-v1", config.lot, me.paddle, price, quantity, ref].join("\n");
  const received = (said) => {
    const fraction = said.received.match(/\.(\d{3})/)?.[1] ?? "000";
    return { index: said.receipt.index.toLocaleString("en"), time: `${clock.time(Date.parse(said.received))}.${fraction}` };
  };

  const placeBid = (price) => {
    const ref = keys.random();
    return act("bids", signed(price, 1, ref), { price_fen: price, ref }, (said) => {
      me.quoted = true;
      me.last_fen = price;
      steps = 0;
      answer(say("recorded", received(said)), "done");
    });
  };
  const begin = () => {
    if (at("bid").disabled || busy) return;
    const price = chosen();
    const dutch = terms.bidding === "dutch";
    const still = () => {
      const { next_fen: next } = room.standing;
      if (next === null || !room.isOpen()) return false;
      return dutch || direction * (price - next) >= 0;
    };
    confirmed(price, 1, at("bid").textContent, still, () => placeBid(price));
  };
  at("bid").addEventListener("click", begin);
  at("match").addEventListener("click", () => {
    const price = room.standing.best_fen;
    confirmed(price, 1, at("match").textContent, () => mayMatch() && room.standing.best_fen === price, () => placeBid(price));
  });
  const change = (by) => {
    steps = Math.max(0, Math.min(mostSteps(), steps + by));
    show();
  };
  const raise = (by) => change(by * direction); // the price, which a reverse auction brings down
  at("less").addEventListener("click", () => raise(-1));
  at("more").addEventListener("click", () => raise(1));
  at("amount").addEventListener("keydown", (event) => {
    const by = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1, PageUp: 10, PageDown: -10 }[event.key];
    if (event.key === "Enter") begin();
    else if (event.key === "Home") change(-steps);
    else if (by) raise(by);
    else return;
    event.preventDefault();
  });

  /* --- joining what follows ----------------------------------------------------------------------- */
  const declare = () => {
    const [nonce, ref] = [nonces(), keys.random()];
    const message = ["mingtang-entry-v1", config.lot, me.paddle, nonce, ref].join("\n");
    return act("declarations", message, { nonce, ref }, () => {
      me.declared = true;
      answer(words.declared, "done");
    });
  };
  const asking = at("asking");
  const ask = () => {
    const until = String(room.standing.until);
    if (asked === until || asking.open || dialog.open || busy) return;
    asked = until;
    asking.returnValue = "";
    asking.showModal();
  };
  asking.addEventListener("close", () => asking.returnValue === "yes" && declare());
  at("declare").addEventListener("click", declare);
  setInterval(() => {
    if (asking.open) at("asking-left").textContent = at("left").textContent;
  }, 200);

  /* --- sealed offers ------------------------------------------------------------------------------ */
  const form = at("offer");
  const showOffers = (may) => {
    if (!form) return;
    const entered = room.standing.part !== "one-shot" || me.declared;
    const most = room.standing.part === "one-shot" ? 1 : terms.most_offers;
    const usedUp = most > 0 && Math.max(offers.length, me.offers) >= most;
    form.hidden = !(may && isSealed() && entered && !usedUp);
    if (may && isSealed() && usedUp) {
      at("cannot").hidden = false;
      at("cannot").textContent = words["offers-used"];
    }
    form.querySelector("button").disabled = busy;
    at("own-offers").hidden = !offers.length;
    at("own-offers").querySelector("ol").replaceChildren(...offers.map((one) => element("li", {},
      element("time", { textContent: one.time }),
      element("div", { textContent: `${money.figures(one.price)} ${words.yuan}${terms.quantity > 1 ? `/${terms.unit} × ${one.quantity} ${terms.unit}` : ""}` }),
      element("span", { className: "receipt" }, element("a", { href: `${config.entry}${one.index}/`, textContent: `№ ${one.index.toLocaleString("en")}` })))));
  };
  form?.addEventListener("input", () => {
    const fen = money.typed(at("offer-price").value);
    at("offer-capitals").textContent = fen ? money.capitals(fen) : "";
    at("offer-error").textContent = "";
  });
  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    const price = money.typed(at("offer-price").value);
    const typed = at("offer-quantity")?.value.trim() ?? "1";
    const quantity = /^\d{1,9}$/.test(typed) ? Number(typed) : 0;
    at("offer-error").textContent = !price ? words["amount-wrong"] : !quantity ? words["quantity-wrong"] : "";
    if (!price || !quantity) return at(price ? "offer-quantity" : "offer-price").focus();
    const label = say("offer", { price: `${money.figures(price)} ${words.yuan}` });
    confirmed(price, quantity, label, isSealed, () => offer(price, quantity));
  });
  const offer = (price, quantity) => {
    const ref = keys.random();
    return act("offers", signed(price, quantity, ref), { price_fen: price, quantity, ref }, async (said) => {
      const { time } = received(said);
      answer(say("offer-recorded", received(said)), "done");
      form.reset();
      at("offer-capitals").textContent = "";
      offers = await keys.keepOffer(config.lot, me.person, { price, quantity, time, index: said.receipt.index });
      show();
    });
  };

  /* --- what others do ----------------------------------------------------------------------------- */
  room.lines.push((entry) => {
    if (entry.kind === "lot.bid-placed.v1") {
      if (entry.paddle === me.paddle) Object.assign(me, { quoted: true, last_fen: entry.price_fen });
      steps = 0;
    }
    if (entry.kind === "lot.closed.v1") me.won = entry.awards.some(({ paddle }) => paddle === me.paddle);
    if (entry.paddle !== me.paddle) return;
    if (entry.kind === "lot.entry-declared.v1" || entry.kind === "lot.ceiling-reached.v1") me.declared = true;
    if (entry.kind === "lot.paddle-barred.v1") me.barred = true;
  });
  let part = room.standing.part;
  room.changed.push(() => {
    if (room.standing.part === "ceiling" && part !== "ceiling" && !leads()) me.declared = false;
    part = room.standing.part;
    show();
  });

  (async () => {
    if (keys.usable) {
      hasKey = (await keys.point(config.lot, me.person)) === me.key;
      offers = await keys.offers(config.lot, me.person);
    }
    show();
  })();
})();
