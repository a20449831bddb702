/** Deals files out in `count` shares, one by one, so that neighbours, which often take equally long, come into different ones. */
export function dealt (files, count) {
  const shares = Array.from({ length: Math.min(count, files.length) }, () => [])
  for (const [index, file] of files.entries()) shares[index % shares.length].push(file)
  return shares
}

/** Does `work` on all items, on so many at once; the results in the order of the items. Stops to take more when `isOver` says so. */
export async function inLanes (lanes, items, work, isOver = () => false) {
  const results = []
  const waiting = [...items.entries()]
  const lane = async () => {
    for (let next = waiting.shift(); next !== undefined && !isOver(); next = waiting.shift()) {
      const [index, item] = next
      results[index] = await work(item, index)
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return results.filter(result => result !== undefined)
}
