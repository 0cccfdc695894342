/* Marking rows of a batch (勾选): all or none at once, and how many. The server counts again. */
(() => {
  "use strict";
  const all = document.querySelector("[data-mark-all]");
  const said = document.querySelector("[data-marked]");
  const boxes = [...document.querySelectorAll("input[name=case]")];
  const tell = () => {
    const count = boxes.filter((box) => box.checked).length;
    if (said) said.textContent = said.dataset.marked.replace("{n}", count);
    if (!all) return;
    all.checked = count === boxes.length;
    all.indeterminate = count > 0 && count < boxes.length;
  };
  if (all) {
    all.hidden = false;
    all.addEventListener("change", () => {
      boxes.forEach((box) => (box.checked = all.checked));
      tell();
    });
  }
  boxes.forEach((box) => box.addEventListener("change", tell));
  addEventListener("pageshow", tell);
  tell();
})();
