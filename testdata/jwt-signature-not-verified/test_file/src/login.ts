export async function login(name: string, password: string): Promise<string> {
  const answer = await fetch('https://id.example/token', { method: 'POST', body: JSON.stringify({ name, password }) });
  return answer.text();
}
