// The kit of a stop while it is being made: the page looks again by itself. Without this file there is a link for that.
const EVERY = 2000
const MOST = 150

const part = document.querySelector('[data-kit]')
if (part) look(part, 0)

function look(part, times) {
  if (part.dataset.kit !== 'making' || times >= MOST) return
  setTimeout(async () => {
    // Who is on a link of it is not taken away from there.
    if (document.hidden || part.contains(document.activeElement)) return look(part, times + 1)
    const now = await fetched()
    if (!now) return look(part, times + 1)
    const told = part.querySelector('[data-told]')
    const words = now.querySelector('[data-told]')
    // The place that is read aloud stays the same one.
    if (told && words) {
      told.replaceChildren(...words.childNodes)
      words.replaceWith(told)
    }
    part.replaceChildren(...now.childNodes)
    part.dataset.kit = now.dataset.kit
    look(part, times + 1)
  }, EVERY)
}

async function fetched() {
  try {
    const answer = await fetch(location.href, { headers: { Accept: 'text/html' } })
    if (!answer.ok) return null
    return new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('[data-kit]')
  } catch {
    return null
  }
}
