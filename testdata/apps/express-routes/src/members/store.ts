const members = new Map<string, { id: string; name: string; password: string; role: string }>();
const events = new Map<string, { id: string; title: string }>();

export const memberById = async (id: string) => members.get(id);
export const memberByName = async (name: string) => [...members.values()].find((m) => m.name === name);
export const listEvents = async () => [...events.values()];
export const eventById = async (id: string) => events.get(id);
export const removeEvent = async (id: string) => events.delete(id);
