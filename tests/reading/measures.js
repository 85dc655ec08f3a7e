/* What is measured of a document as it is shown, in whichever engine. */

const CONTRAST = 4.5

/* Tell whether a place has come into sight: its element, or some of its document. */
const inSight = (doc, anchor) => {
  if (!anchor) return doc.body !== null
  const place = doc.getElementById(anchor)
  if (!place) return false
  const frame = doc.defaultView.frameElement.getBoundingClientRect()
  const top = frame.top + place.getBoundingClientRect().top
  return top > -2 && top < innerHeight
}

const within = async (milliseconds, holds) => {
  const end = performance.now() + milliseconds
  while (!holds() && performance.now() < end) await new Promise(done => setTimeout(done, 25))
  return holds()
}

/* List what is wider than the screen, but for what stands in a frame that can be moved. */
const runsOver = doc => {
  const edge = doc.documentElement.clientWidth + 1
  return [...doc.body.querySelectorAll('*')]
    .filter(one => !one.closest('.wide-table table') && !one.closest('[hidden]'))
    .map(one => [one, one.getBoundingClientRect()])
    .filter(([, box]) => box.right > edge || box.left < -1)
    .map(([one, box]) => `${one.localName}.${one.className}: ${box.left} to ${box.right}`)
}

const numbers = colour => colour.match(/[\d.]+/g).map(Number)

const luminance = colour => {
  const [red, green, blue] = colour
    .map(part => part / 255)
    .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

const contrast = (one, other) => {
  const [lighter, darker] = [luminance(one), luminance(other)].sort((a, b) => b - a)
  return (lighter + 0.05) / (darker + 0.05)
}

/* Return the colour behind an element: its own ground, or the page of the reading system. */
const groundOf = (element, style, page) => {
  for (let one = element; one; one = one.parentElement) {
    const [red, green, blue, alpha = 1] = numbers(style(one).backgroundColor)
    if (alpha === 1) return [red, green, blue]
  }
  return page
}

/* List the elements whose text is not told from what is behind it, and images without a ground. */
const faint = doc => {
  const style = one => doc.defaultView.getComputedStyle(one)
  const page = matchMedia('(prefers-color-scheme: dark)').matches ? [18, 18, 18] : [255, 255, 255]
  const words = [...doc.body.querySelectorAll('*')]
    .filter(one => [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim()))
    .filter(one => {
      const ground = groundOf(one, style, page)
      return contrast(numbers(style(one).color).slice(0, 3), ground) < CONTRAST
    })
  const drawings = [...doc.images].filter(one => numbers(style(one).backgroundColor)[3] === 0)
  return [...words, ...drawings].map(one => `${one.localName}.${one.className}`)
}
