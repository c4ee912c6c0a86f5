export class Sessions {
  private readonly known = new Map<string, { user: { id: string; roles: string[] } }>();

  async find(token: string) {
    return this.known.get(token);
  }
}
