// A list of hundreds of bodies that shows, as one writes, those that have the words.
for (const box of document.querySelectorAll("[data-bodies]")) {
  const find = box.querySelector("[data-bodies-find]");
  const field = find.querySelector("input");
  const count = find.querySelector("[data-bodies-count]");
  const boxes = [...box.querySelectorAll("input[type=checkbox]")];
  const row = (one) => one.closest("label");
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

  const say = () => {
    count.textContent = boxes.filter((one) => one.checked).length;
  };
  const narrow = () => {
    const words = plain(field.value).match(/[a-z0-9]+/g) ?? [];
    for (const one of boxes) {
      row(one).hidden = !words.every((word) => one.dataset.key.includes(word));
    }
  };
  const tick = (on) => {
    for (const one of boxes) if (!row(one).hidden) one.checked = on;
    say();
  };

  field.addEventListener("input", narrow);
  field.addEventListener("keydown", (event) => {
    // Enter would send the whole form.
    if (event.key === "Enter") event.preventDefault();
  });
  box.addEventListener("change", say);
  find.querySelector("[data-bodies-tick]").addEventListener("click", () => tick(true));
  find.querySelector("[data-bodies-clear]").addEventListener("click", () => tick(false));
  find.hidden = false;
  say();
}
