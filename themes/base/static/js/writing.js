// A form that is saved as one types, and takes files while one goes on writing. Without this file it has a button that
// saves, and its files go with it.
const WAIT = 1500
const AGAIN = 15000
const json = { headers: { Accept: 'application/json' } }

for (const form of document.querySelectorAll('form[data-autosave]')) keep(form)
for (const part of document.querySelectorAll('[data-upload]')) take(part)

// A file that misses its place would be opened, in the place of this page.
for (const kind of ['dragover', 'drop']) document.addEventListener(kind, (event) => event.preventDefault())

// What is sent without its files: those go by themselves.
function typed(form) {
  const body = new FormData()
  for (const [name, value] of new FormData(form)) if (typeof value === 'string') body.append(name, value)
  return body
}

function keep(form) {
  const { version } = form.elements
  const told = form.querySelector('[data-saved]')
  let timer, sending, before = text()
  const button = Object.assign(document.createElement('button'), { type: 'submit', className: 'btn btn--quiet btn--small', textContent: form.dataset.both })

  form.addEventListener('input', (event) => {
    if (event.target.type !== 'file') wait(WAIT)
  })
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') save()
  })
  // What is being saved comes first: else the form would come with a version that has passed.
  form.addEventListener('submit', async (event) => {
    clearTimeout(timer)
    if (!sending) return
    event.preventDefault()
    await sending
    form.requestSubmit(event.submitter)
  })

  function text() {
    const body = typed(form)
    for (const name of ['csrfmiddlewaretoken', 'version']) body.delete(name)
    return new URLSearchParams(body).toString()
  }

  function wait(milliseconds) {
    clearTimeout(timer)
    timer = setTimeout(save, milliseconds)
  }

  async function save() {
    clearTimeout(timer)
    if (sending) return wait(WAIT)
    const now = text()
    if (now === before) return
    sending = send()
    const done = await sending
    sending = null
    if (done) before = now
  }

  async function send(isAgain = false) {
    const answer = await fetch(form.dataset.autosave, { ...json, method: 'POST', body: typed(form), keepalive: text().length < 30000 }).catch(() => null)
    const said = await answer?.json().catch(() => null)
    if (said?.token && !isAgain) {
      // Somebody has signed in, in another tab: once more, with the token of now.
      form.elements.csrfmiddlewaretoken.value = said.token
      return send(true)
    }
    told.textContent = said?.words ?? form.dataset.failed
    if (answer?.ok && said) {
      version.value = said.version
      return true
    }
    // A colleague has saved it: what each wrote is shown side by side.
    if (answer?.status === 409) told.append(' ', button)
    else if (answer?.status !== 410) wait(AGAIN)
    return false
  }
}

function take(part) {
  const field = part.querySelector('input[type="file"]')
  const form = field.form
  const list = document.createElement('ul')
  const words = Object.assign(document.createElement('p'), { className: 'field__help', textContent: part.dataset.drop })
  list.className = 'uploads'
  list.setAttribute('role', 'list')
  field.after(words, list)
  part.classList.add('upload--drop')

  field.addEventListener('change', () => {
    sendAll([...field.files])
    field.value = ''
  })
  for (const name of ['dragenter', 'dragover']) {
    part.addEventListener(name, (event) => {
      event.preventDefault()
      part.classList.add('is-over')
    })
  }
  for (const name of ['dragleave', 'drop']) part.addEventListener(name, () => part.classList.remove('is-over'))
  part.addEventListener('drop', (event) => {
    event.preventDefault()
    const files = [...event.dataTransfer.files]
    sendAll(field.multiple ? files : files.slice(0, 1))
  })
  part.addEventListener('click', (event) => {
    const away = event.target.closest('button[name="away"]')
    if (!away) return
    event.preventDefault()
    post(body({ away: away.value })).then((request) => {
      shown(request)
      field.focus()
    })
  })

  // One after the other: a slow connection shows at least the first whole.
  async function sendAll(files) {
    const rows = files.map((file) => [file, row()])
    for (const [file, place] of rows) await sendOne(file, place)
  }

  function row() {
    const item = document.createElement('li')
    item.append(document.createElement('span'), document.createElement('progress'))
    item.firstChild.setAttribute('role', 'status')
    item.lastChild.max = 100
    item.lastChild.value = 0
    list.append(item)
    return item
  }

  async function sendOne(file, item) {
    const [said, bar] = item.children
    const tell = (text, done) => (said.textContent = text.replace('{name}', file.name).replace('{done}', `${done} %`))
    bar.setAttribute('aria-label', file.name)
    tell(part.dataset.sending, 0)
    const request = await post(body({ file }), (done) => {
      bar.value = done
      // Said at each quarter: a reader of screens would speak without end.
      if (done % 25 === 0) tell(part.dataset.sending, done)
    })
    bar.remove()
    if (shown(request)) {
      // It stands among those that are kept: here it is only spoken.
      item.className = 'visually-hidden'
      return tell(part.dataset.sent)
    }
    item.className = 'field__error'
    if (request.answer?.refused) return (said.textContent = request.answer.refused.join(' '))
    // Cut, or signed out meanwhile: the page has the file still.
    tell(request.answer?.words ?? part.dataset.cut)
    const again = Object.assign(document.createElement('button'), { type: 'button', className: 'btn btn--quiet btn--small', textContent: part.dataset.again })
    again.addEventListener('click', () => {
      item.remove()
      sendAll([file])
    })
    item.append(again)
  }

  function body(more) {
    const data = new FormData()
    data.append('field', field.name)
    // By which the form knows what it has sent.
    for (const { name, value } of part.querySelectorAll('input[type="hidden"]')) data.append(name, value)
    for (const [name, value] of Object.entries(more)) data.append(name, value)
    return data
  }

  // Whether it was taken; what the field has now is shown.
  function shown({ ok, answer }) {
    if (answer?.kept !== undefined) part.querySelector('[data-kept]').innerHTML = answer.kept
    return ok
  }

  function post(data, progress, isAgain = false) {
    data.set('csrfmiddlewaretoken', form.elements.csrfmiddlewaretoken.value)
    return new Promise((resolve) => {
      const request = new XMLHttpRequest()
      request.open('POST', part.dataset.to)
      request.setRequestHeader('Accept', 'application/json')
      request.responseType = 'json'
      if (progress) request.upload.addEventListener('progress', (event) => event.lengthComputable && progress(Math.round((100 * event.loaded) / event.total)))
      request.addEventListener('loadend', () => {
        const answer = request.response
        if (answer?.token && !isAgain) {
          form.elements.csrfmiddlewaretoken.value = answer.token
          return resolve(post(data, progress, true))
        }
        resolve({ ok: request.status === 200, answer })
      })
      request.send(data)
    })
  }
}
