/* Amounts (金额): integer fen inside; figures and Chinese capitals outside, as the server writes
   them (core/capitals.py). Everything stays below 2^53 fen, so numbers are exact. */
(() => {
  "use strict";
  const DIGITS = "零壹贰叁肆伍陆柒捌玖";
  const PLACES = ["仟", "佰", "拾", ""];
  const GROUPS = ["", "万", "亿", "万亿"];

  /* Four digits, with a 零 in front where the first of them is missing. */
  const ofFour = (group) =>
    [...String(group).padStart(4, "0")]
      .map((digit, place) => (digit === "0" ? "零" : DIGITS[digit] + PLACES[place]))
      .join("").replace(/零+/g, "零").replace(/零$/, "");

  const whole = (number) => {
    if (!number) return DIGITS[0];
    const groups = [];
    for (let left = number; left; left = Math.floor(left / 10_000)) groups.push(left % 10_000);
    let words = "";
    for (let place = groups.length - 1; place >= 0; place -= 1)
      words += groups[place] ? ofFour(groups[place]) + GROUPS[place] : "零";
    if (groups[2]) words = words.replaceAll("万亿", "万"); // 亿 is said once, by the lower group
    return words.replace(/零+/g, "零").replace(/^零|零$/g, "");
  };

  const money = {
    capitals(fen) {
      const yuan = Math.floor(fen / 100);
      const rest = fen % 100;
      const jiao = Math.floor(rest / 10);
      const cents = rest % 10;
      const front = yuan || !rest ? `${whole(yuan)}元` : "";
      if (!rest) return `${front}整`;
      const zero = yuan && (!jiao || yuan % 10 === 0) ? "零" : "";
      const tenths = jiao ? `${DIGITS[jiao]}角` : "";
      return front + zero + tenths + (cents ? `${DIGITS[cents]}分` : "整");
    },

    /* `1234567` fen as 12,345.67 (divisor 100), or in 万元 (1,000,000) with the places it needs. */
    figures(fen, divisor = 100) {
      const places = String(divisor).length - 1;
      const size = Math.abs(fen);
      const rest = String(size % divisor).padStart(places, "0").replace(/0+$/, "").padEnd(2, "0");
      const front = String(Math.floor(size / divisor)).replace(/\B(?=(\d{3})+$)/g, ",");
      return `${fen < 0 ? "-" : ""}${front}.${rest}`;
    },

    /* What somebody typed in yuan as fen; null where it is no amount. */
    typed(text) {
      const found = /^(\d{1,13})(?:\.(\d{1,2}))?$/.exec(text.replace(/[,，\s]/g, ""));
      return found ? Number(found[1]) * 100 + Number((found[2] ?? "").padEnd(2, "0")) : null;
    },

    /* By how much a price lies above the start price: 25.92%. */
    premium(fen, start) {
      const hundredths = Math.round(((fen - start) / start) * 10_000);
      const size = Math.abs(hundredths);
      return `${hundredths < 0 ? "-" : ""}${Math.floor(size / 100)}.${String(size % 100).padStart(2, "0")}%`;
    },
  };
  window.Mingtang = Object.assign(window.Mingtang ?? {}, { money });
})();
