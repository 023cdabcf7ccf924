/* Signing in again, in another tab, changes the token against forgery. The page that was
   half written meanwhile takes the new one over, and goes on. */

const cookie = `${document.currentScript.dataset.cookie}=`;

function takeOver() {
  const found = document.cookie.split("; ").find((pair) => pair.startsWith(cookie));
  if (!found) return;
  for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) {
    field.value = found.slice(cookie.length);
  }
}

window.addEventListener("focus", takeOver);
for (const moment of ["visibilitychange", "input", "submit"]) {
  document.addEventListener(moment, takeOver, true);
}
