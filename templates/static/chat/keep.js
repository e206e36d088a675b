// What survives a reload. Where the browser keeps nothing (private mode, a blocked frame), memory must do.

const prefix = "huiying:";
const memory = new Map();

export class Keep {
  constructor(name) {
    this.name = prefix + name + ":";
  }

  read(key) {
    let text = null;
    try {
      text = localStorage.getItem(this.name + key);
    } catch (blocked) {
      text = memory.get(this.name + key) || null;
    }
    try {
      return text === null ? null : JSON.parse(text);
    } catch (broken) {
      return null;
    }
  }

  write(key, value) {
    const text = JSON.stringify(value);
    memory.set(this.name + key, text);
    try {
      localStorage.setItem(this.name + key, text);
    } catch (blocked) {
      return;
    }
  }

  remove(key) {
    memory.delete(this.name + key);
    try {
      localStorage.removeItem(this.name + key);
    } catch (blocked) {
      return;
    }
  }
}
