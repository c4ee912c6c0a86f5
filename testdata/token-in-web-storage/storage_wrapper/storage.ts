export class Storage {
  set(key: string, value: unknown) {
    localStorage.setItem(key, JSON.stringify(value));
  }

  get(key: string) {
    return localStorage.getItem(key);
  }
}

export const save = (key: string, value: string) => window.localStorage.setItem(key, value);
