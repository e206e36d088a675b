// What the widget shares with the site around it: the events it tells, and the little that it remembers there.

const listeners = {};

function on(name, listener) {
  listeners[name] = (listeners[name] || []).concat(listener);
}

function off(name, listener) {
  listeners[name] = (listeners[name] || []).filter((one) => one !== listener);
}

function emit(name, detail) {
  (listeners[name] || []).slice().forEach((listener) => {
    try {
      listener(detail);
    } catch (error) {
      setTimeout(() => { throw error; }); // The site's own mistake must be seen, and must not break the chat.
    }
  });
}

// Reads, writes or, with null, forgets; null where the browser keeps nothing.
function stored(store, key, value) {
  try {
    const kept = window[store];
    if (value === undefined) return kept.getItem(key);
    if (value === null) kept.removeItem(key);
    else kept.setItem(key, value);
  } catch (blocked) {
    return null;
  }
  return value;
}
