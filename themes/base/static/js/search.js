// Suggestions under a field that searches: a combobox with a list (WAI-ARIA APG). Without this file the form searches all the same.
const WAIT = 200
const LEAST = 2

for (const form of document.querySelectorAll('form[data-suggest]')) suggest(form)

function suggest(form) {
  const field = form.elements.q
  const list = document.createElement('ul')
  const told = document.createElement('p')
  let asked, timer, current = -1, rows = []

  list.id = `${field.id}-suggested`
  list.className = 'suggested'
  list.hidden = true
  list.setAttribute('role', 'listbox')
  list.setAttribute('aria-label', form.getAttribute('aria-label'))
  told.className = 'visually-hidden'
  told.setAttribute('role', 'status')
  field.after(list, told)
  for (const [name, value] of Object.entries({ role: 'combobox', 'aria-autocomplete': 'list', 'aria-expanded': 'false', 'aria-controls': list.id })) field.setAttribute(name, value)

  field.addEventListener('input', () => {
    clearTimeout(timer)
    timer = setTimeout(ask, WAIT)
  })
  field.addEventListener('keydown', (event) => {
    if (event.isComposing) return
    if (event.key === 'Escape' && !list.hidden) {
      event.preventDefault() // The words stay; a second one takes them away.
      close()
    } else if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && rows.length) {
      event.preventDefault()
      if (list.hidden) open()
      // One step before the first is the field itself.
      const step = event.key === 'ArrowDown' ? 1 : -1
      choose(((current + 1 + step + rows.length + 1) % (rows.length + 1)) - 1)
    } else if (event.key === 'Enter' && !list.hidden && current >= 0) {
      event.preventDefault()
      location.assign(rows[current].url)
    }
  })
  field.addEventListener('blur', () => close())
  // The field keeps the focus while an option is pressed.
  list.addEventListener('pointerdown', (event) => event.preventDefault())
  list.addEventListener('click', (event) => {
    const index = [...list.children].indexOf(event.target.closest('[role="option"]'))
    if (index >= 0) location.assign(rows[index].url)
  })

  async function ask() {
    const words = field.value.trim()
    asked?.abort()
    if (words.length < LEAST) return show([], '')
    asked = new AbortController()
    try {
      const answer = await fetch(`${form.dataset.suggest}?${new URLSearchParams({ q: words })}`, { signal: asked.signal })
      if (!answer.ok || document.activeElement !== field) return close()
      const { suggestions } = await answer.json()
      show(suggestions, suggestions.length ? form.dataset.some.replace('{n}', suggestions.length) : form.dataset.none)
    } catch {
      // Nobody is waiting for it: the form still searches.
      if (!asked.signal.aborted) close()
    }
  }

  function show(suggestions, words) {
    rows = suggestions
    list.replaceChildren(...rows.map(option))
    told.textContent = words
    rows.length ? open() : close()
  }

  function option(row, index) {
    const item = document.createElement('li')
    item.id = `${list.id}-${index}`
    item.setAttribute('role', 'option')
    item.setAttribute('aria-selected', 'false')
    const more = document.createElement('small')
    more.textContent = [row.kind, row.day].filter(Boolean).join(' · ')
    item.append(row.title, more)
    return item
  }

  function open() {
    list.hidden = false
    field.setAttribute('aria-expanded', 'true')
    choose(-1)
  }

  function close() {
    list.hidden = true
    field.setAttribute('aria-expanded', 'false')
    choose(-1)
  }

  function choose(index) {
    list.children[current]?.setAttribute('aria-selected', 'false')
    current = index
    const item = list.children[current]
    if (item) {
      item.setAttribute('aria-selected', 'true')
      item.scrollIntoView({ block: 'nearest' })
      field.setAttribute('aria-activedescendant', item.id)
    } else field.removeAttribute('aria-activedescendant')
  }
}
