// Waiting: random pauses that grow, so that thousands of pages do not come back in the same second.

export function pauseFor(attempt) {
  const longest = Math.min(30000, 500 * Math.pow(2, attempt));
  return longest / 2 + (Math.random() * longest) / 2;
}

// A sleep that ends early when somebody calls wake().
export class Sleep {
  constructor() {
    this.wake = () => undefined;
  }

  rest(milliseconds) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

// A fetch that does not wait for ever.
export async function ask(url, options, milliseconds) {
  const control = new AbortController();
  const timer = setTimeout(() => control.abort(), milliseconds);
  try {
    const response = await fetch(url, Object.assign({ signal: control.signal, cache: "no-store" }, options));
    const text = await response.text();
    return { status: response.status, retry: response.headers.get("Retry-After"), body: text ? JSON.parse(text) : {} };
  } finally {
    clearTimeout(timer);
  }
}
