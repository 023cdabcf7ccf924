/* A button puts a blank where one is writing. Without it one types it. */
(() => {
  const form = document.querySelector("[data-wording]");
  if (!form) return;
  let field = form.querySelector("textarea");
  form.addEventListener("focusin", ({ target }) => {
    if (target.matches("textarea, input[type=text]")) field = target;
  });
  for (const button of document.querySelectorAll("[data-blank]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      field.setRangeText(button.dataset.blank, field.selectionStart, field.selectionEnd, "end");
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.focus();
    });
  }
})();
