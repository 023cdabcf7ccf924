/* Who sends a form after the sign-in ran out is led to sign in: what was typed waits in
   this tab, and is in the form again. Forms ask for it by `data-keep`, with the words
   that say so. */

const place = "kept-form";

function keep(event) {
  const form = event.target.closest("form[data-keep]");
  if (!form) return;
  const typed = [...new FormData(form)].filter(
    ([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken",
  );
  sessionStorage.setItem(place, JSON.stringify({ page: location.pathname, typed }));
}

function fill(form, typed) {
  for (const field of form.elements) {
    if (!field.name || ["hidden", "file", "submit"].includes(field.type)) continue;
    const values = typed.filter(([name]) => name === field.name).map(([, value]) => value);
    if (["checkbox", "radio"].includes(field.type)) field.checked = values.includes(field.value);
    else if (values.length) field.value = values[0];
  }
  const words = document.createElement("p");
  words.className = "staff-kept";
  words.setAttribute("role", "status");
  words.textContent = form.dataset.keep;
  form.prepend(words);
}

function giveBack() {
  const kept = JSON.parse(sessionStorage.getItem(place));
  if (!kept) return;
  sessionStorage.removeItem(place);
  // From a screen of the staff the form has arrived: nothing is to be given back.
  const before = document.referrer && new URL(document.referrer).pathname;
  if (!location.pathname.startsWith(kept.page) || before.startsWith("/admin/")) return;
  const form = [...document.querySelectorAll("form[data-keep]")].find((one) =>
    kept.typed.some(([name, value]) => value && one.elements[name] && name !== "confirm"),
  );
  if (form) fill(form, kept.typed);
}

document.addEventListener("submit", keep);
document.addEventListener("DOMContentLoaded", giveBack);
