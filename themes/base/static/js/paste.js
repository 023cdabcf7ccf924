// What is pasted into a text comes without what its own program hides or shows otherwise: a reviewer's deletions and
// comments, marks of lists, empty paragraphs. All else that the editor does not offer, it leaves out itself.
const UNREAD = ['del', 'style', 'script', 'xml', '[class^="MsoComment"]', '[style*="mso-element:comment"]', '[style*="mso-hide:all"]', '[style*="display:none"]']
const HEADINGS = 'h1, h2, h4, h5, h6'

const tidy = (html) => {
  const page = new DOMParser().parseFromString(html, 'text/html')
  for (const part of page.querySelectorAll('[style]')) part.setAttribute('style', part.getAttribute('style').replace(/:\s+/g, ':'))
  for (const mark of page.querySelectorAll('[style*="mso-list:ignore" i]')) {
    const counted = /^\(?([0-9]{1,3}|[a-z]|[ivx]+)[.)]/i.test(mark.textContent.trim())
    mark.closest('p')?.setAttribute('data-list', counted ? 'ol' : 'ul')
    mark.remove()
  }
  for (const part of page.querySelectorAll(UNREAD.join(', '))) part.remove()
  for (const title of page.querySelectorAll(HEADINGS)) {
    const smaller = page.createElement('h3')
    smaller.append(...title.childNodes)
    title.replaceWith(smaller)
  }
  for (const item of page.querySelectorAll('p[data-list]')) {
    const kind = item.dataset.list
    const before = item.previousElementSibling
    const list = before?.matches(`${kind}[data-made]`) ? before : page.createElement(kind)
    list.dataset.made = ''
    if (list !== before) item.before(list)
    const entry = page.createElement('li')
    entry.append(...item.childNodes)
    list.append(entry)
    item.remove()
  }
  for (const empty of page.querySelectorAll('p, h3, li')) if (!empty.textContent.trim() && !empty.querySelector('img')) empty.remove()
  return page.body.innerHTML.trim()
}

document.addEventListener('paste', (event) => {
  const html = event.clipboardData?.getData('text/html')
  // From one text of ours into another nothing has to change; and what was tidied comes here a second time.
  if (!html || event.tidied || html.includes('data-draftjs-conductor') || !event.target.closest?.('.Draftail-Editor')) return
  event.preventDefault()
  event.stopImmediatePropagation()
  const data = new DataTransfer()
  data.setData('text/html', tidy(html))
  data.setData('text/plain', event.clipboardData.getData('text/plain'))
  const again = new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })
  again.tidied = true
  event.target.dispatchEvent(again)
}, true)
