/** In bytes. plex.tv's own limit is unknown. */
const largestBody = 100_000;

/**
 * Collects what a client sent in `X-Plex-*` headers, the query and the body, under lower-case names.
 *
 * plex.tv takes each value from any of the three. Here a header wins over the query, and the query over the body. A body
 * that cannot be read counts as empty.
 *
 * @param url The request's address, parsed.
 * @returns Undefined if the body is larger than 100,000 bytes. The rest of it is not read.
 */
export async function readParameters(
  request: Request,
  url: URL,
): Promise<ReadonlyMap<string, string> | undefined> {
  const parameters = new Map<string, string>();
  const add = (name: string, value: unknown) => {
    if (['string', 'number', 'boolean'].includes(typeof value))
      parameters.set(name.toLowerCase(), String(value));
  };
  const type = request.headers.get('Content-Type') ?? '';
  if (request.body && parsedTypes.test(type)) {
    const reader = request.body.getReader();
    const bytes = await readBytes(() => reader.read());
    // Not cancelled: in a server that would close the connection before the answer is sent.
    if (!bytes) return undefined;
    for (const [name, value] of await parseBody(bytes, type)) add(name, value);
  }
  for (const [name, value] of url.searchParams) add(name, value);
  // Not every `Headers` iterates in lower case: happy-dom's keeps the names as they were set.
  for (const [name, value] of request.headers) if (/^x-plex-/i.test(name)) add(name, value);
  return parameters;
}

/**
 * Reads a body, as far as it comes.
 *
 * @param readNext Gives the next part.
 * @returns Undefined once the body exceeds 100,000 bytes. Reading stops there.
 */
export async function readBytes(
  readNext: () => Promise<{ done?: boolean | undefined; value?: Uint8Array | undefined }>,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const bytes = new Uint8Array(largestBody);
  let length = 0;
  try {
    for (let part = await readNext(); part.value; part = await readNext()) {
      if (length + part.value.length > largestBody) return undefined;
      bytes.set(part.value, length);
      length += part.value.length;
    }
  } catch {}
  return bytes.subarray(0, length);
}

const parsedTypes = /^(application\/x-www-form-urlencoded|multipart\/form-data|application\/json)\b/i;

async function parseBody(bytes: Uint8Array<ArrayBuffer>, type: string): Promise<Iterable<[string, unknown]>> {
  const body = new Response(bytes, { headers: { 'Content-Type': type } });
  try {
    return /json/i.test(type.slice(0, 16))
      ? Object.entries(Object(await body.json()))
      : await body.formData();
  } catch {
    return [];
  }
}
