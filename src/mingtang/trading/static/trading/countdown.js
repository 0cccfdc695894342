/* Countdowns on pages that only tell (倒计时): `<time data-until="…">` shows what is left. */
(() => {
  "use strict";
  const { clock } = window.Mingtang;
  const tick = () => {
    for (const shown of document.querySelectorAll("[data-until]")) {
      const left = Date.parse(shown.dataset.until) - clock.now();
      shown.textContent = clock.left(left);
      shown.classList.toggle("soon", left < 60_000);
    }
    for (const shown of document.querySelectorAll("[data-server-clock]"))
      shown.textContent = clock.time(clock.now());
  };
  clock.keep();
  tick();
  setInterval(tick, 500);
})();
