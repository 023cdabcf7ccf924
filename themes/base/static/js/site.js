// Progressive enhancement only: every page works without this file.
document.documentElement.classList.add('js')

// Buttons that only a script can serve; without it they are not shown.
for (const button of document.querySelectorAll('[data-print]')) button.addEventListener('click', () => print())

// A suggestion fills its field in, to be read again before the form is sent; without script it sends the form.
for (const button of document.querySelectorAll('[data-fill]')) {
  button.addEventListener('click', (event) => {
    const field = document.getElementById(button.dataset.fill)
    if (!field) return
    event.preventDefault()
    field.value = button.dataset.text
    field.focus()
  })
}

// One more empty row, as far as the form takes them; without script it has some to spare.
for (const part of document.querySelectorAll('[data-rows]')) {
  const button = part.querySelector('[data-add-row]')
  const total = part.querySelector(`[name="${part.dataset.rows}-TOTAL_FORMS"]`)
  button.addEventListener('click', () => {
    const index = Number(total.value)
    const blank = part.querySelector('template')
    const html = blank.innerHTML.replaceAll('__prefix__', index).replaceAll('__number__', index + 1)
    blank.insertAdjacentHTML('beforebegin', html)
    total.value = index + 1
    if (index + 1 >= Number(part.dataset.most)) button.remove()
    blank.previousElementSibling.querySelector('input').focus()
  })
}

// The colour scheme changes at once; the same form saves it in a cookie, and without script reloads the page.
for (const form of document.querySelectorAll('[data-scheme-form]')) {
  form.addEventListener('submit', (event) => {
    const chosen = event.submitter?.value
    if (chosen === undefined) return
    event.preventDefault()
    const body = new FormData(form)
    body.set('scheme', chosen)
    const root = document.documentElement
    if (chosen) root.dataset.theme = chosen
    else delete root.dataset.theme
    for (const button of form.elements) {
      if (button.name === 'scheme') button.setAttribute('aria-pressed', button.value === chosen)
    }
    fetch(form.action, { method: 'POST', body, redirect: 'manual' })
  })
}

// A video that others keep is fetched from them at the click, not before; without script the link leads there.
for (const link of document.querySelectorAll('a[data-player]')) {
  link.addEventListener('click', (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    const player = document.createElement('iframe')
    player.className = 'played__screen'
    player.title = link.dataset.title
    player.allow = 'autoplay; encrypted-media; fullscreen; picture-in-picture'
    // They refuse whoever does not say where from: the site's name, not the page's.
    player.referrerPolicy = 'strict-origin'
    player.src = link.dataset.player
    link.closest('.played__poster').replaceWith(player)
    player.focus()
  })
}

// A menu that was unfolded folds again at Escape, and when somebody presses elsewhere on a wide page.
for (const submenu of document.querySelectorAll('.submenu')) {
  submenu.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !submenu.open) return
    event.stopPropagation()
    submenu.open = false
    submenu.querySelector('summary').focus()
  })
  document.addEventListener('click', (event) => {
    if (!submenu.contains(event.target)) submenu.open = false
  })
}

// What is about to change is looked at again, every so many seconds; without script there is a link, or the reader's own
// way of loading the page.
for (const part of document.querySelectorAll('[data-look-again]')) {
  const look = async () => {
    const answer = await fetch(location.href).catch(() => null)
    const page = new DOMParser().parseFromString(answer?.ok ? await answer.text() : '', 'text/html')
    const now = page.getElementById(part.id)
    if (now && now.textContent !== part.textContent) {
      part.className = now.className
      part.replaceChildren(...now.childNodes)
    }
    if (!now || now.dataset.lookAgain) setTimeout(look, 1000 * part.dataset.lookAgain)
  }
  setTimeout(look, 1000 * part.dataset.lookAgain)
}

// How long a text has become, once it comes near to what there is room for; without script the answer to the form says it.
for (const field of document.querySelectorAll('textarea[data-most]')) {
  const most = Number(field.dataset.most)
  const count = document.createElement('p')
  count.className = 'field__help'
  count.setAttribute('role', 'status')
  field.after(count)
  const tell = () => {
    const now = [...field.value].length
    const words = field.dataset.count.replace('{now}', now).replace('{most}', most)
    count.textContent = now > 0.9 * most ? words : ''
  }
  field.addEventListener('input', tell)
  tell()
}

// What the site has on the words of a field already, while one writes. It opens in another tab: nothing is lost.
for (const part of document.querySelectorAll('[data-similar]')) {
  const field = document.getElementById(part.dataset.similar)
  const list = part.querySelector('ul')
  let timer
  field.addEventListener('input', () => {
    clearTimeout(timer)
    timer = setTimeout(look, 600)
  })

  async function look() {
    const written = field.value
    const words = new URLSearchParams({ q: written, from: 'form' })
    const answer = written.trim() && (await fetch(`${part.dataset.search}?${words}`).catch(() => null))
    if (written !== field.value) return // Of what is written by now another answer is on its way.
    const page = new DOMParser().parseFromString(answer?.ok ? await answer.text() : '', 'text/html')
    const found = [...page.querySelectorAll('.results .row__title a')].slice(0, 3)
    list.replaceChildren(...found.map((link) => {
      const way = document.createElement('a')
      Object.assign(way, { href: link.getAttribute('href'), textContent: link.textContent, target: '_blank' })
      const item = document.createElement('li')
      item.append(way)
      return item
    }))
    part.hidden = !found.length
    // The form need not show them once more before it is sent.
    for (const seen of part.querySelectorAll('input')) seen.disabled = !found.length
  }
}
